"""`hidden_child`: a process is left behind, unseen, by what runs before anybody has decided to run anything."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, is_soon, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is Mark.CHILD and is_soon(linked, sight.site.file, sight.unit):
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, "a process is left behind, and prints nothing")


RULE = Rule(
    "hidden_child",
    "Opening or installing leaves a hidden process behind",
    "Something that runs by itself starts a process that goes on when it has ended, and takes care that nothing of it "
    "is seen. Installing a package needs no process that stays.",
    ASK,
    ("T1564", "T1543"),
    _find,
)

"""`hidden_instructions`: a text speaks to AI tools where people do not look, or tells them to keep something back."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is Mark.INSTRUCT:
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, sight.detail)


RULE = Rule(
    "hidden_instructions",
    "A text gives orders to AI tools behind the reader's back",
    "An assistant that reads this folder follows what it finds there. Here it is told what to do where people do "
    "not see it, or told to keep something from them. Do not let an assistant work in this folder.",
    ASK,
    ("T1036", "T1564"),
    _find,
)

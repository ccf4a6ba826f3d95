"""`strangers_run`: whoever writes to the repository on its server has code run there."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is Mark.STRANGER:
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, sight.detail)


RULE = Rule(
    "strangers_run",
    "Once this is pushed, strangers can run code with your secrets",
    "A workflow starts when somebody from outside writes an issue or sends a change, and runs what they wrote with the "
    "rights and secrets of the repository. In your own account that opens it to anyone who knows.",
    ASK,
    ("T1195.002", "T1677"),
    _find,
)

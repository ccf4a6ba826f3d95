"""`stolen_release`: a release is asked for that was published in somebody else's name, and taken back."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is Mark.STOLEN:
            says = f"{sight.detail} was published by somebody who had taken over the account"
            yield sight_chain(linked, RULE.id, Verdict.BLOCK, sight, says)


RULE = Rule(
    "stolen_release",
    "A release that is known to be hostile is asked for",
    "Exactly this release of a well-known package was published by somebody who had taken over the account of its "
    "makers, and was taken back. Whoever installs it from a mirror or cache that still has it runs what they put in.",
    STOP,
    ("T1195.001", "T1195.002"),
    _find,
)

"""`lock_mismatch`: a lock file installs something else than what it names."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is Mark.LOCK:
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, sight.detail)


RULE = Rule(
    "lock_mismatch",
    "A lock file installs something else than it says",
    "The file that fixes the exact packages names one package and fetches another, or gives one package two different "
    "fingerprints. Nobody reads lock files, and installing obeys them without asking.",
    ASK,
    ("T1195.001",),
    _find,
)

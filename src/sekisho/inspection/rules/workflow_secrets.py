"""`workflow_secrets`: a step of continuous integration sends out the secrets it was given."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is Mark.LEAK:
            worse = sight.detail == "all of them" or ", " in sight.detail  # several, or one that goes to a stranger
            verdict = Verdict.BLOCK if worse else Verdict.REVIEW
            yield sight_chain(linked, RULE.id, verdict, sight, f"secrets are sent as data: {sight.detail}")


RULE = Rule(
    "workflow_secrets",
    "Pushing this hands your secrets to somebody",
    "When this is pushed to a server, a step of its workflow sends the secrets that are kept there to an address. One "
    "secret may be how a service is called; several, or all, are a theft.",
    STOP,
    ("T1552.001", "T1567", "T1041"),
    _find,
)

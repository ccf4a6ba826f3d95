"""`quiet_task`: opening the folder runs something, and the configuration takes care that it is not seen."""

from collections.abc import Iterator

from sekisho.inspection.findings import Moment
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Step, StepKind, Verdict


def _find(linked: Linked) -> Iterator[Chain]:
    for reach in linked.reaches:
        trigger = reach.trigger
        if trigger.when is Moment.OPEN and trigger.quiet:
            step = Step(StepKind.TRIGGER, trigger.site, f"{trigger.by}: runs {trigger.when}")
            sink = Step(StepKind.SINK, trigger.site, "its window is kept hidden")
            yield Chain(RULE.id, Verdict.BLOCK, (step, sink))


RULE = Rule(
    "quiet_task",
    "Opening the folder runs a command, and hides it",
    "The folder tells the editor to run a command as soon as it is opened, and not to show it. An honest project "
    "has no "
    "reason to hide what it runs.",
    STOP,
    ("T1204.002", "T1564"),
    _find,
)

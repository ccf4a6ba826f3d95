"""`automatic_start`: code that runs whenever Python starts, whatever is started."""

from collections.abc import Iterator

from sekisho.inspection.configs.packages import INSTALLER
from sekisho.inspection.findings import Moment
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Step, StepKind, Verdict


def _find(linked: Linked) -> Iterator[Chain]:
    for reach in linked.reaches:
        trigger = reach.trigger
        if trigger.when is Moment.START and trigger.by != INSTALLER:
            verdict = Verdict.BLOCK if trigger.by == "a .pth file" else Verdict.REVIEW
            step = Step(StepKind.TRIGGER, trigger.site, f"{trigger.by}: runs {trigger.when}")
            yield Chain(RULE.id, verdict, (step,))


RULE = Rule(
    "automatic_start",
    "Code runs at every start of Python",
    "A file here makes Python run code each time it starts, whichever program is meant. Known installers' own "
    "lines are "
    "not reported; this one is none of them.",
    STOP,
    ("T1546.018",),
    _find,
)

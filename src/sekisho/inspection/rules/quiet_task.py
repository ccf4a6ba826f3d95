"""`quiet_task`: opening the folder runs something, and the configuration takes care that it is not seen."""

import re
from collections.abc import Iterator

from sekisho.inspection.findings import Moment, Shown, Trigger
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Step, StepKind, Verdict

_WATCHES = re.compile(
    r"(?:(?:npx|pnpm exec|yarn|bunx|uv run|poetry run) )?"
    r"(?:(?:npm|pnpm|yarn|bun)(?:\.cmd)? (?:run(?:-script)? [\w:-]+|start|test|dev|build|watch)"
    r"|tsc|vue-tsc|svelte-check|vite|vitest|jest|webpack|rollup|esbuild|eslint|prettier|sass|tailwindcss|turbo|nx|ng"
    r"|next|pytest|mypy|ruff|pyright|tox|cargo|go (?:build|test|vet)|dotnet (?:build|watch)|make)"
    r"(?:\.cmd)?(?: [\w./:@*=-]+)*"
)
"""A tool that checks or builds, and nothing else on its line; a script or target of the input is read by itself."""


def _find(linked: Linked) -> Iterator[Chain]:
    for reach in linked.reaches:
        trigger = reach.trigger
        verdict = _verdict(trigger) if trigger.when is Moment.OPEN else None
        if verdict is not None:
            step = Step(StepKind.TRIGGER, trigger.site, f"{trigger.by}: runs {trigger.when}")
            sink = Step(StepKind.SINK, trigger.site, "its window is kept hidden")
            yield Chain(RULE.id, verdict, (step, sink))


def _verdict(trigger: Trigger) -> Verdict | None:
    """Watchers hide so as not to be in the way; what they then run decides."""
    watches = _WATCHES.fullmatch(trigger.site.text) is not None
    match trigger.shown:
        case Shown.NEVER:
            return Verdict.REVIEW if watches else Verdict.BLOCK
        case Shown.ON_ERROR:
            return None if watches else Verdict.REVIEW
        case Shown.OPENLY:
            return None


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

"""`git_takeover`: the input brings its own git hooks or configuration, which `git clone` never does."""

import re
from collections.abc import Iterator

from sekisho.inspection.findings import Moment, Site, Trigger
from sekisho.inspection.link import Linked, Reach
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Step, StepKind, Verdict

_UNASKED = re.compile(
    r"git configuration (?:core\.(?:fsmonitor|sshcommand|pager|askpass|gitproxy|alternaterefscommand|editor)|pager\."
    r"|credential|uploadpack|remote\.|gpg|sequence\.editor|interactive)"
)
"""Keys that the plainest commands of git obey, and that nobody points at a file of the project."""


def _find(linked: Linked) -> Iterator[Chain]:
    for reach in linked.reaches:
        trigger = reach.trigger
        if trigger.when is Moment.GIT and _came_along(trigger):
            first = Step(StepKind.TRIGGER, trigger.site, f"{trigger.by}: runs {trigger.when}")
            own = _own(linked, reach) if _UNASKED.match(trigger.by) else ()
            yield Chain(RULE.id, Verdict.BLOCK if own else Verdict.REVIEW, (first, *own))


def _came_along(trigger: Trigger) -> bool:
    """Whether it lies where cloning puts nothing. Husky's own folder is a part of the project, and read as such."""
    inside = "/.git/" in f"/{trigger.site.file}"
    configured = trigger.by.startswith("git configuration") and not trigger.site.file.endswith(".gitmodules")
    husky = trigger.by.endswith("core.hookspath") and trigger.site.text.rstrip("/") in {".husky", ".husky/_"}
    return ((inside or configured) and not husky) or trigger.by.startswith("git submodule")


def _own(linked: Linked, reach: Reach) -> tuple[Step, ...]:
    """The program of the input that a key of git's names."""
    files = sorted({place.file for place in reach.places} - {reach.trigger.site.file})
    told = (Site(file, linked.findings[file].first, "") for file in files)
    return tuple(Step(StepKind.SINK, site, "this file, which came along, is what git starts") for site in told)[:1]


RULE = Rule(
    "git_takeover",
    "Git commands in this folder run programs that came with it",
    "Hooks and settings inside `.git` are never transferred by cloning. If they came in an archive, somebody put them "
    "there, and an ordinary `git status` or `git commit` can run them.",
    ASK,
    ("T1546", "T1059.004"),
    _find,
)

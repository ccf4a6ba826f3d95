"""`git_takeover`: the input brings its own git hooks or configuration, which `git clone` never does."""

from collections.abc import Iterator

from sekisho.inspection.findings import Moment
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Step, StepKind, Verdict


def _find(linked: Linked) -> Iterator[Chain]:
    for reach in linked.reaches:
        trigger = reach.trigger
        inside = ".git/" in trigger.site.file or "/.git/" in f"/{trigger.site.file}"
        configured = trigger.by.startswith("git configuration") and not trigger.site.file.endswith(".gitmodules")
        if trigger.when is Moment.GIT and (inside or configured):
            yield Chain(
                RULE.id, Verdict.REVIEW, (Step(StepKind.TRIGGER, trigger.site, f"{trigger.by}: runs {trigger.when}"),)
            )


RULE = Rule(
    "git_takeover",
    "Git commands in this folder run programs that came with it",
    "Hooks and settings inside `.git` are never transferred by cloning. If they came in an archive, somebody put them "
    "there, and an ordinary `git status` or `git commit` can run them.",
    ASK,
    ("T1546", "T1059.004"),
    _find,
)

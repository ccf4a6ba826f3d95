"""`fetch_and_run`: a command downloads something and runs it."""

import re
from collections.abc import Iterator

from sekisho.inspection.configs.addresses import is_installer
from sekisho.inspection.findings import Mark, Moment, Sight, Trigger
from sekisho.inspection.link import SOON, Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, moment, sight_chain

_ORDINARY = {Moment.PUSH, Moment.BUILD}
"""Where installers piped into a shell are common, if unwise."""

_ADDRESS = re.compile(r"https?://[^\s\"'|)]+")
_DATA = re.compile(
    r"https?://[^\s\"'|)]+\.(?:env|json|ya?ml|toml|csv|ini|conf|cfg|log|txt|md|png|jpe?g|gif|svg|ico|woff2?|css|pdf)"
    r"(?=[\s\"'|)?#]|$)",
    re.IGNORECASE,
)
"""An address that says it is data: no installer is called like that."""

_TOLD_TO_AGENTS = "told to coding agents"
_UNASKED = re.compile(r"lets an agent run|^coding agent setting|coding agent that may run any command")
"""Settings by which an assistant does what it is told without a question."""

_AGAIN = "(HEALTHCHECK)"
"""How a trigger is called that comes back every few seconds: no installer is started by that."""

_PROGRAMS = {"python", "javascript", "typescript", "tsx"}
"""No installer is written in these: what such a program downloads and runs is not what it was built for."""


def _find(linked: Linked) -> Iterator[Chain]:
    unasked = any(_UNASKED.search(reach.trigger.by) for reach in linked.reaches)
    left = {sight.site for sight in linked.sights() if sight.mark is Mark.CHILD}
    for sight in linked.sights():
        if sight.mark is not Mark.FETCH_RUN:
            continue
        reached = moment(linked, sight.site.file, sight.unit)
        language = linked.findings[sight.site.file].language
        says = sight.detail == "what a server says is run"
        script = (not says and language in {"shell", "docker", "make"}) or (
            not says and language.startswith("foreign:")
        )
        if reached is None and script:
            continue  # a script that nothing here starts: an installer for others
        triggers = linked.triggers_of(sight.site.file, sight.unit)
        if reached is Moment.PUSH and not any("your own machine" in each.by for each in triggers):
            if not all(map(is_installer, _ADDRESS.findall(sight.detail))):  # its keys are the reader's all the same
                verdict = Verdict.BLOCK if any(map(_gives_several, triggers)) else Verdict.REVIEW
                yield sight_chain(linked, RULE.id, verdict, sight, "something is downloaded and run at once")
            continue  # somebody else's server; the trigger is listed
        told = bool(triggers) and all(each.by.startswith("told to") for each in triggers)  # nobody has to obey
        told = told and not (unasked and any(each.by.startswith(_TOLD_TO_AGENTS) for each in triggers))
        program = language in _PROGRAMS and reached is not Moment.PUSH
        soon = not told and (reached in SOON or program or not (script or reached in _ORDINARY))
        again = any(each.by.endswith(_AGAIN) for each in triggers)
        disguised = not told and bool(_DATA.search(sight.detail))
        tested = reached is Moment.TEST and script and _is_started(linked, sight)
        verdict = Verdict.BLOCK if soon or again or disguised or tested or sight.site in left else Verdict.REVIEW
        yield sight_chain(linked, RULE.id, verdict, sight, "something is downloaded and run at once")


def _is_started(linked: Linked, sight: Sight) -> bool:
    """Whether a program starts the script, which asks somebody's own server: it is a part of that program."""
    by = (linked.findings[run.by].language for run in linked.runs if run.target == sight.site.file)
    return not all(map(is_installer, _ADDRESS.findall(sight.detail))) and any(each in _PROGRAMS for each in by)


def _gives_several(trigger: Trigger) -> bool:
    """Whether a step of a workflow is given several secrets, or all: no single service needs them."""
    _, _, given = trigger.by.partition(", with ")
    names = set(filter(None, given.split(", "))) - {"GITHUB_TOKEN"}
    return len(names) > 1 or "every secret" in names


RULE = Rule(
    "fetch_and_run",
    "Something is downloaded and run at once",
    "A command fetches a file from the network and starts it in the same breath. What it does is not in these "
    "files and "
    "can change at any time.",
    STOP,
    ("T1105", "T1059.004", "T1204.002"),
    _find,
)

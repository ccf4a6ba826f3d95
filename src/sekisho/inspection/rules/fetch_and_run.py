"""`fetch_and_run`: a command downloads something and runs it."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.link import SOON, Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, moment, sight_chain

_ORDINARY = {Moment.PUSH, Moment.BUILD}
"""Where installers piped into a shell are common, if unwise."""


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is not Mark.FETCH_RUN:
            continue
        reached = moment(linked, sight.site.file, sight.unit)
        script = linked.findings[sight.site.file].language in {"shell", "docker", "make"}
        if reached is None and script:
            continue  # a script that nothing here starts: an installer for others
        if reached is Moment.PUSH:
            continue  # somebody else's server; the trigger is listed
        triggers = linked.triggers_of(sight.site.file, sight.unit)
        told = bool(triggers) and all(each.by.startswith("told to") for each in triggers)  # nobody has to obey
        soon = not told and (reached in SOON or not (script or reached in _ORDINARY))
        verdict = Verdict.BLOCK if soon else Verdict.REVIEW
        yield sight_chain(linked, RULE.id, verdict, sight, "something is downloaded and run at once")


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

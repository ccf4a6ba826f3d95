"""`persistence`: something arranges to run again after a restart."""

import re
from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Moment, Sight, Sink, Source, Trigger
from sekisho.inspection.languages.paths import is_of_a_project, is_told_to_start
from sekisho.inspection.link import SOON, Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, sight_chain

_SERVICE = re.compile(
    r"service|install|daemon|auto-?_?start|start-?_?up|launch|systemd|cron|schedul|completion|set-?_?up|profile|shell|config"
    r"|bootstrap|dotfile|agent|hook|boot|test",
    re.IGNORECASE,
)
"""Names of files whose business it is to be started by the system."""

_WORSE = {Mark.FETCH_RUN, Mark.DECODE_RUN, Mark.DISGUISED}


def _find(linked: Linked) -> Iterator[Chain]:
    worse = {sight.site.file for sight in linked.sights() if sight.mark in _WORSE}
    worse |= {
        f.end.file for f in linked.flows() if f.source in {Source.NET, Source.DECODED} and f.sink is not Sink.SEND
    }
    for sight in linked.sights():
        if sight.mark is Mark.PERSIST and linked.findings[sight.site.file].language != "pth":
            triggers = linked.triggers_of(sight.site.file, sight.unit)
            if triggers and all(_elsewhere(trigger) for trigger in triggers):
                continue  # it ends with the container, or the server's job
            own = "/site-packages/" in sight.detail  # of the environment that it is run in
            unasked = any(_unasked(trigger) for trigger in triggers) or (
                not (own or _SERVICE.search(sight.site.file.rpartition("/")[2]))
                and any(_merely_run(trigger) for trigger in triggers)
            )
            if is_told_to_start(sight.detail) and not unasked:
                continue  # who runs a program that sets up a tool has asked for it
            last = sight.detail.rpartition(" ")[2]  # `ln -s check .git/hooks/pre-push`
            grave = (unasked or sight.site.file in worse) and not is_of_a_project(last)
            verdict = Verdict.BLOCK if grave else Verdict.REVIEW
            yield sight_chain(linked, RULE.id, verdict, sight, _says(sight))


def _says(sight: Sight) -> str:
    return f"this runs again by itself later: {sight.detail}"


def _elsewhere(trigger: Trigger) -> bool:
    """Whether it runs in a container, or on a server that is not the reader's."""
    on_a_server = trigger.when is Moment.PUSH and "your own machine" not in trigger.by
    return on_a_server or trigger.by.startswith(("container", "dev container ("))


def _unasked(trigger: Trigger) -> bool:
    """Whether this comes of opening, installing or building: of nothing that says it sets up a service."""
    if _elsewhere(trigger):
        return False
    return trigger.when in SOON or (trigger.when in {Moment.BUILD, Moment.TEST} and trigger.by.startswith("make ("))


def _merely_run(trigger: Trigger) -> bool:
    """Whether somebody only starts or tests the program, and asks for nothing else."""
    started = trigger.by.startswith(("told to by", "notebook", "npm script 'start'"))
    return (trigger.when is Moment.RUN and started) or (
        trigger.when is Moment.TEST and not trigger.by.startswith("make")
    )


RULE = Rule(
    "persistence",
    "Something arranges to be run again later",
    "The program writes itself, or something else, to a place from which the system starts it again (log-in, schedule, "
    "shell profile). A coding test has no need of that, least of all while it is opened, installed or built.",
    ASK,
    ("T1547", "T1543", "T1053.003", "T1546.004"),
    _find,
)

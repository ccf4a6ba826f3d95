"""A chain: when it runs, what it takes, where that ends. And what a rule is."""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from sekisho.inspection.findings import Flow, Moment, Sight, Sink, Site, Source
from sekisho.inspection.link import SOON, Linked


class Verdict(StrEnum):
    """What is to be done with the input."""

    BLOCK = "block"
    REVIEW = "review"
    NO_CHAIN_FOUND = "no_chain_found"


class StepKind(StrEnum):
    """What a step of a chain is."""

    TRIGGER = "trigger"
    GUARD = "guard"
    SOURCE = "source"
    SINK = "sink"


class Step(NamedTuple):
    """One step: what happens at a place."""

    kind: StepKind
    site: Site
    says: str


class Chain(NamedTuple):
    """A finding: the rule, how grave it is here, and its steps in order."""

    rule: str
    verdict: Verdict
    steps: tuple[Step, ...]


class Rule(NamedTuple):
    """A kind of chain. `explanation` is for someone who does not program; `attack` are MITRE ATT&CK technique ids."""

    id: str
    title: str
    explanation: str
    action: str
    attack: tuple[str, ...]
    find: Callable[[Linked], Iterator[Chain]]


STOP = (
    "Do not open this folder in an editor, do not install or run it, and do not push it anywhere. Give the file "
    "to your "
    "security team as it is. If it already ran: take the machine off the network, and from another machine sign "
    "out all "
    "sessions and replace every password, key and token it could reach."
)
ASK = (
    "Let somebody who knows the language read the lines named here before anyone opens, installs or runs this. "
    "If it already ran and you cannot explain them, treat the machine as taken."
)

_TARGET = re.compile(r"make [^(\s]+")
"""A target that is not the default one."""

_SOURCES = {
    Source.NET: "text is fetched from the network",
    Source.DECODED: "hidden text, which is decoded",
    Source.FILE: "a file is read",
    Source.SECRET: "secrets of the user are read",
    Source.MACHINE: "it is asked which machine this is",
}
_SINKS = {
    Sink.CODE: "it is run as program code",
    Sink.UNKNOWN: "it is given to something whose name is worked out only while it runs",
    Sink.COMMAND: "it is run as a command",
    Sink.DESERIALISE: "it is turned into objects, which runs what it names",
    Sink.OLDER: "it is turned into objects, which runs what it names in the version that is asked for",
    Sink.TEMPLATE: "it is used as a template or its options, which are code",
    Sink.LOAD: "it is loaded as a program",
    Sink.SEND: "it is sent out",
    Sink.LEAD: "whoever looks at the page is led there, or shown it",
}


def when(linked: Linked, file: str, unit: str) -> tuple[Step, ...]:
    """The soonest trigger that leads to a place, as a step; nothing if none does."""
    triggers = linked.triggers_of(file, unit)
    if not triggers:
        return ()
    first = triggers[0]
    return (Step(StepKind.TRIGGER, first.site, f"{first.by}: runs {first.when}"),)


def moment(linked: Linked, file: str, unit: str) -> Moment | None:
    """When a place is reached soonest."""
    triggers = linked.triggers_of(file, unit)
    return triggers[0].when if triggers else None


def is_soon(linked: Linked, file: str, unit: str) -> bool:
    """Whether a place is reached before anybody decides to run it."""
    return moment(linked, file, unit) in SOON


def only_by_name(linked: Linked, flow: Flow) -> bool:
    """Whether a flow is reached by nothing but targets that somebody has to ask of `make` by their names, and that
    nothing here tells anybody to ask for."""
    triggers = linked.triggers_of(flow.end.file, flow.unit) or linked.triggers_of(flow.origin.file, "")
    return bool(triggers) and all(_TARGET.fullmatch(trigger.by) for trigger in triggers)


def flow_chain(linked: Linked, rule: str, verdict: Verdict, flow: Flow) -> Chain:
    """A chain of one flow."""
    steps = when(linked, flow.end.file, flow.unit) or when(linked, flow.origin.file, "")
    source = Step(StepKind.SOURCE, flow.origin, _SOURCES[flow.source])
    return Chain(rule, verdict, (*steps, source, Step(StepKind.SINK, flow.end, _SINKS[flow.sink])))


def sight_chain(linked: Linked, rule: str, verdict: Verdict, sight: Sight, says: str) -> Chain:
    """A chain of one mark."""
    begun = (Step(StepKind.SOURCE, each, "here it begins") for each in sight.begun)
    steps = (*when(linked, sight.site.file, sight.unit), *begun, Step(StepKind.SINK, sight.site, says))
    return Chain(rule, verdict, steps)

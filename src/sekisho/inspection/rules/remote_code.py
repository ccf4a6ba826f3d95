"""`remote_code`: what the network answers is run as program code."""

import re
from collections.abc import Iterator

from sekisho.inspection.findings import OWN_PAGE, Flow, Sink, Source
from sekisho.inspection.languages.knowledge import INDIRECT, SAVED
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain, moment

_SEARCHED = re.compile(r"\bsys\.path\b|\baddsitedir\b")


def _find(linked: Linked) -> Iterator[Chain]:
    for flow in linked.flows():
        if (flow.part or flow.detail == SAVED) and _SEARCHED.search(flow.end.text):
            continue  # a folder that is searched: templates of projects come like that, with their helpers
        if flow.sink is Sink.UNKNOWN and flow.detail in INDIRECT:
            continue  # a name that is looked up: of a handler, mostly
        if flow.source is Source.NET and flow.sink in {Sink.CODE, Sink.LOAD, Sink.UNKNOWN}:
            if flow.detail == OWN_PAGE and _of_a_page(linked, flow):
                continue
            doubtful = (
                flow.sink is Sink.UNKNOWN
                or flow.detail in INDIRECT
                or (flow.detail == SAVED and moment(linked, flow.end.file, flow.unit) is None)
                or (flow.part and flow.sink is Sink.LOAD)
                or _of_a_page(linked, flow)
            )
            yield flow_chain(linked, RULE.id, Verdict.REVIEW if doubtful else Verdict.BLOCK, flow)


def _of_a_page(linked: Linked, flow: Flow) -> bool:
    """Whether a page's own way to ask, which knows the server the page came from, is used by nothing but a test that
    no script, manual or setting starts."""
    triggers = linked.triggers_of(flow.end.file, flow.unit)
    tested = bool(triggers) and all(trigger.by == "test runner" for trigger in triggers)
    return tested and "XMLHttpRequest" in flow.origin.text


RULE = Rule(
    "remote_code",
    "What a server answers is run as program code",
    "The program asks a server and runs whatever comes back. Whoever controls the server decides what this "
    "machine does, "
    "can send harmless data to most people and code to a chosen one, and nothing of it is in these files.",
    STOP,
    ("T1105", "T1059", "T1102.001"),
    _find,
)

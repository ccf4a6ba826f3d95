"""`remote_command`: what the network answers is run as a command."""

from collections.abc import Iterator

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages.knowledge import INDIRECT, SAVED
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain, moment, only_by_name


def _find(linked: Linked) -> Iterator[Chain]:
    for flow in linked.flows():
        idle = flow.detail == SAVED and moment(linked, flow.end.file, flow.unit) is None
        indirect = flow.detail in INDIRECT or idle
        if flow.source is Source.NET and flow.sink is Sink.COMMAND and not (flow.part and indirect):
            doubtful = flow.part or indirect or only_by_name(linked, flow)
            yield flow_chain(linked, RULE.id, Verdict.REVIEW if doubtful else Verdict.BLOCK, flow)


RULE = Rule(
    "remote_command",
    "What a server answers is run as a command",
    "The program takes a command, or a program file, from a server and starts it. Where only a part of the "
    "command comes "
    "from there it may be carelessness; the whole of it is remote control.",
    STOP,
    ("T1105", "T1059.004"),
    _find,
)

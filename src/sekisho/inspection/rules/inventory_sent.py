"""`inventory_sent`: whose machine this is leaves before anybody has decided to run anything."""

from collections.abc import Iterator

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages.knowledge import WHOSE
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain, is_soon


def _find(linked: Linked) -> Iterator[Chain]:
    for flow in linked.flows():
        told = flow.source is Source.MACHINE and flow.detail == WHOSE and flow.sink is Sink.SEND
        if told and is_soon(linked, flow.end.file, flow.unit):
            yield flow_chain(linked, RULE.id, Verdict.BLOCK, flow)


RULE = Rule(
    "inventory_sent",
    "A server is told whose machine this is, on opening or install",
    "The names of the machine or its user, or of its networks, are sent to a server by something that runs by itself. "
    "This is how an attacker learns that a trap was sprung, and at whom to aim next.",
    STOP,
    ("T1082", "T1033", "T1016", "T1041"),
    _find,
)

"""`remote_object`: what the network answers is deserialised by something that can run code."""

from collections.abc import Iterator

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for flow in linked.flows():
        if flow.source is Source.NET and flow.sink is Sink.DESERIALISE:
            yield flow_chain(linked, RULE.id, Verdict.BLOCK, flow)


RULE = Rule(
    "remote_object",
    "Data from a server is read in a way that lets it run code",
    "The program fetches data and reads it with a loader (pickle, unsafe YAML and the like) that carries out "
    "instructions "
    "found in the data. It looks like reading a file; it is running what the server sends.",
    STOP,
    ("T1105", "T1059.006"),
    _find,
)

"""`remote_template`: what the network answers becomes a template, or the options of a template engine."""

from collections.abc import Iterator

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages.knowledge import INDIRECT
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for flow in linked.flows():
        if flow.source is Source.NET and flow.sink is Sink.TEMPLATE and flow.detail not in INDIRECT:
            yield flow_chain(linked, RULE.id, Verdict.REVIEW if flow.part else Verdict.BLOCK, flow)


RULE = Rule(
    "remote_template",
    "A server's answer controls a template, and so runs code",
    "The program hands text from a server to a template engine as the template or as its options (for EJS: "
    "escapeFunction and others). Such options are program code to the engine, so the server runs code here.",
    STOP,
    ("T1105", "T1059.007"),
    _find,
)

"""`inventory_sent`: whose machine this is leaves before anybody has decided to run anything.

One name alone may be a note of how often something is installed, unless it is told as a name that is looked up. Once
somebody runs a program, one name may be part of what it is for; who sits at which machine is not.
"""

from collections import defaultdict
from collections.abc import Iterator

from sekisho.inspection.findings import Sink, Site, Source
from sekisho.inspection.languages.knowledge import WHOSE
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain, is_soon

_WHO_AND_WHERE = {f"{WHOSE}: {each}" for each in ("host", "user", "network")}


def _find(linked: Linked) -> Iterator[Chain]:
    flows = [flow for flow in linked.flows() if flow.source is Source.MACHINE and flow.detail.startswith(WHOSE)]
    named = {flow.end for flow in flows if flow.sink is Sink.NAMED}
    facts: dict[Site, set[str]] = defaultdict(set)
    for flow in flows:
        facts[flow.end].add(flow.detail)
    for flow in flows:
        soon = is_soon(linked, flow.end.file, flow.unit)
        told = flow.end not in named and len(facts[flow.end] & _WHO_AND_WHERE) > 1
        if flow.sink is Sink.SEND and (soon or told):
            grave = soon and (flow.end in named or len(facts[flow.end]) > 1)
            yield flow_chain(linked, RULE.id, Verdict.BLOCK if grave else Verdict.REVIEW, flow)


RULE = Rule(
    "inventory_sent",
    "A server is told whose machine this is",
    "The names of the machine or its user, or of its networks, are sent to a server. "
    "This is how an attacker learns that a trap was sprung, and at whom to aim next.",
    STOP,
    ("T1082", "T1033", "T1016", "T1041"),
    _find,
)

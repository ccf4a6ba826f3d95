"""`inventory_sent`: whose machine this is leaves before anybody has decided to run anything.

One name alone may be a note of how often something is installed, unless it is told as a name that is looked up. Once
somebody runs a program, one name may be part of what it is for; who sits at which machine is not.
"""

from collections import defaultdict
from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Sight, Sink, Site, Source
from sekisho.inspection.languages.knowledge import WHOSE
from sekisho.inspection.languages.surveying import HOST, LYING, NETWORK, RUNNING, USER
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain, is_soon, sight_chain

_WHO_AND_WHERE = {f"{WHOSE}: {each}" for each in (HOST, USER, NETWORK, RUNNING, LYING)}
_MANY = 3


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
    for sight in linked.sights():
        if sight.mark is Mark.SURVEY:
            yield from _surveyed(linked, sight)


def _surveyed(linked: Linked, sight: Sight) -> Iterator[Chain]:
    """Commands of a shell tell it: of a script that somebody starts, only if that is the machine as a whole."""
    kinds = set(sight.detail.split(", "))
    soon = is_soon(linked, sight.site.file, sight.unit)
    if soon or len(kinds) >= _MANY:
        grave = len(kinds) > 1 if soon else not kinds.isdisjoint({RUNNING, LYING})
        verdict = Verdict.BLOCK if grave else Verdict.REVIEW
        yield sight_chain(linked, RULE.id, verdict, sight, f"a server is told of this machine: {sight.detail}")


RULE = Rule(
    "inventory_sent",
    "A server is told whose machine this is",
    "The names of the machine or its user, or of its networks, are sent to a server. "
    "This is how an attacker learns that a trap was sprung, and at whom to aim next.",
    STOP,
    ("T1082", "T1033", "T1016", "T1041"),
    _find,
)

"""`targeted_code`: hidden or foreign code that runs only on some machines, or is asked for with their names."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Sink, Site, Source
from sekisho.inspection.languages.knowledge import WHOSE
from sekisho.inspection.link import Linked
from sekisho.inspection.rules import (
    decoded_code,
    disguised_program,
    fetch_and_run,
    remote_code,
    remote_command,
    remote_object,
    remote_template,
)
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Step, StepKind, Verdict, flow_chain

_GUARDED = (remote_code, remote_command, remote_object, remote_template, fetch_and_run, decoded_code, disguised_program)


def _find(linked: Linked) -> Iterator[Chain]:
    yield from _cloaked(linked)
    guards = _guards(linked)
    told: set[tuple[str, Verdict]] = set()
    for rule in _GUARDED:
        for chain in rule.RULE.find(linked):
            file = chain.steps[-1].site.file
            found = [
                guard
                for each in sorted(linked.beside(file))
                for guard in guards.get(each, ())
                if each == file or guard[0] == WHOSE
            ]
            if not found or (file, chain.verdict) in told:
                continue
            told.add((file, chain.verdict))
            _, site, says = min(found, key=lambda guard: (guard[0] != WHOSE, guard[1]))
            triggers = tuple(step for step in chain.steps if step.kind is StepKind.TRIGGER)
            yield Chain(
                RULE.id, chain.verdict, (*triggers, Step(StepKind.GUARD, site, says), *chain.steps[len(triggers) :])
            )


def _cloaked(linked: Linked) -> Iterator[Chain]:
    """A page tells a server whether a person looks at it, and who; and leads him where that says."""
    told: dict[Site, set[str]] = {}
    for flow in linked.flows():
        if flow.source is Source.MACHINE and flow.sink is Sink.SEND:
            told.setdefault(flow.end, set()).add(flow.detail)
    for flow in linked.flows():
        if flow.sink is Sink.LEAD and any(detail.endswith(": robot") for detail in told.get(flow.origin, ())):
            chain = flow_chain(linked, RULE.id, Verdict.REVIEW, flow)
            guard = Step(StepKind.GUARD, flow.origin, "the server is told whether a person looks, and who")
            yield chain._replace(steps=(*chain.steps[:-2], guard, *chain.steps[-2:]))


def _guards(linked: Linked) -> dict[str, list[tuple[str, Site, str]]]:
    """By file: what is asked of the machine, where, and what it is for."""
    found: dict[str, list[tuple[str, Site, str]]] = {}
    for sight in linked.sights():
        if sight.mark is Mark.GUARD:
            says = f"what happens depends on {sight.detail}"
            found.setdefault(sight.site.file, []).append((sight.detail, sight.site, says))
    for flow in linked.flows():
        if flow.source is Source.MACHINE and flow.detail.startswith(WHOSE):
            found.setdefault(flow.end.file, []).append((WHOSE, flow.end, "the server is told whose machine this is"))
    return found


RULE = Rule(
    "targeted_code",
    "Dangerous code runs only on some machines",
    "The program looks at the machine (its system, name, user, language, time zone or date), or tells a server about "
    "it, and has code that is fetched or hidden. It may behave only on some machines, and the server may send clean "
    "data, or another page, to everyone else: that it did nothing when somebody tried it means nothing.",
    STOP,
    ("T1480", "T1497", "T1082", "T1033"),
    _find,
)

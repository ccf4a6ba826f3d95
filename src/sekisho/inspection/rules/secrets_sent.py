"""`secrets_sent`: passwords, keys, cookies or wallets of the user are read and sent out."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set

from sekisho.inspection.findings import Flow, Mark, Sight, Sink, Site, Source
from sekisho.inspection.languages.between import PASSING
from sekisho.inspection.languages.knowledge import WHOSE
from sekisho.inspection.languages.paths import is_store
from sekisho.inspection.languages.telling import (
    ALONE,
    COOKIES,
    COPIED,
    EACH_SETTINGS,
    FORM,
    GATHERED,
    MATERIAL,
    OPENED,
    REMOTES,
    SEEN,
    SESSION,
    SETTINGS,
    SIGNS,
    VARIABLE,
    is_watched,
    owner,
)
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Step, StepKind, Verdict, flow_chain, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    flowing: set[str] = set()
    several, aside = _several(linked), {(each.origin, each.end) for each in linked.flows() if each.sink in _ASIDE}
    renamed = {(each.origin, each.end) for each in linked.flows() if each.sink is Sink.RENAMED}
    named = {each.end for each in linked.flows() if each.source is Source.MACHINE and each.detail.startswith(WHOSE)}
    again = _again(linked)
    begun = {sight.site: sight.begun for sight in linked.sights() if sight.mark is Mark.SECRET}
    asked = _asked(linked)
    for flow in linked.flows():
        if flow.source is Source.SECRET and flow.sink is Sink.SEND:
            way = (flow.origin, flow.end)
            watched = is_watched(flow.detail) and (
                flow.end in named or not again.isdisjoint({flow.origin.file, flow.end.file})
            )
            watched = watched or (flow.detail == FORM and way in aside and flow.end.file in asked)
            verdict = Verdict.BLOCK if watched else _grade(flow, several, aside=way in aside, renamed=way in renamed)
            if verdict is not Verdict.NO_CHAIN_FOUND:
                flowing.add(flow.end.file)
                yield _named(flow_chain(linked, RULE.id, verdict, flow), begun, flow.detail)
    yield from _mounted(linked)
    by_place: dict[tuple[str, str], list[Sight]] = defaultdict(list)
    for sight in linked.sights():
        by_place[sight.site.file, sight.unit].append(sight)
    for (file, _), sights in sorted(by_place.items()):
        if file not in flowing:
            yield from _together(linked, sights)


def _again(linked: Linked) -> frozenset[str]:
    """Files in which something is done again and again, and those that they use. What a user copies, sees or says is
    watched then, as it is where whose machine it is goes along."""
    if not any(flow.source is Source.SECRET and is_watched(flow.detail) for flow in linked.flows()):
        return frozenset()
    files = {sight.site.file for sight in linked.sights() if sight.mark is Mark.AGAIN}
    return frozenset[str]().union(*map(linked.beside, files))


def _asked(linked: Linked) -> frozenset[str]:
    """Pages that ask for a password or a card, and all they use: what is filled in there is for one server alone."""
    if all(flow.detail != FORM for flow in linked.flows()):
        return frozenset()
    waiting = [sight.site.file for sight in linked.sights() if sight.mark is Mark.FORM]
    found: set[str] = set()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += linked.beside(file)
    return frozenset(found)


def _mounted(linked: Linked) -> Iterator[Chain]:
    """A container holds the user's keys at a path, and what lies there is sent."""
    held = [sight for sight in linked.sights() if sight.mark is Mark.MOUNTED]
    for sent in linked.sights() if held else ():
        if sent.mark is Mark.SENT_FROM:
            below = f"{sent.detail.rstrip('/')}/"
            first = next((s for s in held if s.detail.startswith(below) or below.startswith(f"{s.detail}/")), None)
            if first is not None:
                chain = sight_chain(linked, RULE.id, Verdict.BLOCK, first, "keys of the user are put into a container")
                source = chain.steps[-1]._replace(kind=StepKind.SOURCE)
                yield chain._replace(
                    steps=(*chain.steps[:-1], source, Step(StepKind.SINK, sent.site, "it is sent out"))
                )


def _several(linked: Linked) -> frozenset[Site]:
    """Where variables of more than one service are sent together: no service is told another's secret."""
    owners: dict[Site, set[str]] = defaultdict(set)
    for flow in linked.flows():
        if flow.sink is Sink.SEND and flow.detail.startswith(VARIABLE):
            owners[flow.end].add(owner(flow.detail.removeprefix(VARIABLE)))
    return frozenset(site for site, each in owners.items() if len(each) > 1)


def _grade(flow: Flow, several: Set[Site], *, aside: bool, renamed: bool) -> Verdict:
    """BLOCK, unless only a name tells of the secret: what a service is told may be its own, but what signs has no
    business `aside`, where nobody looks for it, nor `renamed`, in a field that says it is something else."""
    if flow.detail == FORM:
        return Verdict.REVIEW if aside else Verdict.NO_CHAIN_FOUND
    if flow.detail.startswith(VARIABLE):
        if flow.end in several:
            return Verdict.BLOCK
        whose = owner(flow.detail.removeprefix(VARIABLE))
        if whose in ALONE:
            return Verdict.BLOCK if aside or renamed else Verdict.REVIEW
        return Verdict.BLOCK if whose == SIGNS and renamed else Verdict.NO_CHAIN_FOUND
    copied = aside and flow.detail == GATHERED  # a user who wants a copy says where to
    if copied or ((aside or renamed) and flow.detail.startswith(MATERIAL)):
        return Verdict.BLOCK
    return Verdict.REVIEW if flow.detail.startswith(MATERIAL) or _MAY_BE_MEANT.search(flow.detail) else Verdict.BLOCK


_TOLD = (COPIED, COOKIES, SETTINGS, EACH_SETTINGS, REMOTES)
"""Details that say themselves what is sent."""

_ASIDE = {Sink.ASIDE, Sink.NAMED}
_MAY_BE_MEANT = re.compile(
    rf"^{GATHERED}$|^{OPENED}$|^{REMOTES}$|^{COPIED}|^{PASSING}|^{COOKIES}|^{SESSION}(?:vscode|global\.chrome)\.|{SEEN}",
    re.IGNORECASE,
)
"""What a user may have asked to be sent: a translator is given the clipboard, a backup the home folder; who is logged
in to an editor or a browser logs in to a service with that."""


def _named(chain: Chain, begun: Mapping[Site, tuple[Site, ...]], detail: str) -> Chain:
    """The chain with the lines where the path was named, if those are others than where it is read."""
    says = next((detail for each in _TOLD if detail.startswith(each)), "")
    steps: list[Step] = []
    for step in chain.steps:
        places = begun.get(step.site, ()) if step.kind is StepKind.SOURCE else ()
        steps += [Step(StepKind.SOURCE, site, "where secrets lie") for site in places]
        steps.append(step._replace(says=says) if says and step.kind is StepKind.SOURCE else step)
    return chain._replace(steps=tuple(steps))


def _together(linked: Linked, sights: list[Sight]) -> Iterator[Chain]:
    """Secrets and a way out in one piece of code: BLOCK in one shell line, else a question."""
    secrets = [each for each in sights if each.mark is Mark.SECRET]
    out = [each for each in sights if each.mark in {Mark.SEND, Mark.CALL_OUT}]
    if not secrets or not out:
        return
    lines = {each.site.line for each in out if each.mark is Mark.SEND}
    direct = [each for each in secrets if each.site.line in lines]
    stores = [each for each in secrets if is_store(each.detail)]
    for first in (direct or stores)[:1]:
        chain = sight_chain(linked, RULE.id, Verdict.BLOCK if direct else Verdict.REVIEW, first, "secrets are read")
        end = Step(StepKind.SINK, out[0].site, "the network is asked in the same piece of code")
        start = chain.steps[-1]._replace(kind=StepKind.SOURCE)
        yield chain._replace(steps=(*chain.steps[:-1], start, end))


RULE = Rule(
    "secrets_sent",
    "Passwords, keys, cookies or wallets are read and sent out",
    "The program reads files where browsers, wallets or tools keep secrets, and sends something to the network.",
    STOP,
    ("T1555.003", "T1552.001", "T1539", "T1041"),
    _find,
)

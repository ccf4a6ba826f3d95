"""Tracing again what a report tells, at the height it was told, and comparing all of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from sekisho.chain.chain import NO_TIP, Chain
from sekisho.errors import SekishoError
from sekisho.tracing.case import Parameters, Seed
from sekisho.tracing.report.chained import links
from sekisho.tracing.report.compare import broken_link, differences
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.page import show_page
from sekisho.tracing.report.recorded import Link, PageRecord, Recorded
from sekisho.tracing.report.told import Told, ToldSeed, tell
from sekisho.tracing.services import Service
from sekisho.tracing.trace import ListUsed, Trace

ReadSeed = Callable[[str], tuple[Seed, ...]]
"""Reads `LABEL@TXID:VOUT=SATS`."""

Retrace = Callable[[tuple[Seed, ...], Parameters, bool], Trace]
"""Traces these seeds by these parameters; with the hops, where the last says so."""

NameServices = Callable[[tuple[Trace, ...]], tuple[Service, ...]]
"""The services behind the scripts where these traces ended at one."""


class CannotJudge(SekishoError):
    """A report that this chain, or these stop lists, cannot be held against."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this report cannot be judged here: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Again:
    """What is needed to trace again."""

    chain: Chain
    lists: tuple[ListUsed, ...]
    seed: ReadSeed
    retrace: Retrace
    name: NameServices


def verify(recorded: Recorded, again: Again) -> tuple[str, ...]:
    """Everything that differs; nothing, where the report is what this chain gives. Raises CannotJudge."""
    for told in recorded.traces:
        _judgeable(told, again)
    page = recorded.page
    found: list[str] = []
    made = []
    for told in recorded.traces:
        with_hops = page is not None and told.parameters.method is page.told
        trace = _traced(told, again, with_hops)
        made.append(trace)
        found += differences(told, tell(trace))
    if page is not None:
        found += _page(page, tuple(made), again)
    return tuple(found)


def _page(page: PageRecord, made: tuple[Trace, ...], again: Again) -> Iterator[str]:
    told = next(trace for trace in made if trace.parameters.method is page.told)
    chain = links(page.told, told.hops)
    hops = tuple(Link(hop.txid, link) for hop, link in zip(told.hops, chain, strict=True))
    broken = tuple(broken_link(page.hops, hops))
    yield from broken
    services = {each.script: each for each in again.name(made)}
    written = show_page(Dossier(told, tuple(trace for trace in made if trace is not told), services))
    if written != page.raw and not broken:
        yield f"the page's text is not what this version writes (the page says it is by version {page.program[:40]!a})"


def _traced(told: Told, again: Again, with_hops: bool) -> Trace:
    seeds = tuple(seed for each in told.seeds for seed in again.seed(_seed_text(each)))
    asked = told.parameters
    if all(each.end.height is not None for each in told.ends):
        height = told.tip.height if asked.until is None else min(asked.until, told.tip.height)
        asked = replace(asked, until=height)
    trace = again.retrace(seeds, asked, with_hops)
    return replace(trace, parameters=told.parameters, tip=told.tip, lists=told.lists)


def _seed_text(seed: ToldSeed) -> str:
    limit = f"={seed.sats}" if seed.sats else ""  # an output of nothing is stolen whole
    return f"{seed.label}@{seed.outpoint}{limit}"


def _judgeable(told: Told, again: Again) -> None:
    chain = again.chain
    if told.network != chain.network:
        raise CannotJudge(f"it is about {told.network}, the chain at hand is {chain.network}")
    if chain.tip.height < told.tip.height:
        raise CannotJudge(f"the chain at hand ends at block {chain.tip.height:,}, the report at {told.tip.height:,}")
    rows = np.flatnonzero(chain.columns.block_height == told.tip.height)
    if told.tip != NO_TIP and not len(rows):
        raise CannotJudge(f"the chain at hand does not hold block {told.tip.height:,}")
    if told.tip != NO_TIP and chain.columns.block_hash[rows[0]].tobytes() != told.tip.hash:
        raise CannotJudge(f"block {told.tip.height:,} of the chain at hand is another")
    if chain.tip != told.tip and any(each.end.height is None for each in told.ends):
        raise CannotJudge("it holds transactions that were in no block, and the chain has grown since")
    ours, theirs = ({each.sha256 for each in lists} for lists in (again.lists, told.lists))
    for each in told.lists:
        if each.sha256 not in ours:
            raise CannotJudge(f"give its stop list {each.name[:80]!a}, SHA-256 {each.sha256.hex()}, with --stop")
    if ours - theirs:
        raise CannotJudge("a stop list was given that the report did not use")

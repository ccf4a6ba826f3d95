"""A trace as a report tells it: what is written down, read back, and compared when somebody traces again."""

from collections import Counter
from dataclasses import dataclass

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Tip
from sekisho.tracing.case import End, Parameters, Status
from sekisho.tracing.trace import ListUsed, Trace


@dataclass(frozen=True, slots=True)
class ToldSeed:
    """A seed by its name alone: numbers of outputs differ from store to store."""

    label: str
    outpoint: OutPoint
    sats: Sats


@dataclass(frozen=True, slots=True)
class ToldEnd:
    """An end, and its address where its script has one."""

    end: End
    address: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """Everything the JSON of one trace holds."""

    network: Network
    parameters: Parameters
    lists: tuple[ListUsed, ...]
    tip: Tip
    seeds: tuple[ToldSeed, ...]
    ends: tuple[ToldEnd, ...]
    totals: tuple[tuple[Status, Sats], ...]
    """One for each status, in the order of `Status`; they add up to what was stolen, but for poison."""
    conserved: bool | None
    transactions: int


def tell(trace: Trace) -> Told:
    """What a report says of a trace."""
    return Told(
        trace.network,
        trace.parameters,
        trace.lists,
        trace.tip,
        tuple(ToldSeed(seed.label, seed.outpoint, seed.sats) for seed in trace.seeds),
        tuple(ToldEnd(end, address_of(end.script, trace.network)) for end in trace.ends),
        totals(trace.ends),
        trace.conserved,
        trace.transactions,
    )


def totals(ends: tuple[End, ...]) -> tuple[tuple[Status, Sats], ...]:
    """The satoshis of each status."""
    sums: Counter[Status] = Counter()
    for end in ends:
        sums[end.status] += end.sats
    return tuple((status, Sats(sums[status])) for status in Status)


def address_of(script: bytes | None, network: Network) -> str | None:
    """The address of a script, where it has one."""
    return None if script is None else show_address(Script(script), network)

"""What was found: the ends of a trace, and every transaction on the way."""

from dataclasses import dataclass

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Tip
from sekisho.tracing.case import End, Parameters, Seed


@dataclass(frozen=True, slots=True)
class Taint:
    """Some of a coin's satoshis."""

    label: str
    convention_only: bool
    sats: Sats
    start: Sats | None
    """Its place in the coin, for methods that give every satoshi one (fifo, lifo, lifo-mirror); otherwise None."""


@dataclass(frozen=True, slots=True)
class Portion:
    """A coin, and what of it is tainted: nothing, where `taints` is empty."""

    outpoint: OutPoint
    sats: Sats
    script: Script
    taints: tuple[Taint, ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """One transaction that taint went through, with all its inputs and outputs in order."""

    txid: Txid
    height: int | None
    time: int | None
    inputs: tuple[Portion, ...]
    """Of a coinbase that takes fees: each fee as vout 0xffffffff of who paid it, and the subsidy as that of no txid."""
    outputs: tuple[Portion, ...]
    """With what a seed adds here; what a stop list or a threshold ends here still stands here, as `Trace.ends` tell."""
    fee: Sats
    fee_taints: tuple[Taint, ...]
    mix: str | None
    """The kind of CoinJoin it was found to be."""


@dataclass(frozen=True, slots=True)
class ListUsed:
    """A stop list that was applied."""

    name: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace by one method. Ends stand by height (loose last), txid, vout (fees last), label, convention, status."""

    network: Network
    parameters: Parameters
    lists: tuple[ListUsed, ...]
    tip: Tip
    seeds: tuple[Seed, ...]
    """In order of theft."""
    seeded: Sats
    """What the seeds added: less than their sum where taint had arrived in one already."""
    ends: tuple[End, ...]
    conserved: bool | None
    """Whether the ends add up to what was seeded, label by label; None for poison, which has no amounts."""
    hops: tuple[Hop, ...]
    """In chain order (backward: from the newest); empty where they were not asked for."""
    transactions: int
    """How many taint went through."""

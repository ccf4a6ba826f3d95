"""The flow of a trace as a graph: coins that carry taint, and the transactions they pass through."""

from dataclasses import dataclass
from enum import StrEnum

from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.sats import Sats
from sekisho.chain.columns import NO_HEIGHT
from sekisho.tracing.case import End
from sekisho.tracing.trace import Hop, Portion, Taint, Trace

FEE_VOUT = 0xFFFFFFFF
"""In the outpoint of an input of a coinbase, where fees are followed."""


class NodeKind(StrEnum):
    """What a node stands for."""

    SEED = "seed"
    TRANSACTION = "transaction"
    END = "end"


@dataclass(frozen=True, slots=True)
class Node:
    """A seed, a transaction or an end. `end` is None but for ends, `hop` but for transactions."""

    kind: NodeKind
    name: str
    """`txid:vout` of a seed, a txid, or what the end is called."""
    height: int | None
    time: int | None
    hop: Hop | None
    end: End | None


@dataclass(frozen=True, slots=True)
class Edge:
    """Taint of one coin on its way from one node to another, by their places among the nodes."""

    source: int
    target: int
    outpoint: OutPoint | None
    """None for a fee."""
    taints: tuple[Taint, ...]

    @property
    def sats(self) -> Sats:
        """All its taint."""
        return Sats(sum(taint.sats for taint in self.taints))


@dataclass(frozen=True, slots=True)
class Flow:
    """Nodes in chain order (seeds first, ends after the transaction that made them), and the edges between them.

    Backward it runs from the seed to where its satoshis came from.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def flow_of(trace: Trace) -> Flow:
    """The flow of a trace that recorded its hops."""
    backward = trace.parameters.backward
    nodes: list[Node] = []
    made: dict[OutPoint, int] = {}  # who hands each coin on
    hop_at: dict[Txid, int] = {}
    leaving = {portion.outpoint for hop in trace.hops for portion in _leaving(hop, backward) if portion.taints}
    for seed in trace.seeds:
        if seed.outpoint not in leaving:
            made[seed.outpoint] = len(nodes)
            nodes.append(Node(NodeKind.SEED, str(seed.outpoint), None, None, None, None))
    for hop in _parents_first(trace.hops):
        hop_at[hop.txid] = len(nodes)
        made |= {portion.outpoint: len(nodes) for portion in _leaving(hop, backward) if portion.taints}
        made[OutPoint(hop.txid, FEE_VOUT)] = len(nodes)
        nodes.append(Node(NodeKind.TRANSACTION, show_txid(hop.txid), hop.height, hop.time, hop, None))
    edges = [
        Edge(made[portion.outpoint], hop_at[hop.txid], portion.outpoint, portion.taints)
        for hop in trace.hops
        for portion in _arriving(hop, backward)
        if portion.taints and portion.outpoint in made
    ]
    for end in trace.ends:
        source = hop_at.get(Txid(end.txid)) if end.outpoint is None else made.get(end.outpoint)
        if source is not None:
            taint = Taint(end.label, end.convention_only, end.sats, None)
            edges.append(Edge(source, len(nodes), end.outpoint, (taint,)))
            nodes.append(Node(NodeKind.END, _name(end), end.height, end.time, None, end))
    return Flow(tuple(nodes), tuple(edges))


def _parents_first(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """Chain order, but for coinbases that take fees of their own block: those go behind who paid them."""
    if not any(is_fee(portion.outpoint) for hop in hops for portion in hop.inputs[:1]):
        return hops
    return tuple(sorted(hops, key=_block_then_coinbase))


def _block_then_coinbase(hop: Hop) -> tuple[int, bool]:
    return (NO_HEIGHT if hop.height is None else hop.height), is_fee(hop.inputs[0].outpoint)


def is_fee(outpoint: OutPoint) -> bool:
    """Whether this names no output, but a fee that a coinbase takes (or, with a txid of zeros, the subsidy)."""
    return outpoint.vout == FEE_VOUT


def _leaving(hop: Hop, backward: bool) -> tuple[Portion, ...]:
    return hop.inputs if backward else hop.outputs


def _arriving(hop: Hop, backward: bool) -> tuple[Portion, ...]:
    return hop.outputs if backward else hop.inputs


def _name(end: End) -> str:
    return f"fees of {show_txid(Txid(end.txid))}" if end.outpoint is None else str(end.outpoint)

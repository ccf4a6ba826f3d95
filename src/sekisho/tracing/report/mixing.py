"""The CoinJoins on the way, each with its candidate sets: the outputs among which nobody can tell whose is whose."""

from collections import Counter
from dataclasses import dataclass

from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.tracing.case import Status
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.words import when
from sekisho.tracing.trace import Hop


@dataclass(frozen=True, slots=True)
class Mixed:
    """One CoinJoin that stolen satoshis entered."""

    txid: str
    kind: str
    height: int | None
    time: str
    entered: int
    """Stolen satoshis."""
    inputs: int
    outputs: int
    """0 where the trace stopped and saw no more of it than what entered."""
    sets: tuple[tuple[int, int], ...]
    """Candidate sets: how many outputs share an amount, and that amount. The largest first."""


def mixes(dossier: Dossier) -> tuple[Mixed, ...]:
    """All of them, in chain order."""
    found = tuple(_mixed(hop, dossier.told.parameters.backward) for hop in dossier.told.hops if hop.mix is not None)
    seen = {each.txid for each in found}
    stopped: Counter[tuple[int, int, bytes]] = Counter()
    for end in dossier.told.ends:
        if end.status is Status.COINJOIN and show_txid(Txid(end.txid)) not in seen:
            stopped[end.height or 0, end.time or 0, end.txid] += end.sats
    return found + tuple(
        Mixed(show_txid(Txid(txid)), "CoinJoin", height or None, when(time or None), entered, 0, 0, ())
        for (height, time, txid), entered in sorted(stopped.items())
    )


def _mixed(hop: Hop, backward: bool) -> Mixed:
    side = hop.outputs if backward else hop.inputs
    entered = sum(taint.sats for portion in side for taint in portion.taints)
    counts = Counter(portion.sats for portion in hop.outputs if portion.sats)
    sets = sorted(((count, amount) for amount, count in counts.items() if count > 1), reverse=True)
    inputs, outputs = len(hop.inputs), len(hop.outputs)
    return Mixed(show_txid(hop.txid), hop.mix or "", hop.height, when(hop.time), entered, inputs, outputs, tuple(sets))

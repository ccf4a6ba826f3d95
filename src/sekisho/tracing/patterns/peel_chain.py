"""Peel chains: a large coin pays somebody a little, its change pays somebody a little, and so on.

The change is told from the payment by what happens next: followed is the one output whose spender looks like the
transaction itself (same forms of script, version, locktime, sequences and witness, one input and two outputs). Where
both are spent by such transactions nobody can tell, and the chain ends there.
Source of the idea: Kappos, Yousaf, Stütz, Rollet, Haslhofer & Meiklejohn, "How to Peel a Million" (2022).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import ScriptType, script_type
from sekisho.chain.chain import Chain
from sekisho.chain.columns import UNSPENDABLE, TxFlag
from sekisho.tracing.patterns.finding import Confidence

RULE = "peel-chain"

FEWEST = 3
"""Hops of what is called a peel chain: two payments in a row are everyday life."""

SOME, MANY = 6, 10
"""Hops from which the confidence is medium, and high: most of the shorter ones are people who pay with their change."""

PEEL = 10
"""A tenth of the coin or less is a peel."""

MOST = 100_000
"""Hops that are followed in each direction."""


class Stop(StrEnum):
    """Why a chain is not followed further."""

    UNSPENT = "unspent"
    """Neither output is spent."""
    UNLIKE = "unlike"
    """No output is spent by a transaction that looks alike."""
    AMBIGUOUS = "ambiguous"
    """Both are, so it cannot be told which one is the change."""
    OUTSIDE = "outside"
    """Backwards: the coin comes from outside this chain."""
    LENGTH = "length"
    """It goes on; so many hops are enough."""


class Hop(NamedTuple):
    """One payment of a peel chain."""

    transaction: int
    """Its number in the chain."""
    txid: Txid
    peeled: OutPoint | None
    """What was paid to somebody; None at the last hop, where nothing shows which output is the change."""
    peeled_sats: Sats | None
    carried: OutPoint | None
    """The change that the next hop spends."""
    carried_sats: Sats | None


@dataclass(frozen=True, slots=True)
class PeelChain:
    """Hops in the order in which coins moved."""

    hops: tuple[Hop, ...]
    begins: Stop
    """Why it was not followed further backwards."""
    ends: Stop
    confidence: Confidence

    @property
    def peeled(self) -> Sats:
        """The sum of what was paid on the way, without the last hop."""
        return Sats(sum(hop.peeled_sats for hop in self.hops if hop.peeled_sats is not None))


class Look(NamedTuple):
    """What two transactions of one wallet have in common."""

    flags: TxFlag
    form: ScriptType


def find_peel_chain(chain: Chain, tx: int) -> PeelChain | None:
    """The peel chain that transaction `tx` belongs to, followed forwards and backwards from it.

    None where it is none, or shorter than `FEWEST`. Guard: a chain ends where both outputs go on alike. Somebody with
    one coin who pays now and then makes the same shape: a short chain is a hint only, and the confidence is high where
    it is long and little was peeled most times.
    """
    if _look(chain, tx) is None:
        return None
    after, ends = _forwards(chain, tx)
    before, begins = _backwards(chain, tx)
    steps = [*reversed(before), *after]
    if len(steps) < FEWEST:
        return None
    hops = tuple(_hop(chain, each, carried) for each, carried in steps)
    return PeelChain(hops, begins, ends, _confidence(hops))


def _forwards(chain: Chain, tx: int) -> tuple[list[tuple[int, int | None]], Stop]:
    """Transactions from `tx` on, each with the output that is carried on."""
    steps: list[tuple[int, int | None]] = []
    while len(steps) < MOST:
        carried = _carried(chain, tx)
        if isinstance(carried, Stop):
            return [*steps, (tx, None)], carried
        steps.append((tx, carried))
        tx = int(chain.columns.out_spender[carried])
    return steps, Stop.LENGTH


def _backwards(chain: Chain, tx: int) -> tuple[list[tuple[int, int | None]], Stop]:
    """Transactions before `tx`, the newest first, each with the output that is carried on."""
    steps: list[tuple[int, int | None]] = []
    while len(steps) < MOST:
        coin = int(chain.columns.in_prev[chain.columns.tx_first_in[tx]])
        parent = chain.creator(coin)
        if chain.columns.tx_flags[parent] & TxFlag.OUTSIDE:
            return steps, Stop.OUTSIDE
        carried = _carried(chain, parent)
        if carried is Stop.AMBIGUOUS:
            return steps, Stop.AMBIGUOUS
        if carried != coin:
            return steps, Stop.UNLIKE
        steps.append((parent, coin))
        tx = parent
    return steps, Stop.LENGTH


def _carried(chain: Chain, tx: int) -> int | Stop:
    """The one output of `tx` whose spender looks like `tx`; or why there is none."""
    look = _look(chain, tx)
    if look is None:
        return Stop.UNLIKE
    spenders = [(txo, int(chain.columns.out_spender[txo])) for txo in chain.outputs_of(tx)]
    spent = [(txo, spender) for txo, spender in spenders if spender < UNSPENDABLE]
    if not spent:
        return Stop.UNSPENT
    alike = [txo for txo, spender in spent if _look(chain, spender) == look]
    if len(alike) == 1:
        return alike[0]
    return Stop.AMBIGUOUS if alike else Stop.UNLIKE


def _look(chain: Chain, tx: int) -> Look | None:
    """The look of a transaction with one input and two outputs that can be spent; None for any other."""
    columns = chain.columns
    flags = TxFlag(int(columns.tx_flags[tx]))
    inputs = range(int(columns.tx_first_in[tx]), int(columns.tx_first_in[tx + 1]))
    if len(inputs) != 1 or len(chain.outputs_of(tx)) != 2 or flags & (TxFlag.COINBASE | TxFlag.OUTSIDE):
        return None
    if any(columns.out_spender[txo] == UNSPENDABLE for txo in chain.outputs_of(tx)):
        return None
    return Look(flags, script_type(chain.output(int(columns.in_prev[inputs[0]])).script))


def _hop(chain: Chain, tx: int, carried: int | None) -> Hop:
    if carried is None:
        return Hop(tx, chain.txid(tx), None, None, None, None)
    peeled = next(txo for txo in chain.outputs_of(tx) if txo != carried)
    return Hop(
        tx,
        chain.txid(tx),
        chain.outpoint(peeled),
        chain.output(peeled).sats,
        chain.outpoint(carried),
        chain.output(carried).sats,
    )


def _confidence(hops: tuple[Hop, ...]) -> Confidence:
    told = [(hop.peeled_sats, hop.carried_sats) for hop in hops if hop.peeled_sats is not None and hop.carried_sats]
    larger = sum(carried > peeled for peeled, carried in told)
    little = sum(carried >= PEEL * peeled for peeled, carried in told)
    if len(hops) < SOME or 4 * larger < 3 * len(told):
        return Confidence.LOW
    return Confidence.HIGH if len(hops) >= MANY and 2 * little > len(told) else Confidence.MEDIUM

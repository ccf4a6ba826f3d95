"""Taint that was paid as a fee, followed into the coinbase of its block.

The coinbase takes the fees, in the order of their transactions, and the subsidy, before or behind them: these are its
inputs. Each brings its own taint. What it does not claim is its fee: nobody has it. Where a fee of the block is
unknown, nobody can say what lies where, and the block's tainted fees end as unknown.
"""

import numpy as np

from sekisho.chain.columns import UNKNOWN_SATS
from sekisho.compiled import compiled
from sekisho.tracing.methods.desk import Desk, lay, with_room
from sekisho.tracing.mixing import COINBASE
from sekisho.tracing.question import FEE_ROWS, NO_OUTPUT, SUBSIDY_FIRST, UNKNOWN_END, Found, Rules, end, with_space
from sekisho.tracing.slab import Slab, spent_sats

FIRST_SUBSIDY = 50 * 100_000_000

NO_COINBASE = -1
UNKNOWN_FEE = -1


@compiled
def coinbase_of(slab: Slab, block: int) -> int:
    """The block's coinbase, or NO_COINBASE where this chain does not hold it."""
    first, last = int(np.int64(slab.block_first_tx[block])), int(np.int64(slab.block_first_tx[block + 1]))
    for tx in range(first, min(first + 2, last)):  # what stands for transactions outside comes before it
        if slab.tx_flags[tx - slab.first_tx] & COINBASE:
            return tx
    return NO_COINBASE


@compiled
def subsidy_of(height: int, halving: int) -> int:
    """New satoshis that a block may make (Bitcoin Core, GetBlockSubsidy)."""
    halvings = height // halving
    return FIRST_SUBSIDY >> halvings if halvings < 64 else 0


@compiled
def fee_of(slab: Slab, tx: int) -> int:
    """What a transaction pays the miner, or UNKNOWN_FEE."""
    at = tx - slab.first_tx
    fee = 0
    for place in range(slab.tx_first_in[at], slab.tx_first_in[at + 1]):
        sats = spent_sats(slab, place)
        if sats == UNKNOWN_SATS:
            return UNKNOWN_FEE
        fee += sats
    for txo in range(slab.tx_first_out[at], slab.tx_first_out[at + 1]):
        fee -= slab.out_sats[txo - slab.first_out]
    return max(0, fee)


@compiled
def lay_fees(slab: Slab, rules: Rules, desk: Desk, found: Found, block: int, coinbase: int) -> tuple[Desk, int, int]:
    """Lay the tainted fees of a block as the coinbase takes them; returns how many rows, and what all sources hold.

    That is UNKNOWN_FEE where it cannot be told.
    """
    waiting = found.counts[FEE_ROWS]
    desk = with_room(desk, 1, waiting)
    if coinbase == NO_COINBASE:
        return desk, 0, UNKNOWN_FEE
    subsidy = subsidy_of(int(np.int64(slab.block_height[block])), rules.halving)
    total = subsidy if rules.follow_fees == SUBSIDY_FIRST else 0
    row, laid = 0, 0
    for tx in range(coinbase + 1, int(np.int64(slab.block_first_tx[block + 1]))):
        fee = fee_of(slab, tx)
        if fee == UNKNOWN_FEE:
            return desk, 0, UNKNOWN_FEE
        while row < waiting and found.fees[row, 0] == tx:
            laid = lay(desk, laid, total + found.fees[row, 1], found.fees[row, 2], found.fees[row, 3])
            row += 1
        total += fee
    if rules.follow_fees != SUBSIDY_FIRST:
        total += subsidy
    return desk, laid, total if total >= _claimed(slab, coinbase) else UNKNOWN_FEE


@compiled
def _claimed(slab: Slab, coinbase: int) -> int:
    at = coinbase - slab.first_tx
    claimed = 0
    for txo in range(slab.tx_first_out[at], slab.tx_first_out[at + 1]):
        claimed += slab.out_sats[txo - slab.first_out]
    return claimed


@compiled
def end_fees(found: Found) -> Found:
    """End the fees that wait as unknown."""
    found = with_space(found, found.counts[FEE_ROWS])
    for row in range(found.counts[FEE_ROWS]):
        end(found, found.fees[row, 0], NO_OUTPUT, found.fees[row, 2], found.fees[row, 3], UNKNOWN_END)
    return found

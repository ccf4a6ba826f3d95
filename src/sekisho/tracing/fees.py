"""Taint that was paid as a fee, followed into the coinbase of its block.

The coinbase takes the fees, in the order of their transactions, and the subsidy, before or behind them: these are its
inputs. Each brings its own taint. What it does not claim is its fee: nobody has it. Where a fee of the block is
unknown, nobody can say what lies where, and the block's tainted fees end as unknown.
"""

from sekisho.bitcoin.sats import COIN
from sekisho.chain.columns import UNKNOWN_SATS
from sekisho.compiled import compiled, compiled_part, inlined
from sekisho.tracing.methods.desk import lay
from sekisho.tracing.mixing import COINBASE
from sekisho.tracing.question import (
    AMOUNT,
    FEE_ROWS,
    NO_OUTPUT,
    STARTS,
    SUBSIDY_FIRST,
    TX,
    UNKNOWN_END,
    WHOSE,
    Rules,
    Step,
    note,
)
from sekisho.tracing.slab import FIRST_TX, HEIGHT, Slab, spent_sats
from sekisho.tracing.work import Work

NO_COINBASE = -1
UNKNOWN_FEE = -1


@compiled
def coinbase_of(slab: Slab, block: int) -> int:
    """The block's coinbase, or NO_COINBASE where this chain does not hold it."""
    first, last = slab.blocks[block, FIRST_TX], slab.blocks[block + 1, FIRST_TX]
    for tx in range(first, min(first + 2, last)):  # what stands for transactions outside comes before it
        if slab.tx_flags[tx - slab.first_tx] & COINBASE:
            return tx
    return NO_COINBASE


@compiled
def subsidy_of(height: int, halving: int) -> int:
    """New satoshis that a block may make (Bitcoin Core, GetBlockSubsidy)."""
    halvings = height // halving
    return (50 * COIN) >> halvings if halvings < 64 else 0


@compiled
def fee_of(slab: Slab, tx: int) -> int:
    """What a transaction pays the miner, or UNKNOWN_FEE; what stands for transactions outside pays none."""
    at = tx - slab.first_tx
    fee = 0
    for place in range(slab.tx_first_in[at], slab.tx_first_in[at + 1]):
        sats = spent_sats(slab, place)
        if sats == UNKNOWN_SATS:
            return UNKNOWN_FEE
        fee += sats
    return max(0, fee - _paid(slab, tx))


@compiled_part
def _paid(slab: Slab, tx: int) -> int:
    """What the outputs of a transaction hold together."""
    at = tx - slab.first_tx
    paid = 0
    for txo in range(slab.tx_first_out[at], slab.tx_first_out[at + 1]):
        paid += slab.out_sats[txo - slab.first_out]
    return paid


@inlined
def take_fees(slab: Slab, rules: Rules, work: Work, block: int, coinbase: int, first_seed: int, end_seed: int) -> Step:
    """Lay the tainted fees of a block that is done as its coinbase takes them; there may be no coinbase.

    Where it cannot be told what the coinbase takes, they end as unknown.
    """
    fees, tally = work.fees, work.tally
    total = UNKNOWN_FEE if coinbase == NO_COINBASE else _sources(slab, rules, block, coinbase)
    laid, place, before = 0, 0, coinbase + 1
    if rules.follow_fees == SUBSIDY_FIRST:
        place = subsidy_of(slab.blocks[block, HEIGHT], rules.halving)
    for row in range(tally[FEE_ROWS]):
        tx, start, sats, tag = fees[row, TX], fees[row, STARTS], fees[row, AMOUNT], fees[row, WHOSE]
        if total == UNKNOWN_FEE:
            note(work.journal, tally, UNKNOWN_END, tx, NO_OUTPUT, start, sats, tag)
            continue
        while before < tx:
            place += fee_of(slab, before)
            before += 1
        laid = lay(work.laid, laid, place + start, sats, tag)
    tally[FEE_ROWS] = 0
    return Step(coinbase, block, laid, total, False, True, first_seed, end_seed)


@compiled_part
def _sources(slab: Slab, rules: Rules, block: int, coinbase: int) -> int:
    """What a coinbase may take, or UNKNOWN_FEE: a fee of its block is unknown, or it takes more than we know of."""
    total = subsidy_of(slab.blocks[block, HEIGHT], rules.halving)
    for tx in range(coinbase + 1, slab.blocks[block + 1, FIRST_TX]):
        fee = fee_of(slab, tx)
        if fee == UNKNOWN_FEE:
            return UNKNOWN_FEE
        total += fee
    return total if total >= _paid(slab, coinbase) else UNKNOWN_FEE

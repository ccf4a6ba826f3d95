"""The engine for many cases: one pass over the chain in block order.

For every output there is one number: where its taint lies in the pool, or 0. A transaction whose inputs are all clean
costs only a look at those numbers. The state outlives a slab, so that a chain may come in parts.
"""

from collections.abc import Iterable

import numpy as np

from sekisho.chain.columns import U32, UNKNOWN_SATS
from sekisho.compiled import compiled
from sekisho.tracing.fees import NO_COINBASE, UNKNOWN_FEE, coinbase_of, end_fees, lay_fees
from sekisho.tracing.laying import end_coin, lay_coin
from sekisho.tracing.methods.desk import Desk, new_desk
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.pool import Pool, drop, new_pool, put, with_rows
from sekisho.tracing.question import (
    FAULT,
    FEE_ROWS,
    IMPOSSIBLE,
    MADE_EARLIER,
    MOST,
    NO_FEES,
    UNKNOWN_END,
    UNSPENT_END,
    Found,
    Question,
    Step,
    nothing_found,
    with_space,
)
from sekisho.tracing.settle import fail, settle
from sekisho.tracing.slab import Slab, spent_sats


class Sweep:
    """Many cases on their way through the chain."""

    def __init__(self, asked: Question) -> None:
        self._asked = asked
        case_of = asked.seeds.case_of
        self._found = nothing_found(len(case_of), int(case_of[-1]) + 1, False)
        self._desk, self._pool = new_desk(64, 256), new_pool(4096)
        self._base = int(asked.seeds.txo[0])
        self._heads: U32 = np.zeros(0, np.uint32)

    def advance(self, slab: Slab) -> None:
        """Go through the next blocks. Slabs must follow each other; those before the first seed may be left out."""
        outputs = int(slab.tx_first_out[-1]) - self._base
        if outputs <= 0:
            return
        if outputs > len(self._heads):
            heads = np.zeros(outputs, np.uint32)
            heads[: len(self._heads)] = self._heads
            self._heads = heads
        self._desk, self._pool, self._found = advance(
            slab, self._asked, self._base, self._heads, self._desk, self._pool, self._found
        )

    def finish(self) -> Found:
        """What was found, once the last slab is done: what taint still lies in coins is unspent."""
        self._found = end_unspent(self._base, self._heads, self._pool, self._found)
        return self._found


def sweep(slabs: Iterable[Slab], asked: Question) -> Found:
    """Follow all seeds through slabs that follow each other."""
    state = Sweep(asked)
    for slab in slabs:
        state.advance(slab)
    return state.finish()


@compiled
def advance(
    slab: Slab, asked: Question, base: int, heads: U32, desk: Desk, pool: Pool, found: Found
) -> tuple[Desk, Pool, Found]:
    """Go through the blocks of a slab. `heads[txo - base]` is one more than where the taint of an output lies."""
    rules, seeds = asked.rules, asked.seeds
    seed = 0
    while seed < len(seeds.tx) and seeds.tx[seed] < slab.first_tx:
        seed += 1
    for block in range(len(slab.block_height)):
        due = False
        end_tx = min(int(np.int64(slab.block_first_tx[block + 1])), rules.end_tx)
        for tx in range(int(np.int64(slab.block_first_tx[block])), end_tx):
            seeded = False
            while seed < len(seeds.tx) and seeds.tx[seed] == tx:
                seeded = True
                seed += 1
            if not (seeded or _is_tainted(slab, base, heads, tx)):
                continue
            if rules.follow_fees != NO_FEES and slab.tx_flags[tx - slab.first_tx] & COINBASE:
                due = True
                continue
            desk, found, laid, total, mixed = _lay_inputs(slab, asked, base, heads, pool, desk, found, tx)
            desk, found = settle(slab, asked, desk, found, Step(tx, block, laid, total, mixed, False))
            if found.counts[FAULT]:
                return desk, pool, found
            pool = _keep(slab, base, heads, desk, pool, tx)
        if due or found.counts[FEE_ROWS]:
            coinbase = coinbase_of(slab, block)
            desk, laid, total = lay_fees(slab, rules, desk, found, block, coinbase)
            if total == UNKNOWN_FEE:
                found = end_fees(found)
                laid = 0
            found.counts[FEE_ROWS] = 0
            if coinbase == NO_COINBASE:
                continue
            desk, found = settle(slab, asked, desk, found, Step(coinbase, block, laid, total, False, True))
            if found.counts[FAULT]:
                return desk, pool, found
            pool = _keep(slab, base, heads, desk, pool, coinbase)
    return desk, pool, found


@compiled
def _is_tainted(slab: Slab, base: int, heads: U32, tx: int) -> bool:
    """Whether `tx` spends a tainted coin."""
    at = tx - slab.first_tx
    for place in range(slab.tx_first_in[at], slab.tx_first_in[at + 1]):
        coin = slab.in_prev[place] - base
        if coin >= 0 and heads[coin]:
            return True
    return False


@compiled
def _lay_inputs(
    slab: Slab, asked: Question, base: int, heads: U32, pool: Pool, desk: Desk, found: Found, tx: int
) -> tuple[Desk, Found, int, int, bool]:
    """Lay the tainted coins that `tx` spends, as the frontier does, and take them out of the pool."""
    at = tx - slab.first_tx
    first_in, end_in = slab.tx_first_in[at], slab.tx_first_in[at + 1]
    outputs = slab.out_sats[slab.tx_first_out[at] - slab.first_out : slab.tx_first_out[at + 1] - slab.first_out]
    found = with_space(found, 0)
    known, tainted = True, False
    for place in range(first_in, end_in):
        coin = slab.in_prev[place] - base
        known = known and spent_sats(slab, place) != UNKNOWN_SATS
        tainted = tainted or (coin >= 0 and heads[coin] != 0)
    mixed = known and tainted and is_mix(slab, asked, found, tx, end_in - first_in, outputs)
    laid, total = 0, 0
    for place in range(first_in, end_in if tainted else first_in):
        coin = slab.in_prev[place] - base
        if coin >= 0 and heads[coin]:
            first = int(np.int64(heads[coin])) - 1
            if known:
                desk, laid = lay_coin(desk, laid, pool, first, total, asked.rules.method, mixed)
            else:
                found = end_coin(found, pool, first, tx, coin + base, UNKNOWN_END)
            drop(pool, first)
            heads[coin] = 0
        total += spent_sats(slab, place)
        if total > MOST:
            fail(found, IMPOSSIBLE, tx)
            break
    return desk, found, laid, total, mixed


@compiled
def _keep(slab: Slab, base: int, heads: U32, desk: Desk, pool: Pool, tx: int) -> Pool:
    """Keep the taint that goes on in the pool, whether somebody spends it or not."""
    at = tx - slab.first_tx
    first_txo = slab.tx_first_out[at] - base
    outputs = slab.tx_first_out[at + 1] - slab.tx_first_out[at]
    pool = with_rows(pool, desk.offset[outputs])
    for output in range(outputs):
        begin, rows_end = desk.offset[output], desk.offset[output + 1]
        if begin < rows_end:
            heads[first_txo + output] = put(pool, desk.made, begin, rows_end) + 1
    return pool


@compiled
def end_unspent(base: int, heads: U32, pool: Pool, found: Found) -> Found:
    """End the taint of every coin that still has some."""
    for coin in range(len(heads)):
        if heads[coin]:
            found = end_coin(found, pool, int(np.int64(heads[coin])) - 1, MADE_EARLIER, coin + base, UNSPENT_END)
    return found

"""The engine for many cases: one pass over the chain in block order.

For every output there is one number: where its taint lies in the pool, or 0. A transaction whose inputs are all clean
costs only a look at those numbers. The state outlives a slab, so that a chain may come in parts.
"""

from collections.abc import Iterable

import numpy as np

from sekisho.chain.columns import U32, UNKNOWN_SATS
from sekisho.compiled import compiled, compiled_part
from sekisho.tracing.fees import NO_COINBASE, take_fees
from sekisho.tracing.laying import end_coin, lay_coin
from sekisho.tracing.methods.desk import OFFSET, Desk, new_desk
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.pool import Pool, count_of, drop, new_pool, put, with_rows
from sekisho.tracing.question import (
    FAULT,
    FEE_ROWS,
    IMPOSSIBLE,
    MADE_EARLIER,
    MOST,
    NO_FEES,
    SEED_TX,
    UNKNOWN_END,
    UNSPENT_END,
    Found,
    Question,
    Step,
    fail,
    nothing_found,
    with_space,
)
from sekisho.tracing.settle import settle
from sekisho.tracing.slab import FIRST_TX, Slab, first_at_least, spent_sats

NOT_YET = -1


class Sweep:
    """Many cases on their way through the chain."""

    def __init__(self, asked: Question) -> None:
        self._asked = asked
        self._found = nothing_found(asked.case_of)
        self._desk, self._pool = new_desk(64, 256), new_pool(4096)
        self._base = NOT_YET
        self._heads: U32 = np.zeros(0, np.uint32)

    def advance(self, slab: Slab) -> None:
        """Go through the next blocks. Slabs must follow each other; those before the first seed may be left out."""
        first_seed = int(self._asked.seeds[0, SEED_TX])
        if first_seed >= slab.blocks[-1, FIRST_TX]:
            return
        if self._base == NOT_YET:  # no taint before the block of the first seed; but its coinbase may take a fee
            block = int(np.searchsorted(slab.blocks[:, FIRST_TX], first_seed, side="right")) - 1
            self._base = int(slab.tx_first_out[slab.blocks[block, FIRST_TX] - slab.first_tx])
        outputs = int(slab.tx_first_out[-1]) - self._base
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
    seed = first_at_least(asked.seeds, SEED_TX, slab.first_tx)
    for block in range(len(slab.blocks) - 1):
        due, tx, end_tx = False, slab.blocks[block, FIRST_TX], slab.blocks[block + 1, FIRST_TX]
        end_tx = min(end_tx, asked.rules.end_tx)
        while True:
            tx = _next(slab, base, heads, tx, end_tx, asked.seeds[seed, SEED_TX] if seed < len(asked.seeds) else end_tx)
            if tx < end_tx:
                while seed < len(asked.seeds) and asked.seeds[seed, SEED_TX] == tx:
                    seed += 1
                tx += 1
                if asked.rules.follow_fees != NO_FEES and slab.tx_flags[tx - 1 - slab.first_tx] & COINBASE:
                    due = True
                    continue
                desk, found, laid, total, mixed = _lay_inputs(slab, asked, base, heads, pool, desk, found, tx - 1)
                step = Step(tx - 1, block, laid, total, mixed, False)
            elif due:
                due = False
                desk, found, step = take_fees(slab, asked.rules, desk, found, block)
                if step.tx == NO_COINBASE:
                    break
            else:
                break
            desk, found = settle(slab, asked, desk, found, step)
            if found.tally[FAULT]:
                return desk, pool, found
            due = due or found.tally[FEE_ROWS] > 0
            pool = _keep(slab, base, heads, desk, pool, step.tx)
    return desk, pool, found


@compiled_part
def _next(slab: Slab, base: int, heads: U32, tx: int, end_tx: int, seed_tx: int) -> int:
    """The next transaction from `tx` on that spends a tainted coin or made a seed; `end_tx` if none comes before."""
    while tx < end_tx and tx != seed_tx:
        at = tx - slab.first_tx
        for place in range(slab.tx_first_in[at], slab.tx_first_in[at + 1]):
            coin = slab.in_prev[place] - base
            if coin >= 0 and heads[coin]:
                return tx
        tx += 1
    return tx


@compiled_part
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
                desk = lay_coin(desk, laid, pool, first, total, asked.rules.method, mixed)
                laid += count_of(pool, first)
            else:
                found = end_coin(found, pool, first, tx, coin + base, UNKNOWN_END)
            drop(pool, first)
            heads[coin] = 0
        total += spent_sats(slab, place)
        if total > MOST:
            fail(found, IMPOSSIBLE, tx)
            break
    return desk, found, laid, total, mixed


@compiled_part
def _keep(slab: Slab, base: int, heads: U32, desk: Desk, pool: Pool, tx: int) -> Pool:
    """Keep the taint that goes on in the pool, whether somebody spends it or not."""
    at = tx - slab.first_tx
    first_txo = slab.tx_first_out[at] - base
    outputs = slab.tx_first_out[at + 1] - slab.tx_first_out[at]
    pool = with_rows(pool, desk.marks[OFFSET, outputs])
    for output in range(outputs):
        begin, rows_end = desk.marks[OFFSET, output], desk.marks[OFFSET, output + 1]
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

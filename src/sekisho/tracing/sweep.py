"""The engine for many cases: one pass over the chain in block order.

For every output there is one number: where its taint lies in the pool, or 0. A transaction whose inputs are all clean
costs only a look at those numbers. The state outlives a slab, so that a chain may come in parts.
"""

from collections.abc import Iterable

import numpy as np

from sekisho.chain.ahead import ask_for
from sekisho.chain.columns import U32, UNKNOWN_SATS
from sekisho.compiled import compiled_in_place, inlined
from sekisho.tracing.fees import NO_COINBASE, coinbase_of, take_fees
from sekisho.tracing.laying import end_coin, lay_coin
from sekisho.tracing.methods.desk import OFFSET, TAG
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.plain import may_be_plain, pass_plain
from sekisho.tracing.pool import COUNT_SHIFT, count_of, drop, put
from sekisho.tracing.question import (
    AT_BLOCK,
    AT_TX,
    DUE,
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
    first_at_least,
)
from sekisho.tracing.seeding import end_of_seeds
from sekisho.tracing.settle import settle
from sekisho.tracing.slab import FIRST_TX, Slab, spent_sats
from sekisho.tracing.work import Work, has_room, larger, new_work, until_done

NOT_YET = -1

FAR, NEAR = 96, 32
"""How many inputs ahead memory is asked whether a coin is tainted, and then for its taint and its value: of 32 and 12,
48 and 16, 96 and 32, 160 and 48 the fastest on a chain of 10^7 outputs."""


class Sweep:
    """Many cases on their way through the chain."""

    def __init__(self, asked: Question) -> None:
        self._asked = asked
        self._work = new_work(asked)
        self._base = NOT_YET
        self._heads: U32 = np.zeros(0, np.uint32)

    def advance(self, slab: Slab) -> None:
        """Go through the next blocks. Slabs must follow each other; those before the first seed may be left out."""
        first_seed = int(self._asked.seeds[0, SEED_TX])
        if first_seed >= slab.blocks[-1, FIRST_TX]:
            return
        block = 0
        if self._base == NOT_YET:  # no taint before the block of the first seed; but its coinbase may take a fee
            block = int(np.searchsorted(slab.blocks[:, FIRST_TX], first_seed, side="right")) - 1
            self._base = int(slab.tx_first_out[slab.blocks[block, FIRST_TX] - slab.first_tx])
        outputs = int(slab.tx_first_out[-1]) - self._base
        if outputs > len(self._heads):
            heads = np.zeros(max(outputs, 2 * len(self._heads)), np.uint32)  # what is never read takes no memory
            heads[: len(self._heads)] = self._heads
            self._heads = heads
        self._work.tally[AT_BLOCK], self._work.tally[AT_TX] = block, slab.blocks[block, FIRST_TX]
        self._work = until_done(lambda work: _advance(slab, self._asked, work, self._base, self._heads), self._work)

    def finish(self) -> Found:
        """What was found, once the last slab is done: what taint still lies in coins is unspent."""
        tainted = self._heads[self._heads > 0].astype(np.int64) - 1
        rows = int((self._work.pool[tainted, TAG] >> COUNT_SHIFT).sum())
        self._work = larger(self._work, rows, 0)
        _end_unspent(self._work, self._base, self._heads)
        return Found(self._work.journal, self._work.tally)


def sweep(slabs: Iterable[Slab], asked: Question) -> Found:
    """Follow all seeds through slabs that follow each other."""
    state = Sweep(asked)
    for slab in slabs:
        state.advance(slab)
    return state.finish()


@compiled_in_place
def _advance(slab: Slab, asked: Question, work: Work, base: int, heads: U32) -> bool:
    """Go on through the blocks of a slab until it is done, or there is no room.

    `heads[txo - base]` is one more than where the taint of an output lies.
    """
    tally, seeds = work.tally, asked.seeds
    seed = first_at_least(seeds, SEED_TX, tally[AT_TX])
    plain = may_be_plain(asked)
    while tally[AT_BLOCK] < len(slab.blocks) - 1 and not tally[FAULT]:
        block = tally[AT_BLOCK]
        end_tx = min(slab.blocks[block + 1, FIRST_TX], asked.rules.end_tx)
        seed_tx = seeds[seed, SEED_TX] if seed < len(seeds) else end_tx
        tx = _next(slab, work, base, heads, tally[AT_TX], end_tx, seed_tx)
        if tx >= end_tx and tally[DUE] == 0:
            tally[AT_BLOCK] = block + 1
            tally[AT_TX] = slab.blocks[block + 1, FIRST_TX]
            continue
        tally[AT_TX] = tx
        if tx < end_tx:
            end_seed = end_of_seeds(seeds, seed, slab.tx_first_out[tx - slab.first_tx + 1])
            if asked.rules.follow_fees != NO_FEES and slab.tx_flags[tx - slab.first_tx] & COINBASE:
                tally[DUE] = 1
                tally[AT_TX] = tx + 1
                seed = end_seed
                continue
            if plain and seed == end_seed and pass_plain(slab, asked, work, base, heads, tx, block):
                tally[AT_TX] = tx + 1
                continue
            first_seed = seed
            rows = _rows_in(slab, work, base, heads, tx)
        else:
            rows = tally[FEE_ROWS]
            tx = coinbase_of(slab, block)
            first_seed = first_at_least(seeds, SEED_TX, tx)
            end_seed = first_at_least(seeds, SEED_TX, tx + 1)
        at = tx - slab.first_tx
        outputs = slab.tx_first_out[at + 1] - slab.tx_first_out[at] if tx != NO_COINBASE else 0
        if not has_room(work, asked, rows, outputs + 1, end_seed - first_seed):
            return False
        if tally[AT_TX] < end_tx:
            laid, total, mixed = _lay_inputs(slab, asked, work, base, heads, tx)
            step = Step(tx, block, laid, total, mixed, False, first_seed, end_seed)
            tally[AT_TX] = tx + 1
            seed = end_seed
        else:
            tally[DUE] = 0
            step = take_fees(slab, asked.rules, work, block, tx, first_seed, end_seed)
        if tx == NO_COINBASE:
            continue
        settle(slab, asked, work, step)
        if tally[FEE_ROWS]:
            tally[DUE] = 1
        if not tally[FAULT]:
            _keep(slab, work, base, heads, tx)
    return True


@inlined
def _next(slab: Slab, work: Work, base: int, heads: U32, tx: int, end_tx: int, seed_tx: int) -> int:
    """The next transaction from `tx` on that spends a tainted coin or made a seed; `end_tx` if none comes before."""
    while tx < end_tx and tx != seed_tx:
        at = tx - slab.first_tx
        first_in, end_in = slab.tx_first_in[at], slab.tx_first_in[at + 1]
        _look_ahead(slab, work, base, heads, first_in, end_in)
        for place in range(first_in, end_in):
            coin = slab.in_prev[place] - base
            if coin >= 0 and heads[coin]:
                return tx
        tx += 1
    return tx


@inlined
def _look_ahead(slab: Slab, work: Work, base: int, heads: U32, first_in: int, end_in: int) -> None:
    """Ask memory for what the inputs FAR and NEAR behind these will need."""
    for place in range(first_in, min(end_in, len(slab.in_prev) - FAR)):
        ask_for(heads, slab.in_prev[place + FAR] - base)
        near = slab.in_prev[place + NEAR]
        if near >= base and heads[near - base]:
            ask_for(work.pool, 3 * (int(np.int64(heads[near - base])) - 1))
            ask_for(slab.out_sats, near - slab.first_out)


@inlined
def _rows_in(slab: Slab, work: Work, base: int, heads: U32, tx: int) -> int:
    """How many rows of taint the inputs of `tx` have."""
    at, rows = tx - slab.first_tx, 0
    for place in range(slab.tx_first_in[at], slab.tx_first_in[at + 1]):
        coin = slab.in_prev[place] - base
        if coin >= 0 and heads[coin]:
            rows += count_of(work.pool, int(np.int64(heads[coin])) - 1)
    return rows


@inlined
def _lay_inputs(slab: Slab, asked: Question, work: Work, base: int, heads: U32, tx: int) -> tuple[int, int, bool]:
    """Lay the tainted coins that `tx` spends, as the frontier does, and take them out of the pool."""
    at = tx - slab.first_tx
    first_in, end_in = slab.tx_first_in[at], slab.tx_first_in[at + 1]
    outputs = slab.out_sats[slab.tx_first_out[at] - slab.first_out : slab.tx_first_out[at + 1] - slab.first_out]
    known, tainted = True, False
    for place in range(first_in, end_in):
        coin = slab.in_prev[place] - base
        known = known and spent_sats(slab, place) != UNKNOWN_SATS
        tainted = tainted or (coin >= 0 and heads[coin] != 0)
    mixed = known and tainted and is_mix(slab, asked, work, tx, end_in - first_in, outputs)
    laid, total = 0, 0
    for place in range(first_in, end_in if tainted else first_in):
        coin = slab.in_prev[place] - base
        if coin >= 0 and heads[coin]:
            first = int(np.int64(heads[coin])) - 1
            if known:
                laid = lay_coin(work, laid, first, total, asked.rules.method, mixed)
            else:
                end_coin(work, first, tx, coin + base, UNKNOWN_END)
            drop(work, first)
            heads[coin] = 0
        total += spent_sats(slab, place)
        if total > MOST:
            fail(work.tally, IMPOSSIBLE, tx)
            break
    return laid, total, mixed


@inlined
def _keep(slab: Slab, work: Work, base: int, heads: U32, tx: int) -> None:
    """Keep the taint that goes on in the pool, whether somebody spends it or not."""
    at = tx - slab.first_tx
    first_txo = slab.tx_first_out[at] - base
    for output in range(slab.tx_first_out[at + 1] - slab.tx_first_out[at]):
        begin, rows_end = work.marks[OFFSET, output], work.marks[OFFSET, output + 1]
        if begin < rows_end:
            heads[first_txo + output] = put(work, begin, rows_end) + 1


@compiled_in_place
def _end_unspent(work: Work, base: int, heads: U32) -> None:
    """End the taint of every coin that still has some."""
    for coin in range(len(heads)):
        if heads[coin]:
            end_coin(work, int(np.int64(heads[coin])) - 1, MADE_EARLIER, coin + base, UNSPENT_END)

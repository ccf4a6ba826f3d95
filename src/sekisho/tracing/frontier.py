"""The engine for one case, forward: only transactions that taint reaches are looked at, each once, in chain order.

Coins wait in a heap by the transaction that spends them. Parents have smaller numbers than children, so when a
transaction comes up, everything that taint brings to it is there. The cost grows with the taint, not with the chain.
"""

import numpy as np

from sekisho.chain.columns import I64, UNKNOWN_SATS
from sekisho.compiled import compiled_in_place, inlined
from sekisho.tracing.fees import NO_COINBASE, coinbase_of, take_fees
from sekisho.tracing.heap import FIRST, NEXT, TXO, WAKE, pop_next, push, put_back
from sekisho.tracing.laying import end_coin, lay_coin
from sekisho.tracing.methods.desk import OFFSET, SATS, START, TAG
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.pool import count_of, drop, put
from sekisho.tracing.question import (
    AT_BLOCK,
    DUE,
    FAULT,
    FEE_ROWS,
    IMPOSSIBLE,
    MOST,
    NO_FEES,
    SEED_TX,
    UNKNOWN_END,
    UNSPENT_END,
    WAITING,
    Found,
    Question,
    Step,
    fail,
    first_at_least,
    note,
)
from sekisho.tracing.seeding import end_of_seeds
from sekisho.tracing.settle import settle
from sekisho.tracing.slab import FIRST_TX, Slab, spent_sats
from sekisho.tracing.work import Work, has_room, new_work, until_done


def follow(slab: Slab, asked: Question) -> Found:
    """Follow the seeds of one case through the whole chain."""
    work = new_work(asked)
    wake_seeds(asked, work, 1)
    work = until_done(lambda work: _follow(slab, asked, work), work)
    return Found(work.journal, work.tally)


@compiled_in_place
def wake_seeds(asked: Question, work: Work, sign: int) -> None:
    """Let every seed's transaction come up; with -1 as `sign` the newest first."""
    for seed in range(len(asked.seeds)):
        push(work, sign * asked.seeds[seed, SEED_TX], WAKE, 0)


@compiled_in_place
def _follow(slab: Slab, asked: Question, work: Work) -> bool:
    """Go on until all is done, or there is no room."""
    heap, tally = work.heap, work.tally
    while tally[WAITING] or tally[DUE]:
        block = tally[AT_BLOCK]
        if tally[DUE] and (tally[WAITING] == 0 or heap[0, NEXT] >= slab.blocks[block + 1, FIRST_TX]):
            tx = coinbase_of(slab, block)
            outputs = _outputs(slab, tx) if tx != NO_COINBASE else 0
            first_seed, end_seed = _seeds_of(slab, asked.seeds, tx) if tx != NO_COINBASE else (0, 0)
            if not has_room(work, asked, tally[FEE_ROWS], outputs + 1, end_seed - first_seed):
                return False
            tally[DUE] = 0
            step = take_fees(slab, asked.rules, work, block, tx, first_seed, end_seed)
            if tx == NO_COINBASE:
                continue
        else:
            tx = heap[0, NEXT]
            inputs, outputs = slab.tx_first_in[tx + 1] - slab.tx_first_in[tx], _outputs(slab, tx)
            first_seed, end_seed = _seeds_of(slab, asked.seeds, tx)
            if not has_room(work, asked, 0, max(inputs, outputs) + 1, end_seed - first_seed):
                return False
            coins = pop_next(work)
            rows = 0
            for coin in range(coins):
                rows += count_of(work.pool, work.coins[coin, FIRST])
            if not has_room(work, asked, rows, outputs + 1, end_seed - first_seed):
                put_back(work, coins, tx)
                return False
            while slab.blocks[block + 1, FIRST_TX] <= tx:
                block += 1
            tally[AT_BLOCK] = block
            if asked.rules.follow_fees != NO_FEES and slab.tx_flags[tx] & COINBASE:
                tally[DUE] = 1
                continue
            laid, total, mixed = _lay_inputs(slab, asked, work, coins, tx)
            step = Step(tx, block, laid, total, mixed, False, first_seed, end_seed)
        settle(slab, asked, work, step)
        if tally[FAULT]:
            return True
        if tally[FEE_ROWS]:
            tally[DUE] = 1
        _wait_or_end(slab, asked.rules.end_tx, work, tx)
    return True


@inlined
def _seeds_of(slab: Slab, seeds: I64, tx: int) -> tuple[int, int]:
    """Which seeds are outputs of a transaction."""
    first = first_at_least(seeds, SEED_TX, tx)
    return first, end_of_seeds(seeds, first, slab.tx_first_out[tx + 1])


@inlined
def _outputs(slab: Slab, tx: int) -> int:
    return int(slab.tx_first_out[tx + 1] - slab.tx_first_out[tx])


@inlined
def _lay_inputs(slab: Slab, asked: Question, work: Work, coins: int, tx: int) -> tuple[int, int, bool]:
    """Lay the tainted coins that `tx` spends. Their groups are given free.

    Where an input's value is unknown, the coins end, and nothing is laid.
    """
    first_in, end_in = slab.tx_first_in[tx], slab.tx_first_in[tx + 1]
    outputs = slab.out_sats[slab.tx_first_out[tx] : slab.tx_first_out[tx + 1]]
    known = coins > 0
    for at in range(first_in, end_in if known else first_in):
        known = known and spent_sats(slab, at) != UNKNOWN_SATS
    mixed = known and is_mix(slab, asked, work, tx, end_in - first_in, outputs)
    laid, total = 0, 0
    for at in range(first_in, end_in if known else first_in):
        coin = first_at_least(work.coins[:coins], TXO, slab.in_prev[at])
        if coin < coins and work.coins[coin, TXO] == slab.in_prev[at]:
            laid = lay_coin(work, laid, work.coins[coin, FIRST], total, asked.rules.method, mixed)
        total += spent_sats(slab, at)
        if total > MOST:
            fail(work.tally, IMPOSSIBLE, tx)
            break
    for coin in range(coins):
        if not known:
            end_coin(work, work.coins[coin, FIRST], tx, work.coins[coin, TXO], UNKNOWN_END)
        drop(work, work.coins[coin, FIRST])
    return laid, total, mixed


@inlined
def _wait_or_end(slab: Slab, end_tx: int, work: Work, tx: int) -> None:
    """Let the taint that goes on wait for what spends it; unspent, it ends."""
    made, first_txo = work.made, slab.tx_first_out[tx]
    for output in range(_outputs(slab, tx)):
        begin, rows_end = work.marks[OFFSET, output], work.marks[OFFSET, output + 1]
        if begin == rows_end:
            continue
        txo = first_txo + output
        spender = int(np.int64(slab.out_spender[txo]))
        if spender < end_tx:
            push(work, spender, txo, put(work, begin, rows_end))
        else:
            for row in range(begin, rows_end):
                start, sats, tag = made[row, START], made[row, SATS], made[row, TAG]
                note(work.journal, work.tally, UNSPENT_END, tx, txo, start, sats, tag)

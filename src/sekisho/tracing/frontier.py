"""The engine for one case, forward: only transactions that taint reaches are looked at, each once, in chain order.

Coins wait in a heap by the transaction that spends them. Parents have smaller numbers than children, so when a
transaction comes up, everything that taint brings to it is there. The cost grows with the taint, not with the chain.
"""

import numpy as np

from sekisho.chain.columns import I64, UNKNOWN_SATS
from sekisho.compiled import compiled, compiled_part
from sekisho.tracing.fees import NO_COINBASE, take_fees
from sekisho.tracing.heap import FIRST, NEXT, TXO, pop, push
from sekisho.tracing.laying import end_coin, lay_coin
from sekisho.tracing.methods.desk import OFFSET, SATS, START, TAG, Desk, new_desk
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.pool import Pool, count_of, drop, new_pool, put, with_rows
from sekisho.tracing.question import (
    FAULT,
    FEE_ROWS,
    IMPOSSIBLE,
    MOST,
    NO_FEES,
    SEED_TX,
    UNKNOWN_END,
    UNSPENT_END,
    Found,
    Question,
    Step,
    fail,
    longer,
    note,
    nothing_found,
    with_space,
)
from sekisho.tracing.settle import settle
from sekisho.tracing.slab import FIRST_TX, Slab, first_at_least, spent_sats

WAKE = -1
"""In the heap, in place of a coin: look at this transaction, for it made a seed."""


@compiled
def follow(slab: Slab, asked: Question) -> Found:
    """Follow the seeds of one case through the whole chain."""
    found = nothing_found(asked.case_of)
    desk, pool = new_desk(64, 256), new_pool(1024)
    heap, waiting = np.empty((1024 + len(asked.seeds), 3), np.int64), 0
    for seed in range(len(asked.seeds)):
        waiting = push(heap, waiting, asked.seeds[seed, SEED_TX], WAKE, 0)
    coins = np.empty((64, 3), np.int64)
    block, due = 0, False
    while waiting or due:
        if due and (waiting == 0 or heap[0, NEXT] >= slab.blocks[block + 1, FIRST_TX]):
            due = False
            desk, found, step = take_fees(slab, asked.rules, desk, found, block)
            if step.tx == NO_COINBASE:
                continue
        else:
            tx, count = heap[0, NEXT], 0
            while waiting and heap[0, NEXT] == tx:
                if heap[0, TXO] != WAKE:
                    coins = longer(coins, count, 1)
                    for column in range(3):
                        coins[count, column] = heap[0, column]
                    count += 1
                waiting = pop(heap, waiting)
            while slab.blocks[block + 1, FIRST_TX] <= tx:
                block += 1
            if asked.rules.follow_fees != NO_FEES and slab.tx_flags[tx] & COINBASE:
                due = True
                continue
            desk, found, step = _lay_inputs(slab, asked, pool, coins[:count], desk, found, tx, block)
        desk, found = settle(slab, asked, desk, found, step)
        if found.tally[FAULT]:
            break
        due = due or found.tally[FEE_ROWS] > 0
        outputs = slab.tx_first_out[step.tx + 1] - slab.tx_first_out[step.tx]
        pool = with_rows(pool, desk.marks[OFFSET, outputs])
        heap = longer(heap, waiting, outputs)
        waiting = _wait_or_end(slab, asked.rules.end_tx, desk, found, pool, heap, waiting, step.tx)
    return found


@compiled_part
def _lay_inputs(
    slab: Slab, asked: Question, pool: Pool, coins: I64, desk: Desk, found: Found, tx: int, block: int
) -> tuple[Desk, Found, Step]:
    """Lay the tainted coins that `tx` spends. Their groups are given free.

    Where an input's value is unknown, the coins end, and nothing is laid.
    """
    first_in, end_in = slab.tx_first_in[tx], slab.tx_first_in[tx + 1]
    outputs = slab.out_sats[slab.tx_first_out[tx] : slab.tx_first_out[tx + 1]]
    found = with_space(found, 0)
    known = len(coins) > 0
    for at in range(first_in, end_in if known else first_in):
        known = known and spent_sats(slab, at) != UNKNOWN_SATS
    mixed = known and is_mix(slab, asked, found, tx, end_in - first_in, outputs)
    laid, total = 0, 0
    for at in range(first_in, end_in if known else first_in):
        coin = first_at_least(coins, TXO, slab.in_prev[at])
        if coin < len(coins) and coins[coin, TXO] == slab.in_prev[at]:
            desk = lay_coin(desk, laid, pool, coins[coin, FIRST], total, asked.rules.method, mixed)
            laid += count_of(pool, coins[coin, FIRST])
        total += spent_sats(slab, at)
        if total > MOST:
            fail(found, IMPOSSIBLE, tx)
            break
    for coin in range(len(coins)):
        if not known:
            found = end_coin(found, pool, coins[coin, FIRST], tx, coins[coin, TXO], UNKNOWN_END)
        drop(pool, coins[coin, FIRST])
    return desk, found, Step(tx, block, laid, total, mixed, False)


@compiled_part
def _wait_or_end(
    slab: Slab, end_tx: int, desk: Desk, found: Found, pool: Pool, heap: I64, waiting: int, tx: int
) -> int:
    """Let the taint that goes on wait for what spends it; unspent, it ends. Returns how many coins wait."""
    made, first_txo = desk.made, slab.tx_first_out[tx]
    for output in range(slab.tx_first_out[tx + 1] - first_txo):
        begin, rows_end = desk.marks[OFFSET, output], desk.marks[OFFSET, output + 1]
        if begin == rows_end:
            continue
        spender = int(np.int64(slab.out_spender[first_txo + output]))
        if spender < end_tx:
            waiting = push(heap, waiting, spender, first_txo + output, put(pool, made, begin, rows_end))
        else:
            for row in range(begin, rows_end):
                note(found, UNSPENT_END, tx, first_txo + output, made[row, START], made[row, SATS], made[row, TAG])
    return waiting

"""The engine for one case, forward: only transactions that taint reaches are looked at, each once, in chain order.

Coins wait in a heap by the transaction that spends them. Parents have smaller numbers than children, so when a
transaction comes up, everything that taint brings to it is there. The cost grows with the taint, not with the chain.
"""

import numpy as np

from sekisho.chain.columns import I64, UNKNOWN_SATS
from sekisho.compiled import compiled
from sekisho.tracing.fees import NO_COINBASE, UNKNOWN_FEE, coinbase_of, end_fees, lay_fees
from sekisho.tracing.heap import FIRST, TX, TXO, pop, push
from sekisho.tracing.laying import end_coin, lay_coin
from sekisho.tracing.methods.desk import Desk, new_desk
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.pool import Pool, drop, new_pool, put, with_rows
from sekisho.tracing.question import (
    FAULT,
    FEE_ROWS,
    IMPOSSIBLE,
    MOST,
    NO_FEES,
    UNKNOWN_END,
    UNSPENT_END,
    Found,
    Question,
    Rules,
    Step,
    end,
    longer,
    nothing_found,
    with_space,
)
from sekisho.tracing.settle import fail, settle
from sekisho.tracing.slab import Slab, spent_sats

WAKE = -1
"""In the heap, in place of a coin: look at this transaction, for it made a seed."""


@compiled
def follow(slab: Slab, asked: Question, logged: bool) -> Found:
    """Follow the seeds of one case through the whole chain."""
    rules, seeds = asked.rules, asked.seeds
    found = nothing_found(len(seeds.case_of), 1, logged)
    desk, pool = new_desk(64, 256), new_pool(1024)
    heap, waiting = np.empty((1024, 3), np.int64), 0
    for seed in range(len(seeds.txo)):
        heap = longer(heap, waiting, 1)
        waiting = push(heap, waiting, seeds.tx[seed], WAKE, 0)
    coins = np.empty((64, 3), np.int64)
    block, due = 0, False
    while found.counts[FAULT] == 0:
        if due and (waiting == 0 or heap[0, TX] >= slab.block_first_tx[block + 1]):
            due = False
            desk, found, laid, total = _close_block(slab, rules, desk, found, block)
            tx = coinbase_of(slab, block)
            if tx == NO_COINBASE:
                continue
            desk, found = settle(slab, asked, desk, found, Step(tx, block, laid, total, False, True))
        elif waiting == 0:
            break
        else:
            tx, count = heap[0, TX], 0
            while waiting and heap[0, TX] == tx:
                if heap[0, TXO] != WAKE:
                    coins = longer(coins, count, 1)
                    coins[count] = heap[0]
                    count += 1
                waiting = pop(heap, waiting)
            while slab.block_first_tx[block + 1] <= tx:
                block += 1
            if rules.follow_fees != NO_FEES and slab.tx_flags[tx] & COINBASE:
                due = True
                continue
            desk, found, laid, total, mixed = _lay_inputs(slab, asked, pool, coins[:count], desk, found, tx)
            desk, found = settle(slab, asked, desk, found, Step(tx, block, laid, total, mixed, False))
            due = due or found.counts[FEE_ROWS] > 0
        if found.counts[FAULT]:
            break
        outputs = slab.tx_first_out[tx + 1] - slab.tx_first_out[tx]
        pool = with_rows(pool, desk.offset[outputs])
        heap = longer(heap, waiting, outputs)
        waiting = _wait_or_end(slab, rules.end_tx, desk, found, pool, heap, waiting, tx)
    return found


@compiled
def _close_block(slab: Slab, rules: Rules, desk: Desk, found: Found, block: int) -> tuple[Desk, Found, int, int]:
    """Lay the fees that wait for the coinbase of a block that is done."""
    desk, laid, total = lay_fees(slab, rules, desk, found, block, coinbase_of(slab, block))
    if total == UNKNOWN_FEE:
        found = end_fees(found)
        laid = 0
    found.counts[FEE_ROWS] = 0
    return desk, found, laid, total


@compiled
def _lay_inputs(
    slab: Slab, asked: Question, pool: Pool, coins: I64, desk: Desk, found: Found, tx: int
) -> tuple[Desk, Found, int, int, bool]:
    """Lay the tainted coins that `tx` spends; returns how many rows, what all inputs hold, and whether it is a mix.

    Where an input's value is unknown, the coins end, and nothing is laid. The coins' groups are given free.
    """
    first_in, end_in = slab.tx_first_in[tx], slab.tx_first_in[tx + 1]
    outputs = slab.out_sats[slab.tx_first_out[tx] : slab.tx_first_out[tx + 1]]
    found = with_space(found, 0)
    mixed, known, laid, total = False, True, 0, 0
    if len(coins):
        for at in range(first_in, end_in):
            known = known and spent_sats(slab, at) != UNKNOWN_SATS
        mixed = known and is_mix(slab, asked, found, tx, end_in - first_in, outputs)
        for at in range(first_in, end_in if known else first_in):
            coin = _find(coins, slab.in_prev[at])
            if coin >= 0:
                desk, laid = lay_coin(desk, laid, pool, coins[coin, FIRST], total, asked.rules.method, mixed)
            total += spent_sats(slab, at)
            if total > MOST:
                fail(found, IMPOSSIBLE, tx)
                break
    for coin in range(len(coins)):
        if not known:
            found = end_coin(found, pool, coins[coin, FIRST], tx, coins[coin, TXO], UNKNOWN_END)
        drop(pool, coins[coin, FIRST])
    return desk, found, laid, total, mixed


@compiled
def _find(coins: I64, txo: int) -> int:
    """Which of these coins, ascending, is output `txo`; -1 for none."""
    low, high = 0, len(coins)
    while low < high:
        middle = (low + high) // 2
        if coins[middle, TXO] < txo:
            low = middle + 1
        else:
            high = middle
    return low if low < len(coins) and coins[low, TXO] == txo else -1


@compiled
def _wait_or_end(
    slab: Slab, end_tx: int, desk: Desk, found: Found, pool: Pool, heap: I64, waiting: int, tx: int
) -> int:
    """Let the taint that goes on wait for what spends it; unspent, it ends. Returns how many coins wait."""
    first_txo = slab.tx_first_out[tx]
    for output in range(slab.tx_first_out[tx + 1] - first_txo):
        begin, rows_end = desk.offset[output], desk.offset[output + 1]
        spender = int(np.int64(slab.out_spender[first_txo + output]))
        if begin == rows_end:
            continue
        if spender >= end_tx:
            for row in range(begin, rows_end):
                end(found, tx, first_txo + output, desk.made[row, 1], desk.made[row, 2], UNSPENT_END)
        else:
            waiting = push(heap, waiting, spender, first_txo + output, put(pool, desk.made, begin, rows_end))
    return waiting

"""The engine for one case, backward: where the satoshis of some coins came from.

Coins wait in a heap by the transaction that made them, the newest first, so that everything which came out of a
transaction is there when it comes up. A coinbase ends the way (mined), and so does a coin from outside the chain.
Seeds are added when the transaction that made them comes up, after what later transactions brought to them.
"""

import numpy as np

from sekisho.chain.columns import I64, UNKNOWN_SATS, TxFlag
from sekisho.compiled import compiled
from sekisho.tracing.heap import FIRST, TX, TXO, pop, push
from sekisho.tracing.listed import is_listed
from sekisho.tracing.methods.carry import carry
from sekisho.tracing.methods.desk import (
    LIFO_MIRROR,
    SATS,
    START,
    TAG,
    TARGET,
    Desk,
    in_order,
    new_desk,
    rows_made,
    with_room,
)
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.pool import TAG_MASK, Pool, count_of, drop, new_pool, put, with_rows
from sekisho.tracing.question import (
    COINJOIN_END,
    FAULT,
    IMPOSSIBLE,
    MINED_END,
    MOST,
    NOT_CONSERVED,
    PASSED,
    SERVICE_END,
    UNKNOWN_END,
    Found,
    Question,
    Step,
    end,
    longer,
    note,
    nothing_found,
    with_space,
)
from sekisho.tracing.seeding import add_seeds, is_seed, seeds_between
from sekisho.tracing.settle import GOES_ON, below, count_passed, fail
from sekisho.tracing.slab import Slab, spent_sats, spent_script, time_of

OUTSIDE = int(TxFlag.OUTSIDE)
WAKE = -1


@compiled
def trace_back(slab: Slab, asked: Question, logged: bool) -> Found:
    """Follow the seeds of one case to where they came from."""
    seeds = asked.seeds
    found = nothing_found(len(seeds.case_of), 1, logged)
    desk, pool = new_desk(64, 256), new_pool(1024)
    heap, waiting = np.empty((1024, 3), np.int64), 0
    for seed in range(len(seeds.txo)):
        heap = longer(heap, waiting, 1)
        waiting = push(heap, waiting, -seeds.tx[seed], WAKE, 0)
    while waiting and found.counts[FAULT] == 0:
        tx = -heap[0, TX]
        desk, found, waiting = _gather(slab, asked, desk, found, pool, heap, waiting, tx)
        rows = desk.offset[slab.tx_first_out[tx + 1] - slab.tx_first_out[tx]]
        pool = with_rows(pool, rows)
        if slab.tx_flags[tx] & (COINBASE | OUTSIDE):
            _end_all(slab, desk, found, tx, MINED_END if slab.tx_flags[tx] & COINBASE else UNKNOWN_END)
            continue
        total = _total(slab, tx)
        if total < 0:
            _end_all(slab, desk, found, tx, UNKNOWN_END)
            continue
        desk, found, mixed = _turn(slab, asked, desk, found, tx, total)
        if found.counts[FAULT]:
            break
        inputs = slab.tx_first_in[tx + 1] - slab.tx_first_in[tx]
        found = with_space(found, desk.offset[inputs])
        pool = with_rows(pool, desk.offset[inputs])
        heap = longer(heap, waiting, inputs)
        waiting = _wait_or_end(slab, asked, Step(tx, 0, rows, total, mixed, False), desk, found, pool, heap, waiting)
    return found


@compiled
def _gather(
    slab: Slab, asked: Question, desk: Desk, found: Found, pool: Pool, heap: I64, waiting: int, tx: int
) -> tuple[Desk, Found, int]:
    """Put the taint of every output of `tx` on the desk, by output, with what seeds add."""
    first_txo, end_txo = slab.tx_first_out[tx], slab.tx_first_out[tx + 1]
    outputs = end_txo - first_txo
    desk = with_room(desk, outputs, 0)
    made, target = 0, 0
    desk.offset[0] = 0
    while waiting and heap[0, TX] == -tx:
        txo, first = heap[0, TXO], heap[0, FIRST]
        waiting = pop(heap, waiting)
        if txo == WAKE:
            continue
        while target < txo - first_txo:
            target += 1
            desk.offset[target] = made
        count = count_of(pool, first)
        desk = with_room(desk, outputs, made + count)
        for row in range(first, first + count):
            desk.made[made, START] = pool.rows[row, START]
            desk.made[made, SATS] = pool.rows[row, SATS]
            desk.made[made, TAG] = pool.rows[row, TAG] & TAG_MASK
            desk.made[made, TARGET] = target
            made += 1
        drop(pool, first)
    while target < outputs:
        target += 1
        desk.offset[target] = made
    for output in range(outputs):
        desk.room[output] = slab.out_sats[first_txo + output]
    first_seed, end_seed = seeds_between(asked.seeds, first_txo, end_txo)
    if first_seed < end_seed:
        desk = add_seeds(desk, found, asked.seeds, first_seed, end_seed, first_txo, outputs, asked.rules.method)
    found = with_space(found, desk.offset[outputs])
    for row in range(desk.offset[outputs]):
        txo = first_txo + desk.made[row, TARGET]
        note(found, tx, txo, desk.made[row, START], desk.made[row, SATS], desk.made[row, TAG])
    return desk, found, waiting


@compiled
def _end_all(slab: Slab, desk: Desk, found: Found, tx: int, status: int) -> None:
    """End everything on the desk where it lies."""
    first_txo = slab.tx_first_out[tx]
    for row in range(desk.offset[slab.tx_first_out[tx + 1] - first_txo]):
        end(found, tx, first_txo + desk.made[row, TARGET], desk.made[row, SATS], desk.made[row, TAG], status)


@compiled
def _total(slab: Slab, tx: int) -> int:
    """What all inputs hold; -1 where it is unknown."""
    total = 0
    for at in range(slab.tx_first_in[tx], slab.tx_first_in[tx + 1]):
        sats = spent_sats(slab, at)
        if sats == UNKNOWN_SATS:
            return -1
        total = min(total + sats, MOST + 1)
    return total


@compiled
def _turn(slab: Slab, asked: Question, desk: Desk, found: Found, tx: int, total: int) -> tuple[Desk, Found, bool]:
    """Carry what is on the desk from the outputs to the inputs of `tx`."""
    method, case_of = asked.rules.method, asked.seeds.case_of
    first_txo, first_in = slab.tx_first_out[tx], slab.tx_first_in[tx]
    outputs, inputs = slab.tx_first_out[tx + 1] - first_txo, slab.tx_first_in[tx + 1] - first_in
    mixed = is_mix(slab, asked, found, tx, inputs, slab.out_sats[first_txo : first_txo + outputs])
    laid, place = 0, 0
    for step in range(outputs):
        output = outputs - 1 - step if method == LIFO_MIRROR else step
        for row in range(desk.offset[output], desk.offset[output + 1]):
            desk.laid[laid, START] = place + desk.made[row, START]
            desk.laid[laid, SATS] = desk.made[row, SATS]
            desk.laid[laid, TAG] = desk.made[row, TAG] | (1 if mixed else 0)
            laid += 1
        place += desk.room[output]
    if place > total or total > MOST:
        fail(found, IMPOSSIBLE, tx)
        return desk, found, mixed
    laid = in_order(desk, laid, method, case_of)
    count_passed(found, desk, laid, case_of)
    note(found, tx, PASSED, 0, 0, 0)
    desk = with_room(desk, inputs, rows_made(desk.laid, laid, method, inputs, case_of))
    for at in range(inputs):
        desk.room[at] = spent_sats(slab, first_in + at)
    if carry(desk, laid, inputs, method, True, total, case_of) < 0:
        fail(found, NOT_CONSERVED, tx)
    return desk, found, mixed


@compiled
def _wait_or_end(
    slab: Slab, asked: Question, step: Step, desk: Desk, found: Found, pool: Pool, heap: I64, waiting: int
) -> int:
    """End what ends at a coin that the transaction spent; the rest waits. Returns how many coins wait."""
    first_in = slab.tx_first_in[step.tx]
    for at in range(slab.tx_first_in[step.tx + 1] - first_in):
        begin, rows_end = desk.offset[at], desk.offset[at + 1]
        if begin == rows_end:
            continue
        txo = slab.in_prev[first_in + at]
        maker = int(np.searchsorted(slab.tx_first_out, txo, side="right")) - 1
        fate = _fate(slab, asked, step, first_in + at, maker)
        if fate == GOES_ON and asked.rules.min_sats:
            fate = below(desk, asked.rules, begin, rows_end, at)
        if fate == GOES_ON or is_seed(asked.seeds, txo, 0):
            waiting = push(heap, waiting, -maker, txo, put(pool, desk.made, begin, rows_end))
            continue
        for row in range(begin, rows_end):
            start, sats, tag = desk.made[row, START], desk.made[row, SATS], desk.made[row, TAG]
            note(found, step.tx, txo, start, sats, tag)
            end(found, step.tx if fate == COINJOIN_END else maker, txo, sats, tag, fate)
    return waiting


@compiled
def _fate(slab: Slab, asked: Question, step: Step, place: int, maker: int) -> int:
    """What becomes of any taint in the coin that the input at `place` spends: GOES_ON, or where it ends.

    A coin of a service ends the way: its books know who paid it in. Seeds go on, as forward.
    """
    if step.mixed and asked.rules.stop_at_mix:
        return COINJOIN_END
    if len(asked.stops.script) and is_listed(asked.stops, spent_script(slab, place), _made_at(slab, maker)):
        return SERVICE_END
    return GOES_ON


@compiled
def _made_at(slab: Slab, maker: int) -> int:
    """When a transaction was made, for lists with dates."""
    return time_of(slab, int(np.searchsorted(slab.block_first_tx, maker, side="right")) - 1)

"""The engine for one case, backward: where the satoshis of some coins came from.

Coins wait in a heap by the transaction that made them, the newest first, so that everything which came out of a
transaction is there when it comes up. A coinbase ends the way (mined), and so does a coin from outside the chain.
Seeds are added when the transaction that made them comes up, after what later transactions brought to them.
"""

import numpy as np

from sekisho.chain.columns import I64, UNKNOWN_SATS, TxFlag
from sekisho.compiled import compiled, compiled_part
from sekisho.tracing.heap import FIRST, NEXT, TXO, pop, push
from sekisho.tracing.listed import ANY, is_listed
from sekisho.tracing.methods.carry import carry
from sekisho.tracing.methods.desk import (
    LIFO_MIRROR,
    OFFSET,
    ROOM,
    SATS,
    START,
    TAG,
    TARGET,
    Desk,
    in_order,
    lay,
    make,
    new_desk,
    rows_made,
    with_room,
)
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.pool import TAG_MASK, Pool, count_of, drop, new_pool, put, with_rows
from sekisho.tracing.question import (
    BELOW_END,
    COINJOIN_END,
    FAULT,
    IMPOSSIBLE,
    MADE,
    MINED_END,
    MOST,
    NO_OUTPUT,
    NOT_CONSERVED,
    PASSED,
    SEED_TX,
    SERVICE_END,
    UNKNOWN_END,
    Found,
    Question,
    Step,
    count_passed,
    fail,
    longer,
    note,
    nothing_found,
    with_space,
)
from sekisho.tracing.seeding import add_seeds, is_seed
from sekisho.tracing.settle import GOES_ON, is_below
from sekisho.tracing.slab import FIRST_TX, TIME, Slab, first_at_least, spent_sats, spent_script

OUTSIDE = int(TxFlag.OUTSIDE)

WAKE = -1
"""In the heap, in place of a coin: look at this transaction, for it made a seed."""


@compiled
def trace_back(slab: Slab, asked: Question) -> Found:
    """Follow the seeds of one case to where they came from."""
    found = nothing_found(asked.case_of)
    desk, pool = new_desk(64, 256), new_pool(1024)
    heap, waiting = np.empty((1024 + len(asked.seeds), 3), np.int64), 0
    for seed in range(len(asked.seeds)):
        waiting = push(heap, waiting, -asked.seeds[seed, SEED_TX], WAKE, 0)
    while waiting:
        tx = -heap[0, NEXT]
        desk, waiting = _gather(slab, desk, pool, heap, waiting, tx)
        desk, found = _seed(slab, asked, desk, found, tx)
        status, total = _way_back(slab, tx)
        if status != GOES_ON:
            _end_all(slab, desk, found, tx, status)
            continue
        desk, found, step = _turn(slab, asked, desk, found, tx, total)
        if found.tally[FAULT]:
            break
        inputs = slab.tx_first_in[tx + 1] - slab.tx_first_in[tx]
        found = with_space(found, desk.marks[OFFSET, inputs])
        pool = with_rows(pool, desk.marks[OFFSET, inputs])
        heap = longer(heap, waiting, inputs)
        waiting = _wait_or_end(slab, asked, step, desk, found, pool, heap, waiting)
    return found


@compiled_part
def _gather(slab: Slab, desk: Desk, pool: Pool, heap: I64, waiting: int, tx: int) -> tuple[Desk, int]:
    """Put the taint of every output of `tx` on the desk, by output; returns how many coins still wait."""
    first_txo = slab.tx_first_out[tx]
    outputs = slab.tx_first_out[tx + 1] - first_txo
    desk = with_room(desk, outputs, 0)
    for output in range(outputs):
        desk.marks[ROOM, output] = slab.out_sats[first_txo + output]
    rows, target = 0, 0
    desk.marks[OFFSET, 0] = 0
    while waiting and heap[0, NEXT] == -tx:
        txo, first = heap[0, TXO], heap[0, FIRST]
        waiting = pop(heap, waiting)
        if txo == WAKE:
            continue
        while target < txo - first_txo:
            target += 1
            desk.marks[OFFSET, target] = rows
        count = count_of(pool, first)
        desk = with_room(desk, outputs, rows + count)
        for row in range(first, first + count):
            tag = pool.rows[row, TAG] & TAG_MASK
            rows = make(desk.made, rows, pool.rows[row, START], pool.rows[row, SATS], tag, target)
        drop(pool, first)
    while target < outputs:
        target += 1
        desk.marks[OFFSET, target] = rows
    return desk, waiting


@compiled_part
def _seed(slab: Slab, asked: Question, desk: Desk, found: Found, tx: int) -> tuple[Desk, Found]:
    """Add what seeds add to the outputs of `tx`."""
    first_txo = slab.tx_first_out[tx]
    outputs = slab.tx_first_out[tx + 1] - first_txo
    method = asked.rules.method
    desk = add_seeds(desk, asked.seeds, asked.case_of, first_txo, outputs, outputs, method, found.tally)
    found = with_space(found, desk.marks[OFFSET, outputs])
    for row in range(desk.marks[OFFSET, outputs] if asked.rules.log_hops else 0):
        start, sats, tag = desk.made[row, START], desk.made[row, SATS], desk.made[row, TAG]
        note(found, MADE, tx, first_txo + desk.made[row, TARGET], start, sats, tag)
    return desk, found


@compiled_part
def _way_back(slab: Slab, tx: int) -> tuple[int, int]:
    """Whether the way goes on through `tx` (GOES_ON) or how it ends, and what all inputs hold."""
    if slab.tx_flags[tx] & COINBASE:
        return MINED_END, 0
    if slab.tx_flags[tx] & OUTSIDE:
        return UNKNOWN_END, 0
    total = 0
    for at in range(slab.tx_first_in[tx], slab.tx_first_in[tx + 1]):
        sats = spent_sats(slab, at)
        if sats == UNKNOWN_SATS:
            return UNKNOWN_END, 0
        total = min(total + sats, MOST + 1)
    return GOES_ON, total


@compiled_part
def _end_all(slab: Slab, desk: Desk, found: Found, tx: int, status: int) -> None:
    """End everything on the desk where it lies."""
    first_txo = slab.tx_first_out[tx]
    for row in range(desk.marks[OFFSET, slab.tx_first_out[tx + 1] - first_txo]):
        txo = first_txo + desk.made[row, TARGET]
        note(found, status, tx, txo, desk.made[row, START], desk.made[row, SATS], desk.made[row, TAG])


@compiled_part
def _turn(slab: Slab, asked: Question, desk: Desk, found: Found, tx: int, total: int) -> tuple[Desk, Found, Step]:
    """Carry what is on the desk from the outputs to the inputs of `tx`."""
    method, case_of = asked.rules.method, asked.case_of
    first_txo, first_in = slab.tx_first_out[tx], slab.tx_first_in[tx]
    outputs, inputs = slab.tx_first_out[tx + 1] - first_txo, slab.tx_first_in[tx + 1] - first_in
    mixed = is_mix(slab, asked, found, tx, inputs, slab.out_sats[first_txo : first_txo + outputs])
    laid, place = 0, 0
    for step in range(outputs):
        output = outputs - 1 - step if method == LIFO_MIRROR else step
        for row in range(desk.marks[OFFSET, output], desk.marks[OFFSET, output + 1]):
            tag = desk.made[row, TAG] | (1 if mixed else 0)
            laid = lay(desk.laid, laid, place + desk.made[row, START], desk.made[row, SATS], tag)
        place += desk.marks[ROOM, output]
    done = Step(tx, 0, laid, total, mixed, False)
    if place > total or total > MOST:
        fail(found, IMPOSSIBLE, tx)
        return desk, found, done
    laid = in_order(desk.laid, laid, method, case_of)
    count_passed(found, desk.laid, laid, case_of)
    if laid and asked.rules.log_hops:
        note(found, PASSED, tx, NO_OUTPUT, 0, 0, 0)
    desk = with_room(desk, inputs, rows_made(desk.laid, laid, method, inputs, case_of))
    for at in range(inputs):
        desk.marks[ROOM, at] = spent_sats(slab, first_in + at)
    if not carry(desk, laid, inputs, method, True, total, case_of):
        fail(found, NOT_CONSERVED, tx)
    return desk, found, done


@compiled_part
def _wait_or_end(
    slab: Slab, asked: Question, step: Step, desk: Desk, found: Found, pool: Pool, heap: I64, waiting: int
) -> int:
    """End what ends at a coin that the transaction spent; the rest waits. Returns how many coins wait."""
    first_in = slab.tx_first_in[step.tx]
    for at in range(slab.tx_first_in[step.tx + 1] - first_in):
        begin, rows_end = desk.marks[OFFSET, at], desk.marks[OFFSET, at + 1]
        if begin == rows_end:
            continue
        txo = slab.in_prev[first_in + at]
        maker = int(np.searchsorted(slab.tx_first_out, txo, side="right")) - 1
        fate = _fate(slab, asked, step, first_in + at, maker)
        if fate == GOES_ON and is_below(desk.made, begin, rows_end, desk.marks[ROOM, at], asked.rules):
            fate = BELOW_END
        if fate == GOES_ON or is_seed(asked.seeds, asked.case_of, txo, 0):
            waiting = push(heap, waiting, -maker, txo, put(pool, desk.made, begin, rows_end))
            continue
        for row in range(begin, rows_end):
            start, sats, tag = desk.made[row, START], desk.made[row, SATS], desk.made[row, TAG]
            note(found, fate, step.tx if fate == COINJOIN_END else maker, txo, start, sats, tag)
            if asked.rules.log_hops:
                note(found, MADE, step.tx, txo, start, sats, tag)
    return waiting


@compiled_part
def _fate(slab: Slab, asked: Question, step: Step, place: int, maker: int) -> int:
    """What becomes of any taint in the coin that the input at `place` spends: GOES_ON, or where it ends.

    A coin of a service ends the way: its books know who paid it in. Seeds go on, as forward.
    """
    if step.mixed and asked.rules.stop_at_mix:
        return COINJOIN_END
    if len(asked.stops):
        block = first_at_least(slab.blocks, FIRST_TX, maker + 1) - 1
        if is_listed(asked.stops, spent_script(slab, place), slab.blocks[block, TIME], ANY):
            return SERVICE_END
    return GOES_ON

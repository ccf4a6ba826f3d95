"""The engine for one case, backward: where the satoshis of some coins came from.

Coins wait in a heap by the transaction that made them, the newest first, so that everything which came out of a
transaction is there when it comes up. A coinbase ends the way (mined), and so does a coin from outside the chain.
Seeds are added when the transaction that made them comes up, after what later transactions brought to them.
"""

from sekisho.chain.columns import UNKNOWN_SATS, TxFlag
from sekisho.compiled import compiled_in_place, inlined
from sekisho.tracing.frontier import wake_seeds
from sekisho.tracing.heap import FIRST, NEXT, TXO, pop_next, push, put_back
from sekisho.tracing.listed import ANY, is_listed
from sekisho.tracing.methods.carry import carry
from sekisho.tracing.methods.desk import LIFO_MIRROR, OFFSET, ROOM, SATS, START, TAG, TARGET, in_order, lay, make
from sekisho.tracing.mixing import COINBASE, is_mix
from sekisho.tracing.pool import TAG_MASK, count_of, drop, put
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
    SEED_TXO,
    SERVICE_END,
    UNKNOWN_END,
    WAITING,
    Found,
    Question,
    Step,
    count_passed,
    fail,
    first_at_least,
    note,
)
from sekisho.tracing.seeding import add_seeds, end_of_seeds, is_seed
from sekisho.tracing.settle import GOES_ON, is_below
from sekisho.tracing.slab import FIRST_TX, TIME, Slab, spent_sats, spent_script
from sekisho.tracing.work import Work, has_room, new_work, until_done

OUTSIDE = int(TxFlag.OUTSIDE)


def trace_back(slab: Slab, asked: Question) -> Found:
    """Follow the seeds of one case to where they came from."""
    work = new_work(asked)
    wake_seeds(asked, work, -1)
    work = until_done(lambda work: _trace_back(slab, asked, work), work)
    return Found(work.journal, work.tally)


@compiled_in_place
def _trace_back(slab: Slab, asked: Question, work: Work) -> bool:
    """Go on until all is done, or there is no room."""
    heap, tally = work.heap, work.tally
    while tally[WAITING]:
        tx = -heap[0, NEXT]
        first_txo = slab.tx_first_out[tx]
        inputs, outputs = slab.tx_first_in[tx + 1] - slab.tx_first_in[tx], slab.tx_first_out[tx + 1] - first_txo
        targets = max(inputs, outputs) + 1
        first_seed = first_at_least(asked.seeds, SEED_TXO, first_txo)
        end_seed = end_of_seeds(asked.seeds, first_seed, first_txo + outputs)
        seeds = end_seed - first_seed
        if not has_room(work, asked, 0, targets, seeds):
            return False
        coins = pop_next(work)
        rows = 0
        for coin in range(coins):
            rows += count_of(work.pool, work.coins[coin, FIRST])
        if not has_room(work, asked, rows + seeds * (rows + 2), targets, seeds):
            put_back(work, coins, -tx)
            return False
        _gather(slab, work, coins, tx)
        add_seeds(work, asked, first_seed, end_seed, first_txo, outputs)
        _note_outputs(work, first_txo, outputs if asked.rules.log_hops else 0, tx)
        status, total = _way_back(slab, tx)
        if status != GOES_ON:
            _end_all(work, first_txo, outputs, tx, status)
            continue
        step = _turn(slab, asked, work, tx, total)
        if tally[FAULT]:
            return True
        _wait_or_end(slab, asked, work, step)
    return True


@inlined
def _gather(slab: Slab, work: Work, coins: int, tx: int) -> None:
    """Put the taint of every output of `tx` on the desk, by output."""
    pool, made, marks = work.pool, work.made, work.marks
    first_txo = slab.tx_first_out[tx]
    outputs = slab.tx_first_out[tx + 1] - first_txo
    rows, coin = 0, 0
    for output in range(outputs):
        marks[ROOM, output] = slab.out_sats[first_txo + output]
        marks[OFFSET, output] = rows
        if coin < coins and work.coins[coin, TXO] == first_txo + output:
            first = work.coins[coin, FIRST]
            for row in range(first, first + count_of(pool, first)):
                rows = make(made, rows, pool[row, START], pool[row, SATS], pool[row, TAG] & TAG_MASK, output)
            drop(work, first)
            coin += 1
    marks[OFFSET, outputs] = rows


@inlined
def _note_outputs(work: Work, first_txo: int, outputs: int, tx: int) -> None:
    """Note what lies in these outputs, for hops."""
    made = work.made
    for row in range(work.marks[OFFSET, outputs] if outputs else 0):
        txo = first_txo + made[row, TARGET]
        note(work.journal, work.tally, MADE, tx, txo, made[row, START], made[row, SATS], made[row, TAG])


@inlined
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


@inlined
def _end_all(work: Work, first_txo: int, outputs: int, tx: int, status: int) -> None:
    """End everything on the desk where it lies."""
    made = work.made
    for row in range(work.marks[OFFSET, outputs]):
        txo = first_txo + made[row, TARGET]
        note(work.journal, work.tally, status, tx, txo, made[row, START], made[row, SATS], made[row, TAG])


@inlined
def _turn(slab: Slab, asked: Question, work: Work, tx: int, total: int) -> Step:
    """Carry what is on the desk from the outputs to the inputs of `tx`."""
    method, case_of, made = asked.rules.method, asked.case_of, work.made
    first_txo, first_in = slab.tx_first_out[tx], slab.tx_first_in[tx]
    outputs, inputs = slab.tx_first_out[tx + 1] - first_txo, slab.tx_first_in[tx + 1] - first_in
    mixed = is_mix(slab, asked, work, tx, inputs, slab.out_sats[first_txo : first_txo + outputs])
    laid, place = 0, 0
    for count in range(outputs):
        output = outputs - 1 - count if method == LIFO_MIRROR else count
        for row in range(work.marks[OFFSET, output], work.marks[OFFSET, output + 1]):
            tag = made[row, TAG] | (1 if mixed else 0)
            laid = lay(work.laid, laid, place + made[row, START], made[row, SATS], tag)
        place += work.marks[ROOM, output]
    if place > total or total > MOST:
        fail(work.tally, IMPOSSIBLE, tx)
        return Step(tx, 0, laid, total, mixed, False, 0, 0)
    laid = in_order(work.laid, laid, method, case_of)
    count_passed(work.tally, work.laid, laid, case_of)
    if laid and asked.rules.log_hops:
        note(work.journal, work.tally, PASSED, tx, NO_OUTPUT, 0, 0, 0)
    for at in range(inputs):
        work.marks[ROOM, at] = spent_sats(slab, first_in + at)
    if not carry(work, laid, inputs, method, True, total, case_of):
        fail(work.tally, NOT_CONSERVED, tx)
    return Step(tx, 0, laid, total, mixed, False, 0, 0)


@inlined
def _wait_or_end(slab: Slab, asked: Question, work: Work, step: Step) -> None:
    """End what ends at a coin that the transaction spent; the rest waits for what made it."""
    made, marks, first_in = work.made, work.marks, slab.tx_first_in[step.tx]
    for at in range(slab.tx_first_in[step.tx + 1] - first_in):
        begin, rows_end = marks[OFFSET, at], marks[OFFSET, at + 1]
        if begin == rows_end:
            continue
        txo = slab.in_prev[first_in + at]
        maker = _maker(slab, txo)
        fate = _fate(slab, asked, step, first_in + at, maker)
        if fate == GOES_ON and is_below(made, begin, rows_end, marks[ROOM, at], asked.rules):
            fate = BELOW_END
        if fate == GOES_ON or is_seed(asked.seeds, asked.case_of, txo, 0):
            push(work, -maker, txo, put(work, begin, rows_end))
            continue
        for row in range(begin, rows_end):
            start, sats, tag = made[row, START], made[row, SATS], made[row, TAG]
            named = step.tx if fate == COINJOIN_END else maker
            note(work.journal, work.tally, fate, named, txo, start, sats, tag)
            if asked.rules.log_hops:
                note(work.journal, work.tally, MADE, step.tx, txo, start, sats, tag)


@inlined
def _maker(slab: Slab, txo: int) -> int:
    """The transaction that made an output."""
    low, high = 0, len(slab.tx_first_out)
    while low < high:
        middle = (low + high) // 2
        if slab.tx_first_out[middle] <= txo:
            low = middle + 1
        else:
            high = middle
    return low - 1


@inlined
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

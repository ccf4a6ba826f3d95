"""The plain case of a sweep, which is nearly all of a chain: one label, exact taint, no places, only ends to tell.

What comes in is then one number, and what goes out one number an output: nothing is laid on the desk or sorted. The
result is that of `settle`, entry by entry.
"""

import numpy as np

from sekisho.chain.columns import I64, U32, UNKNOWN_SATS
from sekisho.compiled import inlined
from sekisho.tracing.methods.desk import FIRST_WITH_PLACES, GIVEN, HAIRCUT, ORDER, POISON, ROOM, SATS, TAG
from sekisho.tracing.methods.haircut import share
from sekisho.tracing.methods.tiho import largest_first
from sekisho.tracing.patterns.prefilter import may_be_mix
from sekisho.tracing.pool import ONE_ROW, drop_one, put_one
from sekisho.tracing.question import (
    BELOW_END,
    FEES_END,
    MOST,
    NO_FEES,
    NO_OUTPUT,
    NOT_CONSERVED,
    TALLIES,
    Question,
    fail,
    note,
)
from sekisho.tracing.settle import GOES_ON, fate_of
from sekisho.tracing.slab import Slab, spent_sats
from sekisho.tracing.work import Work, has_room

NOT_PLAIN = -1
ONLY_CASE = TALLIES + 1
"""Where the one case of one label counts its transactions."""


@inlined
def may_be_plain(asked: Question) -> bool:
    """Whether what is asked allows for it."""
    rules = asked.rules
    one_label = len(asked.case_of) == 1
    return one_label and rules.method < FIRST_WITH_PLACES and rules.follow_fees == NO_FEES and not rules.log_hops


@inlined
def pass_plain(slab: Slab, asked: Question, work: Work, base: int, heads: U32, tx: int, block: int) -> bool:
    """Carry the taint of coins that `tx` spends to what it makes, of which none is a seed.

    False, and nothing is touched, where that is not plain: a value is unknown or impossible, taint came through a mix,
    this could be one, or there is no room.
    """
    at, marks, method = tx - slab.first_tx, work.marks, asked.rules.method
    first_in, end_in = slab.tx_first_in[at], slab.tx_first_in[at + 1]
    first_out = slab.tx_first_out[at] - slab.first_out
    outputs = slab.tx_first_out[at + 1] - slab.tx_first_out[at]
    if not has_room(work, asked, 1, outputs + 1, 0):
        return False
    if asked.rules.ask_mixes and may_be_mix(end_in - first_in, slab.out_sats[first_out : first_out + outputs]):
        return False
    part, total = _arriving(slab, work, base, heads, first_in, end_in)
    fee = total
    for output in range(outputs):
        marks[ROOM, output] = slab.out_sats[first_out + output]
        fee -= marks[ROOM, output]
    if part == NOT_PLAIN or fee < 0:
        return False
    marks[ROOM, outputs] = fee
    _take(slab, work, base, heads, first_in, end_in)
    work.tally[ONLY_CASE] += 1
    if not _share_out(marks, method, outputs + 1, part, total):
        fail(work.tally, NOT_CONSERVED, tx)
        return True
    if marks[GIVEN, outputs] > 0:
        note(work.journal, work.tally, FEES_END, tx, NO_OUTPUT, 0, marks[GIVEN, outputs], 0)
    for output in range(outputs):
        sats = marks[GIVEN, output]
        if sats == 0 and method != POISON:
            continue
        txo = slab.tx_first_out[at] + output
        fate = fate_of(slab, asked, tx, block, False, txo)
        if fate == GOES_ON and sats < asked.rules.min_sats:
            fate = BELOW_END
        if fate == GOES_ON:
            heads[txo - base] = put_one(work, sats) + 1
        else:
            note(work.journal, work.tally, fate, tx, txo, 0, sats, 0)
    return True


@inlined
def _arriving(slab: Slab, work: Work, base: int, heads: U32, first_in: int, end_in: int) -> tuple[int, int]:
    """How many tainted satoshis these inputs bring, or NOT_PLAIN; and how many satoshis in all."""
    part, total = 0, 0
    for place in range(first_in, end_in):
        coin, sats = slab.in_prev[place] - base, spent_sats(slab, place)
        if sats == UNKNOWN_SATS:
            return NOT_PLAIN, total
        total += sats
        if total > MOST:
            return NOT_PLAIN, total
        if coin >= 0 and heads[coin]:
            first = int(np.int64(heads[coin])) - 1
            if work.pool[first, TAG] != ONE_ROW:
                return NOT_PLAIN, total
            part += work.pool[first, SATS]
    return part, total


@inlined
def _take(slab: Slab, work: Work, base: int, heads: U32, first_in: int, end_in: int) -> None:
    """Take the tainted coins that are spent out of the pool."""
    for place in range(first_in, end_in):
        coin = slab.in_prev[place] - base
        if coin >= 0 and heads[coin]:
            drop_one(work, int(np.int64(heads[coin])) - 1)
            heads[coin] = 0


@inlined
def _share_out(marks: I64, method: int, targets: int, part: int, total: int) -> bool:
    """Mark what each target is GIVEN of `part`. False if taint was lost or invented, which no input can bring about."""
    if method == POISON:
        for target in range(targets):
            marks[GIVEN, target] = marks[ROOM, target]
        return True
    if method == HAIRCUT:
        share(marks, ROOM, GIVEN, targets, part, total)
    else:
        _pour(marks, targets, part)
    for target in range(targets):
        part -= marks[GIVEN, target]
    return part == 0


@inlined
def _pour(marks: I64, targets: int, part: int) -> None:
    """Fill the targets from the largest down, the fee last."""
    largest_first(marks, targets - 1)
    marks[ORDER, targets - 1] = targets - 1
    for place in range(targets):
        target = marks[ORDER, place]
        marks[GIVEN, target] = min(part, marks[ROOM, target])
        part -= marks[GIVEN, target]

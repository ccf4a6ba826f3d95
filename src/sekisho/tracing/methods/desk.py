"""One transaction on the desk: rows of taint, and what the targets can take.

A **row** of taint is a place (START), a number of satoshis (SATS) and whose it is (TAG). A tag is twice the number of a
label, plus one where it is by convention only. Labels are numbered case by case, in order of theft; rows of one case
know nothing of another's.

**Sources** are the inputs and **targets** the outputs with the fee behind them; backward it is the other way round,
and there is no fee. For the methods that give every satoshi a place, START counts from the first satoshi of the first
source while rows are laid out, and from the first satoshi of its coin once they are made; the others leave it 0.
"""

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled_part, inlined

POISON, HAIRCUT, TIHO, FIFO, LIFO, LIFO_MIRROR = range(6)
FIRST_WITH_PLACES = FIFO
"""This method and those after it give every satoshi a place."""

START, SATS, TAG, TARGET = range(4)
"""Columns of a row."""

ROOM, LEFT, GIVEN, REST, SECOND, ORDER, OFFSET, MARKS = range(8)
"""What is marked for each target: what it holds; what of that earlier labels left; what it is given of a label, the
remainder of that division, and what of it is by convention only; the order of pouring; where its rows begin."""


@inlined
def lay(laid: I64, count: int, start: int, sats: int, tag: int) -> int:
    """Lay one more row where there is room for it; returns how many there are."""
    laid[count, START] = start
    laid[count, SATS] = sats
    laid[count, TAG] = tag
    return count + 1


@inlined
def make(made: I64, count: int, start: int, sats: int, tag: int, target: int) -> int:
    """Make one more row where there is room for it; returns how many there are."""
    made[count, START] = start
    made[count, SATS] = sats
    made[count, TAG] = tag
    made[count, TARGET] = target
    return count + 1


@inlined
def in_order(laid: I64, count: int, method: int, case_of: I64) -> int:
    """Bring laid rows into the order the methods need; returns how many there are then.

    With places: by case, then as they lie. Without: by tag, one row each (poison: one a label, and by convention only
    if every one of it is).
    """
    by_case = method >= FIRST_WITH_PLACES
    if count > 1 and (not by_case or len(case_of) > 1) and not _is_sorted(laid, count, by_case, case_of):
        _sort(laid, count, by_case, case_of)
    if by_case:
        return count
    kept = 0
    for row in range(count):
        tag = laid[row, TAG]
        before = laid[kept - 1, TAG] if kept else -1
        if before == tag:
            laid[kept - 1, SATS] += laid[row, SATS]
        elif method != POISON or before != tag - 1 or tag & 1 == 0:
            kept = lay(laid, kept, 0, laid[row, SATS], tag)
    return kept


@inlined
def _is_sorted(laid: I64, count: int, by_case: bool, case_of: I64) -> bool:
    """Whether laid rows stand by case, or by tag."""
    last = -1
    for row in range(count):
        tag = laid[row, TAG]
        key = case_of[tag >> 1] if by_case else tag
        if key < last:
            return False
        last = key
    return True


@compiled_part
def _sort(laid: I64, count: int, by_case: bool, case_of: I64) -> None:
    """Sort laid rows by case or by tag, keeping the order of equal ones."""
    keys = np.empty(count, np.int64)
    for row in range(count):
        tag = laid[row, TAG]
        keys[row] = case_of[tag >> 1] if by_case else tag
    before = laid[:count].copy()
    places = np.argsort(keys, kind="mergesort")
    for row in range(count):
        lay(laid, row, before[places[row], START], before[places[row], SATS], before[places[row], TAG])


@inlined
def by_target(made: I64, marks: I64, count: int, targets: int) -> None:
    """Bring made rows into the order of their targets, keeping the order of equal ones, and mark each OFFSET."""
    for target in range(targets + 1):
        marks[OFFSET, target] = 0
    ordered = True
    for row in range(count):
        marks[OFFSET, made[row, TARGET] + 1] += 1
        ordered = ordered and (row == 0 or made[row - 1, TARGET] <= made[row, TARGET])
    for target in range(targets):
        marks[OFFSET, target + 1] += marks[OFFSET, target]
    if not ordered:
        _sort_by_target(made, marks, count, targets)


@compiled_part
def _sort_by_target(made: I64, marks: I64, count: int, targets: int) -> None:
    for target in range(targets):
        marks[ORDER, target] = marks[OFFSET, target]
    before = made[:count].copy()
    for row in range(count):
        target = before[row, TARGET]
        make(made, marks[ORDER, target], before[row, START], before[row, SATS], before[row, TAG], target)
        marks[ORDER, target] += 1

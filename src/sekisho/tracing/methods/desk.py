"""Where one transaction is worked out: rows of taint, and what the targets can take.

A **row** of taint is a place (START), a number of satoshis (SATS) and whose it is (TAG). A tag is twice the number of a
label, plus one where it is by convention only. Labels are numbered case by case, in order of theft; rows of one case
know nothing of another's.

**Sources** are the inputs and **targets** the outputs with the fee behind them; backward it is the other way round,
and there is no fee. For the methods that give every satoshi a place, START counts from the first satoshi of the first
source while rows are laid out, and from the first satoshi of its coin once they are made; the others leave it 0.
"""

from typing import NamedTuple

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled

POISON, HAIRCUT, TIHO, FIFO, LIFO, LIFO_MIRROR = range(6)
FIRST_WITH_PLACES = FIFO
"""This method and those after it give every satoshi a place."""

START, SATS, TAG, TARGET = 0, 1, 2, 3


class Desk(NamedTuple):
    """Scratch arrays, used again for every transaction."""

    laid: I64
    """(rows, 3): the taint that comes in."""
    made: I64
    """(rows, 4): the taint that goes out, with the target it goes to."""
    spare: I64
    """Like `made`."""
    room: I64
    """What each target holds, in satoshis; the fee last."""
    left: I64
    given: I64
    rest: I64
    second: I64
    order: I64
    offset: I64
    """Where each target's rows begin in `made`."""


@compiled
def new_desk(targets: int, rows: int) -> Desk:
    """A desk for this many targets and rows."""
    return Desk(
        np.empty((rows, 3), np.int64),
        np.empty((rows, 4), np.int64),
        np.empty((rows, 4), np.int64),
        np.empty(targets + 1, np.int64),
        np.empty(targets + 1, np.int64),
        np.empty(targets + 1, np.int64),
        np.empty(targets + 1, np.int64),
        np.empty(targets + 1, np.int64),
        np.empty(targets + 1, np.int64),
        np.empty(targets + 2, np.int64),
    )


@compiled
def with_room(desk: Desk, targets: int, rows: int) -> Desk:
    """The same desk, or a larger one with the same rows on it."""
    if targets < len(desk.room) and rows <= len(desk.made):
        return desk
    larger = new_desk(max(targets, 2 * len(desk.room)), max(rows, 2 * len(desk.made)))
    larger.laid[: len(desk.laid)] = desk.laid
    larger.made[: len(desk.made)] = desk.made
    larger.room[: len(desk.room)] = desk.room
    larger.offset[: len(desk.offset)] = desk.offset
    return larger


@compiled
def lay(desk: Desk, count: int, start: int, sats: int, tag: int) -> int:
    """Lay one more row on a desk that has room for it; returns how many there are."""
    desk.laid[count, START] = start
    desk.laid[count, SATS] = sats
    desk.laid[count, TAG] = tag
    return count + 1


@compiled
def in_order(desk: Desk, count: int, method: int, case_of: I64) -> int:
    """Bring laid rows into the order the methods need; returns how many there are then.

    With places: by case, then as they lie. Without: by tag, one row each (poison: one a label, and by convention only
    if every one of it is).
    """
    laid = desk.laid
    if method >= FIRST_WITH_PLACES:
        if len(case_of) > 1:
            _sorted(desk, count, True, case_of)
        return count
    _sorted(desk, count, False, case_of)
    kept = 0
    for row in range(count):
        tag = laid[row, TAG]
        if kept and laid[kept - 1, TAG] == tag:
            laid[kept - 1, SATS] += laid[row, SATS]
        elif not (method == POISON and kept and laid[kept - 1, TAG] == tag - 1 and tag & 1):
            laid[kept, START] = 0
            laid[kept, SATS] = laid[row, SATS]
            laid[kept, TAG] = tag
            kept += 1
    return kept


@compiled
def _key(tag: int, by_case: bool, case_of: I64) -> int:
    return int(case_of[tag >> 1]) if by_case else tag


@compiled
def _sorted(desk: Desk, count: int, by_case: bool, case_of: I64) -> None:
    """Sort laid rows, keeping the order of equal ones."""
    laid = desk.laid
    ordered = True
    for row in range(1, count):
        if _key(laid[row - 1, TAG], by_case, case_of) > _key(laid[row, TAG], by_case, case_of):
            ordered = False
            break
    if ordered:
        return
    keys = np.empty(count, np.int64)
    for row in range(count):
        keys[row] = _key(laid[row, TAG], by_case, case_of)
    places = np.argsort(keys, kind="mergesort")
    for row in range(count):
        desk.spare[row, :3] = laid[places[row]]
    laid[:count] = desk.spare[:count, :3]


@compiled
def rows_made(laid: I64, count: int, method: int, targets: int, case_of: I64) -> int:
    """At most how many rows a method makes of these, once they are in order."""
    if method < FIRST_WITH_PLACES:
        return count * targets
    cases, last = 0, -1
    for row in range(count):
        case = case_of[laid[row, TAG] >> 1]
        if case != last:
            cases += 1
            last = case
    return count + cases * targets


@compiled
def by_target(desk: Desk, count: int, targets: int) -> None:
    """Bring made rows into the order of their targets, keeping the order of equal ones, and fill `offset`."""
    made, offset = desk.made, desk.offset
    offset[: targets + 1] = 0
    ordered = True
    for row in range(count):
        offset[made[row, TARGET] + 1] += 1
        ordered = ordered and (row == 0 or made[row - 1, TARGET] <= made[row, TARGET])
    for target in range(targets):
        offset[target + 1] += offset[target]
    if ordered:
        return
    next_place = desk.order
    next_place[:targets] = offset[:targets]
    for row in range(count):
        target = made[row, TARGET]
        desk.spare[next_place[target]] = made[row]
        next_place[target] += 1
    made[:count] = desk.spare[:count]

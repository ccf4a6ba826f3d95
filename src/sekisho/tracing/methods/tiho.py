"""`tiho` (taint in, highest out): taint fills the outputs from the largest down; equal ones from the lower index up.

Only what no output can take is the fee's. Labels pour in order of theft, each over what earlier ones left; within one
label, what is by convention only pours last.
"""

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled_part, inlined
from sekisho.tracing.methods.desk import LEFT, ORDER, ROOM, SATS, TAG, make

FEW = 24
"""Up to this many outputs are sorted by insertion."""


@inlined
def largest_first(marks: I64, outputs: int) -> None:
    """Mark the ORDER of the outputs: the largest first, equal ones by index."""
    if outputs > FEW:
        _sort_by_room(marks, outputs)
        return
    for output in range(outputs):
        place = output
        while place > 0 and marks[ROOM, marks[ORDER, place - 1]] < marks[ROOM, output]:
            marks[ORDER, place] = marks[ORDER, place - 1]
            place -= 1
        marks[ORDER, place] = output


@compiled_part
def _sort_by_room(marks: I64, outputs: int) -> None:
    order = np.argsort(-marks[ROOM, :outputs], kind="mergesort")
    for place in range(outputs):
        marks[ORDER, place] = order[place]


@inlined
def tiho(laid: I64, made: I64, marks: I64, count: int, targets: int, case_of: I64) -> int:
    """Make rows of the laid ones (in order of their tags); returns how many. The last target is the fee."""
    largest_first(marks, targets - 1)
    marks[ORDER, targets - 1] = targets - 1
    rows, case, place = 0, -1, 0
    for row in range(count):
        tag, part = laid[row, TAG], laid[row, SATS]
        if case_of[tag >> 1] != case:
            case, place = case_of[tag >> 1], 0
            for target in range(targets):
                marks[LEFT, target] = marks[ROOM, target]
        while part > 0:
            target = marks[ORDER, place]
            sats = min(part, marks[LEFT, target])
            if sats > 0:
                rows = make(made, rows, 0, sats, tag, target)
                marks[LEFT, target] -= sats
                part -= sats
            if marks[LEFT, target] == 0:
                place += 1
    return rows

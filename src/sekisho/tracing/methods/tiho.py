"""`tiho` (taint in, highest out): taint fills the outputs from the largest down; equal ones from the lower index up.

Only what no output can take is the fee's. Labels pour in order of theft, each over what earlier ones left; within one
label, what is by convention only pours last.
"""

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled
from sekisho.tracing.methods.desk import SATS, START, TAG, TARGET, Desk

FEW = 24


@compiled
def largest_first(room: I64, outputs: int, order: I64) -> None:
    """Fill `order` with the outputs, the largest first, equal ones by index."""
    if outputs > FEW:
        order[:outputs] = np.argsort(-room[:outputs], kind="mergesort")
        return
    for output in range(outputs):
        place = output
        while place > 0 and room[order[place - 1]] < room[output]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = output


@compiled
def tiho(desk: Desk, count: int, targets: int, case_of: I64) -> int:
    """Make rows of the laid ones (in order of their tags); returns how many. The last target is the fee."""
    order, left = desk.order, desk.left
    largest_first(desk.room, targets - 1, order)
    order[targets - 1] = targets - 1
    made, case, place = 0, -1, 0
    for row in range(count):
        tag, part = desk.laid[row, TAG], desk.laid[row, SATS]
        if case_of[tag >> 1] != case:
            case, place = case_of[tag >> 1], 0
            left[:targets] = desk.room[:targets]
        while part > 0:
            target = order[place]
            sats = min(part, left[target])
            if sats > 0:
                desk.made[made, START] = 0
                desk.made[made, SATS] = sats
                desk.made[made, TAG] = tag
                desk.made[made, TARGET] = target
                made += 1
                left[target] -= sats
                part -= sats
            if left[target] == 0:
                place += 1
    return made

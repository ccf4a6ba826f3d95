"""`fifo`, `lifo`, `lifo-mirror`: every satoshi that comes in has one place where it goes out.

Inputs are laid end to end in order, and so are the outputs with the fee behind them.

- `fifo`: the satoshi at p goes to p. First in, first out (Clayton's Case, 1816; Anderson, Shumailov, Ahmed & Rietmann,
  "Bitcoin Redux", 2018).
- `lifo`: the satoshi at p goes to V-1-p: inputs are a stack, and its top pays the first output. The fee falls on the
  first inputs.
- `lifo-mirror`: the satoshi at p goes to p, but the outputs are laid from the last to the first. The fee, behind them,
  falls on the last inputs.

Each is a bijection, so backward is the same map read the other way.
"""

from sekisho.chain.columns import I64
from sekisho.compiled import compiled
from sekisho.tracing.methods.desk import LIFO, LIFO_MIRROR, SATS, START, TAG, TARGET, Desk


@compiled
def places(desk: Desk, count: int, targets: int, method: int, backward: bool, total: int, case_of: I64) -> int:
    """Make rows of the laid ones (by case, then by place, out of `total` satoshis); returns how many."""
    reversed_outputs = targets - 1 if method == LIFO_MIRROR and not backward else 0
    made, first = 0, 0
    while first < count:
        end, case = first, case_of[desk.laid[first, TAG] >> 1]
        while end < count and case_of[desk.laid[end, TAG] >> 1] == case:
            end += 1
        made = _one_case(desk, first, end, reversed_outputs, total if method == LIFO else -1, made)
        first = end
    return made


@compiled
def _one_case(desk: Desk, first: int, end: int, reversed_outputs: int, turned: int, made: int) -> int:
    """Cut the rows of one case at the targets' edges. `turned`: the total of satoshis if their order turns, else -1."""
    laid, room = desk.laid, desk.room
    begin, place, target = made, 0, 0
    edge = 0
    target = _target(place, reversed_outputs)
    for step in range(end - first):
        row = first + step if turned < 0 else end - 1 - step
        at, sats, tag = laid[row, START], laid[row, SATS], laid[row, TAG]
        if turned >= 0:
            at = turned - at - sats
        while sats > 0:
            while at >= edge + room[target]:
                edge += room[target]
                place += 1
                target = _target(place, reversed_outputs)
            taken = min(sats, edge + room[target] - at)
            made = _make(desk.made, begin, made, at - edge, taken, tag, target)
            at += taken
            sats -= taken
    return made


@compiled
def _target(place: int, reversed_outputs: int) -> int:
    """Which target is laid at this place of the row of targets."""
    return reversed_outputs - 1 - place if place < reversed_outputs else place


@compiled
def _make(rows: I64, begin: int, made: int, start: int, sats: int, tag: int, target: int) -> int:
    """Add a row, or lengthen the one before where they touch and are the same."""
    before = made - 1
    if (
        made > begin
        and rows[before, TARGET] == target
        and rows[before, TAG] == tag
        and rows[before, START] + rows[before, SATS] == start
    ):
        rows[before, SATS] += sats
        return made
    rows[made, START] = start
    rows[made, SATS] = sats
    rows[made, TAG] = tag
    rows[made, TARGET] = target
    return made + 1

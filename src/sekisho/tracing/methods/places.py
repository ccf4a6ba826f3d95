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
from sekisho.compiled import inlined
from sekisho.tracing.methods.desk import ROOM, SATS, START, TAG, TARGET, make


@inlined
def places(laid: I64, made: I64, marks: I64, count: int, mirrored: int, turned: int, case_of: I64) -> int:
    """Make rows of the laid ones (by case, then by place); returns how many.

    `mirrored`: so many targets are laid from the last to the first, before the others. `turned`: the total of satoshis
    if their order turns round, otherwise -1.
    """
    rows, first = 0, 0
    while first < count:
        end, case = first, case_of[laid[first, TAG] >> 1]
        while end < count and case_of[laid[end, TAG] >> 1] == case:
            end += 1
        rows = _one_case(laid[first:end], made, marks, mirrored, turned, rows)
        first = end
    return rows


@inlined
def _one_case(laid: I64, made: I64, marks: I64, mirrored: int, turned: int, rows: int) -> int:
    """Cut the rows of one case at the targets' edges; pieces that touch and are the same are one row."""
    begin, place, edge = rows, 0, 0
    target = mirrored - 1 if mirrored else 0
    for step in range(len(laid)):
        row = step if turned < 0 else len(laid) - 1 - step
        at, sats, tag = laid[row, START], laid[row, SATS], laid[row, TAG]
        if turned >= 0:
            at = turned - at - sats
        while sats > 0:
            while at >= edge + marks[ROOM, target]:
                edge += marks[ROOM, target]
                place += 1
                target = mirrored - 1 - place if place < mirrored else place
            taken = min(sats, edge + marks[ROOM, target] - at)
            if rows > begin and _touches(made, rows - 1, at - edge, tag, target):
                made[rows - 1, SATS] += taken
            else:
                rows = make(made, rows, at - edge, taken, tag, target)
            at += taken
            sats -= taken
    return rows


@inlined
def _touches(made: I64, row: int, start: int, tag: int, target: int) -> bool:
    """Whether a row ends where a piece of the same begins."""
    same = made[row, TARGET] == target and made[row, TAG] == tag
    return bool(same and made[row, START] + made[row, SATS] == start)

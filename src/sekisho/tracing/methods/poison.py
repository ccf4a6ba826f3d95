"""`poison`: any taint taints everything that leaves.

It says what can be reached, never how much: rows carry the whole value of their target.
"""

from sekisho.chain.columns import I64
from sekisho.compiled import inlined
from sekisho.tracing.methods.desk import ROOM, TAG, make


@inlined
def poison(laid: I64, made: I64, marks: I64, count: int, targets: int, fee_behind: bool) -> int:
    """Make rows of the laid ones (one a label); returns how many. An empty output is tainted, an empty fee is not."""
    rows = 0
    for row in range(count):
        for target in range(targets):
            if not fee_behind or target < targets - 1 or marks[ROOM, target] > 0:
                rows = make(made, rows, 0, marks[ROOM, target], laid[row, TAG], target)
    return rows

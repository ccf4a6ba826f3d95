"""`poison`: any taint taints everything that leaves.

It says what can be reached, never how much: rows carry the whole value of their target.
"""

from sekisho.compiled import compiled
from sekisho.tracing.methods.desk import SATS, START, TAG, TARGET, Desk


@compiled
def poison(desk: Desk, count: int, targets: int, fee_behind: bool) -> int:
    """Make rows of the laid ones (one a label); returns how many. An empty output is tainted, no fee is not."""
    made = 0
    for row in range(count):
        for target in range(targets):
            if fee_behind and target == targets - 1 and desk.room[target] == 0:
                continue
            desk.made[made, START] = 0
            desk.made[made, SATS] = desk.room[target]
            desk.made[made, TAG] = desk.laid[row, TAG]
            desk.made[made, TARGET] = target
            made += 1
    return made

"""Carry taint through one transaction by any method."""

from sekisho.chain.columns import I64
from sekisho.compiled import compiled
from sekisho.tracing.methods.desk import HAIRCUT, POISON, SATS, TIHO, Desk, by_target
from sekisho.tracing.methods.haircut import haircut
from sekisho.tracing.methods.places import places
from sekisho.tracing.methods.poison import poison
from sekisho.tracing.methods.tiho import tiho


@compiled
def carry(desk: Desk, count: int, targets: int, method: int, backward: bool, total: int, case_of: I64) -> int:
    """Make rows in the order of their targets of the laid ones, which are in order; returns how many.

    `total` is what all sources hold together. Returns -1 if taint was lost or invented, which no input can bring about.
    """
    if method == POISON:
        made = poison(desk, count, targets, not backward)
    elif method == HAIRCUT:
        made = haircut(desk, count, targets, case_of)
    elif method == TIHO:
        made = tiho(desk, count, targets, case_of)
    else:
        made = places(desk, count, targets, method, backward, total, case_of)
    if method != POISON:
        balance = 0
        for row in range(count):
            balance += desk.laid[row, SATS]
        for row in range(made):
            balance -= desk.made[row, SATS]
        if balance != 0:
            return -1
    by_target(desk, made, targets)
    return made

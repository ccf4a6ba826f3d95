"""Carry taint through one transaction by any method."""

from sekisho.chain.columns import I64
from sekisho.compiled import inlined
from sekisho.tracing.methods.desk import HAIRCUT, LIFO, LIFO_MIRROR, POISON, SATS, TIHO, by_target
from sekisho.tracing.methods.haircut import haircut
from sekisho.tracing.methods.places import places
from sekisho.tracing.methods.poison import poison
from sekisho.tracing.methods.tiho import tiho
from sekisho.tracing.work import Work


@inlined
def carry(work: Work, count: int, targets: int, method: int, backward: bool, total: int, case_of: I64) -> bool:
    """Make rows in the order of their targets of the laid ones, which are in order.

    `total` is what all sources hold together. False if taint was lost or invented, which no input can bring about.
    """
    laid, made, marks = work.laid, work.made, work.marks
    if method == POISON:
        rows = poison(laid, made, marks, count, targets, not backward)
    elif method == HAIRCUT:
        rows = haircut(laid, made, marks, count, targets, case_of)
    elif method == TIHO:
        rows = tiho(laid, made, marks, count, targets, case_of)
    else:
        mirrored = targets - 1 if method == LIFO_MIRROR and not backward else 0
        rows = places(laid, made, marks, count, mirrored, total if method == LIFO else -1, case_of)
    by_target(made, marks, rows, targets)
    balance = 0
    for row in range(count):
        balance += laid[row, SATS]
    for row in range(rows):
        balance -= made[row, SATS]
    return balance == 0 or method == POISON

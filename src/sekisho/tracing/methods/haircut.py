"""`haircut`: every output and the fee take their part of the taint pro rata.

Exact in whole satoshis: each takes floor(X*o/V), and what is left goes one satoshi each to the largest remainders, ties
to the lower target, the fee last. Several labels share in order of theft, each over what earlier ones left.
"""

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled_part, inlined
from sekisho.tracing.methods.desk import GIVEN, LEFT, REST, ROOM, SATS, SECOND, TAG, make

FEW = 24
"""Up to this many targets, the largest remainders are found by looking; sorting is for more."""


@inlined
def share(marks: I64, among: int, into: int, targets: int, part: int, total: int) -> None:
    """Share `part` satoshis pro rata over the marks `among`, which add up to `total`; mark `into` what each takes.

    A product of two amounts needs up to 102 bits. The quotient is estimated in floating point, where amounts are exact
    and the error stays below one; the remainder, taken modulo 2^64, is small, so it is exact and mends the quotient.
    """
    ratio = float(part) / float(total)
    unshared = part
    for target in range(targets):
        quotient = int(ratio * float(marks[among, target]))
        remainder = part * marks[among, target] - quotient * total
        while remainder < 0:
            quotient -= 1
            remainder += total
        while remainder >= total:
            quotient += 1
            remainder -= total
        marks[into, target] = quotient
        marks[REST, target] = remainder
        unshared -= quotient
    if unshared > 0:
        _one_each(marks, into, targets, unshared)


@compiled_part
def _one_each(marks: I64, into: int, targets: int, count: int) -> None:
    """Give one satoshi more to the `count` targets with the largest remainders."""
    if targets > FEW:
        order = np.argsort(-marks[REST, :targets], kind="mergesort")
        for place in range(count):
            marks[into, order[place]] += 1
        return
    for _ in range(count):
        best = 0
        for target in range(1, targets):
            if marks[REST, target] > marks[REST, best]:
                best = target
        marks[into, best] += 1
        marks[REST, best] = -1


@inlined
def haircut(laid: I64, made: I64, marks: I64, count: int, targets: int, case_of: I64) -> int:
    """Make rows of the laid ones (in order of their tags); returns how many."""
    rows, row, case, total = 0, 0, -1, 0
    while row < count:
        label = laid[row, TAG] >> 1
        if case_of[label] != case:
            case, total = case_of[label], 0
            for target in range(targets):
                marks[LEFT, target] = marks[ROOM, target]
                total += marks[ROOM, target]
        part = laid[row, SATS]
        convention = part if laid[row, TAG] & 1 else 0
        if row + 1 < count and laid[row + 1, TAG] >> 1 == label:
            row += 1
            convention = laid[row, SATS]
            part += convention
        share(marks, LEFT, GIVEN, targets, part, total)
        rows = _one_label(made, marks, targets, label, part, convention, rows)
        total -= part
        row += 1
    return rows


@inlined
def _one_label(made: I64, marks: I64, targets: int, label: int, part: int, convention: int, rows: int) -> int:
    """Make rows of what each target is given; what is by convention only is shared again, within that."""
    parted = 0 < convention < part
    if parted:
        share(marks, GIVEN, SECOND, targets, convention, part)
    for target in range(targets):
        sats = marks[GIVEN, target]
        marks[LEFT, target] -= sats
        by_convention = marks[SECOND, target] if parted else min(sats, convention)
        if sats > by_convention:
            rows = make(made, rows, 0, sats - by_convention, 2 * label, target)
        if by_convention > 0:
            rows = make(made, rows, 0, by_convention, 2 * label + 1, target)
    return rows

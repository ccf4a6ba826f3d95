"""`haircut`: every output and the fee take their part of the taint pro rata.

Exact in whole satoshis: each takes floor(X*o/V), and what is left goes one satoshi each to the largest remainders, ties
to the lower target, the fee last. Several labels share in order of theft, each over what earlier ones left.
"""

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled
from sekisho.tracing.methods.desk import SATS, START, TAG, TARGET, Desk

FEW = 24
"""Up to this many targets, the largest remainders are found by looking; sorting is for more."""


@compiled
def share(part: int, among: I64, targets: int, total: int, given: I64, rest: I64) -> None:
    """Share `part` satoshis pro rata: `given` says how many each target takes; `among` adds up to `total`.

    A product of two amounts needs up to 102 bits. The quotient is estimated in floating point, where amounts are exact
    and the error stays below one; the remainder, taken modulo 2^64, is small, so it is exact and mends the quotient.
    """
    ratio = float(part) / float(total)
    unshared = part
    for target in range(targets):
        quotient = int(ratio * float(among[target]))
        remainder = part * among[target] - quotient * total
        while remainder < 0:
            quotient -= 1
            remainder += total
        while remainder >= total:
            quotient += 1
            remainder -= total
        given[target] = quotient
        rest[target] = remainder
        unshared -= quotient
    if unshared > 0:
        _one_each(unshared, targets, given, rest)


@compiled
def _one_each(count: int, targets: int, given: I64, rest: I64) -> None:
    """Give one satoshi more to the `count` targets with the largest remainders."""
    if targets > FEW:
        order = np.argsort(-rest[:targets], kind="mergesort")
        for place in range(count):
            given[order[place]] += 1
        return
    for _ in range(count):
        best = 0
        for target in range(1, targets):
            if rest[target] > rest[best]:
                best = target
        given[best] += 1
        rest[best] = -1


@compiled
def haircut(desk: Desk, count: int, targets: int, case_of: I64) -> int:
    """Make rows of the laid ones (in order of their tags); returns how many."""
    laid, left = desk.laid, desk.left
    made, row, case, total = 0, 0, -1, 0
    while row < count:
        label = laid[row, TAG] >> 1
        if case_of[label] != case:
            case, total = case_of[label], 0
            for target in range(targets):
                left[target] = desk.room[target]
                total += desk.room[target]
        convention = 0
        part = laid[row, SATS]
        if laid[row, TAG] & 1:
            convention = part
        elif row + 1 < count and laid[row + 1, TAG] >> 1 == label:
            row += 1
            convention = laid[row, SATS]
            part += convention
        made = _one_label(desk, label, part, convention, targets, total, made)
        total -= part
        row += 1
    return made


@compiled
def _one_label(desk: Desk, label: int, part: int, convention: int, targets: int, total: int, made: int) -> int:
    """Share one label; what of it is by convention only is shared again, within what each target takes."""
    given, second = desk.given, desk.second
    share(part, desk.left, targets, total, given, desk.rest)
    if 0 < convention < part:
        share(convention, given, targets, part, second, desk.rest)
    for target in range(targets):
        sats = given[target]
        desk.left[target] -= sats
        by_convention = second[target] if 0 < convention < part else (sats if convention else 0)
        if sats > by_convention:
            _make(desk.made, made, sats - by_convention, 2 * label, target)
            made += 1
        if by_convention:
            _make(desk.made, made, by_convention, 2 * label + 1, target)
            made += 1
    return made


@compiled
def _make(rows: I64, row: int, sats: int, tag: int, target: int) -> None:
    rows[row, START] = 0
    rows[row, SATS] = sats
    rows[row, TAG] = tag
    rows[row, TARGET] = target

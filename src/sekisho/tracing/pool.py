"""Where taint waits: groups of rows, one group for each tainted coin, in one array with room that is used again.

A group lies contiguous. Its length is kept in its first row, above the tag. What a spent coin leaves goes to the next
one that needs as much: free groups of a size (powers of two) form a chain through their own rows.
"""

from sekisho.chain.columns import I64
from sekisho.compiled import inlined
from sekisho.tracing.methods.desk import SATS, START, TAG
from sekisho.tracing.work import USED, Work

COUNT_SHIFT = 32
TAG_MASK = (1 << COUNT_SHIFT) - 1
ONE_ROW = 1 << COUNT_SHIFT
"""The TAG of a group that is one row of exact taint of the first label."""


@inlined
def _size(count: int) -> int:
    """The smallest power of two that holds `count` rows, as its exponent."""
    size = 0
    while (1 << size) < count:
        size += 1
    return size


@inlined
def put(work: Work, begin: int, end: int) -> int:
    """Keep made rows `begin` to `end`; returns where their group begins."""
    pool, free = work.pool, work.free
    count = end - begin
    size = _size(count)
    first = free[size]
    if first >= 0:
        free[size] = pool[first, START]
    else:
        first = free[USED]
        free[USED] += 1 << size
    for row in range(count):
        for column in range(3):
            pool[first + row, column] = work.made[begin + row, column]
    pool[first, TAG] |= count << COUNT_SHIFT
    return int(first)


@inlined
def put_one(work: Work, sats: int) -> int:
    """`put` for a group that is ONE_ROW, of so many satoshis without a place."""
    pool, free = work.pool, work.free
    first = free[0]
    if first >= 0:
        free[0] = pool[first, START]
    else:
        first = free[USED]
        free[USED] += 1
    pool[first, START], pool[first, SATS], pool[first, TAG] = 0, sats, ONE_ROW
    return int(first)


@inlined
def count_of(pool: I64, first: int) -> int:
    """How many rows a group has."""
    return int(pool[first, TAG] >> COUNT_SHIFT)


@inlined
def drop(work: Work, first: int) -> None:
    """Give a group's room free."""
    size = _size(count_of(work.pool, first))
    work.pool[first, START] = work.free[size]
    work.free[size] = first


@inlined
def drop_one(work: Work, first: int) -> None:
    """`drop` for a group of one row."""
    work.pool[first, START] = work.free[0]
    work.free[0] = first

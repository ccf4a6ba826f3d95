"""Where taint waits: groups of rows, one group for each tainted coin, in one array with room that is used again.

A group lies contiguous. Its length is kept in its first row, above the tag. What a spent coin leaves goes to the next
one that needs as much: free groups of a size (powers of two) form a chain through their own rows.
"""

from typing import NamedTuple

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled, compiled_part
from sekisho.tracing.methods.desk import START, TAG

COUNT_SHIFT = 32
TAG_MASK = (1 << COUNT_SHIFT) - 1
SIZES = 40
USED = SIZES
"""In `Pool.free`, behind the sizes: how many rows were ever used."""


class Pool(NamedTuple):
    """Groups of rows (START, SATS, TAG)."""

    rows: I64
    """(rows, 3)"""
    free: I64
    """The first free group of each size, or -1; and USED."""


@compiled
def new_pool(rows: int) -> Pool:
    """An empty pool with room for this many rows."""
    free = np.full(SIZES + 1, -1, np.int64)
    free[USED] = 0
    return Pool(np.empty((rows, 3), np.int64), free)


@compiled_part
def with_rows(pool: Pool, rows: int) -> Pool:
    """The same pool, or a larger copy, with room for groups of this many rows together."""
    needed = pool.free[USED] + 2 * rows  # a group may round up to twice its size
    if needed <= len(pool.rows):
        return pool
    larger = np.empty((max(needed, 2 * len(pool.rows)), 3), np.int64)
    for row in range(pool.free[USED]):
        for column in range(3):
            larger[row, column] = pool.rows[row, column]
    return Pool(larger, pool.free)


@compiled_part
def _size(count: int) -> int:
    """The smallest power of two that holds `count` rows, as its exponent."""
    size = 0
    while (1 << size) < count:
        size += 1
    return size


@compiled_part
def put(pool: Pool, made: I64, begin: int, end: int) -> int:
    """Keep rows `begin` to `end` of `made`; returns where their group begins."""
    rows, free = pool.rows, pool.free
    count = end - begin
    size = _size(count)
    first = free[size]
    if first >= 0:
        free[size] = rows[first, START]
    else:
        first = free[USED]
        free[USED] += 1 << size
    for row in range(count):
        for column in range(3):
            rows[first + row, column] = made[begin + row, column]
    rows[first, TAG] |= count << COUNT_SHIFT
    return int(first)


@compiled_part
def count_of(pool: Pool, first: int) -> int:
    """How many rows a group has."""
    return int(pool.rows[first, TAG] >> COUNT_SHIFT)


@compiled_part
def drop(pool: Pool, first: int) -> None:
    """Give a group's room free."""
    size = _size(count_of(pool, first))
    pool.rows[first, START] = pool.free[size]
    pool.free[size] = first

"""Where taint waits: groups of rows, one group for each tainted coin, in one array with room that is used again.

A group lies contiguous. Its length is kept in its first row, above the tag. What a spent coin leaves goes to the next
one that needs as much: free groups of a size (powers of two) form a chain through their own rows.
"""

from typing import NamedTuple

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled
from sekisho.tracing.methods.desk import SATS, START, TAG

COUNT_SHIFT = 32
TAG_MASK = (1 << COUNT_SHIFT) - 1
SIZES = 40


class Pool(NamedTuple):
    """Groups of rows (START, SATS, TAG)."""

    rows: I64
    """(rows, 3)"""
    free: I64
    """The first free group of each size, or -1."""
    used: I64
    """One number: how many rows were ever used."""


@compiled
def new_pool(rows: int) -> Pool:
    """An empty pool with room for this many rows."""
    return Pool(np.empty((rows, 3), np.int64), np.full(SIZES, -1, np.int64), np.zeros(1, np.int64))


@compiled
def with_rows(pool: Pool, rows: int) -> Pool:
    """The same pool, or a larger copy, with room for groups of this many rows together."""
    needed = pool.used[0] + 2 * rows  # a group may round up to twice its size
    if needed <= len(pool.rows):
        return pool
    larger = np.empty((max(needed, 2 * len(pool.rows)), 3), np.int64)
    larger[: pool.used[0]] = pool.rows[: pool.used[0]]
    return Pool(larger, pool.free, pool.used)


@compiled
def _size(count: int) -> int:
    """The smallest power of two that holds `count` rows, as its exponent."""
    size = 0
    while (1 << size) < count:
        size += 1
    return size


@compiled
def put(pool: Pool, made: I64, begin: int, end: int) -> int:
    """Keep rows `begin` to `end` of `made`; returns where their group begins."""
    count = end - begin
    size = _size(count)
    first = pool.free[size]
    if first >= 0:
        pool.free[size] = pool.rows[first, START]
    else:
        first = pool.used[0]
        pool.used[0] += 1 << size
    for row in range(count):
        pool.rows[first + row, START] = made[begin + row, START]
        pool.rows[first + row, SATS] = made[begin + row, SATS]
        pool.rows[first + row, TAG] = made[begin + row, TAG]
    pool.rows[first, TAG] |= count << COUNT_SHIFT
    return int(first)


@compiled
def count_of(pool: Pool, first: int) -> int:
    """How many rows a group has."""
    return int(pool.rows[first, TAG] >> COUNT_SHIFT)


@compiled
def drop(pool: Pool, first: int) -> None:
    """Give a group's room free."""
    size = _size(count_of(pool, first))
    pool.rows[first, START] = pool.free[size]
    pool.free[size] = first

"""The arrays that an engine works in: made and enlarged by Python, so that compiled code makes none.

Before each transaction an engine asks whether what it can bring has room. If not, it says how much it needs and stops;
it is called again with larger arrays and goes on where it stood.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import inlined
from sekisho.tracing.methods.desk import FIRST_WITH_PLACES, MARKS
from sekisho.tracing.question import (
    ENTRIES,
    FEE_ROWS,
    NEED_ROWS,
    NEED_TARGETS,
    TALLIES,
    WAITING,
    Question,
)

SIZES = 40
USED = SIZES
"""In `Work.free`, behind the sizes: how many rows of the pool were ever used."""


class Work(NamedTuple):
    """Where an engine works, and what it has found so far."""

    laid: I64
    """(rows, 3): the taint that comes into a transaction (methods/desk.py)."""
    made: I64
    """(rows, 4): the taint that goes out, with the target it goes to."""
    marks: I64
    """(MARKS, targets + 2)"""
    pool: I64
    """(rows, 3): taint that waits (pool.py)."""
    free: I64
    """The first free group of each size in the pool, or -1; and USED."""
    heap: I64
    """(rows, 3): what waits to be looked at (heap.py), for the engines that have a heap."""
    coins: I64
    """(rows, 3): what is looked at now."""
    journal: I64
    """(rows, 6): what was found (question.py)."""
    fees: I64
    """(rows, 6), as the journal: fees of this block that wait for its coinbase."""
    tally: I64
    """Counts (question.py)."""


def new_work(asked: Question) -> Work:
    """Arrays for the beginning of a trace."""
    free = np.full(SIZES + 1, -1, np.int64)
    free[USED] = 0
    cases = int(asked.case_of[-1]) + 1
    return Work(
        _rows(256, 3),
        _rows(256, 4),
        np.empty((MARKS, 64), np.int64),
        _rows(1024, 3),
        free,
        _rows(64 + len(asked.seeds), 3),
        _rows(64 + len(asked.seeds), 3),
        _rows(256, 6),
        _rows(256, 6),
        np.zeros(TALLIES + len(asked.case_of) + cases, np.int64),
    )


def _rows(rows: int, columns: int) -> I64:
    return np.empty((rows, columns), np.int64)


def until_done(engine: Callable[[Work], bool], work: Work) -> Work:
    """Run an engine to its end; returns the arrays it ended in."""
    while not engine(work):
        work = larger(work, int(work.tally[NEED_ROWS]), int(work.tally[NEED_TARGETS]))
    return work


def larger(work: Work, rows: int, targets: int) -> Work:
    """The same, with room for a transaction of so many rows of taint and so many targets."""
    tally = work.tally
    marks = work.marks
    if marks.shape[1] < targets + 2:
        marks = np.empty((MARKS, 2 * targets + 2), np.int64)
    return work._replace(
        laid=_longer(work.laid, rows),
        made=_longer(work.made, rows),
        marks=marks,
        pool=_longer(work.pool, int(work.free[USED]) + 2 * rows),
        heap=_longer(work.heap, int(tally[WAITING]) + targets),
        coins=_longer(work.coins, targets),
        journal=_longer(work.journal, int(tally[ENTRIES]) + 3 * rows + 4),
        fees=_longer(work.fees, int(tally[FEE_ROWS]) + rows),
    )


def _longer(rows: I64, needed: int) -> I64:
    """The same rows, with room for as many as needed, and for some more if that takes a copy."""
    if needed <= len(rows):
        return rows
    made = np.empty((max(needed, 2 * len(rows)), rows.shape[1]), np.int64)
    made[: len(rows)] = rows
    return made


@inlined
def has_room(work: Work, asked: Question, rows: int, targets: int, seeds: int) -> bool:
    """Whether there is room for a transaction that brings so many rows to so many targets and made so many seeds.

    If not, it is noted how much is needed. A group in the pool may take up twice its size.
    """
    labels = len(asked.case_of)
    if asked.rules.method < FIRST_WITH_PLACES:
        made = min(rows, 2 * labels) * targets
    else:
        made = rows + min(rows, labels) * targets
    needed = max(rows, made + seeds * (made + 2)) + 1
    tally = work.tally
    if (
        needed <= len(work.made)
        and targets + 2 <= work.marks.shape[1]
        and work.free[USED] + 2 * needed <= len(work.pool)
        and tally[WAITING] + targets <= len(work.heap)
        and targets <= len(work.coins)
        and tally[ENTRIES] + 3 * needed + 4 <= len(work.journal)
        and tally[FEE_ROWS] + needed <= len(work.fees)
    ):
        return True
    tally[NEED_ROWS] = needed
    tally[NEED_TARGETS] = targets
    return False

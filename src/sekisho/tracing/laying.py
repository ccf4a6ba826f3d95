"""Laying the taint of coins that a transaction spends on the desk, one input after another."""

from sekisho.compiled import inlined
from sekisho.tracing.methods.desk import FIRST_WITH_PLACES, SATS, START, TAG, lay
from sekisho.tracing.pool import TAG_MASK, count_of
from sekisho.tracing.question import note
from sekisho.tracing.work import Work


@inlined
def lay_coin(work: Work, laid: int, first: int, start: int, method: int, mixed: bool) -> int:
    """Lay the group at `first`, whose coin begins at `start`; a mix makes it taint by convention only.

    Returns how many rows are laid then.
    """
    pool = work.pool
    offset = start if method >= FIRST_WITH_PLACES else 0
    for row in range(first, first + count_of(pool, first)):
        tag = (pool[row, TAG] & TAG_MASK) | (1 if mixed else 0)
        laid = lay(work.laid, laid, offset + pool[row, START], pool[row, SATS], tag)
    return laid


@inlined
def end_coin(work: Work, first: int, tx: int, txo: int, status: int) -> None:
    """End the taint of coin `txo`, whose group is at `first`."""
    pool = work.pool
    for row in range(first, first + count_of(pool, first)):
        tag = pool[row, TAG] & TAG_MASK
        note(work.journal, work.tally, status, tx, txo, pool[row, START], pool[row, SATS], tag)

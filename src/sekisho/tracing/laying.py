"""Laying the taint of coins that a transaction spends on the desk, one input after another."""

from sekisho.compiled import compiled_part
from sekisho.tracing.methods.desk import FIRST_WITH_PLACES, SATS, START, TAG, Desk, lay, with_room
from sekisho.tracing.pool import TAG_MASK, Pool, count_of
from sekisho.tracing.question import Found, note, with_space


@compiled_part
def lay_coin(desk: Desk, laid: int, pool: Pool, first: int, start: int, method: int, mixed: bool) -> Desk:
    """Lay the group at `first`, whose coin begins at `start`; a mix makes it taint by convention only."""
    count = count_of(pool, first)
    desk = with_room(desk, 0, laid + count)
    offset = start if method >= FIRST_WITH_PLACES else 0
    for row in range(first, first + count):
        tag = (pool.rows[row, TAG] & TAG_MASK) | (1 if mixed else 0)
        laid = lay(desk.laid, laid, offset + pool.rows[row, START], pool.rows[row, SATS], tag)
    return desk


@compiled_part
def end_coin(found: Found, pool: Pool, first: int, tx: int, txo: int, status: int) -> Found:
    """End the taint of coin `txo`, whose group is at `first`."""
    count = count_of(pool, first)
    found = with_space(found, count)
    for row in range(first, first + count):
        note(found, status, tx, txo, pool.rows[row, START], pool.rows[row, SATS], pool.rows[row, TAG] & TAG_MASK)
    return found

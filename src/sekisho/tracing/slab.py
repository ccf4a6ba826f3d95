"""A stretch of the chain as the engines read it: all of it at once, or one part after another."""

from typing import NamedTuple

import numpy as np

from sekisho.chain.columns import I64, NO_HEIGHT, U16, U32, Columns
from sekisho.compiled import inlined

FIRST_TX, HEIGHT, TIME = range(3)
"""Columns of `Slab.blocks`."""

FOREVER = 1 << 62
"""In `Stops.until`: always."""

LOOSE_TIME = FOREVER - 1
"""When a loose transaction happens, for lists with dates: after everything. Only an entry without an end counts."""


class Slab(NamedTuple):
    """Whole blocks that follow each other, in rows as those of `Columns`."""

    first_tx: int
    """The number of the first transaction here."""
    first_out: int
    blocks: I64
    """(blocks + 1, 3): first transaction (numbered in the chain), height, time; the last row says where it ends."""
    tx_flags: U16
    tx_first_out: I64
    """Numbers in the chain; one element more than transactions."""
    tx_first_in: I64
    """Places in the `in` arrays here, beginning with 0; one element more than transactions."""
    out_sats: I64
    out_spender: U32
    """A sweep only asks whether it is UNSPENDABLE."""
    out_script: U32
    in_prev: I64
    """Numbers in the chain."""
    in_sats: I64
    """What each input holds; empty where every coin that is spent stands in this slab."""
    in_script: U32
    """Like `in_sats`."""


def whole(columns: Columns) -> Slab:
    """The whole chain as one slab."""
    return Slab(
        0,
        0,
        block_rows(columns.block_first_tx, columns.block_height, columns.block_time),
        columns.tx_flags,
        columns.tx_first_out,
        columns.tx_first_in,
        columns.out_sats,
        columns.out_spender,
        columns.out_script,
        columns.in_prev,
        _NO_SATS,
        _NO_SCRIPTS,
    )


def block_rows(first_tx: U32, height: U32, time: U32) -> I64:
    """`Slab.blocks` of these columns: one more `first_tx` than blocks."""
    rows = np.zeros((len(first_tx), 3), np.int64)
    rows[:, FIRST_TX] = first_tx
    rows[:-1, HEIGHT] = height
    rows[:-1, TIME] = np.where(height == NO_HEIGHT, np.int64(LOOSE_TIME), time)
    rows.setflags(write=False)
    return rows


_NO_SATS: I64 = np.empty(0, np.int64)
_NO_SATS.setflags(write=False)
_NO_SCRIPTS: U32 = np.empty(0, np.uint32)
_NO_SCRIPTS.setflags(write=False)


@inlined
def spent_sats(slab: Slab, at: int) -> int:
    """What the coin holds that the input at this place spends."""
    if len(slab.in_sats):
        return int(slab.in_sats[at])
    return int(slab.out_sats[slab.in_prev[at] - slab.first_out])


@inlined
def spent_script(slab: Slab, at: int) -> int:
    """The script of the coin that the input at this place spends."""
    if len(slab.in_script):
        return int(np.int64(slab.in_script[at]))
    return int(np.int64(slab.out_script[slab.in_prev[at] - slab.first_out]))

"""A stretch of the chain as the engines read it: all of it at once, or one part after another."""

from typing import NamedTuple

import numpy as np

from sekisho.chain.columns import I64, NO_HEIGHT, U16, U32, Columns
from sekisho.compiled import compiled


class Slab(NamedTuple):
    """Whole blocks that follow each other, in rows as those of `Columns`."""

    first_tx: int
    """The number of the first transaction here."""
    first_out: int
    block_height: U32
    block_time: U32
    block_first_tx: U32
    """Numbers in the chain; one element more than blocks."""
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
        columns.block_height,
        columns.block_time,
        columns.block_first_tx,
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


_NO_SATS: I64 = np.empty(0, np.int64)
_NO_SATS.setflags(write=False)
_NO_SCRIPTS: U32 = np.empty(0, np.uint32)
_NO_SCRIPTS.setflags(write=False)

FOREVER = 1 << 62
"""In `Stops.until`: always."""

LOOSE_TIME = FOREVER - 1
"""When a loose transaction happens, for lists with dates: after everything. Only an entry without an end counts."""


@compiled
def spent_sats(slab: Slab, at: int) -> int:
    """What the coin holds that the input at this place spends."""
    if len(slab.in_sats):
        return int(slab.in_sats[at])
    return int(slab.out_sats[slab.in_prev[at] - slab.first_out])


@compiled
def spent_script(slab: Slab, at: int) -> int:
    """The script of the coin that the input at this place spends."""
    if len(slab.in_script):
        return int(np.int64(slab.in_script[at]))
    return int(np.int64(slab.out_script[slab.in_prev[at] - slab.first_out]))


@compiled
def time_of(slab: Slab, block: int) -> int:
    """When a block was made, for lists with dates."""
    return LOOSE_TIME if slab.block_height[block] == NO_HEIGHT else int(np.int64(slab.block_time[block]))

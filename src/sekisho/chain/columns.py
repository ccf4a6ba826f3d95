"""A chain as arrays: what every trace reads, whether it lies in a store on disk or was put together in memory.

Transactions are numbered in chain order (block by block, coinbase first), outputs and inputs in the order of their
transactions, scripts in the order in which they first appear. So parents have smaller numbers than their children, and
cutting every array at a block leaves the chain as it was at that block.

Loose transactions, which are in no block, stand in one block at the end whose height is `NO_HEIGHT`. Coins from outside
(a partial chain spends outputs of blocks it does not hold) are the outputs of a transaction that stands first in the
block that spends them and has `TxFlag.OUTSIDE`; their real names are in the `outside` arrays.
"""

from enum import IntFlag
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

_Element = TypeVar("_Element", np.uint8, np.uint16, np.uint32, np.uint64, np.int64)

UNSPENT = 0xFFFFFFFF
"""In `out_spender`: no transaction of the chain spends it."""

UNSPENDABLE = 0xFFFFFFFE
"""In `out_spender`: nobody ever can. The genesis coinbase, OP_RETURN, scripts over 10,000 bytes, outputs of a coinbase
that a later one with the same txid overwrote (BIP-30)."""

UNKNOWN_SATS = -1
"""In `out_sats`: a coin from outside whose value nobody told."""

NO_HEIGHT = 0xFFFFFFFF
"""In `block_height`: loose transactions."""


class TxFlag(IntFlag):
    """What `tx_flags` says of a transaction."""

    COINBASE = 1
    OUTSIDE = 2
    """No transaction: it stands for those outside the chain whose outputs this block spends."""
    SEGWIT = 4
    """It has a witness."""
    VERSION_2 = 8
    """Its version is 2."""
    VERSION_OTHER = 16
    """Its version is neither 1 nor 2."""
    LOCKTIME = 32
    """Its locktime is not zero."""
    NOT_FINAL = 64
    """An input's sequence is below 0xffffffff."""
    REPLACEABLE = 128
    """An input's sequence is below 0xfffffffe: it signals replacement (BIP-125)."""


class Columns(NamedTuple):
    """The arrays. Read-only, C-contiguous, native byte order; 64-bit numbers are signed and never negative but where
    said. `first` arrays have one element more than there are rows: row i covers `first[i]` up to `first[i + 1]`."""

    block_height: U32
    block_hash: U8
    """(blocks, 32), in hashing order; zeros for the block of loose transactions."""
    block_time: U32
    """Seconds since 1970, as the header says."""
    block_first_tx: U32
    txid: U8
    """(transactions, 32), in hashing order."""
    tx_flags: U16
    tx_first_out: I64
    tx_first_in: I64
    """A coinbase has no inputs here: it spends no output."""
    out_sats: I64
    """Satoshis, or UNKNOWN_SATS."""
    out_spender: U32
    """The transaction that spends it, UNSPENT or UNSPENDABLE."""
    out_script: U32
    in_prev: I64
    """The output that is spent, in the order of the inputs."""
    script_start: I64
    """Where each script begins in `script_bytes`; one element more than scripts."""
    script_bytes: U8
    sorted_prefix: U64
    """The first eight bytes of each txid in hashing order, read big-endian; sorted within each block."""
    sorted_tx: U32
    """The transaction of each element of `sorted_prefix`."""
    outside_txo: I64
    """Outputs that are coins from outside, ascending."""
    outside_txid: U8
    """(coins from outside, 32): the real transaction of each."""
    outside_vout: U32
    """And the real index."""


def frozen(columns: Columns) -> Columns:
    """The same columns, contiguous and read-only: compiled functions see one type wherever they come from."""
    return columns._replace(**{name: fixed(each) for name, each in columns._asdict().items()})


def fixed(column: NDArray[_Element]) -> NDArray[_Element]:
    """The same array, contiguous and read-only."""
    made = np.ascontiguousarray(column).view()
    made.setflags(write=False)
    return made

"""One block, read: what the parsers give and the store takes."""

from typing import NamedTuple

from sekisho.chain.columns import I64, U8, U16, U32, U64


class ParsedBlock(NamedTuple):
    """A block whose bytes were read whole, and whose merkle root is that of its transactions.

    Rows as in `Columns`, numbered from 0; `first` arrays have one element more than there are transactions.
    """

    hash: bytes
    """32 bytes in hashing order, like `previous`."""
    previous: bytes
    time: int
    bits: int
    """The target in compact form."""
    txid: U8
    """(transactions, 32)"""
    tx_flags: U16
    tx_first_out: I64
    tx_first_in: I64
    """The coinbase has no inputs here."""
    out_sats: I64
    out_script_at: I64
    """Where each output's script begins in the block's bytes."""
    out_script_length: I64
    in_txid: U8
    """(inputs, 32): of the output each input spends."""
    in_vout: I64
    sorted_prefix: U64
    sorted_tx: U32


class SpentCoins(NamedTuple):
    """The coins a block spends, in the order of its inputs, as undo data or a file of spent coins tells them."""

    height: I64
    """Of the block that made each coin; -1 where it is not told."""
    sats: I64
    script_start: I64
    """Where each script begins in `script_bytes`; one element more than coins."""
    script_bytes: U8

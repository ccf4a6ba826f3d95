"""Blocks put together from the bytes of transactions."""

from collections.abc import Sequence
from typing import NamedTuple

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.bitcoin.wire import compact_size, sized
from sekisho.chain.kernel import merkle_root

FIRST_TIME = 1_704_067_200
"""1 January 2024, 00:00 UTC."""

SPACING = 600
"""Seconds between blocks, about."""

_HALVING = 150
_BITS = 0x207FFFFF
_TARGET = 0x7FFFFF << (8 * (0x20 - 3))
_NO_COIN = OutPoint(Txid(bytes(32)), 0xFFFFFFFF)


class Packed(NamedTuple):
    """A transaction as a block holds it."""

    raw: bytes
    txid: Txid
    wtxid: bytes


def packed(transaction: Transaction) -> Packed:
    """Serialised and hashed once."""
    raw = transaction.serialize()
    return Packed(raw, transaction.txid, sha256d(raw))


def subsidy(height: int) -> int:
    """Satoshis a regtest block may create."""
    return (50 * COIN) >> (height // _HALVING)


def coinbase(height: int, reward: int, script: Script, tag: bytes, transactions: Sequence[Packed]) -> Transaction:
    """The coinbase: height and `tag` (BIP-34), the reward to `script`, the witness commitment (BIP-141)."""
    reserved = bytes(32)
    root = merkle_root([bytes(32), *(each.wtxid for each in transactions)])
    commitment = Script(b"\x6a\x24\xaa\x21\xa9\xed" + sha256d(root + reserved))
    number = height.to_bytes((height.bit_length() + 8) // 8, "little")
    pushed = bytes([0x50 + height]) if height <= 16 else sized(number)
    spent = TxInput(_NO_COIN, 0xFFFFFFFF, pushed + sized(tag), (reserved,))
    return Transaction(2, (spent,), (TxOutput(Sats(reward), script), TxOutput(Sats(0), commitment)), 0)


def mined(previous: bytes, time: int, transactions: Sequence[Packed]) -> bytes:
    """The bytes of a block with enough work (on regtest every second hash has); the coinbase stands first."""
    root = merkle_root([each.txid for each in transactions])
    start = (0x20000000).to_bytes(4, "little") + previous + root + time.to_bytes(4, "little")
    start += _BITS.to_bytes(4, "little")
    nonce = 0
    while int.from_bytes(sha256d(start + nonce.to_bytes(4, "little")), "little") > _TARGET:
        nonce += 1
    body = b"".join(each.raw for each in transactions)
    return start + nonce.to_bytes(4, "little") + compact_size(len(transactions)) + body

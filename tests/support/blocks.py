"""Blocks put together from transactions, valid down to their proof of work and no further."""

from collections.abc import Sequence

import numpy as np

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.transaction import Transaction
from sekisho.bitcoin.wire import compact_size
from sekisho.chain.columns import U8

REGTEST_BITS = 0x207FFFFF


def u8(data: bytes) -> U8:
    """The bytes as a read-only array."""
    return np.frombuffer(data, np.uint8)


def merkle_root_of(transactions: Sequence[Transaction]) -> bytes:
    """The merkle root, in plain Python."""
    level: list[bytes] = [each.txid for each in transactions]
    while len(level) > 1:
        level += level[-1:] * (len(level) % 2)
        level = [sha256d(level[at] + level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


def header_of(root: bytes, previous: bytes = bytes(32), bits: int = REGTEST_BITS, *, enough: bool = True) -> bytes:
    """A header whose hash meets its target, regtest's own at most, or does not."""
    start = b"\x00\x00\x00\x20" + previous + root + (1_700_000_000).to_bytes(4, "little") + bits.to_bytes(4, "little")
    made = (start + nonce.to_bytes(4, "little") for nonce in range(2**32))
    limit = 0x7F << 8 * (min(bits >> 24, 0x20) - 1)
    return next(each for each in made if (int.from_bytes(sha256d(each), "little") < limit) == enough)


def block_of(transactions: Sequence[Transaction], previous: bytes = bytes(32), bits: int = REGTEST_BITS) -> bytes:
    """The bytes of a block on `previous` with exactly these transactions."""
    body = b"".join(each.serialize() for each in transactions)
    return header_of(merkle_root_of(transactions), previous, bits) + compact_size(len(transactions)) + body

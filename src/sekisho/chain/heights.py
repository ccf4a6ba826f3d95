"""The height that a block names itself."""

from sekisho.bitcoin.wire import Reader
from sekisho.chain.headers import HEADER_BYTES
from sekisho.chain.parse import MalformedBlock

_LONGEST_START = 400
"""Bytes behind the header that hold a coinbase's first script: it has at most 100."""


def named_height(raw: bytes) -> int | None:
    """The height in the coinbase of a whole block (BIP-34); None for a block of version 1, which names none.

    Only a claim in blocks of the main chain below 227,931, where nobody checked it. Raises MalformedBlock.
    """
    if int.from_bytes(raw[:4], "little", signed=True) < 2:
        return None
    start = raw[HEADER_BYTES : HEADER_BYTES + _LONGEST_START]
    reader = Reader(start, _malformed)
    reader.compact()
    reader.take(4)
    segwit = start[len(start) - reader.left :][:2] == b"\x00\x01"
    reader.take(2 if segwit else 0)
    reader.compact()
    reader.take(36)
    return _number(reader.sized())


def _malformed(why: str) -> MalformedBlock:
    return MalformedBlock(HEADER_BYTES, why)


def _number(script: bytes) -> int | None:
    """The number that a script pushes first, in the shortest form."""
    first = script[0] if script else 0
    if 0x51 <= first <= 0x60:
        return first - 0x50
    pushed = script[1 : 1 + first]
    if not 1 <= first <= 4 or len(pushed) < first or pushed[-1] >= 0x80:
        return None
    return int.from_bytes(pushed, "little")

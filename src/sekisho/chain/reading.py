"""Numbers on the wire, read in compiled code. A fault is a number in place of an exception; 0 is none."""

from typing import Final

import numpy as np

from sekisho.chain.columns import U8
from sekisho.compiled import compiled_in_place

ENDS_EARLY: Final = 1
NOT_SHORTEST: Final = 2
TOO_MANY: Final = 3
TOO_LARGE: Final = 4

READING_FAULTS: Final = {
    ENDS_EARLY: "it ends early",
    NOT_SHORTEST: "a length is not in its shortest form",
    TOO_MANY: "it claims more items than its bytes can hold",
    TOO_LARGE: "a number is too large",
}

_HUGE: Final = 1 << 62


@compiled_in_place
def little(raw: U8, at: int, width: int) -> int:
    """`width` bytes, little-endian; eight of them as a signed number."""
    number = 0
    for byte in range(width):
        number |= int(np.int64(raw[at + byte])) << (8 * byte)
    return number


@compiled_in_place
def copied(raw: U8, start: int, end: int, out: U8, at: int) -> int:
    """Copy a range of `raw` to `out` from `at` on; give where it ends there.

    Assigning one slice to the other takes ten times as long, and so do indexes that the compiler cannot see to be
    positive.
    """
    source, target = raw[start:end], out[at : at + end - start]
    for byte in range(end - start):
        target[byte] = source[byte]
    return at + end - start


@compiled_in_place
def compact(raw: U8, at: int) -> tuple[int, int, int]:
    """A compact size in its shortest form: fault, the number, where it ends. No number is above 2^62."""
    left = len(raw) - at
    if left < 1:
        return ENDS_EARLY, 0, at
    first = int(np.int64(raw[at]))
    if first < 0xFD:
        return 0, first, at + 1
    width = 1 << (first - 0xFC)
    if left < 1 + width:
        return ENDS_EARLY, 0, at
    number = little(raw, at + 1, width)
    if number < 0 or number > _HUGE:
        number = _HUGE
    least = 0xFD if width == 2 else 1 << (4 * width)
    return (NOT_SHORTEST if number < least else 0), number, at + 1 + width


@compiled_in_place
def count_of(raw: U8, at: int, least: int) -> tuple[int, int, int]:
    """A compact size that counts things of at least `least` bytes each: fault, the number, where it ends."""
    fault, number, after = compact(raw, at)
    if fault == 0 and number > (len(raw) - after) // least:
        return TOO_MANY, number, at
    return fault, number, after


@compiled_in_place
def sized(raw: U8, at: int) -> tuple[int, int, int]:
    """Bytes behind their compact size: fault, how many, where they end."""
    fault, length, after = compact(raw, at)
    if fault == 0 and length > len(raw) - after:
        return ENDS_EARLY, length, at
    return fault, length, after + length


@compiled_in_place
def varint(raw: U8, at: int) -> tuple[int, int, int]:
    """Bitcoin Core's own number on disk (serialize.h, VARINT): fault, the number, where it ends."""
    number = 0
    for place in range(at, len(raw)):
        if number > _HUGE >> 7:
            return TOO_LARGE, 0, at
        byte = int(np.int64(raw[place]))
        number = number << 7 | (byte & 0x7F)
        if byte < 0x80:
            return 0, number, place + 1
        number += 1
    return ENDS_EARLY, 0, at

"""One number for each script: an open-addressing table over the bytes of all of them.

Anybody can put scripts of their choice into the chain, so places in the table come from a hash keyed with a number
nobody outside knows (SipHash-1-3; Aumasson & Bernstein, 2012): nobody can crowd them together.
"""

from typing import NamedTuple, Protocol

import numpy as np

from sekisho.chain.ahead import ask_for
from sekisho.chain.columns import I64, U8, U32, U64
from sekisho.chain.reading import copied
from sekisho.compiled import compiled_in_place

_LOW_32 = np.uint64(0xFFFFFFFF)
_U32 = np.uint64(32)
_BITS = np.uint64(64)
_EMPTY = np.uint64(0)
_ONE = np.uint64(1)
_V0 = np.uint64(0x736F6D6570736575)
_V1 = np.uint64(0x646F72616E646F6D)
_V2 = np.uint64(0x6C7967656E657261)
_V3 = np.uint64(0x7465646279746573)
_END = np.uint64(0xFF)
SMALLEST = 1024
"""Slots of an empty table."""


class Texts(NamedTuple):
    """All scripts known, end to end, with room behind: script i is `bytes[start[i]:start[i + 1]]`."""

    start: I64
    bytes: U8


class Ranges(NamedTuple):
    """Scripts to be numbered, lying in somebody's bytes."""

    bytes: U8
    at: I64
    length: I64


class Slots(Protocol):
    """Where tables are kept."""

    def table(self, slots: int) -> U64:
        """A table of this many empty slots, in place of the one before."""
        ...


class MemorySlots:
    """Tables that end with the program."""

    def table(self, slots: int) -> U64:
        """See Slots."""
        return np.zeros(slots, np.uint64)


def holds(slots: int, scripts: int) -> bool:
    """Whether a store's table of so many scripts can have this many slots."""
    return slots >= SMALLEST and not slots & (slots - 1) and not _crowded(slots, scripts)


def _crowded(slots: int, scripts: int) -> bool:
    """Four slots of five may be taken."""
    return 4 * slots < 5 * scripts


class ScriptTable:
    """The table: finds a script's number, and gives new ones the next.

    A slot holds the upper half of the hash and the number plus one; zero is empty. The lower bits of that half say
    where a script belongs, so growing and taking out need no script's bytes.
    """

    def __init__(self, key: bytes, slots: U64, kept: Slots | None = None) -> None:
        self._key = np.frombuffer(key, np.uint64)
        self.slots, self._kept = slots, kept or MemorySlots()

    def reserve(self, scripts: int) -> None:
        """Make room for this many scripts in all."""
        size = len(self.slots)
        while _crowded(size, scripts):
            size *= 2
        if size > len(self.slots):
            old, self.slots = self.slots, self._kept.table(size)
            move(old, self.slots)

    def number(self, texts: Texts, count: int, new: Ranges, numbers: U32) -> int:
        """Write the number of each of these into `numbers`; new ones are put behind the `count` known. Their count now.

        There must be room in `texts` and in the table.
        """
        hashed = np.empty(len(new.at), np.uint64)
        return int(number_scripts(self.slots, self._key, texts, count, new, hashed, numbers))

    def find(self, texts: Texts, script: bytes) -> int | None:
        """The number of a script; None for one not in the table."""
        number = find_script(self.slots, self._key, texts, np.frombuffer(script, np.uint8))
        return number if number >= 0 else None

    def cut(self, texts: Texts, count: int, left: int) -> None:
        """Forget the newest, from `count` down to `left`."""
        cut_scripts(self.slots, self._key, texts, count, left)

    def rebuild(self, texts: Texts, count: int) -> None:
        """Fill an empty table with the first `count` scripts."""
        self.slots = self._kept.table(SMALLEST)
        self.reserve(count)
        fill(self.slots, self._key, texts, count)


@compiled_in_place
def _rotated(word: np.uint64, bits: int) -> np.uint64:
    return (word << np.uint64(bits)) | (word >> (_BITS - np.uint64(bits)))


@compiled_in_place
def _round(
    v0: np.uint64, v1: np.uint64, v2: np.uint64, v3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    v0 = v0 + v1
    v1 = _rotated(v1, 13) ^ v0
    v0 = _rotated(v0, 32)
    v2 = v2 + v3
    v3 = _rotated(v3, 16) ^ v2
    v0 = v0 + v3
    v3 = _rotated(v3, 21) ^ v0
    v2 = v2 + v1
    v1 = _rotated(v1, 17) ^ v2
    v2 = _rotated(v2, 32)
    return v0, v1, v2, v3


@compiled_in_place
def _word(raw: U8, at: int) -> np.uint64:
    """Eight bytes, little-endian: written out, this becomes one load."""
    return (
        np.uint64(raw[at])
        | (np.uint64(raw[at + 1]) << np.uint64(8))
        | (np.uint64(raw[at + 2]) << np.uint64(16))
        | (np.uint64(raw[at + 3]) << np.uint64(24))
        | (np.uint64(raw[at + 4]) << np.uint64(32))
        | (np.uint64(raw[at + 5]) << np.uint64(40))
        | (np.uint64(raw[at + 6]) << np.uint64(48))
        | (np.uint64(raw[at + 7]) << np.uint64(56))
    )


@compiled_in_place
def _rest(raw: U8, at: int, length: int) -> np.uint64:
    """The last bytes of `length` from `at`, those that fill no word; zeros above them."""
    count = length % 8
    word = np.uint64(0)
    if count and length > 8:
        return _word(raw, at + length - 8) >> np.uint64(64 - 8 * count)
    for place in range(at + length - count, at + length):
        word |= np.uint64(raw[place]) << np.uint64(8 * (place - at))
    return word


@compiled_in_place
def sip_hash(key: U64, raw: U8, at: int, length: int) -> np.uint64:
    """SipHash-1-3 of `length` bytes from `at`."""
    v0, v1, v2, v3 = key[0] ^ _V0, key[1] ^ _V1, key[0] ^ _V2, key[1] ^ _V3
    whole = length - length % 8
    for place in range(0, whole, 8):
        word = _word(raw, at + place)
        v0, v1, v2, v3 = _round(v0, v1, v2, v3 ^ word)
        v0 ^= word
    last = _rest(raw, at, length) | np.uint64(length & 0xFF) << np.uint64(56)
    v0, v1, v2, v3 = _round(v0, v1, v2, v3 ^ last)
    v0 ^= last
    v2 ^= _END
    for _ in range(3):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


@compiled_in_place
def _same(texts: Texts, number: int, raw: U8, at: int, length: int) -> bool:
    start = texts.start[number]
    if texts.start[number + 1] - start != length:
        return False
    for place in range(0, length - 7, 8):
        if _word(texts.bytes, start + place) != _word(raw, at + place):
            return False
    return bool(_rest(texts.bytes, start, length) == _rest(raw, at, length))


@compiled_in_place
def _home(slots: U64, upper: np.uint64) -> int:
    return int(np.int64(upper & np.uint64(len(slots) - 1)))


@compiled_in_place
def seek(slots: U64, texts: Texts, raw: U8, at: int, length: int, hashed: np.uint64) -> tuple[int, bool]:
    """The slot of a script and whether it is there; if not, the slot where it belongs."""
    upper = hashed >> _U32
    place = _home(slots, upper)
    last = len(slots) - 1
    while slots[place] != _EMPTY:
        slot = slots[place]
        if slot >> _U32 == upper and _same(texts, int(np.int64(slot & _LOW_32)) - 1, raw, at, length):
            return place, True
        place = (place + 1) & last
    return place, False


@compiled_in_place
def find_script(slots: U64, key: U64, texts: Texts, raw: U8) -> int:
    """The number of a script; -1 for one not in the table."""
    place, found = seek(slots, texts, raw, 0, len(raw), sip_hash(key, raw, 0, len(raw)))
    return int(np.int64(slots[place] & _LOW_32)) - 1 if found else -1


@compiled_in_place
def _hash_ahead(slots: U64, key: U64, texts: Texts, new: Ranges, hashed: U64) -> None:
    """Write the hash of each script; what table and texts hold for them is asked of memory meanwhile."""
    for row in range(len(hashed)):
        hashed[row] = sip_hash(key, new.bytes, new.at[row], new.length[row])
        ask_for(slots, _home(slots, hashed[row] >> _U32))
    for row in range(len(hashed)):
        slot = slots[_home(slots, hashed[row] >> _U32)]
        if slot != _EMPTY:
            ask_for(texts.start, int(np.int64(slot & _LOW_32)) - 1)
    for row in range(len(hashed)):
        slot = slots[_home(slots, hashed[row] >> _U32)]
        if slot >> _U32 == hashed[row] >> _U32 and slot != _EMPTY:
            ask_for(texts.bytes, texts.start[int(np.int64(slot & _LOW_32)) - 1])


@compiled_in_place
def number_scripts(slots: U64, key: U64, texts: Texts, count: int, new: Ranges, hashed: U64, numbers: U32) -> int:
    """See ScriptTable.number; `hashed` is scratch, one for each script."""
    _hash_ahead(slots, key, texts, new, hashed)
    end = texts.start[count]
    for row in range(len(new.at)):
        at, length = new.at[row], new.length[row]
        place, found = seek(slots, texts, new.bytes, at, length, hashed[row])
        if found:
            numbers[row] = np.uint32((slots[place] & _LOW_32) - _ONE)
            continue
        end = copied(new.bytes, at, at + length, texts.bytes, end)
        texts.start[count + 1] = end
        slots[place] = (hashed[row] >> _U32 << _U32) | np.uint64(count + 1)
        numbers[row] = np.uint32(count)
        count += 1
    return count


@compiled_in_place
def _put(slots: U64, slot: np.uint64) -> None:
    place = _home(slots, slot >> _U32)
    last = len(slots) - 1
    while slots[place] != _EMPTY:
        place = (place + 1) & last
    slots[place] = slot


@compiled_in_place
def move(old: U64, new: U64) -> None:
    """Put every slot of one table into a larger, empty one."""
    for place in range(len(old)):
        if old[place] != _EMPTY:
            _put(new, old[place])


@compiled_in_place
def fill(slots: U64, key: U64, texts: Texts, count: int) -> None:
    """Put scripts that differ from each other into an empty table."""
    for number in range(count):
        start = texts.start[number]
        hashed = sip_hash(key, texts.bytes, start, texts.start[number + 1] - start)
        _put(slots, (hashed >> _U32 << _U32) | np.uint64(number + 1))


@compiled_in_place
def cut_scripts(slots: U64, key: U64, texts: Texts, count: int, left: int) -> None:
    """See ScriptTable.cut. Slots behind a freed one move up, so that no search ends too early (Knuth 6.4, R)."""
    last = len(slots) - 1
    for number in range(count - 1, left - 1, -1):
        start = texts.start[number]
        length = texts.start[number + 1] - start
        place, found = seek(slots, texts, texts.bytes, start, length, sip_hash(key, texts.bytes, start, length))
        if not found:
            continue
        hole, place = place, (place + 1) & last
        while slots[place] != _EMPTY:
            home = _home(slots, slots[place] >> _U32)
            if (place - home) & last >= (place - hole) & last:
                slots[hole] = slots[place]
                hole = place
            place = (place + 1) & last
        slots[hole] = _EMPTY

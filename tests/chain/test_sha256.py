"""Compiled hashes are hashlib's, with and without the processor's own instructions."""

import random
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.hashes import sha256d
from sekisho.chain.sha256 import (
    compress_anywhere,
    merkle_root,
    padded,
    sha256d_into,
    sha256d_two,
    short_blocks,
)
from support.blocks import u8

FIRST = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)


def hashed(messages: list[bytes]) -> list[bytes]:
    """Each message hashed alone, and with the one behind it: both ways must give the same."""
    room = max(map(len, messages)) + 72
    space, states, short = np.empty(2 * room, np.uint8), np.empty(16, np.uint32), short_blocks()
    alone, twice = np.empty((len(messages), 32), np.uint8), np.empty((2, 32), np.uint8)

    def put(message: bytes, at: int) -> int:
        space[at : at + len(message)] = np.frombuffer(message, np.uint8)
        return padded(space, at, len(message))

    for row, message in enumerate(messages):
        sha256d_into(space, room, put(message, room), states, short, alone[row])
    found = [row.tobytes() for row in alone]
    for row, (one, other) in enumerate(pairwise(messages)):
        blocks, others = put(one, 0), put(other, room)
        sha256d_two(space, blocks, room, others, states, short, twice, 0)
        assert [each.tobytes() for each in twice] == found[row : row + 2]
    return found


def without_instructions(data: bytes) -> bytes:
    """SHA-256 by the rounds that run where the processor has no instructions for it."""
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    state = np.array(FIRST, np.uint32)
    for at in range(0, len(padded), 64):
        compress_anywhere(state, u8(padded), at)
    return state.astype(">u4").tobytes()


def plain_root(leaves: list[bytes]) -> bytes:
    while len(leaves) > 1:
        even = [*leaves, leaves[-1]] if len(leaves) % 2 else leaves
        leaves = [sha256d(even[at] + even[at + 1]) for at in range(0, len(even), 2)]
    return leaves[0]


def root(leaves: list[bytes]) -> tuple[bytes, bool]:
    made, twice = merkle_root(u8(b"".join(leaves)).reshape(-1, 32))
    return made.tobytes(), twice


def test_every_length_up_to_300_bytes_hashes_as_hashlib_does() -> None:
    data = random.Random(1).randbytes(600)
    messages = [data[length : 2 * length] for length in range(301)]
    assert hashed(messages) == [sha256d(each) for each in messages]
    assert all(without_instructions(data[:n]) == sha256(data[:n]).digest() for n in range(301))


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=5))
def test_any_bytes_hash_as_hashlib_does(messages: list[bytes]) -> None:
    assert hashed(messages) == [sha256d(each) for each in messages]
    assert without_instructions(messages[0]) == sha256(messages[0]).digest()


@pytest.mark.parametrize("count", [*range(1, 20), 63, 64, 65, 1000])
def test_the_merkle_root_is_the_tree_by_hand(count: int) -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(count)]
    assert root(leaves) == (plain_root(leaves), False)


@pytest.mark.parametrize(("count", "repeated"), [(3, 1), (6, 2), (5, 1), (12, 4), (7, 1)])
def test_a_repeated_tail_has_the_same_root_and_is_noticed(count: int, repeated: int) -> None:
    leaves = [sha256(b"%d" % number).digest() for number in range(count)]
    longer = leaves + leaves[-repeated:]
    assert root(longer) == (root(leaves)[0], True)

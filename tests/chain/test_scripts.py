"""Every script has one number, whatever was taken out before."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.chain.scripts import MemorySlots, Ranges, ScriptTable, Texts, sip_hash

KEY = bytes(range(16))


class Book:
    """A table with its scripts."""

    def __init__(self) -> None:
        self.texts = Texts(np.zeros(20_000, np.int64), np.zeros(200_000, np.uint8))
        self.table = ScriptTable(KEY, MemorySlots().table(8), MemorySlots())
        self.count = 0

    def add(self, scripts: list[bytes]) -> list[int]:
        lengths = np.array([len(each) for each in scripts], np.int64)
        numbers = np.zeros(len(scripts), np.uint32)
        self.table.reserve(self.count + len(scripts))
        new = Ranges(np.frombuffer(b"".join(scripts), np.uint8), np.cumsum(lengths) - lengths, lengths)
        self.count = self.table.number(self.texts, self.count, new, numbers)
        return [int(number) for number in numbers]

    def cut(self, left: int) -> None:
        self.table.cut(self.texts, self.count, left)
        self.count = left


@given(st.lists(st.one_of(st.lists(st.binary(max_size=3), max_size=30), st.floats(0, 1)), max_size=8))
def test_numbers_are_those_of_first_appearance_through_every_cut(steps: list[list[bytes] | float]):
    book, known = Book(), {}
    for step in steps:
        if isinstance(step, float):
            left = int(step * len(known))
            book.cut(left)
            known = dict(list(known.items())[:left])
        else:
            assert book.add(step) == [known.setdefault(script, len(known)) for script in step]
    assert all(book.table.find(book.texts, script) == number for script, number in known.items())
    assert book.table.find(book.texts, b"never") is None
    book.table.rebuild(book.texts, book.count)
    assert all(book.table.find(book.texts, script) == number for script, number in known.items())


@pytest.mark.skipif(sys.hash_info.algorithm != "siphash13", reason="this Python hashes bytes with something else")
def test_the_hash_is_the_one_python_uses():
    told = subprocess.run(
        [sys.executable, "-c", "print(*(hash(bytes(range(n))) for n in range(1, 200)))"],
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        check=True,
    )
    raw, key = np.frombuffer(bytes(range(200)), np.uint8), np.zeros(2, np.uint64)
    for length, wanted in enumerate(told.stdout.split(), start=1):
        mine = int(sip_hash(key, raw, 0, length))
        assert mine - (mine >> 63 << 64) == int(wanted)

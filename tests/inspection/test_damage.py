"""Damaged input of every kind that inspection reads: a value or an error of ours, and nothing else."""

import contextlib
import random

import pytest

from prove.fuzz import damaged
from prove.reader_fuzz import reader_targets
from sekisho.errors import SekishoError

_TARGETS = reader_targets()


@pytest.mark.parametrize("name", _TARGETS)
def test_damaged_input_gives_a_value_or_our_own_error(name: str) -> None:
    valid, parse = _TARGETS[name]
    dice = random.Random(name)
    parse(valid)
    for _ in range(40):
        with contextlib.suppress(SekishoError):
            parse(damaged(dice, valid))

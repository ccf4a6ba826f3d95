"""Damaged chain data gives a value or our own error; `make prove` goes on with this at length."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from prove.chain_fuzz import chain_targets
from prove.fuzz import damaged
from prove.remote_fuzz import remote_targets
from sekisho.errors import SekishoError

TARGETS = chain_targets() | remote_targets()


@pytest.mark.parametrize(("valid", "parse"), TARGETS.values(), ids=TARGETS)
def test_damage_gives_a_value_or_our_own_error(valid: bytes, parse: Callable[[bytes], object]) -> None:
    parse(valid)
    dice = random.Random(11)
    for _ in range(300):
        with suppress(SekishoError):
            parse(damaged(dice, valid))

"""Dust that is sent to others, and the tokens that sit on as little."""

import pytest

from sekisho.bitcoin.script import Script
from sekisho.tracing.patterns.dust import find
from sekisho.tracing.patterns.finding import Confidence
from support.chains import address_script
from support.shapes import HONEST, data, real, shaped


def test_a_real_one_is_found() -> None:
    found = find(real("dust-attack-555"))
    assert found is not None
    assert found.confidence is Confidence.MEDIUM
    assert ("largest", 555) in found.facts


def test_it_is_found_to_many_and_is_a_hint_to_one() -> None:
    many = find(shaped([1_000_000], [547] * 40 + [900_000]))
    one = find(shaped([1_000_000], [600, 900_000]))
    assert many is not None
    assert one is not None
    assert (many.confidence, one.confidence) == (Confidence.MEDIUM, Confidence.LOW)


@pytest.mark.parametrize(
    "transaction",
    {
        "a token with data": shaped([1_000_000], [0, 546, 900_000], output_scripts=[data(b"omni")]),
        "a token in bare keys": shaped(
            [1_000_000], [546, 900_000], output_scripts=[Script(b"\x51\x21" + bytes(33) + b"\x51\xae")]
        ),
        "an inscription moves on": shaped([546, 1_000_000], [546, 990_000]),
        "an inscription is made": shaped([2_000], [546]),
        "change of its own": shaped(
            [1_000_000], [600, 900_000], input_scripts=[address_script(5)], output_scripts=[address_script(5)]
        ),
        "1,001 sats": shaped([1_000_000], [1_001, 900_000]),
    }.items(),
    ids=lambda each: each[0],
)
def test_what_is_none_is_not_called_one(transaction: tuple[str, object]) -> None:
    assert find(transaction[1]) is None


@pytest.mark.parametrize("name", [name for name in HONEST if name != "dust-attack-555"])
def test_other_real_transactions_are_none(name: str) -> None:
    assert find(real(name)) is None

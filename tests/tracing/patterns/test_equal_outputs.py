"""Mixes of a kind we do not know, and the equal payouts they are mistaken for."""

import pytest

from sekisho.tracing.patterns.finding import Confidence
from sekisho.tracing.patterns.mixes import classify, find_mix
from support.chains import address_script
from support.shapes import data, shaped

EQUAL = 50_000_000
CHANGES = [1_230_000, 45_600_000, 7_890_001]
PEOPLE = [EQUAL + change + 700 for change in CHANGES] + [EQUAL + 700, EQUAL + 700]


def test_five_who_each_pay_their_part_are_found() -> None:
    found = find_mix(shaped(PEOPLE, [EQUAL] * 5 + CHANGES))
    assert found is not None
    assert (found.rule, found.confidence) == ("equal-outputs", Confidence.LOW)
    assert found.candidates[0].size == 5


def test_a_coordinator_may_be_paid() -> None:
    inputs = [each + 100_000 for each in PEOPLE]
    assert classify(shaped(inputs, [EQUAL] * 5 + CHANGES + [500_000])) == "equal-outputs"


def test_one_who_brings_several_coins_is_found() -> None:
    inputs = [PEOPLE[0] - 20_000_000, 12_000_000, 8_000_000, *PEOPLE[1:]]
    assert classify(shaped(inputs, [EQUAL] * 5 + CHANGES)) == "equal-outputs"


@pytest.mark.parametrize(
    "transaction",
    {
        "equal withdrawals from an exchange": shaped(
            [90_000_000, 81_234_567, 60_000_000, 55_555_555, 54_321_000], [EQUAL] * 5 + [91_100_000]
        ),
        "equal withdrawals out of deposits of round amounts": shaped(
            [100_000_000, 100_000_000, 60_000_000, 50_000_000, 30_000_000], [EQUAL] * 5 + [89_990_000]
        ),
        "so many coins that some balance by chance": shaped(
            [each - 3_000_000 for each in PEOPLE] + [1_000_000] * 15, [EQUAL] * 5 + CHANGES
        ),
        "one wallet shares out its coins": shaped([300_000_000, 1_000_000], [EQUAL] * 5 + [50_990_000]),
        "coins of one address": shaped(PEOPLE, [EQUAL] * 5 + CHANGES, input_scripts=[address_script(77)] * 5),
        "an address is paid twice": shaped(PEOPLE, [EQUAL] * 5 + CHANGES, output_scripts=[address_script(77)] * 2),
        "data beside": shaped(PEOPLE, [EQUAL] * 5 + CHANGES, output_scripts=[data(b"token")]),
        "two equal outputs": shaped(PEOPLE[:2], [EQUAL] * 2 + CHANGES[:2]),
        "tokens on dust": shaped([3_230, 3_230, 3_230, 10_000], [2_730] * 3 + [10_000]),
    }.items(),
    ids=lambda each: each[0],
)
def test_what_is_none_is_not_called_one(transaction: tuple[str, object]) -> None:
    assert classify(transaction[1]) is None

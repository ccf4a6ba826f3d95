"""Wasabi 1 mixes, and businesses that pay out many times 0.1 BTC."""

import pytest

from sekisho.tracing.patterns.finding import Confidence
from sekisho.tracing.patterns.mixes import classify, find_mix
from sekisho.tracing.patterns.wasabi_1 import COORDINATORS
from support.chains import address_script
from support.shapes import p2pkh, shaped

EQUAL = 9_876_543
PEOPLE = 12
CHANGE = [1_000_000 + 31_337 * number for number in range(PEOPLE - 2)]
INPUTS = [EQUAL + change + 20_000 for change in CHANGE] + [EQUAL + 20_000] * 2


def test_one_without_a_known_coordinator_is_found_by_its_amounts() -> None:
    found = find_mix(shaped(INPUTS, [EQUAL] * PEOPLE + CHANGE))
    assert found is not None
    assert (found.rule, found.confidence) == ("wasabi-1", Confidence.MEDIUM)
    assert found.candidates[0].outputs == tuple(range(PEOPLE))
    assert found.candidates[0].inputs == tuple(range(PEOPLE))


def test_a_known_coordinator_is_enough_for_a_small_one_of_another_amount() -> None:
    coordinator = min(COORDINATORS)
    found = find_mix(
        shaped([6_000_000] * 4, [5_000_000] * 4 + [800_000, 900_000, 50_000], output_scripts=[coordinator])
    )
    assert found is not None
    assert (found.rule, found.confidence) == ("wasabi-1", Confidence.HIGH)


def test_it_is_found_at_any_height() -> None:
    assert classify(shaped(INPUTS, [EQUAL] * PEOPLE + CHANGE, height=3)) == "wasabi-1"


@pytest.mark.parametrize(
    "transaction",
    {
        "payouts out of one address": shaped(
            [*INPUTS], [EQUAL] * PEOPLE + CHANGE, input_scripts=[address_script(999)] * len(INPUTS)
        ),
        "payouts out of a few large coins": shaped([200_000_000] * 2, [EQUAL] * PEOPLE + CHANGE),
        "payouts to any form of address": shaped(INPUTS, [EQUAL] * PEOPLE + CHANGE, output_scripts=[p2pkh(1)]),
        "small coins that twelve could not pay with": shaped(
            [120_000_000, *[1_000_000] * 15], [EQUAL] * PEOPLE + [100, 200]
        ),
        "more other outputs than people": shaped(
            [EQUAL * 4] * PEOPLE, [EQUAL] * PEOPLE + [3_000 + number for number in range(2 * PEOPLE + 1)]
        ),
        "another amount": shaped([each + 5_000_000 for each in INPUTS], [EQUAL + 5_000_000] * PEOPLE + CHANGE),
        "nine": shaped(INPUTS[:9], [EQUAL] * 9 + CHANGE[:8]),
    }.items(),
    ids=lambda each: each[0],
)
def test_what_is_none_is_not_called_one(transaction: tuple[str, object]) -> None:
    assert classify(transaction[1]) != "wasabi-1"

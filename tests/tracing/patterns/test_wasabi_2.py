"""Wasabi 2 mixes, and round payouts."""

import pytest

from sekisho.tracing.patterns.mixes import classify, find_mix
from sekisho.tracing.patterns.wasabi_2 import DENOMINATIONS
from support.chains import address_script
from support.shapes import p2pkh, p2tr, real, shaped

INPUTS = sorted([8_000_000 + 123_457 * number for number in range(20)], reverse=True)
OUTPUTS = sorted([2**22] * 4 + [3**13] * 4 + [5_000_000] * 5 + [2 * 3**12] * 3 + [777_777, 10_000], reverse=True)
ROUND = sorted([10_000_000] * 5 + [5_000_000] * 5 + [2_000_000] * 4 + [777_777], reverse=True)


def test_a_real_one_is_found_with_the_size_of_each_crowd() -> None:
    found = find_mix(real("wabisabi-coinjoin"))
    assert found is not None
    assert found.rule == "wasabi-2"
    facts = {fact.name: fact.value for fact in found.facts}
    assert (facts["inputs"], facts["outputs"], facts["tiers"]) == (327, 279, 29)
    assert (found.candidates[0].size, found.candidates[0].sats) == (20, 2_097_152)
    outputs = real("wabisabi-coinjoin").outputs
    assert all(outputs[at].sats == each.sats for each in found.candidates for at in each.outputs)


def test_one_of_any_network_is_found() -> None:
    assert classify(shaped(INPUTS, OUTPUTS)) == "wasabi-2"
    assert classify(shaped(INPUTS, OUTPUTS, output_scripts=[p2tr(1), p2tr(2)], height=5)) == "wasabi-2"


@pytest.mark.parametrize("amount", [2**21, 2**25, 5_000_000, 2 * 3**13, 3**12, 2 * 3**11, 50_000, 20_000])
def test_the_denominations_hold_those_of_the_real_one(amount: int) -> None:
    assert amount in DENOMINATIONS


@pytest.mark.parametrize("amount", [4_096, 99_999, 4_000_000])
def test_other_amounts_are_no_denominations(amount: int) -> None:
    assert amount not in DENOMINATIONS


@pytest.mark.parametrize(
    "transaction",
    {
        "round payouts, in order": shaped(INPUTS, ROUND),
        "fourteen inputs": shaped(INPUTS[:14], OUTPUTS),
        "inputs in no order": shaped(INPUTS[::-1], OUTPUTS),
        "outputs in no order": shaped(INPUTS, OUTPUTS[::-1]),
        "an old form of address": shaped(INPUTS, OUTPUTS, output_scripts=[p2pkh(1)]),
        "one address brings a seventh": shaped(INPUTS, OUTPUTS, input_scripts=[address_script(900)] * 3),
        "few outputs in denominations": shaped(
            INPUTS, sorted(OUTPUTS + [600_001 + number for number in range(8)], reverse=True)
        ),
        "two tiers": shaped(INPUTS, sorted([2**22] * 8 + [3**13] * 8, reverse=True)),
    }.items(),
    ids=lambda each: each[0],
)
def test_what_is_none_is_not_called_one(transaction: tuple[str, object]) -> None:
    assert classify(transaction[1]) != "wasabi-2"

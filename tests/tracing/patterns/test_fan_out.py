"""One payer and many outputs: payouts, and coins shared out."""

import pytest

from sekisho.chain.columns import TxFlag
from sekisho.tracing.patterns.fan_out import find
from sekisho.tracing.patterns.mixes import classify
from support.shapes import data, real, shaped


def likely(transaction: object) -> str:
    """What the rule takes it for."""
    found = find(transaction)
    assert found is not None
    return {fact.name: str(fact.value) for fact in found.facts}["likely"]


def test_a_real_payout_to_143_customers_is_found_as_such() -> None:
    assert likely(real("batch-withdrawal-143")) == "payout"


def test_coins_that_are_cut_alike_are_a_split() -> None:
    assert likely(shaped([100_000_000], [5_000_000] * 19 + [4_990_000])) == "split"


def test_different_amounts_at_one_form_of_address_are_unclear() -> None:
    assert likely(shaped([100_000_000], [1_000_000 + 77 * number for number in range(20)])) == "unclear"


@pytest.mark.parametrize(
    "transaction",
    {
        "nine": shaped([100_000_000], [5_000_000] * 9),
        "many inputs": shaped([10_000_000] * 4, [1_000_000 + number for number in range(19)]),
        "a pool pays its miners": shaped([], [1_000_000] * 30, flags=TxFlag.COINBASE),
        "data outputs do not count": shaped([9_000_000], [0] * 5 + [1_001] * 8, output_scripts=[data(b"x")] * 5),
        "dust does not count": shaped([9_000_000], [1_000] * 40 + [8_000_000] * 9),
        "a Tx0": shaped([60_000_000], [0, 50_000, *[1_005_000] * 20], output_scripts=[data(bytes(64))]),
    }.items(),
    ids=lambda each: each[0],
)
def test_what_is_none_is_not_called_one(transaction: tuple[str, object]) -> None:
    assert find(transaction[1]) is None


def test_a_mix_is_none() -> None:
    mix = shaped([12_000_000] * 3, [6_000_000] * 3 + [5_990_000] * 3)
    assert find(mix) is None
    wide = real("wabisabi-coinjoin")
    assert classify(wide) is not None
    assert find(wide) is None

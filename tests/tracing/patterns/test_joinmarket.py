"""JoinMarket mixes, Stonewall payments and equal payouts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.tracing.patterns.finding import Confidence
from sekisho.tracing.patterns.mixes import classify, find_mix
from support.chains import address_script
from support.shapes import data, p2pkh, p2tr, real, shaped

EQUAL = 12_345_678
FEE = 3_000
EARNED = 900


def mix(changes: list[int], *, sweep: bool = False, split: bool = False) -> tuple[list[int], list[int]]:
    """Inputs and outputs: the taker first; with `sweep` without change, with `split` the first maker brings two."""
    makers = changes if sweep else changes[1:]
    taker = EQUAL + FEE + EARNED * len(makers) + (0 if sweep else changes[0])
    brought = [EQUAL + change - EARNED for change in makers]
    if split:
        brought[:1] = [brought[0] - 500_000, 500_000]
    return [taker, *brought], [EQUAL] * (len(makers) + 1) + changes


CHANGES = [4_000_000, 70_000_001, 1_111_111, 300_500]


@pytest.mark.parametrize("sweep", [False, True])
@pytest.mark.parametrize("split", [False, True])
def test_makers_who_earn_and_a_taker_who_pays_are_found(sweep: bool, split: bool) -> None:
    found = find_mix(shaped(*mix(CHANGES, sweep=sweep, split=split)))
    assert found is not None
    assert (found.rule, found.confidence) == ("joinmarket", Confidence.MEDIUM)
    assert found.candidates[0].size == len(CHANGES) + sweep


def test_a_real_one_of_two_is_found_because_one_of_them_earned() -> None:
    found = find_mix(real("joinmarket-coinjoin"))
    assert found is not None
    assert (found.rule, found.confidence) == ("joinmarket", Confidence.LOW)
    assert [(each.size, each.sats) for each in found.candidates] == [(2, 100_420)]


def test_the_taker_may_pay_somebody_with_another_form_of_address() -> None:
    inputs, outputs = mix(CHANGES)
    assert classify(shaped(inputs, outputs, output_scripts=[p2tr(1)])) == "joinmarket"
    assert classify(shaped(inputs, outputs, output_scripts=[p2tr(1), p2pkh(2)])) is None


def test_a_stonewall_payment_is_no_mix() -> None:
    """One wallet pays one amount and imitates a mix of two: both halves pay the miner, nobody earns."""
    inputs = [EQUAL + 4_000_000 + 700, EQUAL + 900_000 + 700]
    assert classify(shaped(inputs, [EQUAL, EQUAL, 4_000_000, 900_000])) is None


def test_a_stonewall_payment_of_several_coins_is_no_mix_though_other_groups_would_earn() -> None:
    """With the small coins exchanged, one half would seem to have earned 1,300 sats."""
    inputs = [EQUAL + 4_000_700 - 500_000, 500_000, EQUAL + 900_700 - 502_000, 502_000]
    assert classify(shaped(inputs, [EQUAL, EQUAL, 4_000_000, 900_000])) is None


def test_two_equal_payouts_and_change_are_no_mix() -> None:
    assert classify(shaped([80_000_000, 20_000_000], [EQUAL, EQUAL, 100_000_000 - 2 * EQUAL - FEE])) is None


def test_two_changes_alike_are_no_mix() -> None:
    assert classify(shaped(*mix([4_000_000, 70_000_001, 70_000_001, 70_000_001]))) != "joinmarket"


def test_equal_payouts_out_of_coins_that_do_not_balance_are_no_mix() -> None:
    inputs, outputs = mix(CHANGES)
    moved = [inputs[0] - 2_000_000, inputs[1] + 2_000_000, *inputs[2:]]
    assert classify(shaped(moved, outputs)) is None


GUARDS = {
    "a script stands twice": {"output_scripts": [address_script(50), address_script(50)]},
    "change returns to where it came from": {
        "input_scripts": [address_script(50)],
        "output_scripts": [address_script(50)],
    },
    "all coins are of one address": {"input_scripts": [address_script(50)] * 4},
    "coins of two forms": {"input_scripts": [p2pkh(50)]},
    "data beside": {"output_scripts": [data(b"memo")]},
}


@pytest.mark.parametrize("name", GUARDS)
def test_its_guards(name: str) -> None:
    assert classify(shaped(*mix(CHANGES), **GUARDS[name])) is None


def test_too_many_coins_to_search_are_called_one_with_low_confidence() -> None:
    """To miss a mix makes a false exact link, to see one too many only a mark: so the doubt is marked."""
    changes = [1_000_003 * number for number in range(1, 9)]
    found = find_mix(shaped(*_of_many_coins(changes, [3_000_000, 3_050_007, 3_100_021])))
    assert found is not None
    assert (found.rule, found.confidence) == ("joinmarket", Confidence.LOW)
    assert ("balance", "given up") in found.facts


def test_of_still_more_coins_a_search_that_was_given_up_says_nothing() -> None:
    changes = [1_000_003 * number for number in range(1, 9)]
    assert find_mix(shaped(*_of_many_coins(changes, [2_000_000, 2_050_007, 2_100_021, 2_150_033]))) is None


def _of_many_coins(changes: list[int], pieces: list[int]) -> tuple[list[int], list[int]]:
    """A mix in which everybody brings pieces of about this size beside a large coin."""
    brought = []
    for number, change in enumerate(changes):
        small = [piece + 101 * number for piece in pieces]
        brought += [*small, EQUAL + change - EARNED - sum(small)]
    brought[-1] += FEE + 8 * EARNED
    return sorted(brought), [EQUAL] * len(changes) + changes


@given(
    st.lists(st.integers(30_000, 10**9), min_size=3, max_size=6, unique=True),
    st.integers(100_000, 10**9),
    st.integers(200, 50_000),
    st.data(),
)
def test_every_mix_that_follows_the_protocol_is_found(
    changes: list[int], equal: int, fee: int, more: st.DataObject
) -> None:
    if equal in changes:
        return
    earned = [more.draw(st.integers(0, max(5_000, equal // 500))) for _ in changes[1:]]
    brought = [equal + change - gain for change, gain in zip(changes[1:], earned, strict=True)]
    inputs = more.draw(st.permutations([equal + changes[0] + fee + sum(earned), *brought]))
    outputs = more.draw(st.permutations([equal] * len(changes) + changes))
    assert classify(shaped(inputs, outputs)) == "joinmarket"

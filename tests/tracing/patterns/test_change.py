"""Guesses which output is change: said with their reasons, and not at all where reasons disagree."""

from sekisho.tracing.patterns.change import Reason, guess_change
from sekisho.tracing.patterns.finding import Confidence
from support.chains import address_script
from support.shapes import p2pkh, p2tr, real, shaped


def test_an_output_that_returns_to_where_coins_came_from_is_change() -> None:
    found = guess_change(
        shaped([10_000], [5_000, 4_000], input_scripts=[address_script(7)], output_scripts=[p2tr(1), address_script(7)])
    )
    assert found is not None
    assert (found.output, found.confidence) == (1, Confidence.HIGH)
    assert Reason.RETURNED in found.reasons


def test_form_and_amount_together_are_better_than_one() -> None:
    both = guess_change(shaped([10_000_000], [5_000_000, 4_999_123], output_scripts=[p2pkh(1)]))
    one = guess_change(shaped([10_000_000], [5_000_001, 4_999_123], output_scripts=[p2pkh(1)]))
    assert both is not None
    assert one is not None
    assert (both.output, both.confidence) == (1, Confidence.MEDIUM)
    assert (one.output, one.confidence) == (1, Confidence.LOW)


def test_reasons_that_disagree_give_no_guess() -> None:
    assert guess_change(shaped([10_000_000], [5_000_001, 4_990_000], output_scripts=[p2pkh(1)])) is None


def test_nothing_that_speaks_for_one_gives_no_guess() -> None:
    assert guess_change(shaped([10_000_000], [5_000_001, 4_990_009])) is None
    assert guess_change(shaped([10_000_000], [9_990_009])) is None


def test_a_mix_has_no_change() -> None:
    assert guess_change(real("joinmarket-coinjoin")) is None

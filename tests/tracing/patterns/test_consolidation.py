"""Many coins that become one."""

from sekisho.tracing.patterns.consolidation import find
from sekisho.tracing.patterns.finding import Confidence
from support.chains import address_script
from support.shapes import real, shaped


def test_many_coins_that_become_one_are_found_as_a_hint() -> None:
    found = find(shaped([100_000] * 8, [790_000]))
    assert found is not None
    assert found.confidence is Confidence.LOW
    assert ("inputs", 8) in found.facts


def test_it_is_sure_where_they_return_to_an_address_they_came_from() -> None:
    found = find(
        shaped([100_000] * 8, [790_000], input_scripts=[address_script(9)], output_scripts=[address_script(9)])
    )
    assert found is not None
    assert found.confidence is Confidence.HIGH


def test_few_coins_or_a_second_output_are_none() -> None:
    assert find(shaped([100_000] * 4, [390_000])) is None
    assert find(shaped([100_000] * 8, [400_000, 390_000])) is None
    assert find(real("taproot-script-path")) is None

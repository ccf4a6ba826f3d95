"""Whirlpool mixes, and what only looks like one."""

import pytest

from sekisho.tracing.patterns.finding import Confidence
from sekisho.tracing.patterns.mixes import classify, find_mix
from sekisho.tracing.patterns.whirlpool import POOLS
from support.chains import address_script
from support.shapes import p2pkh, real, shaped

POOL = 1_000_000


def test_a_real_one_is_found_with_its_five_candidates() -> None:
    found = find_mix(real("whirlpool-coinjoin"))
    assert found is not None
    assert (found.rule, found.confidence) == ("whirlpool", Confidence.HIGH)
    assert [(each.size, each.sats) for each in found.candidates] == [(5, 5_000_000)]


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("size", [5, 8, 10])
def test_every_pool_and_size_is_found(pool: int, size: int) -> None:
    inputs = [pool] * 2 + [pool + 5_000] * (size - 2)
    assert classify(shaped(inputs, [pool] * size)) == "whirlpool"


@pytest.mark.parametrize(
    "transaction",
    {
        "every input is new": shaped([POOL + 5_000] * 5, [POOL] * 5),
        "nobody pays the miner": shaped([POOL] * 5, [POOL] * 5),
        "an input holds far more": shaped([POOL, POOL, POOL, POOL, POOL + 110_001], [POOL] * 5),
        "no pool has this amount": shaped([2 * POOL] * 2 + [2 * POOL + 5_000] * 3, [2 * POOL] * 5),
        "an address pays twice": shaped(
            [POOL, POOL, *[POOL + 500] * 3], [POOL] * 5, input_scripts=[address_script(900)] * 2
        ),
        "an address is paid twice": shaped(
            [POOL, POOL, *[POOL + 500] * 3], [POOL] * 5, output_scripts=[address_script(900)] * 2
        ),
        "another amount beside": shaped([POOL, *[POOL + 5_000] * 5], [POOL] * 5 + [20_000]),
        "more inputs than outputs": shaped([POOL, *[POOL + 5_000] * 5], [POOL] * 5),
        "an output is not native segwit": shaped(
            [POOL, POOL, *[POOL + 500] * 3], [POOL] * 5, output_scripts=[p2pkh(1)]
        ),
        "four": shaped([POOL, POOL + 500, POOL + 500, POOL + 500], [POOL] * 4),
    }.items(),
    ids=lambda each: each[0],
)
def test_what_is_none_is_not_called_one(transaction: tuple[str, object]) -> None:
    assert classify(transaction[1]) != "whirlpool"

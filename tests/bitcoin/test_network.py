"""How far a chain can have come."""

from datetime import UTC, datetime

import pytest

from sekisho.bitcoin.network import Network, height_by

BLOCKS = {  # heights of the main chain, and when they were made
    "the third halving": (630_000, datetime(2020, 5, 11, 19, 23, 43, tzinfo=UTC)),
    "the fourth halving": (840_000, datetime(2024, 4, 20, 0, 9, 27, tzinfo=UTC)),
    "on the day of the theft from DMM": (845_908, datetime(2024, 5, 31, 11, 54, tzinfo=UTC)),
}


@pytest.mark.parametrize(("height", "made"), BLOCKS.values(), ids=BLOCKS.keys())
def test_a_block_is_within_reach_when_it_is_made(height: int, made: datetime) -> None:
    most = height_by(Network.MAIN, made)
    assert most is not None
    assert most >= height


def test_in_ten_years_no_block_of_the_eleventh_is_within_reach() -> None:
    then = height_by(Network.MAIN, datetime(2034, 4, 20, tzinfo=UTC))
    assert then is not None
    assert 840_000 + 10 * 52_560 < then < 840_000 + 11 * 52_560


@pytest.mark.parametrize("network", sorted(set(Network) - {Network.MAIN}))
def test_where_blocks_come_at_will_nothing_is_said(network: Network) -> None:
    assert height_by(network, datetime(2026, 1, 1, tzinfo=UTC)) is None

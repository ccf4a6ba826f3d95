"""Where a transaction stands among a block's sorted txids, however they are spread."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sekisho.chain.resolve import better_guess, first_guess, first_near

PREFIX = st.integers(0, 2**64 - 1)
CLOSE = st.builds(lambda base, step: (base + step) % 2**64, st.sampled_from((0, 2**63, 2**64 - 40)), st.integers(0, 80))


@given(st.lists(st.one_of(PREFIX, CLOSE), min_size=1, max_size=300), st.one_of(PREFIX, CLOSE), st.integers(0, 50))
def test_guesses_lead_to_where_a_search_of_all_ends(others: list[int], wanted: int, before: int) -> None:
    prefix = np.uint64(wanted)
    prefixes = np.concatenate([np.zeros(before, np.uint64), np.sort(np.array(others, np.uint64))])
    start, end = before, len(prefixes)
    place = first_guess(start, end, prefix)
    for _ in range(2):
        assert start <= place < end
        place = better_guess(prefixes, start, end, place, prefix)
    assert first_near(prefixes, start, end, place, prefix) == start + np.searchsorted(prefixes[start:], prefix)


def test_evenly_spread_prefixes_stand_close_to_the_second_guess() -> None:
    prefixes = np.sort(np.random.default_rng(1).integers(0, 2**64, 4_000, np.uint64))
    off = []
    for place, prefix in enumerate(prefixes):
        guess = better_guess(prefixes, 0, len(prefixes), first_guess(0, len(prefixes), prefix), prefix)
        off.append(abs(guess - place))
    assert np.quantile(off, 0.99) <= 16

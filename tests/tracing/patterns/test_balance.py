"""The search for groups of inputs, against trying every way to share them out."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.tracing.patterns.balance import Balance, Terms, balance

_TERMS = st.builds(Terms, st.integers(0, 3), st.integers(0, 3), st.integers(0, 12), st.booleans(), st.booleans())


def every_way(inputs: list[int], shares: list[int], changeless: int, terms: Terms) -> bool:
    """Whether some way to give each input to a share, and some choice of a leader, keeps the terms."""
    for owners in product(range(len(shares)), repeat=len(inputs)):
        if set(owners) != set(range(len(shares))):
            continue
        paid = [-share for share in shares]
        for owner, amount in zip(owners, inputs, strict=True):
            paid[owner] += amount
        for leader in [None, *range(len(shares))]:
            kept = all(
                0 <= each <= terms.leader_pays
                if at == leader
                else -terms.earns <= each <= terms.pays
                and not (terms.leader_takes_all and at >= len(shares) - changeless)
                for at, each in enumerate(paid)
            )
            earned = any(each < 0 for at, each in enumerate(paid) if at != leader)
            if kept and (earned or not terms.someone_earns):
                return True
    return False


@settings(max_examples=300)
@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=6),
    st.lists(st.integers(1, 20), min_size=1, max_size=3),
    st.integers(0, 3),
    _TERMS,
)
def test_it_finds_groups_where_there_are_any(
    inputs: list[int], shares: list[int], changeless: int, terms: Terms
) -> None:
    last = min(changeless, len(shares))
    wanted = Balance.FOUND if every_way(inputs, shares, last, terms) else Balance.NONE
    assert balance(inputs, shares, last, terms) is wanted


def test_a_search_without_end_is_given_up() -> None:
    even = [2 * (1_000 + 37 * number**2) for number in range(24)]
    assert balance(even, [sum(even) // 2 + 1] * 2, 0, Terms(0, 0, 0, False, False)) is Balance.GIVEN_UP


def test_a_search_that_would_call_itself_too_often_is_not_begun() -> None:
    assert balance([5] * 300, [5] * 300, 0, Terms(0, 0, 0, False, False)) is Balance.GIVEN_UP
    assert balance([5] * 150, [5] * 150, 0, Terms(0, 0, 0, False, False)) is Balance.FOUND

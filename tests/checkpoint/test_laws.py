"""The laws on random wallets and payments: a small run of what `make prove` runs at length."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from prove import crashes, mutations


@settings(max_examples=25)
@given(seed=st.integers(0, 2**64 - 1))
def test_the_honest_payment_is_signed_and_confirms_and_no_mutation_of_it_is(seed: int) -> None:
    tally = mutations.run(seed, rounds=1, mutations=40)
    assert tally.wrong == []
    assert tally.honest == 1
    assert tally.refused > 0


def test_killed_at_any_line_there_is_no_signature_without_its_record(tmp_path: Path) -> None:
    deaths = crashes.kill_everywhere(tmp_path, 40)
    assert deaths.kills >= 40
    assert 0 < deaths.recorded < deaths.kills
    assert deaths.faults == 0


def test_eight_processes_race_for_a_limit_and_exactly_the_limit_goes_out(tmp_path: Path) -> None:
    won, could = crashes.race(tmp_path / "home", 8, crashes.LIMIT // 4)
    assert won == could == 4

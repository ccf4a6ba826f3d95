"""The laws on random wallets and payments: a small run of what `make prove` runs at length."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from prove import mutations

TESTS = Path(__file__).resolve().parents[1]


@settings(max_examples=25)
@given(seed=st.integers(0, 2**64 - 1))
def test_the_honest_payment_is_signed_and_confirms_and_no_mutation_of_it_is(seed: int) -> None:
    tally = mutations.run(seed, rounds=1, mutations=40)
    assert tally.wrong == []
    assert tally.honest == 1
    assert tally.refused > 0


def test_killed_anywhere_and_racing_there_is_no_signature_without_its_record_and_no_limit_exceeded() -> None:
    """In a process of its own, which forks: 200 kills and 20 races."""
    done = subprocess.run(
        [sys.executable, "-m", "prove", "crashes"],
        env=os.environ | {"PYTHONPATH": str(TESTS), "PROVE_SCALE": "0"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kills                     200" in done.stdout

"""Hostile samples are still noticed after any single change that an author would try first."""

import pytest

from inspection.mutations import survival


@pytest.mark.parametrize("suffix", [".py", ".js"])
def test_no_single_mutation_hides_a_sample(suffix: str) -> None:
    assert {mutation: missed for mutation, missed in survival(suffix).items() if missed} == {}

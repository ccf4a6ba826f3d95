"""Data and vectors that live beside the repository and are never required: what needs them skips without them."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def shared(path: str) -> Path:
    """`<repository>/../shared/<path>`; skips the test, saying so, where there is none."""
    found = ROOT.parent / "shared" / path
    if not found.exists():
        pytest.skip(f"needs ../shared/{path}")
    return found

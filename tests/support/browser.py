"""The distribution's Chromium: tests of pages need it, and skip without it, saying so."""

import shutil

import pytest


def chromium() -> str:
    """Where it is; skips the test where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    return found

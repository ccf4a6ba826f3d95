"""The programs the benches need beside ours, each in an environment of its own in the cache, at a pinned version."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

CACHE = Path(os.environ.get("SEKISHO_BENCH_CACHE") or Path.home() / ".cache" / "sekisho-bench").absolute()
"""Outside the tree: packages, other scanners, and what is made of them."""

PINNED = {"pip": "26.3", "guarddog": "3.2.0", "bandit": "1.9.4", "semgrep": "1.182.0"}

_one_at_a_time = threading.Lock()


class NoEnvironment(Exception):
    """An environment that could not be made."""


def programs_of(name: str) -> Path:
    """Where `python` and the programs of the environment for one of PINNED are. Raises NoEnvironment."""
    home = CACHE / "tools" / f"{name}-{PINNED[name]}"
    programs, done = home / "bin", home / "complete"
    with _one_at_a_time:
        if not done.exists():
            shutil.rmtree(home, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(home))
            install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
            _run(str(programs / "python"), *install, f"{name}=={PINNED[name]}")
            done.touch()
    return programs


def _run(*command: str) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # pip, for pinned names
    if ended.returncode:
        said = ended.stderr.strip().splitlines()
        raise NoEnvironment(said[-1] if said else f"{command[0]} ended with status {ended.returncode}")

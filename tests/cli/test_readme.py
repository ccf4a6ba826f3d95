"""The README's quarter of an hour, word for word: its own commands, run in a shell, across two folders."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def blocks() -> list[str]:
    """Every shell block of the README, in order."""
    return re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_the_flow_by_hand_works_as_the_readme_tells_it(tmp_path: Path) -> None:
    setup, *steps = blocks()
    setup = setup.replace(
        '"$PWD/.venv/bin:$PATH" REPOSITORY="$PWD"', f'"{Path(sys.executable).parent}:$PATH" REPOSITORY="{ROOT}"'
    )
    script = "\n".join(["set -eu", setup, *(f"echo '== {number}'\n{step}" for number, step in enumerate(steps, 1))])
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    parts = re.split(r"== \d+\n", done.stdout)
    assert "no way to spend without the cosigner" in parts[2]
    assert "made home" in parts[4]
    assert "entries, whole" in parts[4]
    assert "25000000 sats (0.25 BTC)" in parts[5]
    assert parts[6].count("exit status 1") == 2
    assert parts[6].count("payee-altered") == 2
    assert "allowed: co-signed" in parts[7]
    assert "is in block 103" in parts[7]
    assert "frozen   by chie" in parts[8]
    assert "thawed" in parts[8]
    assert "(8) the signature: each input (1) carries a genuine signature" in parts[9]
    assert "entries lead to the root in the head" in parts[9]
    assert not (tmp_path / "try/vendor/altered.signed.psbt").exists()

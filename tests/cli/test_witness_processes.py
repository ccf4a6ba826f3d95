"""Done by hand, with processes: three partners' witnesses, two of them killed, one started again."""

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.test_home import Founders
from sekisho.checkpoint.statute import policy_document, wallet_document
from sekisho.replay.vendor import psbt_by_embit
from support.command import Said, sekisho
from support.kits import KITS
from support.world import BOB, POLICY, World

KIT = KITS["recommended"]


class Partner:
    """A witness that runs as `sekisho witness serve`, and can be killed."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.store, self._listen = name, folder / name, "127.0.0.1:0"
        self._key = sekisho("witness", "new", self.store, "--name", f"{name}.example/w").out.split()[0]

    def start(self) -> None:
        """Serve, on the same port as before."""
        words = [sys.executable, "-m", "sekisho", "witness", "serve", str(self.store), "--listen", self._listen]
        self._process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        found = re.fullmatch(r"listening on (\S+)\n", self._process.stderr.readline())
        assert found is not None
        self._listen = found[1]

    def kill(self) -> None:
        """SIGKILL."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    @property
    def line(self) -> str:
        """Its line in a policy."""
        return f"witness {self.name} {self._key} http://{self._listen}"


def test_two_of_three_witnesses_killed_stop_signatures_and_one_restarted_lets_the_case_through_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEKISHO_PASSPHRASE", "open the barrier")
    partners = [Partner(tmp_path, name) for name in ("W1", "W2", "W3")]
    for each in partners:
        each.start()
    lines = "\n".join(each.line for each in partners)
    founders = Founders(tmp_path)
    asked = f'[witnesses]\ntlog_policy = """\n{lines}\ngroup two 2 W1 W2 W3\nquorum two\n"""\n'
    policy = POLICY.format(version=1, limits=asked).encode()
    (tmp_path / "policy.toml").write_bytes(policy)
    founders.signed = founders.cast.founding(policy_document(policy).digest, wallet_document(KIT.raw).digest)
    assert founders.init().status == 0
    assert sekisho("evidence", "trust", "--home", tmp_path / "home", "--out", tmp_path / "trust.toml").status == 0
    log = re.search(r"^log (\S+)$", (tmp_path / "trust.toml").read_text(), re.MULTILINE)
    assert log is not None
    for each in partners:
        assert sekisho("witness", "follow", each.store, log[1]).status == 0

    (tmp_path / "elsewhere").mkdir()
    world = World(tmp_path / "elsewhere", KIT, limits=asked, now=datetime.now(UTC).replace(microsecond=0))
    assert (world.policy, world.cast.roster) == (policy, founders.cast.roster)
    request = world.request((BOB, 1_000_000))
    (tmp_path / "pay.json").write_bytes(request.raw)
    (tmp_path / "pay.psbt").write_bytes(psbt_by_embit(world.draft(request, KIT.fund(5_000_000))))
    approvals: list[str | Path] = []
    for number, statement in enumerate(world.cast.approved(request, "aya", "ben")):
        (tmp_path / f"approval-{number}.json").write_bytes(statement.raw)
        approvals += ["--approval", tmp_path / f"approval-{number}.json"]

    def cosign(out: str) -> Said:
        return sekisho(
            *("cosign", "--home", tmp_path / "home", "--request", tmp_path / "pay.json", *approvals),
            *("--psbt", tmp_path / "pay.psbt", "--out", tmp_path / out),
        )

    partners[0].kill()
    partners[2].kill()
    for _ in range(2):
        said = cosign("none.psbt")
        assert said.status == 1
        assert "not-witnessed" in said.out
        assert "W1: it cannot be reached" in said.out
    assert not (tmp_path / "none.psbt").exists()
    partners[0].start()
    assert cosign("first.psbt").status == 0
    assert cosign("again.psbt").status == 0
    assert (tmp_path / "first.psbt").read_bytes() == (tmp_path / "again.psbt").read_bytes()
    partners[0].kill()
    assert cosign("late.psbt").status == 1
    assert sekisho("log", "rebuild", "--home", tmp_path / "home").status == 0
    asked_for = ("--home", tmp_path / "home", "--request", tmp_path / "pay.json", "--out", tmp_path / "e")
    assert sekisho("evidence", "write", *asked_for).status == 0
    said = sekisho("evidence", "verify", tmp_path / "e", "--trust", tmp_path / "trust.toml")
    assert said.status == 0
    assert "cosigned by W1, W2" in said.out
    partners[1].kill()

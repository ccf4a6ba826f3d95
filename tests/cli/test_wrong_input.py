"""Every command, given something wrong: one clear line on standard error, status 2, and nothing written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import sekisho, unchanged

GARBAGE, MISSING, NEW = "garbage", "missing", "new"

COMMANDS = {
    "init": f"init {NEW} --roster {GARBAGE} --roster-hash 00 --policy {GARBAGE} --wallet {GARBAGE} "
    f"--cosigner {GARBAGE} --approval {GARBAGE}",
    "status of no home": f"status --home {MISSING}",
    "status of a file": f"status --home {GARBAGE}",
    "device new over a file": f"device new --out {GARBAGE}",
    "device cosigner over a file": f"device cosigner --network regtest --out {GARBAGE}",
    "device cosigner on no network": f"device cosigner --network moon --out {NEW}",
    "roster add": f"roster add {NEW} --device {GARBAGE} --person a --organisation o --site s --role approver",
    "roster hash": f"roster hash {GARBAGE}",
    "roster sign": f"roster sign {GARBAGE} --device {GARBAGE} --out {NEW}",
    "roster adopt": f"roster adopt {GARBAGE} --home {MISSING} --approval {GARBAGE}",
    "policy sign": f"policy sign {GARBAGE} --device {GARBAGE} --out {NEW}",
    "policy adopt": f"policy adopt {GARBAGE} --home {MISSING} --approval {GARBAGE}",
    "wallet sign": f"wallet sign {GARBAGE} --device {GARBAGE} --out {NEW}",
    "wallet adopt": f"wallet adopt {GARBAGE} --home {MISSING} --approval {GARBAGE}",
    "wallet coins": f"wallet coins {GARBAGE} --coins {GARBAGE} --home {MISSING}",
    "wallet show": f"wallet show {GARBAGE}",
    "wallet show of nothing": f"wallet show {MISSING}",
    "wallet show of a folder": "wallet show .",
    "request new": f"request new --wallet {GARBAGE} --max-fee 1 --pay a=1 --out {NEW}",
    "request new for no money": f"request new --wallet {GARBAGE} --max-fee 1.5 --pay a=1 --out {NEW}",
    "request sign": f"request sign {GARBAGE} --device {GARBAGE} --out {NEW}",
    "request show": f"request show {GARBAGE}",
    "approve": f"approve {GARBAGE} --device {GARBAGE} --out {NEW}",
    "reject": f"reject {MISSING} --device {GARBAGE} --out {NEW}",
    "check": f"check --wallet {GARBAGE} --request {GARBAGE} --psbt {GARBAGE}",
    "cosign": f"cosign --home {MISSING} --request {GARBAGE} --psbt {GARBAGE} --out {NEW}",
    "freeze by nobody": f"freeze --home {MISSING}",
    "freeze": f"freeze --order {GARBAGE} --home {MISSING}",
    "thaw of nothing": f"thaw 00 --home {MISSING}",
    "thaw": f"thaw {'00' * 32} --home {MISSING}",
    "evidence write": f"evidence write --home {MISSING} --request {GARBAGE} --out {NEW}",
    "evidence trust": f"evidence trust --home {MISSING} --out {NEW}",
    "evidence verify": f"evidence verify {GARBAGE} --trust {GARBAGE}",
    "evidence show": f"evidence show {GARBAGE} --trust {GARBAGE} --html {NEW}",
    "log verify of nothing": f"log verify {MISSING}",
    "log publish": f"log publish --home {MISSING}",
    "log rebuild": f"log rebuild --home {MISSING}",
    "log monitor": f"log monitor {MISSING} --trust {GARBAGE} --state {NEW}",
    "witness new without a name": f"witness new {NEW} --name a+b",
    "witness follow": f"witness follow {MISSING} {GARBAGE}",
    "witness serve": f"witness serve {MISSING}",
    "witness serve nowhere": f"witness serve {MISSING} --listen nowhere",
    "trace import of nothing": f"trace import --store {NEW}",
    "trace import of garbage": f"trace import --store {NEW} --tx {GARBAGE}",
    "trace import of a block that is none": f"trace import --store {NEW} --blocks {GARBAGE}",
    "trace import into a file": f"trace import --store {GARBAGE} --tx {GARBAGE}",
    "trace import of what is not there": f"trace import --store {NEW} --blocks {MISSING}",
    "trace run of no store": f"trace run --store {MISSING} --seed {'00' * 32}",
    "trace run of a file": f"trace run --store {GARBAGE} --seed {'00' * 32}",
    "trace run of nothing": f"trace run --seed {'00' * 32}",
    "trace run of two": f"trace run --store {MISSING} --node http://127.0.0.1:1 --seed {'00' * 32}",
    "trace run at no server": f"trace run --esplora http://127.0.0.1:1 --seed {'00' * 32}",
    "trace run at no URL": f"trace run --node nowhere --seed {'00' * 32}",
    "trace run with a list that is none": f"trace run --store {MISSING} --seed a --stop {GARBAGE}",
    "trace run on Spark at a server": f"trace run --engine spark --esplora http://127.0.0.1:1 --seed {'00' * 32}",
    "trace verify": f"trace verify {GARBAGE} --store {MISSING}",
    "trace patterns": f"trace patterns --tx {GARBAGE}",
    "trace patterns of nothing": "trace patterns",
    "trace patterns of no store": f"trace patterns {'00' * 32} --store {MISSING}",
    "trace cluster": f"trace cluster nobody --store {MISSING}",
    "trace simulate into a file": f"trace simulate --out {GARBAGE}",
    "trace simulate of no size": f"trace simulate --out {NEW} --megabytes 0",
    "inspect of nothing": f"inspect {MISSING}",
    "inspect by a baseline that is none": f"inspect {GARBAGE} --baseline {MISSING}",
    "inspect baseline within what is inspected": f"inspect baseline . --out {NEW}",
    "inspect baseline of nothing": f"inspect baseline {MISSING} --out {NEW}",
    "inspect clone of a file": f"inspect clone {GARBAGE} {NEW}",
    "inspect clone without encryption": f"inspect clone http://127.0.0.1:1/x {NEW}",
    "inspect clone of nothing": f"inspect clone https://127.0.0.1:1/x {NEW} --private",
    "inspect clone of a private address": f"inspect clone https://127.0.0.1:1/x {NEW}",
    "inspect serve nowhere": "inspect serve --host 203.0.113.1 --port 0",
    "a command there is not": "unfreeze",
    "an option there is not": "status --hom x",
    "an argument missing": "wallet show",
    "demo into a folder that is not there": f"demo --json {MISSING}/a/b",
}


@pytest.mark.parametrize("garbage", [b"", b"\x00\xff" * 40, b'{"type": "sekisho"}', b"a = [", b"[" * 5000])
@pytest.mark.parametrize("name", [name for name in COMMANDS if not name.startswith("demo")])
def test_wrong_input_is_one_line_and_nothing_written(
    name: str, garbage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEKISHO_PASSPHRASE", "any")
    (tmp_path / GARBAGE).write_bytes(garbage)
    with unchanged(tmp_path):
        said = sekisho(*COMMANDS[name].split())
    assert said.no_answer, said


def test_a_demo_that_cannot_be_written_down_is_no_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = sekisho(*COMMANDS["demo into a folder that is not there"].split())
    assert said.status == 2
    assert said.err.count("\n") == 1


def test_help_is_told_where_nothing_was_asked() -> None:
    said = sekisho()
    assert said.status == 2
    assert "Usage: sekisho" in said.out + said.err


def test_a_fault_of_ours_is_one_line_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr("sekisho.cli.homes.open_home", broken)
    said = sekisho("status", "--home", "anywhere")
    assert said.no_answer
    assert "ZeroDivisionError" in said.err


def test_half_an_answer_is_none() -> None:
    """`sekisho … | head`: status 1 would say that a payment was refused."""
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-P", "-m", "sekisho", "trace", "--help"]
    done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, check=False, text=True)
    os.close(writing)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_what_a_terminal_would_obey_is_spelt_out(tmp_path: Path) -> None:
    said = sekisho("wallet", "show", tmp_path / "a\x1b]0;b\u202e\udcff")
    assert said.no_answer
    assert "a\\x1b]0;b\\u202e\\udcff" in said.err


@pytest.mark.parametrize("line", [b"\xff\xfe\n", b"caf\xe9\n"])
def test_a_passphrase_that_is_no_text_opens_nothing(line: bytes, tmp_path: Path) -> None:
    """Read leniently, all bytes that are no UTF-8 were one character, and one such passphrase opened another's file."""
    (tmp_path / "passphrase").write_bytes(line)
    said = sekisho("device", "new", "--out", tmp_path / "d", "--passphrase-file", tmp_path / "passphrase")
    assert said.no_answer
    assert not (tmp_path / "d").exists()


def test_a_passphrase_in_the_environment_that_is_no_text_shows_none_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEKISHO_PASSPHRASE", "secret\udcff")
    said = sekisho("device", "new", "--out", tmp_path / "d")
    assert said.no_answer
    assert "fault" not in said.err
    assert "udcff" not in said.err

"""`sekisho check`: verdict, exit status and JSON, from PSBTs and from finished transactions."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sekisho.replay import facts
from sekisho.replay.vendor import finalise, psbt_by_embit
from sekisho.requests.request import PaymentRequest
from support.command import Said, sekisho
from support.kits import KITS, Kit
from support.tamper import paying, with_outputs
from support.world import BOB, CAROL, THIEF, World

KIT = KITS["recommended"]


def coins_json(rows: list[tuple[str, int, bytes]]) -> str:
    """COINS.json."""
    return json.dumps([{"outpoint": place, "sats": str(sats), "script": script.hex()} for place, sats, script in rows])


class Desk:
    """A folder with a wallet file, a request, and an honest PSBT for it."""

    def __init__(self, folder: Path, kit: Kit = KIT) -> None:
        self.folder, self.world = folder, World(folder, kit)
        self.asked: PaymentRequest = self.world.request((BOB, 50_000), (CAROL, 25_000))
        self.draft = self.world.draft(self.asked, kit.fund(60_000, 70_000))
        self.honest = psbt_by_embit(self.draft)
        (folder / "wallet.toml").write_bytes(kit.raw)
        (folder / "pay.json").write_bytes(self.asked.raw)

    def check(self, psbt: bytes, *more: str) -> Said:
        """Write the PSBT to a file, and check it."""
        path = self.folder / "a.psbt"
        path.write_bytes(psbt)
        return self.run("--psbt", path, *more)

    def run(self, *arguments: str | Path, stdin: bytes = b"") -> Said:
        """`check` with the wallet and the request at hand."""
        wallet, asked = self.folder / "wallet.toml", self.folder / "pay.json"
        return sekisho("check", "--wallet", wallet, "--request", asked, *arguments, stdin=stdin)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with everything on it."""
    return Desk(tmp_path)


def test_the_payment_that_was_asked_for_is_allowed(desk: Desk) -> None:
    said = desk.check(desk.honest)
    assert (said.status, said.err) == (0, "")
    assert said.out == "allowed: it is the payment that was asked for\n"


def test_a_psbt_may_be_base64_and_may_come_through_standard_input(desk: Desk) -> None:
    text = base64.b64encode(desk.honest)
    assert desk.check(text).status == 0
    assert desk.run("--psbt", "-", stdin=text + b"\n").status == 0
    assert desk.run("--psbt", "-", stdin=desk.honest).status == 0


def test_another_payee_is_refused_with_every_reason_as_json(desk: Desk) -> None:
    altered = with_outputs(desk.honest, lambda outs: (paying(THIEF, 50_000), *outs[1:]))
    said = desk.check(altered, "--format", "json")
    assert (said.status, said.err) == (1, "")
    document = json.loads(said.out)
    assert document["verdict"] == "refused"
    assert document["request"] == desk.asked.digest.hex()
    (reason,) = [each for each in document["reasons"] if each["code"] == "payee-altered"]
    assert (reason["output"], reason["asked_sats"], reason["paid_sats"]) == (0, 50_000, 50_000)


def test_allowed_as_json(desk: Desk) -> None:
    document = json.loads(desk.check(desk.honest, "--format", "json").out)
    txid = desk.draft.transaction.txid[::-1].hex()
    assert document == {"verdict": "allowed", "reasons": [], "request": desk.asked.digest.hex(), "txid": txid}


def test_what_is_no_psbt_is_no_answer(desk: Desk) -> None:
    for junk in (b"", b"psbt\xff", desk.honest[:-1], desk.honest + b"\x00", b"hello", bytes(1000)):
        assert desk.check(junk).no_answer


def test_a_finished_transaction_is_compared_with_the_coins_it_spends(tmp_path: Path) -> None:
    desk = Desk(tmp_path, KITS["p2wpkh"])
    transaction = finalise(desk.world.cosign(desk.asked, desk.honest).psbt or b"")
    coins = [held.coin for held in desk.draft.coins]
    (tmp_path / "tx.hex").write_text(transaction.serialize().hex() + "\n")
    rows = [(str(coin.outpoint), int(coin.sats), bytes(coin.script)) for coin in coins]
    (tmp_path / "coins.json").write_text(coins_json(rows))
    finished = ("--tx", tmp_path / "tx.hex", "--coins", tmp_path / "coins.json")
    assert desk.run(*finished).status == 0
    (tmp_path / "coins.json").write_text(coins_json(rows[:1]))
    said = desk.run(*finished, "--format", "json")
    assert said.status == 1
    assert "unknown-coin" in {reason["code"] for reason in json.loads(said.out)["reasons"]}


def test_either_a_psbt_or_a_transaction_with_its_coins(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.psbt").write_bytes(desk.honest)
    for arguments in (
        (),
        ("--psbt", "a", "--tx", "b"),
        ("--tx", "b"),
        ("--coins", "c"),
        ("--psbt", "a", "--coins", "c"),
    ):
        assert desk.run(*arguments).no_answer


def mainnet(folder: Path, wallet: str, template: str, keys: tuple[str, ...], asked: PaymentRequest) -> None:
    """The files somebody would write who knows the chain alone: the wallet's keys are in the witness."""
    descriptor = template.format(",".join(keys))
    text = f'name = "{wallet}"\nnetwork = "main"\ndescriptor = "{descriptor}"\n'
    (folder / "wallet.toml").write_text(text)
    (folder / "pay.json").write_bytes(asked.raw)


def test_the_real_theft_is_refused(tmp_path: Path) -> None:
    theft, coins = facts.theft(), facts.stolen_coins()
    script = theft.inputs[0].witness[-1]
    keys = tuple(script[start : start + 33].hex() for start in (2, 36, 70))
    mainnet(tmp_path, "DMM", "sh(wsh(multi(2,{})))", keys, facts.meant_request())
    (tmp_path / "tx.hex").write_text(theft.serialize().hex())
    rows = [(str(coin.outpoint), int(coin.sats), bytes(coin.script)) for coin in coins]
    (tmp_path / "coins.json").write_text(coins_json(rows))
    said = sekisho(
        *("check", "--wallet", tmp_path / "wallet.toml", "--request", tmp_path / "pay.json"),
        *("--tx", tmp_path / "tx.hex", "--coins", tmp_path / "coins.json", "--format", "json"),
    )
    document = json.loads(said.out)
    assert (said.status, document["verdict"]) == (1, "refused")
    codes = [reason["code"] for reason in document["reasons"]]
    assert codes == ["payee-altered", "look-alike-of-payee", "fee-over-ceiling"]
    assert document["txid"] == "975ec405ac9dc9fa5ab8009d94d6a1fe31dff8a8127ea90d023104e52754e4d7"


def test_the_real_funding_transaction_is_allowed(tmp_path: Path) -> None:
    funding, coin = facts.funding(), facts.funded_coin()
    script = funding.inputs[0].script_sig
    start = script.rindex(b"\x52\x21")
    keys = tuple(script[start + place : start + place + 33].hex() for place in (2, 36, 70))
    mainnet(tmp_path, "older", "sh(multi(2,{}))", keys, facts.funding_request())
    (tmp_path / "tx.hex").write_text(funding.serialize().hex())
    (tmp_path / "coins.json").write_text(coins_json([(str(coin.outpoint), int(coin.sats), bytes(coin.script))]))
    said = sekisho(
        *("check", "--wallet", tmp_path / "wallet.toml", "--request", tmp_path / "pay.json"),
        *("--tx", tmp_path / "tx.hex", "--coins", tmp_path / "coins.json"),
    )
    assert (said.status, said.out) == (0, "allowed: it is the payment that was asked for\n")


def test_a_refusal_is_told_whatever_the_terminal_can_show(desk: Desk) -> None:
    """One sign that an encoding lacks used to turn a no into a status 2, and its reasons into nothing."""
    (desk.folder / "pay.json").write_bytes(replace(desk.asked, wallet=bytes(32)).raw)
    (desk.folder / "a.psbt").write_bytes(desk.honest)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sekisho",
            "check",
            "--wallet",
            "wallet.toml",
            "--request",
            "pay.json",
            "--psbt",
            "a.psbt",
        ],
        cwd=desk.folder,
        env=dict(os.environ, PYTHONIOENCODING="latin-1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "wrong-wallet: the request asks wallet 0000000000000000\\u2026" in done.stdout

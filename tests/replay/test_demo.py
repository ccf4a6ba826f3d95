"""`sekisho demo`: every act ends as it must, the JSON says so, and the story fits an 80-column terminal."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sekisho.replay.story import Outcome, tell
from support.command import sekisho


def test_the_demo_ends_as_it_must_and_says_so_as_json(tmp_path: Path) -> None:
    said = sekisho("demo", "--json", tmp_path / "demo.json")
    assert (said.status, said.err) == (0, "")
    assert max(map(len, said.out.splitlines())) <= 80
    document = json.loads((tmp_path / "demo.json").read_text())
    assert document["unguarded"] == {"stolen_sats": 450_290_000_000}
    assert document["guarded"]["stolen_sats"] == 0
    assert {"payee-altered", "look-alike", "sweeps-value"} <= set(document["guarded"]["reasons"])
    assert document["honest"]["confirmed"] is True
    assert len(bytes.fromhex(document["honest"]["txid"])) == 32
    theft = document["mainnet"]["theft"]
    assert (theft["consensus"], theft["verdict"]) == ("valid", "refused")
    assert set(theft["reasons"]) == {
        *("payee-altered", "look-alike-of-payee", "fee-over-ceiling"),
        *("payee-not-listed", "over-top-tier", "look-alike", "sweeps-value", "no-change"),
        *("fee-over-sats", "fee-over-rate"),
    }
    assert document["mainnet"]["funding"] == {"verdict": "allowed"}
    assert len(document["attempts"]) >= 12
    assert all(each["verdict"] == "refused" and each["reasons"] for each in document["attempts"])
    assert "188 times that day's median" in said.out


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """One run of the demo."""
    return tell(lambda line: None)


def test_any_act_that_ends_otherwise_fails_the_demo(outcome: Outcome) -> None:
    assert outcome.as_it_must
    attempts = list(outcome.attempts)
    attempts[3] = replace(attempts[3], codes=())
    broken = [
        replace(outcome, unguarded=replace(outcome.unguarded, stolen=0)),
        replace(outcome, guarded=replace(outcome.guarded, finalised=True)),
        replace(outcome, guarded=replace(outcome.guarded, reasons=())),
        replace(outcome, honest=replace(outcome.honest, confirmed=False)),
        replace(outcome, attempts=tuple(attempts)),
        replace(outcome, theft=replace(outcome.theft, mismatches=())),
        replace(outcome, theft=replace(outcome.theft, objections=())),
        replace(outcome, theft=replace(outcome.theft, consensus=False)),
        replace(outcome, funding=replace(outcome.funding, consensus=False)),
        replace(outcome, funding=replace(outcome.funding, mismatches=outcome.theft.mismatches)),
    ]
    assert not any(each.as_it_must for each in broken)

"""The BIPs' own PSBTs: valid ones parse and keep every byte, invalid ones do not parse, and other readers agree."""

import base64
import json

import pytest

from sekisho.bitcoin.psbt.reader import parse_psbt, serialize
from sekisho.bitcoin.psbt.records import MalformedPsbt, decode_psbt_file
from sekisho.bitcoin.psbt.second import second_opinions
from sekisho.checkpoint.signable import faults, spend_of
from support.shared import ROOT, shared

FILES = ("bip174", "bip370", "bip371", "bip373")


def rows(*kinds: str) -> list[tuple[str, str]]:
    """The vectors of these kinds; nothing where the files are not there."""
    found = []
    for name in FILES:
        path = ROOT.parent / "shared" / "vectors" / f"{name}_psbt.json"
        if path.exists():
            for number, row in enumerate(json.loads(path.read_text())):
                if row["expect"] in kinds:
                    found.append((f"{name}-{number}: {row['case'][:60]}", row["psbt"]))
    return found


def cases(*kinds: str) -> pytest.MarkDecorator:
    """One test for each vector, or one that says what is missing."""
    found = rows(*kinds) or [("needs ../shared/vectors", "")]
    return pytest.mark.parametrize("text", [text for _, text in found], ids=[name for name, _ in found])


def raw(text: str) -> bytes:
    """A vector's bytes: hex or base64."""
    if not text:
        shared("vectors/bip174_psbt.json")
    return bytes.fromhex(text) if text.startswith("70736274") else base64.b64decode(text)


@cases("valid", "workflow", "signer-refuses")
def test_what_the_bips_call_a_psbt_parses_and_keeps_every_byte(text: str) -> None:
    data = raw(text)
    assert serialize(parse_psbt(data)) == data
    assert decode_psbt_file(base64.b64encode(data) + b"\n") == data


@cases("valid", "workflow", "signer-refuses")
def test_other_readers_agree_on_what_the_bips_call_a_psbt(text: str) -> None:
    assert second_opinions(parse_psbt(raw(text))) == ()


@cases("invalid")
def test_what_the_bips_call_invalid_is_malformed(text: str) -> None:
    with pytest.raises(MalformedPsbt):
        parse_psbt(raw(text))


@cases("signer-refuses")
def test_what_a_signer_must_refuse_is_refused(text: str) -> None:
    """None of these coins is ours; and what the PSBT says of them is a fault of its own, but for the first case."""
    psbt = parse_psbt(raw(text))
    spend = spend_of(psbt)
    found = faults(psbt, spend, tuple(None for _ in psbt.inputs), frozenset())
    witness_for_legacy = any(coin is not None and coin.script[:1] == b"\x76" for coin in spend.coins)
    assert witness_for_legacy or "script-does-not-match" in {reason.code for reason in found}


def test_the_last_valid_version_2_row_parses_though_no_locktime_satisfies_it() -> None:
    last = json.loads(shared("vectors/bip370_psbt.json").read_text())
    valid = [row["psbt"] for row in last if row["expect"] == "valid"]
    assert parse_psbt(raw(valid[-1])).locktime_conflict
    assert not any(parse_psbt(raw(each)).locktime_conflict for each in valid[:-1])

"""PSBTs: what is no PSBT, what other readers see differently, and what any bytes give."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.bitcoin.psbt.reader import parse_psbt, serialize, with_input_records
from sekisho.bitcoin.psbt.records import MAX_PSBT_BYTES, MalformedPsbt, Record, decode_psbt_file
from sekisho.bitcoin.psbt.second import as_version_0, second_opinions
from sekisho.bitcoin.psbt.values import Psbt
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import TxInput, TxOutput
from sekisho.replay.vendor import Draft, psbt_by_embit
from support import tamper
from support.kits import KITS

KIT = KITS["sortedmulti"]
DRAFT = Draft(KIT.wallet, KIT.fund(10_000, 20_000), (TxOutput(Sats(5_000), Script(b"\x51")),), Sats(500), 3, 77)
RAW, RAW_2 = psbt_by_embit(DRAFT), psbt_by_embit(DRAFT, 2)
VALUE = parse_psbt(RAW)

NOT_PSBTS: dict[str, bytes] = {
    "nothing": b"",
    "the magic alone": b"psbt\xff",
    "another magic": b"pset\xff" + RAW[5:],
    "a byte too many": RAW + b"\x00",
    "a byte too few": RAW[:-1],
    "a key twice in the global map": RAW[:5] + VALUE.records[0].serialize() + RAW[5:],
    "version 1": tamper.with_global_record(RAW, Record(0xFB, b"", b"\x01\x00\x00\x00")),
    "version 2 in name only": tamper.with_global_record(RAW, Record(0xFB, b"", b"\x02\x00\x00\x00")),
    "a field of version 2 in version 0": tamper.with_input_record(RAW, 0, Record(0x10, b"", bytes(4))),
    "key data where there must be none": tamper.with_input_record(RAW, 0, Record(0x01, b"x", b"")),
    "a public key that is none": tamper.with_input_record(RAW, 0, Record(0x06, bytes(33), bytes(4))),
    "a derivation of three bytes": tamper.with_input_record(RAW, 0, Record(0x06, b"\x02" + bytes(32), bytes(3))),
    "a signature that is none": tamper.with_input_record(RAW, 0, Record(0x02, b"\x02" + bytes(32), bytes(70))),
    "a sighash of three bytes": tamper.with_input_record(RAW, 0, Record(0x03, b"", bytes(3))),
    "a witness UTXO with a byte too many": tamper.with_input_record(
        RAW, 0, Record(0x01, b"", bytes(8) + b"\x00" + b"\x00")
    ),
    "a previous transaction of another txid": tamper.with_input_record(
        RAW, 0, Record(0x00, b"", KIT.fund(1)[0].previous.serialize())
    ),
    "a Taproot tree that is no tree": tamper.with_output_record(RAW, 0, Record(0x06, b"", b"\x01\xc0\x00")),
    "an extended key of 77 bytes": tamper.with_global_record(RAW, Record(0x01, bytes(77), bytes(4))),
}


@pytest.mark.parametrize("raw", NOT_PSBTS.values(), ids=NOT_PSBTS.keys())
def test_it_is_no_psbt_with(raw: bytes) -> None:
    with pytest.raises(MalformedPsbt):
        parse_psbt(raw)


def test_a_psbt_past_the_size_limit_is_not_read() -> None:
    with pytest.raises(MalformedPsbt, match="more than"):
        parse_psbt(RAW + bytes(MAX_PSBT_BYTES))


def test_an_unsigned_transaction_with_a_signature_is_no_psbt() -> None:
    signed = replace(VALUE.unsigned, inputs=(replace(VALUE.unsigned.inputs[0], script_sig=b"\x51"),) * 2)
    record = Record(0x00, b"", signed.serialize(witness=False))
    with pytest.raises(MalformedPsbt, match="signed"):
        parse_psbt(tamper.with_global_record(RAW, record))


def test_both_versions_say_the_same() -> None:
    second = parse_psbt(RAW_2)
    assert second.version == 2
    assert second.unsigned == VALUE.unsigned
    assert [each.witness_script for each in second.inputs] == [each.witness_script for each in VALUE.inputs]
    assert parse_psbt(serialize(as_version_0(second))).unsigned == VALUE.unsigned


def test_unknown_and_proprietary_records_are_kept() -> None:
    raw = tamper.with_input_record(RAW, 1, Record(0x77, b"key", b"value"))
    raw = tamper.with_output_record(raw, 0, Record(0xFC, b"\x03abc\x01", b"ours"))
    assert serialize(parse_psbt(raw)) == raw
    assert second_opinions(parse_psbt(raw)) == ()


def test_a_signature_is_added_once_and_nothing_else_changes() -> None:
    record = Record(0x02, b"\x02" + b"\x11" * 32, b"\x30\x06\x02\x01\x01\x02\x01\x01\x01")
    once = with_input_records(VALUE, [(record,), ()])
    assert with_input_records(parse_psbt(once), [(record,), ()]) == once
    assert parse_psbt(once).unsigned == VALUE.unsigned
    assert len(parse_psbt(once).inputs[0].records) == len(VALUE.inputs[0].records) + 1


def _input(**changes: object) -> Callable[[Psbt], Psbt]:
    return lambda psbt: replace(psbt, inputs=(replace(psbt.inputs[0], **changes), *psbt.inputs[1:]))  # type: ignore[arg-type]


def _unsigned(**changes: object) -> Callable[[Psbt], Psbt]:
    return lambda psbt: replace(psbt, unsigned=tamper.replace_tx(psbt.unsigned, **changes))


MISREADINGS: dict[str, Callable[[Psbt], Psbt]] = {
    "an amount": _unsigned(outputs=(TxOutput(Sats(5_001), Script(b"\x51")), *VALUE.unsigned.outputs[1:])),
    "a script": _unsigned(outputs=(TxOutput(Sats(5_000), Script(b"\x52")), *VALUE.unsigned.outputs[1:])),
    "an output less": _unsigned(outputs=VALUE.unsigned.outputs[1:]),
    "a coin": _unsigned(inputs=VALUE.unsigned.inputs[::-1]),
    "a sequence": _unsigned(inputs=(TxInput(VALUE.unsigned.inputs[0].outpoint, 5), VALUE.unsigned.inputs[1])),
    "the locktime": _unsigned(locktime=78),
    "the version": _unsigned(version=1),
    "a claimed amount": _input(witness_utxo=TxOutput(Sats(10_001), VALUE.inputs[0].witness_utxo.script)),  # type: ignore[union-attr]
    "no claimed amount": _input(witness_utxo=None),
    "a witness script": _input(witness_script=Script(b"\x51")),
    "a redeem script": _input(redeem_script=Script(b"\x51")),
    "a sighash type": _input(sighash_type=1),
    "a derivation less": _input(derivations=VALUE.inputs[0].derivations[1:]),
    "a previous transaction": _input(non_witness_utxo=KIT.fund(1)[0].previous),
    "a final witness": _input(final_witness=(b"",)),
}


@pytest.mark.parametrize("misread", MISREADINGS.values(), ids=MISREADINGS.keys())
@pytest.mark.parametrize("raw", [RAW, RAW_2], ids=["v0", "v2"])
def test_other_readers_notice_if_ours_misread(raw: bytes, misread: Callable[[Psbt], Psbt]) -> None:
    """Our reader's value with one field wrong, over the same bytes: somebody must object."""
    psbt = parse_psbt(raw)
    assert second_opinions(psbt) == ()
    assert second_opinions(misread(psbt)) != ()


@given(st.binary(max_size=400))
def test_any_bytes_give_a_psbt_or_malformed_psbt(raw: bytes) -> None:
    for attempt in (raw, b"psbt\xff" + raw):
        try:
            assert serialize(parse_psbt(attempt)) == attempt
        except MalformedPsbt:
            continue


@given(st.integers(0, 2**32), st.sampled_from([RAW, RAW_2]))
def test_any_damage_gives_a_psbt_or_malformed_psbt(seed: int, valid: bytes) -> None:
    raw = damaged(random.Random(seed), valid)
    try:
        value = parse_psbt(raw)
    except MalformedPsbt:
        return
    assert serialize(value) == raw
    second_opinions(value)


@given(st.binary(max_size=60))
def test_any_file_gives_bytes_or_malformed_psbt(raw: bytes) -> None:
    for attempt in (raw, b"cHNidP" + raw):
        try:
            decode_psbt_file(attempt)
        except MalformedPsbt:
            continue

"""Devices, what they sign, and how their keys lie on disk."""

import random
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from hypothesis import given
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.approvals.assertion import verify
from sekisho.approvals.device import new_device, open_device
from sekisho.approvals.sealed import SealedFileError, seal, unseal
from sekisho.approvals.statement import (
    Assertion,
    MalformedStatement,
    Statement,
    challenge,
    decode,
    encode,
    parse_signed_statement,
)
from sekisho.bitcoin.network import Network
from sekisho.files import UnreadableFile, UnwritableFile, read_file, replace, write_new
from sekisho.replay.cast import Cast, device

CAST = Cast(Network.REGTEST)
(SIGNED,) = CAST.sign(Statement.APPROVAL, bytes(32), "aya")
GOOD = SIGNED.assertion
HOLDER = CAST.roster.holder(GOOD.credential_id)
ASKED = challenge(Statement.APPROVAL, bytes(32))


def test_an_assertion_is_a_signature_by_the_enrolled_key_over_both_parts() -> None:
    """Held against the curve directly: authenticator data, then the hash of the client data (WebAuthn, 6.3.3)."""
    assert HOLDER is not None
    assert verify(GOOD, ASKED, "aya", HOLDER.device, CAST.roster) == ()
    hashed = Hash(SHA256())
    hashed.update(GOOD.client_data)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), device("aya-key").public_key)
    key.verify(GOOD.signature, GOOD.authenticator_data + hashed.finalize(), ec.ECDSA(SHA256()))


@given(st.binary(max_size=200), st.sampled_from(["authenticator_data", "client_data", "signature", "credential_id"]))
def test_any_part_but_its_own_is_a_reason(part: bytes, name: str) -> None:
    assert HOLDER is not None
    parts = {each: getattr(GOOD, each) for each in ("credential_id", "authenticator_data", "client_data", "signature")}
    if part != parts[name]:
        assert verify(Assertion(**(parts | {name: part})), ASKED, "aya", HOLDER.device, CAST.roster)


CLIENT_DATA = {
    "a member twice": GOOD.client_data.replace(b'"type"', b'"type":"webauthn.get","type"'),
    "no challenge": GOOD.client_data.replace(b'"challenge"', b'"challange"'),
    "a challenge with padding": GOOD.client_data.replace(encode(ASKED).encode(), encode(ASKED).encode() + b"="),
    "a list": b"[]",
    "a number": b"1",
    "deep nesting": b"[" * 4_000,
    "UTF-16": GOOD.client_data.decode().encode("utf-16"),
    "five thousand bytes": GOOD.client_data[:-1] + b" " * 5_000 + b"}",
    "a crossOrigin that is text": GOOD.client_data.replace(b"false", b'"false"'),
}


@pytest.mark.parametrize("client_data", CLIENT_DATA.values(), ids=CLIENT_DATA.keys())
def test_client_data_does_not_count_with(client_data: bytes) -> None:
    assert HOLDER is not None
    assert client_data != GOOD.client_data
    tried = Assertion(GOOD.credential_id, GOOD.authenticator_data, client_data, GOOD.signature)
    reasons = verify(tried, ASKED, "aya", HOLDER.device, CAST.roster)
    assert len(reasons) >= 2  # what is wrong with it, and that the signature is over something else


def test_every_statement_has_its_own_challenge() -> None:
    assert len({challenge(statement, bytes(32)) for statement in Statement}) == len(Statement)


def test_a_signed_statement_survives_its_file_and_no_other_spelling() -> None:
    assert parse_signed_statement(SIGNED.raw) == SIGNED
    for raw in (SIGNED.raw + b"\n", SIGNED.raw.replace(b":", b": ", 1), SIGNED.raw.replace(b"approval", b"approvals")):
        with pytest.raises(MalformedStatement):
            parse_signed_statement(raw)


@given(st.integers(0, 2**32))
def test_any_damage_gives_a_statement_or_malformed_statement(number: int) -> None:
    raw = damaged(random.Random(number), SIGNED.raw)
    try:
        assert parse_signed_statement(raw).raw == raw
    except MalformedStatement:
        return


@given(st.binary())
def test_base64url_has_one_spelling(data: bytes) -> None:
    assert decode(encode(data)) == data


def test_a_device_is_sealed_on_disk_and_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    made, path = new_device("approve.example", "https://approve.example"), tmp_path / "ana.device"
    made.save(path, "correct horse")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"{made.secret:064x}".encode() not in path.read_bytes()
    assert open_device(path, "correct horse") == made
    with pytest.raises(SealedFileError, match="passphrase"):
        open_device(path, "wrong horse")
    with pytest.raises(UnwritableFile, match="exists already"):
        made.save(path, "another")
    with pytest.raises(UnreadableFile):
        open_device(tmp_path / "nowhere", "correct horse")


def test_a_sealed_file_opens_for_its_own_purpose_only() -> None:
    sealed = seal(b"secret", "pass", "a device")
    with pytest.raises(SealedFileError, match="sealed as a device"):
        unseal(sealed, "pass", "a cosigner's key")
    forged = sealed.replace(b"a device", b"a cosigner's key")
    with pytest.raises(SealedFileError, match="damaged"):
        unseal(forged, "pass", "a cosigner's key")


def test_any_changed_byte_keeps_a_sealed_file_shut() -> None:
    sealed = seal(b"secret", "pass", "x")
    for at in range(0, len(sealed), 7):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SealedFileError):
            unseal(changed, "pass", "x")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_new(path, b"one")
    with pytest.raises(UnwritableFile):
        write_new(path, b"two")
    assert path.read_bytes() == b"one"
    replace(path, b"three")
    assert path.read_bytes() == b"three"
    with pytest.raises(UnwritableFile):
        replace(tmp_path / "nowhere" / "file", b"x")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file"]


def test_a_file_past_its_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(11))
    assert len(read_file(path, 11)) == 11
    with pytest.raises(UnreadableFile, match="longer"):
        read_file(path, 10)
    with pytest.raises(UnreadableFile):
        read_file(tmp_path, 10)

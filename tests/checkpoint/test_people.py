"""Who signed, and how: named attacks on the people's part of a case, through `cosign`."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from sekisho.approvals.device import SoftwareDevice
from sekisho.approvals.statement import Assertion, SignedStatement, Statement, challenge, encode
from sekisho.replay.cast import ORIGIN, RELYING_PARTY, Cast, device
from sekisho.replay.vendor import psbt_by_embit
from sekisho.requests.request import PaymentRequest
from support.kits import KITS
from support.world import BOB, CAROL, World, address

KIT = KITS["recommended"]
COINS = KIT.fund(400_000_000)

Signed = tuple[SignedStatement, ...]


def by(cast: Cast, statement: Statement, digest: bytes, *people: str) -> Signed:
    return cast.sign(statement, digest, *people)


def made(
    holder: SoftwareDevice, digest: bytes, *, flags: int = 0x05, rp: str = RELYING_PARTY, **client: object
) -> Signed:
    """An approval whose parts are not all as they should be, genuinely signed by the holder's key."""
    members = {
        "type": "webauthn.get",
        "challenge": encode(challenge(Statement.APPROVAL, digest)),
        "origin": ORIGIN,
        "crossOrigin": False,
    } | client
    client_data = json.dumps(members).encode()
    data = sha256(rp.encode()).digest() + bytes([flags]) + bytes(4)
    key = ec.derive_private_key(holder.secret, ec.SECP256R1())
    signature = key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
    assertion = Assertion(holder.credential_id, data, client_data, signature)
    return (SignedStatement(Statement.APPROVAL, digest, assertion),)


def other(request: PaymentRequest) -> PaymentRequest:
    """The same request with another nonce."""
    return replace(request, nonce=bytes(16))


ATTACKS: dict[str, tuple[Callable[[Cast, PaymentRequest], Signed], str]] = {
    "nobody signed the request": (
        lambda cast, r: by(cast, Statement.APPROVAL, r.digest, "aya", "ben"),
        "request-unsigned",
    ),
    "somebody else signed the request": (
        lambda cast, r: (
            *by(cast, Statement.REQUEST, r.digest, "ben"),
            *by(cast, Statement.APPROVAL, r.digest, "aya", "chie"),
        ),
        "request-unsigned",
    ),
    "the quorum is short by one": (lambda cast, r: cast.approved(r, "aya"), "quorum-short"),
    "nobody approved": (lambda cast, r: cast.approved(r), "quorum-short"),
    "one approval is given twice": (
        lambda cast, r: (*cast.approved(r, "aya"), *by(cast, Statement.APPROVAL, r.digest, "aya")),
        "quorum-short",
    ),
    "one person approves with two devices": (
        lambda cast, r: (*cast.approved(r, "aya"), device("aya-spare").sign(Statement.APPROVAL, r.digest)),
        "quorum-short",
    ),
    "the requester approves too": (
        lambda cast, r: (*cast.approved(r, "aya"), *by(cast, Statement.APPROVAL, r.digest, "rie")),
        "approved-own-request",
    ),
    "somebody who asks for it as well approves": (
        lambda cast, r: (*cast.approved(r, "aya", "ben"), *by(cast, Statement.REQUEST, r.digest, "ben")),
        "approved-own-request",
    ),
    "an approver outside the tier's group makes the number": (
        lambda cast, r: cast.approved(r, "aya", "pia"),
        "quorum-short",
    ),
    "an auditor approves": (lambda cast, r: cast.approved(r, "aya", "uta"), "not-an-approver"),
    "a device that is not on the roster": (
        lambda cast, r: (*cast.approved(r, "aya", "ben"), device("mallory").sign(Statement.APPROVAL, r.digest)),
        "unknown-credential",
    ),
    "approvals of another request": (
        lambda cast, r: (
            *by(cast, Statement.REQUEST, r.digest, "rie"),
            *by(cast, Statement.APPROVAL, other(r).digest, "aya", "ben"),
        ),
        "wrong-document",
    ),
    "a request's signature used as an approval": (
        lambda cast, r: (
            *cast.approved(r, "aya"),
            *(replace(each, statement=Statement.APPROVAL) for each in by(cast, Statement.REQUEST, r.digest, "ben")),
        ),
        "assertion-invalid",
    ),
    "a rejection used as an approval": (
        lambda cast, r: (
            *cast.approved(r, "aya"),
            *(replace(each, statement=Statement.APPROVAL) for each in by(cast, Statement.REJECTION, r.digest, "ben")),
        ),
        "assertion-invalid",
    ),
    "a policy statement among the approvals": (
        lambda cast, r: (*cast.approved(r, "aya", "ben"), *by(cast, Statement.POLICY, r.digest, "chie")),
        "wrong-statement",
    ),
    "enough approvals and one rejection": (
        lambda cast, r: (*cast.approved(r, "aya", "ben"), *by(cast, Statement.REJECTION, r.digest, "chie")),
        "rejected",
    ),
    "an assertion from another origin": (
        lambda cast, r: (
            *cast.approved(r, "aya"),
            *made(device("ben-key"), r.digest, origin="https://approve.example"),
        ),
        "assertion-invalid",
    ),
    "an assertion made in a foreign frame": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, crossOrigin=True)),
        "assertion-invalid",
    ),
    "an assertion under another top origin": (
        lambda cast, r: (
            *cast.approved(r, "aya"),
            *made(device("ben-key"), r.digest, topOrigin="https://evil.example"),
        ),
        "assertion-invalid",
    ),
    "an assertion for another relying party": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, rp="login.exchange.example")),
        "assertion-invalid",
    ),
    "an assertion without user verification": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, flags=0x01)),
        "assertion-invalid",
    ),
    "an assertion without a touch": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, flags=0x04)),
        "assertion-invalid",
    ),
    "an assertion by a key that can be copied": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, flags=0x0D)),
        "assertion-invalid",
    ),
    "an assertion by a key that was copied": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, flags=0x15)),
        "assertion-invalid",
    ),
    "an assertion that says it holds a key": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, flags=0x45)),
        "assertion-invalid",
    ),
    "an assertion that says it holds extensions": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, flags=0x85)),
        "assertion-invalid",
    ),
    "a payment.get assertion, before the console can make one": (
        lambda cast, r: (*cast.approved(r, "aya"), *made(device("ben-key"), r.digest, type="payment.get")),
        "assertion-invalid",
    ),
    "a forged signature under a known credential": (
        lambda cast, r: (
            *cast.approved(r, "aya"),
            *made(replace(device("mallory"), credential_id=device("ben-key").credential_id), r.digest),
        ),
        "assertion-invalid",
    ),
}


@pytest.mark.parametrize(("attack", "code"), ATTACKS.values(), ids=ATTACKS.keys())
def test_it_is_refused_when(tmp_path: Path, attack: Callable[[Cast, PaymentRequest], Signed], code: str) -> None:
    world = World(tmp_path, KIT)
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, COINS))
    assert code in world.codes(request, psbt, attack(world.cast, request))
    assert world.codes(request, psbt) == set()


def test_an_edited_request_is_unsigned_and_unapproved(tmp_path: Path) -> None:
    """The DMM attack where it hurts: the request is altered on its way, after people signed it."""
    world = World(tmp_path, KIT)
    request = world.request((BOB, 1_000_000))
    signed = world.cast.approved(request, "aya", "ben")
    altered = replace(request, payees=(replace(request.payees[0], address=address(CAROL), script=CAROL),))
    psbt = psbt_by_embit(world.draft(altered, COINS))
    assert world.codes(altered, psbt, signed) == {
        "wrong-document",
        "assertion-invalid",
        "request-unsigned",
        "quorum-short",
    }


@pytest.mark.parametrize(
    ("demand", "people", "met"),
    [
        ("organisation = 2", ("aya", "ben"), False),
        ("organisation = 2", ("aya", "chie"), True),
        ("site = 2", ("aya", "ben"), True),
        ("maker = 2", ("aya", "chie"), False),  # software devices are all one maker
    ],
)
def test_a_tier_can_demand_distinct_people(tmp_path: Path, demand: str, people: tuple[str, str], met: bool) -> None:
    world = World(tmp_path, KIT, limits=f"distinct = {{ {demand} }}")
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, COINS))
    codes = world.codes(request, psbt, world.cast.approved(request, *people))
    assert codes == (set() if met else {"not-distinct"})

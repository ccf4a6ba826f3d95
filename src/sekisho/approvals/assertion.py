"""Is this assertion a device's answer to this challenge? (WebAuthn Level 3, section 7.2)

One verifier, ours: the libraries at hand ignore cross-origin ceremonies, do not tie a credential to its key, and leave
user verification to an option. The steps, each with the number of the step of section 7.2 it stands for:

(1) the client data is JSON, of type `webauthn.get`, with our challenge and origin, in no foreign frame (8 to 14);
(2) the authenticator data is of our relying party, with user present and verified, of a key that never leaves its
    device, and nothing is attached that we did not ask for (15 to 20);
(3) the signature, by the device's enrolled key, is over both (21, 22).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from sekisho.approvals.roster import Device, Roster
from sekisho.approvals.statement import Assertion, encode
from sekisho.verdicts import Reason

USER_PRESENT, USER_VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED, EXTENSIONS = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80
"""Flags of the authenticator data (section 6.1)."""

AUTHENTICATOR_DATA = 37
"""Bytes: hash of the relying-party id, flags, counter. The counter is no defence: many devices always say 0."""

MAX_CLIENT_DATA = 4_096


@dataclass(frozen=True, slots=True)
class AssertionInvalid(Reason):
    """A signature of a person's device that does not count, and why."""

    code: ClassVar[str] = "assertion-invalid"
    person: str
    device: str
    why: str

    def __str__(self) -> str:
        return f"the signature of {self.person} with {self.device} does not count: {self.why}"


def verify(assertion: Assertion, challenge: bytes, person: str, device: Device, roster: Roster) -> tuple[Reason, ...]:
    """Hold an assertion against the challenge it should answer; nothing, and it holds."""
    faults = (
        *_client_data(assertion.client_data, challenge, roster),  # (1)
        *_authenticator_data(assertion.authenticator_data, roster),  # (2)
        *_signature(assertion, device),  # (3)
    )
    return tuple(AssertionInvalid(person, device.id, fault) for fault in faults)


def _client_data(raw: bytes, challenge: bytes, roster: Roster) -> Iterator[str]:
    """Browsers may add members, in any order: what is needed is read, nothing is matched as a template."""
    if len(raw) > MAX_CLIENT_DATA:
        yield "its client data is too long"
        return
    try:
        members = json.loads(raw.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError):
        yield "its client data is not JSON, or names a member twice"
        return
    if not isinstance(members, dict):
        yield "its client data is no object"
        return
    if members.get("type") != "webauthn.get":
        yield "it is not of type webauthn.get"
    if members.get("challenge") != encode(challenge):
        yield "it answers another challenge"
    origin = members.get("origin")
    if not isinstance(origin, str) or origin not in roster.origins:
        yield "it comes from another origin"
    if members.get("crossOrigin", False) is not False or "topOrigin" in members:
        yield "it was made in a frame inside another site"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member appears twice")
    return members


def _authenticator_data(raw: bytes, roster: Roster) -> Iterator[str]:
    if len(raw) != AUTHENTICATOR_DATA:
        yield "its authenticator data is not 37 bytes long"
        return
    flags = raw[32]
    if raw[:32] != sha256(roster.relying_party.encode()).digest():
        yield "it is for another relying party"
    if not flags & USER_PRESENT:
        yield "nobody touched the device (UP=0)"
    if not flags & USER_VERIFIED:
        yield "the device did not verify its user (UV=0)"
    if flags & (BACKUP_ELIGIBLE | BACKED_UP):
        yield "its key can be copied to other devices (BE=1)"
    if flags & (ATTESTED | EXTENSIONS):
        yield "its authenticator data claims parts it does not hold"


def _signature(assertion: Assertion, device: Device) -> Iterator[str]:
    message = assertion.authenticator_data + sha256(assertion.client_data).digest()
    if assertion.credential_id != device.credential_id:
        yield "it is by another credential"
    if not device.verify(assertion.signature, message):
        yield "its signature is not by the enrolled key"

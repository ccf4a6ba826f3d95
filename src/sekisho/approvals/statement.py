"""What a person's device signs: one of eight statements, about one document, and never mistakable for another."""

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from sekisho.errors import SekishoError
from sekisho.requests.canonical import Json, NotCanonical, canonical, parse_canonical

STATEMENT_TYPE = "sekisho/statement/v1"

MAX_STATEMENT_BYTES = 16_384
"""An assertion is under 1 kB; a browser may add members to the client data."""

_MEMBERS = {"type", "statement", "digest", "credential", "authenticator_data", "client_data", "signature"}


class MalformedStatement(SekishoError):
    """Bytes that are not a signed statement."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a signed statement: {why}")
        self.why = why


class Statement(StrEnum):
    """What is said. Each makes its own challenge, so none can be used as another."""

    REQUEST = "sekisho/request/v1"
    """I ask for this payment."""
    APPROVAL = "sekisho/approval/v1"
    """I approve this payment."""
    REJECTION = "sekisho/rejection/v1"
    """I reject this payment."""
    ROSTER = "sekisho/roster/v1"
    """Let this roster take effect."""
    POLICY = "sekisho/policy/v1"
    """Let this policy take effect."""
    WALLET = "sekisho/wallet/v1"
    """Let the checkpoint guard this wallet."""
    FREEZE = "sekisho/freeze/v1"
    """Stop signing."""
    THAW = "sekisho/thaw/v1"
    """Lift this freeze."""


def challenge(statement: Statement, digest: bytes) -> bytes:
    """The WebAuthn challenge of a statement about the document with this digest: 32 bytes (docs/formats.md)."""
    return sha256(statement.encode() + b"\x00" + digest).digest()


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an authenticator returns (WebAuthn Level 3, section 5.2.2). `signature` is ES256 in DER."""

    credential_id: bytes
    authenticator_data: bytes
    client_data: bytes
    signature: bytes


@dataclass(frozen=True)
class SignedStatement:
    """A statement about a document, with the assertion that makes it somebody's."""

    statement: Statement
    digest: bytes
    assertion: Assertion

    @cached_property
    def raw(self) -> bytes:
        """The canonical bytes: the file."""
        document: dict[str, Json] = {
            "type": STATEMENT_TYPE,
            "statement": self.statement.value,
            "digest": self.digest.hex(),
            "credential": encode(self.assertion.credential_id),
            "authenticator_data": encode(self.assertion.authenticator_data),
            "client_data": encode(self.assertion.client_data),
            "signature": encode(self.assertion.signature),
        }
        return canonical(document)


def parse_signed_statement(raw: bytes) -> SignedStatement:
    """Read a signed statement from its canonical bytes. Whether the signature holds is for `assertion` to say.

    Raises MalformedStatement, and nothing else, whatever the bytes.
    """
    try:
        document = parse_canonical(raw, MAX_STATEMENT_BYTES)
    except NotCanonical as why:
        raise MalformedStatement(why.why) from why
    texts = {name: value for name, value in document.items() if isinstance(value, str)}
    if texts.keys() != _MEMBERS or document.keys() != _MEMBERS:
        raise MalformedStatement("it must hold " + ", ".join(sorted(_MEMBERS)))
    if texts["type"] != STATEMENT_TYPE or texts["statement"] not in Statement.__members__.values():
        raise MalformedStatement("of another type or version")
    signed = SignedStatement(
        Statement(texts["statement"]),
        _digest(texts["digest"]),
        Assertion(
            decode(texts["credential"]),
            decode(texts["authenticator_data"]),
            decode(texts["client_data"]),
            decode(texts["signature"]),
        ),
    )
    if signed.raw != raw:
        raise MalformedStatement("a value is not in its usual spelling")
    return signed


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 4648, section 5), as WebAuthn writes bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Bytes from base64url without padding. Raises MalformedStatement."""
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as why:
        raise MalformedStatement("a value is not base64url") from why


def _digest(text: str) -> bytes:
    try:
        data = bytes.fromhex(text)
    except ValueError as why:
        raise MalformedStatement("digest is not hex") from why
    if len(data) != 32:
        raise MalformedStatement("digest is not 32 bytes")
    return data

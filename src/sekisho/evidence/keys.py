"""Keys of logs and witnesses, and what they sign: Ed25519, and ML-DSA-44 (FIPS 204) beside it.

Three types of signature (signed-note, "Signature types"; tlog-cosignature):
a log's Ed25519 over the note's text; a cosignature in Ed25519, with its time; a cosignature in ML-DSA-44, with its time
and its cosigner's name.
"""

import base64
import binascii
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from sekisho.errors import SekishoError


class KeyType(IntEnum):
    """The type byte of a key (signed-note, "Signature types")."""

    ED25519 = 0x01
    COSIGNATURE_ED25519 = 0x04
    COSIGNATURE_ML_DSA_44 = 0x06


_PUBLIC_BYTES = {KeyType.ED25519: 32, KeyType.COSIGNATURE_ED25519: 32, KeyType.COSIGNATURE_ML_DSA_44: 1312}
_SIGNATURE_BYTES = {KeyType.ED25519: 64, KeyType.COSIGNATURE_ED25519: 64, KeyType.COSIGNATURE_ML_DSA_44: 2420}
_TIME_BYTES = 8


class MalformedKey(SekishoError):
    """Text that is not a verifier key."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a verifier key: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a log says it is: its origin, how many entries it has, and the root over them (tlog-checkpoint)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines of a C2SP checkpoint."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and type: what a signed note calls a vkey."""

    name: str
    type: KeyType
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, type, public key)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.type]) + self.public).decode()}"

    def verify_text(self, text: str, signature: bytes) -> bool:
        """Whether this log key signed the note's text (signed-note, "Ed25519 signatures")."""
        if self.type is not KeyType.ED25519 or len(signature) != _SIGNATURE_BYTES[self.type]:
            return False
        return _holds(Ed25519PublicKey.from_public_bytes(self.public), signature, text.encode())

    def verify_head(self, head: TreeHead, signature: bytes) -> int | None:
        """When this key cosigned the head, in seconds since 1970; None if it did not (tlog-cosignature)."""
        if self.type is KeyType.ED25519 or len(signature) != _TIME_BYTES + _SIGNATURE_BYTES[self.type]:
            return None
        at = int.from_bytes(signature[:_TIME_BYTES], "big")
        if at >= 2**63:
            return None
        public: Ed25519PublicKey | MLDSA44PublicKey
        if self.type is KeyType.COSIGNATURE_ED25519:
            public, message = Ed25519PublicKey.from_public_bytes(self.public), _ed25519_message(head, at)
        else:
            public, message = MLDSA44PublicKey.from_public_bytes(self.public), _ml_dsa_message(self.name, head, at)
        return at if _holds(public, signature[_TIME_BYTES:], message) else None


def parse_key(text: str) -> VerifierKey:
    """Read `name+id+key` (signed-note, "Verifier keys"). Raises MalformedKey, and nothing else, whatever the text."""
    name, _, rest = text.partition("+")
    given, _, encoded = rest.partition("+")
    try:
        material = base64.b64decode(encoded, validate=True)
        kind = KeyType(material[0])
    except (binascii.Error, ValueError, IndexError) as why:
        raise MalformedKey("it is name+id+base64 of a key of type 1, 4 or 6") from why
    if not is_key_name(name) or len(name.encode()) > 255:
        raise MalformedKey("a name is 1 to 255 bytes without spaces and plus signs")
    key = VerifierKey(name, kind, material[1:])
    if len(key.public) != _PUBLIC_BYTES[kind]:
        raise MalformedKey(f"a key of type {kind} has {_PUBLIC_BYTES[kind]} bytes, not {len(key.public)}")
    if str(key) != text:
        raise MalformedKey(f"its id is {key.id.hex()}, not {given[:8]!r}")
    return key


def is_key_name(name: str) -> bool:
    """Whether a signed note may carry this name: not empty, printable, no spaces, no plus sign."""
    return bool(name) and name.isprintable() and "+" not in name and not any(each.isspace() for each in name)


@dataclass(frozen=True)
class SecretKeys:
    """A log's or a witness's keys, all from one 32-byte seed under one name."""

    name: str
    _seed: bytes = field(repr=False)

    @property
    def _ed25519(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(sha256(b"sekisho/ed25519/v1\x00" + self._seed).digest())

    @property
    def _ml_dsa(self) -> MLDSA44PrivateKey:
        return MLDSA44PrivateKey.from_seed_bytes(sha256(b"sekisho/ml-dsa-44/v1\x00" + self._seed).digest())

    def public(self, kind: KeyType) -> VerifierKey:
        """The public half for one type of signature."""
        secret = self._ml_dsa if kind is KeyType.COSIGNATURE_ML_DSA_44 else self._ed25519
        return VerifierKey(self.name, kind, secret.public_key().public_bytes_raw())

    def sign_text(self, text: str) -> bytes:
        """A log's Ed25519 signature over a note's text."""
        return self._ed25519.sign(text.encode())

    def cosign(self, kind: KeyType, head: TreeHead, at: int) -> bytes:
        """A cosignature of a head at a time (seconds since 1970): the time in 8 bytes, then the signature."""
        if kind is KeyType.COSIGNATURE_ML_DSA_44:
            made = self._ml_dsa.sign(_ml_dsa_message(self.name, head, at))
        else:
            made = self._ed25519.sign(_ed25519_message(head, at))
        return at.to_bytes(_TIME_BYTES, "big") + made


def _ed25519_message(head: TreeHead, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{head.text}".encode()


def _ml_dsa_message(name: str, head: TreeHead, at: int) -> bytes:
    def short(text: str) -> bytes:
        return len(text.encode()).to_bytes(1, "big") + text.encode()

    return b"".join(
        (
            b"subtree/v1\n\x00",
            short(name),
            at.to_bytes(8, "big"),
            short(head.origin),
            (0).to_bytes(8, "big"),
            head.size.to_bytes(8, "big"),
            head.root,
        )
    )


def _holds(public: Ed25519PublicKey | MLDSA44PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        public.verify(signature, message)
    except InvalidSignature:
        return False
    return True

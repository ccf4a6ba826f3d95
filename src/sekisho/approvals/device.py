"""A device in software: what the command line signs with, and the tests. It speaks the hardware's protocol.

A passphrase stands for the touch and the PIN, and nothing keeps the key from being copied along with its file: all
software devices are of one maker, so that a policy can ask for something better beside them.
"""

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sekisho.approvals.assertion import USER_PRESENT, USER_VERIFIED
from sekisho.approvals.sealed import MAX_SEALED_BYTES, SealedFileError, seal, unseal
from sekisho.approvals.statement import Assertion, SignedStatement, Statement, challenge, encode
from sekisho.files import read_file, write_new
from sekisho.requests.canonical import NotCanonical, canonical, parse_canonical

MAKER = "software"
PURPOSE = "sekisho/software-device/v1"


@dataclass(frozen=True, slots=True, repr=False)
class SoftwareDevice:
    """A P-256 key that answers WebAuthn challenges for one relying party from one origin."""

    credential_id: bytes
    secret: int
    relying_party: str
    origin: str

    @property
    def public_key(self) -> bytes:
        """P-256, compressed."""
        key = ec.derive_private_key(self.secret, ec.SECP256R1()).public_key()
        return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)

    def sign(self, statement: Statement, digest: bytes) -> SignedStatement:
        """Say `statement` about the document with this digest."""
        authenticator_data = (
            sha256(self.relying_party.encode()).digest() + bytes([USER_PRESENT | USER_VERIFIED]) + bytes(4)
        )
        client_data = json.dumps(
            {
                "type": "webauthn.get",
                "challenge": encode(challenge(statement, digest)),
                "origin": self.origin,
                "crossOrigin": False,
            },
            separators=(",", ":"),
        ).encode()
        key = ec.derive_private_key(self.secret, ec.SECP256R1())
        signature = key.sign(authenticator_data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return SignedStatement(
            statement, digest, Assertion(self.credential_id, authenticator_data, client_data, signature)
        )

    def save(self, path: Path, passphrase: str) -> None:
        """Write the device, sealed, to a file that must not exist. Raises UnwritableFile."""
        document = canonical(
            {
                "credential": self.credential_id.hex(),
                "secret": f"{self.secret:064x}",
                "relying_party": self.relying_party,
                "origin": self.origin,
            }
        )
        write_new(path, seal(document, passphrase, PURPOSE), 0o600)


def new_device(relying_party: str, origin: str) -> SoftwareDevice:
    """A device with a fresh key."""
    key = ec.generate_private_key(ec.SECP256R1())
    return SoftwareDevice(os.urandom(32), key.private_numbers().private_value, relying_party, origin)


def open_device(path: Path, passphrase: str) -> SoftwareDevice:
    """The device in a sealed file. Raises UnreadableFile, SealedFileError."""
    secret = unseal(read_file(path, MAX_SEALED_BYTES), passphrase, PURPOSE)
    try:
        document = parse_canonical(secret, MAX_SEALED_BYTES)
        texts = {name: value for name, value in document.items() if isinstance(value, str)}
        return SoftwareDevice(
            bytes.fromhex(texts["credential"]), int(texts["secret"], 16), texts["relying_party"], texts["origin"]
        )
    except (NotCanonical, KeyError, ValueError) as why:
        raise SealedFileError("it holds no device") from why

"""A secret on disk, sealed under a passphrase: scrypt (RFC 7914) and ChaCha20-Poly1305 (RFC 8439)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from sekisho.approvals.statement import MalformedStatement, decode, encode
from sekisho.errors import SekishoError
from sekisho.requests.canonical import NotCanonical, canonical, parse_canonical

SEALED_TYPE = "sekisho/sealed/v1"
MAX_SEALED_BYTES = 10_000

WORK = 2**15
"""scrypt's N, with r = 8 and p = 1: 32 MiB and about 0.1 s a guess."""

_MEMBERS = {"type", "purpose", "salt", "nonce", "ciphertext"}


class SealedFileError(SekishoError):
    """A sealed file that does not open."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the sealed file does not open: {why}")
        self.why = why


def seal(secret: bytes, passphrase: str, purpose: str) -> bytes:
    """The file that `unseal` opens with the same passphrase and for the same purpose."""
    salt, nonce = os.urandom(16), os.urandom(12)
    ciphertext = ChaCha20Poly1305(_key(passphrase, salt)).encrypt(nonce, secret, purpose.encode())
    return canonical(
        {
            "type": SEALED_TYPE,
            "purpose": purpose,
            "salt": encode(salt),
            "nonce": encode(nonce),
            "ciphertext": encode(ciphertext),
        }
    )


def unseal(raw: bytes, passphrase: str, purpose: str) -> bytes:
    """The secret in a sealed file. Raises SealedFileError, and nothing else, whatever the bytes."""
    try:
        document = parse_canonical(raw, MAX_SEALED_BYTES)
        texts = {name: value for name, value in document.items() if isinstance(value, str)}
        if texts.keys() != _MEMBERS or document.keys() != _MEMBERS or texts["type"] != SEALED_TYPE:
            raise SealedFileError("it is not a sealed file")
        if texts["purpose"] != purpose:
            raise SealedFileError(f"it was sealed as {texts['purpose'][:60]}, not as {purpose}")
        salt, nonce, ciphertext = (decode(texts[name]) for name in ("salt", "nonce", "ciphertext"))
    except (NotCanonical, MalformedStatement) as why:
        raise SealedFileError("it is not a sealed file") from why
    if len(salt) != 16 or len(nonce) != 12:
        raise SealedFileError("it is damaged")
    try:
        return ChaCha20Poly1305(_key(passphrase, salt)).decrypt(nonce, ciphertext, purpose.encode())
    except InvalidTag as why:
        raise SealedFileError("the passphrase is wrong, or the file is damaged") from why


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=WORK, r=8, p=1).derive(passphrase.encode())

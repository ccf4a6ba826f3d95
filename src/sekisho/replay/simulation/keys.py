"""Keys and signatures by the thousand, for coins that are worth nothing.

All secrets follow from the seed, which anyone may read in the truth file; so one nonce, known to all, does for every
signature, and a signature costs a multiplication. Never do this with a key that guards anything.
"""

from hashlib import sha256
from typing import NamedTuple

from coincurve import PrivateKey, PublicKey

from sekisho.bitcoin.hashes import tagged_hash

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Of the group secp256k1 (SEC 2, section 2.4.1)."""

_ROOM = 2**64
"""Secrets start this far below the order, so that counting up never meets it."""


class KeyPair(NamedTuple):
    """A secret and its compressed public key."""

    secret: int
    public: bytes


class Keys:
    """A row of key pairs, each one the generator further than the one before."""

    def __init__(self, seed: int) -> None:
        self._material, self._fillers = sha256(b"sekisho simulated keys %d" % seed).digest(), 0
        self._secret = int.from_bytes(self._material, "big") % (_ORDER - _ROOM) + 1
        self._point = _point(self._secret)

    def fresh(self) -> KeyPair:
        """The next pair."""
        made = KeyPair(self._secret, self._point.format())
        self._secret += 1
        self._point = PublicKey.combine_keys([self._point, _GENERATOR])
        return made

    def filler(self) -> bytes:
        """33 bytes that never came before: where a key is expected that nothing ever looks at."""
        self._fillers += 1
        return b"\x02" + sha256(self._material + self._fillers.to_bytes(8, "big")).digest()


def sign_ecdsa(secret: int, digest: bytes) -> bytes:
    """A signature over a 32-byte digest, in DER with the low S (BIP-66, BIP-146)."""
    s = _INVERSE * (int.from_bytes(digest, "big") + _R * secret) % _ORDER
    low = min(s, _ORDER - s)
    body = _der(_R) + _der(low)
    return b"\x30" + bytes([len(body)]) + body


def sign_schnorr(pair: KeyPair, digest: bytes) -> bytes:
    """A signature over a 32-byte digest by the key with an even Y (BIP-340, "Default Signing")."""
    secret = pair.secret if pair.public[0] == 2 else _ORDER - pair.secret
    challenge = int.from_bytes(tagged_hash("BIP0340/challenge", _NONCE_X + pair.public[1:] + digest), "big")
    return _NONCE_X + ((_EVEN_NONCE + challenge * secret) % _ORDER).to_bytes(32, "big")


def _der(number: int) -> bytes:
    raw = number.to_bytes(number.bit_length() // 8 + 1, "big")  # a leading zero where the first bit would be a sign
    return b"\x02" + bytes([len(raw)]) + raw


def _point(secret: int) -> PublicKey:
    return PrivateKey(secret.to_bytes(32, "big")).public_key


_GENERATOR = _point(1)
_NONCE = int.from_bytes(sha256(b"sekisho simulated nonce").digest(), "big") % (_ORDER - 1) + 1
_INVERSE = pow(_NONCE, -1, _ORDER)
_NONCE_POINT = _point(_NONCE).format()
_NONCE_X = _NONCE_POINT[1:]
_R = int.from_bytes(_NONCE_X, "big") % _ORDER
_EVEN_NONCE = _NONCE if _NONCE_POINT[0] == 2 else _ORDER - _NONCE

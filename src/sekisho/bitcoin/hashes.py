"""The hashes of bitcoin, by the names the BIPs give them."""

from functools import lru_cache
from hashlib import sha256

import embit.hashes  # brings its own RIPEMD-160 where the system's OpenSSL has none


def sha256d(data: bytes) -> bytes:
    """SHA-256 of SHA-256."""
    return sha256(sha256(data).digest()).digest()


def hash160(data: bytes) -> bytes:
    """RIPEMD-160 of SHA-256."""
    return bytes(embit.hashes.hash160(data))


@lru_cache(maxsize=32)
def _tag(name: str) -> bytes:
    return sha256(name.encode()).digest() * 2


def tagged_hash(name: str, data: bytes) -> bytes:
    """SHA-256 under a tag (BIP-340, "Design")."""
    return sha256(_tag(name) + data).digest()

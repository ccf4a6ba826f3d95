"""Signatures on secp256k1, checked by libsecp256k1."""

from coincurve import PublicKey, PublicKeyXOnly
from coincurve.ecdsa import cdata_to_der, der_to_cdata, signature_normalize


def verify_ecdsa(public_key: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether `signature` (strict DER, BIP-66; low S, BIP-146) by a compressed key is over the 32-byte `digest`."""
    if not 8 <= len(signature) <= 72 or len(public_key) != 33:
        return False
    try:
        parsed = der_to_cdata(signature)
        high_s, _ = signature_normalize(parsed)
        if high_s or cdata_to_der(parsed) != signature:  # one encoding only: libsecp256k1 alone is laxer than BIP-66
            return False
        return PublicKey(public_key).verify(signature, digest, hasher=None)
    except ValueError:
        return False


def verify_schnorr(x_only: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether a 64-byte `signature` by a 32-byte key is over `digest` (BIP-340, "Verification")."""
    if len(signature) != 64 or len(x_only) != 32:
        return False
    try:
        return PublicKeyXOnly(x_only).verify(signature, digest)
    except ValueError:
        return False

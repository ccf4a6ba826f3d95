"""The cosigner's key, behind an interface that an HSM can implement."""

import hmac
from dataclasses import dataclass, field
from typing import Protocol

from coincurve import PrivateKey
from embit.base import EmbitError
from embit.bip32 import HDKey
from embit.networks import NETWORKS

from sekisho.bitcoin.hashes import tagged_hash
from sekisho.bitcoin.network import Network
from sekisho.errors import SekishoError

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""The order of secp256k1 (SEC 2, section 2.4.1)."""

_EMBIT_NETWORKS = {Network.MAIN: "main", Network.TESTNET4: "test", Network.SIGNET: "signet", Network.REGTEST: "regtest"}

Path = tuple[int, ...]
"""A derivation path from the master key, hardened steps with their high bit set (BIP-32)."""


class Key(Protocol):
    """Signs digests under a derivation path, and shows its public half. What an HSM would offer."""

    @property
    def expression(self) -> str:
        """The account's key expression for a descriptor: `[fingerprint/path]xpub` (BIP-380)."""
        ...

    def public_key(self, path: Path) -> bytes:
        """The compressed public key under a path from the master key."""
        ...

    def sign_ecdsa(self, path: Path, digest: bytes) -> bytes:
        """A DER signature with low S over a 32-byte digest, the same one each time (RFC 6979)."""
        ...

    def sign_taproot(self, path: Path, digest: bytes) -> bytes:
        """A 64-byte signature for the key path of an output without scripts (BIP-340, BIP-341, BIP-86)."""
        ...


class UnusableKey(SekishoError):
    """The cosigner's secret is not one, or does not belong to this network."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the cosigner's key cannot be used: {why}")
        self.why = why


@dataclass(frozen=True, repr=False)
class SoftwareKey:
    """A `Key` in this process's memory, made from a seed of 16 to 64 bytes."""

    master: HDKey
    account: Path
    network: Network
    _branches: dict[Path, tuple[PrivateKey, bytes]] = field(default_factory=dict, compare=False)

    @property
    def expression(self) -> str:
        """See `Key.expression`."""
        steps = "".join(f"/{step & 0x7FFFFFFF}{'h' if step >> 31 else ''}" for step in self.account)
        xpub = self.master.derive(list(self.account)).to_public().to_base58()
        return f"[{self.master.my_fingerprint.hex()}{steps}]{xpub}"

    def public_key(self, path: Path) -> bytes:
        """See `Key.public_key`."""
        return self._at(path).public_key.format(compressed=True)

    def sign_ecdsa(self, path: Path, digest: bytes) -> bytes:
        """See `Key.sign_ecdsa`."""
        return self._at(path).sign(digest, hasher=None)

    def sign_taproot(self, path: Path, digest: bytes) -> bytes:
        """See `Key.sign_taproot`. No auxiliary randomness: asked twice, the same signature."""
        key = self._at(path)
        secret, public = key.to_int(), key.public_key.format(compressed=True)
        even = secret if public[0] == 2 else _ORDER - secret
        tweak = int.from_bytes(tagged_hash("TapTweak", public[1:]), "big")
        return PrivateKey.from_int((even + tweak) % _ORDER).sign_schnorr(digest, aux_randomness=bytes(32))

    def _at(self, path: Path) -> PrivateKey:
        return self._node(path)[0]

    def _node(self, path: Path) -> tuple[PrivateKey, bytes]:
        """The private key and chain code under a path. Branches are remembered; addresses are derived each time."""
        if not path:
            return PrivateKey(self.master.key.secret), bytes(self.master.chain_code)
        known = self._branches.get(path[:-1])
        if known is None:
            known = self._branches[path[:-1]] = self._node(path[:-1])
        return _child(*known, path[-1])


def _child(key: PrivateKey, chain_code: bytes, step: int) -> tuple[PrivateKey, bytes]:
    """One step of private derivation (BIP-32, "Private parent key to private child key")."""
    data = b"\x00" + key.secret if step >> 31 else key.public_key.format(compressed=True)
    mixed = hmac.digest(chain_code, data + step.to_bytes(4, "big"), "sha512")
    return key.add(mixed[:32]), mixed[32:]


def software_key(seed: bytes, network: Network) -> SoftwareKey:
    """The cosigner's key from its seed, on the account m/87h/coin_typeh/0h (BIP-87). Raises UnusableKey."""
    try:
        master = HDKey.from_seed(seed, version=NETWORKS[_EMBIT_NETWORKS[network]]["xprv"])
    except (EmbitError, ValueError) as why:
        raise UnusableKey(str(why)) from why
    coin_type = 0 if network is Network.MAIN else 1
    hardened = tuple(0x80000000 | step for step in (87, coin_type, 0))
    return SoftwareKey(master, hardened, network)

"""Scripts that coins are locked with, and how each kind is opened again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, Protocol

from coincurve import PublicKeyXOnly

from sekisho.bitcoin.hashes import hash160, sha256d, tagged_hash
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.sighash import SIGHASH_ALL, Shared, segwit_v0, taproot_key_path
from sekisho.bitcoin.transaction import Coin, Transaction, TxInput
from sekisho.bitcoin.wire import sized
from sekisho.replay.simulation.keys import KeyPair, Keys, sign_ecdsa, sign_schnorr

_ALL = bytes([SIGHASH_ALL])
_DROP, _DROP_TWO, _TRUE = b"\x75", b"\x6d", b"\x51"
_LEAF_VERSION = 0xC0
_NO_KEY = bytes.fromhex("50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0")
"""The internal key nobody has (BIP-341, "Constructing and spending Taproot outputs")."""


class LockKind(StrEnum):
    """How the coins of a wallet are locked."""

    P2WPKH = "p2wpkh"
    P2TR = "p2tr"
    """Opened by its key."""
    P2PKH = "p2pkh"
    VAULT = "p2wsh"
    """P2WSH as long as two signatures of three, that anyone who knows its script can open."""
    LEAF = "p2tr-script"
    """P2TR that is opened by its one script, which asks for nothing."""


VBYTES = {LockKind.P2WPKH: 68, LockKind.P2TR: 58, LockKind.P2PKH: 148, LockKind.VAULT: 103, LockKind.LEAF: 60}
"""Virtual bytes of an input of each kind, rounded up."""


class Spending(NamedTuple):
    """A transaction without signatures, the coins it spends, and what its digests share."""

    bare: Transaction
    coins: Sequence[Coin]
    shared: Shared


class Lock(Protocol):
    """A script and what opens it."""

    @property
    def script(self) -> Script:
        """The scriptPubKey."""

    def open(self, spending: Spending, index: int) -> TxInput:
        """Input `index`, signed."""


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """P2WPKH (BIP-141)."""

    pair: KeyPair
    script: Script

    def open(self, spending: Spending, index: int) -> TxInput:
        """Signature and key."""
        code = Script(b"\x76\xa9\x14" + self.script[2:] + b"\x88\xac")
        digest = segwit_v0(spending.bare, index, code, spending.coins[index].sats, spending.shared)
        return _with_witness(spending, index, sign_ecdsa(self.pair.secret, digest) + _ALL, self.pair.public)


@dataclass(frozen=True, slots=True)
class TaprootKey:
    """P2TR by its key (BIP-341); the key is not tweaked, as it commits to no script."""

    pair: KeyPair
    script: Script

    def open(self, spending: Spending, index: int) -> TxInput:
        """One signature."""
        digest = taproot_key_path(spending.bare, index, spending.coins, shared=spending.shared)
        return _with_witness(spending, index, sign_schnorr(self.pair, digest))


@dataclass(frozen=True, slots=True)
class KeyHash:
    """P2PKH."""

    pair: KeyPair
    script: Script

    def open(self, spending: Spending, index: int) -> TxInput:
        """Signature and key, in the scriptSig."""
        bare = spending.bare
        own = bare.inputs[index]
        inputs = tuple(
            TxInput(each.outpoint, each.sequence, self.script if at == index else b"")
            for at, each in enumerate(bare.inputs)
        )
        form = Transaction(bare.version, inputs, bare.outputs, bare.locktime).serialize(witness=False)
        signature = sign_ecdsa(self.pair.secret, sha256d(form + SIGHASH_ALL.to_bytes(4, "little"))) + _ALL
        return TxInput(own.outpoint, own.sequence, sized(signature) + sized(self.pair.public))


@dataclass(frozen=True, slots=True)
class Witness:
    """Any script that its own fixed witness opens: no signature, whatever spends it."""

    script: Script
    witness: tuple[bytes, ...]

    def open(self, spending: Spending, index: int) -> TxInput:
        """The witness as it is."""
        return _with_witness(spending, index, *self.witness)


def new_lock(kind: LockKind, keys: Keys) -> Lock:
    """A lock that was never used before."""
    match kind:
        case LockKind.P2WPKH:
            pair = keys.fresh()
            return WitnessKey(pair, Script(b"\x00\x14" + hash160(pair.public)))
        case LockKind.P2TR:
            pair = keys.fresh()
            return TaprootKey(pair, Script(b"\x51\x20" + pair.public[1:]))
        case LockKind.P2PKH:
            pair = keys.fresh()
            return KeyHash(pair, Script(b"\x76\xa9\x14" + hash160(pair.public) + b"\x88\xac"))
        case LockKind.VAULT:
            inner = b"".join(sized(keys.filler()) + _DROP for _ in range(3)) + _DROP_TWO + _TRUE
            as_signatures = (keys.filler() * 2, keys.filler() * 2)
            return Witness(Script(b"\x00\x20" + sha256(inner).digest()), (*as_signatures, inner))
        case LockKind.LEAF:
            return _leaf(keys.filler())


def _leaf(filler: bytes) -> Witness:
    inner = sized(filler) + _DROP + _TRUE
    leaf = tagged_hash("TapLeaf", bytes([_LEAF_VERSION]) + sized(inner))
    key = PublicKeyXOnly(_NO_KEY)
    key.tweak_add(tagged_hash("TapTweak", _NO_KEY + leaf))
    control = bytes([_LEAF_VERSION | key.parity]) + _NO_KEY
    return Witness(Script(b"\x51\x20" + key.format()), (inner, control))


def _with_witness(spending: Spending, index: int, *witness: bytes) -> TxInput:
    own = spending.bare.inputs[index]
    return TxInput(own.outpoint, own.sequence, b"", witness)

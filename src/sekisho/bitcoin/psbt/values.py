"""A PSBT as frozen values: every field the BIPs define that a signer may rely on, and every record as it was read."""

from dataclasses import dataclass

from sekisho.bitcoin.psbt.records import Map
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput


@dataclass(frozen=True, slots=True)
class KeyOrigin:
    """A claim about where a key comes from (BIP-174, PSBT_IN_BIP32_DERIVATION). It proves nothing."""

    public_key: bytes
    fingerprint: bytes
    path: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TaprootOrigin:
    """The same for an x-only key, with the leaves it signs for (BIP-371)."""

    public_key: bytes
    leaves: tuple[bytes, ...]
    fingerprint: bytes
    path: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartialSignature:
    """A signature for one input, with its sighash byte at the end."""

    public_key: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class TaprootScriptSignature:
    """A signature for one leaf of one input (BIP-371)."""

    public_key: bytes
    leaf: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class TaprootLeaf:
    """A leaf script with its version, and the control block that proves it (BIP-371)."""

    control_block: bytes
    script: Script
    version: int


@dataclass(frozen=True, slots=True)
class PsbtInput:
    """What a PSBT says of one input."""

    records: Map
    non_witness_utxo: Transaction | None = None
    witness_utxo: TxOutput | None = None
    partial_signatures: tuple[PartialSignature, ...] = ()
    sighash_type: int | None = None
    redeem_script: Script | None = None
    witness_script: Script | None = None
    derivations: tuple[KeyOrigin, ...] = ()
    final_script_sig: bytes | None = None
    final_witness: tuple[bytes, ...] | None = None
    taproot_key_signature: bytes | None = None
    taproot_script_signatures: tuple[TaprootScriptSignature, ...] = ()
    taproot_leaf_scripts: tuple[TaprootLeaf, ...] = ()
    taproot_origins: tuple[TaprootOrigin, ...] = ()
    taproot_internal_key: bytes | None = None
    taproot_merkle_root: bytes | None = None


@dataclass(frozen=True, slots=True)
class PsbtOutput:
    """What a PSBT says of one output."""

    records: Map
    redeem_script: Script | None = None
    witness_script: Script | None = None
    derivations: tuple[KeyOrigin, ...] = ()
    taproot_internal_key: bytes | None = None
    taproot_origins: tuple[TaprootOrigin, ...] = ()


@dataclass(frozen=True, slots=True)
class Psbt:
    """A PSBT of version 0 (BIP-174) or 2 (BIP-370)."""

    version: int
    unsigned: Transaction
    """The transaction to be signed; put together from the maps in version 2."""
    inputs: tuple[PsbtInput, ...]
    outputs: tuple[PsbtOutput, ...]
    records: Map
    """The global map."""
    modifiable: int = 0
    """PSBT_GLOBAL_TX_MODIFIABLE: bit 0 inputs, bit 1 outputs, bit 2 a SIGHASH_SINGLE (BIP-370)."""
    locktime_conflict: bool = False
    """Some inputs need a locktime by height and some by time (BIP-370): `unsigned.locktime` means nothing then."""

"""What a signature is over: the digests of BIP-143 and BIP-341."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from sekisho.bitcoin.hashes import sha256d, tagged_hash
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, Transaction
from sekisho.bitcoin.wire import sized

SIGHASH_DEFAULT = 0x00
SIGHASH_ALL = 0x01


class Shared(NamedTuple):
    """SHA-256 of what the digests of all inputs of one transaction have in common."""

    prevouts: bytes
    sequences: bytes
    outputs: bytes


def shared_by_inputs(transaction: Transaction) -> Shared:
    """What the digests of its inputs share."""
    return Shared(
        sha256(_prevouts(transaction)).digest(),
        sha256(_sequences(transaction)).digest(),
        sha256(_outputs(transaction)).digest(),
    )


def segwit_v0(
    transaction: Transaction, index: int, script_code: Script, amount: Sats, shared: Shared | None = None
) -> bytes:
    """The 32-byte digest of input `index` under SIGHASH_ALL (BIP-143, "Specification").

    `script_code` without its length prefix: the witness script, or the P2PKH form of a P2WPKH program.
    """
    own, common = transaction.inputs[index], shared or shared_by_inputs(transaction)
    return sha256d(
        b"".join(
            (
                transaction.version.to_bytes(4, "little", signed=True),
                sha256(common.prevouts).digest(),
                sha256(common.sequences).digest(),
                own.outpoint.txid + own.outpoint.vout.to_bytes(4, "little"),
                sized(script_code),
                amount.to_bytes(8, "little", signed=True),
                own.sequence.to_bytes(4, "little"),
                sha256(common.outputs).digest(),
                transaction.locktime.to_bytes(4, "little"),
                SIGHASH_ALL.to_bytes(4, "little"),
            )
        )
    )


def taproot_key_path(
    transaction: Transaction,
    index: int,
    coins: Sequence[Coin],
    sighash: int = SIGHASH_DEFAULT,
    shared: Shared | None = None,
) -> bytes:
    """The 32-byte digest of input `index`, spent by key path, under DEFAULT or ALL (BIP-341, "Common
    signature message").

    `coins` are all the coins the transaction spends, input by input: their amounts and scripts are signed too.
    """
    common = shared or shared_by_inputs(transaction)
    message = b"".join(
        (
            b"\x00",  # epoch
            sighash.to_bytes(1, "little"),
            transaction.version.to_bytes(4, "little", signed=True),
            transaction.locktime.to_bytes(4, "little"),
            common.prevouts,
            sha256(b"".join(coin.sats.to_bytes(8, "little", signed=True) for coin in coins)).digest(),
            sha256(b"".join(sized(coin.script) for coin in coins)).digest(),
            common.sequences,
            common.outputs,
            b"\x00",  # spend type: key path, no annex
            index.to_bytes(4, "little"),
        )
    )
    return tagged_hash("TapSighash", message)


def _prevouts(transaction: Transaction) -> bytes:
    return b"".join(each.outpoint.txid + each.outpoint.vout.to_bytes(4, "little") for each in transaction.inputs)


def _sequences(transaction: Transaction) -> bytes:
    return b"".join(each.sequence.to_bytes(4, "little") for each in transaction.inputs)


def _outputs(transaction: Transaction) -> bytes:
    return b"".join(each.sats.to_bytes(8, "little", signed=True) + sized(each.script) for each in transaction.outputs)

"""May these bytes be signed at all? What a PSBT says of itself is held against what can be derived or proved.

The comparison asks whether the transaction is the right one; this asks whether the PSBT around it tells the truth about
what a signature would commit to. Step by step:

(1) The transaction is final: nobody may still add to it, its locktime is settled, and what it claims can be looked at.
(2) Each coin's amount is proved: by the previous transaction for segwit v0, whose signatures commit to their own
    input's amount only (BIP-174, "Signer"); Taproot signatures commit to all amounts and scripts (BIP-341).
(3) Each script in it is the one derived from the wallet.
(4) Nothing asks for another sighash than ALL (DEFAULT for Taproot).
(5) Each signature in it is genuine, by a key of the wallet that has a part in an ordinary spend.
(6) Nothing is finalised yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sekisho.bitcoin.hashes import hash160
from sekisho.bitcoin.keys import verify_ecdsa, verify_schnorr
from sekisho.bitcoin.psbt.second import second_opinions
from sekisho.bitcoin.psbt.values import Psbt, PsbtInput, PsbtOutput
from sekisho.bitcoin.sighash import SIGHASH_ALL, SIGHASH_DEFAULT, segwit_v0, taproot_key_path
from sekisho.bitcoin.transaction import Coin, TxInput
from sekisho.bitcoin.wallet import WalletKind, WalletScript
from sekisho.checkpoint import faults as no
from sekisho.checkpoint.spend import Spend
from sekisho.verdicts import Reason

HIGHEST_INDEX = 0x7FFFFFFF
"""The last index that is not hardened (BIP-32)."""


MOST_KEYS = 20
"""No script holds more (Bitcoin Core, MAX_PUBKEYS_PER_MULTISIG); each may stand at an index of its own."""

MOST_INDEXES = 5_000
"""No transaction that nodes relay has as many inputs and outputs; deriving one index takes some milliseconds."""


def spend_of(psbt: Psbt) -> Spend:
    """The transaction of a PSBT with the coins it can show, and the indexes it claims; none of them where too many."""
    coins = tuple(_coin(bare, each) for bare, each in zip(psbt.unsigned.inputs, psbt.inputs, strict=True))
    claimed = _claimed(psbt)
    return Spend(psbt.unsigned, coins, claimed if len(claimed) <= _most_indexes(psbt) else frozenset())


def disagreements(psbt: Psbt) -> tuple[Reason, ...]:
    """Where independent readers of the same bytes read another value (law 2): nothing is decided on such bytes."""
    return tuple(no.ReadersDisagree(difference) for difference in second_opinions(psbt))


@dataclass(frozen=True, slots=True)
class _Input:
    """One input from every side: the transaction's, the PSBT's, the coin's, and the wallet's."""

    bare: TxInput
    claimed: PsbtInput
    coin: Coin | None
    script: WalletScript | None


def faults(
    psbt: Psbt, spend: Spend, scripts: tuple[WalletScript | None, ...], recovery: frozenset[int]
) -> tuple[Reason, ...]:
    """Everything about the PSBT that forbids signing it.

    `scripts` are the wallet's scripts behind the inputs, as `compare` derived them; `recovery` the positions of keys
    that stand only in branches that must wait, and so have no part in an ordinary spend.
    """
    whole = tuple(_Input(*each) for each in zip(psbt.unsigned.inputs, psbt.inputs, spend.coins, scripts, strict=True))
    return (
        *_open_ends(psbt),  # (1)
        *(reason for each in whole for reason in _unproved(each)),  # (2)
        *(reason for each in whole for reason in _scripts(each)),  # (3)
        *(reason for each in whole for reason in _sighash(each)),  # (4)
        *(reason for index in range(len(whole)) for reason in _signatures(index, whole, psbt, recovery)),  # (5)
        *(no.AlreadyFinal(each.bare.outpoint) for each in whole if _final(each.claimed)),  # (6)
    )


def _coin(bare: TxInput, claimed: PsbtInput) -> Coin | None:
    previous, outpoint = claimed.non_witness_utxo, bare.outpoint
    if previous is not None:
        return previous.coin(outpoint.vout) if outpoint.vout < len(previous.outputs) else None
    if claimed.witness_utxo is not None:
        return Coin(outpoint, claimed.witness_utxo.sats, claimed.witness_utxo.script)
    return None


def _claimed(psbt: Psbt) -> frozenset[int]:
    """The address indexes that its maps claim."""
    maps: tuple[PsbtInput | PsbtOutput, ...] = (*psbt.inputs, *psbt.outputs)
    paths = (
        *(origin.path for each in maps for origin in each.derivations),
        *(origin.path for each in maps for origin in each.taproot_origins),
    )
    return frozenset(path[-1] for path in paths if path and path[-1] <= HIGHEST_INDEX)


def _most_indexes(psbt: Psbt) -> int:
    """One for each input and output, and what one script's keys may have beside."""
    return min(len(psbt.inputs) + len(psbt.outputs) + MOST_KEYS, MOST_INDEXES)


def _open_ends(psbt: Psbt) -> Iterator[Reason]:
    if len(claimed := _claimed(psbt)) > (most := _most_indexes(psbt)):
        yield no.TooManyIndexes(len(claimed), most)
    if psbt.modifiable:
        yield no.StillModifiable(psbt.modifiable)
    if psbt.locktime_conflict:
        yield no.NoLocktime()


def _unproved(each: _Input) -> Iterator[Reason]:
    previous, witness, outpoint = each.claimed.non_witness_utxo, each.claimed.witness_utxo, each.bare.outpoint
    if previous is not None and previous.txid != outpoint.txid:
        yield no.WrongPreviousTransaction(outpoint)
    if previous is None and each.script is not None and each.script.kind is not WalletKind.P2TR:
        yield no.PreviousTransactionMissing(outpoint)
    coin = each.coin
    if previous and witness and coin and (witness.sats, witness.script) != (coin.sats, coin.script):
        yield no.WitnessUtxoLies(outpoint, witness.sats, coin.sats)


def _scripts(each: _Input) -> Iterator[Reason]:
    if each.script is None:
        yield from _hashes(each)
        return
    outpoint, claimed, script = each.bare.outpoint, each.claimed, each.script
    if claimed.redeem_script not in (None, script.redeem_script):
        yield no.ScriptDoesNotMatch(outpoint, "redeem script")
    if claimed.witness_script not in (None, script.witness_script):
        yield no.ScriptDoesNotMatch(outpoint, "witness script")
    if claimed.taproot_internal_key not in (None, script.internal_key):
        yield no.ScriptDoesNotMatch(outpoint, "Taproot internal key")
    if claimed.taproot_merkle_root or claimed.taproot_leaf_scripts:
        yield no.ScriptDoesNotMatch(outpoint, "Taproot script tree")


def _hashes(each: _Input) -> Iterator[Reason]:
    """For a coin that is not the wallet's: at least what is given must hash to what is spent (BIP-174, "Signer")."""
    outpoint, claimed, coin = each.bare.outpoint, each.claimed, each.coin
    if coin is None:
        return
    program = coin.script
    if claimed.redeem_script is not None:
        program = claimed.redeem_script
        if coin.script != b"\xa9\x14" + hash160(program) + b"\x87":
            yield no.ScriptDoesNotMatch(outpoint, "redeem script")
    if claimed.witness_script is not None and program != b"\x00\x20" + sha256(claimed.witness_script).digest():
        yield no.ScriptDoesNotMatch(outpoint, "witness script")


def _allowed_sighash(script: WalletScript) -> frozenset[int]:
    everything = {SIGHASH_ALL, SIGHASH_DEFAULT} if script.kind is WalletKind.P2TR else {SIGHASH_ALL}
    return frozenset(everything)


def _sighash(each: _Input) -> Iterator[Reason]:
    asked = each.claimed.sighash_type
    if asked is None:
        return
    if each.script is None or asked not in _allowed_sighash(each.script):
        yield no.SighashNotAll(each.bare.outpoint, asked)


def _signatures(index: int, whole: tuple[_Input, ...], psbt: Psbt, recovery: frozenset[int]) -> Iterator[Reason]:
    each = whole[index]
    outpoint, script, coin = each.bare.outpoint, each.script, each.coin
    if script is None or coin is None:
        return  # already refused, and nothing to hold a signature against
    if each.claimed.taproot_script_signatures:
        yield no.ForeignSignature(outpoint, each.claimed.taproot_script_signatures[0].public_key)
    ours = {key.public_key: key for key in script.keys}
    for partial in each.claimed.partial_signatures:
        key = ours.get(partial.public_key)
        if key is None or script.kind is WalletKind.P2TR:
            yield no.ForeignSignature(outpoint, partial.public_key)
        elif key.position in recovery:
            yield no.RecoverySignature(outpoint, partial.public_key)
        elif partial.signature[-1:] != bytes([SIGHASH_ALL]):
            yield no.SighashNotAll(outpoint, int.from_bytes(partial.signature[-1:], "big"))
        elif not _genuine(partial.public_key, partial.signature, psbt, index, script, coin):
            yield no.FalseSignature(outpoint, partial.public_key)
    if each.claimed.taproot_key_signature is not None:
        yield from _taproot(each.claimed.taproot_key_signature, index, whole, psbt)


def _genuine(key: bytes, signature: bytes, psbt: Psbt, index: int, script: WalletScript, coin: Coin) -> bool:
    if script.kind is WalletKind.LEGACY:
        return False  # never co-signed; `PreviousTransactionMissing` and `init` say so first
    digest = segwit_v0(psbt.unsigned, index, script.script_code, coin.sats)
    return verify_ecdsa(key, digest, signature[:-1])


def _taproot(signature: bytes, index: int, whole: tuple[_Input, ...], psbt: Psbt) -> Iterator[Reason]:
    script, outpoint = whole[index].script, whole[index].bare.outpoint
    coins = tuple(each.coin for each in whole if each.coin is not None)
    if script is None or script.kind is not WalletKind.P2TR or len(coins) < len(whole):
        yield no.ForeignSignature(outpoint, script.script_pubkey if script else b"")
        return
    sighash = signature[64] if len(signature) == 65 else SIGHASH_DEFAULT
    if sighash not in _allowed_sighash(script) or (len(signature) == 65 and sighash == SIGHASH_DEFAULT):
        yield no.SighashNotAll(outpoint, sighash)
    elif not verify_schnorr(
        script.script_pubkey[2:], taproot_key_path(psbt.unsigned, index, coins, sighash), signature[:64]
    ):
        yield no.FalseSignature(outpoint, script.script_pubkey[2:])


def _final(claimed: PsbtInput) -> bool:
    return claimed.final_script_sig is not None or claimed.final_witness is not None

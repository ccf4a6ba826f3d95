"""The wallet software beside the checkpoint: builds PSBTs, signs with people's keys, finalises.

Everything here is somebody else's code at work (bdkpython, embit), as an exchange's wallet vendor would run it; the
checkpoint trusts none of it. None of their types leaves this file.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import bdkpython
from embit.bip32 import HDKey
from embit.ec import PublicKey
from embit.networks import NETWORKS
from embit.psbt import PSBT, DerivationPath
from embit.script import Script as EmbitScript
from embit.transaction import Transaction as EmbitTransaction

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, Transaction, TxInput, TxOutput, parse_transaction
from sekisho.bitcoin.wallet import Branch, Wallet, WalletKind, WalletScript
from sekisho.errors import SekishoError

SEQUENCE = 0xFFFFFFFD
"""Replaceable (BIP-125), with the locktime in force, and no relative lock."""


class CannotFinalise(SekishoError):
    """The signatures in a PSBT do not satisfy its scripts."""

    def __init__(self) -> None:
        super().__init__("the signatures present do not satisfy the wallet's scripts")


@dataclass(frozen=True, slots=True)
class Held:
    """A coin the wallet holds: the transaction that made it, and where its script comes from."""

    previous: Transaction
    vout: int
    branch: Branch
    index: int

    @property
    def coin(self) -> Coin:
        """The coin itself."""
        return self.previous.coin(self.vout)


@dataclass(frozen=True, slots=True)
class Draft:
    """A payment to be built: which coins, to whom, and where the rest goes."""

    wallet: Wallet
    coins: tuple[Held, ...]
    payees: tuple[TxOutput, ...]
    fee: Sats
    change_index: int | None = 0
    """On the change branch; None for a payment without change."""
    locktime: int = 0

    @property
    def change(self) -> TxOutput | None:
        """The output that returns what is left over."""
        if self.change_index is None:
            return None
        rest = sum(held.coin.sats for held in self.coins) - sum(payee.sats for payee in self.payees) - self.fee
        return TxOutput(Sats(rest), self.wallet.script(Branch.CHANGE, self.change_index).script_pubkey)

    @property
    def transaction(self) -> Transaction:
        """The unsigned transaction, payees first."""
        inputs = tuple(TxInput(held.coin.outpoint, SEQUENCE) for held in self.coins)
        outputs = self.payees if self.change is None else (*self.payees, self.change)
        return Transaction(2, inputs, outputs, self.locktime)


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """One person's signing device: a master key, and its account key as it stands in descriptors."""

    master: HDKey
    network: Network

    @property
    def expression(self) -> str:
        """`[fingerprint/87h/…]xpub` (BIP-380, BIP-87)."""
        steps = f"87h/{0 if self.network is Network.MAIN else 1}h/0h"
        xpub = self.master.derive(f"m/{steps}").to_public().to_base58()
        return f"[{self.master.my_fingerprint.hex()}/{steps}]{xpub}"

    def public_key(self, path: str) -> bytes:
        """The compressed public key at `path` below the master."""
        return bytes(self.master.derive(path).to_public().key.sec())

    def sign(self, psbt: bytes) -> bytes:
        """Add this signer's signature to every input it has a key in, in whatever branch: as ordinary software does."""
        theirs = PSBT.parse(psbt)
        theirs.sign_with(self.master)
        return bytes(theirs.serialize())


def signer(seed: bytes, network: Network) -> Signer:
    """The device with this seed."""
    versions = {Network.MAIN: "main", Network.REGTEST: "regtest"}
    return Signer(HDKey.from_seed(seed, version=NETWORKS[versions.get(network, "test")]["xprv"]), network)


def psbt_by_embit(draft: Draft, version: int = 0) -> bytes:
    """The draft as a PSBT of version 0 or 2, with everything a careful signer asks for."""
    theirs = PSBT(EmbitTransaction.parse(draft.transaction.serialize()), unknown={}, version=version or None)
    for scope, held in zip(theirs.inputs, draft.coins, strict=True):
        script = draft.wallet.script(held.branch, held.index)
        spent = EmbitTransaction.parse(held.previous.serialize())
        if script.kind is not WalletKind.P2TR:
            scope.non_witness_utxo = spent
        if script.kind is not WalletKind.LEGACY:
            scope.witness_utxo = spent.vout[held.vout]
        _describe(scope, script)
    if draft.change_index is not None:
        _describe(theirs.outputs[-1], draft.wallet.script(Branch.CHANGE, draft.change_index))
    return bytes(theirs.serialize())


def _describe(scope: object, script: WalletScript) -> None:
    """Put scripts and key origins into an input or output of embit's."""
    values: dict[str, object] = {}
    origins = {PublicKey.parse(key.public_key): DerivationPath(key.fingerprint, list(key.path)) for key in script.keys}
    if script.kind is WalletKind.P2TR:
        values["taproot_internal_key"] = next(iter(origins))
        values["taproot_bip32_derivations"] = {key: ([], origin) for key, origin in origins.items()}
    else:
        values["bip32_derivations"] = origins
        values["redeem_script"] = _embit_script(script.redeem_script)
        values["witness_script"] = _embit_script(script.witness_script)
    for name, value in values.items():
        setattr(scope, name, value)


def _embit_script(script: Script | None) -> object:
    return None if script is None else EmbitScript(script)


_BDK_NETWORKS = {
    Network.MAIN: bdkpython.Network.BITCOIN,
    Network.TESTNET4: bdkpython.Network.TESTNET4,
    Network.SIGNET: bdkpython.Network.SIGNET,
    Network.REGTEST: bdkpython.Network.REGTEST,
}


def psbt_by_bdk(draft: Draft) -> bytes:
    """The draft as bdkpython's wallet builds it: its own change address, its own order of outputs.

    `draft.change_index` only says whether change is wanted; a descriptor with alternatives is spent by its first.
    """
    wallet = draft.wallet
    kind = bdkpython.NetworkKind.MAIN if wallet.network is Network.MAIN else bdkpython.NetworkKind.TEST
    network, memory = _BDK_NETWORKS[wallet.network], bdkpython.Persister.new_in_memory()
    parsed = [bdkpython.Descriptor(text, kind) for text in wallet.public.splitlines()]
    if len(parsed) == 1 and parsed[0].is_multipath():
        theirs = bdkpython.Wallet.create_from_two_path_descriptor(parsed[0], network, memory)
    elif len(parsed) == 1:
        theirs = bdkpython.Wallet.create_single(parsed[0], network, memory)
    else:
        theirs = bdkpython.Wallet(*parsed, network, memory)
    keychains = (bdkpython.KeychainKind.EXTERNAL, bdkpython.KeychainKind.INTERNAL)
    for held in draft.coins:
        if wallet.ranged:
            theirs.reveal_addresses_to(keychains[held.branch], held.index)
    seen = {held.previous.txid: held.previous for held in draft.coins}
    theirs.apply_unconfirmed_txs(
        [bdkpython.UnconfirmedTx(tx=bdkpython.Transaction(each.serialize()), last_seen=1) for each in seen.values()]
    )
    builder = bdkpython.TxBuilder().manually_selected_only().fee_absolute(bdkpython.Amount.from_sat(draft.fee))
    builder = builder.nlocktime(bdkpython.LockTime.BLOCKS(draft.locktime)).set_exact_sequence(SEQUENCE)
    for held in draft.coins:
        txid = bdkpython.Txid.from_string(held.coin.outpoint.txid[::-1].hex())
        builder = builder.add_utxo(bdkpython.OutPoint(txid=txid, vout=held.vout))
    for payee in draft.payees:
        builder = builder.add_recipient(bdkpython.Script(payee.script), bdkpython.Amount.from_sat(payee.sats))
    for keychain in keychains if wallet.ranged else keychains[:1]:
        policy = theirs.policies(keychain)
        if policy is not None and policy.requires_path():
            builder = builder.policy_path({policy.id(): [0]}, keychain)
    return base64.b64decode(builder.finish(theirs).serialize())


def combine(psbts: Sequence[bytes]) -> bytes:
    """One PSBT with the signatures of all (BIP-174, Combiner). Version 0."""
    theirs = [bdkpython.Psbt(base64.b64encode(each).decode()) for each in psbts]
    whole = theirs[0]
    for each in theirs[1:]:
        whole = whole.combine(each)
    return base64.b64decode(whole.serialize())


def finalise(psbt: bytes) -> Transaction:
    """The finished transaction of a PSBT of version 0 that holds enough signatures. Raises CannotFinalise."""
    result = bdkpython.Psbt(base64.b64encode(psbt).decode()).finalize()
    if not result.could_finalize:
        raise CannotFinalise
    return parse_transaction(bytes(result.psbt.extract_tx_unchecked_fee_rate().serialize()))

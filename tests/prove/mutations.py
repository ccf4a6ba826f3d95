"""Any single mutation is refused, unless an oracle that shares no code with the comparison calls it honest."""

import random
from collections import Counter
from dataclasses import dataclass, field, fields
from hashlib import sha256

import bdkpython
from embit.transaction import Transaction as EmbitTransaction

from prove.payments import Payment, mutate, random_payment
from sekisho.bitcoin.guards import recovery_positions
from sekisho.bitcoin.psbt.reader import parse_psbt, serialize
from sekisho.bitcoin.psbt.records import MalformedPsbt
from sekisho.bitcoin.psbt.second import as_version_0
from sekisho.bitcoin.wallet import WalletKind
from sekisho.chain.kernel import verifies
from sekisho.checkpoint.decide import Law, read
from sekisho.checkpoint.home import cosigner_position
from sekisho.checkpoint.sign import sign
from sekisho.replay.vendor import finalise
from sekisho.verdicts import Allowed


@dataclass
class Tally:
    """What was tried, and how it ended."""

    honest: int = 0
    honest_refused: int = 0
    mutations: int = 0
    malformed: int = 0
    refused: int = 0
    signed_honest: int = 0
    signed_void: int = 0
    """Signed, and no harm done: a Taproot coin that does not exist, in a transaction that can never confirm."""
    wrongly_signed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Put two tallies together."""
        for each in fields(self):
            if each.type is int:
                setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        self.kinds += other.kinds
        self.wrong += other.wrong


def cosigned(payment: Payment, raw: bytes) -> bytes | None:
    """The PSBT with the cosigner's signature, if its bytes are what was asked for; None for a refusal."""
    wallet, key = payment.kit.wallet, payment.kit.cosigner
    recovery = recovery_positions(wallet)
    if read(payment.request, parse_psbt(raw), wallet, recovery, -1).reasons:
        return None
    law = Law(wallet, None, None, recovery)  # type: ignore[arg-type]  # neither roster nor policy is asked at the key
    position = cosigner_position(wallet, key)
    return sign(raw, Allowed(sha256(raw).digest()), payment.request, law, position, key, -1)


def confirmed(payment: Payment, psbt: bytes) -> bool:
    """Whether the co-signed PSBT, with the people's signatures, is a transaction that Bitcoin Core accepts."""
    value = parse_psbt(psbt)
    psbt = serialize(as_version_0(value)) if value.version == 2 else psbt
    for person in payment.kit.people:
        psbt = person.sign(psbt)
    transaction = finalise(psbt)
    coins = {held.coin.outpoint: held.coin for held in payment.draft.coins}
    return verifies(transaction, [coins[each.outpoint] for each in transaction.inputs])


def is_honest(payment: Payment, transaction: bytes) -> bool:
    """The oracle: embit's reading of the unsigned transaction against the plan, with the coins' true amounts.

    Change is ours if bdkpython derives its script at an index the plan or the PSBT could mean. Shares no code with
    `compare`: neither its reader of transactions, nor its derivation, nor its matching.
    """
    theirs = EmbitTransaction.parse(transaction)
    true = {(held.coin.outpoint.txid[::-1].hex(), held.vout): int(held.coin.sats) for held in payment.draft.coins}
    spent = [(each.txid.hex(), each.vout) for each in theirs.vin]
    if not spent or len(set(spent)) < len(spent) or any(each not in true for each in spent):
        return False
    if theirs.version not in (1, 2) or theirs.locktime >= 500_000_000:
        return False
    if any(each.sequence < 0xFFFFFFFD for each in theirs.vin):
        return False
    paid = sorted((bytes(each.script_pubkey.data).hex(), each.value) for each in theirs.vout)
    asked = sorted((payee.script.hex(), int(payee.sats)) for payee in payment.request.payees)
    for each in asked:
        if each not in paid:
            return False
        paid.remove(each)
    fee = sum(true[each] for each in spent) - sum(each.value for each in theirs.vout)
    own = not paid or (len(paid) == 1 and paid[0][1] >= 0 and paid[0][0] in _change_scripts(payment))
    return own and 0 <= fee <= payment.request.fee_max


def is_void(payment: Payment, transaction: bytes) -> bool:
    """Whether it spends a coin that does not exist, from a Taproot wallet (BIP-371 asks for no previous transaction).

    Its signatures commit to every amount and script claimed (BIP-341), so no coin that does exist fits them.
    """
    real = {(held.coin.outpoint.txid[::-1].hex(), held.vout) for held in payment.draft.coins}
    spent = {(each.txid.hex(), each.vout) for each in EmbitTransaction.parse(transaction).vin}
    return payment.kit.wallet.kind is WalletKind.P2TR and not spent <= real


def _change_scripts(payment: Payment) -> set[str]:
    kind, network = bdkpython.NetworkKind.TEST, bdkpython.Network.REGTEST
    parsed = bdkpython.Descriptor(payment.kit.wallet.public.splitlines()[-1], kind)
    change = parsed.to_single_descriptors()[-1] if parsed.is_multipath() else parsed
    # bdkpython takes the first change address that no coin lies on: with at most five coins, one of the first six.
    indexes = {*range(6), payment.draft.change_index or 0}
    return {bytes(change.derive_address(index, network).script_pubkey().to_bytes()).hex() for index in indexes}


def run(seed: int, rounds: int, mutations: int) -> Tally:
    """`rounds` random payments, each honest first, then mutated `mutations` times, one change at a time."""
    dice, tally = random.Random(seed), Tally()
    for _ in range(rounds):
        payment = random_payment(dice)
        tally.honest += 1
        signed = cosigned(payment, payment.psbt)
        if signed is None or not confirmed(payment, signed):
            tally.honest_refused += 1
            tally.wrong.append(f"honest refused: {payment.kit.name} by {payment.maker}")
        for _ in range(mutations):
            name, raw = mutate(dice, payment)
            if raw == payment.psbt:
                continue
            tally.mutations += 1
            tally.kinds[name] += 1
            try:
                signed = cosigned(payment, raw)
            except MalformedPsbt:
                tally.malformed += 1
                continue
            if signed is None:
                tally.refused += 1
            elif is_honest(payment, transaction := parse_psbt(signed).unsigned.serialize(witness=False)):
                tally.signed_honest += 1
            elif is_void(payment, transaction):
                tally.signed_void += 1
            else:
                tally.wrongly_signed += 1
                tally.wrong.append(f"wrongly signed: {name} on {payment.kit.name} by {payment.maker}")
    return tally

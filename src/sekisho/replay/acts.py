"""Acts 1 to 3: the theft unguarded, the same theft with a checkpoint in the way, and the honest payment."""

from dataclasses import dataclass

from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.kernel import BlockRefused
from sekisho.checkpoint.collect import collect
from sekisho.checkpoint.trust import show_trust
from sekisho.evidence.keys import KeyType
from sekisho.replay.exchange import NETWORK, STOLEN, Exchange, ReplayFailed, hot_wallet, look_alike
from sekisho.replay.vendor import CannotFinalise, Draft, finalise, psbt_by_bdk, psbt_by_embit
from sekisho.requests.request import PaymentRequest
from sekisho.verdicts import Allowed, Reason, Refused

DAILY = Sats(10 * COIN)
FEE = Sats(10_000_000)


@dataclass(frozen=True, slots=True)
class Unguarded:
    """Act 1: what was asked for, and what left."""

    request: PaymentRequest
    paid: str
    height: int
    transaction: Transaction
    stolen: Sats


@dataclass(frozen=True, slots=True)
class Guarded:
    """Act 2: the same transaction before the checkpoint, and what the people's keys alone could do with it."""

    request: PaymentRequest
    reasons: tuple[Reason, ...]
    finalised: bool
    stolen: Sats


@dataclass(frozen=True, slots=True)
class Honest:
    """Act 3: the payment that was asked for, on the chain."""

    request: PaymentRequest
    txid: str
    height: int
    confirmed: bool
    """Whether Bitcoin Core stored it in the block at that height."""
    receipt: int
    evidence: bytes
    """The bundle with which an outsider can check the payment."""
    trust: bytes
    """What such an outsider takes as given: the roster's hash and the log's key."""


def act_1(exchange: Exchange) -> Unguarded:
    """Nothing stands between the vendor's server and the signers."""
    wallet = exchange.unguarded
    request = exchange.request(wallet, hot_wallet(), DAILY)
    psbt = psbt_by_embit(_sweep(exchange, wallet.id))
    for person in exchange.people[:2]:
        psbt = person.sign(psbt)
    transaction = finalise(psbt)
    block = exchange.chain.accept([transaction])
    stolen = Sats(sum(output.sats for output in transaction.outputs))
    return Unguarded(request, look_alike(hot_wallet()), block.height, transaction, stolen)


def act_2(exchange: Exchange) -> Guarded:
    """The same altered transaction, where the checkpoint's signature is needed as well."""
    request = exchange.request(exchange.guarded, hot_wallet(), DAILY)
    psbt = psbt_by_embit(_sweep(exchange, exchange.guarded.id))
    for person in exchange.people[:2]:
        psbt = person.sign(psbt)
    answer = exchange.ask(request, psbt, exchange.cast.approved(request, "aya", "chie"))
    try:
        transaction = finalise(answer.psbt or psbt)
        exchange.chain.accept([transaction])
    except (CannotFinalise, BlockRefused):
        return Guarded(request, _reasons(answer.verdict), finalised=False, stolen=Sats(0))
    return Guarded(request, _reasons(answer.verdict), finalised=True, stolen=STOLEN)


def act_3(exchange: Exchange) -> Honest:
    """The honest payment: asked for, approved, co-signed, finalised, mined."""
    request = exchange.request(exchange.guarded, hot_wallet(), DAILY)
    draft = exchange.draft(request, exchange.coins[exchange.guarded.id][:1])
    answer = exchange.ask(request, psbt_by_bdk(draft), exchange.cast.approved(request, "aya", "chie"))
    if answer.psbt is None:
        raise ReplayFailed("the honest payment was refused: " + "; ".join(map(str, _reasons(answer.verdict))))
    psbt = answer.psbt
    for person in exchange.people[:2]:
        psbt = person.sign(psbt)
    transaction = finalise(psbt)
    block = exchange.chain.accept([transaction])
    confirmed = exchange.chain.holds(transaction.txid, block.height)
    evidence = collect(exchange.state, exchange.publisher, exchange.key, request.digest, transaction)
    log = f"log {exchange.publisher.keys.public(KeyType.ED25519)}\nquorum none"
    trust = show_trust(NETWORK, exchange.cast.roster.digest, log)
    txid = show_txid(transaction.txid)
    return Honest(request, txid, block.height, confirmed, answer.receipt.number, evidence, trust)


def _sweep(exchange: Exchange, wallet_id: bytes) -> Draft:
    """What the vendor's server made of the request: every coin, to the look-alike, and no change."""
    wallet = exchange.guarded if wallet_id == exchange.guarded.id else exchange.unguarded
    script = exchange.edited(exchange.request(wallet, hot_wallet(), DAILY), look_alike(hot_wallet())).payees[0].script
    return Draft(wallet, exchange.coins[wallet_id], (TxOutput(STOLEN, script),), FEE, None, 0)


def _reasons(verdict: Allowed | Refused) -> tuple[Reason, ...]:
    return verdict.reasons if isinstance(verdict, Refused) else ()

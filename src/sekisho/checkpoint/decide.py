"""Case and policy in, verdict out: pure, and readable to an auditor.

(1) Independent readers read the same PSBT, and it tells the truth about what a signature would commit to.
(2) It pays what was asked for, and nothing else.
(3) The request may still be acted on, under the roster and policy it names.
(4) Its requester signed it, enough other people approved it, and nobody rejected it.
(5) No rule of the policy objects.
(6) Our own records know of nothing against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from sekisho.approvals.count import count
from sekisho.approvals.roster import Roster
from sekisho.approvals.statement import SignedStatement
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.psbt.values import Psbt
from sekisho.bitcoin.wallet import Wallet
from sekisho.checkpoint import objections as no
from sekisho.checkpoint.compare import Comparison, compare
from sekisho.checkpoint.signable import disagreements, faults, spend_of
from sekisho.checkpoint.spend import Spend
from sekisho.policy.history import History
from sekisho.policy.payment import Payment
from sekisho.policy.policy import Policy
from sekisho.requests.request import PaymentRequest
from sekisho.verdicts import Allowed, Reason, Refused, Verdict

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far ahead of ours the requester's clock may run before a request counts as coming from the future."""


@dataclass(frozen=True, slots=True)
class Law:
    """What is in force: the documents a quorum signed, and the wallet with its recovery keys."""

    wallet: Wallet
    roster: Roster
    policy: Policy
    recovery: frozenset[int]
    """Positions of the descriptor's keys that stand only in branches that must wait."""


@dataclass(frozen=True, slots=True)
class Records:
    """What the checkpoint itself remembers that bears on one case."""

    highest_index: int
    """The highest address index known to be in use; -1 for none."""
    frozen: bool
    taken: tuple[tuple[OutPoint, bytes], ...]
    """Coins of this case that another request holds, with that request's digest."""
    answered: Txid | None
    """The transaction already recorded for this request."""
    released: bool
    """Whether a signature on that transaction may be out in the world."""
    used: tuple[bytes, ...]
    """Requests that statements of this case served before."""
    other_request_with_id: bytes | None
    """Digest of another request of the same requester with the same id."""
    history: History
    witnessed: tuple[str, ...] = ()
    """Witnesses that cosigned our newest head before this decision, as the policy calls them."""
    unwitnessed: tuple[tuple[str, str], ...] = ()
    """The policy's other witnesses, each with what went wrong."""


@dataclass(frozen=True)
class Case:
    """A request, the statements people signed over it, and the exact bytes to be signed."""

    request: PaymentRequest
    statements: tuple[SignedStatement, ...]
    raw: bytes
    """The exact PSBT bytes."""
    psbt: Psbt

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the exact PSBT bytes."""
        return sha256(self.raw).digest()

    @cached_property
    def disagreements(self) -> tuple[Reason, ...]:
        """Where other readers read another value from the same bytes; they are asked once."""
        return disagreements(self.psbt)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the bytes of a case say once compared with its request: the same whoever asks, and whenever."""

    spend: Spend
    comparison: Comparison
    reasons: tuple[Reason, ...]


def read(request: PaymentRequest, psbt: Psbt, wallet: Wallet, recovery: frozenset[int], highest_index: int) -> Reading:
    """Steps (1) and (2) as far as our own reader goes: run here, and again on the buffer handed to the key."""
    spend = spend_of(psbt)
    comparison = compare(request, wallet, spend, highest_index)
    found = faults(psbt, spend, comparison.inputs, recovery)
    return Reading(spend, comparison, (*found, *comparison.reasons))


def payment_of(case: Case, reading: Reading, wallet: Wallet, now: datetime) -> Payment:
    """The payment as the policy's rules see it."""
    change = {own.index for own in reading.comparison.change}
    return Payment(
        request=case.request,
        payees=tuple(out for index, out in enumerate(case.psbt.unsigned.outputs) if index not in change),
        fee=reading.comparison.fee,
        vsize=wallet.vsize_of(case.psbt.unsigned),
        inputs=tuple(coin for coin in reading.spend.coins if coin is not None),
        change=tuple(own.output for own in reading.comparison.change),
        now=now,
    )


def decide(case: Case, law: Law, reading: Reading, records: Records, now: datetime) -> Verdict:
    """Say whether the PSBT of `case` may be co-signed."""
    payment = payment_of(case, reading, law.wallet, now)
    reading = replace(reading, reasons=(*case.disagreements, *reading.reasons))  # (1)
    if records.released and records.answered == case.psbt.unsigned.txid:
        return _again(case, law, reading, records)
    reasons = (
        *reading.reasons,  # (1) (2)
        *_live(case.request, law, now),  # (3)
        *count(case.request, case.statements, law.policy.quorum(payment), law.roster),  # (4)
        *law.policy.objections(payment, records.history),  # (5)
        *_recorded(case, records),  # (6)
        *not_witnessed(law, records.witnessed, records.unwitnessed),  # (6)
    )
    return Refused(reasons) if reasons else Allowed(case.digest)


def _again(case: Case, law: Law, reading: Reading, records: Records) -> Verdict:
    """A transaction whose signature is out already: only the bytes around it are new.

    Only a freeze holds it, or a want of witnesses.
    """
    reasons = (
        *reading.reasons,
        *([no.Frozen()] if records.frozen else []),
        *not_witnessed(law, records.witnessed, records.unwitnessed),
    )
    return Refused(reasons) if reasons else Allowed(case.digest)


def not_witnessed(law: Law, seen: tuple[str, ...], missing: tuple[tuple[str, str], ...]) -> Iterator[Reason]:
    """Object where too few of the witnesses that the policy names cosigned the log."""
    witnesses = law.policy.witnesses
    if witnesses is not None and not witnesses.met_by(frozenset(seen)):
        yield no.NotWitnessed(seen, tuple(f"{name}: {why}" for name, why in missing))


def _live(request: PaymentRequest, law: Law, now: datetime) -> Iterator[Reason]:
    if request.roster != law.roster.digest:
        yield no.NotInForce("roster", request.roster, law.roster.digest)
    if request.policy != law.policy.digest:
        yield no.NotInForce("policy", request.policy, law.policy.digest)
    if request.network is not law.roster.network:
        yield no.WrongRosterNetwork(request.network, law.roster.network)
    if request.created > now + CLOCK_TOLERANCE:
        yield no.FromTheFuture(request.created, now)
    if now >= request.expires:
        yield no.Expired(request.expires, now)
    if request.replaces is not None:
        yield no.ReplacementNotSupported(request.replaces)


def _recorded(case: Case, records: Records) -> Iterator[Reason]:
    for outpoint, holder in records.taken:
        yield no.CoinTaken(outpoint, holder)
    for other in records.used:
        yield no.StatementUsed(other)
    if records.answered not in (None, case.psbt.unsigned.txid):
        yield no.AlreadyAnswered(records.answered)
    if records.other_request_with_id is not None:
        yield no.IdReused(case.request.id, records.other_request_with_id)
    if records.frozen:
        yield no.Frozen()

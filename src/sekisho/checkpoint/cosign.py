"""The shell: reads the world, asks the core, records, and only then signs.

The order of `Checkpoint.cosign` is the security property:

(1) take the turn: two cases never spend the same allowance, and an older copy of the log is noticed;
(2) parse and compare: untrusted bytes end here, and what takes long is done before a transaction, where a freeze waits;
(3) read what is in force and what is remembered, and have the witnesses confirm that the log is where it was;
(4) decide, on these alone;
(5) write the decision down and reserve, in one transaction, on disk before anything else happens;
(6) publish the log with the decision in it, and have a quorum of witnesses cosign it, where the policy names them;
(7) ask last whether somebody froze the checkpoint, and whether the request is still alive: (6) may have taken ten
    seconds, and with its request its hold on coins and limits ends; write down that a signature is about to exist;
(8) compare again, on the exact buffer handed to the key, and sign.

Killed between any two lines, there is no signature without its record, and a request never gets a second transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from sekisho.approvals.statement import parse_signed_statement
from sekisho.bitcoin.guards import recovery_positions
from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.psbt.reader import parse_psbt
from sekisho.checkpoint import memory
from sekisho.checkpoint.decide import Case, Law, Reading, decide, not_witnessed, payment_of, read
from sekisho.checkpoint.home import cosigner_position
from sekisho.checkpoint.key import Key
from sekisho.checkpoint.objections import Expired, Frozen
from sekisho.checkpoint.outward import publish
from sekisho.checkpoint.recorded import show_records
from sekisho.checkpoint.sign import sign
from sekisho.checkpoint.state import State
from sekisho.checkpoint.statute import policy_in_force, roster_in_force, wallet_in_force
from sekisho.errors import SekishoError
from sekisho.evidence.gather import NOBODY_ASKED, Gathered
from sekisho.evidence.log import Entry, EntryKind, Receipt
from sekisho.evidence.note import Note
from sekisho.evidence.publish import Publisher
from sekisho.policy.history import History
from sekisho.requests.canonical import Json, canonical, made_visible
from sekisho.requests.request import PaymentRequest, parse_request
from sekisho.verdicts import Allowed, Reason, Refused, Verdict

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a case: the verdict, the receipt of its record, and the co-signed PSBT where it was allowed."""

    request: PaymentRequest
    verdict: Verdict
    receipt: Receipt
    psbt: bytes | None
    checkpoint: Note | None = None
    """The log's head with the decision under it, and the witnesses' cosignatures; None for a refusal."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A case as it comes in: untrusted bytes."""

    request: bytes
    statements: tuple[bytes, ...]
    psbt: bytes


@dataclass(frozen=True, slots=True)
class _Opened:
    """A case that was read, under the law it comes under, with the highest address index known by then."""

    case: Case
    law: Law
    position: int
    highest: int
    reading: Reading


@dataclass(slots=True)
class _Decided:
    """A case on its way: decided and recorded, not yet signed."""

    case: Case
    law: Law
    position: int
    highest: int
    reading: Reading
    verdict: Verdict
    receipt: Receipt
    """Of the decision; of the release once there is one."""
    again: bool
    """Whether a signature is out already: what was signed in time may be asked for for ever."""

    def expired(self, now: datetime) -> tuple[Reason, ...]:
        """Whether the request ran out since its decision."""
        expires = self.case.request.expires
        return (Expired(expires, now),) if now >= expires and not self.again else ()

    def answer(self) -> Answer:
        """The answer to a case that goes no further."""
        return Answer(self.case.request, self.verdict, self.receipt, None)


def utc_now() -> datetime:
    """The system's clock, in UTC."""
    return datetime.now(UTC)


class Checkpoint:
    """A state, a key, a published log and a clock: everything that can put the cosigner's signature somewhere."""

    def __init__(self, state: State, key: Key, publisher: Publisher, clock: Callable[[], datetime] = utc_now) -> None:
        self._state, self._key, self._publisher, self._clock = state, key, publisher, clock

    def cosign(self, request: bytes, statements: Sequence[bytes], psbt: bytes) -> Answer:
        """Decide on a case, record the decision, and co-sign the PSBT if it was allowed.

        `request` are canonical bytes, `statements` signed-statement files (the requester's signature, approvals,
        rejections) and `psbt` the binary PSBT. Raises a SekishoError when no answer was reached; nothing was signed.
        """
        (answer,) = self.cosign_all((Submitted(request, tuple(statements), psbt),))
        if isinstance(answer, SekishoError):
            raise answer
        return answer

    def cosign_all(self, submitted: Sequence[Submitted]) -> tuple[Answer | SekishoError, ...]:
        """Decide on cases that came together: they share each wait for the disk and for the witnesses.

        Each is decided as if it had come alone, after those before it. Where no answer was reached for one, its error
        stands in the answer's place. Raises a SekishoError when no answer was reached for any; nothing was signed.
        """
        state = self._state
        with state.turn():  # (1)
            cases = [_tried(partial(self._opened, each)) for each in submitted]  # (2) (3)
            witnesses = policy_in_force(state).witnesses
            gathered = publish(state, self._publisher, witnesses, self._clock) if witnesses else NOBODY_ASKED
            with state.transaction():
                decided = [each if isinstance(each, SekishoError) else self._decided(each, gathered) for each in cases]
            allowed = [each for each in decided if isinstance(each, _Decided) and isinstance(each.verdict, Allowed)]
            if not allowed:
                return tuple(each if isinstance(each, SekishoError) else each.answer() for each in decided)
            gathered = publish(state, self._publisher, witnesses, self._clock)  # (6)
            with state.transaction():
                held, now = self._held(allowed[0].law, gathered), self._clock()  # (7)
                for each in allowed:
                    if reasons := (*held, *each.expired(now)):
                        each.verdict = Refused(reasons)
                        continue
                    each.receipt = state.log.append(_released(each.case, now))
                    comparison = each.reading.comparison
                    memory.release(state, each.case, comparison, each.receipt.number, gathered.checkpoint)
                    state.note_published(gathered.checkpoint.head.size)
            state.anchor()
            return tuple(self._answered(each, gathered.checkpoint) for each in decided)

    def _opened(self, submitted: Submitted) -> "_Opened":
        """Read and compare, before any transaction: a large PSBT takes its time, and a freeze must not wait for it."""
        case = read_case(submitted.request, submitted.statements, submitted.psbt)
        law, position = self._law(case.request.wallet)
        highest = memory.highest_index(self._state, law.wallet)
        reading = read(case.request, case.psbt, law.wallet, law.recovery, highest)
        _ = case.disagreements
        _ = law.policy.objections(payment_of(case, reading, law.wallet, self._clock()), History())  # derives its lists
        return _Opened(case, law, position, highest, reading)

    def _decided(self, opened: "_Opened", gathered: Gathered) -> "_Decided | SekishoError":
        """Decide, record and reserve, inside a transaction."""
        state, case, law = self._state, opened.case, opened.law
        now = self._clock().replace(microsecond=0)
        highest = memory.highest_index(state, law.wallet)
        reading = opened.reading
        if reading.reasons and highest != opened.highest:  # the case before it may have moved the gap
            reading = read(case.request, case.psbt, law.wallet, law.recovery, highest)
        payment = payment_of(case, reading, law.wallet, now)
        questions = law.policy.questions(payment)
        records = memory.records(state, case, questions, highest, gathered, now)
        verdict = decide(case, law, reading, records, now)  # (4)
        body = show_records(records, questions)
        entry = _decision(case, law, verdict, body, now)
        receipt = _tried(lambda: state.log.append(entry))  # (5)
        if isinstance(receipt, SekishoError):
            return receipt
        if isinstance(verdict, Allowed) and not records.released:
            memory.reserve(state, case, payment, reading.comparison, receipt.number, now)
        return _Decided(case, law, opened.position, highest, reading, verdict, receipt, records.released)

    def _held(self, law: Law, gathered: Gathered) -> tuple[Reason, ...]:
        """What holds every signature back, asked last."""
        frozen = (Frozen(),) if memory.frozen(self._state) else ()
        return (*not_witnessed(law, gathered.seen, gathered.missing), *frozen)

    def _answered(self, decided: "_Decided | SekishoError", checkpoint: Note) -> Answer | SekishoError:
        if isinstance(decided, SekishoError) or isinstance(decided.verdict, Refused):
            return decided if isinstance(decided, SekishoError) else decided.answer()
        each, verdict = decided, decided.verdict
        signed = _tried(
            lambda: sign(each.case.raw, verdict, each.case.request, each.law, each.position, self._key, each.highest)
        )  # (8)
        if isinstance(signed, SekishoError):
            return signed
        return Answer(each.case.request, verdict, each.receipt, signed, checkpoint)

    def _law(self, wallet_id: bytes) -> tuple[Law, int]:
        """What is in force for this wallet, and the cosigner's position in its descriptor."""
        wallet = wallet_in_force(self._state, wallet_id)
        position = cosigner_position(wallet, self._key)
        law = Law(
            wallet=wallet,
            roster=roster_in_force(self._state),
            policy=policy_in_force(self._state),
            recovery=recovery_positions(wallet),
        )
        return law, position


def read_case(request: bytes, statements: Sequence[bytes], psbt: bytes) -> Case:
    """Parse everything a case is made of. Raises MalformedRequest, MalformedStatement or MalformedPsbt."""
    return Case(
        request=parse_request(request),
        statements=tuple(parse_signed_statement(each) for each in statements),
        raw=psbt,
        psbt=parse_psbt(psbt),
    )


def _tried(work: Callable[[], _Value]) -> "_Value | SekishoError":
    """What `work` gives, or the error of ours that it ends in."""
    try:
        return work()
    except SekishoError as why:
        return why


def _decision(case: Case, law: Law, verdict: Verdict, records: dict[str, Json], now: datetime) -> Entry:
    reasons: list[Json] = []
    if isinstance(verdict, Refused):
        reasons = [{"code": reason.code, "text": made_visible(str(reason))} for reason in verdict.reasons]
    body: dict[str, Json] = {
        "request": case.request.raw.decode(),
        "statements": [statement.raw.decode() for statement in case.statements],
        "psbt": case.digest.hex(),
        "txid": show_txid(case.psbt.unsigned.txid),
        "roster": law.roster.digest.hex(),
        "policy": law.policy.digest.hex(),
        "wallet": law.wallet.id.hex(),
        "records": records,
        "verdict": "refused" if reasons else "allowed",
        "reasons": reasons,
    }
    return Entry(EntryKind.DECISION, memory.seconds(now), canonical(body))


def _released(case: Case, now: datetime) -> Entry:
    body: dict[str, Json] = {"request": case.request.digest.hex(), "txid": show_txid(case.psbt.unsigned.txid)}
    return Entry(EntryKind.RELEASED, memory.seconds(now), canonical(body))

"""The shell: reads the world, asks the core, records, and only then signs.

The order of `Checkpoint.cosign` is the security property:

(1) take the turn: two cases never spend the same allowance, and an older copy of the log is noticed;
(2) parse: untrusted bytes end here;
(3) read what is in force and what is remembered, and have the witnesses confirm that the log is where it was;
(4) decide, on these alone;
(5) write the decision down and reserve, in one transaction, on disk before anything else happens;
(6) publish the log with the decision in it, and have a quorum of witnesses cosign it, where the policy names them;
(7) ask last whether somebody froze the checkpoint, and write down that a signature is about to exist;
(8) compare again, on the exact buffer handed to the key, and sign.

Killed between any two lines, there is no signature without its record, and a request never gets a second transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sekisho.approvals.statement import parse_signed_statement
from sekisho.bitcoin.guards import recovery_positions
from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.psbt.reader import parse_psbt
from sekisho.checkpoint import memory
from sekisho.checkpoint.decide import Case, Law, decide, not_witnessed, payment_of, read
from sekisho.checkpoint.home import cosigner_position
from sekisho.checkpoint.key import Key
from sekisho.checkpoint.objections import Frozen
from sekisho.checkpoint.recorded import show_records
from sekisho.checkpoint.sign import sign
from sekisho.checkpoint.state import State
from sekisho.checkpoint.statute import policy_in_force, roster_in_force, wallet_in_force
from sekisho.evidence.gather import NOBODY_ASKED, Gathered, gather
from sekisho.evidence.log import Entry, EntryKind, Receipt
from sekisho.evidence.note import Note
from sekisho.evidence.publish import FolderBehind, Publisher
from sekisho.evidence.quorum import WitnessPolicy
from sekisho.evidence.tiles import nodes
from sekisho.requests.canonical import Json, canonical, visible
from sekisho.requests.request import PaymentRequest, parse_request
from sekisho.verdicts import Allowed, Refused, Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a case: the verdict, the receipt of its record, and the co-signed PSBT where it was allowed."""

    request: PaymentRequest
    verdict: Verdict
    receipt: Receipt
    psbt: bytes | None
    checkpoint: Note | None = None
    """The log's head with the decision under it, and the witnesses' cosignatures; None for a refusal."""


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
        state = self._state
        with state.turn():  # (1)
            case = read_case(request, statements, psbt)  # (2)
            law, position = self._law(case.request.wallet)  # (3)
            gathered = self._witnessed(law.policy.witnesses) if law.policy.witnesses else NOBODY_ASKED
            now = self._clock().replace(microsecond=0)
            with state.transaction():
                highest = memory.highest_index(state, law.wallet)
                reading = read(case.request, case.psbt, law.wallet, law.recovery, highest)
                payment = payment_of(case, reading, law.wallet, now)
                questions = law.policy.questions(payment)
                records = memory.records(state, case, questions, highest, gathered, now)
                verdict = decide(case, law, reading, records, now)  # (4)
                body = show_records(records, questions)
                receipt = state.log.append(_decision(case, law, verdict, body, now))  # (5)
                if isinstance(verdict, Allowed) and not records.released:
                    memory.reserve(state, case, payment, reading.comparison, receipt.number, now)
            if isinstance(verdict, Refused):
                return Answer(case.request, verdict, receipt, None)
            gathered = self._witnessed(law.policy.witnesses)  # (6)
            missing = tuple(not_witnessed(law, gathered.seen, gathered.missing))
            with state.transaction():
                frozen = (Frozen(),) if memory.frozen(state) else ()  # (7)
                if frozen or missing:
                    return Answer(case.request, Refused((*missing, *frozen)), receipt, None)
                receipt = state.log.append(_released(case, self._clock()))
                memory.release(state, case, reading.comparison, receipt.number)
                state.note_published(gathered.checkpoint.head.size)
            state.anchor()
            signed = sign(psbt, verdict, case.request, law, position, self._key, highest)  # (8)
            return Answer(case.request, verdict, receipt, signed, gathered.checkpoint)

    def _witnessed(self, policy: WitnessPolicy | None) -> Gathered:
        """Publish the log as it stands, cosigned by the witnesses of `policy` that can be had."""
        state, publisher = self._state, self._publisher
        before = publisher.published().size
        if before < state.published:
            raise FolderBehind(publisher.folder.path, f"ends before entry {before}, though {state.published} were out")
        checkpoint = publisher.publish(state.log, memory.seconds(self._clock()))
        gathered = Gathered(checkpoint, (), ())
        if policy is not None:
            node = nodes(publisher.folder.fetch, checkpoint.head.size)
            gathered = gather(checkpoint, policy, before, node, lambda: memory.seconds(self._clock()))
        publisher.folder.put_checkpoint(gathered.checkpoint)
        return gathered

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


def _decision(case: Case, law: Law, verdict: Verdict, records: dict[str, Json], now: datetime) -> Entry:
    reasons: list[Json] = []
    if isinstance(verdict, Refused):
        reasons = [{"code": reason.code, "text": _printable(str(reason))} for reason in verdict.reasons]
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


def _printable(text: str) -> str:
    return "".join(each if visible(each) else "?" for each in text)

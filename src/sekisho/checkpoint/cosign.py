"""The shell: reads the world, asks the core, records, and only then signs.

The order of `Checkpoint.cosign` is the security property:

(1) take the turn: two cases never spend the same allowance;
(2) parse: untrusted bytes end here;
(3) read what is in force and what is remembered;
(4) decide, on these alone;
(5) write the decision down and reserve, in one transaction, on disk before anything else happens;
(6) ask last whether somebody froze the checkpoint;
(7) write down that a signature is about to exist;
(8) compare again, on the exact buffer handed to the key, and sign.

Killed between any two lines, there is no signature without its record, and a request never gets a second transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sekisho.approvals.statement import parse_signed_statement
from sekisho.bitcoin.guards import recovery_positions
from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.psbt.reader import parse_psbt
from sekisho.checkpoint import memory
from sekisho.checkpoint.decide import Case, Law, decide, payment_of, read
from sekisho.checkpoint.home import cosigner_position
from sekisho.checkpoint.key import Key
from sekisho.checkpoint.objections import Frozen
from sekisho.checkpoint.sign import sign
from sekisho.checkpoint.state import State
from sekisho.checkpoint.statute import policy_in_force, roster_in_force, wallet_in_force
from sekisho.evidence.log import Entry, EntryKind, Receipt
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


def utc_now() -> datetime:
    """The system's clock, in UTC."""
    return datetime.now(UTC)


class Checkpoint:
    """A state, a key and a clock: everything that can put the cosigner's signature on a transaction."""

    def __init__(self, state: State, key: Key, clock: Callable[[], datetime] = utc_now) -> None:
        self._state, self._key, self._clock = state, key, clock

    def cosign(self, request: bytes, statements: Sequence[bytes], psbt: bytes) -> Answer:
        """Decide on a case, record the decision, and co-sign the PSBT if it was allowed.

        `request` are canonical bytes, `statements` signed-statement files (the requester's signature, approvals,
        rejections) and `psbt` the binary PSBT. Raises a SekishoError when no answer was reached; nothing was signed.
        """
        state = self._state
        with state.turn():  # (1)
            case = read_case(request, statements, psbt)  # (2)
            now = self._clock()
            with state.transaction():
                law, position = self._law(case.request.wallet)  # (3)
                highest = memory.highest_index(state, law.wallet)
                reading = read(case.request, case.psbt, law.wallet, law.recovery, highest)
                payment = payment_of(case, reading, law.wallet, now)
                records = memory.records(state, case, law.policy.questions(payment), highest, now)
                verdict = decide(case, law, reading, records, now)  # (4)
                receipt = state.log.append(_decision(case, law, verdict, now))  # (5)
                if isinstance(verdict, Allowed) and not records.released:
                    memory.reserve(state, case, payment, reading.comparison, now)
            if isinstance(verdict, Refused):
                return Answer(case.request, verdict, receipt, None)
            with state.transaction():
                if memory.frozen(state):  # (6)
                    return Answer(case.request, Refused((Frozen(),)), receipt, None)
                receipt = state.log.append(_released(case, self._clock()))  # (7)
                memory.release(state, case, reading.comparison)
            signed = sign(psbt, verdict, case.request, law, position, self._key, highest)  # (8)
            return Answer(case.request, verdict, receipt, signed)

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
        psbt=parse_psbt(psbt),
        digest=sha256(psbt).digest(),
    )


def _decision(case: Case, law: Law, verdict: Verdict, now: datetime) -> Entry:
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
        "verdict": "refused" if reasons else "allowed",
        "reasons": reasons,
    }
    return Entry(EntryKind.DECISION, memory.seconds(now), canonical(body))


def _released(case: Case, now: datetime) -> Entry:
    body: dict[str, Json] = {"request": case.request.digest.hex(), "txid": show_txid(case.psbt.unsigned.txid)}
    return Entry(EntryKind.RELEASED, memory.seconds(now), canonical(body))


def _printable(text: str) -> str:
    return "".join(each if visible(each) else "?" for each in text)

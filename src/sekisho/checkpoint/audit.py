"""Checks an evidence bundle from its bytes alone: no database, no network, no clock, nothing of ours but this code.

(1) The bundle is whole: the trusted log's key signed every byte of it.
(2) The roster: it follows from the trusted one, each version signed by the quorum of the one before.
(3) The policy and the wallet: signed by the policy_admin quorum of such a roster.
(4) The log: the decision is in it, under a head that the log signed and a quorum of witnesses cosigned.
(5) The people: the requester asked for this payment, and enough others approved it.
(6) The transaction: it is the payment that was asked for, to every output and satoshi.
(7) The verdict: decided again on what the checkpoint had recorded, it is the same.
(8) The signature: the co-signed PSBT is the one decided on, with genuine signatures by the wallet's keys.
(9) The transaction on the chain, where the bundle holds one, is that transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sekisho.approvals.adoption import objections
from sekisho.approvals.count import count
from sekisho.approvals.roster import Roster, parse_roster
from sekisho.approvals.statement import Statement, parse_signed_statement
from sekisho.bitcoin.guards import recovery_positions
from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.psbt.reader import parse_psbt
from sekisho.bitcoin.psbt.values import PsbtInput
from sekisho.bitcoin.wallet import parse_wallet
from sekisho.checkpoint.bundle import MAX_BUNDLE_BYTES, Adopted, Bundle, MalformedBundle, parse_bundle
from sekisho.checkpoint.decide import Case, Law, Records, decide, payment_of, read
from sekisho.checkpoint.recorded import MalformedRecords, parse_records
from sekisho.checkpoint.statute import wallet_document
from sekisho.checkpoint.trust import Trust
from sekisho.errors import SekishoError
from sekisho.evidence.gather import TOLERANCE
from sekisho.evidence.log import MAX_BODY_BYTES, Entry
from sekisho.evidence.note import parse_note, text_signed_by
from sekisho.evidence.proof import check, witnessed
from sekisho.policy.policy import parse_policy
from sekisho.requests.canonical import Json, parse_canonical
from sekisho.requests.request import parse_request, show_time
from sekisho.verdicts import Reason, Refused


class StepFails(SekishoError):
    """A bundle that does not show what it should."""

    def __init__(self, number: int, name: str, why: str) -> None:
        super().__init__(f"step {number} ({name}) fails: {why}")
        self.number, self.name, self.why = number, name, why


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was shown."""

    number: int
    name: str
    shown: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a bundle shows, step by step, and what it does not."""

    bundle: Bundle
    case: Case
    law: Law
    steps: tuple[Step, ...]
    on_record: tuple[str, ...]
    """What rests on the checkpoint's own record: true if it kept its books, and shown by nothing else."""


def audit(raw: bytes, trust: Trust) -> Findings:
    """Check a bundle against what is trusted. Raises StepFails, naming the step, whatever the bytes."""
    auditor, steps = _Auditor(raw, trust), []
    for number, (name, shows) in enumerate(_STEPS, start=1):
        try:
            shown = shows(auditor)
        except SekishoError as why:
            raise StepFails(number, name, str(why)) from why
        if shown is not None:
            steps.append(Step(number, name, shown))
    return Findings(auditor.bundle, auditor.case, auditor.law, tuple(steps), auditor.on_record())


def case_of(decision: Entry, psbt: bytes) -> Case:
    """The case a decision was about. Raises MalformedBundle where its body is no decision's, and what parsers raise."""
    body = parse_canonical(decision.body, MAX_BODY_BYTES)
    request, statements = body.get("request"), body.get("statements")
    if not isinstance(request, str) or not isinstance(statements, list):
        raise MalformedBundle("the decision holds no request and statements")
    signed = tuple(parse_signed_statement(each.encode()) for each in statements if isinstance(each, str))
    return Case(parse_request(request.encode()), signed, psbt, parse_psbt(psbt))


def law_of(roster: bytes, policy: bytes, wallet: bytes) -> Law:
    """What was in force, from the documents' bytes. Raises what their parsers raise."""
    parsed = parse_wallet(wallet)
    return Law(parsed, parse_roster(roster), parse_policy(policy), recovery_positions(parsed))


def recorded(decision: Entry, case: Case, law: Law) -> tuple[Records, datetime]:
    """What the checkpoint remembered when it decided, and when that was. Raises MalformedRecords."""
    document = parse_canonical(decision.body, MAX_BODY_BYTES).get("records")
    if not isinstance(document, dict):
        raise MalformedRecords
    try:
        now = datetime.fromtimestamp(decision.at, UTC)
        highest = int(str(document.get("highest_index")))
    except (ValueError, OverflowError, OSError) as why:
        raise MalformedRecords from why
    reading = read(case.request, case.psbt, law.wallet, law.recovery, highest)
    questions = law.policy.questions(payment_of(case, reading, law.wallet, now))
    return parse_records(document, questions), now


class _Fails(SekishoError):
    """Why a step does not hold."""


class _Auditor:
    """Goes through the steps in order; each leaves what the next ones need."""

    def __init__(self, raw: bytes, trust: Trust) -> None:
        self._raw, self._trust = raw, trust
        self.bundle: Bundle
        self.case: Case
        self.law: Law
        self._rosters: tuple[Roster, ...]
        self._records: Records
        self._now: datetime

    def whole(self) -> str:
        note = parse_note(self._raw, MAX_BUNDLE_BYTES)
        log = self._trust.log
        if len(note.signatures) != 1 or note.raw != self._raw or not text_signed_by(note, log):
            raise _Fails(f"it is not signed by {log.name}, or was changed since")
        self.bundle = parse_bundle(note.text)
        return f"every byte is signed by the log {log.name}"

    def roster(self) -> str:
        rosters = [parse_roster(each.raw) for each in self.bundle.rosters]
        trusted = next((place for place, each in enumerate(rosters) if each.digest == self._trust.roster), None)
        if trusted is None:
            raise _Fails(f"it does not follow from the trusted roster {self._trust.roster.hex()[:16]}…")
        for place in range(trusted + 1, len(rosters)):
            before, after = rosters[place - 1], rosters[place]
            if after.version != before.version + 1:
                raise _Fails(f"version {after.version} does not follow version {before.version}")
            _must_be_none(objections(Statement.ROSTER, after.digest, self.bundle.rosters[place].signed, before))
        self._rosters = tuple(rosters[trusted:])
        return f"version {rosters[-1].version}, {len(self._rosters) - 1} signed changes after the trusted one"

    def documents(self) -> str:
        held, network = self.bundle, self._trust.network
        self.law = law_of(held.rosters[-1].raw, held.policy.raw, held.wallet.raw)
        policy, wallet = self.law.policy, self.law.wallet
        if not network is policy.network is wallet.network:
            raise _Fails(f"they are for {policy.network} and {wallet.network}, not {network}")
        self._adopted(Statement.POLICY, policy.digest, held.policy)
        self._adopted(Statement.WALLET, wallet_document(held.wallet.raw).digest, held.wallet)
        return f"policy version {policy.version} and wallet {wallet.id.hex()[:16]}… were signed by the policy_admins"

    def _adopted(self, statement: Statement, digest: bytes, adopted: Adopted) -> None:
        found = [objections(statement, digest, adopted.signed, roster) for roster in self._rosters]
        if all(found):
            _must_be_none(found[-1])

    def logged(self) -> str:
        decision, proof, witnesses = self.bundle.decision, self.bundle.proof, self._trust.witnesses
        head = check(proof, decision.commitment(self.bundle.salt), self._trust.log.name, witnesses)
        seen = witnessed(proof.checkpoint, witnesses)
        early = [name for name, at in seen.items() if at < decision.at - TOLERANCE]
        if early:
            raise _Fails(f"witness {early[0]} cosigned before the decision was made")
        who = (
            f"cosigned by {', '.join(sorted(seen))}" if seen else "no witness is asked for, the log's key says so alone"
        )
        return f"the decision is entry {proof.index} of {head.size}; {who}"

    def people(self) -> str:
        self.case = case_of(self.bundle.decision, self.bundle.psbt)
        self._records, self._now = recorded(self.bundle.decision, self.case, self.law)
        request = self.case.request
        reading = read(request, self.case.psbt, self.law.wallet, self.law.recovery, self._records.highest_index)
        quorum = self.law.policy.quorum(payment_of(self.case, reading, self.law.wallet, self._now))
        _must_be_none(count(request, self.case.statements, quorum, self.law.roster))
        approvals = sum(each.statement is Statement.APPROVAL for each in self.case.statements)
        return f"{request.requester} asked for request {request.digest.hex()[:16]}…, and {approvals} approved it"

    def transaction(self) -> str:
        case, law = self.case, self.law
        reading = read(case.request, case.psbt, law.wallet, law.recovery, self._records.highest_index)
        _must_be_none((*case.disagreements, *reading.reasons))
        txid = show_txid(case.psbt.unsigned.txid)
        return f"{txid} pays whom the request names ({len(case.request.payees)}), and nobody else"

    def verdict(self) -> str:
        case, law = self.case, self.law
        if self._records.released:  # the policy is asked before the first signature, and never again after it
            raise _Fails("the decision only repeats one before it, which is not in the bundle")
        reading = read(case.request, case.psbt, law.wallet, law.recovery, self._records.highest_index)
        verdict = decide(case, law, reading, self._records, self._now)
        if isinstance(verdict, Refused):
            _must_be_none(verdict.reasons)
        said = parse_canonical(self.bundle.decision.body, MAX_BODY_BYTES)
        expected: dict[str, Json] = {
            "psbt": case.digest.hex(),
            "txid": show_txid(case.psbt.unsigned.txid),
            "roster": law.roster.digest.hex(),
            "policy": law.policy.digest.hex(),
            "wallet": law.wallet.id.hex(),
            "verdict": "allowed",
        }
        wrong = [name for name, value in expected.items() if said.get(name) != value]
        if wrong:
            raise _Fails(f"the record says something else of {wrong[0]}")
        return f"allowed, as recorded at {show_time(self._now)}"

    def signature(self) -> str:
        case, law, signed = self.case, self.law, parse_psbt(self.bundle.cosigned)
        if signed.unsigned != case.psbt.unsigned:
            raise _Fails("the co-signed PSBT holds another transaction")
        reading = read(case.request, signed, law.wallet, law.recovery, self._records.highest_index)
        _must_be_none(reading.reasons)
        for index, (before, after) in enumerate(zip(case.psbt.inputs, signed.inputs, strict=True)):
            if _signatures(after) <= _signatures(before):
                raise _Fails(f"input {index} carries no signature more than before")
        return f"each input ({len(signed.inputs)}) carries a genuine signature that it did not before"

    def on_chain(self) -> str | None:
        final = self.bundle.transaction
        if final is None:
            return None
        if final.txid != self.case.psbt.unsigned.txid:
            raise _Fails("it is another transaction")
        return f"{show_txid(final.txid)} is what was signed; ask any node whether it confirmed"

    def on_record(self) -> tuple[str, ...]:
        """What nothing but the checkpoint's own books says."""
        history = self._records.history
        return (
            f"that it was {show_time(self._now)}, by the checkpoint's clock",
            *(f"{question}: {usage.sats:,} sats in {usage.count} payments" for question, usage in history.usage),
            *(f"{question}: {held.total:,} sats in {held.coins} coins" for question, held in history.holdings),
            *(f"{question}: {len(found)}" for question, found in history.look_alikes),
            "that no other request held these coins, this id or these statements, and that nothing was frozen",
        )


_STEPS: tuple[tuple[str, Callable[[_Auditor], str | None]], ...] = (
    ("the bundle", _Auditor.whole),
    ("the roster", _Auditor.roster),
    ("the policy and the wallet", _Auditor.documents),
    ("the log", _Auditor.logged),
    ("the people", _Auditor.people),
    ("the transaction", _Auditor.transaction),
    ("the verdict", _Auditor.verdict),
    ("the signature", _Auditor.signature),
    ("on the chain", _Auditor.on_chain),
)


def _signatures(claimed: PsbtInput) -> int:
    return len(claimed.partial_signatures) + (claimed.taproot_key_signature is not None)


def _must_be_none(reasons: tuple[Reason, ...]) -> None:
    if reasons:
        raise _Fails("; ".join(f"{reason.code}: {reason}" for reason in reasons))

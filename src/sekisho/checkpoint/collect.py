"""Collects the evidence bundle of a payment from a home: the shell beside `bundle` and `audit`."""

from hashlib import sha256

from sekisho.approvals.statement import parse_signed_statement
from sekisho.bitcoin.transaction import Transaction
from sekisho.checkpoint import memory
from sekisho.checkpoint.audit import case_of, law_of, recorded
from sekisho.checkpoint.bundle import Adopted, Bundle
from sekisho.checkpoint.home import cosigner_position
from sekisho.checkpoint.key import Key
from sekisho.checkpoint.sign import sign
from sekisho.checkpoint.state import State
from sekisho.errors import SekishoError
from sekisho.evidence.merkle import inclusion_proof
from sekisho.evidence.note import parse_note
from sekisho.evidence.proof import Proof
from sekisho.evidence.publish import Publisher
from sekisho.evidence.tiles import nodes
from sekisho.verdicts import Allowed


class NoEvidence(SekishoError):
    """There is no released payment for this request, its log is not published as far, or the checkpoint is frozen."""

    def __init__(self, request: bytes, why: str) -> None:
        super().__init__(f"there is no evidence for request {request.hex()[:16]}…: {why}")
        self.request, self.why = request, why


def collect(
    state: State, publisher: Publisher, key: Key, request: bytes, transaction: Transaction | None = None
) -> bytes:
    """The signed bundle of the payment that served the request with this digest; inside a turn. Raises NoEvidence.

    The cosigner's signature is made again: it is the same one each time. So a freeze holds this back too: of a case
    that was killed between its release and its signature, nobody has it yet.
    """
    if memory.frozen(state):
        raise NoEvidence(request, "the checkpoint is frozen, and a bundle holds its signature")
    row = state.database.execute("SELECT decided, psbt, head FROM cases WHERE request = ?", (request,)).fetchone()
    if row is None or row[2] is None:
        raise NoEvidence(request, "no signature was released for it")
    decided, psbt, checkpoint = row[0], row[1], parse_note(row[2])
    size, published = checkpoint.head.size, publisher.published().size
    if published < size:
        raise NoEvidence(request, "the log is not published as far as its decision")
    decision, salt = state.log.entry(decided)
    case = case_of(decision, psbt)
    rosters, policies = _adopted(state, "roster", ""), _adopted(state, "policy", "")
    places = [number for number, (digest, _) in enumerate(rosters) if digest == case.request.roster]
    (policy,) = (each for digest, each in policies if digest == case.request.policy)
    ((_, wallet),) = _adopted(state, "wallet", case.request.wallet.hex())
    chain = tuple(each for _, each in rosters[: places[0] + 1])
    law = law_of(chain[-1].raw, policy.raw, wallet.raw)
    records, _ = recorded(decision, case, law)
    cosigned = sign(
        psbt,
        Allowed(sha256(psbt).digest()),
        case.request,
        law,
        cosigner_position(law.wallet, key),
        key,
        records.highest_index,
    )
    proof = Proof(decided, inclusion_proof(nodes(publisher.folder.fetch, published), decided, size), checkpoint)
    bundle = Bundle(chain, policy, wallet, decision, salt, psbt, cosigned, proof, transaction)
    return bundle.signed(publisher.keys)


def _adopted(state: State, kind: str, name: str) -> list[tuple[bytes, Adopted]]:
    rows = state.database.execute(
        "SELECT digest, raw, signed FROM documents WHERE kind = ? AND name = ? ORDER BY version", (kind, name)
    )
    return [
        (digest, Adopted(raw, tuple(parse_signed_statement(each.encode()) for each in signed.splitlines())))
        for digest, raw, signed in rows
    ]

"""What is in force: the roster, policy and wallets that a quorum signed.

A file on disk that no quorum signed is nothing. What is in force lies in the checkpoint's own database, put there by
`adopt` alone, once the policy_admin quorum of the roster in force signed its digest; the first roster by everyone in
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from sekisho.approvals.adoption import first_roster_objections, objections
from sekisho.approvals.roster import Roster, parse_roster
from sekisho.approvals.statement import SignedStatement, Statement
from sekisho.bitcoin.wallet import Wallet, parse_wallet
from sekisho.checkpoint.state import State
from sekisho.errors import SekishoError
from sekisho.evidence.log import Entry, EntryKind, Receipt
from sekisho.policy.policy import Policy, parse_policy
from sekisho.requests.canonical import canonical, digest
from sekisho.verdicts import Reason, Refused

KINDS = {"roster": Statement.ROSTER, "policy": Statement.POLICY, "wallet": Statement.WALLET}


class NothingInForce(SekishoError):
    """No document of this kind was ever adopted."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no {what} is in force")
        self.what = what


@dataclass(frozen=True, slots=True)
class Document:
    """A roster, policy or wallet file: its exact bytes, and what names it."""

    kind: str
    name: str
    """A wallet's id in hex; empty for rosters and policies, of which one is in force at a time."""
    version: int
    digest: bytes
    raw: bytes


def roster_document(raw: bytes) -> Document:
    """A roster file as a document. Raises MalformedRoster."""
    roster = parse_roster(raw)
    return Document("roster", "", roster.version, roster.digest, raw)


def policy_document(raw: bytes) -> Document:
    """A policy file as a document. Raises MalformedPolicy."""
    policy = parse_policy(raw)
    return Document("policy", "", policy.version, policy.digest, raw)


def wallet_document(raw: bytes) -> Document:
    """A wallet file as a document; a wallet has no versions, since its id is its descriptor. Raises MalformedWallet."""
    return Document("wallet", parse_wallet(raw).id.hex(), 1, digest("sekisho/wallet/v1", raw), raw)


@dataclass(frozen=True, slots=True)
class OldVersion(Reason):
    """A document that does not follow the one in force: an old one played again, or one in between is missing."""

    code: ClassVar[str] = "version-does-not-follow"
    what: str
    version: int
    in_force: int

    def __str__(self) -> str:
        return f"{self.what} version {self.version} does not follow version {self.in_force}, which is in force"


# The same bytes give the same value, so a long-running process parses them once; a wallet keeps its derived scripts.
_roster = lru_cache(4)(parse_roster)
_policy = lru_cache(4)(parse_policy)
_wallet = lru_cache(64)(parse_wallet)


def roster_in_force(state: State) -> Roster:
    """The roster that counts. Raises NothingInForce."""
    return _roster(_newest(state, "roster", ""))


def policy_in_force(state: State) -> Policy:
    """The policy that counts. Raises NothingInForce."""
    return _policy(_newest(state, "policy", ""))


def wallet_in_force(state: State, wallet_id: bytes) -> Wallet:
    """The wallet with this id. Raises NothingInForce."""
    return _wallet(_newest(state, "wallet", wallet_id.hex()))


def wallets_in_force(state: State) -> tuple[Wallet, ...]:
    """Every wallet the checkpoint guards."""
    rows = state.database.execute("SELECT raw FROM documents WHERE kind = 'wallet' ORDER BY name").fetchall()
    return tuple(_wallet(bytes(raw)) for (raw,) in rows)


def adopt(state: State, document: Document, signed: Sequence[SignedStatement], at: int) -> Receipt | Refused:
    """Put a document in force if the quorum signed it; inside a turn and a transaction of `state`.

    A new roster or policy voids every approval given before, because each names the ones it was given under.
    """
    before = _version(state, document)
    reasons: tuple[Reason, ...]
    if document.kind == "roster" and before is None:
        reasons = first_roster_objections(parse_roster(document.raw), signed)
    else:
        reasons = objections(KINDS[document.kind], document.digest, signed, roster_in_force(state))
    if document.kind == "wallet":
        reasons += (OldVersion("wallet", 1, 1),) if before is not None else ()
    elif before is not None and document.version != before + 1:
        reasons += (OldVersion(document.kind, document.version, before),)
    if reasons:
        return Refused(reasons)
    statements = [each.raw.decode() for each in signed]
    state.database.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
        (document.kind, document.name, document.version, document.digest, document.raw, "\n".join(statements)),
    )
    body = canonical(
        {
            "kind": document.kind,
            "version": str(document.version),
            "digest": document.digest.hex(),
            "statements": list(statements),
        }
    )
    return state.log.append(Entry(EntryKind.ADOPTED, at, body))


def _newest(state: State, kind: str, name: str) -> bytes:
    row = state.database.execute(
        "SELECT raw FROM documents WHERE kind = ? AND name = ? ORDER BY version DESC LIMIT 1", (kind, name)
    ).fetchone()
    if row is None:
        raise NothingInForce(f"{kind} {name[:16]}…" if name else kind)
    return bytes(row[0])


def _version(state: State, document: Document) -> int | None:
    row = state.database.execute(
        "SELECT max(version) FROM documents WHERE kind = ? AND name = ?", (document.kind, document.name)
    ).fetchone()
    return None if row[0] is None else int(row[0])

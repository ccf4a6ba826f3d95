"""Questions to the state and entries into it: what was paid, what is held, who was paid before."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from sekisho.approvals.statement import SignedStatement
from sekisho.bitcoin.outpoint import OutPoint, Txid, parse_outpoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import Coin
from sekisho.bitcoin.wallet import Wallet
from sekisho.checkpoint.compare import Comparison
from sekisho.checkpoint.decide import Case, Records
from sekisho.checkpoint.signable import spend_of
from sekisho.checkpoint.state import FOREVER, State
from sekisho.evidence.gather import Gathered
from sekisho.evidence.log import Entry, EntryKind, Receipt
from sekisho.evidence.note import Note
from sekisho.policy.history import (
    History,
    Holdings,
    HoldingsQuestion,
    LookAlikeQuestion,
    Question,
    Scope,
    Usage,
    UsageQuestion,
)
from sekisho.policy.payment import Payment
from sekisho.policy.rules.look_alike import look_keys, looks_like
from sekisho.requests.canonical import canonical

_USAGE = {
    Scope.WALLET: "SELECT coalesce(sum(sats), 0), count(*) FROM payments"
    " WHERE wallet = ? AND at > ? AND live_to > ? AND request != ?",
    Scope.REQUESTER: "SELECT coalesce(sum(sats), 0), count(*) FROM payments"
    " WHERE requester = ? AND at > ? AND live_to > ? AND request != ?",
    Scope.DESTINATION: "SELECT coalesce(sum(sats), 0), count(DISTINCT request) FROM payees"
    " WHERE script = ? AND at > ? AND live_to > ? AND request != ?",
}
"""A payment counts from when it was decided, for as long as it is live. The case at hand never counts against itself"""


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970, as the database keeps time."""
    return int(moment.timestamp())


def highest_index(state: State, wallet: Wallet) -> int:
    """The highest address index ever seen in use by an allowed payment of the wallet; -1 for none."""
    row = state.database.execute("SELECT highest FROM indexes WHERE wallet = ?", (wallet.id,)).fetchone()
    return -1 if row is None else int(row[0])


def frozen(state: State) -> bool:
    """Whether any freeze holds."""
    return state.database.execute("SELECT 1 FROM freezes WHERE thawed IS NULL LIMIT 1").fetchone() is not None


def records(
    state: State, case: Case, questions: Iterable[Question], highest: int, gathered: Gathered, now: datetime
) -> Records:
    """Everything remembered that bears on one case, read at one moment; inside a turn."""
    own = case.request.digest
    answered = state.database.execute("SELECT txid, live_to FROM payments WHERE request = ?", (own,)).fetchone()
    other = state.database.execute(
        "SELECT request FROM payments WHERE requester = ? AND id = ? AND request != ?",
        (case.request.requester, case.request.id, own),
    ).fetchone()
    return Records(
        highest_index=highest,
        frozen=frozen(state),
        taken=tuple(_taken(state, case, now)),
        answered=None if answered is None else Txid(answered[0]),
        released=answered is not None and answered[1] == FOREVER,
        used=tuple(_used(state, case)),
        other_request_with_id=None if other is None else other[0],
        history=_history(state, questions, case, now),
        witnessed=gathered.seen,
        unwitnessed=gathered.missing,
    )


def reserve(state: State, case: Case, payment: Payment, comparison: Comparison, entry: int, now: datetime) -> None:
    """Hold the coins and limits of an allowed case until its request expires; inside its transaction.

    `entry` is the number of the decision in the log.
    """
    request, database = case.request, state.database
    own, at, live_to = request.digest, seconds(now), seconds(request.expires)
    _forget(state, own)
    database.execute(
        "INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (own, request.id, request.requester, request.wallet, case.psbt.unsigned.txid, at, live_to, payment.cost),
    )
    database.executemany(
        "INSERT INTO payees VALUES (?, ?, ?, ?, ?)",
        [(own, payee.script, payee.sats, at, live_to) for payee in request.payees],
    )
    database.executemany(
        "INSERT OR IGNORE INTO looks VALUES (?, ?)",
        [(key, payee.address) for payee in request.payees for key in look_keys(payee.address)],
    )
    database.execute("INSERT OR REPLACE INTO cases VALUES (?, ?, ?, NULL, NULL)", (own, entry, case.raw))
    spent = [str(each.outpoint) for each in case.psbt.unsigned.inputs]
    database.executemany("INSERT OR REPLACE INTO coins VALUES (?, ?)", [(outpoint, own) for outpoint in spent])
    database.executemany(
        "INSERT OR IGNORE INTO consumed VALUES (?, ?)", [(_name(each), own) for each in case.statements]
    )
    seen = [script.index for script in comparison.inputs if script] + [each.script.index for each in comparison.change]
    database.execute(
        "INSERT INTO indexes VALUES (?, ?) ON CONFLICT (wallet) DO UPDATE SET highest = max(highest, excluded.highest)",
        (request.wallet, max(seen)),
    )


def release(state: State, case: Case, comparison: Comparison, entry: int, head: Note) -> None:
    """Let an allowed case count as signed for good; inside its transaction.

    `entry` is the release's number in the log, `head` the log's head with the decision under it, as witnesses saw it.

    Its coins leave the known holdings. Its change joins them if every coin spent was known: then it is as sure as they.
    """
    own, database = case.request.digest, state.database
    for table in ("payments", "payees"):
        database.execute(f"UPDATE {table} SET live_to = ? WHERE request = ?", (FOREVER, own))  # noqa: S608 - our names
    database.execute(
        "UPDATE cases SET released = ?, head = ? WHERE request = ? AND released IS NULL", (entry, head.raw, own)
    )
    known = [
        database.execute("DELETE FROM holdings WHERE outpoint = ?", (str(each.outpoint),)).rowcount
        for each in case.psbt.unsigned.inputs
    ]
    if all(known):
        _hold(state, case.request.wallet, [case.psbt.unsigned.coin(own.index) for own in comparison.change])


def import_coins(state: State, wallet: Wallet, coins: Sequence[Coin], at: int) -> Receipt:
    """Take an operator's word for which coins the wallet holds, in place of all it knew; inside a transaction.

    Coins that a live payment spends stay out.
    """
    state.database.execute("DELETE FROM holdings WHERE wallet = ?", (wallet.id,))
    free = [
        coin
        for coin in coins
        if state.database.execute(f"{_TAKEN} AND p.live_to > ?", (str(coin.outpoint), at)).fetchone() is None
    ]
    _hold(state, wallet.id, free)
    total = Sats(sum(coin.sats for coin in free))
    body = canonical({"wallet": wallet.id.hex(), "coins": str(len(free)), "sats": str(total)})
    return state.log.append(Entry(EntryKind.COINS, at, body))


_TAKEN = "SELECT c.request FROM coins c JOIN payments p ON p.request = c.request WHERE c.outpoint = ?"

_FREE = (
    "SELECT outpoint, sats FROM holdings h WHERE wallet = ? AND NOT EXISTS"
    " (SELECT 1 FROM coins c JOIN payments p ON p.request = c.request"
    " WHERE c.outpoint = h.outpoint AND p.live_to > ? AND c.request != ?)"
)


def _hold(state: State, wallet_id: bytes, coins: Sequence[Coin]) -> None:
    state.database.executemany(
        "INSERT OR REPLACE INTO holdings VALUES (?, ?, ?)",
        [(str(coin.outpoint), wallet_id, coin.sats) for coin in coins],
    )


def _forget(state: State, request: bytes) -> None:
    """Undo what an earlier decision on this request reserved: it was never signed."""
    for table in ("payments", "payees", "coins"):
        state.database.execute(f"DELETE FROM {table} WHERE request = ?", (request,))  # noqa: S608 - our names


def _taken(state: State, case: Case, now: datetime) -> Iterator[tuple[OutPoint, bytes]]:
    for each in case.psbt.unsigned.inputs:
        row = state.database.execute(
            f"{_TAKEN} AND p.live_to > ? AND c.request != ?",
            (str(each.outpoint), seconds(now), case.request.digest),
        ).fetchone()
        if row is not None:
            yield each.outpoint, row[0]


def _used(state: State, case: Case) -> Iterator[bytes]:
    for each in case.statements:
        row = state.database.execute(
            "SELECT request FROM consumed WHERE statement = ? AND request != ?", (_name(each), case.request.digest)
        ).fetchone()
        if row is not None:
            yield row[0]


def _name(statement: SignedStatement) -> bytes:
    return sha256(statement.raw).digest()


def _history(state: State, questions: Iterable[Question], case: Case, now: datetime) -> History:
    usage, look_alikes, holdings = [], [], []
    for question in questions:
        match question:
            case UsageQuestion():
                usage.append((question, _usage(state, question, case, now)))
            case LookAlikeQuestion():
                look_alikes.append((question, _resembling(state, question)))
            case HoldingsQuestion():
                holdings.append((question, _holdings(state, question, case, now)))
    return History(tuple(usage), tuple(look_alikes), tuple(holdings))


def _usage(state: State, question: UsageQuestion, case: Case, now: datetime) -> Usage:
    subject = question.subject if question.scope is Scope.REQUESTER else bytes.fromhex(question.subject)
    row = state.database.execute(
        _USAGE[question.scope], (subject, seconds(question.since), seconds(now), case.request.digest)
    ).fetchone()
    return Usage(Sats(row[0]), row[1])


def _resembling(state: State, question: LookAlikeQuestion) -> tuple[str, ...]:
    """Every past payee that shares a key with the address: the look-alikes are among them, and the rule tells which."""
    head, tail = look_keys(question.address)
    rows = state.database.execute("SELECT DISTINCT address FROM looks WHERE key IN (?, ?)", (head, tail))
    return tuple(address for (address,) in rows if looks_like(question.address, address, question.characters))


def _holdings(state: State, question: HoldingsQuestion, case: Case, now: datetime) -> Holdings:
    """Known coins that no other live payment spends or holds, and this payment's own inputs."""
    rows = state.database.execute(
        _FREE,
        (bytes.fromhex(question.wallet), seconds(now), case.request.digest),
    )
    known = {parse_outpoint(outpoint): Sats(amount) for outpoint, amount in rows}
    known |= {coin.outpoint: coin.sats for coin in spend_of(case.psbt).coins if coin is not None}
    return Holdings(Sats(sum(known.values())), len(known))

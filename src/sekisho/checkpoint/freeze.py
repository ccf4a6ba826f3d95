"""Anyone on the roster may stop the checkpoint at once; only a quorum may start it again (law 11)."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sekisho.approvals.adoption import objections
from sekisho.approvals.count import identify
from sekisho.approvals.roster import Signatory
from sekisho.approvals.statement import SignedStatement, Statement
from sekisho.checkpoint.memory import seconds
from sekisho.checkpoint.state import State
from sekisho.checkpoint.statute import roster_in_force
from sekisho.errors import SekishoError
from sekisho.evidence.log import Entry, EntryKind, Receipt
from sekisho.requests.canonical import NotCanonical, canonical, digest, parse_canonical
from sekisho.requests.request import MalformedRequest, parse_time, show_time
from sekisho.verdicts import Reason, Refused

ORDER_TYPE = "sekisho/freeze-order/v1"
MAX_ORDER_BYTES = 1_000


class MalformedFreezeOrder(SekishoError):
    """Bytes that are not a freeze order."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a freeze order: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class FreezeOrder:
    """`Stop`, at a time, with a nonce that makes each order its own: a thaw names it, and it serves once."""

    at: datetime
    nonce: bytes

    @property
    def raw(self) -> bytes:
        """The canonical bytes."""
        return canonical({"type": ORDER_TYPE, "at": show_time(self.at), "nonce": self.nonce.hex()})

    @property
    def digest(self) -> bytes:
        """What the freeze statement and the thaw statement are over."""
        return digest(ORDER_TYPE, self.raw)


@dataclass(frozen=True, slots=True)
class OrderUsed(Reason):
    """A freeze order that took effect before."""

    code: ClassVar[str] = "freeze-order-used"
    order: bytes

    def __str__(self) -> str:
        return f"freeze order {self.order.hex()[:16]}… took effect before; each serves once"


@dataclass(frozen=True, slots=True)
class NotFrozenBy(Reason):
    """A thaw for a freeze that does not hold."""

    code: ClassVar[str] = "no-such-freeze"
    order: bytes

    def __str__(self) -> str:
        return f"no freeze {self.order.hex()[:16]}… holds"


def new_order(at: datetime) -> FreezeOrder:
    """A fresh order, to be signed by any one device on the roster."""
    return FreezeOrder(at.replace(microsecond=0), secrets.token_bytes(16))


def parse_order(raw: bytes) -> FreezeOrder:
    """Read an order from its canonical bytes. Raises MalformedFreezeOrder, and nothing else, whatever the bytes."""
    try:
        document = parse_canonical(raw, MAX_ORDER_BYTES)
        at, nonce = document.get("at"), document.get("nonce")
        if document.keys() != {"type", "at", "nonce"} or document["type"] != ORDER_TYPE:
            raise MalformedFreezeOrder("it must hold type, at and nonce")
        if not isinstance(at, str) or not isinstance(nonce, str) or len(nonce) != 32:
            raise MalformedFreezeOrder("at must be a time, nonce 32 hex digits")
        order = FreezeOrder(parse_time(at), bytes.fromhex(nonce))
    except (NotCanonical, MalformedRequest) as why:
        raise MalformedFreezeOrder(why.why) from why
    except ValueError as why:
        raise MalformedFreezeOrder("nonce must be 32 hex digits") from why
    if order.raw != raw:
        raise MalformedFreezeOrder("nonce must be lower-case hex")
    return order


def freeze(
    state: State, order: FreezeOrder, signed: SignedStatement, clock: Callable[[], datetime]
) -> Receipt | Refused:
    """Stop signing. Once this returns a receipt, no further signature is made until a thaw; one that was made may still
    be on its way into a file.

    Waits for no turn: a case that waits for its witnesses is held back, and only a signature whose release is written
    down already is finished. The clock is asked once it is this entry's place, which may be a while after the signing;
    where it was set back, the freeze holds all the same, at the newest record's time.
    """
    with state.at_once():
        who = identify(signed, Statement.FREEZE, order.digest, roster_in_force(state))
        if not isinstance(who, Signatory):
            return Refused(who)
        if state.database.execute("SELECT 1 FROM freezes WHERE digest = ?", (order.digest,)).fetchone():
            return Refused((OrderUsed(order.digest),))
        at = max(seconds(clock()), state.log.newest)
        state.database.execute("INSERT INTO freezes VALUES (?, ?, ?, NULL)", (order.digest, who.person.id, at))
        body = canonical({"order": order.raw.decode(), "statement": signed.raw.decode(), "person": who.person.id})
        return state.log.append(Entry(EntryKind.FREEZE, at, body))


def thaw(
    state: State, order_digest: bytes, signed: Sequence[SignedStatement], clock: Callable[[], datetime]
) -> Receipt | Refused:
    """Lift one freeze, by its order's digest, with the policy_admin quorum in force."""
    with state.turn(), state.transaction():
        reasons = objections(Statement.THAW, order_digest, signed, roster_in_force(state))
        holds = "FROM freezes WHERE digest = ? AND thawed IS NULL"
        if state.database.execute(f"SELECT 1 {holds}", (order_digest,)).fetchone() is None:
            reasons += (NotFrozenBy(order_digest),)
        if reasons:
            return Refused(reasons)
        at = seconds(clock())
        state.database.execute("UPDATE freezes SET thawed = ? WHERE digest = ?", (at, order_digest))
        body = canonical({"order": order_digest.hex(), "statements": [each.raw.decode() for each in signed]})
        return state.log.append(Entry(EntryKind.THAW, at, body))

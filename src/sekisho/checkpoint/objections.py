"""What the request's own terms and the checkpoint's records can object to."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.requests.request import show_time
from sekisho.verdicts import Reason


@dataclass(frozen=True, slots=True)
class NotInForce(Reason):
    """The request names no roster or policy, or one that is not in force (any more)."""

    code: ClassVar[str] = "not-in-force"
    what: str
    asked: bytes | None
    in_force: bytes

    def __str__(self) -> str:
        named = "no " + self.what if self.asked is None else f"{self.what} {self.asked.hex()[:16]}…"
        return f"the request was made under {named}; in force is {self.in_force.hex()[:16]}…"


@dataclass(frozen=True, slots=True)
class WrongRosterNetwork(Reason):
    """The request is for another network than the roster: these people were not asked about that money."""

    code: ClassVar[str] = "wrong-roster-network"
    request: Network
    roster: Network

    def __str__(self) -> str:
        return f"the request is for {self.request}, the roster for {self.roster}"


@dataclass(frozen=True, slots=True)
class NotWitnessed(Reason):
    """Too few of the policy's witnesses cosigned the log."""

    code: ClassVar[str] = "not-witnessed"
    seen: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"witnesses that cosigned the log: {', '.join(self.seen) or 'none'}, which is no quorum; "
            f"missing: {'; '.join(self.missing) or 'none'}"
        )


@dataclass(frozen=True, slots=True)
class FromTheFuture(Reason):
    """The request was created later than now."""

    code: ClassVar[str] = "from-the-future"
    created: datetime
    now: datetime

    def __str__(self) -> str:
        return f"the request was created at {show_time(self.created)}, but it is {show_time(self.now)}"


@dataclass(frozen=True, slots=True)
class Expired(Reason):
    """The request is past its time."""

    code: ClassVar[str] = "expired"
    expires: datetime
    now: datetime

    def __str__(self) -> str:
        return f"the request expired at {show_time(self.expires)}; it is {show_time(self.now)}"


@dataclass(frozen=True, slots=True)
class ReplacementNotSupported(Reason):
    """The request would replace another one, which this version never does."""

    code: ClassVar[str] = "replacement-not-supported"
    replaces: bytes

    def __str__(self) -> str:
        return f"the request would replace {self.replaces.hex()[:16]}…; replacements are not supported yet"


@dataclass(frozen=True, slots=True)
class CoinTaken(Reason):
    """A coin that another request spends or holds."""

    code: ClassVar[str] = "coin-taken"
    outpoint: OutPoint
    request: bytes

    def __str__(self) -> str:
        return f"coin {self.outpoint} is spent or reserved by request {self.request.hex()[:16]}…"


@dataclass(frozen=True, slots=True)
class AlreadyAnswered(Reason):
    """The request has its one transaction already, and this is another."""

    code: ClassVar[str] = "already-answered"
    txid: Txid

    def __str__(self) -> str:
        return f"the request was answered with transaction {show_txid(self.txid)}; it gets no second one"


@dataclass(frozen=True, slots=True)
class StatementUsed(Reason):
    """A signature of a person that served another request before."""

    code: ClassVar[str] = "statement-used"
    request: bytes

    def __str__(self) -> str:
        return f"a signature given with this case served request {self.request.hex()[:16]}… before"


@dataclass(frozen=True, slots=True)
class IdReused(Reason):
    """Another request of the same requester carried the same id."""

    code: ClassVar[str] = "id-reused"
    id: str
    request: bytes

    def __str__(self) -> str:
        return f"the id {self.id} already names request {self.request.hex()[:16]}… of the same requester"


@dataclass(frozen=True, slots=True)
class Frozen(Reason):
    """The checkpoint is frozen."""

    code: ClassVar[str] = "frozen"

    def __str__(self) -> str:
        return "the checkpoint is frozen; only a quorum can thaw it"

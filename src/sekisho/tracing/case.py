"""What is asked: which coins were stolen, how they shall be followed, and where the trail may end."""

from dataclasses import dataclass
from enum import StrEnum

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats

NO_SATS = Sats(0)


class Method(StrEnum):
    """How taint passes through one transaction (docs/tracing.md, "The six methods")."""

    POISON = "poison"
    HAIRCUT = "haircut"
    FIFO = "fifo"
    LIFO = "lifo"
    LIFO_MIRROR = "lifo-mirror"
    TIHO = "tiho"


class Mix(StrEnum):
    """What happens at a CoinJoin."""

    FOLLOW = "follow"
    """Taint goes on by the method's arithmetic, and is marked from there on: by convention only."""
    STOP = "stop"
    """It ends there."""


class FollowFees(StrEnum):
    """In which order a block's coinbase takes subsidy and fees, where taint is followed into it."""

    FEES_FIRST = "fees-first"
    SUBSIDY_FIRST = "subsidy-first"


class Status(StrEnum):
    """Where taint is, at the end of a trace."""

    UNSPENT = "unspent"
    SERVICE = "service"
    """It was paid to a script on the stop list."""
    DESTROYED = "destroyed"
    """Nobody can ever spend it, or a miner never claimed it."""
    FEES = "fees"
    """A miner took it."""
    BELOW_THRESHOLD = "below-threshold"
    COINJOIN = "coinjoin"
    UNKNOWN = "unknown"
    """It met an input whose value nobody told; or, backward, left the chain at hand."""
    MINED = "mined"
    """Backward only: a coinbase made it."""


@dataclass(frozen=True, slots=True)
class Seed:
    """Stolen coins: the first `sats` satoshis of one output, under a theft's label."""

    label: str
    outpoint: OutPoint
    txo: int
    """The output's number in the chain it was looked up in."""
    sats: Sats


@dataclass(frozen=True, slots=True)
class Parameters:
    """How to follow. Every result carries these, so that anyone can trace again."""

    method: Method
    backward: bool = False
    mix: Mix = Mix.FOLLOW
    until: int | None = None
    """The last height that is looked at."""
    follow_fees: FollowFees | None = None
    """None: taint paid as a fee ends there."""
    min_sats: Sats = NO_SATS
    """An output with less taint than this is not followed."""


@dataclass(frozen=True, slots=True)
class End:
    """Some taint, and where it is."""

    txid: bytes
    """The transaction that put it there; 32 bytes in hashing order."""
    outpoint: OutPoint | None
    """None for fees, and for what a miner never claimed."""
    script: bytes | None
    sats: Sats
    status: Status
    convention_only: bool
    """Some transaction on its way mixed it with others': that it is here is an accounting rule, not a finding."""
    height: int | None
    time: int | None
    label: str

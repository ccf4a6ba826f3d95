"""What a policy may ask about the past, and the answers it was given.

A rule asks before it judges; the state answers every question at once; the rule then judges on those answers alone.
A question nobody answered is a reason to refuse, never a reason to guess.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from sekisho.bitcoin.sats import Sats
from sekisho.verdicts import Reason


class Scope(StrEnum):
    """Whose use of a limit is added up."""

    WALLET = "wallet"
    """Everything the wallet pays; the subject is the wallet's id in hex."""
    REQUESTER = "requester"
    """Everything one person asks for; the subject is the person's id."""
    DESTINATION = "destination"
    """Everything one script receives, from whomever; the subject is the script in hex."""


@dataclass(frozen=True, slots=True)
class UsageQuestion:
    """How much has gone out, or is reserved to go out, after `since`? This very request is not counted."""

    scope: Scope
    subject: str
    since: datetime

    def __str__(self) -> str:
        return f"what {self.scope} {self.subject} used since {self.since:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Live reservations and signed payments together.

    `sats` is what a payment costs (amounts plus fee) for a wallet or requester, and what the script receives for a
    destination. `count` is the number of payments: a batch that pays one script twenty times is one.
    """

    sats: Sats
    count: int


@dataclass(frozen=True, slots=True)
class LookAlikeQuestion:
    """Which addresses paid before share a look key with this one (`look_alike.look_keys`)?

    The answer holds every address that has `characters` or more in common with it; others do no harm.
    """

    address: str
    characters: int

    def __str__(self) -> str:
        return f"which past payees look like {self.address}"


@dataclass(frozen=True, slots=True)
class HoldingsQuestion:
    """Which unspent coins is the wallet (id in hex) known to hold, the inputs of this payment among them?"""

    wallet: str

    def __str__(self) -> str:
        return f"what wallet {self.wallet} holds"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a wallet's known unspent coins hold together, and how many they are."""

    total: Sats
    coins: int


Question = UsageQuestion | LookAlikeQuestion | HoldingsQuestion


@dataclass(frozen=True)
class History:
    """Questions with their answers."""

    usage: tuple[tuple[UsageQuestion, Usage], ...] = ()
    look_alikes: tuple[tuple[LookAlikeQuestion, tuple[str, ...]], ...] = ()
    holdings: tuple[tuple[HoldingsQuestion, Holdings], ...] = ()

    def used(self, question: UsageQuestion) -> Usage | None:
        """The answer to a usage question; None when nobody gave one."""
        return self._usage.get(question)

    def resembling(self, question: LookAlikeQuestion) -> tuple[str, ...] | None:
        """The past payees' addresses that look like the one asked about; None when nobody looked."""
        return self._look_alikes.get(question)

    def held(self, question: HoldingsQuestion) -> Holdings | None:
        """The coins of the wallet; None when nobody knows."""
        return self._holdings.get(question)

    # A large batch asks thousands of questions: indexed once, on first use.

    @cached_property
    def _usage(self) -> dict[UsageQuestion, Usage]:
        return dict(self.usage)

    @cached_property
    def _look_alikes(self) -> dict[LookAlikeQuestion, tuple[str, ...]]:
        return dict(self.look_alikes)

    @cached_property
    def _holdings(self) -> dict[HoldingsQuestion, Holdings]:
        return dict(self.holdings)


@dataclass(frozen=True, slots=True)
class HistoryMissing(Reason):
    """A rule asked about the past and got no answer."""

    code: ClassVar[str] = "history-missing"
    rule: str
    question: Question

    def __str__(self) -> str:
        return f"{self.rule} cannot judge: nobody could say {self.question}"

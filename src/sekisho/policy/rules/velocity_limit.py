"""`velocity_limit`: no more than so much, or so often, within a rolling window."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sekisho.bitcoin.sats import MAX_MONEY, Sats
from sekisho.policy.document import Table
from sekisho.policy.history import History, HistoryMissing, Scope, UsageQuestion
from sekisho.policy.payment import Payment
from sekisho.verdicts import Reason

MAX_WINDOW_HOURS = 8_784
"""A leap year."""

MAX_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class VelocitySats(Reason):
    """With this payment, more satoshis than allowed would have gone out within the window."""

    code: ClassVar[str] = "velocity-sats"
    scope: Scope
    subject: str
    used: Sats
    asked: Sats
    limit: Sats
    window_hours: int

    def __str__(self) -> str:
        return (
            f"{self.scope} {self.subject} used {self.used:,} sats in the last {self.window_hours} hours and asks for "
            f"{self.asked:,}; the limit is {self.limit:,}"
        )


@dataclass(frozen=True, slots=True)
class VelocityCount(Reason):
    """This payment would be one more than allowed within the window."""

    code: ClassVar[str] = "velocity-count"
    scope: Scope
    subject: str
    used: int
    limit: int
    window_hours: int

    def __str__(self) -> str:
        return (
            f"{self.scope} {self.subject} was part of {self.used} payments in the last {self.window_hours} hours; "
            f"the limit is {self.limit}"
        )


@dataclass(frozen=True, slots=True)
class VelocityLimit:
    """A bound on what one wallet or requester spends, or one destination receives, within any `window`. Inclusive.

    A wallet and a requester are charged all that leaves, fee included; own change costs only its fee. A destination is
    charged what it receives: the fee goes to no payee, and counting it once for each would count it many times.
    """

    scope: Scope
    sats: Sats | None
    count: int | None
    window_hours: int

    @classmethod
    def read(cls, table: Table) -> "VelocityLimit":
        """Read one `[[velocity_limit]]`. Raises MalformedPolicy."""
        try:
            scope = Scope(table.text("per", 20))
        except ValueError as why:
            raise table.wrong("per", "must be one of " + ", ".join(Scope)) from why
        limit = cls(
            scope,
            Sats(table.integer("sats", 0, MAX_MONEY)) if "sats" in table else None,
            table.integer("count", 0, MAX_COUNT) if "count" in table else None,
            table.integer("window_hours", 1, MAX_WINDOW_HOURS),
        )
        if limit.sats is None and limit.count is None:
            raise table.wrong("sats", "or count must be given")
        table.end()
        return limit

    def questions(self, payment: Payment) -> Iterator[UsageQuestion]:
        """What each subject of this payment used within the window."""
        since = payment.now - timedelta(hours=self.window_hours)
        for subject, _ in self._charges(payment):
            yield UsageQuestion(self.scope, subject, since)

    def objections(self, payment: Payment, history: History) -> Iterator[Reason]:
        """Object for each subject that this payment would carry over a bound."""
        for question, (subject, asked) in zip(self.questions(payment), self._charges(payment), strict=True):
            used = history.used(question)
            if used is None:
                yield HistoryMissing("velocity_limit", question)
                continue
            if self.sats is not None and used.sats + asked > self.sats:
                yield VelocitySats(self.scope, subject, used.sats, asked, self.sats, self.window_hours)
            if self.count is not None and used.count + 1 > self.count:
                yield VelocityCount(self.scope, subject, used.count, self.count, self.window_hours)

    def _charges(self, payment: Payment) -> tuple[tuple[str, Sats], ...]:
        """Whom this payment is charged to, and how much."""
        match self.scope:
            case Scope.WALLET:
                return ((payment.request.wallet.hex(), payment.cost),)
            case Scope.REQUESTER:
                return ((payment.request.requester, payment.cost),)
            case Scope.DESTINATION:
                return tuple((script.hex(), received) for script, received in payment.received)

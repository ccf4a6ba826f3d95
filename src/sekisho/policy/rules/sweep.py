"""`sweep`: a payment does not empty the wallet."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from sekisho.bitcoin.sats import Sats
from sekisho.policy.document import Table
from sekisho.policy.history import History, HistoryMissing, HoldingsQuestion, Question
from sekisho.policy.payment import Payment
from sekisho.verdicts import Reason


@dataclass(frozen=True, slots=True)
class SweepsValue(Reason):
    """Too large a share of the wallet's value leaves at once."""

    code: ClassVar[str] = "sweeps-value"
    cost: Sats
    holdings: Sats
    limit: Decimal

    def __str__(self) -> str:
        return f"{self.cost:,} of the wallet's {self.holdings:,} sats leave at once, over {self.limit} %"


@dataclass(frozen=True, slots=True)
class SweepsCoins(Reason):
    """Too large a share of the wallet's coins is spent at once."""

    code: ClassVar[str] = "sweeps-coins"
    spent: int
    held: int
    limit: Decimal

    def __str__(self) -> str:
        return f"{self.spent} of the wallet's {self.held} coins are spent at once, over {self.limit} %"


@dataclass(frozen=True, slots=True)
class NoChange(Reason):
    """Nothing comes back to the wallet."""

    code: ClassVar[str] = "no-change"
    spent: int

    def __str__(self) -> str:
        return f"the payment spends {self.spent} coins whole and leaves no change"


@dataclass(frozen=True, slots=True)
class Sweep:
    """Shares of the wallet that may leave at once, in percent of what it is known to hold, and whether change must."""

    max_value_percent: Decimal | None
    max_coins_percent: Decimal | None
    leave_change: bool

    @classmethod
    def read(cls, table: Table) -> "Sweep":
        """Read `[sweep]`. Raises MalformedPolicy."""
        sweep = cls(
            table.decimal("max_value_percent", 100) if "max_value_percent" in table else None,
            table.decimal("max_coins_percent", 100) if "max_coins_percent" in table else None,
            table.boolean("leave_change"),
        )
        if sweep == cls(None, None, leave_change=False):
            raise table.wrong("max_value_percent", "or max_coins_percent or leave_change = true must be given")
        table.end()
        return sweep

    def questions(self, payment: Payment) -> Iterator[Question]:
        """What the wallet holds, when a share of it is limited."""
        if self.max_value_percent is not None or self.max_coins_percent is not None:
            yield HoldingsQuestion(payment.request.wallet.hex())

    def objections(self, payment: Payment, history: History) -> Iterator[Reason]:
        """Object to each share that is exceeded, and to change that is missing. Limits are inclusive."""
        for question in self.questions(payment):
            yield from self._shares(payment, question, history)
        if self.leave_change and not any(own.sats > 0 for own in payment.change):
            yield NoChange(len(payment.inputs))

    def _shares(self, payment: Payment, question: Question, history: History) -> Iterator[Reason]:
        assert isinstance(question, HoldingsQuestion)
        holdings = history.held(question)
        if holdings is None:
            yield HistoryMissing("sweep", question)
            return
        value, coins = self.max_value_percent, self.max_coins_percent
        if value is not None and payment.cost * 100 > Fraction(value) * holdings.total:
            yield SweepsValue(payment.cost, holdings.total, value)
        # One coin is the least that any payment spends: the last coin of a wallet must not be locked in for ever.
        spent, held = len(payment.inputs), holdings.coins
        if coins is not None and spent > 1 and spent * 100 > Fraction(coins) * held:
            yield SweepsCoins(spent, held, coins)

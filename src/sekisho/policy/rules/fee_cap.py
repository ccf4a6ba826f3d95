"""`fee_cap`: the fee stays within every bound that is given."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from sekisho.bitcoin.sats import MAX_MONEY, Sats
from sekisho.policy.document import Table
from sekisho.policy.history import History, Question
from sekisho.policy.payment import Payment
from sekisho.verdicts import Reason


@dataclass(frozen=True, slots=True)
class FeeOverSats(Reason):
    """The fee is over the absolute bound."""

    code: ClassVar[str] = "fee-over-sats"
    fee: Sats
    limit: Sats

    def __str__(self) -> str:
        return f"the fee of {self.fee:,} sats is over {self.limit:,} sats"


@dataclass(frozen=True, slots=True)
class FeeOverPercent(Reason):
    """The fee is too large beside what the payees receive."""

    code: ClassVar[str] = "fee-over-percent"
    fee: Sats
    leaving: Sats
    limit: Decimal

    def __str__(self) -> str:
        return f"the fee of {self.fee:,} sats is over {self.limit} % of the {self.leaving:,} sats paid"


@dataclass(frozen=True, slots=True)
class FeeOverRate(Reason):
    """The fee is too large for the transaction's size."""

    code: ClassVar[str] = "fee-over-rate"
    fee: Sats
    vsize: int
    limit: Decimal

    def __str__(self) -> str:
        return f"the fee of {self.fee:,} sats for {self.vsize:,} vB is over {self.limit} sat/vB"


@dataclass(frozen=True, slots=True)
class FeeCap:
    """Bounds on the fee: satoshis, percent of what the payees receive, sat/vB. All that are given must hold."""

    sats: Sats | None
    percent: Decimal | None
    sat_per_vb: Decimal | None

    @classmethod
    def read(cls, table: Table) -> "FeeCap":
        """Read `[fee_cap]`. Raises MalformedPolicy."""
        cap = cls(
            Sats(table.integer("sats", 0, MAX_MONEY)) if "sats" in table else None,
            table.decimal("percent", 100) if "percent" in table else None,
            table.decimal("sat_per_vb", 1_000_000) if "sat_per_vb" in table else None,
        )
        if cap == cls(None, None, None):
            raise table.wrong("sats", "or percent or sat_per_vb must be given")
        table.end()
        return cap

    def questions(self, payment: Payment) -> Iterator[Question]:  # noqa: ARG002 - the rule's protocol
        """A fee needs no history."""
        return iter(())

    def objections(self, payment: Payment, history: History) -> Iterator[Reason]:  # noqa: ARG002 - the rule's protocol
        """Object once for each bound that is broken. Every bound is inclusive, and compared exactly."""
        if self.sats is not None and payment.fee > self.sats:
            yield FeeOverSats(payment.fee, self.sats)
        if self.percent is not None and payment.fee * 100 > Fraction(self.percent) * payment.leaving:
            yield FeeOverPercent(payment.fee, payment.leaving, self.percent)
        if self.sat_per_vb is not None and payment.fee > Fraction(self.sat_per_vb) * payment.vsize:
            yield FeeOverRate(payment.fee, payment.vsize, self.sat_per_vb)

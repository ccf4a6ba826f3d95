"""`amount_tier`: the more leaves, the more people must agree; above the highest tier, nothing leaves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from sekisho.approvals.quorum import Attribute, Quorum
from sekisho.bitcoin.sats import MAX_MONEY, Sats
from sekisho.policy.document import MalformedPolicy, Table
from sekisho.policy.history import History, Question
from sekisho.policy.payment import Payment
from sekisho.verdicts import Reason


@dataclass(frozen=True, slots=True)
class OverTopTier(Reason):
    """More leaves than any quorum may release at once."""

    code: ClassVar[str] = "over-top-tier"
    cost: Sats
    top: Sats

    def __str__(self) -> str:
        return f"{self.cost:,} sats leave, fee included; the highest tier ends at {self.top:,}"


@dataclass(frozen=True, slots=True)
class AmountTier:
    """Up to `up_to` satoshis, inclusive, fee included, this quorum may release."""

    up_to: Sats
    quorum: Quorum

    @classmethod
    def read(cls, table: Table) -> "AmountTier":
        """Read one `[[amount_tier]]`. Raises MalformedPolicy."""
        up_to = Sats(table.integer("up_to_sats", 1, MAX_MONEY))
        group = table.names("approvers")
        threshold = table.integer("threshold", 1, len(group))
        distinct = table.table("distinct")
        demands: list[tuple[Attribute, int]] = []
        if distinct is not None:
            # More kinds than signatures would be another threshold in disguise.
            demands = [(each, distinct.integer(each, 1, threshold)) for each in Attribute if each in distinct]
            distinct.end()
        table.end()
        return cls(up_to, Quorum(threshold, frozenset(group), tuple(demands)))


@dataclass(frozen=True, slots=True)
class AmountTiers:
    """One tier or more, from the lowest bound to the highest; the first one that an amount fits into decides."""

    tiers: tuple[AmountTier, ...]

    @classmethod
    def read(cls, tables: Iterable[Table]) -> "AmountTiers | None":
        """Read every `[[amount_tier]]`; None when there is none. Raises MalformedPolicy."""
        tiers = tuple(AmountTier.read(table) for table in tables)
        if not tiers:
            return None
        if any(low.up_to >= high.up_to for low, high in pairwise(tiers)):
            raise MalformedPolicy("amount_tier: each up_to_sats must be higher than the one before")
        return cls(tiers)

    def quorum(self, payment: Payment) -> Quorum | None:
        """The quorum that may release a payment of this cost; None where there is none."""
        return next((tier.quorum for tier in self.tiers if payment.cost <= tier.up_to), None)

    def questions(self, payment: Payment) -> Iterator[Question]:  # noqa: ARG002 - the rule's protocol
        """An amount needs no history."""
        return iter(())

    def objections(self, payment: Payment, history: History) -> Iterator[Reason]:  # noqa: ARG002 - the rule's protocol
        """Object to a payment above the highest tier. Whether the quorum is met is for `approvals` to count."""
        if self.quorum(payment) is None:
            yield OverTopTier(payment.cost, self.tiers[-1].up_to)

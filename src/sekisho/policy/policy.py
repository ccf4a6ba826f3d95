"""What may leave, when and how fast: a TOML file, named by its hash, that a quorum signed.

Deny by default: a policy that says nothing, names no payees or asks for no approvals refuses every payment. Every rule
given must agree; all objections come at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import ClassVar, Protocol

from sekisho.approvals.quorum import Quorum
from sekisho.bitcoin.network import Network
from sekisho.evidence.quorum import (
    MAX_QUORUM_BYTES,
    MalformedWitnessPolicy,
    WitnessPolicy,
    parse_witness_policy,
)
from sekisho.policy.document import MalformedPolicy, Table, read_document
from sekisho.policy.history import History, Question
from sekisho.policy.payment import Payment
from sekisho.policy.rules.allow_list import AllowList
from sekisho.policy.rules.amount_tier import AmountTiers
from sekisho.policy.rules.fee_cap import FeeCap
from sekisho.policy.rules.look_alike import LookAlike
from sekisho.policy.rules.sweep import Sweep
from sekisho.policy.rules.velocity_limit import VelocityLimit
from sekisho.requests.canonical import digest
from sekisho.verdicts import Reason

__all__ = ["MalformedPolicy", "Policy", "Rule", "parse_policy"]

POLICY_TYPE = "sekisho/policy/v1"

DEFAULT_REQUEST_HOURS = 24
MAX_REQUEST_HOURS = 8_784
"""A leap year."""


@dataclass(frozen=True, slots=True)
class NoRules(Reason):
    """The policy says nothing, which means no."""

    code: ClassVar[str] = "no-rules"

    def __str__(self) -> str:
        return "the policy has no rules, so nothing may leave"


@dataclass(frozen=True, slots=True)
class NoAllowList(Reason):
    """The policy does not say who may be paid."""

    code: ClassVar[str] = "no-allow-list"

    def __str__(self) -> str:
        return "the policy has no allow_list, so nobody may be paid"


@dataclass(frozen=True, slots=True)
class NoTier(Reason):
    """The policy does not say who must approve."""

    code: ClassVar[str] = "no-tier"

    def __str__(self) -> str:
        return "the policy has no amount_tier, so no quorum can release anything"


@dataclass(frozen=True, slots=True)
class PaysNobody(Reason):
    """Nothing leaves but the fee: there is no payee for a rule to judge."""

    code: ClassVar[str] = "pays-nobody"

    def __str__(self) -> str:
        return "the transaction pays nobody"


@dataclass(frozen=True, slots=True)
class WrongPolicyNetwork(Reason):
    """The request is for another network than the policy."""

    code: ClassVar[str] = "wrong-policy-network"
    request: Network
    policy: Network

    def __str__(self) -> str:
        return f"the request is for {self.request}, the policy for {self.policy}"


@dataclass(frozen=True, slots=True)
class TooLongLived(Reason):
    """The request could be acted on for longer than the policy allows."""

    code: ClassVar[str] = "too-long-lived"
    lifetime: timedelta
    limit: timedelta

    def __str__(self) -> str:
        return f"the request would live for {self.lifetime}, longer than {self.limit}"


class Rule(Protocol):
    """One rule of a policy. It asks, then judges, and knows nothing but its own terms and its arguments."""

    def questions(self, payment: Payment) -> Iterator[Question]:
        """What the rule must know of the past to judge this payment."""
        ...

    def objections(self, payment: Payment, history: History) -> Iterator[Reason]:
        """Why the payment may not leave. A question without an answer is an objection."""
        ...


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as a quorum signed it."""

    version: int
    digest: bytes
    """SHA-256 of the type, a zero byte and the file's exact bytes: the policy's name everywhere."""
    network: Network
    max_lifetime: timedelta
    allow_list: AllowList | None
    amount_tiers: AmountTiers | None
    limits: tuple[Rule, ...]
    witnesses: WitnessPolicy | None = None
    """Who must have cosigned the log before a signature exists; None where nobody must."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule there is."""
        first: tuple[Rule | None, ...] = (self.allow_list, self.amount_tiers)
        return (*(rule for rule in first if rule is not None), *self.limits)

    def quorum(self, payment: Payment) -> Quorum | None:
        """Who must approve this payment; None when nobody can."""
        return self.amount_tiers.quorum(payment) if self.amount_tiers else None

    def questions(self, payment: Payment) -> tuple[Question, ...]:
        """Everything the rules must know of the past, each question once."""
        return tuple(dict.fromkeys(question for rule in self.rules for question in rule.questions(payment)))

    def objections(self, payment: Payment, history: History) -> tuple[Reason, ...]:
        """Every reason why this payment may not leave; none, and it may."""
        return (
            *self._general(payment),
            *(reason for rule in self.rules for reason in rule.objections(payment, history)),
        )

    def _general(self, payment: Payment) -> Iterator[Reason]:
        request = payment.request
        if not self.rules:
            yield NoRules()
        if self.allow_list is None:
            yield NoAllowList()
        if self.amount_tiers is None:
            yield NoTier()
        if not payment.payees:
            yield PaysNobody()
        if request.network is not self.network:
            yield WrongPolicyNetwork(request.network, self.network)
        if request.lifetime > self.max_lifetime:
            yield TooLongLived(request.lifetime, self.max_lifetime)


@lru_cache(maxsize=8)
def parse_policy(raw: bytes) -> Policy:
    """Read a policy file. Raises MalformedPolicy, and nothing else, whatever the bytes.

    Cached, because the same policy judges every payment until it is replaced.
    """
    document = read_document(raw)
    if document.text("type", 100) != POLICY_TYPE:
        raise MalformedPolicy("of another type or version")
    try:
        network = Network(document.text("network", 20))
    except ValueError as why:
        raise MalformedPolicy("network is none of " + ", ".join(Network)) from why
    version = document.integer("version", 1, 1_000_000_000)
    hours = document.integer("max_request_hours", 1, MAX_REQUEST_HOURS, DEFAULT_REQUEST_HOURS)
    listed = document.table("allow_list")
    allow_list = AllowList.read(listed, network) if listed is not None else None
    tiers = AmountTiers.read(document.tables("amount_tier"))
    limits = tuple(_limits(document, allow_list or AllowList(network, anyone=False, scripts=(), descriptors=())))
    witnesses = _witnesses(document.table("witnesses"))
    document.end()
    named = digest(POLICY_TYPE, raw)
    return Policy(version, named, network, timedelta(hours=hours), allow_list, tiers, limits, witnesses)


def _witnesses(table: Table | None) -> WitnessPolicy | None:
    """`[witnesses]`: a C2SP tlog-policy whose witnesses can be asked, and whose quorum asks for some."""
    if table is None:
        return None
    try:
        witnesses = parse_witness_policy(table.lines("tlog_policy", MAX_QUORUM_BYTES))
    except MalformedWitnessPolicy as why:
        raise table.wrong("tlog_policy", str(why)) from why
    table.end()
    if witnesses.asks_for_none or witnesses.logs or any(each.url is None for each in witnesses.witnesses):
        raise table.wrong("tlog_policy", "must name witnesses with their URLs, a quorum of them, and no logs")
    return witnesses


def _limits(document: Table, allow_list: AllowList) -> Iterable[Rule]:
    for table in document.tables("velocity_limit"):
        yield VelocityLimit.read(table)
    fee_cap, look_alike, sweep = document.table("fee_cap"), document.table("look_alike"), document.table("sweep")
    if fee_cap is not None:
        yield FeeCap.read(fee_cap)
    if look_alike is not None:
        yield LookAlike.read(look_alike, allow_list)
    if sweep is not None:
        yield Sweep.read(sweep)

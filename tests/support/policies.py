"""Policies and payments for tests: complete ones, which a test then spoils in one place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, TxOutput
from sekisho.policy.history import (
    History,
    Holdings,
    HoldingsQuestion,
    LookAlikeQuestion,
    Question,
    Usage,
    UsageQuestion,
)
from sekisho.policy.payment import Payment
from sekisho.policy.policy import Policy, parse_policy
from sekisho.requests.request import Payee, PaymentRequest

NOW = datetime(2024, 5, 31, 4, 12, tzinfo=UTC)
WALLET = bytes(range(32))


def example_policy(
    allowed: Iterable[tuple[str, str]] = (),
    approvers: Iterable[str] = ("ana", "bo", "chi"),
    network: Network = Network.REGTEST,
    *,
    version: int = 1,
    limits: str = "",
) -> bytes:
    """A policy file that lets any two of `approvers` release up to 10 BTC to the named addresses.

    `limits` is appended as it stands: more tiers and rules.
    """
    listed = "".join(f'  {{ name = "{name}", address = "{address}" }},\n' for name, address in allowed)
    people = ", ".join(f'"{person}"' for person in approvers)
    return f"""\
type = "sekisho/policy/v1"
version = {version}
network = "{network}"

[allow_list]
entries = [
{listed}]

[[amount_tier]]
up_to_sats = 1_000_000_000
threshold = 2
approvers = [{people}]

{limits}""".encode()


FULL = """
[[amount_tier]]
up_to_sats = 10_000_000_000
threshold = 3
approvers = ["ana", "bo", "chi"]
distinct = { organisation = 2, maker = 2 }

[[velocity_limit]]
per = "wallet"
sats = 20_000_000_000
count = 100
window_hours = 24

[[velocity_limit]]
per = "destination"
sats = 5_000_000_000
window_hours = 168

[fee_cap]
sats = 1_000_000
percent = 2.5
sat_per_vb = 200

[look_alike]

[sweep]
max_value_percent = 50
max_coins_percent = 50
leave_change = true
"""
"""One of every rule, to be appended to `example_policy`."""


def policy_of(limits: str = "", allow_list: str = "anyone = true", network: Network = Network.REGTEST) -> Policy:
    """A policy with one tier up to 10,000 BTC, the given allow-list, and the given further rules."""
    text = f"""\
type = "sekisho/policy/v1"
version = 1
network = "{network}"
allow_list = {{ {allow_list} }}

[[amount_tier]]
up_to_sats = 1_000_000_000_000
threshold = 1
approvers = ["ana"]

{limits}"""
    return parse_policy(text.encode())


def p2wpkh(number: int) -> Script:
    """The script of some P2WPKH address, another one for each number."""
    return Script(b"\x00\x14" + sha256(number.to_bytes(8, "big")).digest()[:20])


def coins(*amounts: int) -> tuple[Coin, ...]:
    """Coins of these amounts."""
    return tuple(
        Coin(OutPoint(Txid(bytes(31) + b"\x01"), vout), Sats(amount), p2wpkh(0)) for vout, amount in enumerate(amounts)
    )


@dataclass(frozen=True)
class Facts:
    """What a test says of a payment; everything else is ordinary."""

    pays: tuple[tuple[Script, int], ...] = ((p2wpkh(1), 100_000_000),)
    fee: int = 1_000
    spends: tuple[int, ...] = (300_000_000,)
    change: int | None = None
    """By default what is left over; 0 for none."""
    vsize: int = 200
    network: Network = Network.REGTEST
    requester: str = "rie"
    lifetime: timedelta = field(default=timedelta(hours=2))
    now: datetime = NOW


def payment(facts: Facts = Facts()) -> Payment:
    """The payment of these facts, with a request that asks for exactly it."""
    change = sum(facts.spends) - sum(amount for _, amount in facts.pays) - facts.fee
    change = change if facts.change is None else facts.change
    payees = tuple(
        Payee(show_address(script, facts.network) or script.hex(), script, Sats(amount))
        for script, amount in facts.pays
    )
    request = PaymentRequest(
        id="R-1",
        requester=facts.requester,
        network=facts.network,
        wallet=WALLET,
        payees=payees,
        fee_max=Sats(facts.fee),
        created=facts.now,
        expires=facts.now + facts.lifetime,
        nonce=bytes(16),
        purpose="test",
    )
    return Payment(
        request=request,
        payees=tuple(TxOutput(Sats(amount), script) for script, amount in facts.pays),
        fee=Sats(facts.fee),
        vsize=facts.vsize,
        inputs=coins(*facts.spends),
        change=(TxOutput(Sats(change), p2wpkh(0)),) if change else (),
        now=facts.now,
    )


@dataclass(frozen=True)
class Past:
    """A past to answer questions from: the same usage for every subject."""

    used: int = 0
    count: int = 0
    paid: tuple[str, ...] = ()
    held: tuple[int, ...] = (100_000_000_000,) * 10

    def answers(self, questions: Iterable[Question]) -> History:
        """Every question answered."""
        usage: list[tuple[UsageQuestion, Usage]] = []
        look_alikes: list[tuple[LookAlikeQuestion, tuple[str, ...]]] = []
        holdings: list[tuple[HoldingsQuestion, Holdings]] = []
        for question in questions:
            match question:
                case UsageQuestion():
                    usage.append((question, Usage(Sats(self.used), self.count)))
                case LookAlikeQuestion():
                    look_alikes.append((question, self.paid))
                case HoldingsQuestion():
                    holdings.append((question, Holdings(Sats(sum(self.held)), len(self.held))))
        return History(tuple(usage), tuple(look_alikes), tuple(holdings))


def codes(policy: Policy, facts: Facts = Facts(), past: Past = Past()) -> list[str]:
    """The codes of all objections to the payment of these facts, every question answered from `past`."""
    paid = payment(facts)
    return [reason.code for reason in policy.objections(paid, past.answers(policy.questions(paid)))]

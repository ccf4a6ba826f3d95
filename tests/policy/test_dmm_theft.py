"""31 May 2024: what a policy drawn from the habits of DMM Bitcoin's cold wallet says to the payment that emptied it.

Facts of transaction 975ec405…e4d7: eight coins of 500 BTC and one of 503, one output of 4,502.9 BTC, no change, a fee
of 0.1 BTC on 1,298 vB. The wallet had been funded with those nine coins and twenty of 10 BTC; it paid one hot wallet
some 10 BTC a day, and never more than 100 BTC at once.
"""

from datetime import UTC, datetime

import pytest

from sekisho.bitcoin.address import parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import COIN
from sekisho.policy.policy import parse_policy
from support.policies import Facts, Past, codes, payment

HABITS = parse_policy(b"""\
type = "sekisho/policy/v1"
version = 1
network = "main"

[allow_list]
entries = [
  { name = "hot wallet", address = "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P" },
  { name = "former cold wallet", address = "3Dhk8F6KYvMyqHN1r4kAT8t7SceK7yDjA4" },
]

[[amount_tier]]
up_to_sats = 1_100_000_000   # the daily 10 BTC, with room for a fee
threshold = 2
approvers = ["treasurer", "operator", "auditor"]

[[amount_tier]]
up_to_sats = 10_000_000_000  # 100 BTC: nothing larger had ever left
threshold = 3
approvers = ["treasurer", "operator", "auditor"]
distinct = { maker = 2, site = 2 }

[[velocity_limit]]
per = "wallet"
sats = 10_000_000_000
count = 5
window_hours = 24

[fee_cap]
sats = 1_000_000
percent = 1
sat_per_vb = 200             # the day's median was 41, its 90th percentile 61

[look_alike]

[sweep]
max_value_percent = 10
max_coins_percent = 20
leave_change = true
""")

NOON = datetime(2024, 5, 31, 4, 12, tzinfo=UTC)
HOT_WALLET = parse_address("1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P", Network.MAIN)
THIEF = parse_address("1B6rJRfjTXwEy36SCs5zofGMmdv2kdZw7P", Network.MAIN)
HELD = (10 * COIN,) * 20 + (500 * COIN,) * 8 + (503 * COIN,)
PAST = Past(used=0, count=0, paid=("1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P",), held=HELD)

THEFT = Facts(
    pays=((THIEF, 450_290_000_000),),
    fee=10_000_000,
    spends=(500 * COIN,) * 8 + (503 * COIN,),
    vsize=1_298,
    network=Network.MAIN,
    now=NOON,
)
DAILY = Facts(
    pays=((HOT_WALLET, 10 * COIN),),
    fee=20_000,
    spends=(10 * COIN, 10 * COIN),
    vsize=400,
    network=Network.MAIN,
    now=NOON,
)


def test_the_theft_is_refused_for_everything_that_was_wrong_with_it() -> None:
    assert codes(HABITS, THEFT, PAST) == [
        "payee-not-listed",
        "over-top-tier",
        "velocity-sats",
        "fee-over-sats",
        "fee-over-rate",
        "look-alike",
        "sweeps-value",
        "sweeps-coins",
        "no-change",
    ]


def test_the_payee_it_resembled_is_named() -> None:
    paid = payment(THEFT)
    reasons = HABITS.objections(paid, PAST.answers(HABITS.questions(paid)))
    (likeness,) = (reason for reason in reasons if reason.code == "look-alike")
    assert likeness.facts()["known"] == "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P"
    assert likeness.facts()["name"] == "hot wallet"


def test_no_quorum_could_have_released_it() -> None:
    assert HABITS.quorum(payment(THEFT)) is None


def test_what_the_wallet_did_every_day_is_allowed() -> None:
    assert codes(HABITS, DAILY, PAST) == []
    quorum = HABITS.quorum(payment(DAILY))
    assert quorum is not None
    assert quorum.threshold == 2


@pytest.mark.parametrize("slice_sats", [10 * COIN, 3 * COIN, COIN])
def test_draining_it_in_slices_ends_at_the_days_limit(slice_sats: int) -> None:
    gone = payments = 0
    for _ in range(451):
        piece = Facts(((HOT_WALLET, slice_sats),), 20_000, (500 * COIN,), None, 400, Network.MAIN, now=NOON)
        if not codes(HABITS, piece, Past(used=gone, count=payments, held=HELD)):
            gone, payments = gone + slice_sats + 20_000, payments + 1
    assert payments == 5
    assert gone <= 100 * COIN

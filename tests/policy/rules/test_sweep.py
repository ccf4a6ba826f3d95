from dataclasses import replace

import pytest

from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import TxOutput
from sekisho.policy.history import History, HoldingsQuestion
from sekisho.policy.policy import MalformedPolicy
from support.policies import NOW, WALLET, Facts, Past, codes, p2wpkh, payment, policy_of

PAYEE = p2wpkh(1)


def spending(*coins: int, pays: int, fee: int = 0, change: int | None = None) -> Facts:
    return Facts(pays=((PAYEE, pays),), fee=fee, spends=coins, change=change)


SHARES = {  # a claim: the rule, the payment, the wallet's coins, the objections
    "half of the value may leave when half is allowed": (
        "max_value_percent = 50",
        spending(100, pays=50),
        (50, 50),
        [],
    ),
    "half of the value and a satoshi may not": (
        "max_value_percent = 50",
        spending(100, pays=51),
        (50, 50),
        ["sweeps-value"],
    ),
    "the fee leaves too": ("max_value_percent = 50", spending(100, pays=50, fee=1), (50, 50), ["sweeps-value"]),
    "own change does not leave": ("max_value_percent = 50", spending(100, pays=50, change=50), (50, 50), []),
    "half of the coins may be spent when half is allowed": (
        "max_coins_percent = 50",
        spending(1, 1, pays=1),
        (1, 1, 90, 90),
        [],
    ),
    "more than half of the coins may not": (
        "max_coins_percent = 50",
        spending(1, 1, 1, pays=1),
        (1, 1, 1, 90),
        ["sweeps-coins"],
    ),
    "the only coin of a wallet may be spent": ("max_coins_percent = 50", spending(90, pays=1), (90,), []),
    "two coins, all there are, may not": ("max_coins_percent = 50", spending(9, 9, pays=1), (9, 9), ["sweeps-coins"]),
    "a payment without change is refused where change must be left": (
        "leave_change = true",
        spending(100, pays=90, fee=10),
        (),
        ["no-change"],
    ),
    "change that is left satisfies": ("leave_change = true", spending(100, pays=90, fee=9), (), []),
    "a wallet known to hold nothing is swept by any payment": (
        "max_value_percent = 100\nmax_coins_percent = 100",
        spending(1, 1, pays=2),
        (),
        ["sweeps-value", "sweeps-coins"],
    ),
}


@pytest.mark.parametrize(("rule", "facts", "held", "expected"), SHARES.values(), ids=SHARES.keys())
def test_no_more_than_a_share_leaves(rule: str, facts: Facts, held: tuple[int, ...], expected: list[str]) -> None:
    assert codes(policy_of(f"[sweep]\n{rule}"), facts, Past(held=held)) == expected


def test_it_asks_what_the_wallet_holds_only_when_a_share_is_limited() -> None:
    with_share = policy_of("[sweep]\nmax_value_percent = 50")
    assert with_share.questions(payment()) == (HoldingsQuestion(WALLET.hex()),)
    assert policy_of("[sweep]\nleave_change = true").questions(payment(Facts(now=NOW))) == ()


def test_a_change_output_of_nothing_is_no_change() -> None:
    paid = replace(payment(), change=(TxOutput(Sats(0), p2wpkh(0)),))
    policy = policy_of("[sweep]\nleave_change = true")
    assert [reason.code for reason in policy.objections(paid, History())] == ["no-change"]


def test_a_share_of_an_unknown_wallet_is_refused() -> None:
    policy = policy_of("[sweep]\nmax_coins_percent = 100")
    assert [reason.code for reason in policy.objections(payment(), History())] == ["history-missing"]


WRONG = ["", "leave_change = false", "leave_change = 1", "max_value_percent = 0", "max_value_percent = 101",
         "max_coins_percent = true", "leave_change = true\nmax_value = 50"]  # fmt: skip


@pytest.mark.parametrize("rule", WRONG)
def test_a_share_that_limits_nothing_or_is_misspelt_is_malformed(rule: str) -> None:
    with pytest.raises(MalformedPolicy):
        policy_of(f"[sweep]\n{rule}")

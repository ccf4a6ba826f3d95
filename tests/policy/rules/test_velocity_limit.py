from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.sats import Sats
from sekisho.policy.history import History, Scope, Usage, UsageQuestion
from sekisho.policy.policy import MalformedPolicy, Policy
from support.policies import NOW, WALLET, Facts, Past, codes, p2wpkh, payment, policy_of

PAYEE, OTHER = p2wpkh(1), p2wpkh(2)


def limit(per: str, bounds: str, hours: int = 24) -> Policy:
    return policy_of(f'[[velocity_limit]]\nper = "{per}"\nwindow_hours = {hours}\n{bounds}')


PAID = Facts(pays=((PAYEE, 1_000),), fee=10, spends=(10_000,))

LIMITS = {  # a claim: the limit, what was used before, the payment, the objections
    "exactly the limit may go out, fee included": ("wallet", "sats = 2_010", (1_000, 1), PAID, []),
    "one satoshi more may not": ("wallet", "sats = 2_009", (1_000, 1), PAID, ["velocity-sats"]),
    "own change costs nothing": ("wallet", "sats = 1_010", (0, 0), PAID, []),
    "what a requester asks for is counted with its fee": ("requester", "sats = 1_009", (0, 0), PAID, ["velocity-sats"]),
    "a destination is charged what it receives, not the fee": ("destination", "sats = 1_000", (0, 0), PAID, []),
    "the last payment of a count may go out": ("wallet", "count = 2", (0, 1), PAID, []),
    "the one after it may not": ("wallet", "count = 2", (0, 2), PAID, ["velocity-count"]),
    "a count of zero lets nothing out": ("requester", "count = 0", (0, 0), PAID, ["velocity-count"]),
    "a limit of zero sats lets nothing out": ("wallet", "sats = 0", (0, 0), PAID, ["velocity-sats"]),
    "both bounds can be broken": ("wallet", "sats = 1\ncount = 1", (0, 1), PAID, ["velocity-sats", "velocity-count"]),
    "outputs to one destination are added up": (
        "destination",
        "sats = 1_999",
        (0, 0),
        Facts(pays=((PAYEE, 1_000), (PAYEE, 1_000)), spends=(10_000,)),
        ["velocity-sats"],
    ),
    "each destination has its own limit": (
        "destination",
        "sats = 1_000",
        (0, 0),
        Facts(pays=((PAYEE, 1_000), (OTHER, 1_000)), spends=(10_000,)),
        [],
    ),
    "a batch to one destination counts as one payment": (
        "destination",
        "count = 1",
        (0, 0),
        Facts(pays=((PAYEE, 1_000), (PAYEE, 1_000)), spends=(10_000,)),
        [],
    ),
}


@pytest.mark.parametrize(("per", "bounds", "used", "facts", "expected"), LIMITS.values(), ids=LIMITS.keys())
def test_no_more_than_the_limit_goes_out(
    per: str, bounds: str, used: tuple[int, int], facts: Facts, expected: list[str]
) -> None:
    assert codes(limit(per, bounds), facts, Past(used=used[0], count=used[1])) == expected


def test_each_limit_asks_for_its_own_window_and_judges_on_no_other() -> None:
    """A monthly sum over weekly counters was another signer's bug: the month's limit never filled."""
    day, month = NOW - timedelta(hours=24), NOW - timedelta(hours=720)
    policy = policy_of("".join(
        f'[[velocity_limit]]\nper = "wallet"\nwindow_hours = {hours}\nsats = {sats}\n'
        for hours, sats in ((24, 5_000), (720, 20_000))
    ))  # fmt: skip
    daily, monthly = (UsageQuestion(Scope.WALLET, WALLET.hex(), since) for since in (day, month))
    paid = payment(PAID)
    assert policy.questions(paid) == (daily, monthly)
    history = History(usage=((daily, Usage(Sats(0), 0)), (monthly, Usage(Sats(19_500), 30))))
    (reason,) = policy.objections(paid, history)
    assert reason.facts()["window_hours"] == 720
    only_the_day = History(usage=((daily, Usage(Sats(0), 0)),))
    assert [each.code for each in policy.objections(paid, only_the_day)] == ["history-missing"]


def test_subjects_are_the_wallet_the_requester_and_each_script() -> None:
    facts = Facts(pays=((PAYEE, 1), (OTHER, 1), (PAYEE, 1)), requester="rie")
    asked = {
        per: [question.subject for question in limit(per, "count = 1").questions(payment(facts))
              if isinstance(question, UsageQuestion)]
        for per in Scope
    }  # fmt: skip
    assert asked == {
        Scope.WALLET: [WALLET.hex()],
        Scope.REQUESTER: ["rie"],
        Scope.DESTINATION: [PAYEE.hex(), OTHER.hex()],
    }


@given(slices=st.lists(st.integers(1, 1_000), min_size=1, max_size=60), fee=st.integers(0, 50))
def test_however_a_sum_is_sliced_no_more_than_the_limit_goes_out(slices: list[int], fee: int) -> None:
    policy, gone = limit("wallet", "sats = 5_000"), 0
    for part in slices:
        if not codes(policy, Facts(pays=((PAYEE, part),), fee=fee, spends=(10_000,)), Past(used=gone)):
            gone += part + fee
    assert gone <= 5_000
    assert gone == sum(slices) + fee * len(slices) or gone + 1_000 + fee > 5_000


WRONG = ['per = "wallet"\nwindow_hours = 24', 'per = "wallet"\nsats = 5', 'per = "Wallet"\nsats = 5\nwindow_hours = 1',
         'per = "wallet"\nsats = 5\nwindow_hours = 0', 'per = "wallet"\nsats = 5\nwindow_hours = 1.5',
         'per = "wallet"\nbtc = 5\nsats = 5\nwindow_hours = 1', 'per = "wallet"\nsats = 0.5\nwindow_hours = 1',
         'per = "wallet"\nsats = 5\nwindow = 24', 'per = "wallet"\ncount = true\nwindow_hours = 1',
         'per = ""\ncount = 1\nwindow_hours = 1', 'per = "wallet"\ncount = 1\nwindow_hours = 8785']  # fmt: skip


@pytest.mark.parametrize("rule", WRONG)
def test_a_limit_without_scope_bound_or_window_in_known_units_is_malformed(rule: str) -> None:
    with pytest.raises(MalformedPolicy):
        policy_of(f"[[velocity_limit]]\n{rule}")

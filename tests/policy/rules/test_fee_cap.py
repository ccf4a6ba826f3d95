import pytest

from sekisho.policy.policy import MalformedPolicy
from support.policies import Facts, codes, p2wpkh, policy_of

PAYEE = p2wpkh(1)

FEES = {  # a claim: the rule, what the payees receive, the fee, vsize, the objections
    "a fee at every bound passes": (
        "sats = 1000\npercent = 1\nsat_per_vb = 5",
        (100_000, 1_000, 200),
        [],
    ),
    "one satoshi over the absolute bound is refused": ("sats = 1000", (100_000, 1_001, 200), ["fee-over-sats"]),
    "one satoshi over the percentage is refused": ("percent = 1", (100_000, 1_001, 200), ["fee-over-percent"]),
    "one satoshi over the rate is refused": ("sat_per_vb = 5", (100_000, 1_001, 200), ["fee-over-rate"]),
    "a fee of half the payment is refused although the absolute bound holds": (
        "sats = 100_000\npercent = 5",
        (100_000, 50_000, 200),
        ["fee-over-percent"],
    ),
    "an absolute bound that is broken is not excused by a percentage that holds": (
        "sats = 1000\npercent = 5",
        (100_000_000, 1_001, 200),
        ["fee-over-sats"],
    ),
    "every broken bound is named": (
        "sats = 1000\npercent = 1\nsat_per_vb = 5",
        (100_000, 1_001, 200),
        ["fee-over-sats", "fee-over-percent", "fee-over-rate"],
    ),
    "a tenth of a percent is exact": ("percent = 0.1", (1_000_000, 1_000, 200), []),
    "a tenth of a percent and a satoshi is too much": ("percent = 0.1", (1_000_000, 1_001, 200), ["fee-over-percent"]),
    "a fee for a payment of nothing is over any percentage": ("percent = 100", (0, 1, 200), ["fee-over-percent"]),
    "a fee for no bytes is over any rate": ("sat_per_vb = 1000", (100_000, 1, 0), ["fee-over-rate"]),
}


@pytest.mark.parametrize(("rule", "payment", "expected"), FEES.values(), ids=FEES.keys())
def test_the_fee_is_held_to_every_bound(rule: str, payment: tuple[int, int, int], expected: list[str]) -> None:
    paid, fee, vsize = payment
    policy = policy_of(f"[fee_cap]\n{rule}")
    assert codes(policy, Facts(pays=((PAYEE, paid),), fee=fee, vsize=vsize)) == expected


def test_the_fee_bound_of_subzero_that_only_refused_when_both_were_broken_is_not_ours() -> None:
    """Its own test let a fee of 50 % pass, because the absolute bound held."""
    policy = policy_of("[fee_cap]\nsats = 10_000_000\npercent = 10")
    assert codes(policy, Facts(pays=((PAYEE, 1_000_000),), fee=500_000)) == ["fee-over-percent"]
    assert codes(policy, Facts(pays=((PAYEE, 200_000_000),), fee=10_000_001)) == ["fee-over-sats"]


WRONG = ["", "sats = 1.5", "sats = true", 'sats = "1000"', "sats = -1", "percent = 0", "percent = 100.1",
         "percent = nan", "percent = inf", "percent = 1e1", "sat_per_vb = true", "sat_per_vbyte = 5",
         "sats = 1\nsat_per_kb = 1"]  # fmt: skip


@pytest.mark.parametrize("rule", WRONG)
def test_a_bound_that_is_missing_misspelt_or_no_plain_number_is_malformed(rule: str) -> None:
    with pytest.raises(MalformedPolicy):
        policy_of(f"[fee_cap]\n{rule}")

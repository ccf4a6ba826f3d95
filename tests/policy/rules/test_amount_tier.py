import pytest

from sekisho.approvals.quorum import Attribute, Quorum
from sekisho.policy.history import History
from sekisho.policy.policy import MalformedPolicy, Policy, parse_policy
from support.policies import Facts, p2wpkh, payment

HEAD = """\
type = "sekisho/policy/v1"
version = 1
network = "regtest"
allow_list = { anyone = true }
"""
TIERS = """\
[[amount_tier]]
up_to_sats = 1_000
threshold = 1
approvers = ["ana", "bo"]

[[amount_tier]]
up_to_sats = 10_000
threshold = 2
approvers = ["ana", "bo", "chi"]

[amount_tier.distinct]
organisation = 2
maker = 2
site = 1
"""
LOW = Quorum(1, frozenset({"ana", "bo"}), ())
HIGH = Quorum(
    2,
    frozenset({"ana", "bo", "chi"}),
    ((Attribute.ORGANISATION, 2), (Attribute.MAKER, 2), (Attribute.SITE, 1)),
)


def tiers(text: str) -> Policy:
    return parse_policy((HEAD + text).encode())


COSTS = {  # a claim: what is paid, the fee, the quorum
    "the lowest amount falls into the lowest tier": (1, 0, LOW),
    "a tier's bound is inclusive": (990, 10, LOW),
    "the fee counts: one satoshi of it lifts a payment into the next tier": (1_000, 1, HIGH),
    "the highest tier ends at its bound": (10_000, 0, HIGH),
    "above the highest tier nobody can release": (10_000, 1, None),
}


@pytest.mark.parametrize(("paid", "fee", "quorum"), COSTS.values(), ids=COSTS.keys())
def test_the_amount_decides_who_must_approve(paid: int, fee: int, quorum: Quorum | None) -> None:
    policy = tiers(TIERS)
    leaving = payment(Facts(pays=((p2wpkh(1), paid),), fee=fee, spends=(1_000_000,)))
    assert policy.quorum(leaving) == quorum
    expected = [] if quorum else ["over-top-tier"]
    assert [reason.code for reason in policy.objections(leaving, History())] == expected


def test_change_is_not_judged_and_amounts_to_several_payees_are_added() -> None:
    policy = tiers(TIERS)
    assert policy.quorum(payment(Facts(pays=((p2wpkh(1), 500),), fee=0, spends=(9_000_000,)))) == LOW
    assert policy.quorum(payment(Facts(pays=((p2wpkh(1), 600), (p2wpkh(2), 600)), fee=0))) == HIGH


def test_a_policy_whose_list_of_tiers_is_empty_refuses_everything() -> None:
    policy = tiers("amount_tier = []")
    assert policy.quorum(payment()) is None
    assert [reason.code for reason in policy.objections(payment(), History())] == ["no-tier"]


WRONG = {
    "no approvers": ("threshold = 1", "approvers = []"),
    "a threshold of zero": ("threshold = 0", 'approvers = ["ana"]'),
    "a threshold of true": ("threshold = true", 'approvers = ["ana"]'),
    "a threshold that the group cannot reach": ("threshold = 2", 'approvers = ["ana"]'),
    "one approver named twice": ("threshold = 2", 'approvers = ["ana", "ana"]'),
    "an approver without a name": ("threshold = 1", 'approvers = ["ana", ""]'),
    "an approver that is a number": ("threshold = 1", "approvers = [1]"),
    "an unknown attribute": ("threshold = 1", 'approvers = ["ana"]\ndistinct = { country = 1 }'),
    "more organisations than signatures": ("threshold = 1", 'approvers = ["ana"]\ndistinct = { organisation = 2 }'),
    "no organisations at all": ("threshold = 1", 'approvers = ["ana"]\ndistinct = { organisation = 0 }'),
    "a misspelt key": ("treshold = 1\nthreshold = 1", 'approvers = ["ana"]'),
}


@pytest.mark.parametrize("lines", WRONG.values(), ids=WRONG.keys())
def test_a_tier_that_no_quorum_or_an_empty_one_could_meet_is_malformed(lines: tuple[str, str]) -> None:
    with pytest.raises(MalformedPolicy):
        tiers("[[amount_tier]]\nup_to_sats = 1\n" + "\n".join(lines))


@pytest.mark.parametrize("bound", ["", "up_to_sats = 0", "up_to_sats = 1.5", "up_to_btc = 1", 'up_to_sats = "1"'])
def test_every_tier_has_a_bound_in_satoshis(bound: str) -> None:
    with pytest.raises(MalformedPolicy):
        tiers(f'[[amount_tier]]\nthreshold = 1\napprovers = ["ana"]\n{bound}')


@pytest.mark.parametrize("bounds", [(5, 5), (6, 5), (1, 3, 2)])
def test_tiers_out_of_order_are_malformed(bounds: tuple[int, ...]) -> None:
    entries = (f'[[amount_tier]]\nup_to_sats = {bound}\nthreshold = 1\napprovers = ["ana"]\n' for bound in bounds)
    with pytest.raises(MalformedPolicy):
        tiers("".join(entries))

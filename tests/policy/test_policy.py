from datetime import timedelta
from hashlib import sha256

import pytest

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.policy.document import MAX_POLICY_BYTES
from sekisho.policy.history import History, HistoryMissing
from sekisho.policy.policy import MalformedPolicy, Policy, parse_policy
from support.policies import FULL, Facts, Past, codes, example_policy, p2wpkh, payment, policy_of

HEAD = 'type = "sekisho/policy/v1"\nversion = 1\nnetwork = "regtest"\n'
TIER = '[[amount_tier]]\nup_to_sats = 1_000_000_000\nthreshold = 1\napprovers = ["ana"]\n'
PAYEE = p2wpkh(1)


def address(script: Script) -> str:
    shown = show_address(script, Network.REGTEST)
    assert shown is not None
    return shown


def full() -> Policy:
    return parse_policy(example_policy([("customer bank", address(PAYEE))], limits=FULL))


EMPTY = {  # a claim: the policy's rules, every objection to an ordinary payment
    "a policy without rules refuses": ("", ["no-rules", "no-allow-list", "no-tier"]),
    "a policy without an allow-list refuses": (TIER, ["no-allow-list"]),
    "a policy without a tier refuses": ("allow_list = { anyone = true }\n", ["no-tier"]),
    "an allow-list of nobody refuses": ("allow_list = {}\n" + TIER, ["payee-not-listed"]),
    "an allow-list of nobody that says so refuses": (
        "allow_list = { anyone = false, entries = [] }\n" + TIER,
        ["payee-not-listed"],
    ),
    "a policy with limits alone refuses": ("[fee_cap]\nsats = 100_000\n", ["no-allow-list", "no-tier"]),
}


@pytest.mark.parametrize(("rules", "expected"), EMPTY.values(), ids=EMPTY.keys())
def test_empty_means_no(rules: str, expected: list[str]) -> None:
    assert codes(parse_policy((HEAD + rules).encode())) == expected


def test_an_ordinary_payment_passes_a_policy_with_one_of_every_rule() -> None:
    assert codes(full()) == []


def test_every_objection_comes_at_once() -> None:
    spoilt = Facts(
        pays=((p2wpkh(9), 20_000_000_000),),
        fee=30_000_000,
        spends=(10_015_000_000, 10_015_000_000),
        lifetime=timedelta(hours=25),
    )
    paid_before = address(p2wpkh(9))[:-6] + "qqqqqq"
    assert codes(full(), spoilt, Past(used=1, count=100, paid=(paid_before,), held=(10_015_000_000,) * 3)) == [
        "too-long-lived", "payee-not-listed", "over-top-tier", "velocity-sats", "velocity-count", "velocity-sats",
        "fee-over-sats", "fee-over-rate", "look-alike", "sweeps-value", "sweeps-coins", "no-change",
    ]  # fmt: skip


def test_a_transaction_that_pays_nobody_is_refused_though_no_payee_is_unlisted() -> None:
    assert codes(full(), Facts(pays=())) == ["pays-nobody", "fee-over-percent"]


def test_a_request_for_another_network_is_refused() -> None:
    assert codes(policy_of(), Facts(network=Network.MAIN)) == ["wrong-policy-network"]


def test_a_request_lives_a_day_unless_the_policy_says_otherwise() -> None:
    for line, most in (("", 24), ("max_request_hours = 2\n", 2)):
        policy = parse_policy((HEAD + line + "allow_list = { anyone = true }\n" + TIER).encode())
        assert codes(policy, Facts(lifetime=timedelta(hours=most))) == []
        assert codes(policy, Facts(lifetime=timedelta(hours=most, seconds=1))) == ["too-long-lived"]


def test_every_question_that_nobody_answered_is_an_objection_naming_the_rule() -> None:
    reasons = full().objections(payment(), History())
    assert all(isinstance(reason, HistoryMissing) for reason in reasons)
    assert [reason.facts()["rule"] for reason in reasons] == ["velocity_limit", "velocity_limit", "sweep"]


def test_a_question_asked_by_two_rules_is_put_once() -> None:
    twice = policy_of('[[velocity_limit]]\nper = "wallet"\nsats = 1\nwindow_hours = 1\n' * 2)
    assert len(twice.questions(payment())) == 1


def test_a_policy_is_named_by_its_exact_bytes() -> None:
    raw = example_policy()
    assert parse_policy(raw).digest == sha256(b"sekisho/policy/v1\x00" + raw).digest()
    assert parse_policy(raw).digest != parse_policy(raw + b"\n").digest


def test_reasons_say_what_they_object_to_in_one_line() -> None:
    everything = Facts(pays=((p2wpkh(9), 20_000_000_000),), fee=30_000_000, lifetime=timedelta(days=2))
    for policy in (full(), parse_policy(HEAD.encode())):
        for history in (History(), Past(used=10**12, count=10**6, held=()).answers(policy.questions(payment()))):
            for reason in policy.objections(payment(everything), history):
                assert str(reason)
                assert "\n" not in str(reason)
                assert all(isinstance(fact, str | int) for fact in reason.facts().values())


NAMED = 'allow_list = {{ entries = [ {{ name = "{}", script = "0014' + "0b" * 20 + '" }} ] }}'

WRONG = {
    "no type": 'version = 1\nnetwork = "main"',
    "another type": 'type = "sekisho/roster/v1"\nversion = 1\nnetwork = "main"',
    "no version": 'type = "sekisho/policy/v1"\nnetwork = "main"',
    "version zero": 'type = "sekisho/policy/v1"\nversion = 0\nnetwork = "main"',
    "version true": 'type = "sekisho/policy/v1"\nversion = true\nnetwork = "main"',
    "an unknown network": 'type = "sekisho/policy/v1"\nversion = 1\nnetwork = "mainnet"',
    "a misspelt rule": HEAD + "[velocity_limits]\nsats = 5",
    "a misspelt section, as another signer's spending_limt was": HEAD + "[fee_cpa]\nsats = 5",
    "a rule given twice": HEAD + "[fee_cap]\nsats = 5\n[fee_cap]\nsats = 6",
    "a key given twice": HEAD + "[fee_cap]\nsats = 5\nsats = 6",
    "a rule that is a list": HEAD + "[[fee_cap]]\nsats = 5",
    "a list that is a rule": HEAD + "[amount_tier]\nup_to_sats = 5",
    "a rule that is a number": HEAD + "sweep = 5",
    "a list of numbers": HEAD + "velocity_limit = [1]",
    "a lifetime of nothing": HEAD + "max_request_hours = 0",
    "a lifetime in other units": HEAD + "max_request_minutes = 60",
    "a lifetime of half an hour": HEAD + "max_request_hours = 0.5",
    "a zero-width character in a comment": HEAD + "# al\u200blow",
    "a bidirectional override in a comment": HEAD + "# \u202eallow",
    "a byte-order mark": "\ufeff" + HEAD,
    "a bidirectional override in a name, by TOML's escape": HEAD + NAMED.format(r"hot \u202e wallet"),
    "a terminal's escape in a name, by TOML's": HEAD + NAMED.format(r"hot wallet\u001b[2J"),
    "a name on two lines": HEAD + NAMED.format(r"hot\nwallet"),
    "a number too long to read": HEAD + "max_request_hours = 1" + "0" * 5_000,
    "lists nested without end": HEAD + "a = " + "[" * 100_000,
    "a key dotted without end": HEAD + ".".join("a" * 100_000) + " = 1",
    "nothing": "",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_what_is_misspelt_missing_or_hidden_makes_no_policy(text: str) -> None:
    with pytest.raises(MalformedPolicy) as why:
        parse_policy(text.encode())
    assert "\n" not in str(why.value)


def test_bytes_that_are_no_text_or_too_many_make_no_policy() -> None:
    for raw in (b"\xff\xfe", HEAD.encode() + b"#" * MAX_POLICY_BYTES):
        with pytest.raises(MalformedPolicy):
            parse_policy(raw)


def test_a_name_of_an_entry_may_be_any_that_can_be_seen() -> None:
    assert parse_policy((HEAD + NAMED.format("ホットウォレット 1")).encode()).allow_list is not None


def test_lines_may_end_as_windows_ends_them() -> None:
    assert parse_policy(HEAD.replace("\n", "\r\n").encode()).version == 1

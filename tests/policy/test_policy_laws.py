"""Laws that hold for every policy and every payment."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy.history import History
from sekisho.policy.policy import MalformedPolicy, Policy, parse_policy
from support.policies import FULL, Facts, Past, codes, example_policy, p2wpkh, payment, policy_of

facts = st.builds(
    Facts,
    pays=st.lists(
        st.tuples(st.integers(1, 3).map(p2wpkh), st.integers(1, 10**6)), min_size=1, max_size=4
    ).map(tuple),
    fee=st.integers(0, 10**5),
    spends=st.lists(st.integers(1, 10**7), min_size=1, max_size=5).map(tuple),
    change=st.integers(0, 10**6),
    vsize=st.integers(1, 10**4),
)  # fmt: skip
pasts = st.builds(
    Past,
    used=st.integers(0, 10**6),
    count=st.integers(0, 5),
    held=st.lists(st.integers(1, 10**7), max_size=8).map(tuple),
)
percents = st.decimals("0.01", "100", places=2)


def velocity(bound: int) -> str:
    return f'[[velocity_limit]]\nper = "requester"\nsats = {bound}\nwindow_hours = 24\n'


def counting(bound: int) -> str:
    return f'[[velocity_limit]]\nper = "wallet"\ncount = {bound % 7}\nwindow_hours = 24\n'


def fee_sats(bound: int) -> str:
    return f"[fee_cap]\nsats = {bound}\n"


def fee_rate(bound: int) -> str:
    return f"[fee_cap]\nsat_per_vb = {Decimal(bound + 1) / 100:f}\n"


def share(bound: int) -> str:
    return f"[sweep]\nmax_value_percent = {Decimal(bound % 10_000 + 1) / 100:f}\n"


RULES = {"velocity_limit, sats": velocity, "velocity_limit, count": counting, "fee_cap, sats": fee_sats,
         "fee_cap, rate": fee_rate, "sweep": share}  # fmt: skip


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
@given(facts=facts, past=pasts, bounds=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)))
def test_a_tighter_bound_never_allows_what_a_looser_one_refused(
    rule: Callable[[int], str], facts: Facts, past: Past, bounds: tuple[int, int]
) -> None:
    modulus = {counting: 7, share: 10_000}.get(rule, 10**7)
    tight, loose = sorted(bounds, key=lambda bound: bound % modulus)
    if codes(policy_of(rule(loose)), facts, past):
        assert codes(policy_of(rule(tight)), facts, past)


@given(facts=facts, past=pasts, rules=st.lists(st.sampled_from([velocity, counting]), max_size=3), fee=st.booleans())
def test_one_more_rule_never_takes_an_objection_away(
    facts: Facts, past: Past, rules: list[Callable[[int], str]], fee: bool
) -> None:
    fewer = "".join(rule(500) for rule in rules)
    more = fewer + (fee_sats(500) if fee else share(500)) + velocity(1_000)
    assert set(codes(policy_of(fewer), facts, past)) <= set(codes(policy_of(more), facts, past))


@given(facts=facts, past=pasts)
def test_leaving_a_question_unanswered_never_allows_anything(facts: Facts, past: Past) -> None:
    policy = policy_of(velocity(10**9) + share(9_999) + "[look_alike]")
    paid = payment(facts)
    questions = policy.questions(paid)
    for missing in questions:
        answered = past.answers(question for question in questions if question != missing)
        assert "history-missing" in [reason.code for reason in policy.objections(paid, answered)]


@given(facts=facts, past=pasts, more=st.integers(1, 10**6))
def test_no_limit_allows_more_after_more_was_used(facts: Facts, past: Past, more: int) -> None:
    policy = policy_of(velocity(10**6) + counting(3))
    later = Past(past.used + more, past.count + 1, past.paid, past.held)
    if codes(policy, facts, past):
        assert codes(policy, facts, later)


@given(facts=facts, listed=st.sets(st.integers(1, 3)), extra=st.integers(1, 3))
def test_only_listed_payees_are_paid_and_a_longer_list_refuses_no_one_new(
    facts: Facts, listed: set[int], extra: int
) -> None:
    def refused(numbers: set[int]) -> bool:
        entries = ", ".join(f'{{ name = "{n}", script = "{p2wpkh(n).hex()}" }}' for n in sorted(numbers))
        return bool(codes(policy_of("", f"entries = [{entries}]"), facts))

    assert refused(listed) == any(script not in {p2wpkh(n) for n in listed} for script, _ in facts.pays)
    assert refused(listed) or not refused(listed | {extra})


RULE_NAMES = ["allow_list", "amount_tier", "velocity_limit", "fee_cap", "look_alike", "sweep", "version", "network",
              "type", "sats", "percent", "count", "per", "up_to_sats", "threshold", "approvers", "entries"]  # fmt: skip
fragments = st.one_of(
    st.sampled_from(RULE_NAMES),
    st.sampled_from(
        ["[", "]", "[[", "]]", "{", "}", "=", "\n", '"', ".", ",", " = 1\n", " = true\n", '"wallet"', "1e9"]
    ),
    st.text(max_size=3),
)


@given(st.one_of(st.binary(max_size=200), st.lists(fragments, max_size=40).map(lambda parts: "".join(parts).encode())))
def test_any_bytes_give_a_policy_or_malformed_policy(raw: bytes) -> None:
    try:
        assert isinstance(parse_policy(raw), Policy)
    except MalformedPolicy as malformed:
        why = str(malformed)
    else:
        why = ""
    assert "\n" not in why


@given(
    at=st.integers(0, 2_000), junk=st.one_of(st.binary(max_size=3), st.sampled_from([b"\x00", b"#", b"9", b"e9", b"-"]))
)
def test_a_policy_spoilt_anywhere_is_a_policy_or_malformed_policy(at: int, junk: bytes) -> None:
    raw = example_policy(limits=FULL)
    at %= len(raw)
    for spoilt in (raw[:at] + junk + raw[at:], raw[:at] + junk + raw[at + len(junk) :], raw[:at]):
        try:
            policy = parse_policy(spoilt)
        except MalformedPolicy:
            continue
        policy.objections(payment(), History())

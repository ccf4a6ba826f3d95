import json
import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.address import MalformedAddress, parse_address, show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.policy.history import History, LookAlikeQuestion
from sekisho.policy.policy import MalformedPolicy
from sekisho.policy.rules.look_alike import (
    DEFAULT_CHARACTERS,
    MIN_CHARACTERS,
    look_keys,
    looks_like,
    shared,
)
from support.policies import Facts, Past, codes, p2wpkh, payment, policy_of
from support.shared import shared as beside

DMM_PAYEE = "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P"
DMM_THIEF = "1B6rJRfjTXwEy36SCs5zofGMmdv2kdZw7P"

ALIKE = {  # a claim: two addresses, what they share
    "the DMM pair shares four characters after the 1, and the last two": (DMM_PAYEE, DMM_THIEF, (4, 2)),
    "the 1 of P2PKH says nothing": ("1AAAA", "1BBBB", (0, 0)),
    "the 3 of P2SH says nothing": ("3AAAA", "3BBBB", (0, 0)),
    "bc1q says nothing": ("bc1qaaaa", "bc1qcccc", (0, 0)),
    "bcrt1p says nothing": ("bcrt1paaaa", "bcrt1pcccc", (0, 0)),
    "2M and 2N of test networks say nothing": ("2MAAAA", "2NBBBB", (0, 0)),
    "a Taproot address can look like another kind": ("bc1qaaaaxxyy", "bc1paaaacccc", (4, 0)),
    "addresses of different length are compared from either end": ("bc1qaaaaxxyy", "bc1qaaaaccccccyy", (4, 2)),
    "no character counts twice": ("1AAAA", "1AAAAAA", (4, 0)),
    "an address shares all of itself with itself": ("1AAAA", "1AAAA", (4, 0)),
}


@pytest.mark.parametrize(("one", "other", "expected"), ALIKE.values(), ids=ALIKE.keys())
def test_head_and_tail_are_counted_beyond_the_common_prefix(one: str, other: str, expected: tuple[int, int]) -> None:
    assert shared(one, other) == shared(other, one) == expected


def test_the_dmm_pair_looks_alike_and_nobody_looks_like_himself() -> None:
    assert looks_like(DMM_PAYEE, DMM_THIEF, DEFAULT_CHARACTERS)
    assert not looks_like(DMM_PAYEE, DMM_PAYEE, MIN_CHARACTERS)


@given(
    alike=st.text("abc", min_size=MIN_CHARACTERS, max_size=MIN_CHARACTERS + 3),
    cut=st.integers(0, MIN_CHARACTERS + 3),
    middles=st.tuples(st.text("abc", min_size=1), st.text("abc", min_size=1)),
    prefixes=st.tuples(st.sampled_from(["1", "bc1q", "2M"]), st.sampled_from(["3", "bc1p", "2N"])),
)
def test_addresses_that_look_alike_always_share_a_key(
    alike: str, cut: int, middles: tuple[str, str], prefixes: tuple[str, str]
) -> None:
    one, other = (prefix + alike[:cut] + middle + alike[cut:] for prefix, middle in zip(prefixes, middles, strict=True))
    assert sum(shared(one, other)) >= MIN_CHARACTERS
    assert set(look_keys(one)) & set(look_keys(other))


MAIN = Network.MAIN
THIEF = Facts(pays=((parse_address(DMM_THIEF, MAIN), 1_000),), network=MAIN)
HONEST = Facts(pays=((parse_address(DMM_PAYEE, MAIN), 1_000),), network=MAIN)
NAMED = f'anyone = true, entries = [{{ name = "hot wallet", address = "{DMM_PAYEE}" }}]'


def test_a_payee_who_looks_like_a_listed_one_is_refused_by_name() -> None:
    policy = policy_of("[look_alike]", NAMED, MAIN)
    paid = payment(THIEF)
    (reason,) = policy.objections(paid, Past().answers(policy.questions(paid)))
    assert reason.facts() == {"payee": DMM_THIEF, "known": DMM_PAYEE, "name": "hot wallet", "head": 4, "tail": 2}


def test_a_payee_who_looks_like_one_paid_before_is_refused() -> None:
    policy = policy_of("[look_alike]", "anyone = true", MAIN)
    assert codes(policy, THIEF, Past(paid=(DMM_PAYEE,))) == ["look-alike"]
    assert codes(policy, HONEST, Past(paid=(DMM_PAYEE,))) == []


def test_a_payee_both_listed_and_paid_before_is_named_once() -> None:
    assert codes(policy_of("[look_alike]", NAMED, MAIN), THIEF, Past(paid=(DMM_PAYEE,))) == ["look-alike"]


def test_a_listed_payee_is_nobodys_look_alike() -> None:
    policy = policy_of("[look_alike]", NAMED, MAIN)
    assert codes(policy, HONEST, Past(paid=(DMM_THIEF,))) == []
    assert policy.questions(payment(HONEST)) == ()


def test_past_payees_that_only_share_a_key_do_no_harm() -> None:
    policy = policy_of("[look_alike]", "anyone = true", MAIN)
    assert codes(policy, THIEF, Past(paid=("1B6r" + "x" * 30, "x" * 30 + "w7P"))) == []


def test_unanswered_it_refuses() -> None:
    policy = policy_of("[look_alike]", "anyone = true", MAIN)
    paid = payment(THIEF)
    assert policy.questions(paid) == (LookAlikeQuestion(DMM_THIEF, DEFAULT_CHARACTERS),)
    assert [reason.code for reason in policy.objections(paid, History())] == ["history-missing"]


def test_more_characters_ask_for_more_likeness() -> None:
    assert codes(policy_of("[look_alike]\ncharacters = 7", NAMED, MAIN), THIEF) == []


@pytest.mark.parametrize("rule", ["characters = 4", "characters = 21", "characters = 6.0", "charactres = 6"])
def test_a_likeness_that_no_index_finds_or_nobody_asked_for_is_malformed(rule: str) -> None:
    with pytest.raises(MalformedPolicy):
        policy_of(f"[look_alike]\n{rule}")


def test_no_two_sanctioned_addresses_are_taken_for_each_other() -> None:
    """Run with `-s` to see the counts."""
    addresses = sorted(_sanctioned())
    pairs = Counter(sum(shared(one, other)) for one, other in combinations(addresses, 2))
    print(f"\n{len(addresses)} addresses, {pairs.total()} pairs")
    for characters in range(1, DEFAULT_CHARACTERS + 1):
        print(f"  {characters} or more characters alike: {sum(n for k, n in pairs.items() if k >= characters)}")
    assert len(addresses) > 500
    assert max(pairs) < MIN_CHARACTERS


@pytest.mark.parametrize("kind", ["P2PKH", "P2WPKH"])
def test_hardly_any_two_of_twenty_thousand_random_addresses_are_taken_for_each_other(kind: str) -> None:
    """Run with `-s` to see the counts."""
    chance = random.Random(20240531)
    frame = (b"\x76\xa9\x14", b"\x88\xac") if kind == "P2PKH" else (b"\x00\x14", b"")
    scripts = (Script(frame[0] + chance.randbytes(20) + frame[1]) for _ in range(20_000))
    addresses = [show_address(script, MAIN) or "" for script in scripts]
    index: dict[str, list[str]] = {}
    pairs: set[tuple[str, str]] = set()
    for address in addresses:
        for key in look_keys(address):
            pairs |= {(address, other) for other in index.setdefault(key, [])}
            index[key].append(address)
    alike = Counter(sum(shared(one, other)) for one, other in pairs)
    print(f"\n{kind}: {len(addresses)} addresses, {len(addresses) * (len(addresses) - 1) // 2} pairs")
    for characters in range(MIN_CHARACTERS, DEFAULT_CHARACTERS + 2):
        print(f"  {characters} or more characters alike: {sum(n for k, n in alike.items() if k >= characters)}")
    assert sum(n for k, n in alike.items() if k >= DEFAULT_CHARACTERS) <= 4


def _sanctioned() -> set[str]:
    found: set[str] = set()
    for name in ("ofac_sdn_2024-09-27.json", "ofac_sdn_2025-12-04.json"):
        found |= set(json.loads(beside(f"data/lists/{name}").read_text())["by_asset"]["XBT"])
    for notice in json.loads(beside("data/lists/fbi_published.json").read_text()):
        found |= {address for chain, address in notice["addresses"] if chain == "BTC"}
    return {address for address in found if _bitcoin(address)}


def _bitcoin(address: str) -> bool:
    """OFAC filed one TRON address under XBT."""
    try:
        parse_address(address, MAIN)
    except MalformedAddress:
        return False
    return True


def test_outputs_that_have_no_address_ask_nothing() -> None:
    policy = policy_of("[look_alike]", "anyone = true")
    facts = Facts(pays=((Script(b"\x6a\x01x"), 0), (p2wpkh(1), 5)))
    assert len(policy.questions(payment(facts))) == 1

"""Who can spend without the cosigner, and from when."""

import random
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.guards import recovery_positions, ways_without
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.wallet import Wallet, parse_wallet
from sekisho.replay.vendor import signer
from support.kits import KITS, seed

OCTOBER_2025 = 1_760_000_000
KEYS = [f"{signer(seed(f'guard {n}'), Network.REGTEST).expression}/<0;1>/*" for n in range(8)]


def wallet(template: str, network: str = "regtest") -> Wallet:
    """A wallet whose keys are written 0, 1, 2, … in braces."""
    for number, key in enumerate(KEYS):
        template = template.replace(f"{{{number}}}", key)
    return parse_wallet(f'name = "g"\nnetwork = "{network}"\ndescriptor = "{template}"\n'.encode())


WAYS: dict[str, tuple[str, list[str]]] = {
    "a single key": ("wpkh({0})", []),
    "a Taproot key": ("tr({0})", []),
    "2 of 2": ("wsh(multi(2,{0},{1}))", []),
    "2 of 3: two others are enough": ("wsh(multi(2,{0},{1},{2}))", ["key 1, key 2 at once"]),
    "2 of 4": ("wsh(sortedmulti(2,{0},{1},{2},{3}))", ["2 of key 1, key 2, key 3 at once"]),
    "the recommended descriptor": (
        "wsh(or_i(and_v(v:pk({0}),multi(2,{1},{2},{3})),and_v(v:older(52560),multi(2,{4},{5},{6}))))",
        ["2 of key 4, key 5, key 6 once the coin is 52560 blocks old"],
    ),
    "or a key from a height on": (
        "wsh(or_d(pk({0}),and_v(v:pk({1}),after(800000))))",
        ["key 1 from height 800000 on"],
    ),
    "or a key from a time on": (
        "wsh(or_d(pk({0}),and_v(v:pk({1}),after(1900000000))))",
        ["key 1 from time 1900000000 on"],
    ),
    "andor with the cosigner as condition": ("wsh(andor(pk({0}),pk({1}),pk({2})))", ["key 2 at once"]),
    "a threshold with a lock in it": (
        "wsh(thresh(2,pk({0}),s:pk({1}),s:pk({2}),sln:older(100)))",
        ["key 1, key 2 at once", "1 of key 1, key 2 once the coin is 100 blocks old"],
    ),
    "or whoever knows a preimage": (
        f"wsh(or_d(pk({{0}}),and_v(v:pk({{1}}),sha256({'00' * 32}))))",
        ["key 1 and whoever knows a preimage at once"],
    ),
}


@pytest.mark.parametrize(("template", "ways"), WAYS.values(), ids=WAYS.keys())
def test_the_ways_without_the_cosigner_are(template: str, ways: list[str]) -> None:
    assert [str(way) for way in ways_without(wallet(template), 0)] == ways


@pytest.mark.parametrize(
    ("after", "network", "now", "opens"),
    [
        (700_000, Network.MAIN, OCTOBER_2025, True),
        (700_000, Network.REGTEST, OCTOBER_2025, False),
        (950_000, Network.MAIN, OCTOBER_2025, False),
        (950_000, Network.MAIN, OCTOBER_2025 + 30_000 * 600, True),
        (1_600_000_000, Network.REGTEST, OCTOBER_2025, True),
        (1_780_000_000, Network.REGTEST, 1_779_999_999, False),
        (1_780_000_000, Network.REGTEST, 1_780_000_000, True),
    ],
)
def test_an_after_that_has_passed_opens_at_once(after: int, network: Network, now: int, *, opens: bool) -> None:
    """What October 2025 called a wait is none in another year."""
    (way,) = ways_without(wallet(f"wsh(or_d(pk({{0}}),and_v(v:pk({{1}}),after({after}))))"), 0)
    assert way.opens_at_once(network, now) is opens


@pytest.mark.parametrize(
    ("name", "recovery"), [("recommended", {4, 5, 6, 7, 8}), ("sortedmulti", set()), ("p2wpkh", set()), ("p2tr", set())]
)
def test_recovery_keys_are_those_that_must_wait(name: str, recovery: set[int]) -> None:
    assert recovery_positions(KITS[name].wallet) == recovery


@dataclass(frozen=True)
class Policy:
    """A small spending policy: the oracle satisfies it by trying everything."""

    kind: str
    parts: tuple["Policy", ...] = ()
    number: int = 0

    def miniscript(self) -> str:
        """As a fragment of type B."""
        match self.kind:
            case "key":
                return f"pk({{{self.number}}})"
            case "older":
                return f"and_v(v:pk({{{self.parts[0].number}}}),older({self.number}))"
            case "and":
                return f"and_v(v:{self.parts[0].miniscript()},{self.parts[1].miniscript()})"
            case _:
                return f"or_i({self.parts[0].miniscript()},{self.parts[1].miniscript()})"

    def satisfied(self, keys: set[int], age: int) -> bool:
        """Whether these keys can spend a coin of this age."""
        match self.kind:
            case "key":
                return self.number in keys
            case "older":
                return self.parts[0].number in keys and age >= self.number
            case "and":
                return all(part.satisfied(keys, age) for part in self.parts)
            case _:
                return any(part.satisfied(keys, age) for part in self.parts)


def random_policy(dice: random.Random, free: list[int], depth: int) -> Policy:
    """A policy over keys that each stand in it once."""
    if depth == 0 or len(free) < 2 or dice.random() < 0.3:
        key = Policy("key", (), free.pop())
        return Policy("older", (key,), dice.choice((10, 20))) if dice.random() < 0.4 else key
    left = random_policy(dice, free, depth - 1)
    right = random_policy(dice, free, depth - 1) if free else left
    return left if right is left else Policy(dice.choice(("and", "or")), (left, right))


@given(st.integers(0, 2**32))
def test_the_ways_are_exactly_what_can_be_satisfied(number: int) -> None:
    """For every set of keys without the cosigner and every age: some way covers it, or it cannot spend."""
    dice = random.Random(number)
    free = list(range(6))
    policy = random_policy(dice, free, 3)
    text = policy.miniscript()
    order = [int(piece[0]) for piece in text.split("{")[1:]]
    ways = ways_without(wallet(f"wsh({text})"), 0)
    cosigner = order[0]
    for held in product((False, True), repeat=len(order)):
        keys = {name for name, has in zip(order, held, strict=True) if has and name != cosigner}
        for age in (0, 10, 20):
            covered = any({order[place] for place in way.positions} <= keys and (way.older or 0) <= age for way in ways)
            assert covered == policy.satisfied(keys, age)

"""What the policy's rules ask about the past is answered by the database that the payments themselves are written into.

The rules have tests of their own, with a past that is made up: here it is one that happened.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sekisho.approvals.roster import Role
from sekisho.bitcoin.script import Script
from sekisho.checkpoint.memory import import_coins
from sekisho.replay.cast import PLAYERS, Cast, Player
from sekisho.replay.vendor import psbt_by_embit
from support.kits import KITS, NETWORK
from support.world import BOB, CAROL, World

KIT = KITS["recommended"]
REI = Player("rei", "Rei, treasury", "exchange", "tokyo", (Role.REQUESTER,), ("rei-key",))
LIKE_BOB = Script(BOB[:-1] + b"\x0c")
"""Its address begins as Bob's does, for thirty characters."""


class Counter:
    """Where payments are asked for, each with a coin of its own."""

    def __init__(self, folder: Path, limits: str) -> None:
        self.world = World(folder, KIT, limits=limits, cast=Cast(NETWORK, players=(*PLAYERS, REI)))
        self._coins = 5_000_000

    def pay(self, *scripts: Script, sats: int = 1_000_000, by: str = "rie") -> set[str]:
        """Pay so much to each; the reasons it is refused for."""
        self._coins += 1
        request = replace(self.world.request(*((script, sats) for script in scripts)), requester=by)
        return self.world.codes(request, psbt_by_embit(self.world.draft(request, KIT.fund(self._coins))))


def limit(per: str, bound: str) -> str:
    return f'[[velocity_limit]]\nper = "{per}"\n{bound}\nwindow_hours = 24\n'


OTHERS = {"wallet": None, "requester": (BOB, "rei"), "destination": (CAROL, "rie")}
"""Whose payment a limit of that kind does not touch."""


@pytest.mark.parametrize("per", OTHERS)
@pytest.mark.parametrize("bound", ["sats = 1_900_000", "count = 1"])
def test_a_limit_counts_its_own_subject_over_restarts_until_the_window_is_past(
    tmp_path: Path, per: str, bound: str
) -> None:
    counter = Counter(tmp_path, limit(per, bound))
    assert counter.pay(BOB) == set()
    counter.world.reopen()
    code = f"velocity-{bound.split(maxsplit=1)[0]}"
    assert counter.pay(BOB) == {code}
    other = OTHERS[per]
    if other is not None:
        assert counter.pay(other[0], by=other[1]) == set()
    counter.world.now += timedelta(hours=24)
    assert counter.pay(BOB) == set()
    assert counter.pay(BOB) == {code}


def test_a_destination_that_is_paid_twice_in_one_payment_was_paid_both_amounts_and_once(tmp_path: Path) -> None:
    counter = Counter(tmp_path, limit("destination", "count = 2\nsats = 2_500_000"))
    assert counter.pay(BOB, BOB) == set()
    assert counter.pay(BOB) == {"velocity-sats"}
    assert counter.pay(BOB, sats=400_000) == set()
    assert counter.pay(BOB, sats=50_000) == {"velocity-count"}


def test_an_address_that_looks_like_one_paid_before_is_refused(tmp_path: Path) -> None:
    counter = Counter(tmp_path, "[look_alike]\n")
    assert counter.pay(BOB) == set()
    counter.world.reopen()
    assert counter.pay(LIKE_BOB) == {"look-alike"}
    assert counter.pay(BOB) == set()
    assert counter.pay(CAROL) == set()


def test_an_address_that_was_refused_is_not_one_paid_before(tmp_path: Path) -> None:
    counter = Counter(tmp_path, "[look_alike]\n" + limit("wallet", "sats = 2_100_000"))
    assert counter.pay(LIKE_BOB, sats=2_200_000) == {"velocity-sats"}
    assert counter.pay(BOB) == set()


@pytest.mark.parametrize(("named", "held"), [(0, []), (1, []), (2, [(10_999_000,)])])
def test_change_is_known_where_all_was_known_that_it_came_from(
    tmp_path: Path, named: int, held: list[tuple[int]]
) -> None:
    """One made-up coin beside a known one would otherwise make all the rest of the wallet look small."""
    world = World(tmp_path, KIT)
    coins = KIT.fund(10_000_000, 10_000_000)
    with world.state.turn(), world.state.transaction():
        import_coins(world.state, KIT.wallet, [each.coin for each in coins[:named]], int(world.now.timestamp()))
    request = world.request((BOB, 9_000_000))
    assert world.codes(request, psbt_by_embit(world.draft(request, coins))) == set()
    assert world.state.database.execute("SELECT sats FROM holdings").fetchall() == held


def test_a_coin_that_was_paid_with_is_not_held_though_the_operator_names_it(tmp_path: Path) -> None:
    """Whoever lists the coins may not have seen the payment yet: the sweep would be measured against too much."""
    world = World(tmp_path, KIT)
    spent, kept = KIT.fund(10_000_000, 20_000_000)
    request = world.request((BOB, 9_000_000))
    assert world.codes(request, psbt_by_embit(world.draft(request, [spent]))) == set()
    with world.state.turn(), world.state.transaction():
        import_coins(world.state, KIT.wallet, [spent.coin, kept.coin], int(world.now.timestamp()))
    assert world.state.database.execute("SELECT sats FROM holdings").fetchall() == [(20_000_000,)]

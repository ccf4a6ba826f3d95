"""Anyone stops the checkpoint at once, whatever it is doing; only a quorum starts it again (law 11)."""

from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from sekisho.approvals.statement import Statement
from sekisho.bitcoin.script import Script
from sekisho.checkpoint import cosign as shell
from sekisho.checkpoint import decide
from sekisho.checkpoint.collect import NoEvidence, collect
from sekisho.checkpoint.freeze import freeze, new_order, thaw
from sekisho.checkpoint.memory import import_coins
from sekisho.evidence.log import Receipt
from sekisho.policy.rules.allow_list import AllowList
from sekisho.replay.cast import device
from sekisho.replay.vendor import psbt_by_embit
from sekisho.verdicts import Refused
from support import world as world_of_tests
from support.freezing import Freezing, frozen_meanwhile
from support.kits import KITS
from support.world import BOB, ORIGIN, POLICY, World

KIT = KITS["recommended"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, KIT)


def seconds(world: World) -> int:
    return int(world.now.timestamp())


def test_anyone_may_freeze_and_only_a_quorum_may_thaw(world: World) -> None:
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    order = new_order(world.now)
    stopped = freeze(world.state, order, device("uta-key").sign(Statement.FREEZE, order.digest), lambda: world.now)
    assert isinstance(stopped, Receipt)
    assert world.codes(request, psbt) == {"frozen"}
    alone = thaw(world.state, order.digest, world.cast.sign(Statement.THAW, order.digest, "pia"), lambda: world.now)
    assert isinstance(alone, Refused)
    assert alone.codes() == ("quorum-short",)
    assert world.codes(request, psbt) == {"frozen"}
    both = thaw(
        world.state, order.digest, world.cast.sign(Statement.THAW, order.digest, "pia", "sam"), lambda: world.now
    )
    assert isinstance(both, Receipt)
    assert world.codes(request, psbt) == set()
    again = freeze(world.state, order, device("uta-key").sign(Statement.FREEZE, order.digest), lambda: world.now)
    assert isinstance(again, Refused)
    assert again.codes() == ("freeze-order-used",)


def test_a_thaw_lifts_the_freeze_it_names_and_is_refused_where_none_holds(world: World) -> None:
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    orders = [new_order(world.now) for _ in range(3)]
    for order, name in zip(orders[:2], ("uta-key", "ben-key"), strict=True):
        freeze(world.state, order, device(name).sign(Statement.FREEZE, order.digest), lambda: world.now)

    def thawed(number: int) -> tuple[str, ...]:
        signed = world.cast.sign(Statement.THAW, orders[number].digest, "pia", "sam")
        outcome = thaw(world.state, orders[number].digest, signed, lambda: world.now)
        return outcome.codes() if isinstance(outcome, Refused) else ()

    assert thawed(2) == ("no-such-freeze",)
    assert thawed(0) == ()
    assert thawed(0) == ("no-such-freeze",)
    assert world.codes(request, psbt) == {"frozen"}, "the other one holds"
    assert thawed(1) == ()
    assert world.codes(request, psbt) == set()


def test_a_stranger_cannot_freeze(world: World) -> None:
    order = new_order(world.now)
    tried = freeze(world.state, order, device("mallory").sign(Statement.FREEZE, order.digest), lambda: world.now)
    assert isinstance(tried, Refused)
    assert tried.codes() == ("unknown-credential",)


def test_a_freeze_also_holds_back_a_signature_given_before(world: World) -> None:
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    assert world.codes(request, psbt) == set()
    order = new_order(world.now)
    freeze(world.state, order, device("ben-key").sign(Statement.FREEZE, order.digest), lambda: world.now)
    assert world.codes(request, psbt) == {"frozen"}


def test_a_freeze_also_holds_back_the_signature_in_a_bundle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between its release and its signature, then frozen: evidence of the payment was the missing signature."""
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))

    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(shell, "sign", killed)
    with pytest.raises(KeyboardInterrupt):
        world.cosign(request, psbt)
    order = new_order(world.now)
    freeze(world.state, order, device("ben-key").sign(Statement.FREEZE, order.digest), lambda: world.now)
    with world.state.turn(), pytest.raises(NoEvidence, match="frozen"):
        collect(world.state, world.publisher, KIT.cosigner, request.digest)
    thaw(world.state, order.digest, world.cast.sign(Statement.THAW, order.digest, "pia", "sam"), lambda: world.now)
    with world.state.turn():
        assert collect(world.state, world.publisher, KIT.cosigner, request.digest)


def test_a_freeze_between_decision_and_signature_stops_the_signature(world: World) -> None:
    """It had waited for the case, whose witnesses may take ten seconds, and then for the next: too late for both."""
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    with frozen_meanwhile(world):
        assert world.codes(request, psbt) == {"frozen"}
    assert world.codes(request, psbt) == {"frozen"}
    assert world.state.log.verify() is not None


@pytest.mark.parametrize(("room", "slow"), [(shell, "read"), (decide, "disagreements")])
def test_a_freeze_does_not_wait_for_a_large_psbt(
    world: World, monkeypatch: pytest.MonkeyPatch, room: ModuleType, slow: str
) -> None:
    """Reading 4,000 inputs took 25 s of a transaction: the freeze waited for it, and the payment went out."""
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    real, freezing = getattr(room, slow), Freezing(world)

    def reading(*arguments: object) -> object:
        freezing.start()
        freezing.wait_until_it_holds()
        return real(*arguments)

    monkeypatch.setattr(room, slow, reading)
    assert world.codes(request, psbt) == {"frozen"}
    freezing.join()
    assert freezing.receipt is not None


def test_a_freeze_does_not_wait_for_a_long_allow_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand addresses of descriptors take fifteen seconds to derive, in every process anew."""
    theirs = KITS["p2wpkh"].wallet.public
    listed = f'entries = [{{{{ name = "them", descriptor = "{theirs}", up_to = 3 }}}}]'
    monkeypatch.setattr(world_of_tests, "POLICY", POLICY.replace("anyone = true", listed))
    world = World(tmp_path, KIT)
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    freezing, derived = Freezing(world), AllowList.__dict__["_derived"].func

    def deriving(self: AllowList) -> dict[Script, str]:
        if not freezing.is_alive() and freezing.receipt is None:
            freezing.start()
            freezing.wait_until_it_holds()
        return dict(derived(self))

    monkeypatch.setattr(AllowList, "_derived", property(deriving))
    assert world.codes(request, psbt) == {"frozen", "payee-not-listed"}
    freezing.join()


def test_a_freeze_is_answered_when_nothing_is_being_signed_any_more(world: World) -> None:
    freezing = Freezing(world)
    with world.state.turn():
        freezing.start()
        freezing.wait_until_it_holds()
        assert freezing.receipt is None
    freezing.join()
    assert freezing.receipt is not None
    assert world.state.head_file.read() == world.state.log.head(ORIGIN)


def test_a_freeze_that_waited_is_not_taken_for_one_by_a_clock_set_back(world: World) -> None:
    """Whoever types a passphrase at a busy checkpoint signs before the newest decision: the stop failed for that."""
    freezing = Freezing(world)
    with world.state.transaction():
        freezing.start()
        freezing.wait_until_it_tries()
        world.now += timedelta(seconds=5)
        import_coins(world.state, KIT.wallet, (), seconds(world))
    freezing.join()
    assert freezing.receipt is not None
    assert freezing.receipt.at == seconds(world)


def test_a_freeze_holds_although_the_clock_was_set_back(world: World) -> None:
    """A case that waits for its witnesses goes out once the clock has come back to where it was."""
    request = world.request((BOB, 1_000_000))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    assert world.codes(request, psbt) == set()
    newest = seconds(world)
    world.now -= timedelta(seconds=3)
    order = new_order(world.now)
    stopped = freeze(world.state, order, device("uta-key").sign(Statement.FREEZE, order.digest), lambda: world.now)
    assert isinstance(stopped, Receipt)
    assert stopped.at == newest
    world.now += timedelta(seconds=3)
    assert world.codes(request, psbt) == {"frozen"}
    assert world.state.log.verify() is not None

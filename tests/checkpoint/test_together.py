"""Cases that come together end as if each had come alone, and share the waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from sekisho.bitcoin.psbt.records import MalformedPsbt
from sekisho.checkpoint.cosign import Answer, Checkpoint, Submitted
from sekisho.checkpoint.memory import import_coins
from sekisho.evidence.log import EntryTooLong
from sekisho.replay.vendor import psbt_by_embit
from sekisho.requests.request import PaymentRequest
from sekisho.verdicts import Refused
from support.freezing import frozen_meanwhile
from support.kits import KITS
from support.world import BOB, World

KIT = KITS["recommended"]
LIMITED = """
[[velocity_limit]]
per = "wallet"
sats = 3_500_000
window_hours = 24
"""


def submitted(world: World, request: PaymentRequest, psbt: bytes, *people: str) -> Submitted:
    signed = world.cast.approved(request, *people)
    return Submitted(request.raw, tuple(each.raw for each in signed), psbt)


def cases(world: World) -> list[Submitted]:
    """Honest, malformed, unapproved, the coin of the first again, honest, and one over the limit."""
    requests = [world.request((BOB, 1_000_000)) for _ in range(6)]
    coins = [KIT.fund(5_000_000 + number) for number in (0, 1, 2, 0, 4, 5)]
    psbts = [psbt_by_embit(world.draft(*each)) for each in zip(requests, coins, strict=True)]
    psbts[1] = psbts[1][:-1]
    people = [("aya", "ben")] * 6
    people[2] = ("aya",)
    made = zip(requests, psbts, people, strict=True)
    return [submitted(world, request, psbt, *names) for request, psbt, names in made]


def codes(answer: Answer | Exception) -> tuple[str, ...] | type:
    if isinstance(answer, Answer):
        return answer.verdict.codes() if isinstance(answer.verdict, Refused) else ()
    return type(answer)


def test_each_ends_as_it_would_alone(tmp_path: Path) -> None:
    world = World(tmp_path, KIT, limits=LIMITED)
    many = cases(world)
    many.append(many[0])
    answers = world.checkpoint.cosign_all(many)
    assert [codes(each) for each in answers] == [
        (),
        MalformedPsbt,
        ("quorum-short",),
        ("coin-taken",),
        (),
        (),
        (),
    ]
    signed = [each.psbt for each in answers if isinstance(each, Answer) and each.psbt]
    assert len(signed) == 4
    assert signed[0] == signed[-1], "asked twice in one go: the same signature"
    over = world.request((BOB, 600_000))
    assert world.codes(over, psbt_by_embit(world.draft(over, KIT.fund(9_000_000)))) == {"velocity-sats"}
    world.reopen()
    for each, answer in zip(many, answers, strict=True):
        if isinstance(answer, Answer) and answer.psbt is not None:
            assert world.checkpoint.cosign(each.request, each.statements, each.psbt).psbt == answer.psbt


def test_together_they_do_not_sweep_what_each_alone_would_leave(tmp_path: Path) -> None:
    world = World(tmp_path, KIT, limits="[sweep]\nmax_coins_percent = 50.0\n")
    coins = [KIT.fund(5_000_000 + number)[0] for number in range(4)]
    with world.state.turn(), world.state.transaction():
        held = [each.coin for each in coins]
        import_coins(world.state, KIT.wallet, held, int(world.now.timestamp()))
    requests = [world.request((BOB, 1_000_000)) for _ in range(2)]
    spent = (coins[:2], coins[2:])
    psbts = [psbt_by_embit(world.draft(*each)) for each in zip(requests, spent, strict=True)]
    answers = world.checkpoint.cosign_all(
        [submitted(world, *each, "aya", "ben") for each in zip(requests, psbts, strict=True)]
    )
    assert [codes(each) for each in answers] == [(), ("sweeps-coins",)]


def test_a_record_that_nobody_could_read_back_is_not_written_and_nothing_signed(tmp_path: Path) -> None:
    """Evidence of a payment is its record: a heap of signatures given again and again must not make it unreadable."""
    world = World(tmp_path, KIT)
    requests = [world.request((BOB, 1_000_000)) for _ in range(2)]
    psbts = [psbt_by_embit(world.draft(each, KIT.fund(5_000_000 + n))) for n, each in enumerate(requests)]
    heap, plain = (submitted(world, *each, "aya", "ben") for each in zip(requests, psbts, strict=True))
    before = world.state.log.frontier.size
    answers = world.checkpoint.cosign_all([replace(heap, statements=heap.statements * 2_500), plain])
    assert [codes(each) for each in answers] == [EntryTooLong, ()]
    assert world.state.log.frontier.size == before + 2, "the other's decision and release"
    assert world.checkpoint.cosign(heap.request, heap.statements, heap.psbt).psbt is not None


def test_they_share_two_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, KIT)
    commits, real = [], world.state.transaction

    @contextmanager
    def counted() -> Iterator[None]:
        with real():
            yield
        commits.append(1)

    monkeypatch.setattr(world.state, "transaction", counted)
    requests = [world.request((BOB, 1_000_000)) for _ in range(8)]
    many = [
        submitted(world, each, psbt_by_embit(world.draft(each, KIT.fund(5_000_000 + number))), "aya", "ben")
        for number, each in enumerate(requests)
    ]
    answers = world.checkpoint.cosign_all(many)
    assert all(isinstance(each, Answer) and each.psbt is not None for each in answers)
    assert len(commits) == 2
    assert world.checkpoint.cosign_all(()) == ()


def test_a_freeze_that_comes_in_between_holds_them_all(tmp_path: Path) -> None:
    world = World(tmp_path, KIT)
    many = [cases(world)[0], cases(world)[4]]
    with frozen_meanwhile(world):
        answers = world.checkpoint.cosign_all(many)
    assert [codes(each) for each in answers] == [("frozen",), ("frozen",)]
    kinds = [kind for (kind,) in world.state.database.execute("SELECT kind FROM log ORDER BY number")]
    assert kinds[-3:] == ["decision", "decision", "freeze"]


def ticking(world: World) -> Checkpoint:
    """Its clock is a second further at each look, as if every step took that long."""
    seconds = count()
    return Checkpoint(world.state, KIT.cosigner, world.publisher, lambda: world.now + timedelta(seconds=next(seconds)))


def test_what_expires_on_its_way_gives_its_coin_to_one_other_and_is_not_signed(tmp_path: Path) -> None:
    """The first is decided in its last second; a second later its coin and its limit are free for the next."""
    world = World(tmp_path, KIT, limits=LIMITED)
    coins = KIT.fund(5_000_000)
    last, fresh = world.request((BOB, 2_000_000)), world.request((BOB, 2_000_000))
    last = replace(last, expires=world.now + timedelta(seconds=3))
    psbts = [psbt_by_embit(world.draft(each, coins, fee=fee)) for each, fee in ((last, 1_000), (fresh, 1_001))]
    both = [submitted(world, *each, "aya", "ben") for each in zip((last, fresh), psbts, strict=True)]
    answers = ticking(world).cosign_all(both)
    assert [codes(each) for each in answers] == [("expired",), ()]
    released = world.state.database.execute("SELECT request FROM cases WHERE released IS NOT NULL").fetchall()
    assert released == [(fresh.digest,)]


def test_a_request_that_runs_out_after_its_decision_is_not_signed(tmp_path: Path) -> None:
    """Witnesses may take ten seconds: what was in time for the decision is too late for the signature."""
    world = World(tmp_path, KIT)
    request = replace(world.request((BOB, 1_000_000)), expires=world.now + timedelta(seconds=2))
    psbt = psbt_by_embit(world.draft(request, KIT.fund(5_000_000)))
    case = submitted(world, request, psbt, "aya", "ben")
    late = ticking(world).cosign(case.request, case.statements, case.psbt)
    assert codes(late) == ("expired",)
    assert late.psbt is None

"""No witness, no signature; and nobody makes the checkpoint forget by putting back an older copy."""

import shutil
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sekisho.checkpoint import cosign as shell
from sekisho.checkpoint.cosign import Answer
from sekisho.checkpoint.home import LOG_FOLDER, STATE_FILE
from sekisho.checkpoint.outward import publish
from sekisho.checkpoint.state import open_state
from sekisho.evidence.anchor import Forked, HeadFileUnusable, Rewound
from sekisho.evidence.gather import PATIENCE
from sekisho.evidence.keys import KeyType, TreeHead
from sekisho.evidence.log import ClockBehind
from sekisho.evidence.proof import witnessed
from sekisho.evidence.publish import FolderBehind
from sekisho.evidence.quorum import parse_witness_policy
from sekisho.replay.vendor import psbt_by_embit
from sekisho.requests.request import PaymentRequest
from support.kits import KITS
from support.witnesses import RunningWitness, two_of
from support.world import BOB, World, publisher_of

KIT = KITS["recommended"]


class Guarded:
    """A world whose policy asks for two of three witnesses."""

    def __init__(self, folder: Path) -> None:
        (folder / "home").mkdir()
        log = [publisher_of(folder).keys.public(KeyType.ED25519)]
        self.late = 0
        self.witnesses = [RunningWitness(folder, name, log, lambda: self.now) for name in ("W1", "W2", "W3")]
        text = two_of(self.witnesses)
        self.world: World = World(folder / "home", KIT, limits=f'[witnesses]\ntlog_policy = """\n{text}\n"""\n')
        self._paid = 0

    @property
    def now(self) -> int:
        """The witnesses' clock."""
        return int(self.world.now.timestamp()) + self.late

    def case(self) -> tuple[PaymentRequest, bytes]:
        """A fresh request with its honest PSBT."""
        self._paid += 1
        request = self.world.request((BOB, 1_000_000))
        return request, psbt_by_embit(self.world.draft(request, KIT.fund(5_000_000 + self._paid)))

    def pay(self) -> Answer:
        """Have a fresh payment co-signed."""
        return self.world.cosign(*self.case())


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    made = Guarded(tmp_path)
    yield made
    for each in made.witnesses:
        each.stop()


def test_a_signature_comes_with_a_head_that_a_quorum_cosigned(guarded: Guarded) -> None:
    answer = guarded.pay()
    assert answer.psbt is not None
    assert answer.checkpoint is not None
    policy = parse_witness_policy(two_of(guarded.witnesses))
    assert witnessed(answer.checkpoint, policy).keys() == {"W1", "W2", "W3"}
    assert answer.checkpoint.head.size == answer.receipt.number


def test_two_witnesses_killed_stop_signatures_and_one_back_lets_the_waiting_case_through_once(guarded: Guarded) -> None:
    assert guarded.pay().psbt is not None
    for each in guarded.witnesses[1:]:
        each.stop()
    case = guarded.case()
    assert guarded.world.codes(*case) == {"not-witnessed"}
    assert guarded.world.codes(*case) == {"not-witnessed"}
    guarded.witnesses[1].start()
    first = guarded.world.cosign(*case)
    assert first.psbt is not None
    again = guarded.world.cosign(*case)
    assert again.psbt == first.psbt
    other = psbt_by_embit(guarded.world.draft(case[0], KIT.fund(9_000_000)))
    assert guarded.world.codes(case[0], other) == {"already-answered"}
    guarded.witnesses[2].start()


def test_witnesses_that_die_between_the_two_asks_hold_the_signature_back(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shell.decide

    def dying(*arguments: object) -> object:
        for each in guarded.witnesses[1:]:
            each.stop()
        return real(*arguments)  # type: ignore[arg-type]

    case = guarded.case()
    monkeypatch.setattr(shell, "decide", dying)
    assert guarded.world.codes(*case) == {"not-witnessed"}
    monkeypatch.undo()
    guarded.world.now += timedelta(minutes=1)
    for each in guarded.witnesses[1:]:
        each.start()
    assert guarded.world.cosign(*case).psbt is not None


def test_a_silent_witness_costs_a_bounded_time(guarded: Guarded) -> None:
    guarded.witnesses[2].stop()
    with socket.create_server(("127.0.0.1", guarded.witnesses[2].port)):
        start = time.monotonic()
        assert guarded.pay().psbt is not None
        assert time.monotonic() - start < PATIENCE, "a quorum answered; nobody waits for the third"
        guarded.witnesses[1].stop()
        start = time.monotonic()
        assert guarded.world.codes(*guarded.case()) == {"not-witnessed"}
        assert time.monotonic() - start < 2 * PATIENCE
        guarded.witnesses[1].start()
    guarded.witnesses[2].start()


def test_a_quiet_checkpoints_head_is_cosigned_anew(guarded: Guarded) -> None:
    """Nothing cosigned a head again but the next payment: after a quiet day a monitor called every witness stale."""
    guarded.pay()
    world, policy = guarded.world, parse_witness_policy(two_of(guarded.witnesses))
    for day in range(1, 4):
        world.now += timedelta(days=1)
        with world.state.turn():
            done = publish(world.state, world.publisher, policy, lambda: world.now)
        assert done.seen == ("W1", "W2", "W3")
        head = world.publisher.folder.checkpoint()
        assert witnessed(head, policy) == dict.fromkeys(("W1", "W2", "W3"), guarded.now), day
        assert len(head.signatures) == 5, "ours, and one of each witness"


@pytest.mark.parametrize("late", [-400, 400])
def test_stale_and_future_cosignatures_do_not_count(guarded: Guarded, late: int) -> None:
    guarded.late = late
    assert guarded.world.codes(*guarded.case()) == {"not-witnessed"}
    guarded.late = late // 2
    assert guarded.pay().psbt is not None


def home_of(guarded: Guarded) -> Path:
    return guarded.world.folder


def backup(guarded: Guarded) -> Path:
    """A copy of the home, as a backup would have it."""
    guarded.world.state.close()
    kept = home_of(guarded).parent / "backup"
    shutil.copytree(home_of(guarded), kept)
    guarded.world.reopen()
    return kept


def restore(guarded: Guarded, kept: Path, *names: str) -> None:
    """Put parts of a backup back."""
    guarded.world.state.close()
    for name in names:
        target = home_of(guarded) / name
        if target.is_dir():
            shutil.rmtree(target)
            shutil.copytree(kept / name, target)
        else:
            for each in (target, *home_of(guarded).glob(f"{name}-*")):
                each.unlink(missing_ok=True)
            shutil.copy(kept / name, target)
    guarded.world.reopen()


def test_yesterdays_database_is_noticed_by_the_head_file(guarded: Guarded) -> None:
    guarded.pay()
    kept = backup(guarded)
    guarded.pay()
    today = home_of(guarded).parent / "today"
    guarded.world.state.close()
    shutil.copytree(home_of(guarded), today)
    guarded.world.reopen()
    restore(guarded, kept, STATE_FILE)
    with pytest.raises(Rewound, match=r"entries 5 to 6 are missing"):
        guarded.pay()
    restore(guarded, today, STATE_FILE)
    assert guarded.pay().psbt is not None


def test_a_whole_home_restored_is_noticed_by_the_witnesses(guarded: Guarded) -> None:
    """The head file goes back as well: only somebody else can remember."""
    guarded.pay()
    kept = backup(guarded)
    guarded.pay()
    restore(guarded, kept, STATE_FILE, "head", LOG_FOLDER)
    with pytest.raises(Rewound, match="witness W"):
        guarded.pay()


def test_a_rewound_log_that_grew_again_is_a_fork(guarded: Guarded) -> None:
    guarded.pay()
    kept = backup(guarded)
    guarded.pay()
    restore(guarded, kept, STATE_FILE, "head", LOG_FOLDER)
    for each in guarded.witnesses:
        each.stop()
    for _ in range(4):
        assert guarded.world.codes(*guarded.case()) == {"not-witnessed"}
    for each in guarded.witnesses:
        each.start()
    with pytest.raises(Forked):
        guarded.pay()


def test_a_cloned_checkpoint_machine_stops_one_of_the_two(guarded: Guarded) -> None:
    guarded.pay()
    clone = backup(guarded)
    guarded.pay()
    request, psbt = guarded.case()
    signed = [each.raw for each in guarded.world.cast.approved(request, "aya", "ben")]
    twin = open_state(clone / STATE_FILE)
    with pytest.raises(Rewound, match="witness W"):
        guarded.world.checkpoint_of(twin).cosign(request.raw, signed, psbt)
    twin.close()


def test_yesterdays_published_log_stops_signatures_until_it_is_back(guarded: Guarded) -> None:
    guarded.pay()
    kept = backup(guarded)
    guarded.pay()
    restore(guarded, kept, LOG_FOLDER)
    with pytest.raises(FolderBehind, match="ends before entry"):
        guarded.pay()
    with guarded.world.state.turn():
        guarded.world.publisher.rebuild(guarded.world.state.log, guarded.now)
    assert guarded.pay().psbt is not None


def test_without_its_head_file_the_checkpoint_does_nothing(guarded: Guarded) -> None:
    guarded.pay()
    path = home_of(guarded) / "head"
    head = path.read_bytes()
    for wrong in (None, b"", b"junk", head.replace(b"world", b"other")):
        path.unlink(missing_ok=True)
        if wrong is not None:
            path.write_bytes(wrong)
        with pytest.raises(HeadFileUnusable):
            guarded.pay()
    path.write_bytes(head)
    assert guarded.pay().psbt is not None


@pytest.mark.parametrize("size", [3, 5])
def test_a_head_file_of_another_history_stops_everything(guarded: Guarded, size: int) -> None:
    guarded.pay()
    head_file = guarded.world.state.head_file
    mine = head_file.read()
    assert mine.size == 5
    head_file.write(TreeHead(mine.origin, size, bytes(32)))
    with pytest.raises(Forked, match="the head file"):
        guarded.pay()
    head_file.write(guarded.world.state.log.head_at(mine.origin, size))
    assert guarded.pay().psbt is not None


def test_a_clock_behind_the_newest_record_decides_nothing(guarded: Guarded) -> None:
    guarded.pay()
    guarded.world.now -= timedelta(seconds=100)
    with pytest.raises(ClockBehind):
        guarded.pay()

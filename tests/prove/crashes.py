"""The process is killed at every step between receiving a case and releasing a signature; and processes race.

A child process decides on one case with a tracer that counts the lines it runs in the checkpoint's shell, and kills
itself (SIGKILL) at the chosen one. Whatever its key signs is in the world at once, as it would be with a key that was
overheard. Afterwards the parent looks at what is left.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prove.deadline import Deadline
from sekisho.checkpoint.cosign import Answer, Checkpoint
from sekisho.checkpoint.home import STATE_FILE
from sekisho.checkpoint.key import Key
from sekisho.checkpoint.key import Path as KeyPath
from sekisho.checkpoint.state import open_state
from sekisho.replay.vendor import psbt_by_embit
from sekisho.requests.request import PaymentRequest
from sekisho.verdicts import Allowed
from support.kits import KITS
from support.world import BOB, World, publisher_of

KIT = KITS["sortedmulti"]
LIMIT = 10_000_000
LIMITED = f'[[velocity_limit]]\nper = "wallet"\nsats = {LIMIT}\nwindow_hours = 24\n'

SIGNATURE = "signature"
"""What the key signed, in a home."""

TRACED = (
    "cosign.py",
    "memory.py",
    "state.py",
    "sign.py",
    "log.py",
    "key.py",
    "statute.py",
    "publish.py",
    "anchor.py",
    "files.py",
)
"""The files whose every line is a moment to die at."""


@dataclass(frozen=True)
class _Overheard:
    """The cosigner's key, and a file that holds what it signs as soon as it is signed."""

    key: Key
    heard: Path

    @property
    def expression(self) -> str:
        return self.key.expression

    def public_key(self, path: KeyPath) -> bytes:
        return self.key.public_key(path)

    def sign_ecdsa(self, path: KeyPath, digest: bytes) -> bytes:
        signature = self.key.sign_ecdsa(path, digest)
        self.heard.write_bytes(signature)
        return signature

    def sign_taproot(self, path: KeyPath, digest: bytes) -> bytes:
        signature = self.key.sign_taproot(path, digest)
        self.heard.write_bytes(signature)
        return signature


@dataclass
class Deaths:
    """How many kills, and what they left behind."""

    kills: int = 0
    missed: int = 0
    """Children that ended before the line they were to die at."""
    recorded: int = 0
    """Died with the decision on disk."""
    signed: int = 0
    """Died with a signature in the world."""
    signature_without_record: int = 0
    """Or with one that would not be missed: the head file does not know of it."""
    second_transaction: int = 0
    limit_exceeded: int = 0
    never_signed_after_all: int = 0

    @property
    def faults(self) -> int:
        """What must never happen, and did; or that nobody died where it matters, so that it was not tried."""
        return (
            self.missed
            + (not self.signed)
            + self.signature_without_record
            + self.second_transaction
            + self.limit_exceeded
            + self.never_signed_after_all
        )


def kill_everywhere(folder: Path, least: int) -> Deaths:
    """At least `least` kills, spread over every line of the way, each followed by the questions that matter."""
    (folder / "template").mkdir()
    world = World(folder / "template", KIT, limits=LIMITED)
    request = world.request((BOB, 6_000_000))
    statements = world.cast.approved(request, "aya", "ben")
    psbt = psbt_by_embit(world.draft(request, KIT.fund(20_000_000)))
    other = psbt_by_embit(world.draft(request, KIT.fund(21_000_000)))
    world.state.close()
    case = (request.raw, [each.raw for each in statements], psbt)

    def answer(home: Path, psbt: bytes) -> Answer:
        state = open_state(home / STATE_FILE)
        try:
            key = _Overheard(KIT.cosigner, home / SIGNATURE)
            return Checkpoint(state, key, publisher_of(home), lambda: world.now).cosign(case[0], case[1], psbt)
        finally:
            state.close()

    answer(_copy(folder, "first"), psbt)  # what is parsed once is parsed: every later child runs the same lines
    lines = _lines(folder, lambda home: answer(home, psbt))
    deaths, at = Deaths(), 0
    moments = (
        [1 + (number * lines) // least for number in range(least)] if lines >= least else list(range(1, lines + 1))
    )
    while len(moments) < least:
        moments += moments[: least - len(moments)]
    for at in moments:
        home = _copy(folder, f"killed-{at}")
        deaths.missed += not _die(at, home, lambda home: answer(home, psbt))
        _examine(deaths, home, request, lambda raw, home=home: answer(home, raw), (psbt, other), world)
        shutil.rmtree(home)
    return deaths


def _examine(
    deaths: Deaths,
    home: Path,
    request: PaymentRequest,
    ask: Callable[[bytes], Answer],
    psbts: tuple[bytes, bytes],
    world: World,
) -> None:
    """The questions: is there a signature without a record, can there be a second one, do the limits hold?"""
    deaths.kills += 1
    psbt, other = psbts
    state = open_state(home / STATE_FILE)
    try:
        state.log.verify()
        recorded = state.database.execute("SELECT 1 FROM payments WHERE request = ?", (request.digest,)).fetchone()
        kinds = [kind for (kind,) in state.database.execute("SELECT kind FROM log ORDER BY number")]
        known = state.head_file.read().size == len(kinds)
    finally:
        state.close()
    signed = (home / SIGNATURE).exists()
    deaths.recorded += recorded is not None
    deaths.signed += signed
    whole = recorded is not None and kinds[-2:] == ["decision", "released"]
    deaths.signature_without_record += signed and not (whole and known)
    if recorded is not None:
        deaths.second_transaction += isinstance(ask(other).verdict, Allowed)
    again = ask(psbt)
    deaths.never_signed_after_all += again.psbt is None
    deaths.second_transaction += isinstance(ask(other).verdict, Allowed)
    more = world.request((BOB, 5_000_000))
    state = open_state(home / STATE_FILE)
    try:
        beyond = world.checkpoint_of(state).cosign(
            more.raw,
            [each.raw for each in world.cast.approved(more, "aya", "ben")],
            psbt_by_embit(world.draft(more, KIT.fund(22_000_000))),
        )
    finally:
        state.close()
    deaths.limit_exceeded += isinstance(beyond.verdict, Allowed)


def _copy(folder: Path, name: str) -> Path:
    home = folder / name
    shutil.copytree(folder / "template", home)
    return home


def _lines(folder: Path, work: Callable[[Path], Answer]) -> int:
    """How many lines a case takes in the traced files."""
    home = _copy(folder, "counted")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        counter = Deadline(0, TRACED)
        sys.settrace(counter.trace)
        work(home)
        sys.settrace(None)
        os.write(writer, str(counter.count).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as pipe:
        return int(pipe.read())


def _die(at: int, home: Path, work: Callable[[Path], Answer]) -> bool:
    """Run the case in a child that dies at the `at`-th line; whether it did."""
    child = os.fork()
    if child == 0:
        sys.settrace(Deadline(at, TRACED).trace)
        work(home)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def race(folder: Path, processes: int, share: int) -> tuple[int, int]:
    """`processes` ask at once, each for `share` satoshis with its fee, of a limit of `LIMIT`; how many got it, and
    how many could have."""
    folder.mkdir()
    world = World(folder, KIT, limits=LIMITED)
    cases = []
    for number in range(processes):
        request = world.request((BOB, share - 1_000))
        signed = [each.raw for each in world.cast.approved(request, "aya", "ben")]
        cases.append((request.raw, signed, psbt_by_embit(world.draft(request, KIT.fund(20_000_000 + number)))))
    world.state.close()
    gate_reader, gate_writer = os.pipe()
    children = []
    for case in cases:
        child = os.fork()
        if child == 0:
            os.close(gate_writer)
            os.read(gate_reader, 1)  # returns when the parent opens the gate
            state = open_state(folder / STATE_FILE)
            answer = world.checkpoint_of(state, ahead=1).cosign(*case)
            os._exit(0 if answer.psbt is not None else 1)
        children.append(child)
    os.close(gate_reader)
    os.close(gate_writer)
    won = sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children)
    return won, LIMIT // share

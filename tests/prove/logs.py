"""The log under fire: killed at every line of append, tile write and head signing; a disk that is full; flipped bits.

A child process appends and publishes, and says on a pipe what it acknowledges and which heads it signs; then it dies.
The parent looks at what is left: nothing acknowledged may be lost, and no head may be of another tree.
"""

import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from prove.deadline import Deadline
from sekisho.checkpoint.state import State, create_state, open_state
from sekisho.errors import SekishoError
from sekisho.evidence.anchor import HeadFileUnusable
from sekisho.evidence.keys import KeyType
from sekisho.evidence.log import Entry, EntryKind
from sekisho.evidence.monitor import verify
from sekisho.evidence.note import Note, parse_note
from sekisho.evidence.publish import FolderBehind
from sekisho.evidence.quorum import parse_witness_policy
from support.world import ORIGIN, publisher_of

TRACED = ("log.py", "publish.py", "anchor.py", "files.py", "state.py", "merkle.py", "tiles.py", "note.py", "keys.py")
"""The files whose every line is a moment to die at."""

ROUNDS = (3, 250, 4, 300)
"""Entries appended at a time: over the edge of a tile, twice."""


@dataclass
class Fires:
    """What was done to logs, and what came of it."""

    trials: int = 0
    struck: int = 0
    """Trials in which something was lost before it was acknowledged, refused, or noticed."""
    acknowledged_lost: int = 0
    two_trees: int = 0
    not_recovered: int = 0

    @property
    def faults(self) -> int:
        """What must never happen, and did."""
        return self.acknowledged_lost + self.two_trees + self.not_recovered


def kill(folder: Path, count: int) -> Fires:
    """Kill a child at `count` lines spread over all it runs."""
    template = _template(folder)
    lines = _lines(template)
    fires = Fires()
    for number in range(count):
        home = Path(shutil.copytree(template, folder / "killed"))
        said = _child(home, partial(_die_at, 1 + (number * lines) // count))
        _examine(fires, home, said)
        shutil.rmtree(home)
    return fires


def fill(folder: Path, count: int) -> Fires:
    """Let every write fail that would make a file longer than a bound: `count` bounds, from nothing up."""
    template = _template(folder)
    fires = Fires()
    for number in range(count):
        home = Path(shutil.copytree(template, folder / "full"))
        bound = 64 + number * 400_000 // count
        said = _child(home, partial(_disk_of, bound))
        _examine(fires, home, said)
        shutil.rmtree(home)
    return fires


def flip(folder: Path, count: int, seed: int) -> Fires:
    """Flip one bit somewhere in a home's log, tiles, head or head file: noticed, mended, or of no consequence."""
    dice = random.Random(seed)
    home = _template(folder)
    said = _child(home, lambda: None)
    fires = Fires()
    state = open_state(home / "state.db")
    state.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    good = state.log.verify()
    state.close()
    files = sorted(path for path in home.rglob("*") if path.is_file() and path.stat().st_size)
    for _ in range(count):
        path = dice.choice(files)
        whole = path.read_bytes()
        place = dice.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << dice.randrange(8)]) + whole[place + 1 :])
        fires.trials += 1
        noticed = _noticed(home)
        fires.struck += noticed
        if not noticed:
            state = open_state(home / "state.db")
            fires.acknowledged_lost += state.log.verify() != good
            fires.two_trees += publisher_of(home).folder.checkpoint().head != parse_note(said[-1]).head
            state.close()
        path.write_bytes(whole)
    return fires


def _noticed(home: Path) -> bool:
    """Whether anything that looks at the home finds something wrong."""
    try:
        state = open_state(home / "state.db")
    except SekishoError:
        return True
    try:
        state.log.verify()
        with state.turn():
            pass
        publisher = publisher_of(home)
        publisher.published()
        trust = parse_witness_policy(f"log {publisher.keys.public(KeyType.ED25519)}\nquorum none")
        verify(publisher.folder.fetch, trust, lambda done, whole: None)
    except (SekishoError, sqlite3.Error):
        return True
    finally:
        state.close()
    return False


def _template(folder: Path) -> Path:
    home = folder / "template"
    if not home.exists():
        home.mkdir()
        state = create_state(home / "state.db", ORIGIN, "head")
        publisher_of(home).rebuild(state.log, 1)
        state.close()
    return home


def _work(home: Path, say: Callable[[bytes], None]) -> None:
    """Append and publish, round by round, saying what is acknowledged and which heads are signed."""
    state, publisher = open_state(home / "state.db"), publisher_of(home)
    for number, count in enumerate(ROUNDS):
        with state.turn():
            with state.transaction():
                receipt = state.log.append_all([Entry(EntryKind.COINS, number, b'{"a":"b"}')] * count)
            say(b"size %d\n" % (receipt.number + 1))
            note = publisher.publish(state.log, number)
            say(note.raw.replace(b"\n", b"\r") + b"\n")
            publisher.folder.put_checkpoint(note)
    state.close()


def _child(home: Path, prepare: Callable[[], object]) -> list[bytes]:
    """Run the work in a process that dies as prepared; what it said, its sizes and heads in order."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            prepare()
            _work(home, lambda line: os.write(writer, line) and None)
        except (SekishoError, sqlite3.Error, OSError):
            os._exit(1)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().split(b"\n")[:-1]
    os.waitpid(child, 0)
    return [line.replace(b"\r", b"\n") for line in said]


def _examine(fires: Fires, home: Path, said: list[bytes]) -> None:
    """Is all that was acknowledged there, is every head one of this tree, and does the next run finish the work?"""
    fires.trials += 1
    sizes = [int(line.split()[1]) for line in said if line.startswith(b"size ")]
    heads = [parse_note(line) for line in said if not line.startswith(b"size ")]
    fires.struck += len(heads) < len(ROUNDS)
    try:
        state = open_state(home / "state.db")
        state.log.verify()
        fires.acknowledged_lost += state.log.frontier.size < max(sizes, default=0)
        heads.append(_finish(state, home))
        for note in heads:
            fires.two_trees += state.log.head_at(ORIGIN, note.head.size) != note.head
        fires.not_recovered += not _noticed_nothing(home)
        state.close()
    except (SekishoError, sqlite3.Error):
        fires.not_recovered += 1


def _finish(state: State, home: Path) -> Note:
    """What the next run does: append once more, publish; rebuild where the folder was left half-written."""
    publisher = publisher_of(home)
    with state.turn():
        with state.transaction():
            state.log.append(Entry(EntryKind.THAW, 10, b"{}"))
        try:
            note = publisher.publish(state.log, 10)
        except FolderBehind:
            return publisher.rebuild(state.log, 10)
        publisher.folder.put_checkpoint(note)
    return note


def _noticed_nothing(home: Path) -> bool:
    try:
        return not _noticed(home)
    except HeadFileUnusable:
        return False


def _disk_of(bound: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bound, resource.RLIM_INFINITY))


def _lines(template: Path) -> int:
    """How many traced lines the whole work takes."""
    home = Path(shutil.copytree(template, template.parent / "counted"))
    counter = Deadline(0, TRACED)
    sys.settrace(counter.trace)
    _work(home, lambda line: None)
    sys.settrace(None)
    shutil.rmtree(home)
    return counter.count


def _die_at(line: int) -> None:
    sys.settrace(Deadline(line, TRACED).trace)

"""What the checkpoint remembers, in one SQLite database: limits, coins, requests, freezes and the log together.

One process at a time has the turn; everything that belongs to one decision is one transaction, on disk before anything
is done about it (`synchronous=FULL`, and `fullfsync` where the system needs it).
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from sekisho.errors import SekishoError
from sekisho.evidence.anchor import HeadFile
from sekisho.evidence.log import SCHEMA as LOG_SCHEMA
from sekisho.evidence.log import TransparentLog

FORMAT = "2"
"""The version of the schema; a database of another version is not opened."""

FOREVER = 2**62
"""`live_to` of a payment whose signature is out: it stays live."""


_DAMAGED = (sqlite3.Error, UnicodeDecodeError, TypeError)
"""What SQLite and its binding raise over a damaged file: some of its own messages are no UTF-8 then."""


class StateUnusable(SekishoError):
    """The checkpoint's database cannot be opened, read or written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot use {path}: {why}")
        self.path, self.why = path, why


class State:
    """The open database. Read and change it inside `turn()` only, or `at_once()`."""

    def __init__(self, path: Path, database: sqlite3.Connection, head_file: HeadFile) -> None:
        self.path = path
        self.database = database
        self.head_file = head_file
        self.log = TransparentLog(database)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the only one, in any process, to decide, sign, freeze or change what is in force.

        The lock is the operating system's, on a file beside the database: it ends with the process that holds it.
        Raises Rewound, Forked or HeadFileUnusable where this is an older copy of what it was.
        """
        lock = os.open(self.path.with_suffix(".turn"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.head_file.check(self.log)
            yield
            self.anchor()
        finally:
            os.close(lock)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """A transaction in the midst of whoever has the turn, and then a turn: what was being signed is signed when
        this ends. For what must not wait: who has the turn may be waiting for witnesses.

        Raises Rewound, Forked or HeadFileUnusable where this is an older copy of what it was.
        """
        self.head_file.check(self.log)
        with self.transaction():
            yield
        with self.turn():
            pass

    def anchor(self) -> None:
        """Let the head file know how far the log has come: on disk when this returns."""
        head = self.log.head(self.head_file.origin)
        if self.head_file.read() != head:
            self.head_file.write(head)

    @property
    def published(self) -> int:
        """How many entries had been published, at least, when a signature was last released."""
        row = self.database.execute("SELECT value FROM meta WHERE name = 'published'").fetchone()
        if row is None or not str(row[0]).isdecimal():
            raise StateUnusable(self.path, "it does not say how far the log was published")
        return int(row[0])

    def note_published(self, size: int) -> None:
        """Remember how far the log is published; inside a transaction."""
        self.database.execute("UPDATE meta SET value = ? WHERE name = 'published'", (str(size),))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it on disk, or none of it. Raises StateUnusable when the disk does not do its part."""
        try:
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.database.rollback()
                raise
            self.database.execute("COMMIT")
        except sqlite3.Error as why:
            if self.database.in_transaction:
                self.database.rollback()
            raise StateUnusable(self.path, str(why)) from why

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()


def create_state(path: Path, origin: str, head_file: str) -> State:
    """Make an empty database at `path`, and the head file beside it; neither may exist. Raises StateUnusable.

    `origin` names the log; `head_file` is a path, from the database's folder where it is relative.
    """
    kept = HeadFile(path.parent / head_file, origin)
    for each in (path, kept.path):
        if each.exists():
            raise StateUnusable(each, "it exists already")
    state = State(path, _connect(path), kept)
    schema = files("sekisho.checkpoint").joinpath("schema.sql").read_text()
    with state.transaction():
        for statement in _statements(schema + LOG_SCHEMA):
            state.database.execute(statement)
        rows = {"format": FORMAT, "origin": origin, "head_file": head_file, "published": "0"}
        state.database.executemany("INSERT INTO meta VALUES (?, ?)", rows.items())
    kept.write(state.log.head(origin))
    return state


def open_state(path: Path) -> State:
    """Open the database at `path`. Raises StateUnusable."""
    if not path.is_file():
        raise StateUnusable(path, "there is no such file; `sekisho init` makes it")
    database = _connect(path)
    try:
        meta = dict(database.execute("SELECT name, value FROM meta").fetchall())
        if meta.get("format") != FORMAT:
            raise StateUnusable(path, f"it has format {meta.get('format')}, this is format {FORMAT}")
        return State(path, database, HeadFile(path.parent / meta["head_file"], meta["origin"]))
    except (*_DAMAGED, KeyError) as why:
        raise StateUnusable(path, f"it is damaged ({why})") from why


def _connect(path: Path) -> sqlite3.Connection:
    try:
        database = sqlite3.connect(path, isolation_level=None, timeout=30, cached_statements=256)
        path.chmod(0o600)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA fullfsync = ON")
        database.execute("PRAGMA checkpoint_fullfsync = ON")
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
    except (*_DAMAGED, OSError) as why:
        raise StateUnusable(path, str(why)) from why
    return database


def _statements(script: str) -> Iterator[str]:
    """Split a script at its statements, so that it can run inside a transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""

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
from sekisho.evidence.log import SCHEMA as LOG_SCHEMA
from sekisho.evidence.log import ChainedLog

FORMAT = "1"
"""The version of the schema; a database of another version is not opened."""

FOREVER = 2**62
"""`live_to` of a payment whose signature is out: it stays live."""


class StateUnusable(SekishoError):
    """The checkpoint's database cannot be opened, read or written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot use {path}: {why}")
        self.path, self.why = path, why


class State:
    """The open database. Read and change it inside `turn()` only."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path = path
        self.database = database
        self.log = ChainedLog(database)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the only one, in any process, to decide, sign, freeze or change what is in force.

        The lock is the operating system's, on a file beside the database: it ends with the process that holds it.
        """
        lock = os.open(self.path.with_suffix(".turn"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

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


def create_state(path: Path) -> State:
    """Make an empty database at `path`, which must not exist. Raises StateUnusable."""
    if path.exists():
        raise StateUnusable(path, "it exists already")
    state = _connect(path)
    schema = files("sekisho.checkpoint").joinpath("schema.sql").read_text()
    with state.transaction():
        for statement in _statements(schema + LOG_SCHEMA):
            state.database.execute(statement)
        state.database.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
    return state


def open_state(path: Path) -> State:
    """Open the database at `path`. Raises StateUnusable."""
    if not path.is_file():
        raise StateUnusable(path, "there is no such file; `sekisho init` makes it")
    state = _connect(path)
    try:
        row = state.database.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    except sqlite3.Error as why:
        raise StateUnusable(path, str(why)) from why
    if row != (FORMAT,):
        raise StateUnusable(path, f"it has format {row and row[0]}, this is format {FORMAT}")
    return state


def _connect(path: Path) -> State:
    try:
        database = sqlite3.connect(path, isolation_level=None, timeout=30, cached_statements=256)
        path.chmod(0o600)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA fullfsync = ON")
        database.execute("PRAGMA checkpoint_fullfsync = ON")
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
    except (sqlite3.Error, OSError) as why:
        raise StateUnusable(path, str(why)) from why
    return State(path, database)


def _statements(script: str) -> Iterator[str]:
    """Split a script at its statements, so that it can run inside a transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""

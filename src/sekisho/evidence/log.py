"""The log: every decision is appended before any signature exists (law 8).

This is the interim log: a hash chain in the checkpoint's own database, so that a decision and its record are one
transaction. The transparent log (C2SP tlog-tiles with witnesses) will stand behind the same `Log`.
"""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from sekisho.errors import SekishoError

GENESIS = bytes(32)
"""The head of an empty log."""

SCHEMA = """
CREATE TABLE log (
    number INTEGER PRIMARY KEY,   -- 0, 1, 2, ... without gaps
    at     INTEGER NOT NULL,      -- seconds since 1970, never going back
    kind   TEXT NOT NULL,
    body   BLOB NOT NULL,         -- canonical JSON
    head   BLOB NOT NULL          -- SHA-256 over the previous head and all of the above
) STRICT;
CREATE TRIGGER log_is_append_only_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_is_append_only_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""


class EntryKind(StrEnum):
    """What a log entry records."""

    ADOPTED = "adopted"
    """A roster, policy or wallet took effect."""
    DECISION = "decision"
    """A case was decided: allowed, or refused with its reasons."""
    RELEASED = "released"
    """A signature was about to be made and handed out: from here on it counts as out in the world."""
    FREEZE = "freeze"
    THAW = "thaw"
    COINS = "coins"
    """An operator told the checkpoint which coins the wallet holds."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: `at` in seconds since 1970 (UTC), `body` as canonical JSON."""

    kind: EntryKind
    at: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an entry stands, and the head of the log with it as the newest entry."""

    number: int
    at: int
    head: bytes


class LogBroken(SekishoError):
    """The log does not hold together: an entry was changed, removed or put in."""

    def __init__(self, number: int) -> None:
        super().__init__(f"the log is broken at entry {number}: it, or one before it, was changed")
        self.number = number


class ClockBehind(SekishoError):
    """The clock says it is earlier than the newest record: somebody set it back, or this is another machine's log."""

    def __init__(self, now: int, newest: int) -> None:
        super().__init__(
            f"the clock is {newest - now} s behind the newest record; nothing is decided until it is right"
        )
        self.now, self.newest = now, newest


class Log(Protocol):
    """Somewhere a decision is written down before it has any effect."""

    def append(self, entry: Entry) -> Receipt:
        """Add `entry` at the end. The receipt holds once the turn it was written in is committed.

        Raises ClockBehind when `entry` is older than the newest one.
        """
        ...

    def newest(self) -> Receipt | None:
        """The receipt of the last entry; None for an empty log."""
        ...


class ChainedLog:
    """A `Log` in a SQLite table, each head covering everything before it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def append(self, entry: Entry) -> Receipt:
        """See `Log.append`."""
        newest = self.newest()
        if newest is not None and entry.at < newest.at:
            raise ClockBehind(entry.at, newest.at)
        number, before = (0, GENESIS) if newest is None else (newest.number + 1, newest.head)
        receipt = Receipt(number, entry.at, _head(before, number, entry))
        self._database.execute(
            "INSERT INTO log VALUES (?, ?, ?, ?, ?)", (number, entry.at, entry.kind, entry.body, receipt.head)
        )
        return receipt

    def newest(self) -> Receipt | None:
        """See `Log.newest`."""
        row = self._database.execute("SELECT number, at, head FROM log ORDER BY number DESC LIMIT 1").fetchone()
        return None if row is None else Receipt(*row)

    def verify(self) -> Receipt | None:
        """Recompute every head from the first entry on; the newest receipt. Raises LogBroken."""
        receipt, before = None, GENESIS
        rows = self._database.execute("SELECT number, at, kind, body, head FROM log ORDER BY number")
        for expected, (number, at, kind, body, head) in enumerate(rows):
            known = kind in EntryKind.__members__.values()
            entry = Entry(EntryKind(kind), at, body) if known else None
            if entry is None or number != expected or head != _head(before, number, entry):
                raise LogBroken(expected)
            receipt, before = Receipt(number, at, head), head
        return receipt


def _head(before: bytes, number: int, entry: Entry) -> bytes:
    framed = b"".join(
        (
            b"sekisho/log/v1\x00",
            before,
            number.to_bytes(8, "big"),
            entry.at.to_bytes(8, "big"),
            len(entry.kind).to_bytes(1, "big"),
            entry.kind.encode(),
            entry.body,
        )
    )
    return sha256(framed).digest()

"""The log: every decision is appended before any signature exists (law 8).

The entries stand in the checkpoint's own database, so that a decision and its record are one transaction on disk. The
tree over them is RFC 6962's; what the world sees of an entry is a salted commitment (`publish`), so tiles can be
public while bodies stay with us.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from sekisho.errors import SekishoError
from sekisho.evidence.keys import TreeHead
from sekisho.evidence.merkle import Frontier, leaf_hash
from sekisho.requests.canonical import NotCanonical, canonical, parse_canonical

SALT_BYTES = 32
MAX_ENTRY_BYTES = 4_000_000
MAX_BODY_BYTES = MAX_ENTRY_BYTES - 200
"""What is left of that for the body."""

SCHEMA = """
CREATE TABLE log (
    number     INTEGER PRIMARY KEY,   -- 0, 1, 2, ... without gaps
    at         INTEGER NOT NULL,      -- seconds since 1970, never going back
    kind       TEXT NOT NULL,
    body       BLOB NOT NULL,         -- canonical JSON; never leaves but in an evidence bundle
    salt       BLOB NOT NULL,
    commitment BLOB NOT NULL          -- what the tree holds and the world sees
) STRICT;
CREATE TABLE frontier (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    size  INTEGER NOT NULL,
    at    INTEGER NOT NULL,           -- of the newest entry
    peaks BLOB NOT NULL               -- the roots of the complete subtrees, largest first
) STRICT;
INSERT INTO frontier VALUES (1, 0, 0, x'');
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


class MalformedEntry(SekishoError):
    """Bytes that are not a log entry."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a log entry: {why}")
        self.why = why


class LogBroken(SekishoError):
    """The log does not hold together: an entry was changed, removed or put in."""

    def __init__(self, number: int) -> None:
        super().__init__(f"the log is broken at entry {number}: it, or one before it, was changed")
        self.number = number


class EntryTooLong(SekishoError):
    """An entry that nobody could read back: it is not written, so nothing follows from it."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the record would have {size} bytes, more than {MAX_BODY_BYTES}; nothing was recorded")
        self.size = size


class ClockBehind(SekishoError):
    """The clock says it is earlier than the newest record: somebody set it back, or this is another machine's log."""

    def __init__(self, now: int, newest: int) -> None:
        super().__init__(
            f"the clock is {newest - now} s behind the newest record; nothing is decided until it is right"
        )
        self.now, self.newest = now, newest


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: `at` in seconds since 1970 (UTC), `body` as canonical JSON."""

    kind: EntryKind
    at: int
    body: bytes

    @property
    def raw(self) -> bytes:
        """The entry as one canonical document."""
        return b"".join(self._parts())

    def commitment(self, salt: bytes) -> bytes:
        """What stands in the tree for it: SHA-256 over the type, a zero byte, the salt and the document. 32 bytes."""
        return sha256(b"".join((b"sekisho/entry/v1\x00", salt, *self._parts()))).digest()

    def _parts(self) -> tuple[bytes, ...]:
        kind = self.kind.encode()
        return b'{"at":"%d","body":' % self.at, self.body, b',"kind":"', kind, b'","type":"sekisho/entry/v1"}'


def parse_entry(raw: bytes) -> Entry:
    """Read an entry from its document. Raises MalformedEntry, and nothing else, whatever the bytes."""
    try:
        document = parse_canonical(raw, MAX_ENTRY_BYTES)
        at, kind, body = document.get("at"), document.get("kind"), document.get("body")
        if not isinstance(at, str) or not isinstance(body, dict) or kind not in EntryKind.__members__.values():
            raise MalformedEntry("it must hold at, body, kind and type")
        entry = Entry(EntryKind(str(kind)), int(at), canonical(body))
    except NotCanonical as why:
        raise MalformedEntry(why.why) from why
    except ValueError as why:
        raise MalformedEntry("at is not a number of seconds") from why
    if entry.raw != raw:
        raise MalformedEntry("of another type, or a value is not in its usual spelling")
    return entry


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an entry stands, and the tree that ends with it."""

    number: int
    at: int
    tree: Frontier

    @property
    def root(self) -> bytes:
        """The root of that tree."""
        return self.tree.root


class TransparentLog:
    """Where a decision is written down before it has any effect: two SQLite tables, entries and the tree's frontier."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def append(self, entry: Entry) -> Receipt:
        """Add `entry` at the end. The receipt holds once the transaction it was written in is committed.

        Raises ClockBehind when `entry` is older than the newest one, EntryTooLong when `parse_entry` would not read it.
        """
        return self.append_all((entry,))

    def append_all(self, entries: Sequence[Entry]) -> Receipt:
        """Add entries that share one commit; the receipt of the last one. There must be at least one."""
        before, newest = self._edge()
        rows, leaves, salts = [], [], os.urandom(SALT_BYTES * len(entries))
        for number, entry in enumerate(entries, before.size):
            if entry.at < newest:
                raise ClockBehind(entry.at, newest)
            if len(entry.body) > MAX_BODY_BYTES:
                raise EntryTooLong(len(entry.body))
            newest, place = entry.at, SALT_BYTES * (number - before.size)
            salt = salts[place : place + SALT_BYTES]
            commitment = entry.commitment(salt)
            kind = entry.kind + ""  # a plain str: the database takes subclasses of it slowly
            rows.append((number, newest, kind, entry.body, salt, commitment))
            leaves.append(leaf_hash(commitment))
        after = before.grown(leaves)
        self._database.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._database.execute(
            "UPDATE frontier SET size = ?, at = ?, peaks = ?", (after.size, newest, b"".join(after.peaks))
        )
        return Receipt(after.size - 1, newest, after)

    @property
    def frontier(self) -> Frontier:
        """The tree's right edge as it stands."""
        return self._edge()[0]

    @property
    def newest(self) -> int:
        """When the newest entry was made, in seconds since 1970; 0 for an empty log."""
        return self._edge()[1]

    def head(self, origin: str) -> TreeHead:
        """The log's head as it stands."""
        frontier = self.frontier
        return TreeHead(origin, frontier.size, frontier.root)

    def head_at(self, origin: str, size: int) -> TreeHead:
        """The head the log had when it was `size` long: recomputed from the commitments, which takes time."""
        leaves = (leaf_hash(each) for each in self.commitments(0, size))
        return TreeHead(origin, size, Frontier().grown(leaves).root)

    def commitments(self, start: int, end: int) -> Iterator[bytes]:
        """What the tree holds, from entry `start` up to `end`."""
        query = "SELECT commitment FROM log WHERE number >= ? AND number < ? ORDER BY number"
        return (row[0] for row in self._database.execute(query, (start, end)))

    def entry(self, number: int) -> tuple[Entry, bytes]:
        """An entry and its salt. Raises LogBroken where there is none."""
        row = self._database.execute("SELECT kind, at, body, salt FROM log WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise LogBroken(number)
        return Entry(EntryKind(row[0]), row[1], row[2]), row[3]

    def decisions_before(self, number: int) -> Iterator[Entry]:
        """The decisions before an entry, the newest first."""
        rows = self._database.execute(
            "SELECT at, body FROM log WHERE kind = 'decision' AND number < ? ORDER BY number DESC", (number,)
        )
        return (Entry(EntryKind.DECISION, at, body) for at, body in rows)

    def verify(self) -> Receipt | None:
        """Recompute everything from the first entry on; the newest receipt. Raises LogBroken.

        All of it is read as it stood at one moment, whoever appends meanwhile.
        """
        self._database.execute("SAVEPOINT verify")
        try:
            return self._verified()
        finally:
            self._database.execute("RELEASE verify")

    def _verified(self) -> Receipt | None:
        kinds, grown, at = set(EntryKind), Frontier(), 0
        rows = self._database.execute("SELECT number, at, kind, body, salt, commitment FROM log ORDER BY number")
        for expected, (number, when, kind, body, salt, commitment) in enumerate(rows):
            of_kind = number == expected and kind in kinds and type(when) is int and when >= at
            whole = of_kind and type(body) is type(salt) is type(commitment) is bytes
            if not whole or Entry(EntryKind(kind), when, body).commitment(salt) != commitment:
                raise LogBroken(expected)
            grown, at = grown.grown((leaf_hash(commitment),)), when
        if self._edge() != (grown, at):
            raise LogBroken(grown.size)
        return None if grown.size == 0 else Receipt(grown.size - 1, at, grown)

    def _edge(self) -> tuple[Frontier, int]:
        row = self._database.execute("SELECT size, at, peaks FROM frontier").fetchone()
        if row is None or [type(value) for value in row] != [int, int, bytes]:
            raise LogBroken(0)
        size, at, peaks = row
        return Frontier(size, tuple([peaks[place : place + 32] for place in range(0, len(peaks), 32)])), at

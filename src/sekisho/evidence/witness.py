"""A C2SP tlog-witness: cosigns a log's head if it extends the one cosigned before, and remembers which that was.

It sees heads only, never entries. Run by a partner or an auditor, it is what the log's owner cannot rewind.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from sekisho.errors import SekishoError
from sekisho.evidence.keys import KeyType, SecretKeys, TreeHead, VerifierKey, parse_key
from sekisho.evidence.merkle import EMPTY_ROOT, extends
from sekisho.evidence.note import NoteSignature, signed_by
from sekisho.evidence.submission import SIZE_TYPE, MalformedSubmission, Submission, parse_submission

COSIGNATURES = (KeyType.COSIGNATURE_ED25519, KeyType.COSIGNATURE_ML_DSA_44)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS logs (vkey TEXT PRIMARY KEY, origin TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS heads (
    origin TEXT PRIMARY KEY,
    size   INTEGER NOT NULL,
    root   BLOB NOT NULL,
    note   BLOB NOT NULL           -- as it was submitted: what a monitor compares
) STRICT;
"""


class WitnessUnusable(SekishoError):
    """The witness's store cannot be read or written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot use {path}: {why}")
        self.path, self.why = path, why


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: HTTPStatus
    body: bytes = b""
    type: str = "text/plain; charset=utf-8"


def judge(submission: Submission, keys: tuple[VerifierKey, ...], latest: TreeHead | None) -> Answer | None:
    """Why a submission is not cosigned; None, and it may be. `keys` are those trusted for its origin.

    The statuses are C2SP tlog-witness's, in the order it asks for them.
    """
    head = submission.checkpoint.head
    known = latest or TreeHead(head.origin, 0, EMPTY_ROOT)
    objection = None
    if not keys:
        objection = Answer(HTTPStatus.NOT_FOUND, b"unknown log\n")
    elif not any(signed_by(submission.checkpoint, key) for key in keys):
        objection = Answer(HTTPStatus.FORBIDDEN, b"no signature by a known key of the log\n")
    elif submission.old > head.size:
        objection = Answer(HTTPStatus.BAD_REQUEST, b"the old size is over the new one\n")
    elif submission.old != known.size or (known.size == head.size and known.root != head.root):
        objection = Answer(HTTPStatus.CONFLICT, f"{known.size}\n".encode(), SIZE_TYPE)
    elif not extends(known.size, known.root, head.size, head.root, submission.proof):
        objection = Answer(HTTPStatus.UNPROCESSABLE_ENTITY, b"the proof does not hold\n")
    return objection


class Witness:
    """A witness's keys and its store. Safe to call from several threads."""

    def __init__(self, path: Path, keys: SecretKeys, clock: Callable[[], int]) -> None:
        self._path, self._keys, self._clock = path, keys, clock
        self._one = threading.RLock()
        try:
            self._database = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute("PRAGMA fullfsync = ON")
            self._database.executescript(_SCHEMA)
        except sqlite3.Error as why:
            raise WitnessUnusable(path, str(why)) from why

    def follow(self, key: VerifierKey) -> None:
        """Cosign heads of the log with this key from now on; the key's name is the log's origin."""
        with self._one:
            self._database.execute("INSERT OR IGNORE INTO logs VALUES (?, ?)", (str(key), key.name))

    def add_checkpoint(self, raw: bytes) -> Answer:
        """Answer an `add-checkpoint` request. The new head is on disk before its cosignature exists."""
        try:
            submission = parse_submission(raw)
        except MalformedSubmission as why:
            return Answer(HTTPStatus.BAD_REQUEST, f"{why}\n".encode())
        with self._one:
            try:
                return self._judged(submission)
            except sqlite3.Error:
                with contextlib.suppress(sqlite3.Error):  # it may be closed by now
                    self._database.rollback()
                return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, b"the witness's store cannot be used\n")

    def latest(self, origin: str) -> TreeHead | None:
        """The newest head cosigned for a log."""
        with self._one:
            row = self._database.execute("SELECT size, root FROM heads WHERE origin = ?", (origin,)).fetchone()
        return None if row is None else TreeHead(origin, row[0], row[1])

    def close(self) -> None:
        """Let go of the store, once whoever is being answered has his answer: SQLite's memory is not to be freed under
        another thread. Later requests are told that the store cannot be used."""
        with self._one:
            self._database.close()

    def _judged(self, submission: Submission) -> Answer:
        head = submission.checkpoint.head
        self._database.execute("BEGIN IMMEDIATE")  # the judgement and the record are one step, over processes too
        keys = tuple(
            parse_key(vkey)
            for (vkey,) in self._database.execute("SELECT vkey FROM logs WHERE origin = ?", (head.origin,))
        )
        objection = judge(submission, keys, self.latest(head.origin))
        if objection is not None:
            self._database.rollback()
            return objection
        self._database.execute(
            "INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?)",
            (head.origin, head.size, head.root, submission.checkpoint.raw),
        )
        self._database.execute("COMMIT")
        return Answer(HTTPStatus.OK, b"".join(str(each).encode() for each in self._cosign(head)))

    def _cosign(self, head: TreeHead) -> tuple[NoteSignature, ...]:
        at = self._clock()
        keys = [self._keys.public(kind) for kind in COSIGNATURES]
        return tuple(NoteSignature(key.name, key.id, self._keys.cosign(key.type, head, at)) for key in keys)

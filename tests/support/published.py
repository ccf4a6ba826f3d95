"""A log with its published folder, grown at will."""

import sqlite3
from hashlib import sha256
from pathlib import Path

from sekisho.evidence.keys import KeyType, SecretKeys
from sekisho.evidence.log import SCHEMA, Entry, EntryKind, TransparentLog
from sekisho.evidence.monitor import LogFails, verify
from sekisho.evidence.publish import Folder, Publisher
from sekisho.evidence.quorum import parse_witness_policy
from sekisho.evidence.tiles import MalformedTile, MissingTile

KEYS = SecretKeys("log.example", sha256(b"log").digest())
TRUST = parse_witness_policy(f"log {KEYS.public(KeyType.ED25519)}\nquorum none")


class Published:
    """A log with its folder."""

    def __init__(self, folder: Path) -> None:
        database = sqlite3.connect(":memory:", isolation_level=None)
        database.executescript(SCHEMA)
        self.log, self.publisher = TransparentLog(database), Publisher(Folder(folder / "log"), KEYS)
        self.publisher.rebuild(self.log, 1)

    def grow(self, count: int) -> None:
        """Append, publish, and let the world see."""
        if count:
            self.log.append_all([Entry(EntryKind.COINS, 7, b"{}")] * count)
        self.publisher.folder.put_checkpoint(self.publisher.publish(self.log, 7))

    def holds(self) -> bool:
        """Whether an outsider finds nothing wrong."""
        try:
            return self.verify() == self.log.frontier.size
        except (LogFails, MalformedTile, MissingTile):
            return False

    def verify(self) -> int:
        """Recompute it all, as an outsider."""
        return verify(self.publisher.folder.fetch, TRUST, lambda done, whole: None).head.size

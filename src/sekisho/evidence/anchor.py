"""The head file: the newest head the log ever had, kept where a restore of the log does not reach.

An attacker who puts back an older copy of the checkpoint's home puts back older limits and unused approvals with it.
The head file says how far the log had come. Witnesses say the same, and cannot be restored by us at all.
"""

from dataclasses import dataclass
from pathlib import Path

from sekisho.errors import SekishoError
from sekisho.evidence.keys import TreeHead
from sekisho.evidence.log import TransparentLog
from sekisho.evidence.note import MalformedNote, Note
from sekisho.files import UnreadableFile, read_file, replace

MAX_HEAD_BYTES = 1_000


class Rewound(SekishoError):
    """The log is behind a head that it, or a witness, has seen: an older copy was put back."""

    def __init__(self, where: str, size: int, seen: int) -> None:
        missing = f"entry {size} is" if seen == size + 1 else f"entries {size} to {seen - 1} are"
        super().__init__(
            f"the log has {size} entries, but {where} has seen {seen}: {missing} missing. An older copy was put back; "
            "nothing is decided until the missing records are back"
        )
        self.where, self.size, self.seen = where, size, seen


class Forked(SekishoError):
    """The log holds other entries than a head that it, or a witness, has seen."""

    def __init__(self, where: str, size: int) -> None:
        super().__init__(f"the first {size} entries of the log are not those that {where} has seen; nothing is decided")
        self.where, self.size = where, size


class HeadFileUnusable(SekishoError):
    """The head file is missing or is none."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"the head file {path} cannot be used: {why}; without it a restored copy would go unnoticed")
        self.path, self.why = path, why


@dataclass(frozen=True, slots=True)
class HeadFile:
    """Where the newest head is kept, and the log it belongs to."""

    path: Path
    origin: str

    def write(self, head: TreeHead) -> None:
        """Keep a head: on disk when this returns. Raises UnwritableFile."""
        replace(self.path, head.text.encode())

    def read(self) -> TreeHead:
        """The head kept. Raises HeadFileUnusable."""
        try:
            head = Note(read_file(self.path, MAX_HEAD_BYTES).decode(), ()).head
        except UnreadableFile as why:
            raise HeadFileUnusable(self.path, why.why) from why
        except (MalformedNote, UnicodeDecodeError) as why:
            raise HeadFileUnusable(self.path, "it holds no head") from why
        if head.origin != self.origin:
            raise HeadFileUnusable(self.path, f"it belongs to the log {head.origin}")
        return head

    def check(self, log: TransparentLog) -> TreeHead:
        """The head kept, once the log is seen to be at or ahead of it. Raises Rewound, Forked, HeadFileUnusable."""
        seen = self.read()
        check_extends(log, seen, "the head file")
        return seen


def check_extends(log: TransparentLog, seen: TreeHead, where: str) -> None:
    """Whether the log begins with the tree of `seen`. Raises Rewound, Forked."""
    now = log.head(seen.origin)  # once: somebody may append meanwhile
    if seen.size > now.size:
        raise Rewound(where, now.size, seen.size)
    if seen.size < now.size:
        now = log.head_at(seen.origin, seen.size)
    if now != seen:
        raise Forked(where, seen.size)

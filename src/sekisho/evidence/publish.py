"""The log as C2SP tlog-tiles in a folder that any static web server can serve.

Everything here follows from the database: a folder that is lost or damaged is written anew (`rebuild`). Files appear
whole, tiles before the checkpoint that needs them, so that a reader never sees a head it cannot verify.
"""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from sekisho.errors import SekishoError
from sekisho.evidence.anchor import Forked, Rewound, check_extends
from sekisho.evidence.keys import KeyType, SecretKeys, TreeHead
from sekisho.evidence.log import TransparentLog
from sekisho.evidence.merkle import EMPTY_ROOT, Node, leaf_hash, range_root
from sekisho.evidence.note import MAX_NOTE_BYTES, MalformedNote, Note, NoteSignature, parse_note, text_signed_by
from sekisho.evidence.tiles import (
    HEIGHT,
    WIDTH,
    MissingTile,
    folded,
    nodes,
    read_tile,
    tile_path,
    width_of,
    write_entries,
)
from sekisho.files import UnreadableFile, put, read_file

CHECKPOINT = "checkpoint"
MAX_TILE_BYTES = WIDTH * (65_535 + 2)


class FolderBehind(SekishoError):
    """The published log is older than what was published before, or damaged."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"the published log in {folder} {why}; `sekisho log rebuild` writes it anew")
        self.folder, self.why = folder, why


_ITSELF = "its own published head"


@dataclass(frozen=True, slots=True)
class Folder:
    """A published log."""

    path: Path

    def fetch(self, name: str) -> bytes:
        """A file of the log. Raises MissingTile."""
        try:
            return read_file(self.path / name, MAX_TILE_BYTES)
        except UnreadableFile as why:
            raise MissingTile(name, why.why) from why

    def checkpoint(self) -> Note:
        """The signed head, cosignatures and all. Raises FolderBehind."""
        try:
            note = parse_note(read_file(self.path / CHECKPOINT, MAX_NOTE_BYTES))
        except UnreadableFile as why:
            raise FolderBehind(self.path, f"has no {CHECKPOINT} ({why.why})") from why
        except MalformedNote as why:
            raise FolderBehind(self.path, f"has a damaged {CHECKPOINT} ({why.why})") from why
        return note

    def put_checkpoint(self, note: Note) -> None:
        """Let the world see this head. Raises UnwritableFile."""
        put(self.path / CHECKPOINT, note.raw)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes a log's tiles and signs its heads."""

    folder: Folder
    keys: SecretKeys

    def published(self) -> TreeHead:
        """The head last published, by our own signature. Raises FolderBehind."""
        note = self.folder.checkpoint()
        if not text_signed_by(note, self.keys.public(KeyType.ED25519)) or note.head.origin != self.keys.name:
            raise FolderBehind(self.folder.path, "carries a head we did not sign")
        return note.head

    def publish(self, log: TransparentLog, at: int) -> Note:
        """Write what the newest entries add to the tiles, and sign the head over them. The head is not public yet.

        A head that is public already comes back with the cosignatures it has. Raises Rewound or Forked where the head
        signed before is no beginning of our tree, FolderBehind where the tiles there do not lead to it, UnwritableFile.
        """
        before, head = self.published(), log.head(self.keys.name)
        if before == head:
            return self.folder.checkpoint()
        if before.size > head.size:
            raise Rewound(_ITSELF, head.size, before.size)
        if before.size == head.size:
            raise Forked(_ITSELF, before.size)
        self._write(log, before.size, head.size)
        node = nodes(self.folder.fetch, head.size)
        try:
            root, earlier = _root(node, head.size), _root(node, before.size)
        except SekishoError as why:
            raise FolderBehind(self.folder.path, str(why)) from why
        if root != head.root:
            raise FolderBehind(self.folder.path, "holds tiles of another tree")
        if earlier != before.root:
            raise Forked(_ITSELF, before.size)
        return self.sign(head, at)

    def sign(self, head: TreeHead, at: int) -> Note:
        """The head as a signed note: in Ed25519, and in ML-DSA-44 beside it."""
        ed25519, ml_dsa = (self.keys.public(kind) for kind in (KeyType.ED25519, KeyType.COSIGNATURE_ML_DSA_44))
        signatures = (
            NoteSignature(ed25519.name, ed25519.id, self.keys.sign_text(head.text)),
            NoteSignature(ml_dsa.name, ml_dsa.id, self.keys.cosign(ml_dsa.type, head, at)),
        )
        return Note(head.text, signatures)

    def rebuild(self, log: TransparentLog, at: int) -> Note:
        """Write the whole folder anew from the database; the head, published without cosignatures.

        Raises Rewound or Forked where a head we signed lies there and is no beginning of our tree.
        """
        with contextlib.suppress(FolderBehind):
            check_extends(log, self.published(), _ITSELF)
        with contextlib.suppress(OSError):
            (self.folder.path / CHECKPOINT).unlink()  # before the tiles under it
        shutil.rmtree(self.folder.path, ignore_errors=True)
        self.folder.path.mkdir(mode=0o755)
        self.folder.put_checkpoint(self.sign(TreeHead(self.keys.name, 0, EMPTY_ROOT), at))
        note = self.publish(log, at)
        self.folder.put_checkpoint(note)
        return note

    def _write(self, log: TransparentLog, old: int, new: int) -> None:
        start = old - old % WIDTH
        entries = list(log.commitments(start, new))
        for place in range(0, len(entries), WIDTH):
            bundle = entries[place : place + WIDTH]
            self._put("entries", (start + place) // WIDTH, len(bundle), write_entries(bundle))
        fresh = [leaf_hash(each) for each in entries]
        for level in range(64 // HEIGHT):
            was, count = old >> HEIGHT * level, new >> HEIGHT * level
            if count == was:
                break
            first = was // WIDTH
            row = fresh if level == 0 else [*self._hashes(level, first, old), *fresh]
            for place in range(0, len(row), WIDTH):
                tile = row[place : place + WIDTH]
                self._put(level, first + place // WIDTH, len(tile), b"".join(tile))
            full = range(0, len(row) - WIDTH + 1, WIDTH)
            fresh = [folded(row[place : place + WIDTH]) for place in full]

    def _hashes(self, level: int, index: int, size: int) -> tuple[bytes, ...]:
        width = width_of(level, index, size)
        return read_tile(self.folder.fetch, level, index, width) if width else ()

    def _put(self, level: int | str, index: int, width: int, data: bytes) -> None:
        path = self.folder.path / tile_path(level, index, width)
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, data)
        if width == WIDTH:
            shutil.rmtree(path.with_name(f"{path.name}.p"), ignore_errors=True)


def _root(node: Node, size: int) -> bytes:
    return range_root(node, 0, size) if size else EMPTY_ROOT

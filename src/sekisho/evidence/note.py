"""C2SP signed-note: text, a blank line, and lines of signatures."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sekisho.errors import SekishoError
from sekisho.evidence.keys import KeyType, TreeHead, VerifierKey, is_key_name

MAX_NOTE_BYTES = 2_000_000
"""Room for an evidence bundle: it is a signed note as well."""

MAX_SIGNATURES = 64

_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class MalformedNote(SekishoError):
    """Bytes that are not a signed note, or not the kind of note they should be."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a signed note: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who says to have signed, and the bytes after the key id."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Whether it names this key. Whether it holds is another question."""
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it. Nothing of it counts before a signature by a trusted key is verified."""

    text: str
    """Ends with a newline."""
    signatures: tuple[NoteSignature, ...]

    @property
    def raw(self) -> bytes:
        """The note as bytes."""
        return f"{self.text}\n{''.join(map(str, self.signatures))}".encode()

    @property
    def head(self) -> TreeHead:
        """The tree head it states, where it is a C2SP checkpoint (without extension lines). Raises MalformedNote."""
        lines = self.text.split("\n")
        if len(lines) != 4 or not lines[0] or _SIZE.fullmatch(lines[1]) is None or int(lines[1]) >= 2**63:
            raise MalformedNote("a checkpoint is an origin, a size and a root")
        root = _base64(lines[2])
        if len(root) != 32 or len(lines[0].encode()) > 255:
            raise MalformedNote("a checkpoint's root has 32 bytes, its origin at most 255")
        return TreeHead(lines[0], int(lines[1]), root)

    def with_signatures(self, more: Iterable[NoteSignature]) -> "Note":
        """The note with further signatures; a new line takes the place of one by the same key."""
        lines = {(each.name, each.key_id): each for each in (*self.signatures, *more)}
        return Note(self.text, tuple(lines.values()))


def parse_note(raw: bytes, limit: int = MAX_NOTE_BYTES) -> Note:
    """Read a signed note. Raises MalformedNote, and nothing else, whatever the bytes."""
    if len(raw) > limit:
        raise MalformedNote(f"{len(raw)} bytes, more than {limit}")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError as why:
        raise MalformedNote("it is not UTF-8") from why
    if _CONTROL.search(whole):
        raise MalformedNote("it holds a control character")
    body, blank, signed = whole.rpartition("\n\n")
    if not blank or not signed.endswith("\n"):
        raise MalformedNote("there is no blank line with signatures after it")
    lines = signed[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedNote(f"{len(lines)} signatures, more than {MAX_SIGNATURES}")
    return Note(body + "\n", tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> NoteSignature:
    """Read one signature line, without its newline; its base64 may end in stray bits. Raises MalformedNote."""
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise MalformedNote("a signature line is a dash, a name and base64")
    data = _base64(encoded, strict=False)
    if len(data) < 5:
        raise MalformedNote("a signature is four bytes of key id and more")
    return NoteSignature(name, data[:4], data[4:])


def text_signed_by(note: Note, key: VerifierKey) -> bool:
    """Whether this log key signed the text. One of its lines that does not hold spoils the note."""
    own = [each for each in note.signatures if each.is_by(key)]
    return bool(own) and all(key.verify_text(note.text, each.signature) for each in own)


def signed_by(note: Note, key: VerifierKey) -> bool:
    """Whether a log's key, of any type, signed the checkpoint in the note. Raises MalformedNote."""
    if key.type is KeyType.ED25519:
        return text_signed_by(note, key)
    return cosigned_at(note, key) is not None


def cosigned_at(note: Note, key: VerifierKey) -> int | None:
    """When this key cosigned the checkpoint in the note, at the latest; None if it did not, or a line does not hold.

    Raises MalformedNote where the note is no checkpoint.
    """
    head = note.head
    times = [key.verify_head(head, each.signature) for each in note.signatures if each.is_by(key)]
    found = [at for at in times if at is not None]
    return max(found) if found and len(found) == len(times) else None


def _base64(text: str, *, strict: bool = True) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as why:
        raise MalformedNote("a value is not base64") from why
    if strict and base64.b64encode(data).decode() != text:
        raise MalformedNote("a value is not base64 in its usual spelling")
    return data

"""The request and the answer of C2SP tlog-witness's `add-checkpoint`, as bytes and as values."""

import base64
import binascii
import re
from dataclasses import dataclass

from sekisho.errors import SekishoError
from sekisho.evidence.merkle import MAX_PROOF
from sekisho.evidence.note import MAX_NOTE_BYTES, MalformedNote, Note, NoteSignature, parse_note, parse_signature

SIZE_TYPE = "text/x.tlog.size"
MAX_ANSWER_BYTES = 100_000
MAX_ANSWER_LINES = 16

_OLD = re.compile(rb"old (0|[1-9][0-9]{0,18})")


class MalformedSubmission(SekishoError):
    """Bytes that no witness, or no log, would send."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a submission of a checkpoint: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Submission:
    """A head for a witness to cosign, with the proof that it extends the one of `old` entries."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Note

    @property
    def raw(self) -> bytes:
        """The body of the request."""
        hashes = "".join(base64.b64encode(each).decode() + "\n" for each in self.proof)
        return f"old {self.old}\n{hashes}\n".encode() + self.checkpoint.raw


def parse_submission(raw: bytes) -> Submission:
    """Read the body of an `add-checkpoint` request. Raises MalformedSubmission, whatever the bytes."""
    front, blank, rest = raw.partition(b"\n\n")
    first, *hashes = front.split(b"\n")
    old = _OLD.fullmatch(first)
    if old is None or not blank or len(hashes) > MAX_PROOF:
        raise MalformedSubmission(f"it begins with an old size and at most {MAX_PROOF} hashes")
    try:
        proof = tuple(base64.b64decode(each, validate=True) for each in hashes)
        note = parse_note(rest, MAX_NOTE_BYTES)
        _ = note.head
    except (binascii.Error, ValueError) as why:
        raise MalformedSubmission("a hash is not base64") from why
    except MalformedNote as why:
        raise MalformedSubmission(why.why) from why
    if any(len(each) != 32 for each in proof):
        raise MalformedSubmission("a hash has 32 bytes")
    return Submission(int(old[1]), proof, note)


def parse_cosignatures(raw: bytes) -> tuple[NoteSignature, ...]:
    """Read the signature lines a witness answers with. Raises MalformedSubmission."""
    try:
        lines = raw.decode("utf-8").split("\n")
        if lines[-1] or not 1 < len(lines) <= MAX_ANSWER_LINES + 1:
            raise MalformedSubmission("the answer is no list of signature lines")
        return tuple(parse_signature(line) for line in lines[:-1])
    except (UnicodeDecodeError, MalformedNote) as why:
        raise MalformedSubmission("the answer is no list of signature lines") from why


def parse_size(raw: bytes) -> int:
    """Read the size a witness answers with. Raises MalformedSubmission."""
    found = re.fullmatch(rb"(0|[1-9][0-9]{0,18})\n", raw)
    if found is None:
        raise MalformedSubmission("the answer is no size")
    return int(found[1])

"""C2SP tlog-proof: that an entry is in a log, and that witnesses saw the log so; readable offline for ever."""

import base64
import binascii
import re
from dataclasses import dataclass

from sekisho.errors import SekishoError
from sekisho.evidence.keys import TreeHead
from sekisho.evidence.merkle import MAX_PROOF, includes, leaf_hash
from sekisho.evidence.note import MAX_NOTE_BYTES, MalformedNote, Note, cosigned_at, parse_note, signed_by
from sekisho.evidence.quorum import WitnessPolicy

HEADER = "c2sp.org/tlog-proof@v1"

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)


class MalformedProof(SekishoError):
    """Bytes that are not a tlog-proof."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a tlog-proof: {why}")
        self.why = why


class ProofFails(SekishoError):
    """A proof that does not show what it should."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the proof fails: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry's place in a log, the hashes from its leaf to the root, and the signed head with that root."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note

    @property
    def raw(self) -> bytes:
        """The proof as a `.tlog-proof` file."""
        hashes = "".join(base64.b64encode(each).decode() + "\n" for each in self.path)
        return f"{HEADER}\nindex {self.index}\n{hashes}\n".encode() + self.checkpoint.raw


def parse_proof(raw: bytes) -> Proof:
    """Read a tlog-proof (without extra data: we write none). Raises MalformedProof, and nothing else."""
    front, blank, rest = raw.partition(b"\n\n")
    try:
        first, place, *hashes = front.decode("ascii").split("\n")
        found = _INDEX.fullmatch(place)
        path = tuple(base64.b64decode(each, validate=True) for each in hashes)
        if first != HEADER or found is None or not blank:
            raise MalformedProof(f"it must begin with {HEADER} and an index")
        if len(path) > MAX_PROOF or any(len(each) != 32 for each in path):
            raise MalformedProof("its path holds something else than hashes")
        proof = Proof(int(found[1]), path, parse_note(rest, MAX_NOTE_BYTES))
    except (binascii.Error, ValueError) as why:
        raise MalformedProof("it is not written as such") from why
    except MalformedNote as why:
        raise MalformedProof(why.why) from why
    if proof.raw != raw:
        raise MalformedProof("a value is not in its usual spelling")
    return proof


def check(proof: Proof, entry: bytes, origin: str, policy: WitnessPolicy) -> TreeHead:
    """The head that the entry is shown to be in: signed by the log, and cosigned by a quorum.

    Raises ProofFails, naming what is missing, or MalformedNote where the note in it is no checkpoint.
    """
    head = proof.checkpoint.head
    if head.origin != origin:
        raise ProofFails(f"it is about the log {head.origin}, not {origin}")
    if not any(each.key.name == origin and signed_by(proof.checkpoint, each.key) for each in policy.logs):
        raise ProofFails("no key of the log signed the head")
    seen = witnessed(proof.checkpoint, policy)
    if not policy.met_by(seen.keys()):
        raise ProofFails(f"{len(seen)} known witnesses cosigned the head ({', '.join(seen) or 'none'}): no quorum")
    if not includes(leaf_hash(entry), proof.index, head.size, proof.path, head.root):
        raise ProofFails(f"the entry is not number {proof.index} under that head")
    return head


def witnessed(checkpoint: Note, policy: WitnessPolicy) -> dict[str, int]:
    """The witnesses of the policy whose cosignatures hold, by name, with their times (seconds since 1970)."""
    times = {each.name: cosigned_at(checkpoint, each.key) for each in policy.witnesses}
    return {name: at for name, at in times.items() if at is not None}

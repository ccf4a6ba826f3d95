"""Asks the witnesses a policy names to cosign a head: all at once, and none for longer than a bound."""

import http.client
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

from sekisho.errors import SekishoError
from sekisho.evidence.anchor import Forked, Rewound
from sekisho.evidence.merkle import Node, consistency_proof
from sekisho.evidence.note import Note, NoteSignature, cosigned_at
from sekisho.evidence.quorum import KnownWitness, WitnessPolicy
from sekisho.evidence.submission import (
    MAX_ANSWER_BYTES,
    MalformedSubmission,
    Submission,
    parse_cosignatures,
    parse_size,
)
from sekisho.requests.canonical import made_visible

_Value = TypeVar("_Value")

PATIENCE = 5.0
"""Seconds that all witnesses together may take."""

GRACE = 0.25
"""Seconds that the others still have once a quorum has answered."""

TOLERANCE = 300
"""Seconds a witness's clock may differ from ours: an older cosignature is stale, a newer one from the future."""


class WitnessFails(SekishoError):
    """A witness did not cosign."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Gathered:
    """A head with the cosignatures it got, and why others are missing."""

    checkpoint: Note
    seen: tuple[str, ...]
    """Names of the witnesses that cosigned, as the policy calls them."""
    missing: tuple[tuple[str, str], ...]
    """The others, each with what went wrong."""


NOBODY_ASKED = Gathered(Note("", ()), (), ())
"""Where no policy names witnesses."""


def gather(checkpoint: Note, policy: WitnessPolicy, before: int, node: Node, now: Callable[[], int]) -> Gathered:
    """Have a head cosigned. `before` is the size the witnesses probably know, `node` gives the hashes of the tree, and
    `now` seconds since 1970.

    Returns within `PATIENCE` seconds, whatever the witnesses do. Raises Rewound or Forked where a witness has seen more
    of this log than we have, or something else: that is never just a missing cosignature.
    """
    answers: queue.SimpleQueue[tuple[str, list[NoteSignature] | Exception]] = queue.SimpleQueue()

    def ask(witness: KnownWitness) -> None:
        try:
            answers.put((witness.name, _ask(witness, checkpoint, before, node, now)))
        except Exception as why:  # noqa: BLE001 - raised again where it is waited for
            answers.put((witness.name, why))

    for each in policy.witnesses:  # in daemons: the program must end although a witness never stops talking
        threading.Thread(target=ask, args=(each,), name=f"witness {each.name}", daemon=True).start()
    signatures: list[NoteSignature] = []
    seen: list[str] = []
    missing: list[tuple[str, str]] = []
    waiting, until = {each.name for each in policy.witnesses}, time.monotonic() + PATIENCE
    while waiting and (left := until - time.monotonic()) > 0:
        try:
            name, answer = answers.get(timeout=left)
        except queue.Empty:
            break
        waiting.remove(name)
        if isinstance(answer, WitnessFails):
            missing.append((name, answer.why))
        elif isinstance(answer, Exception):
            raise answer
        else:
            signatures += answer
            seen.append(name)
        if policy.met_by(set(seen)):
            until = min(until, time.monotonic() + GRACE)
    missing += ((name, "it did not answer in time") for name in waiting)
    return Gathered(checkpoint.with_signatures(signatures), tuple(sorted(seen)), tuple(sorted(missing)))


def _ask(
    witness: KnownWitness, checkpoint: Note, before: int, node: Node, now: Callable[[], int]
) -> list[NoteSignature]:
    """The witness's cosignatures. Where it knows another size than we thought, it says so, and is asked again."""
    size, origin = checkpoint.head.size, checkpoint.head.origin
    checkpoint = Note(checkpoint.text, tuple(each for each in checkpoint.signatures if each.name == origin))
    status, body = _post(witness, Submission(before, consistency_proof(node, before, size), checkpoint))
    if status == HTTPStatus.CONFLICT:
        known = _understood(parse_size, body)
        if known > size:
            raise Rewound(f"witness {witness.name}", size, known)
        status, body = _post(witness, Submission(known, consistency_proof(node, known, size), checkpoint))
        if status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY) and _still(body, known):
            raise Forked(f"witness {witness.name}", known)
    if status != HTTPStatus.OK:
        raise WitnessFails(f"it answered {status}")
    own = [each for each in _understood(parse_cosignatures, body) if each.is_by(witness.key)]
    at = cosigned_at(Note(checkpoint.text, tuple(own)), witness.key)
    if at is None:
        raise WitnessFails("its cosignature does not hold")
    if abs(at - now()) > TOLERANCE:
        raise WitnessFails(f"its cosignature is {abs(at - now())} s {'old' if at < now() else 'ahead of our clock'}")
    return own


def _still(body: bytes, known: int) -> bool:
    """Whether a refusal is about the tree, and not about another head that came in between."""
    try:
        return parse_size(body) == known
    except MalformedSubmission:
        return True


def _post(witness: KnownWitness, submission: Submission) -> tuple[int, bytes]:
    parts = urlsplit(witness.url or "")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("POST", f"{parts.path}/add-checkpoint", submission.raw, {"Content-Type": "text/plain"})
        answer = connection.getresponse()
        return answer.status, answer.read(MAX_ANSWER_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as why:
        raise WitnessFails(
            f"it cannot be reached ({made_visible(str(why).strip())[:100] or type(why).__name__})"
        ) from why
    finally:
        connection.close()


def _understood(read: Callable[[bytes], _Value], body: bytes) -> _Value:
    try:
        return read(body)
    except MalformedSubmission as why:
        raise WitnessFails(str(why)) from why

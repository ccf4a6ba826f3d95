"""Asking witnesses: what one of them says or does never keeps the others from being heard."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from sekisho.evidence.gather import PATIENCE, Gathered, gather
from sekisho.evidence.keys import KeyType, SecretKeys, TreeHead
from sekisho.evidence.merkle import Frontier
from sekisho.evidence.note import Note, NoteSignature, cosigned_at
from sekisho.evidence.quorum import parse_witness_policy
from sekisho.requests.canonical import visible
from support.babble import answering
from support.witnesses import RunningWitness, wall_clock

LOG = SecretKeys("gather.example/log", bytes(32))
HEAD = TreeHead(LOG.name, 1, Frontier().grown((bytes(32),)).root)


W1 = SecretKeys("W1.example/w", sha256(b"witness W1").digest())
W2 = SecretKeys("w2.example/w", b"2" * 32)


def checkpoint() -> Note:
    key = LOG.public(KeyType.ED25519)
    return Note(HEAD.text, (NoteSignature(key.name, key.id, LOG.sign_text(HEAD.text)),))


def nothing(height: int, index: int) -> bytes:
    """A proof from size 0 needs no node."""
    raise AssertionError(height, index)


def asked(folder: Path, port: int) -> Gathered:
    """One honest witness, and one at this port; any of them is enough."""
    honest = RunningWitness(folder, "W1", [LOG.public(KeyType.ED25519)], wall_clock)
    other = W2.public(KeyType.COSIGNATURE_ED25519)
    text = f"{honest.line()}\nwitness W2 {other} http://127.0.0.1:{port}\ngroup both any W1 W2\nquorum both"
    found = gather(checkpoint(), parse_witness_policy(text), 0, nothing, wall_clock)
    honest.stop()
    return found


GARBAGE = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "control characters": b"\x1b[2J\x00\x07 no\r\n",
    "letters that are not in NFC": b"\xc3\xa9 e\xcc\x81\r\n",
    "one endless line": b"x" * 200_000,
    "nothing": b"",
    "a status of its own": b"HTTP/1.1 999 \x1b[31m\r\n\r\n",
}


@pytest.mark.parametrize("said", GARBAGE.values(), ids=GARBAGE)
def test_what_a_witness_says_instead_of_cosigning_can_be_written_down(tmp_path: Path, said: bytes) -> None:
    with answering(lambda caller: caller.sendall(said)) as port:
        found = asked(tmp_path, port)
    assert found.seen == ("W1",)
    ((name, why),) = found.missing
    assert name == "W2"
    assert visible(why)
    assert len(why) < 200


def lines(*given: NoteSignature) -> Callable[[socket.socket], None]:
    """A witness that answers these lines, a little after the other."""
    body = "".join(map(str, given)).encode()

    def answer(caller: socket.socket) -> None:
        time.sleep(0.1)
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        while caller.recv(65_536):
            pass  # until it has been read

    return answer


def line(head: TreeHead, signer: SecretKeys, name: SecretKeys) -> NoteSignature:
    """A cosignature on a head by one key, said to be by another."""
    key = name.public(KeyType.COSIGNATURE_ED25519)
    return NoteSignature(key.name, key.id, signer.cosign(key.type, head, wall_clock()))


FALSE = {
    "a signature that is none": replace(line(HEAD, W2, W2), signature=bytes(72)),
    "a cosignature by another key": line(HEAD, LOG, W2),
    "a cosignature on another head": line(TreeHead(LOG.name, 2, HEAD.root), W2, W2),
    "another's cosignature alone": line(HEAD, W1, W1),
}


@pytest.mark.parametrize("given", FALSE.values(), ids=FALSE)
def test_a_cosignature_that_does_not_hold_does_not_count(tmp_path: Path, given: NoteSignature) -> None:
    with answering(lines(given)) as port:
        found = asked(tmp_path, port)
    assert (found.seen, found.missing) == (("W1",), (("W2", "its cosignature does not hold"),))


def test_a_witness_cannot_put_a_line_in_anothers_place(tmp_path: Path) -> None:
    """One false line of a known key spoils the note: and with it the evidence of a payment."""
    with answering(lines(line(HEAD, W2, W2), line(HEAD, W2, W1))) as port:
        found = asked(tmp_path, port)
    assert found.seen == ("W1", "W2")
    keys = (each.public(KeyType.COSIGNATURE_ED25519) for each in (W1, W2))
    assert None not in [cosigned_at(found.checkpoint, key) for key in keys]


def drip(caller: socket.socket) -> None:
    """A header that never ends, one byte at a time."""
    caller.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        caller.sendall(b"x")
        time.sleep(0.2)


ASK = """
import sys, time
from sekisho.evidence.gather import gather
from sekisho.evidence.note import parse_note
from sekisho.evidence.quorum import parse_witness_policy
note = parse_note(sys.argv[1].encode())
print(gather(note, parse_witness_policy(sys.argv[2]), 0, None, lambda: int(time.time())).missing)
"""


def test_nobody_waits_at_the_end_for_a_witness_that_never_stops_talking() -> None:
    key = SecretKeys("w.example/w", bytes(32)).public(KeyType.COSIGNATURE_ED25519)
    with answering(drip) as port:
        policy = f"witness W {key} http://127.0.0.1:{port}\nquorum W"
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", ASK, checkpoint().raw.decode(), policy],
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE,
            check=True,
        )
    assert "it did not answer in time" in done.stdout
    assert time.monotonic() - start < 3 * PATIENCE

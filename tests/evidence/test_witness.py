"""A witness's dialogues: C2SP tlog-witness's statuses, its memory, and what it never cosigns."""

import http.client
import random
import socket
import sqlite3
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.evidence.keys import KeyType, SecretKeys, TreeHead
from sekisho.evidence.merkle import Frontier, consistency_proof, leaf_hash
from sekisho.evidence.note import Note, NoteSignature, cosigned_at
from sekisho.evidence.submission import (
    MalformedSubmission,
    Submission,
    parse_cosignatures,
    parse_size,
    parse_submission,
)
from sekisho.evidence.tiles import folded
from sekisho.evidence.witness import COSIGNATURES, Witness
from support.witnesses import RunningWitness

LOG = SecretKeys("log.example", sha256(b"log").digest())
ROWS = [leaf_hash(b"entry %d" % number) for number in range(40)]
FORGED = [leaf_hash(b"forged"), *ROWS[1:]]


def node(rows: list[bytes], height: int, index: int) -> bytes:
    return folded(rows[index << height : (index + 1) << height])


def head(size: int, rows: list[bytes] = ROWS, secret: SecretKeys = LOG) -> Note:
    tree = TreeHead(secret.name, size, Frontier().grown(rows[:size]).root)
    key = secret.public(KeyType.ED25519)
    return Note(tree.text, (NoteSignature(key.name, key.id, secret.sign_text(tree.text)),))


def submission(old: int, size: int, rows: list[bytes] = ROWS, **changes: object) -> bytes:
    proof = consistency_proof(lambda height, index: node(rows, height, index), old, size)
    made = {"old": old, "proof": proof, "checkpoint": head(size, rows)} | changes
    return Submission(**made).raw  # type: ignore[arg-type]


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    made = Witness(tmp_path / "witness.db", SecretKeys("w.example", sha256(b"w").digest()), lambda: 1234)
    made.follow(LOG.public(KeyType.ED25519))
    yield made
    made.close()


def test_it_cosigns_what_extends_what_it_cosigned_before(witness: Witness) -> None:
    for old, size in ((0, 3), (3, 3), (3, 17), (17, 40)):
        answer = witness.add_checkpoint(submission(old, size))
        assert answer.status == HTTPStatus.OK
        note = Note(head(size).text, parse_cosignatures(answer.body))
        keys = SecretKeys("w.example", sha256(b"w").digest())
        assert [cosigned_at(note, keys.public(kind)) for kind in COSIGNATURES] == [1234, 1234]
        assert witness.latest("log.example") == head(size).head


STRANGER = SecretKeys("log.example", sha256(b"stranger").digest())
UNKNOWN = SecretKeys("other.example", sha256(b"other").digest())

REFUSED: dict[str, tuple[bytes, HTTPStatus, bytes | None]] = {
    "nonsense": (b"hello", HTTPStatus.BAD_REQUEST, None),
    "nothing": (b"", HTTPStatus.BAD_REQUEST, None),
    "a log nobody follows": (
        submission(0, 9, checkpoint=head(9, secret=UNKNOWN)),
        HTTPStatus.NOT_FOUND,
        None,
    ),
    "a head by a stranger's key": (
        submission(7, 9, checkpoint=head(9, secret=STRANGER)),
        HTTPStatus.FORBIDDEN,
        None,
    ),
    "an old size over the new one": (Submission(9, (), head(5)).raw, HTTPStatus.BAD_REQUEST, None),
    "another old size than it has": (submission(5, 9), HTTPStatus.CONFLICT, b"7\n"),
    "an old size of zero": (submission(0, 9), HTTPStatus.CONFLICT, b"7\n"),
    "a shorter log than it has": (submission(5, 6), HTTPStatus.CONFLICT, b"7\n"),
    "another tree of the same size": (submission(7, 7, FORGED), HTTPStatus.CONFLICT, b"7\n"),
    "a tree rewritten after its head was cosigned": (
        submission(7, 9, FORGED),
        HTTPStatus.UNPROCESSABLE_ENTITY,
        None,
    ),
    "no proof": (submission(7, 9, proof=()), HTTPStatus.UNPROCESSABLE_ENTITY, None),
    "a proof of something else": (submission(7, 9, proof=(bytes(32),) * 3), HTTPStatus.UNPROCESSABLE_ENTITY, None),
}


@pytest.mark.parametrize(("raw", "status", "body"), REFUSED.values(), ids=REFUSED)
def test_it_refuses(witness: Witness, raw: bytes, status: HTTPStatus, body: bytes | None) -> None:
    assert witness.add_checkpoint(submission(0, 7)).status == HTTPStatus.OK
    answer = witness.add_checkpoint(raw)
    assert answer.status == status
    if body is not None:
        assert answer.body == body
        assert answer.type == "text/x.tlog.size"
        assert parse_size(answer.body) == 7
    assert witness.latest("log.example") == head(7).head


def test_it_remembers_over_restarts(tmp_path: Path) -> None:
    keys = SecretKeys("w.example", sha256(b"w").digest())
    first = Witness(tmp_path / "w.db", keys, lambda: 1)
    first.follow(LOG.public(KeyType.ED25519))
    assert first.add_checkpoint(submission(0, 9)).status == HTTPStatus.OK
    first.close()
    second = Witness(tmp_path / "w.db", keys, lambda: 2)
    assert second.add_checkpoint(submission(0, 5)).status == HTTPStatus.CONFLICT
    assert second.add_checkpoint(submission(9, 12)).status == HTTPStatus.OK
    second.close()


def test_of_two_heads_at_once_only_one_line_of_history_is_cosigned(tmp_path: Path) -> None:
    """The race of C2SP tlog-witness's own text: many extend the same head, in two trees, over two handles."""
    keys = SecretKeys("w.example", sha256(b"w").digest())
    witnesses = [Witness(tmp_path / "w.db", keys, lambda: 1) for _ in range(2)]
    witnesses[0].follow(LOG.public(KeyType.ED25519))
    bodies = [submission(0, size, rows) for size in range(1, 20) for rows in (ROWS, FORGED)]
    start = threading.Barrier(8)

    def ask(place: int) -> list[tuple[bytes, HTTPStatus]]:
        start.wait()
        return [(body, witnesses[place % 2].add_checkpoint(body).status) for body in bodies[place::8]]

    with ThreadPoolExecutor(8) as pool:
        answers = [answer for answers in pool.map(ask, range(8)) for answer in answers]
    statuses = [status for _, status in answers]
    assert statuses.count(HTTPStatus.OK) == 1
    assert statuses.count(HTTPStatus.CONFLICT) == len(bodies) - 1, "nobody is told that the store cannot be used"
    for each in witnesses:
        each.close()


def test_a_store_that_cannot_be_written_cosigns_nothing(witness: Witness, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "witness.db", isolation_level=None)
    other.execute("DROP TABLE heads")
    assert witness.add_checkpoint(submission(0, 7)).status == HTTPStatus.INTERNAL_SERVER_ERROR


def test_it_is_closed_only_when_whoever_is_answered_has_his_answer(tmp_path: Path) -> None:
    """CPython 3.13 died of a statement whose database another thread had closed."""
    asked, go_on = threading.Event(), threading.Event()

    def clock() -> int:
        asked.set()
        go_on.wait(20)
        return 1234

    witness = Witness(tmp_path / "witness.db", SecretKeys("w.example", sha256(b"w").digest()), clock)
    witness.follow(LOG.public(KeyType.ED25519))
    with ThreadPoolExecutor(2) as threads:
        answer = threads.submit(witness.add_checkpoint, submission(0, 3))
        assert asked.wait(20)
        closing = threads.submit(witness.close)
        assert not closing.done()
        with pytest.raises(TimeoutError):
            closing.result(0.3)
        go_on.set()
        assert answer.result(20).status is HTTPStatus.OK
        closing.result(20)
    assert witness.add_checkpoint(submission(3, 5)).status is HTTPStatus.INTERNAL_SERVER_ERROR


@given(st.randoms())
def test_any_bytes_are_a_submission_or_malformed(dice: random.Random) -> None:
    raw = damaged(dice, submission(7, 9))
    try:
        read = parse_submission(raw)
        assert parse_submission(read.raw) == read
    except MalformedSubmission:
        return


@given(st.randoms())
def test_any_answer_is_understood_or_malformed(dice: random.Random) -> None:
    for read, good in ((parse_cosignatures, str(head(3).signatures[0]).encode()), (parse_size, b"17\n")):
        try:
            assert read(damaged(dice, good)) is not None
        except MalformedSubmission:
            continue


def test_over_http_it_answers_add_checkpoint_and_nothing_else(tmp_path: Path) -> None:
    running = RunningWitness(tmp_path, "W1", [LOG.public(KeyType.ED25519)], lambda: 5)
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
    for method, path, body, status in (
        ("POST", "/add-checkpoint", submission(0, 3), 200),
        ("POST", "/add-checkpoint", submission(3, 5), 200),
        ("POST", "/add-checkpoint", b"junk", 400),
        ("POST", "/elsewhere", b"", 404),
        ("GET", "/add-checkpoint", None, 501),
    ):
        connection.request(method, path, body)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
        if status >= 404:
            connection.close()
    running.stop()


@pytest.mark.parametrize("length", ["999999999999", "9" * 5_000, "-1", "x", ""])
def test_a_client_that_lies_about_its_length_is_answered(
    tmp_path: Path, length: str, capfd: pytest.CaptureFixture[str]
) -> None:
    running = RunningWitness(tmp_path, "W1", [LOG.public(KeyType.ED25519)], lambda: 5)
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
    connection.putrequest("POST", "/add-checkpoint")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status == 400
    running.stop()
    assert capfd.readouterr().err == ""


def test_a_client_that_leaves_in_the_middle_leaves_no_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    running = RunningWitness(tmp_path, "W1", [LOG.public(KeyType.ED25519)], lambda: 5)
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", running.port), timeout=5) as client:
            client.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 900\r\n\r\nold")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # leaves with a reset
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
    connection.request("POST", "/add-checkpoint", submission(0, 3))
    assert connection.getresponse().status == 200
    running.stop()
    assert capfd.readouterr().err == ""

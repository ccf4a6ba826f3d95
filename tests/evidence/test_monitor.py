"""Monitors: new entries are read once, two stories are told apart, and stale witnesses are named."""

import shutil
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sekisho.evidence import web
from sekisho.evidence.keys import KeyType
from sekisho.evidence.monitor import LogFails, Seen, follow, parse_seen, show_seen, stale
from sekisho.evidence.note import Note, NoteSignature, parse_note, signed_by
from sekisho.evidence.quorum import parse_witness_policy
from sekisho.evidence.tiles import Fetch, MissingTile
from sekisho.evidence.web import NotDelivered, fetcher, post
from support.babble import answering
from support.published import KEYS, Published
from support.witnesses import RunningWitness

LOG = f"log {KEYS.public(KeyType.ED25519)}"
TRUST = parse_witness_policy(f"{LOG}\nquorum none")


@pytest.fixture
def published(tmp_path: Path) -> Published:
    made = Published(tmp_path)
    made.grow(300)
    return made


def counting(fetch: Fetch, read: list[str]) -> Fetch:
    def counted(path: str) -> bytes:
        read.append(path)
        return fetch(path)

    return counted


def look(published: Published, before: Seen | None, read: list[str] | None = None) -> Seen:
    fetch = counting(published.publisher.folder.fetch, read if read is not None else [])
    seen, splits = follow({"here": fetch}, TRUST, before)
    assert splits == ()
    return seen


def test_what_was_read_before_is_not_read_again(published: Published) -> None:
    first = look(published, None)
    published.grow(300)
    read: list[str] = []
    second = look(published, parse_seen(show_seen(first)), read)
    assert second.frontier == published.log.frontier
    assert "tile/entries/000" not in read
    assert "tile/entries/002.p/88" in read


def test_a_log_rewritten_since_the_last_look_is_a_split_view_with_both_heads(
    published: Published, tmp_path: Path
) -> None:
    seen = look(published, None)
    (tmp_path / "other").mkdir()
    other = Published(tmp_path / "other")
    other.grow(400)
    _, splits = follow({"here": other.publisher.folder.fetch}, TRUST, seen)
    (split,) = splits
    for each in (split.one, split.other):
        assert parse_note(each.raw) == each
        assert signed_by(each, KEYS.public(KeyType.ED25519))
    assert {split.one.head.size, split.other.head.size} == {300, 400}
    assert split.one.raw in split.raw


def test_two_places_that_tell_two_stories_are_told_apart(published: Published, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    for size in (200, 300, 450):
        shutil.rmtree(tmp_path / "other" / "log", ignore_errors=True)
        other = Published(tmp_path / "other")
        other.grow(size)
        places = {"here": published.publisher.folder.fetch, "there": other.publisher.folder.fetch}
        assert len(follow(places, TRUST, None)[1]) == 1


def test_a_place_that_lags_behind_is_no_split_view(published: Published, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "log", tmp_path / "mirror")
    seen = look(published, None)
    published.grow(99)
    places = {"here": published.publisher.folder.fetch, "mirror": fetcher(str(tmp_path / "mirror"))}
    for before in (None, seen, look(published, seen)):
        newest, splits = follow(places, TRUST, before)
        assert splits == ()
        assert newest.frontier.size == 399


def test_a_log_that_shrank_is_an_error(published: Published, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "log", tmp_path / "yesterday")
    published.grow(10)
    seen = look(published, None)
    with pytest.raises(LogFails, match="had 310 entries before, and has 300 now"):
        follow({"here": fetcher(str(tmp_path / "yesterday"))}, TRUST, seen)


def test_damage_is_not_taken_for_a_second_story(published: Published, tmp_path: Path) -> None:
    seen = look(published, None)
    published.grow(10)
    bundle = tmp_path / "log/tile/entries/001.p/54"
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"x")
    with pytest.raises(LogFails, match="do not lead to the root"):
        look(published, seen)


def test_a_damaged_state_file_is_an_error(published: Published) -> None:
    raw = show_seen(look(published, None))
    assert parse_seen(raw).frontier == published.log.frontier
    for wrong in (b"", b"junk", raw.replace(b"300 ", b"301 "), raw[:-5]):
        with pytest.raises(LogFails):
            parse_seen(wrong)


def test_a_head_by_a_strangers_key_is_not_followed(published: Published) -> None:
    note = published.publisher.folder.checkpoint()
    line = note.signatures[0]
    broken = NoteSignature(line.name, line.key_id, bytes(64))
    published.publisher.folder.put_checkpoint(Note(note.text, (broken,)))
    with pytest.raises(LogFails, match="no trusted key"):
        look(published, None)


def test_a_head_of_another_log_is_not_followed_though_the_key_signed_it(published: Published) -> None:
    head = replace(published.publisher.folder.checkpoint().head, origin="other.example")
    published.publisher.folder.put_checkpoint(published.publisher.sign(head, 1))
    with pytest.raises(LogFails, match="no trusted key signed the head of other"):
        look(published, None)


def test_witnesses_that_did_not_cosign_lately_are_named(published: Published, tmp_path: Path) -> None:
    witness = RunningWitness(tmp_path, "W1", [KEYS.public(KeyType.ED25519)], lambda: 1000)
    silent = RunningWitness(tmp_path, "W2", [KEYS.public(KeyType.ED25519)], lambda: 1000)
    policy = parse_witness_policy(f"{LOG}\n{witness.line()}\n{silent.line()}\nquorum W1")
    head = published.publisher.folder.checkpoint().head
    key = witness.keys.public(KeyType.COSIGNATURE_ED25519)
    line = NoteSignature(key.name, key.id, witness.keys.cosign(key.type, head, 1000))
    note = published.publisher.folder.checkpoint().with_signatures([line])
    assert stale(note, policy, 900) == ("W2",)
    assert stale(note, policy, 1001) == ("W1", "W2")
    witness.stop()
    silent.stop()


def test_a_host_that_drips_does_not_keep_the_monitor_from_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte came in time, and the file never ended: whoever serves a second history could keep it unnoticed."""

    def drip(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(50):
            caller.sendall(b"x")
            time.sleep(0.1)

    monkeypatch.setattr(web, "PATIENCE", 1)
    with answering(drip) as port:
        start = time.monotonic()
        with pytest.raises(MissingTile, match="in 1 seconds"):
            fetcher(f"http://127.0.0.1:{port}")("checkpoint")
        with pytest.raises(NotDelivered, match="in 1 seconds"):
            post(f"http://127.0.0.1:{port}", b"{}")
        assert time.monotonic() - start < 4

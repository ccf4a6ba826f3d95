"""The published log: C2SP tiles for every size, proofs from files alone, and damage that is noticed or mended."""

import contextlib
import os
import random
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.evidence.anchor import Forked, Rewound
from sekisho.evidence.keys import KeyType, SecretKeys
from sekisho.evidence.log import Entry, EntryKind
from sekisho.evidence.merkle import Frontier, consistency_proof, extends, includes, inclusion_proof, leaf_hash
from sekisho.evidence.monitor import LogFails
from sekisho.evidence.note import signed_by
from sekisho.evidence.publish import CHECKPOINT, FolderBehind, Publisher
from sekisho.evidence.tiles import (
    WIDTH,
    MalformedTile,
    MissingTile,
    nodes,
    read_entries,
    read_hashes,
    tile_path,
    width_of,
    write_entries,
)
from support.published import KEYS, Published


def test_paths_are_those_of_the_specification() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path("entries", 5) == "tile/entries/005"
    assert tile_path(1, 0, 17) == "tile/1/000.p/17"
    assert tile_path(2, 1000, 1) == "tile/2/x001/000.p/1"


def test_a_tree_of_70000_has_the_tiles_the_specification_counts() -> None:
    assert [width_of(0, index, 70_000) for index in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [width_of(1, index, 70_000) for index in (0, 1, 2)] == [256, 17, 0]
    assert [width_of(2, index, 70_000) for index in (0, 1)] == [1, 0]


@settings(max_examples=25)
@given(steps=st.lists(st.integers(0, 400), min_size=1, max_size=5), data=st.data())
def test_a_log_grown_in_any_steps_verifies_and_proves_from_its_files(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], data: st.DataObject
) -> None:
    published = Published(tmp_path_factory.mktemp("log"))
    for count in steps:
        published.grow(count)
    size = published.verify()
    assert size == sum(steps)
    if size == 0:
        return
    node, root = nodes(published.publisher.folder.fetch, size), published.log.frontier.root
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    (entry,) = published.log.commitments(index, index + 1)
    assert includes(leaf_hash(entry), index, size, inclusion_proof(node, index, size), root)
    before = published.log.head_at("log.example", old)
    assert extends(old, before.root, size, root, consistency_proof(node, old, size))


def test_it_grows_past_two_levels(tmp_path: Path) -> None:
    published = Published(tmp_path)
    for count in (65_530, 3, 10, 300):
        published.grow(count)
        assert published.verify() == published.log.frontier.size
    assert (tmp_path / "log/tile/2/000.p/1").is_file()
    assert not list((tmp_path / "log").rglob("000.p/*")) or not (tmp_path / "log/tile/0/000.p").exists()


@pytest.mark.parametrize("full", [WIDTH, WIDTH**2])
def test_killed_where_a_tile_gets_full_it_goes_on(tmp_path: Path, full: int) -> None:
    """The partial tile goes once the full one is there, and the head that needed it is still the one that is out."""
    published = Published(tmp_path)
    published.grow(full - 1)
    published.log.append(Entry(EntryKind.COINS, 7, b"{}"))
    published.publisher.publish(published.log, 7)
    assert published.verify() == full - 1
    published.grow(1)
    assert published.verify() == full + 1


def test_heads_are_signed_in_two_ways(tmp_path: Path) -> None:
    published = Published(tmp_path)
    published.grow(3)
    note = published.publisher.folder.checkpoint()
    assert all(signed_by(note, KEYS.public(kind)) for kind in (KeyType.ED25519, KeyType.COSIGNATURE_ML_DSA_44))


def test_a_flipped_bit_anywhere_is_noticed(tmp_path: Path) -> None:
    """But in the spare signature, which nobody here trusts, and in the partial tiles of an older head."""
    published = Published(tmp_path)
    published.grow(600)
    published.grow(7)
    files = sorted(path for path in (tmp_path / "log").rglob("*") if path.is_file())
    dice, head = random.Random(607), published.publisher.folder.checkpoint().head
    for _ in range(400):
        path = dice.choice(files)
        whole = path.read_bytes()
        place, bit = dice.randrange(len(whole)), 1 << dice.randrange(8)
        path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
        superseded = path.parent.name == "002.p" and path.name != "95"
        spare = path.name == CHECKPOINT and published.holds() and published.publisher.folder.checkpoint().head == head
        assert not published.holds() or superseded or spare, f"byte {place} of {path}"
        path.write_bytes(whole)
    assert published.verify() == 607


DAMAGE = {
    "an entry is edited": ("tile/entries/000", lambda raw: raw[:40] + b"x" + raw[41:]),
    "a tile is edited": ("tile/0/001", lambda raw: bytes(len(raw))),
    "a tile above is edited": ("tile/1/000.p/2", lambda raw: raw[32:] + raw[:32]),
    "a bundle is cut off": ("tile/entries/002.p/95", lambda raw: raw[:-1]),
    "a bundle has an entry more": ("tile/entries/002.p/95", lambda raw: raw + write_entries([b"more"])),
    "a file is gone": ("tile/0/001", lambda raw: None),
    "the head is of another log": (CHECKPOINT, lambda raw: raw.replace(b"log.example\n", b"gol.example\n", 1)),
    "the head is gone": (CHECKPOINT, lambda raw: None),
}


@pytest.mark.parametrize(("name", "damage"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_named_and_rebuilding_mends_it(tmp_path: Path, name: str, damage: object) -> None:
    published = Published(tmp_path)
    published.grow(607)
    path = tmp_path / "log" / name
    made = damage(path.read_bytes())  # type: ignore[operator]
    path.unlink()
    if made is not None:
        path.write_bytes(made)
    with pytest.raises((LogFails, MalformedTile, MissingTile)):
        published.verify()
    published.publisher.rebuild(published.log, 9)
    assert published.verify() == 607


def test_rebuilding_never_shows_a_head_without_its_tiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiles went first: a reader, and whoever looked after a kill in between, found a log that fails."""
    published = Published(tmp_path)
    published.grow(300)
    heads: list[int] = []
    real = os.unlink

    def unlink(path: str | Path, *, dir_fd: int | None = None) -> None:
        real(path, dir_fd=dir_fd)
        with contextlib.suppress(FolderBehind):
            heads.append(published.publisher.folder.checkpoint().head.size)
            assert published.holds()

    monkeypatch.setattr(os, "unlink", unlink)
    published.publisher.rebuild(published.log, 9)
    monkeypatch.undo()
    assert published.holds()
    assert set(heads) <= {0}


def test_an_edited_full_tile_stops_the_next_head(tmp_path: Path) -> None:
    published = Published(tmp_path)
    published.grow(600)
    (tmp_path / "log/tile/1/000.p/2").write_bytes(bytes(64))
    published.log.append(Entry(EntryKind.COINS, 8, b"{}"))
    with pytest.raises(FolderBehind, match="another tree"):
        published.publisher.publish(published.log, 8)


@pytest.mark.parametrize(("size", "error"), [(150, Rewound), (200, Forked), (230, Forked)])
def test_no_head_is_signed_beside_one_signed_before(tmp_path: Path, size: int, error: type[Exception]) -> None:
    """The database and the head file were put back, and other entries came: the folder still holds what was signed."""
    published = Published(tmp_path)
    published.grow(200)
    (tmp_path / "twin").mkdir()
    twin = Published(tmp_path / "twin")
    twin.grow(size)
    for ask in (published.publisher.publish, published.publisher.rebuild):
        with pytest.raises(error, match="its own published head"):
            ask(twin.log, 9)
    assert published.publisher.folder.checkpoint().head == published.log.head("log.example")


def test_a_head_that_others_signed_is_not_built_upon(tmp_path: Path) -> None:
    published = Published(tmp_path)
    published.grow(5)
    twin = Publisher(published.publisher.folder, SecretKeys("log.example", sha256(b"twin").digest()))
    with pytest.raises(FolderBehind, match="did not sign"):
        twin.publish(published.log, 9)


def test_without_its_folder_nothing_is_published(tmp_path: Path) -> None:
    published = Published(tmp_path)
    shutil.rmtree(tmp_path / "log")
    with pytest.raises(FolderBehind, match="log rebuild"):
        published.publisher.publish(published.log, 9)


@given(st.randoms())
def test_any_bytes_are_a_tile_or_malformed(dice: random.Random) -> None:
    raw = damaged(dice, write_entries([b"a" * 40, b"b" * 3]))
    for read in (read_entries, read_hashes):
        try:
            assert len(read(raw, 2)) == 2
        except MalformedTile:
            continue


def test_the_frontier_and_the_files_are_the_same_tree(tmp_path: Path) -> None:
    published = Published(tmp_path)
    published.grow(1000)
    leaves = [leaf_hash(each) for each in published.log.commitments(0, 1000)]
    assert Frontier().grown(leaves) == published.log.frontier

"""Packs as the real git writes them, and as nobody should."""

import contextlib
import hashlib
import shutil
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.inspection.fetch.pack import read_pack, unpack
from sekisho.inspection.intake.repository import BrokenRepository
from sekisho.inspection.virtual import Limits, UnjudgeableInput
from support.git_server import bare_repository, git

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
FILES = {"app.py": "".join(f"# line {n}\n" for n in range(3000)), "lib/more.py": "x = 1\n"}
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def packed(repository: Path, *options: str, names: str = "HEAD") -> bytes:
    objects = git(repository, "rev-list", "--objects", *names.split())
    listed = b"\n".join(line[:40] for line in objects.splitlines())
    return git(repository, "pack-objects", "--stdout", "-q", *options, stdin=listed + b"\n")


def sealed(body: bytes) -> bytes:
    """A pack with the right sum at its end."""
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def made(*entries: bytes) -> bytes:
    return sealed(b"PACK\0\0\0\x02" + len(entries).to_bytes(4, "big") + b"".join(entries))


def entry(kind: int, size: int, rest: bytes) -> bytes:
    """One entry: type and size as git writes them."""
    head, size = [kind << 4 | size & 0x0F], size >> 4
    while size:
        head[-1] |= 0x80
        head.append(size & 0x7F)
        size >>= 7
    return bytes(head) + rest


@needs_git
@pytest.mark.parametrize("options", [("--delta-base-offset",), (), ("--window=0",)], ids=["offsets", "names", "whole"])
def test_a_pack_of_git_gives_the_files(tmp_path: Path, options: tuple[str, ...]) -> None:
    bare = bare_repository(tmp_path, FILES)
    pack = packed(bare, *options)
    commit = git(bare, "rev-parse", "HEAD").decode().strip()
    tree = git(bare, "rev-parse", "HEAD^{tree}").decode().strip()
    tag = git(bare, "rev-parse", "v1").decode().strip()
    for name, raw in ((commit, pack), (tree, pack), (tag, packed(bare, *options, names="v1"))):
        fetched = read_pack(raw, name)
        assert {each.path: each.data.decode() for each in fetched.tree} == FILES
        assert fetched.intake.gaps == ()


@needs_git
def test_what_is_not_in_the_pack_is_a_gap(tmp_path: Path) -> None:
    bare = bare_repository(tmp_path, FILES)
    lost = git(bare, "rev-parse", "HEAD:app.py")
    objects = [line[:40] for line in git(bare, "rev-list", "--objects", "--no-walk", "HEAD").splitlines()]
    rest = b"\n".join(each for each in objects if each != lost.strip()) + b"\n"
    fetched = read_pack(
        git(bare, "pack-objects", "--stdout", "-q", stdin=rest), git(bare, "rev-parse", "HEAD").decode().strip()
    )
    assert [gap.file for gap in fetched.intake.gaps] == ["app.py"]


@needs_git
def test_a_submodule_is_a_gap(tmp_path: Path) -> None:
    bare = bare_repository(tmp_path, FILES)
    tree = (
        git(
            bare,
            "mktree",
            stdin=b"160000 commit "
            + b"1" * 40
            + b"\tsub\n100644 blob "
            + git(bare, "rev-parse", "HEAD:app.py").strip()
            + b"\ta.py\n",
        )
        .decode()
        .strip()
    )
    fetched = read_pack(packed(bare, names=tree), tree)
    assert [(gap.file, gap.why) for gap in fetched.intake.gaps] == [("sub", "a submodule: its repository was not read")]


def test_an_empty_tree_has_no_files() -> None:
    fetched = read_pack(made(entry(2, 0, zlib.compress(b""))), EMPTY_TREE)
    assert fetched.tree == ()


BLOB = entry(3, 5, zlib.compress(b"hello"))
WRONG = {
    "nothing": b"",
    "no pack": sealed(b"PACL" + bytes(100)),
    "another version": sealed(b"PACK\0\0\0\x09" + bytes(100)),
    "a wrong sum": made(BLOB)[:-1] + b"\0",
    "fewer objects than it says": sealed(b"PACK\0\0\0\x02\0\0\0\x02" + BLOB),
    "more objects than there may be": sealed(b"PACK\0\0\0\x02\xff\xff\xff\xff" + BLOB),
    "an object longer than it says": made(entry(3, 4, zlib.compress(b"hello"))),
    "an object shorter than it says": made(entry(3, 6, zlib.compress(b"hello"))),
    "an object that does not end": made(entry(3, 5, zlib.compress(b"hello")[:-6])),
    "an object of no type": made(entry(5, 5, zlib.compress(b"hello"))),
    "no compression": made(entry(3, 5, b"hello")),
    "a size without end": made(b"\xbf" + b"\xff" * 20),
    "a size of everything": made(entry(3, 1 << 60, zlib.compress(b"hello"))),
    "a delta before its pack": made(entry(6, 5, b"\xff\xff\xff\x7f" + zlib.compress(b"hello"))),
    "a delta that does not fit": made(BLOB, entry(6, 3, bytes([len(BLOB)]) + zlib.compress(b"\x05\x09\x01"))),
}


@pytest.mark.parametrize("pack", WRONG.values(), ids=WRONG)
def test_wrong_packs_are_broken(pack: bytes) -> None:
    with pytest.raises(BrokenRepository):
        unpack(pack, Limits())


def test_a_bomb_is_stopped_by_what_comes_out_not_by_what_it_says() -> None:
    limits = Limits(total_bytes=1_000_000)
    with pytest.raises(BrokenRepository, match="more than 1000000 bytes"):
        unpack(made(entry(3, 2_000_000, zlib.compress(bytes(2_000_000)))), limits)
    base = entry(3, 60_000, zlib.compress(bytes(60_000)))
    name = hashlib.sha1(b"blob 60000\0" + bytes(60_000)).digest()
    whole = b"\xe0\xd4\x03" + b"\xe0\xd4\x03" + b"\xb0\x60\xea"  # copies all 60,000 bytes
    deltas = [entry(7, len(whole), name + zlib.compress(whole)) for _ in range(40)]
    with pytest.raises(BrokenRepository):
        unpack(made(base, *deltas), limits)
    assert len(unpack(made(base, *deltas[:3]), limits)) == 1  # all give the same


def test_a_flood_of_small_objects_is_refused_before_it_is_read() -> None:
    flood = made(*[BLOB] * 5)
    assert len(unpack(flood, Limits(files=2))) == 1
    with pytest.raises(BrokenRepository, match="more than 4 objects"):
        unpack(flood, Limits(files=1))


def test_a_delta_upon_itself_or_nothing_stays_unread() -> None:
    by_name = entry(7, 5, b"\x11" * 20 + zlib.compress(b"hello"))
    assert unpack(made(by_name, BLOB), Limits()).keys() == {hashlib.sha1(b"blob 5\0hello").hexdigest()}
    with pytest.raises(UnjudgeableInput):
        read_pack(made(by_name), "11" * 20)
    itself = entry(6, 5, b"\x00" + zlib.compress(b"hello"))
    assert unpack(made(itself), Limits()) == {}


def test_tags_upon_tags_end() -> None:
    name, entries = "22" * 20, []
    for _ in range(9):
        data = f"object {name}\ntype tag\n".encode()
        entries.append(entry(4, len(data), zlib.compress(data)))
        name = hashlib.sha1(f"tag {len(data)}\0".encode() + data).hexdigest()
    with pytest.raises(UnjudgeableInput):
        read_pack(made(*entries), name)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 300), st.binary(max_size=60)), max_size=6), st.booleans())
def test_any_entries_are_objects_or_broken(entries: list[tuple[int, int, bytes]], real: bool) -> None:
    told = [entry(kind, len(raw) if real else size, zlib.compress(raw) if real else raw) for kind, size, raw in entries]
    with contextlib.suppress(BrokenRepository, UnjudgeableInput):
        read_pack(made(*told), EMPTY_TREE)


@given(st.binary(max_size=400))
def test_any_bytes_are_objects_or_broken(raw: bytes) -> None:
    with contextlib.suppress(BrokenRepository):
        unpack(sealed(b"PACK\0\0\0\x02\0\0\0\x03" + raw), Limits())

"""Repositories without a checkout, made by the real git and read without it."""

import hashlib
import shutil
import subprocess
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.inspection.intake.gather import gather
from sekisho.inspection.intake.repository import BrokenRepository, Repository, bare_files, bare_roots
from sekisho.inspection.virtual import Budget, Form, Limits, VirtualFile

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def repository(tmp_path: Path, *, packed: bool) -> Path:
    """A bare repository of two commits, so that packing writes deltas."""
    work, bare = tmp_path / "work", tmp_path / "bare.git"
    work.mkdir()
    git(work, "init", "-q", "-b", "main")
    (work / "src").mkdir()
    (work / "src" / "long.txt").write_text("".join(f"line {n}\n" for n in range(3000)))
    (work / "run.sh").write_text("echo hi\n")
    (work / "run.sh").chmod(0o755)
    (work / "link").symlink_to("src/long.txt")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "one")
    (work / "src" / "long.txt").write_text("".join(f"line {n}\n" for n in range(3000)) + "the end\n")
    git(work, "commit", "-q", "-a", "-m", "two")
    if packed:
        git(work, "gc", "-q", "--aggressive", "--prune=now")
    git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    shutil.rmtree(work)
    return bare


@needs_git
@pytest.mark.parametrize("packed", [False, True], ids=["loose objects", "packed objects"])
def test_the_files_of_a_bare_repository_are_those_of_its_newest_commit(tmp_path: Path, packed: bool) -> None:
    files = {file.path: file for file in gather(repository(tmp_path, packed=packed)).files}
    long = files[".@HEAD/src/long.txt"]
    assert long.data.endswith(b"line 2999\nthe end\n")
    assert files[".@HEAD/run.sh"].executable
    assert files[".@HEAD/link"].form is Form.LINK
    assert files[".@HEAD/link"].target == "src/long.txt"


@needs_git
def test_a_clone_with_nothing_checked_out_is_read_as_well(tmp_path: Path) -> None:
    bare = repository(tmp_path, packed=True)
    git(tmp_path, "clone", "-q", "--no-checkout", str(bare), str(tmp_path / "clone"))
    assert ".git@HEAD/run.sh" in {file.path for file in gather(tmp_path / "clone").files}


@needs_git
def test_a_damaged_pack_is_a_gap(tmp_path: Path) -> None:
    bare = repository(tmp_path, packed=True)
    (pack,) = (bare / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:40])
    assert any(gap.file.startswith(".@HEAD") for gap in gather(bare).gaps)


def test_delta_cycles_end() -> None:
    name = "11" * 20
    pack = b"PACK" + bytes(8) + b"\x70" + bytes.fromhex(name) + b"\x78\x9c\x03\x00\x00\x00\x00\x01"
    index = b"\xfftOc\x00\x00\x00\x02" + bytes(1020) + (1).to_bytes(4, "big")
    index += bytes.fromhex(name) + bytes(4) + (12).to_bytes(4, "big") + bytes(40)
    broken = Repository({"objects/pack/a.idx": index, "objects/pack/a.pack": pack}, Budget(Limits()))
    with pytest.raises(BrokenRepository):
        broken.object(name)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_files_or_gaps(index: bytes, pack: bytes) -> None:
    head = b"\xfftOc\x00\x00\x00\x02" + bytes(1020) + (2).to_bytes(4, "big")
    files = [
        VirtualFile("HEAD", b"0" * 40),
        VirtualFile("objects/pack/a.idx", head + index),
        VirtualFile("objects/pack/a.pack", pack),
        VirtualFile("objects/00/" + "0" * 38, pack),
    ]
    list(bare_files("", files, Budget(Limits())))


def object_of(kind: str, data: bytes) -> tuple[str, bytes]:
    raw = f"{kind} {len(data)}\0".encode() + data
    return hashlib.sha1(raw, usedforsecurity=False).hexdigest(), zlib.compress(raw)


def loose(*entries: tuple[str, str]) -> dict[str, bytes]:
    """A repository of one commit with these objects: the last tree is the commit's. `entries`: mode and name, each of
    whatever came before it (a folder of the tree so far, a file of one blob)."""
    blob, raw = object_of("blob", b"print(1)\n")
    found = {blob: raw}
    tree, raw = object_of("tree", b"")
    found[tree] = raw
    body = b""
    for mode, name in entries:
        body += f"{mode} {name}\0".encode() + bytes.fromhex(tree if mode.startswith("4") else blob)
    tree, raw = object_of("tree", body)
    found[tree] = raw
    commit, raw = object_of("commit", f"tree {tree}\n".encode())
    found[commit] = raw
    return {"HEAD": f"{commit}\n".encode()} | {f"objects/{name[:2]}/{name[2:]}": raw for name, raw in found.items()}


def laid(folder: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@needs_git
def test_another_blob_under_the_name_of_one_in_a_pack_is_not_taken_for_it(tmp_path: Path) -> None:
    bare = repository(tmp_path, packed=True)
    name = subprocess.run(
        ["git", "rev-parse", "HEAD:run.sh"], cwd=bare, check=True, capture_output=True, text=True
    ).stdout.strip()
    laid(bare, {f"objects/{name[:2]}/{name[2:]}": zlib.compress(b"blob 7\0echo no")})
    git(tmp_path, "clone", "-q", str(bare), str(tmp_path / "out"))
    assert (tmp_path / "out" / "run.sh").read_text() == "echo hi\n"  # git takes the pack's, and does not look
    assert any(gap.file == ".@HEAD/run.sh" and "other bytes" in gap.why for gap in gather(bare).gaps)


def test_a_repository_needs_no_configuration(tmp_path: Path) -> None:
    assert ".@HEAD/a.py" in {file.path for file in gather(laid(tmp_path, loose(("100644", "a.py")))).files}


TREES = {
    "two of a name": ([("100644", "a.py"), ("100755", "a.py")], "two entries of a folder have this name"),
    "git's own": ([("100644", ".GIT")], "a name that git does not write"),
    "above": ([("40000", "..")], "a name that git does not write"),
    "of no kind": ([("0", "a.py")], "a submodule"),
}


@pytest.mark.parametrize(("entries", "why"), TREES.values(), ids=TREES)
def test_an_entry_that_readers_take_differently_is_a_gap(
    entries: list[tuple[str, str]], why: str, tmp_path: Path
) -> None:
    assert any(why in gap.why for gap in gather(laid(tmp_path, loose(*entries))).gaps)


def test_a_folder_is_one_by_the_bits_that_git_looks_at(tmp_path: Path) -> None:
    read = gather(laid(tmp_path, loose(("40755", "empty"), ("100664", "a.py"))))
    assert [file.path for file in read.files if "@" in file.path] == [".@HEAD/a.py"]


def test_a_folder_called_like_an_archive_is_none() -> None:
    blob, raw = object_of("blob", b"1")
    files = {f"objects/{blob[:2]}/{blob[2:]}": raw}
    inner, raw = object_of("tree", b"100644 x!\0" + bytes.fromhex(blob))
    files[f"objects/{inner[:2]}/{inner[2:]}"] = raw
    outer, raw = object_of("tree", b"40000 app!\0" + bytes.fromhex(inner))
    files[f"objects/{outer[:2]}/{outer[2:]}"] = raw
    commit, raw = object_of("commit", f"tree {outer}\n".encode())
    files[f"objects/{commit[:2]}/{commit[2:]}"] = raw
    given = [VirtualFile("HEAD", commit.encode()), *(VirtualFile(path, data) for path, data in files.items())]
    assert [file.path for file in bare_files("", given, Budget(Limits()))] == [".@HEAD/app\\x21/x!"]


def test_folders_within_folders_that_hold_nothing_end() -> None:
    name, raw = object_of("tree", b"")
    files = {}
    for _ in range(30):
        files[f"objects/{name[:2]}/{name[2:]}"] = raw
        name, raw = object_of("tree", b"".join(b"40000 %d\0" % n + bytes.fromhex(name) for n in range(10)))
    commit, body = object_of("commit", f"tree {name}\n".encode())
    files |= {f"objects/{name[:2]}/{name[2:]}": raw, f"objects/{commit[:2]}/{commit[2:]}": body}
    budget = Budget(Limits(files=1000))
    head = VirtualFile("HEAD", commit.encode())
    assert list(bare_files("", [head, *(VirtualFile(path, data) for path, data in files.items())], budget)) == []
    assert "more than 1000 files" in budget.gaps[0].why


def packed(*entries: bytes) -> dict[str, bytes]:
    """A pack of these entries, and its index, in which the entry number n is called by 20 bytes of n."""
    at, pack, offsets = 12, b"PACK" + bytes(8), b""
    for each in entries:
        offsets += at.to_bytes(4, "big")
        pack, at = pack + each, at + len(each)
    names = b"".join(bytes([number]) * 20 for number in range(len(entries)))
    head = b"\xfftOc\x00\x00\x00\x02" + bytes(1020) + len(entries).to_bytes(4, "big")
    index = head + names + bytes(4 * len(entries)) + offsets + bytes(40)
    return {"objects/pack/a.idx": index, "objects/pack/a.pack": pack}


def test_deltas_share_the_room_of_one_object() -> None:
    """Each may be as long as an object, and thousands of them lie upon each other."""
    long = zlib.compress(bytes(900_000))
    chain = [b"\x70" + bytes([number + 1]) * 20 + long for number in range(9)]
    repository = Repository(packed(*chain, b"\x30" + zlib.compress(b"x")), Budget(Limits(file_bytes=1_000_000)))
    with pytest.raises(BrokenRepository, match="more room than there is"):
        repository.object("00" * 20)


def test_one_base_cannot_be_asked_for_without_end() -> None:
    name, raw = object_of("blob", bytes(90_000))
    asked = Repository({f"objects/{name[:2]}/{name[2:]}": raw}, Budget(Limits(total_bytes=100_000)))
    for _ in range(8):
        asked.object(name)
    with pytest.raises(BrokenRepository, match="times what may be read"):
        asked.object(name)


def test_many_folders_that_look_like_a_repository_are_told_apart_quickly() -> None:
    files = [VirtualFile(f"{n:05}/{name}", b"ref: x") for n in range(20_000) for name in ("HEAD", "config")]
    begun = time.process_time()
    assert list(bare_roots(files)) == []
    assert time.process_time() - begun < 10

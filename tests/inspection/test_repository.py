"""Repositories without a checkout, made by the real git and read without it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.inspection.intake.gather import gather
from sekisho.inspection.intake.repository import BrokenRepository, Repository, bare_files
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

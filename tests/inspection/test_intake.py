"""Folders, files and archives become virtual files; whatever cannot be read is a gap, and the rest is still read."""

import bz2
import gzip
import io
import lzma
import os
import socket
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.inspection.intake.archives import archive_kind
from sekisho.inspection.intake.gather import Intake, gather, gather_bytes
from sekisho.inspection.virtual import Form, Limits, UnjudgeableInput


def zipped(*members: tuple[str, bytes], stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, None if stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            head = tarfile.TarInfo(name)
            head.size = len(data)
            archive.addfile(head, io.BytesIO(data))
    return out.getvalue()


def paths(read: Intake) -> list[str]:
    return [file.path for file in read.files]


def whys(read: Intake) -> str:
    return "\n".join(f"{gap.file}: {gap.why}" for gap in read.gaps)


def test_a_folder_is_read_whole_whatever_its_entries_are_called(tmp_path: Path) -> None:
    for name in (".hidden/a", "node_modules/b", "-rf", "new\nline", "tests/c", ".gitignore"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    read = gather(tmp_path)
    assert paths(read) == sorted([".hidden/a", "node_modules/b", "-rf", "new\nline", "tests/c", ".gitignore"])
    assert read.gaps == ()


def test_a_name_that_is_no_utf8_is_shown_by_its_bytes(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.py")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    assert paths(gather(tmp_path)) == ["caf\\xe9.py"]


def test_links_are_named_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"a secret")
    inside = tmp_path / "inside"
    inside.mkdir()
    for name, target in (("out", outside), ("loop", inside), ("dangling", "/nowhere"), ("device", "/dev/zero")):
        (inside / name).symlink_to(target)
    read = gather(inside)
    assert all(file.form is Form.LINK and file.data == b"" for file in read.files)
    assert {file.path: file.target for file in read.files}["out"] == str(outside)


def test_pipes_and_sockets_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        read = gather(tmp_path)
    assert [file.form for file in read.files] == [Form.SPECIAL, Form.SPECIAL]
    assert len(read.gaps) == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_a_gap_and_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "a").chmod(0)
    (tmp_path / "b").write_bytes(b"y")
    read = gather(tmp_path)
    assert "a: cannot be read" in whys(read)
    assert read.files[1].data == b"y"


@pytest.mark.parametrize("data", [b"", b"x", b"P", b"<html>not found</html>"])
def test_what_is_called_an_archive_and_is_none_cannot_be_judged(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "test.ZIP").write_bytes(data)
    with pytest.raises(UnjudgeableInput, match="called an archive"):
        gather(tmp_path / "test.ZIP")


def test_a_name_in_what_we_say_commands_no_terminal(tmp_path: Path) -> None:
    broken = tmp_path / "task\x1b[2J\u202e.zip"
    broken.write_bytes(b"PK")
    with pytest.raises(UnjudgeableInput) as raised:
        gather(broken)
    assert str(raised.value).isprintable()


def test_what_is_not_there_cannot_be_judged(tmp_path: Path) -> None:
    with pytest.raises(UnjudgeableInput):
        gather(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnjudgeableInput):
        gather(tmp_path / "pipe")


def test_a_long_sparse_file_is_cut_and_said_to_be(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    read = gather(tmp_path, Limits(file_bytes=1000))
    assert len(read.files[0].data) == 1000
    assert "longer than 1000 bytes" in whys(read)


def test_too_many_files_is_a_gap(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}").write_bytes(b"x")
    read = gather(tmp_path, Limits(files=5))
    assert len(read.files) == 5
    assert "more than 5 files" in whys(read)


PACKED = {  # a claim: name, bytes, the path of what is inside
    "a zip": ("a.zip", zipped(("x/y.py", b"hello")), "a.zip!/x/y.py"),
    "a zip called a picture": ("a.png", zipped(("y.py", b"hello")), "a.png!/y.py"),
    "a tar": ("a.tar", tarred(("y.py", b"hello")), "a.tar!/y.py"),
    "a tar.gz": ("a.tgz", gzip.compress(tarred(("y.py", b"hello"))), "a.tgz!/y.py"),
    "a tar.bz2": ("a.tar.bz2", bz2.compress(tarred(("y.py", b"hello"))), "a.tar.bz2!/y.py"),
    "a tar.xz": ("a.tar.xz", lzma.compress(tarred(("y.py", b"hello"))), "a.tar.xz!/y.py"),
    "a gzipped file": ("y.py.gz", gzip.compress(b"hello"), "y.py.gz!/y.py"),
    "two gzip members in a row": ("y.gz", gzip.compress(b"hel") + gzip.compress(b"lo"), "y.gz!/y"),
    "a zip in a tar in a zip": (
        "a.zip",
        zipped(("b.tar", tarred(("c.zip", zipped(("y.py", b"hello")))))),
        "a.zip!/b.tar!/c.zip!/y.py",
    ),
}


@pytest.mark.parametrize(("name", "data", "inner"), PACKED.values(), ids=PACKED.keys())
def test_what_is_packed_is_read(name: str, data: bytes, inner: str) -> None:
    read = gather_bytes(name, data)
    assert {file.path: file.data for file in read.files}[inner] == b"hello"
    assert read.gaps == ()


def two_ends() -> bytes:
    return zipped(("a", b"1")) + zipped(("b", b"2"))


def lying_size() -> bytes:
    raw = bytearray(zipped(("a", b"hello"), stored=True))
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (3).to_bytes(4, "little")
    return bytes(raw)


def two_names() -> bytes:
    raw = bytearray(zipped(("name_a", b"hello")))
    raw[30:36] = b"name_b"
    return bytes(raw)


def wrong_crc() -> bytes:
    raw = bytearray(zipped(("a", b"hello"), stored=True))
    raw[31] ^= 0xFF
    return bytes(raw)


def encrypted() -> bytes:
    raw = bytearray(zipped(("a", b"hello")))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def quine_like() -> bytes:
    """Two directory entries for the same bytes."""
    once = zipped(("a", b"hello"))
    at, end = once.index(b"PK\x01\x02"), once.index(b"PK\x05\x06")
    entry = once[at:end]
    tail = bytearray(once[end:])
    tail[8:10] = tail[10:12] = (2).to_bytes(2, "little")
    tail[12:16] = (2 * len(entry)).to_bytes(4, "little")
    return once[:at] + entry + entry + bytes(tail)


def hard_link() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, target in (("h", tarfile.LNKTYPE, "/etc/passwd"), ("d", tarfile.CHRTYPE, "")):
            head = tarfile.TarInfo(name)
            head.type, head.linkname = kind, target
            archive.addfile(head)
    return out.getvalue()


HOSTILE = {  # a claim: name, bytes, what the gap says
    "a member above the archive": ("a.zip", zipped(("../../up", b"x")), "points outside"),
    "an absolute member": ("a.tar", tarred(("/etc/x", b"x")), "points outside"),
    "a drive letter": ("a.zip", zipped(("C:\\x", b"x")), "points outside"),
    "the same name twice": ("a.tar", tarred(("x", b"1"), ("x", b"2")), "two members have this name"),
    "bytes before a zip": ("a.zip", b"#!/bin/sh\n" + zipped(("x", b"1")), "before the first member"),
    "bytes after a zip": ("a.zip", zipped(("x", b"1")) + b"more", "after the end of the zip"),
    "a zip behind a zip": ("a.zip", two_ends(), "more than one end record"),
    "a lying size": ("a.zip", lying_size(), "a"),
    "headers that disagree": ("a.zip", two_names(), "two names"),
    "a wrong checksum": ("a.zip", wrong_crc(), "cannot be read"),
    "an encrypted member": ("a.zip", encrypted(), "encrypted"),
    "overlapping members": ("a.zip", quine_like(), "overlap"),
    "devices and hard links": ("a.tar", hard_link(), "not a regular file"),
    "a broken zip": ("a.zip", b"PK\x03\x04" + bytes(100), "cannot be read"),
    "a broken gzip": ("a.gz", gzip.compress(b"hello")[:-9], "cannot be read"),
    "bytes after a gzip": ("a.gz", gzip.compress(b"hello") + b"more", "after the end of the compressed"),
    "bytes after a tar": ("a.tar", tarred(("x", b"1")) + b"more", "after the end of the tar"),
}


@pytest.mark.parametrize(("name", "data", "why"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_archive_is_a_gap(name: str, data: bytes, why: str) -> None:
    assert why in whys(gather_bytes(name, data))


def test_a_member_cannot_leave_its_archive() -> None:
    assert paths(gather_bytes("a.zip", zipped(("../../up", b"x"))))[1] == "a.zip!/up"


def test_a_bomb_is_cut_by_bytes_that_came_out() -> None:
    limits = Limits(ratio=10, ratio_free=1000)
    zeros = bytes(10_000_000)
    packed = {"zip": zipped(("x", zeros)), "gz": gzip.compress(zeros), "xz": lzma.compress(zeros)}
    for name, data in packed.items():
        read = gather_bytes(f"a.{name}", data, limits)
        assert "more than there is room for" in whys(read)
        assert sum(len(file.data) for file in read.files) < 500_000


def test_members_share_their_archives_ratio() -> None:
    data = zipped(*((str(n), bytes(100_000)) for n in range(50)))
    read = gather_bytes("a.zip", data, Limits(ratio=2, ratio_free=1000))
    assert sum(len(file.data) for file in read.files[1:]) <= 1000 + 2 * len(data)


def test_archives_too_deep_are_a_gap() -> None:
    data = b"hello"
    for _ in range(8):
        data = zipped(("x.zip", data))
    assert "more than 5 deep" in whys(gather_bytes("a.zip", data))


def test_a_million_empty_members_are_counted() -> None:
    read = gather_bytes("a.tar", tarred(*((str(n), b"") for n in range(300))), Limits(files=100))
    assert "more than 100 files" in whys(read)


def test_the_word_for_an_end_within_a_member_is_no_second_end() -> None:
    assert gather_bytes("a.zip", zipped(("x", b"a PK\x05\x06 in the middle of it, and more"), stored=True)).gaps == ()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([row[1] for row in (*PACKED.values(), *HOSTILE.values())]), st.data())
def test_any_damage_to_an_archive_gives_files_and_gaps(raw: bytes, data: st.DataObject) -> None:
    bent = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 6))):
        bent[data.draw(st.integers(0, len(bent) - 1))] = data.draw(st.integers(0, 255))
    gather_bytes("a", bytes(bent[: data.draw(st.integers(1, len(bent)))]))


def test_signatures_that_lead_nowhere_are_no_zip() -> None:
    """The bytecode of our own reader of zips was a zip that could not be read."""
    constants = b"\xa7\r\r\n" + bytes(12) + b"PK\x03\x04 PK\x01\x02 PK\x05\x06" + b"constants of a module" * 3
    assert not gather_bytes("a.pyc", constants, Limits()).gaps
    assert archive_kind(constants) == ""


@pytest.mark.parametrize("before", [b"", b"GIF89a" + bytes(400), b"PK\x05\x06" + b"x" * 30])
def test_a_zip_behind_anything_is_a_zip(before: bytes) -> None:
    assert archive_kind(before + zipped(("a.py", b"x = 1\n"))) == "zip"


def test_a_member_without_a_name_is_read() -> None:
    """The standard library's `ZipInfo.is_dir` fails on it."""
    raw = zipped(("a", b"x = 1\n"))
    local, central = raw.index(b"PK\x03\x04"), raw.index(b"PK\x01\x02")
    nameless = bytearray(raw)
    nameless[central + 28], nameless[central + 30] = 0, 1  # the name becomes the extra field
    nameless[local + 26], nameless[local + 28] = 0, 1
    read = gather_bytes("a.zip", bytes(nameless), Limits())
    assert any(b"x = 1" in file.data for file in read.files) or read.gaps


def test_a_folder_whose_name_ends_as_that_of_an_archive_is_none(tmp_path: Path) -> None:
    """What lies in archives is judged more mildly where nobody unpacks them."""
    (tmp_path / "app!").mkdir()
    (tmp_path / "app!" / "x").write_bytes(b"1")
    assert paths(gather(tmp_path)) == ["app\\x21/x"]
    assert paths(gather_bytes("a.zip", zipped(("app!/x", b"1")))) == ["a.zip", "a.zip!/app\\x21/x"]


def test_of_two_files_with_one_path_each_is_read(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"a\xff.py")).write_bytes(b"1")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    (tmp_path / "a\\xff.py").write_bytes(b"2")
    read = gather(tmp_path)
    assert {file.data for file in read.files} == {b"1", b"2"}
    assert len(set(paths(read))) == 2
    assert "another file has this path" in whys(read)


def test_of_two_members_with_one_name_each_is_read() -> None:
    read = gather_bytes("a.tar", tarred(("x", b"1"), ("x", b"2"), ("x", b"3")))
    assert sorted(set(paths(read))) == ["a.tar", "a.tar!/\\2/x", "a.tar!/\\3/x", "a.tar!/x"]


def test_a_byte_of_a_name_in_a_tar_is_no_folder() -> None:
    assert paths(gather_bytes("a.tar", tarred((os.fsdecode(b"caf\xe9.py"), b"x")))) == ["a.tar", "a.tar!/caf\\xe9.py"]

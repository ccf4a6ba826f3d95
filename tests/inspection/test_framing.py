"""Zips and tars that two readers see differently are gaps, and what extractors write is read under that name."""

import gzip
import io
import struct
import tarfile
import time
import zlib

import pytest

from inspection.test_intake import paths, tarred, whys, zipped
from sekisho.inspection.intake.gather import gather_bytes
from sekisho.inspection.virtual import Limits, VirtualFile


def local(name: bytes, data: bytes, extra: bytes = b"") -> bytes:
    sizes = (zlib.crc32(data), len(data), len(data), len(name), len(extra))
    return b"PK\x03\x04" + struct.pack("<5H3L2H", 20, 0, 0, 0, 33, *sizes) + name + extra + data


def central(name: bytes, data: bytes, at: int, extra: bytes = b"") -> bytes:
    sizes = (zlib.crc32(data), len(data), len(data), len(name), len(extra))
    return b"PK\x01\x02" + struct.pack("<6H3L5H2L", 20, 20, 0, 0, 0, 33, *sizes, 0, 0, 0, 0, at) + name + extra


def end(count: int, size: int, at: int) -> bytes:
    return b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, count, count, size, at, 0)


def end64(count: int, size: int, at: int) -> bytes:
    record = b"PK\x06\x06" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, count, count, size, at)
    return record + b"PK\x06\x07" + struct.pack("<LQL", 0, at + size, 1)


A, B, C = local(b"a", b"1"), local(b"b", b"2"), local(b"c", b"3")
FIRST, SECOND = central(b"a", b"1", 0), central(b"c", b"3", len(A + B))


def of_two_directories() -> bytes:
    """The end names `a` and `b`, the record of zip64 `a` and `c`: unzip takes the one, Python the other."""
    other = FIRST + central(b"b", b"2", len(A))
    at = len(A + B + C)
    size = len(FIRST + SECOND)
    return A + B + C + other + FIRST + SECOND + end64(2, size, at + len(other)) + end(2, len(other), at)


def of_zip64(count: int) -> bytes:
    size, at = len(FIRST + SECOND), len(A + C)
    second = central(b"c", b"3", len(A))
    return A + C + FIRST + second + end64(2, size, at) + end(count, 0xFFFFFFFF, at)


def of_two_names(name: bytes) -> bytes:
    """Info-ZIP's own field for a name comes before the usual one."""
    extra = struct.pack("<HHBL", 0x7075, 5 + len(b"setup.py"), 1, zlib.crc32(name)) + b"setup.py"
    member, entry = local(name, b"hello", extra), central(name, b"hello", 0, extra)
    return member + entry + end(1, len(entry), len(member))


def of_another_method() -> bytes:
    raw = bytearray(zipped(("a", b"hello"), stored=True))
    raw[8] = 8
    return bytes(raw)


def of_nul() -> bytes:
    return zipped(("setup.py_txt", b"hello")).replace(b"py_txt", b"py\0txt")


def link(kind: bytes, target: str, size: int = 0) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        head = tarfile.TarInfo("x/y/link")
        head.type, head.linkname, head.size = kind, target, size
        archive.addfile(head)
    return out.getvalue()


DISAGREE = {  # a claim: name, bytes, what the gap says
    "a directory of each kind": ("a.zip", of_two_directories(), "its directory twice"),
    "fewer members than there are": ("a.zip", A + C + FIRST + central(b"c", b"3", len(A))
                                     + end(1, len(FIRST + SECOND), len(A + C)), "its directory twice"),
    "a member that is not listed": ("a.zip", A + B + C + FIRST + SECOND + end(2, len(FIRST + SECOND), len(A + B + C)),
                                    "a member stands there that is not listed"),
    "one behind the last": ("a.zip", A + B + FIRST + end(1, len(FIRST), len(A + B)),
                            "a member stands there that is not listed"),
    "a second name": ("a.zip", of_two_names(b"notes.txt"), "two names"),
    "another method": ("a.zip", of_another_method(), "another size, checksum or method"),
    "a name with a NUL": ("a.zip", of_nul(), "a NUL in it"),
    "a folder with content": ("a.zip", zipped(("a/", b"hello")), "with content"),
    "a link with content": ("a.tar", link(tarfile.SYMTYPE, "z", 600), "with content"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "why"), DISAGREE.values(), ids=DISAGREE)
def test_what_readers_see_differently_is_a_gap(name: str, data: bytes, why: str) -> None:
    assert why in whys(gather_bytes(name, data))


@pytest.mark.parametrize("count", [2, 0xFFFF])
def test_a_zip64_that_tells_one_thing_is_none(count: int) -> None:
    assert gather_bytes("a.zip", of_zip64(count)).gaps == ()


@pytest.mark.parametrize("data", [of_two_names(b"notes.txt"), of_two_names("ノート".encode("cp932")), of_nul()])
def test_a_member_is_read_under_the_name_that_is_written(data: bytes) -> None:
    assert "a.zip!/setup.py" in paths(gather_bytes("a.zip", data))


def test_a_name_of_one_alphabet_and_its_unicode_are_one_name() -> None:
    assert gather_bytes("a.zip", of_two_names("ノート".encode("cp932"))).gaps == ()


@pytest.mark.parametrize("tail", [b"", b"P", b"PK\x05\x06", b"PK\x05\x06" + bytes(9)])
def test_a_comment_that_begins_like_an_end_is_told(tail: bytes) -> None:
    gather_bytes("a.zip", zipped(("a", b"1"))[:-2] + len(tail).to_bytes(2, "little") + tail)


@pytest.mark.parametrize(("kind", "target"), [(tarfile.LNKTYPE, "../../z"), (tarfile.SYMTYPE, "z")])
def test_a_hard_link_counts_from_the_root_of_its_archive(kind: bytes, target: str) -> None:
    (_, found) = gather_bytes("a.tar", link(kind, "z")).files
    assert found.target == target


def as_before_ustar(data: bytes) -> bytes:
    """The same tar without what came after the seventh Unix: magic, owners' names, prefix."""
    raw, at = bytearray(data), 0
    while raw[at]:
        raw[at + 257 : at + 512] = bytes(255)
        raw[at + 148 : at + 156] = b" " * 8
        raw[at + 148 : at + 156] = b"%06o\0 " % sum(raw[at : at + 512])
        at += 512 + (int(raw[at + 124 : at + 135], 8) + 511) // 512 * 512
    return bytes(raw)


def test_a_tar_is_one_by_its_checksum_alone() -> None:
    old = as_before_ustar(tarred(("package/x.js", b"hello"), ("y", b"1")))
    assert "a.tgz!/package/x.js" in paths(gather_bytes("a.tgz", gzip.compress(old)))
    assert gather_bytes("a.tar", old).gaps == ()
    assert paths(gather_bytes("a", b"1" * 512)) == ["a"]


def test_no_folder_of_an_archive_is_left_out_because_git_has_one_of_the_name() -> None:
    packed = zipped((".git/objects/pack/a.zip", zipped(("x.js", b"1"))), ("objects/pack/b.zip", zipped(("y", b"1"))))
    found = paths(gather_bytes("a.zip", packed))
    assert {"a.zip!/.git/objects/pack/a.zip!/x.js", "a.zip!/objects/pack/b.zip!/y"} <= set(found)


def test_streams_in_a_row_take_time_by_their_length() -> None:
    begun = time.process_time()
    read = gather_bytes("a.gz", gzip.compress(b"") * 200_000, Limits())
    assert time.process_time() - begun < 10
    assert "after the end of the compressed stream" in whys(read)
    assert VirtualFile("a.gz!/a", b"") in read.files

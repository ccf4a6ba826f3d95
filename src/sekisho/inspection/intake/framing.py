"""What two readers of one zip could see differently. Source: PKWARE's APPNOTE, sections 4.3 to 4.6."""

import struct
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

_LOCAL, _END = b"PK\x03\x04", b"PK\x05\x06"
_END64, _LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"
_HEAD, _TAIL, _TAIL64, _POINTER64 = 30, 22, 56, 20
_UTF8, _LATER = 0x800, 0x8
"""Flags: the name is UTF-8; sizes and checksum stand behind the content."""

_UNICODE_PATH = 0x7075
_OPEN16, _OPEN32 = 0xFFFF, 0xFFFFFFFF
"""What stands where a number is said elsewhere (zip64)."""


def written_name(member: zipfile.ZipInfo) -> str:
    """The name by which extractors write a member: Info-ZIP's own field, where there is one, comes before the usual."""
    return _second_name(member) or member.orig_filename


def disagreements(data: bytes, archive: zipfile.ZipFile) -> Iterator[str]:
    """What two readers of this zip could see differently."""
    members = archive.infolist()
    first = min((member.header_offset for member in members), default=0)
    if first > 0:
        yield f"{first} bytes stand before the first member"
    end = data.rfind(_END)
    if end + _TAIL + int.from_bytes(data[end + 20 : end + _TAIL], "little") != len(data):
        yield "bytes stand after the end of the zip"
    if not _is_one_directory(data, end, len(members)):
        yield "it tells of its directory twice, and differently: readers may see different members"
    spans: list[tuple[int, int]] = []
    for member in members:
        yield from _member(data, member, spans)
    spans.sort()
    if any(_ends_here(data, at, spans) for at in _places(data, _END) if at != end):
        yield "it has more than one end record: readers may see different members"
    if any(later < end for (_, end), (later, _) in pairwise(spans)):
        yield "members overlap"
    between = pairwise([*spans, (archive.start_dir, archive.start_dir)])
    if any(data.find(_LOCAL, end, later) >= 0 for (_, end), (later, _) in between if end < later):
        yield "a member stands there that is not listed: whoever reads from the beginning sees it"


def _member(data: bytes, member: zipfile.ZipInfo, spans: list[tuple[int, int]]) -> Iterator[str]:
    """How the header of a member differs from what the directory says of it; adds where the member lies."""
    at = member.header_offset
    head = data[at : at + _HEAD]
    if len(head) < _HEAD or head[:4] != _LOCAL:
        yield "a member without a header of its own"
        return
    flags, method, _, _, checksum, packed, size, length, extra = struct.unpack("<HHHHLLLHH", head[6:])
    name = data[at + _HEAD : at + _HEAD + length]
    if name != _raw_name(member):
        yield "a member has two names: " + ascii(name)[1:] + " and " + ascii(_raw_name(member))[1:]
    if _second_name(member) and name.isascii():
        yield "a member has two names: " + ascii(name)[1:] + " and " + ascii(_second_name(member))
    said = (method, *(() if flags & _LATER else (checksum, packed, size)))
    known = (member.compress_type, member.CRC, member.compress_size, member.file_size)
    if any(one != other for one, other in zip(said, known, strict=False) if one != _OPEN32):
        yield "a member's own header says another size, checksum or method than the directory"
    spans.append((at, at + _HEAD + length + extra + member.compress_size))


def _raw_name(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8 else "cp437", "replace")


def _second_name(member: zipfile.ZipInfo) -> str:
    """Another name in Info-ZIP's field for one in Unicode (4.6.9), if it is of this name; else nothing."""
    rest, raw = member.extra, _raw_name(member)
    while len(rest) >= 4:
        kind, length = struct.unpack("<HH", rest[:4])
        field, rest = rest[4 : 4 + length], rest[4 + length :]
        if kind == _UNICODE_PATH and field[:1] == b"\x01" and field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return "" if field[5:] == raw else field[5:].decode("utf-8", "backslashreplace")
    return ""


def _is_one_directory(data: bytes, end: int, members: int) -> bool:
    """Whether the end record and the one of zip64, if any, tell of the same directory, and of as many members."""
    count, size, offset = struct.unpack("<H2L", data[end + 10 : end + 20].ljust(10, b"\0"))  # or cut off
    pointer = end - _POINTER64
    if pointer < 0 or data[pointer : pointer + 4] != _LOCATOR64:
        return count in {_OPEN16, members & _OPEN16}
    at = pointer - _TAIL64
    if at < 0 or data[at : at + 4] != _END64:
        return False
    (said,) = struct.unpack("<Q", data[pointer + 8 : pointer + 16])
    before = at - said  # what stands before the zip shifts all of it
    count64, size64, offset64 = struct.unpack("<3Q", data[at + 32 : at + _TAIL64])
    return (
        before >= 0
        and offset64 + size64 + before == at
        and count64 == members
        and count in {_OPEN16, count64}
        and size in {_OPEN32, size64}
        and offset in {_OPEN32, offset64}
    )


def _places(data: bytes, sought: bytes) -> Iterator[int]:
    at = data.find(sought)
    while at >= 0:
        yield at
        at = data.find(sought, at + 1)


def _ends_here(data: bytes, at: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a reader could take the zip to end at `at`: not within a member, or with a comment to the very end."""
    if at + _TAIL + int.from_bytes(data[at + 20 : at + _TAIL], "little") == len(data):
        return True
    within = bisect_right(spans, (at, len(data))) - 1
    return within < 0 or at + _TAIL > spans[within][1]

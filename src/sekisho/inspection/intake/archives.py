"""Zip, tar and compressed streams, read in memory and never unpacked.

Sizes in headers are claims: bytes are counted as they come out, against the budget and a ratio. The framing of a zip is
checked as well (bytes before, between and after its members, and headers that disagree), since two readers of an
ambiguous zip see different files.
"""

import bz2
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Protocol

from sekisho.inspection.intake.framing import disagreements, written_name
from sekisho.inspection.virtual import Budget, Form, VirtualFile, plain

_CHUNK = 1 << 16
_STREAMS = 100_000
"""Compressed streams in a row."""

_FULL = "a link, folder or device with content: readers differ on what that is"
_ZIP_LOCAL, _ZIP_CENTRAL, _ZIP_END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_STARTS = {"zip": (_ZIP_LOCAL, _ZIP_END), "gz": (b"\x1f\x8b",), "xz": (b"\xfd7zXZ\x00",)}
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError,
           RuntimeError, struct.error, IndexError, KeyError, OverflowError)  # fmt: skip
"""What the standard library's readers raise on broken archives."""


class _Decoder(Protocol):
    """A decompressor of the standard library."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """What follows the stream."""

    def decompress(self, data: bytes, max_length: int = ...) -> bytes:
        """The next bytes, at most `max_length`."""


def archive_kind(data: bytes) -> str:
    """`zip`, `tar`, `gz`, `bz2`, `xz`, or nothing: by the bytes alone."""
    for kind, known in _STARTS.items():
        if data.startswith(known):
            return kind
    if data[:3] == b"BZh" and data[4:10] == b"1AY&SY":
        return "bz2"
    if data[257:262] == b"ustar" or _is_old_tar(data[:512]):
        return "tar"
    if _ZIP_LOCAL in data and _ends_as_zip(data):
        return "zip"  # a zip behind something else: an image, a script, another archive
    return ""


def _is_old_tar(head: bytes) -> bool:
    """Whether this is the head of a tar from before `ustar`, which has nothing but its checksum to know it by."""
    said = head[148:156].strip(b" \0")
    return (
        len(head) == 512
        and head[0] > 0
        and re.fullmatch(rb"[0-7]{1,7}", said) is not None
        and int(said, 8) == sum(head[:148]) + 8 * ord(" ") + sum(head[156:])
    )


def _ends_as_zip(data: bytes) -> bool:
    """Whether a record near the end leads to a central directory, by its offset or by its size (APPNOTE, 4.3.16).

    The mere signatures stand in whatever reads archives, as in the bytecode of this module.
    """
    start = max(0, len(data) - 66_000)
    at = data.rfind(_ZIP_END, start)
    while at >= 0:
        size, offset = struct.unpack_from("<II", data, at + 12) if at + 22 <= len(data) else (0, 0)
        starts = (offset, at - size) if size <= at else (offset,)
        if data[max(0, at - 20) : max(0, at - 20) + 4] == _ZIP64_LOCATOR or any(
            data[each : each + 4] == _ZIP_CENTRAL for each in starts
        ):
            return True
        at = data.rfind(_ZIP_END, start, at)
    return False


def read_zip(path: str, data: bytes, budget: Budget) -> Iterator[VirtualFile]:
    """The members of a zip. A member that cannot be read is a gap, and so is framing that readers disagree about."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as why:
        budget.gap(path, f"a zip that cannot be read: {why}")
        return
    with archive:
        for disagreement in disagreements(data, archive):
            budget.gap(path, disagreement)
        seen: set[str] = set()
        unpacked = 0
        for member in archive.infolist():
            name = written_name(member)
            inner = f"{path}!/{_inside(name)}"
            if member.filename.endswith("/"):  # `is_dir` fails on a member without a name
                if member.file_size:
                    budget.gap(inner, _FULL)
                continue
            if not budget.file(inner):
                return
            _note_name(inner, name, seen, budget)
            room = _allowed(len(data), unpacked, budget)
            content = _member(archive, member, inner, room, budget)
            unpacked += len(content)
            budget.spend(len(content))
            mode = member.external_attr >> 16
            if mode & 0o170000 == 0o120000:
                yield VirtualFile(inner, b"", form=Form.LINK, target=plain(content.decode("utf-8", "surrogateescape")))
            else:
                yield VirtualFile(inner, content, bool(mode & 0o111))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, inner: str, room: int, budget: Budget) -> bytes:
    if member.flag_bits & _ENCRYPTED:
        budget.gap(inner, "encrypted: it cannot be judged")
        return b""
    content = b""
    try:
        with archive.open(member) as stream:
            content = _take(stream, room + 1)
            if len(content) <= room and len(content) != member.file_size:
                budget.gap(inner, "its size is not what the zip says")
    except _BROKEN as why:
        budget.gap(inner, f"a member that cannot be read: {why}")
    if len(content) > room:
        budget.gap(inner, f"unpacks to more than there is room for ({room} bytes): the rest was not read")
    return content[:room]


def _take(stream: IO[bytes], most: int) -> bytes:
    parts, got = [], 0
    while got < most:
        part = stream.read(min(_CHUNK, most - got))
        if not part:
            break
        parts.append(part)
        got += len(part)
    return b"".join(parts)


def read_tar(path: str, data: bytes, budget: Budget, packed: int | None = None) -> Iterator[VirtualFile]:
    """The members of a tar; `packed` is its size when it was compressed."""
    seen: set[str] = set()
    unpacked = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for member in archive:
                inner = f"{path}!/{_inside(member.name)}"
                if member.size and not member.isreg():
                    budget.gap(inner, _FULL)
                if member.isdir():
                    continue
                if not budget.file(inner):
                    return
                _note_name(inner, member.name, seen, budget)
                if member.issym() or member.islnk():
                    # a hard link counts from the root of the archive, a symbolic one from where it lies
                    up = "../" * _inside(member.name).count("/") if member.islnk() else ""
                    yield VirtualFile(inner, b"", form=Form.LINK, target=up + plain(member.linkname))
                    continue
                if not member.isreg():
                    budget.gap(inner, "not a regular file: not read")
                    yield VirtualFile(inner, b"", form=Form.SPECIAL)
                    continue
                room = _allowed(packed or len(data), unpacked, budget)
                stream = archive.extractfile(member)
                content = b"" if stream is None else _take(stream, room + 1)
                if len(content) > room:
                    budget.gap(inner, f"longer than there is room for ({room} bytes): the rest was not read")
                    content = content[:room]
                unpacked += len(content)
                budget.spend(len(content))
                yield VirtualFile(inner, content, bool(member.mode & 0o111))
            trailer = data[archive.offset :].strip(b"\0")
            if trailer:
                budget.gap(path, "bytes stand after the end of the tar")
    except (tarfile.TarError, *_BROKEN) as why:
        budget.gap(path, f"a tar that cannot be read: {why}")


def decompress(path: str, data: bytes, kind: str, budget: Budget) -> bytes:
    """What a gz, bz2 or xz stream holds, as far as the budget goes; several streams in a row are one."""
    out: list[bytes] = []
    got = at = streams = 0
    room, start = _allowed(len(data), 0, budget), data[:2]
    try:
        while got <= room and data.startswith(start, at) and streams < _STREAMS:
            parts = len(out)
            at = _stream(kind, data, at, room - got, out)
            got += sum(map(len, out[parts:]))
            streams += 1
        if got <= room and data[at:].strip(b"\0"):
            budget.gap(path, "bytes stand after the end of the compressed stream")
    except _BROKEN as why:
        budget.gap(path, f"a compressed stream that cannot be read: {why}")
    content = b"".join(out)
    if len(content) > room:
        budget.gap(path, f"unpacks to more than there is room for ({room} bytes): the rest was not read")
    return content[:room]


def _stream(kind: str, data: bytes, at: int, room: int, out: list[bytes]) -> int:
    """Add what one stream holds, as far as there is room for it; gives where it ends.

    Fed piece by piece: the decompressors copy whatever of their input they leave over.
    """
    decoder = _decoder(kind)
    feed, most, got = b"", 256, 0
    while not decoder.eof and got <= room:
        if not feed and getattr(decoder, "needs_input", True):
            feed, most = data[at : at + most], min(2 * most, _CHUNK)
            at += len(feed)
        part = decoder.decompress(feed, _CHUNK)
        feed = getattr(decoder, "unconsumed_tail", b"")
        out.append(part)
        got += len(part)
        if not part and not feed and at >= len(data) and not decoder.eof:
            raise EOFError("it ends early")
    return at - len(decoder.unused_data)


def _decoder(kind: str) -> _Decoder:
    if kind == "gz":
        return zlib.decompressobj(wbits=31)
    return bz2.BZ2Decompressor() if kind == "bz2" else lzma.LZMADecompressor(memlimit=256_000_000)


def _allowed(packed: int, unpacked: int, budget: Budget) -> int:
    """How many bytes the next member may unpack to, given what this archive gave already."""
    by_ratio = budget.limits.ratio_free + packed * budget.limits.ratio - unpacked
    return max(0, min(budget.room(), by_ratio))


def _inside(name: str) -> str:
    """A member's name as a path inside its archive: never absolute, never above it."""
    parts = name.partition("\0")[0].replace("\\", "/").split("/")
    return plain("/".join(part for part in parts if part not in {"", ".", ".."})) or "unnamed"


def _note_name(inner: str, name: str, seen: set[str], budget: Budget) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or name[1:2] == ":":
        budget.gap(inner, "its name points outside the archive")
    if "\0" in name:
        budget.gap(inner, "its name has a NUL in it, where some readers end it")
    if inner in seen:
        budget.gap(inner, "two members have this name: readers differ on which counts")
    seen.add(inner)

"""A pack as it comes over the network, without an index: its objects, named by their own bytes.

Format: gitformat-pack(5). Only packs that stand alone are read: a delta whose base is not in the pack stays unread.
"""

import hashlib
import zlib
from collections import defaultdict
from typing import NamedTuple

from sekisho.inspection.intake.gather import Intake, settle
from sekisho.inspection.intake.repository import BrokenRepository, apply_delta, bare_files, base_distance
from sekisho.inspection.virtual import Budget, Gap, Limits, UnjudgeableInput, VirtualFile

_HEAD, _TRAILER = 12, 20
_TYPES = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_OFFSET_DELTA, _NAMED_DELTA = 6, 7
_CHUNK = 1 << 14
_ROOT = ".@HEAD"


class Fetched(NamedTuple):
    """What a commit or tree holds: its own files, and all that is to be inspected (archives within it as well)."""

    tree: tuple[VirtualFile, ...]
    intake: Intake


class _Object(NamedTuple):
    kind: str
    data: bytes

    @property
    def loose(self) -> bytes:
        return f"{self.kind} {len(self.data)}\0".encode() + self.data


class _Delta(NamedTuple):
    base: int | str
    """Where in the pack it begins, or its name."""
    at: int
    data: bytes


def read_pack(pack: bytes, name: str, limits: Limits | None = None) -> Fetched:
    """The files of the commit, tag or tree `name` (40 hex digits) in a pack.

    Raises BrokenRepository, and UnjudgeableInput where none of its files is there.
    """
    budget = Budget(limits or Limits())
    objects = unpack(pack, budget.limits)
    commit = _commit(objects, name)
    loose = [
        VirtualFile(f"objects/{key[:2]}/{key[2:]}", zlib.compress(objects.pop(key).loose, 0)) for key in [*objects]
    ]
    found = tuple(
        VirtualFile(_below(file.path), file.data, file.executable, file.form, file.target)
        for file in bare_files("", [VirtualFile("HEAD", commit.encode()), *loose], budget)
    )
    budget.gaps = [Gap(_below(gap.file), gap.line, gap.why) for gap in budget.gaps]
    if not found and budget.gaps:
        raise UnjudgeableInput(name, budget.gaps[0].why)
    return Fetched(found, settle(list(found), budget))


def unpack(pack: bytes, limits: Limits) -> dict[str, _Object]:
    """Every object that needs no base from elsewhere, by name. Raises BrokenRepository."""
    if len(pack) < _HEAD + _TRAILER or pack[:4] != b"PACK" or int.from_bytes(pack[4:8], "big") not in {2, 3}:
        raise BrokenRepository("this is no pack")
    if hashlib.sha1(pack[:-_TRAILER], usedforsecurity=False).digest() != pack[-_TRAILER:]:
        raise BrokenRepository("the pack is damaged or ends early")
    count = int.from_bytes(pack[8:12], "big")
    if count > 4 * limits.files:
        raise BrokenRepository(f"the pack holds more than {4 * limits.files} objects")
    whole: list[tuple[int, _Object]] = []
    deltas: dict[int | str, list[_Delta]] = defaultdict(list)
    at, room = _HEAD, limits.total_bytes
    for _ in range(count):
        start = at
        kind, size, at = _entry(pack, at)
        base: int | str = ""
        if kind == _OFFSET_DELTA:
            back, at = base_distance(pack, at)
            base = start - back
        elif kind == _NAMED_DELTA:
            base, at = pack[at : at + 20].hex(), at + 20
        elif kind not in _TYPES:
            raise BrokenRepository("an object of no known type")
        room -= size
        if room < 0:
            raise BrokenRepository(f"the pack holds more than {limits.total_bytes} bytes")
        data, at = _inflate(pack, at, size)
        if base == "":
            whole.append((start, _Object(_TYPES[kind], data)))
        else:
            deltas[base].append(_Delta(base, start, data))
    return _resolve(whole, deltas, limits)


def _resolve(
    whole: list[tuple[int, _Object]], deltas: dict[int | str, list[_Delta]], limits: Limits
) -> dict[str, _Object]:
    """Name what is whole, and carry out the deltas upon it, and those upon them."""
    named: dict[str, _Object] = {}
    room = limits.total_bytes - sum(len(each.data) for _, each in whole)
    while whole:
        at, each = whole.pop()
        name = hashlib.sha1(each.loose, usedforsecurity=False).hexdigest()
        named[name] = each
        for delta in (*deltas.pop(at, ()), *deltas.pop(name, ())):
            data = apply_delta(each.data, delta.data, room)
            room -= len(data)
            whole.append((delta.at, _Object(each.kind, data)))
    return named


def _commit(objects: dict[str, _Object], name: str) -> str:
    """The commit that stands for `name`: itself, what a tag points to, or one made up for a bare tree."""
    for _ in range(5):
        found = objects.get(name)
        if found is None:
            raise UnjudgeableInput(name, "it did not come")
        if found.kind == "tag" and found.data.startswith(b"object "):
            name = found.data[7:47].decode("ascii", "replace")
            continue
        if found.kind == "tree":
            made = _Object("commit", f"tree {name}\n".encode())
            name = hashlib.sha1(made.loose, usedforsecurity=False).hexdigest()
            objects[name] = made
        return name
    raise UnjudgeableInput(name, "tags upon tags")


def _below(path: str) -> str:
    return path.removeprefix(f"{_ROOT}/")


def _entry(pack: bytes, at: int) -> tuple[int, int, int]:
    """An entry's type and size, and where its content or its base's name begins."""
    kind = size = shift = 0
    for place in range(at, min(at + 10, len(pack) - _TRAILER)):
        byte = pack[place]
        if place == at:
            kind, size, shift = byte >> 4 & 7, byte & 0x0F, 4
        else:
            size |= (byte & 0x7F) << shift
            shift += 7
        if not byte & 0x80:
            return kind, size, place + 1
    raise BrokenRepository("a pack that ends early")


def _inflate(pack: bytes, at: int, size: int) -> tuple[bytes, int]:
    """Content of exactly `size` bytes, and where it ends in the pack."""
    decoder, parts, got = zlib.decompressobj(), [], 0
    try:
        while not decoder.eof:
            feed = decoder.unconsumed_tail or pack[at : at + _CHUNK]
            if not decoder.unconsumed_tail:
                at += len(feed)
            part = decoder.decompress(feed, size + 1 - got) if got <= size else b""
            got += len(part)
            parts.append(part)
            if got > size or not (feed or part):
                raise BrokenRepository("an object of another size than the pack says")
    except zlib.error as why:
        raise BrokenRepository("an object that cannot be decompressed") from why
    if got != size:
        raise BrokenRepository("an object of another size than the pack says")
    return b"".join(parts), at - len(decoder.unused_data)

"""A git repository without a checkout, read from its own bytes: loose objects, packs, refs.

`git` is never started: its configuration, which belongs to the stranger, can name programs to run. Formats:
gitrepository-layout(5), gitformat-pack(5), in Git's Documentation/. Objects named by SHA-256 are a gap.
"""

import hashlib
import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from sekisho.errors import SekishoError
from sekisho.inspection.virtual import Budget, Form, VirtualFile, plain, unpacked

_MAX_CHAIN = 4096
"""Deltas upon deltas; Git writes 50 at most."""

_WORK, _STEP = 8, 1000
"""How many times the whole budget the objects of a repository may unpack to, and what each counts beside its bytes:
the same base may be asked for by any number of deltas."""

_CHUNK = 1 << 14
_NAME = re.compile(r"[0-9a-f]{40}")
_HEAD = re.compile(rb"ref:|[0-9a-fA-F]{40}")
_FOLDER, _FILE, _LINK = 0o040000, 0o100000, 0o120000
"""Kinds of entries by the bits of their mode that git looks at; any other is a submodule to it (`canon_mode`)."""

_UNWRITTEN = {"", ".", "..", ".git"}
"""Names that git puts nowhere."""

_TYPES = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_OFFSET_DELTA, _NAMED_DELTA = 6, 7


class BrokenRepository(SekishoError):
    """An object that is not there, or whose bytes are not what git writes."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the repository cannot be read: {why}")
        self.why = why


def bare_roots(files: Sequence[VirtualFile]) -> Iterator[tuple[str, Sequence[VirtualFile]]]:
    """The folders (`""` or ending in `/`) that are a repository with nothing checked out beside it, and what lies in
    each. `files` are in the order of paths.
    """
    paths = [file.path for file in files]
    for file in files:
        path = file.path
        if file.name != "HEAD" or "/logs/" in f"/{path}" or "/refs/" in f"/{path}" or not _HEAD.match(file.data):
            continue
        root = path[: -len("HEAD")]
        first, last = _span(paths, root)
        begin, end = _span(paths, f"{root}objects/")
        if begin == end:
            continue
        if root.endswith(".git/") and (root == ".git/" or root[-6:-5] == "/"):
            begin, end = _span(paths, root[: -len(".git/")])
            if end - begin > last - first:
                continue  # a working tree: its files are on disk and were read there
        yield root, files[first:last]


def _span(paths: Sequence[str], prefix: str) -> tuple[int, int]:
    """Where the paths that begin so begin and end, among sorted ones."""
    first = bisect_left(paths, prefix)
    return first, bisect_left(paths, True, first, key=lambda path: not path.startswith(prefix))


def bare_files(root: str, files: Sequence[VirtualFile], budget: Budget) -> Iterator[VirtualFile]:
    """The files of the commit that HEAD names, as `<root>@HEAD/<path>`."""
    repository = Repository({f.path[len(root) :]: f.data for f in files if f.path.startswith(root)}, budget)
    shown = f"{root.rstrip('/') or '.'}@HEAD"
    try:
        commit = repository.resolve("HEAD")
        if commit is None:
            budget.gap(shown, "HEAD names no commit: the history was not read")
            return
        waiting = [(repository.tree_of(commit), shown)]
        while waiting:
            tree, folder = waiting.pop()
            seen: set[str] = set()
            for mode, name, sha in repository.tree(tree):
                path, kind = f"{folder}/{name}", mode & 0o170000
                if name in seen:
                    budget.gap(path, "two entries of a folder have this name: readers differ on which counts")
                seen.add(name)
                if name.lower() in _UNWRITTEN:
                    budget.gap(path, "a name that git does not write: not read")
                elif kind not in {_FOLDER, _FILE, _LINK}:
                    budget.gap(path, "a submodule: its repository was not read")
                elif not budget.file(path):
                    return
                elif kind != _FOLDER:
                    yield _blob(repository, mode, path, sha, budget)
                elif folder.count("/") > 200:
                    budget.gap(path, "folders lie more than 200 deep")
                else:
                    waiting.append((sha, f"{folder}/{unpacked(name + '/')[:-1]}"))
    except BrokenRepository as why:
        budget.gap(shown, why.why)


def _blob(repository: "Repository", mode: int, path: str, sha: str, budget: Budget) -> VirtualFile:
    try:
        _, data = repository.object(sha)
    except BrokenRepository as why:
        budget.gap(path, why.why)
        return VirtualFile(path, b"")
    budget.spend(len(data))
    if mode & 0o170000 == _LINK:
        return VirtualFile(path, b"", form=Form.LINK, target=plain(data.decode("utf-8", "surrogateescape")))
    return VirtualFile(path, data, bool(mode & 0o111))


class Repository:
    """Objects by name, from the files of one repository (paths relative to it)."""

    def __init__(self, files: Mapping[str, bytes], budget: Budget) -> None:
        self._files, self._budget = files, budget
        self._work = _WORK * budget.limits.total_bytes
        self._packs = [
            (_Index(files[path]), files.get(path[:-4] + ".pack", b""))
            for path in sorted(files)
            if path.startswith("objects/pack/") and path.endswith(".idx")
        ]

    def resolve(self, ref: str) -> str | None:
        """The object a ref names, through at most five symbolic refs."""
        for _ in range(5):
            text = self._files.get(ref, b"").decode("ascii", "replace").strip()
            if text.startswith("ref: "):
                ref = text[5:].strip()
                continue
            return text or self._packed_refs().get(ref)
        return None

    def object(self, name: str) -> tuple[str, bytes]:
        """An object's type and content. Raises BrokenRepository.

        Its bytes must have its name: git does not look when it checks out, and which of two copies it takes is its own.
        """
        if not _NAME.fullmatch(name):
            raise BrokenRepository(f"{name[:64]!a} is no name by SHA-1")
        loose = self._files.get(f"objects/{name[:2]}/{name[2:]}")
        if loose is not None:
            head, _, content = self._inflate(loose, 0).partition(b"\0")
            kind = head.split(b" ")[0].decode("ascii", "replace")
        else:
            kind, content = self._packed(*self._found(name))
        told = f"{kind} {len(content)}\0".encode() + content
        if hashlib.sha1(told, usedforsecurity=False).hexdigest() != name:
            raise BrokenRepository(f"object {name[:12]} has other bytes than its name says")
        return kind, content

    def _found(self, name: str) -> tuple[bytes, int]:
        """The pack that holds an object, and where in it."""
        for index, pack in self._packs:
            offset = index.find(bytes.fromhex(name))
            if offset is not None:
                return pack, offset
        raise BrokenRepository(f"object {name[:12]} is not in it")

    def tree_of(self, commit: str) -> str:
        """The tree a commit names."""
        kind, body = self.object(commit)
        if kind != "commit" or not body.startswith(b"tree "):
            raise BrokenRepository("HEAD is no commit")
        return body[5:45].decode("ascii", "replace")

    def tree(self, name: str) -> Iterator[tuple[int, str, str]]:
        """A tree's entries: mode, name, object."""
        kind, body = self.object(name)
        if kind != "tree":
            raise BrokenRepository(f"object {name[:12]} is no tree")
        at = 0
        while at < len(body):
            space, end = body.find(b" ", at), body.find(b"\0", at)
            if not at < space < end or end + 21 > len(body) or not body[at:space].isdigit():
                raise BrokenRepository(f"tree {name[:12]} is damaged")
            yield (
                int(body[at:space], 8) if set(body[at:space]) <= set(b"01234567") else 0,
                plain(body[space + 1 : end].decode("utf-8", "surrogateescape")).replace("/", "\\x2f"),
                body[end + 1 : end + 21].hex(),
            )
            at = end + 21

    def _packed_refs(self) -> dict[str, str]:
        rows = (line.split(" ") for line in self._files.get("packed-refs", b"").decode("utf-8", "replace").splitlines())
        return {row[1]: row[0] for row in rows if len(row) == 2}

    def _packed(self, pack: bytes, offset: int) -> tuple[str, bytes]:
        deltas: list[bytes] = []
        room = self._budget.room()
        for _ in range(_MAX_CHAIN):
            kind, at = _entry(pack, offset)
            if kind in _TYPES:
                content = self._inflate(pack, at)
                for delta in reversed(deltas):
                    content = apply_delta(content, delta, self._budget.room())
                    self._spend(len(content))
                return _TYPES[kind], content
            if kind == _OFFSET_DELTA:
                back, at = base_distance(pack, at)
                deltas.append(self._inflate(pack, at))
                if not 0 < back <= offset:
                    raise BrokenRepository("a delta upon nothing")
                offset -= back
            elif kind == _NAMED_DELTA:
                deltas.append(self._inflate(pack, at + 20))
                pack, offset = self._found(pack[at : at + 20].hex())
            else:
                raise BrokenRepository("an object of no known type")
            room -= len(deltas[-1])
            if room < 0:
                raise BrokenRepository("deltas that need more room than there is")
        raise BrokenRepository("deltas upon deltas without end")

    def _inflate(self, data: bytes, at: int) -> bytes:
        """Piece by piece: zlib copies whatever of its input it leaves over."""
        room = self._budget.room()
        decoder, parts, got = zlib.decompressobj(), [], 0
        try:
            while not decoder.eof and got <= room and at < len(data):
                feed = data[at : at + _CHUNK]
                at += len(feed)
                while feed and got <= room:
                    parts.append(decoder.decompress(feed, room + 1 - got))
                    got += len(parts[-1])
                    feed = decoder.unconsumed_tail
        except zlib.error as why:
            raise BrokenRepository("an object that cannot be decompressed") from why
        if got > room:
            raise BrokenRepository(f"an object longer than {room} bytes")
        self._spend(got)
        return b"".join(parts)

    def _spend(self, count: int) -> None:
        self._work -= count + _STEP
        if self._work < 0:
            raise BrokenRepository(f"its objects unpack to more than {_WORK} times what may be read")


class _Index:
    """A pack's index of version 2, searched as it lies; of any other nothing is found."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._count = raw, 0
        if raw[:8] == b"\xfftOc\x00\x00\x00\x02" and len(raw) >= 1032:
            count = int.from_bytes(raw[1028:1032], "big")
            self._count = count if 1032 + count * 28 <= len(raw) else 0

    def find(self, name: bytes) -> int | None:
        """Where an object begins in the pack; its name has 20 bytes."""
        place = bisect_left(range(self._count), name, key=self._name)
        if place == self._count or self._name(place) != name:
            return None
        offset = self._number(1032 + self._count * 24 + place * 4, 4)
        if offset & 0x80000000:
            return self._number(1032 + self._count * 28 + (offset & 0x7FFFFFFF) * 8, 8)
        return offset

    def _name(self, place: int) -> bytes:
        return self._raw[1032 + place * 20 : 1052 + place * 20]

    def _number(self, at: int, size: int) -> int:
        return int.from_bytes(self._raw[at : at + size], "big")


def _entry(pack: bytes, at: int) -> tuple[int, int]:
    """The type of the object at an offset, and where its content begins."""
    if not 12 <= at < len(pack):
        raise BrokenRepository("an object outside its pack")
    byte = pack[at]
    kind = byte >> 4 & 7
    while byte & 0x80:
        at += 1
        if at >= len(pack):
            raise BrokenRepository("a pack that ends early")
        byte = pack[at]
    return kind, at + 1


def base_distance(pack: bytes, at: int) -> tuple[int, int]:
    """How far back a delta's base begins, and where its content begins. Raises BrokenRepository."""
    value = -1
    while at < len(pack):
        byte = pack[at]
        value, at = (value + 1) << 7 | byte & 0x7F, at + 1
        if not byte & 0x80:
            return value, at
        if value > len(pack):
            break
    raise BrokenRepository("a delta upon nothing")


def apply_delta(base: bytes, delta: bytes, room: int) -> bytes:
    """Carry out a delta's copies and inserts, to at most `room` bytes. Raises BrokenRepository."""
    _, at = _varint(delta, 0)
    size, at = _varint(delta, at)
    if size > room:
        raise BrokenRepository(f"an object longer than {room} bytes")
    out = bytearray()
    while at < len(delta) and len(out) <= size:
        code, at = delta[at], at + 1
        if not code & 0x80:
            out += delta[at : at + code]
            at += code
            continue
        offset = length = 0
        for bit in range(7):
            if code & 1 << bit:
                byte, at = delta[at : at + 1], at + 1
                value = int.from_bytes(byte, "little")
                if bit < 4:
                    offset |= value << 8 * bit
                else:
                    length |= value << 8 * (bit - 4)
        out += base[offset : offset + (length or 0x10000)]
    if len(out) != size:
        raise BrokenRepository("a delta that does not fit")
    return bytes(out)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 64:
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at
    raise BrokenRepository("a delta that does not fit")

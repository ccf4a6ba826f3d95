"""A git repository without a checkout, read from its own bytes: loose objects, packs, refs.

`git` is never started: its configuration, which belongs to the stranger, can name programs to run. Formats:
gitrepository-layout(5), gitformat-pack(5), in Git's Documentation/. Objects named by SHA-256 are a gap.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence

from sekisho.errors import SekishoError
from sekisho.inspection.virtual import Budget, Form, VirtualFile, plain

_MAX_CHAIN = 4096
"""Deltas upon deltas; Git writes 50 at most."""

_TYPES = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_OFFSET_DELTA, _NAMED_DELTA = 6, 7


class BrokenRepository(SekishoError):
    """An object that is not there, or whose bytes are not what git writes."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the repository cannot be read: {why}")
        self.why = why


def is_bare(files: Sequence[VirtualFile]) -> Iterator[str]:
    """The folders (`""` or ending in `/`) that are a repository with nothing checked out beside it."""
    paths = {file.path for file in files}
    for path in sorted(paths):
        if path.rpartition("/")[2] != "HEAD" or "/logs/" in f"/{path}" or "/refs/" in f"/{path}":
            continue
        root = path[: -len("HEAD")]
        if f"{root}config" not in paths or not any(each.startswith(f"{root}objects/") for each in paths):
            continue
        if root.endswith(".git/") and (root == ".git/" or root[-6:-5] == "/"):
            beside = root[: -len(".git/")]
            if any(each.startswith(beside) and not each.startswith(root) for each in paths):
                continue  # a working tree: its files are on disk and were read there
        yield root


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
            for mode, name, sha in repository.tree(tree):
                path = f"{folder}/{name}"
                if mode == 0o040000:
                    if folder.count("/") > 200:
                        budget.gap(path, "folders lie more than 200 deep")
                    else:
                        waiting.append((sha, path))
                elif mode == 0o160000:
                    budget.gap(path, "a submodule: its repository was not read")
                elif budget.file(path):
                    yield _blob(repository, mode, path, sha, budget)
                else:
                    return
    except BrokenRepository as why:
        budget.gap(shown, why.why)


def _blob(repository: "Repository", mode: int, path: str, sha: str, budget: Budget) -> VirtualFile:
    try:
        _, data = repository.object(sha)
    except BrokenRepository as why:
        budget.gap(path, why.why)
        return VirtualFile(path, b"")
    budget.spend(len(data))
    if mode == 0o120000:
        return VirtualFile(path, b"", form=Form.LINK, target=plain(data.decode("utf-8", "surrogateescape")))
    return VirtualFile(path, data, bool(mode & 0o111))


class Repository:
    """Objects by name, from the files of one repository (paths relative to it)."""

    def __init__(self, files: Mapping[str, bytes], budget: Budget) -> None:
        self._files, self._budget = files, budget
        self._packs: dict[str, tuple[bytes, int]] = {}
        for path in sorted(files):
            if path.startswith("objects/pack/") and path.endswith(".idx"):
                pack = files.get(path[:-4] + ".pack", b"")
                self._packs |= {name: (pack, offset) for name, offset in _index(files[path])}

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
        """An object's type and content. Raises BrokenRepository."""
        loose = self._files.get(f"objects/{name[:2]}/{name[2:]}")
        if loose is not None:
            head, _, body = self._inflate(loose, 0).partition(b"\0")
            return head.split(b" ")[0].decode("ascii", "replace"), body
        if name not in self._packs:
            raise BrokenRepository(f"object {name[:12]} is not in it")
        pack, offset = self._packs[name]
        return self._packed(pack, offset)

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
        for _ in range(_MAX_CHAIN):
            kind, at = _entry(pack, offset)
            if kind == _OFFSET_DELTA:
                back, at = base_distance(pack, at)
                deltas.append(self._inflate(pack, at))
                if not 0 < back <= offset:
                    raise BrokenRepository("a delta upon nothing")
                offset -= back
            elif kind == _NAMED_DELTA:
                deltas.append(self._inflate(pack, at + 20))
                base = pack[at : at + 20].hex()
                if base not in self._packs:
                    raise BrokenRepository("a delta upon nothing")
                pack, offset = self._packs[base]
            elif kind in _TYPES:
                content = self._inflate(pack, at)
                for delta in reversed(deltas):
                    content = apply_delta(content, delta, self._budget.room())
                return _TYPES[kind], content
            else:
                raise BrokenRepository("an object of no known type")
        raise BrokenRepository("deltas upon deltas without end")

    def _inflate(self, data: bytes, at: int) -> bytes:
        room = self._budget.room()
        try:
            content = zlib.decompressobj().decompress(memoryview(data)[at:], room + 1)
        except zlib.error as why:
            raise BrokenRepository("an object that cannot be decompressed") from why
        if len(content) > room:
            raise BrokenRepository(f"an object longer than {room} bytes")
        return content


def _index(raw: bytes) -> Iterator[tuple[str, int]]:
    """The names and offsets in a pack index of version 2; nothing of any other."""
    if raw[:8] != b"\xfftOc\x00\x00\x00\x02" or len(raw) < 1032:
        return
    count = int.from_bytes(raw[1028:1032], "big")
    names, offsets = 1032, 1032 + count * 24
    large = offsets + count * 4
    if large > len(raw):
        return
    for place in range(count):
        offset = int.from_bytes(raw[offsets + place * 4 : offsets + place * 4 + 4], "big")
        if offset & 0x80000000:
            far = large + (offset & 0x7FFFFFFF) * 8
            offset = int.from_bytes(raw[far : far + 8], "big")
        yield raw[names + place * 20 : names + place * 20 + 20].hex(), offset


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

"""C2SP tlog-tiles: a log as files that any static web server can serve.

`tile/<L>/<N>[.p/<W>]` holds up to 256 hashes of complete subtrees of height 8 * L; `tile/entries/<N>[.p/<W>]` the
entries under a tile of level 0, each behind its length in two bytes.
"""

from collections.abc import Callable, Sequence

from sekisho.errors import SekishoError
from sekisho.evidence.merkle import Node, node_hash

WIDTH = 256
HEIGHT = 8
HASH = 32
MAX_ENTRY = 65_535
"""Bytes of one entry: its length is two bytes."""

Fetch = Callable[[str], bytes]
"""Reads a file of the log by its path. Raises MissingTile."""


class MissingTile(SekishoError):
    """A file of the log that is not there."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"the log's {path} cannot be read: {why}")
        self.path, self.why = path, why


class MalformedTile(SekishoError):
    """A file of the log that is not what its name says."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"the log's {path} is damaged: {why}")
        self.path, self.why = path, why


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """The path of a tile (`level` 0 to 63, or "entries"), full or of `width` 1 to 255."""
    groups: list[str] = []
    rest = index
    while True:
        rest, group = divmod(rest, 1000)
        groups.append(f"{'x' if groups else ''}{group:03}")
        if not rest:
            break
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"


def width_of(level: int, index: int, size: int) -> int:
    """How many hashes tile `index` of `level` holds in a tree of `size`: 0 to 256."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def write_entries(entries: Sequence[bytes]) -> bytes:
    """An entry bundle."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_entries(raw: bytes, width: int, path: str = "entries") -> tuple[bytes, ...]:
    """The `width` entries of a bundle. Raises MalformedTile."""
    entries, at = [], 0
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 2], "big")
        entry = raw[at + 2 : at + 2 + length]
        if at + 2 > len(raw) or len(entry) < length:
            raise MalformedTile(path, "an entry is cut off")
        entries.append(entry)
        at += 2 + length
    if len(entries) != width:
        raise MalformedTile(path, f"{len(entries)} entries instead of {width}")
    return tuple(entries)


def read_hashes(raw: bytes, width: int, path: str = "tile") -> tuple[bytes, ...]:
    """The `width` hashes of a tile. Raises MalformedTile."""
    if len(raw) != width * HASH:
        raise MalformedTile(path, f"{len(raw)} bytes instead of {width * HASH}")
    return tuple(raw[at : at + HASH] for at in range(0, len(raw), HASH))


def read_tile(fetch: Fetch, level: int, index: int, width: int) -> tuple[bytes, ...]:
    """The first `width` hashes of a tile, from the full one where it has taken the partial one's place.

    Raises MissingTile, MalformedTile.
    """
    path = tile_path(level, index, width)
    try:
        raw = fetch(path)
    except MissingTile:
        if width == WIDTH:
            raise
        raw = fetch(tile_path(level, index))[: width * HASH]
    return read_hashes(raw, width, path)


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root over 2^n hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def nodes(fetch: Fetch, size: int) -> Node:
    """The nodes of a tree of `size`, read from its tiles; each tile once. Nothing is believed: check what you prove."""
    known: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def tile(level: int, index: int) -> tuple[bytes, ...]:
        if (level, index) not in known:
            known[level, index] = read_tile(fetch, level, index, width_of(level, index, size))
        return known[level, index]

    def node(height: int, index: int) -> bytes:
        level, rest = divmod(height, HEIGHT)
        start = index << rest
        held = tile(level, start // WIDTH)
        return folded(held[start % WIDTH : start % WIDTH + (1 << rest)])

    return node

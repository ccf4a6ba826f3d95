"""Where an import finds its blocks: Bitcoin Core's folder, some of its files, or files of one raw block each."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.chain.blockfiles.datfile import DamagedFile
from sekisho.chain.blockfiles.folder import BlockFolder
from sekisho.chain.blockfiles.read import Place
from sekisho.chain.blockfiles.scan import NOTHING, MalformedScan, Scan, block_path, parse_scan, show_scan
from sekisho.chain.columns import I64, U8
from sekisho.chain.headers import GENESIS, HEADER_BYTES, BadHeader, Header, parse_header
from sekisho.chain.heights import named_height
from sekisho.chain.parse import MAX_BLOCK_BYTES, MalformedBlock, parse_block
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.chain.store import Store
from sekisho.chain.undo import MalformedSpentCoins, parse_spent
from sekisho.errors import SekishoError
from sekisho.files import UnreadableFile, put, read_file

_NAME = re.compile(r"blk([0-9]{5,10})\.dat", re.ASCII)
_MAX_SPENT = 1 << 28


_MAX_SCAN = 1 << 30
"""A scan of ten million blocks."""


class NoHeight(SekishoError):
    """A block of which nobody can tell how high it stands."""

    def __init__(self, path: Path, at: int) -> None:
        super().__init__(
            f"the block in {path} at byte {at} names no height, and does not stand on a block that is known"
        )
        self.path, self.at = path, at


class UnpairedSpent(SekishoError):
    """Files of spent coins that do not go with the raw block files one by one."""

    def __init__(self, blocks: int, spent: int) -> None:
        super().__init__(f"{spent} files of spent coins for {blocks} files of one raw block")
        self.blocks, self.spent = blocks, spent


class Loaded(NamedTuple):
    """A block read whole, and what is told of the coins it spends."""

    raw: U8
    block: ParsedBlock
    spent: SpentCoins | None


class Waiting(NamedTuple):
    """A block that can be read."""

    height: int
    hash: bytes
    previous: bytes
    size: int
    path: Path
    at: int
    """Where it begins in the file."""
    load: Callable[[], Loaded]
    """Raises DamagedFile, UnreadableFile. May be called in any thread."""


class Waits(Protocol):
    """Blocks that wait to be read, parents before children."""

    def __len__(self) -> int:
        """How many."""
        ...

    def at(self, place: int) -> Waiting:
        """One of them."""
        ...

    def size_from(self, place: int) -> int:
        """How many bytes of block data there are from one of them on."""
        ...


class FolderChain:
    """The best chain of a folder, from `first_height` up. Each block is made when asked for: there may be a million."""

    def __init__(self, folder: BlockFolder, found: Scan, rows: I64, first_height: int) -> None:
        self._folder, self._found, self._rows, self._first = folder, found, rows, first_height
        self._paths = {number: block_path(folder.path, number) for number in found.files["number"].tolist()}

    def __len__(self) -> int:
        return len(self._rows)

    def at(self, place: int) -> Waiting:
        """See Waits."""
        where = self._folder.place(self._found, int(self._rows[place]))
        load = partial(_read, self._folder, where)
        path = self._paths[where.file]
        return Waiting(self._first + place, where.hash, where.previous, where.size, path, where.at, load)

    def size_from(self, place: int) -> int:
        """See Waits."""
        return int(self._found.blocks["size"][self._rows[place:]].sum(dtype=np.int64))


class RawChain:
    """Files of one raw block each, by height."""

    def __init__(self, found: Sequence[Waiting]) -> None:
        self._found = sorted(found, key=lambda each: each.height)

    def __len__(self) -> int:
        return len(self._found)

    def at(self, place: int) -> Waiting:
        """See Waits."""
        return self._found[place]

    def size_from(self, place: int) -> int:
        """See Waits."""
        return sum(each.size for each in self._found[place:])


def chains_of(
    store: Store, blocks: Sequence[Path], spent: Sequence[Path], scanned: Callable[[int, int], None]
) -> Iterator[Waits]:
    """The chains that these folders and files hold. `scanned` hears how many files of how many were looked through.

    Raises NoBlockFiles, DamagedFile, UnreadableFile, NoHeight, UnpairedSpent.
    """
    raw = [path for path in blocks if not path.is_dir() and not _NAME.fullmatch(path.name)]
    if spent and len(spent) != len(raw):
        raise UnpairedSpent(len(raw), len(spent))
    for path in blocks:
        if path.is_dir():
            yield _folder_chain(store, BlockFolder(path, store.network), scanned)
    named = sorted(path for path in blocks if not path.is_dir() and _NAME.fullmatch(path.name))
    for parent, paths in groupby(named, key=lambda path: path.parent):
        numbers = [int(path.stem[3:]) for path in paths]
        yield _folder_chain(store, BlockFolder(parent, store.network, numbers), scanned)
    if raw:
        yield _raw_chain(store, raw, list(spent) or [None] * len(raw))


def _folder_chain(store: Store, folder: BlockFolder, scanned: Callable[[int, int], None]) -> Waits:
    kept = store.path / "scans" / f"{hashlib.sha256(str(folder.path.resolve()).encode()).hexdigest()[:16]}"
    found = folder.scan(_kept_scan(kept), scanned)
    _keep_scan(kept, found)
    best = folder.best_chain(found)
    if not len(best.rows):
        return RawChain(())
    if best.complete:
        return FolderChain(folder, found, best.rows, 0)
    first = folder.place(found, int(best.rows[0]))
    height = store.height_of(first.previous)
    if height is not None:
        return FolderChain(folder, found, best.rows, height + 1)
    named = named_height(folder.read(first).raw.tobytes())
    if named is None:
        raise NoHeight(block_path(folder.path, first.file), first.at)
    return FolderChain(folder, found, best.rows, named)


def _read(folder: BlockFolder, place: Place) -> Loaded:
    return Loaded(*folder.read(place))


def _keep_scan(path: Path, found: Scan) -> None:
    """Only a help for the next import: it is whole or not there, and nobody waits for the disk."""
    path.parent.mkdir(exist_ok=True)
    put(path, show_scan(found))


def _kept_scan(path: Path) -> Scan:
    """What the last import found; nothing where that cannot be read."""
    try:
        return parse_scan(read_file(path, _MAX_SCAN))
    except (UnreadableFile, MalformedScan):
        return NOTHING


def _raw_chain(store: Store, paths: Sequence[Path], spent: Sequence[Path | None]) -> Waits:
    headers, named = [], []
    for path in paths:
        header, height = _start(path, store.network)
        headers.append(header)
        named.append(height)
    heights = _heights(store, paths, headers, named)
    found = [
        Waiting(
            heights[header.hash],
            header.hash,
            header.previous,
            path.stat().st_size,
            path,
            0,
            partial(_load, path, coins, store.network),
        )
        for path, coins, header in zip(paths, spent, headers, strict=True)
    ]
    return RawChain(found)


def _start(path: Path, network: Network) -> tuple[Header, int | None]:
    raw = read_file(path, MAX_BLOCK_BYTES)
    try:
        return parse_header(raw[:HEADER_BYTES], network), named_height(raw)
    except BadHeader as why:
        raise DamagedFile(path, 0, str(why)) from why
    except MalformedBlock as why:
        raise DamagedFile(path, why.at, why.why) from why


def _heights(
    store: Store, paths: Sequence[Path], headers: Sequence[Header], named: Iterable[int | None]
) -> dict[bytes, int]:
    """The height of each block: by the block it stands on where that is known, else by what it names."""
    heights = {GENESIS[store.network]: 0}
    told = {header.hash: height for header, height in zip(headers, named, strict=True)}
    by_hash = {header.hash: header for header in headers}
    for path, header in zip(paths, headers, strict=True):
        above = [header]
        while above[-1].hash not in heights:
            below = above[-1].previous
            known = heights.get(below, store.height_of(below))
            if known is not None:
                heights[above[-1].hash] = known + 1
            elif below in by_hash:
                above.append(by_hash[below])
            else:
                height = told[above[-1].hash]
                if height is None:
                    raise NoHeight(path, 0)
                heights[above[-1].hash] = height
        for each in reversed(above[:-1]):
            heights[each.hash] = heights[each.previous] + 1
    return heights


def _load(path: Path, coins: Path | None, network: Network) -> Loaded:
    raw = np.frombuffer(read_file(path, MAX_BLOCK_BYTES), np.uint8)
    try:
        block = parse_block(raw, network)
    except MalformedBlock as why:
        raise DamagedFile(path, why.at, why.why) from why
    if coins is None:
        return Loaded(raw, block, None)
    try:
        return Loaded(raw, block, parse_spent(read_file(coins, _MAX_SPENT), block))
    except MalformedSpentCoins as why:
        raise DamagedFile(coins, why.at, why.why) from why

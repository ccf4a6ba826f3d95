"""All blocks of a folder: where each lies, and where its undo data. Only headers and undo data are read for it."""

import os
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sekisho.bitcoin.network import Network
from sekisho.chain.blockfiles.datfile import KEY_BYTES, DamagedFile, DatFile
from sekisho.chain.blockfiles.pair import pair
from sekisho.chain.blockfiles.records import BlockRecord, FoundUndo, UndoRecord, find_blocks, find_undo
from sekisho.chain.columns import U8
from sekisho.errors import SekishoError
from sekisho.files import UnreadableFile

BLOCK = np.dtype(
    [
        ("file", "<u4"),
        ("at", "<i8"),
        ("size", "<u4"),
        ("undo_at", "<i8"),
        ("undo_size", "<u4"),
        ("time", "<u4"),
        ("bits", "<u4"),
        ("hash", "u1", (32,)),
        ("previous", "u1", (32,)),
    ]
)
"""One block: the file's number, where its bytes and its undo data begin (-1: it has none), and what its header says."""

FILE = np.dtype(
    [
        ("number", "<u4"),
        ("blocks", "<i8"),
        ("block_stamp", "<i8", (2,)),
        ("undo_stamp", "<i8", (2,)),
        ("block_doubt", "<i8"),
        ("undo_doubt", "<i8"),
    ]
)
"""One pair of files: how many blocks it has, its state when they were found (see `_stamp`), and where a file goes on
with what is no record (-1: nowhere)."""

NO_PLACE = -1
_VERSION = b"sekisho scan of blocks 1\n"
_UNSETTLED = (-1, -1)
_QUIET = 2_000_000_000
"""Nanoseconds without a change after which another change must show in a file's time, however coarse its clock is."""
_NAME = re.compile(r"blk([0-9]{5,10})\.dat", re.ASCII)


class Scan(NamedTuple):
    """What lies in a folder. Give it to the next scan, which then reads only what changed."""

    key: bytes
    files: NDArray[np.void]
    """Of type FILE, in the order of their numbers."""
    blocks: NDArray[np.void]
    """Of type BLOCK, in the order of their files and of their places there."""


class MalformedScan(SekishoError):
    """Bytes that are not a scan as `show_scan` writes it."""

    def __init__(self) -> None:
        super().__init__("not the scan of a folder of blocks: it is cut off, changed, or of another version")


class _Part(NamedTuple):
    """One pair of files."""

    file: NDArray[np.void]
    blocks: NDArray[np.void]


NOTHING = Scan(b"", np.empty(0, FILE), np.empty(0, BLOCK))
"""A scan of no folder."""


def show_scan(scanned: Scan) -> bytes:
    """A scan as bytes, to be kept for the next run."""
    counts = len(scanned.files).to_bytes(8, "little") + len(scanned.blocks).to_bytes(8, "little")
    whole = b"".join((_VERSION, counts, scanned.key, scanned.files.tobytes(), scanned.blocks.tobytes()))
    return whole + sha256(whole).digest()


def parse_scan(raw: bytes) -> Scan:
    """Read what `show_scan` wrote. Raises MalformedScan, and nothing else, whatever the bytes."""
    start, counts = len(_VERSION), len(_VERSION) + 16
    if raw[:start] != _VERSION or len(raw) < counts or sha256(raw[:-32]).digest() != raw[-32:]:
        raise MalformedScan
    files, blocks = (int.from_bytes(raw[at : at + 8], "little") for at in (start, start + 8))
    key = len(raw) - 32 - blocks * BLOCK.itemsize - files * FILE.itemsize - counts
    if key not in {0, KEY_BYTES}:
        raise MalformedScan
    at = counts + key
    rows = np.frombuffer(raw, FILE, files, at), np.frombuffer(raw, BLOCK, blocks, at + files * FILE.itemsize)
    if int(rows[0]["blocks"].sum()) != blocks:
        raise MalformedScan
    return Scan(raw[counts:at], *rows)


def block_path(folder: Path, number: int) -> Path:
    """The file of blocks with this number."""
    return folder / f"blk{number:05d}.dat"


def undo_path(folder: Path, number: int) -> Path:
    """The file of undo data that belongs to it."""
    return folder / f"rev{number:05d}.dat"


def numbers_in(folder: Path) -> tuple[int, ...]:
    """The numbers of the files of blocks in a folder. Raises UnreadableFile."""
    try:
        names = [each.name for each in folder.iterdir()]
    except OSError as why:
        raise UnreadableFile(folder, why.strerror or str(why)) from why
    found = {int(match[1]) for match in map(_NAME.fullmatch, names) if match}
    return tuple(sorted(number for number in found if number < 1 << 32))


def scan(
    folder: Path,
    key: bytes,
    network: Network,
    numbers: Sequence[int],
    before: Scan,
    progress: Callable[[int, int], None],
) -> Scan:
    """Find every block of the files with these numbers. `progress` is told how many files of how many are done.

    Files that did not change since `before` are taken from it; the newest is always read. Raises DamagedFile,
    UnreadableFile.
    """
    known = _parts(before) if before.key == key else {}

    def one(number: int) -> _Part:
        return _unchanged(folder, known.get(number)) or _find(folder, number, key, network)

    parts = []
    with ThreadPoolExecutor(min(len(numbers), os.cpu_count() or 1) or 1) as pool:
        for done, part in enumerate(pool.map(one, numbers), 1):
            parts.append(part)
            progress(done, len(numbers))
    files = np.concatenate([NOTHING.files, *(each.file for each in parts)])
    return Scan(key, files, np.concatenate([NOTHING.blocks, *(each.blocks for each in parts)]))


def _parts(before: Scan) -> dict[int, _Part]:
    """What a scan found in each pair of files but the newest."""
    ends = np.cumsum(before.files["blocks"])
    starts = ends - before.files["blocks"]
    return {
        int(before.files["number"][row]): _Part(before.files[row : row + 1], before.blocks[starts[row] : ends[row]])
        for row in range(len(before.files) - 1)
    }


def _unchanged(folder: Path, part: _Part | None) -> _Part | None:
    """The part itself while its files are what they were."""
    if part is None:
        return None
    number, now = int(part.file["number"][0]), time.time_ns()
    stamps = (_stamp(block_path(folder, number), now), _stamp(undo_path(folder, number), now))
    before = (tuple(part.file["block_stamp"][0].tolist()), tuple(part.file["undo_stamp"][0].tolist()))
    return part if stamps == before and _UNSETTLED not in stamps else None


def _stamp(path: Path, now: int) -> tuple[int, int]:
    """Size and time of the last change of a file; zeros where there is none, `_UNSETTLED` if that was just now."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return 0, 0
    except OSError as why:
        raise UnreadableFile(path, why.strerror or str(why)) from why
    return _UNSETTLED if now - state.st_mtime_ns < _QUIET else (state.st_size, state.st_mtime_ns)


def _find(folder: Path, number: int, key: bytes, network: Network) -> _Part:
    """Read one pair of files: undo data first, so that its block is there however fast a node writes."""
    now = time.time_ns()
    paths = block_path(folder, number), undo_path(folder, number)
    stamps = [_stamp(path, now) for path in paths]
    with ExitStack() as files:
        undo_file = files.enter_context(DatFile(paths[1], key)) if paths[1].exists() else None
        undo, undo_doubt = find_undo(undo_file, network) if undo_file else FoundUndo((), None)
        block_file = files.enter_context(DatFile(paths[0], key))
        blocks, doubt = find_blocks(block_file, network)
        try:
            pairs = pair(blocks, undo, block_file, undo_file, network) if undo_file else (None,) * len(blocks)
        except DamagedFile as why:
            raise (doubt or why) from why  # the block it belongs to lies behind what is no record
    file = np.zeros(1, FILE)
    file["number"], file["blocks"] = number, len(blocks)
    file["block_stamp"], file["undo_stamp"] = stamps
    file["block_doubt"] = doubt.offset if doubt else NO_PLACE
    file["undo_doubt"] = undo_doubt.offset if undo_doubt else NO_PLACE
    return _Part(file, _rows(number, blocks, pairs))


def _rows(number: int, blocks: Sequence[BlockRecord], pairs: Sequence[UndoRecord | None]) -> NDArray[np.void]:
    rows = np.zeros(len(blocks), BLOCK)
    headers = [block.header for block in blocks]
    rows["file"] = number
    rows["at"] = [block.at for block in blocks]
    rows["size"] = [block.size for block in blocks]
    rows["undo_at"] = [undo.at if undo else NO_PLACE for undo in pairs]
    rows["undo_size"] = [undo.size if undo else 0 for undo in pairs]
    rows["time"] = [header.time for header in headers]
    rows["bits"] = [header.bits for header in headers]
    rows["hash"] = _hashes([header.hash for header in headers])
    rows["previous"] = _hashes([header.previous for header in headers])
    return rows


def _hashes(values: Sequence[bytes]) -> U8:
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), 32)

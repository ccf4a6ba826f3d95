"""The chain among the blocks of a folder: the one with most work of which every block was connected."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.chain.blockfiles.datfile import DamagedFile
from sekisho.chain.blockfiles.records import FRAME_BYTES
from sekisho.chain.blockfiles.scan import NO_PLACE, Scan, block_path, undo_path
from sekisho.chain.columns import I64
from sekisho.chain.headers import GENESIS, work_of


class BestChain(NamedTuple):
    """Blocks of a scan, parent before child."""

    rows: I64
    """Their rows in `Scan.blocks`."""
    complete: bool
    """Whether the first one is the genesis block; its parent is not in the folder otherwise."""


def best_chain(folder: Path, scan: Scan, network: Network) -> BestChain:
    """The chain with most work; of equal work the one whose tip lies first.

    Bitcoin Core writes undo data when it connects a block, so one without it counts for nothing: stale branches, blocks
    not connected yet and invalid ones lie in the same files. The genesis block needs none. In a folder without any file
    of undo data every block counts. Raises DamagedFile where the files say that there is more of the chain than they
    hold.
    """
    hashes = [each.tobytes() for each in scan.blocks["hash"]]
    genesis = GENESIS[network]
    connected = _connected(scan, hashes, genesis)
    parents = _parents(scan, hashes, connected)
    work = _work(scan, parents, connected)
    if not any(work):
        return BestChain(np.empty(0, np.int64), False)
    tip = work.index(max(work))
    whole = _has_undo(scan) and genesis in hashes and scan.files["number"].tolist() == list(range(len(scan.files)))
    for row, parent in enumerate(parents):
        if parent == NO_PLACE and connected[row] and whole and hashes[row] != genesis:
            raise _gap(folder, scan, row)
        if parent != NO_PLACE and connected[row] and not connected[parent]:
            _insist(folder, scan, parent)
        if parent == tip and not connected[row]:
            _doubt(folder, scan, row)
    rows = [tip]
    while parents[rows[-1]] != NO_PLACE:
        rows.append(parents[rows[-1]])
    return BestChain(np.array(rows[::-1], np.int64), hashes[rows[-1]] == genesis)


def _connected(scan: Scan, hashes: Sequence[bytes], genesis: bytes) -> list[bool]:
    """Whether Bitcoin Core ever connected each block."""
    if not _has_undo(scan):
        return [True] * len(hashes)
    found: list[bool] = (scan.blocks["undo_at"] != NO_PLACE).tolist()
    return [has or own == genesis for has, own in zip(found, hashes, strict=True)]


def _has_undo(scan: Scan) -> bool:
    """Whether there is any file of undo data."""
    return bool(scan.files["undo_stamp"].any())


def _parents(scan: Scan, hashes: Sequence[bytes], connected: Sequence[bool]) -> list[int]:
    """The row of each block's parent, NO_PLACE where it is in no file. Of rows of the same block, a connected one."""
    places = {own: row for row, own in enumerate(hashes)}
    places.update((own, row) for row, own in enumerate(hashes) if connected[row])
    return [places.get(each.tobytes(), NO_PLACE) for each in scan.blocks["previous"]]


def _work(scan: Scan, parents: Sequence[int], connected: Sequence[bool]) -> list[int]:
    """The work of the chain that ends with each block; 0 where a block in it is not connected."""
    bits: list[int] = scan.blocks["bits"].tolist()
    children: list[list[int]] = [[] for _ in parents]
    work: list[int] = [0] * len(parents)
    stack: list[int] = []
    for row, parent in enumerate(parents):
        if connected[row]:
            (stack if parent == NO_PLACE else children[parent]).append(row)
    while stack:
        row = stack.pop()
        parent = parents[row]
        work[row] = work_of(bits[row]) + (0 if parent == NO_PLACE else work[parent])
        stack += children[row]
    return work


def _gap(folder: Path, scan: Scan, row: int) -> DamagedFile:
    """A block was connected, so the one before it was, and no file is missing where it could lie."""
    place = int(scan.blocks["at"][row]) - FRAME_BYTES
    return DamagedFile(
        block_path(folder, int(scan.blocks["file"][row])), place, "the block before this one is in no file"
    )


def _insist(folder: Path, scan: Scan, row: int) -> None:
    """Raise DamagedFile: the next block was connected, so this one was, and its undo data must be there.

    But for a file that a node was just writing.
    """
    number = int(scan.blocks["file"][row])
    state = scan.files[np.searchsorted(scan.files["number"], number)]
    if int(state["undo_stamp"][0]) >= 0:
        name = scan.blocks["hash"][row].tobytes()[::-1].hex()
        why = f"no undo data of block {name} can be found, and there is some of the block after it"
        raise DamagedFile(undo_path(folder, number), max(0, int(state["undo_doubt"])), why)


def _doubt(folder: Path, scan: Scan, row: int) -> None:
    """Raise DamagedFile where the chain would go on with this block in a file whose undo data breaks off."""
    number = int(scan.blocks["file"][row])
    state = scan.files[np.searchsorted(scan.files["number"], number)]
    if int(state["undo_doubt"]) != NO_PLACE:
        raise DamagedFile(undo_path(folder, number), int(state["undo_doubt"]), "no undo data begins here")

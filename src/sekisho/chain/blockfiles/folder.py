"""Bitcoin Core's `blocks` folder: which chain it holds, and the bytes of each block with the coins it spends."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.chain.blockfiles.best import BestChain, best_chain
from sekisho.chain.blockfiles.datfile import DamagedFile, DatFile, read_key
from sekisho.chain.blockfiles.records import CHECKSUM_BYTES, FRAME_BYTES
from sekisho.chain.blockfiles.scan import NO_PLACE, NOTHING, Scan, block_path, numbers_in, scan, undo_path
from sekisho.chain.columns import U8
from sekisho.chain.parse import MalformedBlock, parse_block
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.chain.undo import MalformedUndo, parse_undo
from sekisho.errors import SekishoError

_GENESIS_UNDO = b"\x00"
"""What undo data of a block without spends would be."""


class NoBlockFiles(SekishoError):
    """A folder that holds no blocks of Bitcoin Core."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds no file of blocks (blk00000.dat and so on)")
        self.folder = folder


class Place(NamedTuple):
    """Where a block lies."""

    file: int
    """Its number: 7 is blk00007.dat, and rev00007.dat for the undo data."""
    at: int
    size: int
    undo_at: int
    """-1: it has no undo data."""
    undo_size: int
    hash: bytes
    previous: bytes


class ReadBlock(NamedTuple):
    """A block read from its place."""

    raw: U8
    parsed: ParsedBlock
    spent: SpentCoins | None
    """None where the folder holds no undo data."""


class BlockFolder:
    """A folder with `blk` and `rev` files, and `xor.dat` where they are XORed. It is only read, and never locked.

    With `numbers` only these files count. Raises NoBlockFiles, DamagedFile, UnreadableFile.
    """

    def __init__(self, path: Path, network: Network, numbers: Sequence[int] | None = None) -> None:
        self.path, self.network, self._only = path, network, numbers
        self.key = read_key(path)
        if not self._numbers():
            raise NoBlockFiles(path)

    def _numbers(self) -> tuple[int, ...]:
        found = numbers_in(self.path)
        return found if self._only is None else tuple(each for each in found if each in self._only)

    def scan(self, before: Scan = NOTHING, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Scan:
        """Find every block; of a folder scanned `before` only what changed is read. `progress` hears of files done.

        Raises DamagedFile, UnreadableFile.
        """
        return scan(self.path, self.key, self.network, self._numbers(), before, progress)

    def best_chain(self, found: Scan) -> BestChain:
        """The chain with most work among connected blocks. Raises DamagedFile."""
        return best_chain(self.path, found, self.network)

    def place(self, found: Scan, row: int) -> Place:
        """The place of one block of a scan."""
        block = found.blocks[row]
        return Place(
            int(block["file"]),
            int(block["at"]),
            int(block["size"]),
            int(block["undo_at"]),
            int(block["undo_size"]),
            block["hash"].tobytes(),
            block["previous"].tobytes(),
        )

    def read(self, place: Place) -> ReadBlock:
        """Read a block and the coins it spends. May be called from many threads. Raises DamagedFile, UnreadableFile."""
        path = block_path(self.path, place.file)
        with DatFile(path, self.key) as file:
            raw = file.read(place.at, place.size)
        try:
            parsed = parse_block(raw, self.network)
        except MalformedBlock as why:
            raise DamagedFile(path, place.at + why.at, why.why) from why
        if parsed.hash != place.hash:
            raise DamagedFile(path, place.at - FRAME_BYTES, "another block lies here than when the folder was scanned")
        return ReadBlock(raw, parsed, self._spent(place, parsed))

    def _spent(self, place: Place, parsed: ParsedBlock) -> SpentCoins | None:
        if place.undo_at == NO_PLACE:
            return None if parsed.tx_first_in[-1] else parse_undo(_GENESIS_UNDO, parsed)
        path = undo_path(self.path, place.file)
        with DatFile(path, self.key) as file:
            raw = file.read(place.undo_at, place.undo_size + CHECKSUM_BYTES)
        undo, checksum = raw[: place.undo_size], raw[place.undo_size :].tobytes()
        if sha256d(place.previous + undo.tobytes()) != checksum:
            raise DamagedFile(path, place.undo_at, "the checksum of undo data is not that of its block's")
        try:
            return parse_undo(undo, parsed)
        except MalformedUndo as why:
            raise DamagedFile(path, place.undo_at + why.at, why.why) from why

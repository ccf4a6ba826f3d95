"""Bitcoin Core's `blocks` folder: which chain it holds, and the bytes of each block with the coins it spends."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from sekisho.bitcoin.network import Network
from sekisho.chain.blockfiles.best import BestChain, best_chain
from sekisho.chain.blockfiles.datfile import read_key
from sekisho.chain.blockfiles.read import Place, Source, place_of, read_block, read_spent
from sekisho.chain.blockfiles.scan import NOTHING, Scan, numbers_in, scan
from sekisho.chain.blockfiles.siblings import tell_apart
from sekisho.chain.columns import U8
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.errors import SekishoError


class NoBlockFiles(SekishoError):
    """A folder that holds no blocks of Bitcoin Core."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds no file of blocks (blk00000.dat and so on)")
        self.folder = folder


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
        self._source = Source(path, read_key(path), network)
        if not self._numbers():
            raise NoBlockFiles(path)

    def _numbers(self) -> tuple[int, ...]:
        found = numbers_in(self.path)
        return found if self._only is None else tuple(each for each in found if each in self._only)

    def scan(self, before: Scan = NOTHING, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Scan:
        """Find every block; of a folder scanned `before` only what changed is read. `progress` hears of files done.

        Raises DamagedFile, UnreadableFile.
        """
        found = scan(self.path, self._source.key, self.network, self._numbers(), before, progress)
        return tell_apart(found, self._source)

    def best_chain(self, found: Scan) -> BestChain:
        """The chain with most work among connected blocks. Raises DamagedFile."""
        return best_chain(self.path, found, self.network)

    def place(self, found: Scan, row: int) -> Place:
        """The place of one block of a scan."""
        return place_of(found, row)

    def read(self, place: Place) -> ReadBlock:
        """Read a block and the coins it spends. May be called from many threads. Raises DamagedFile, UnreadableFile."""
        raw, parsed = read_block(self._source, place)
        return ReadBlock(raw, parsed, read_spent(self._source, place, parsed))

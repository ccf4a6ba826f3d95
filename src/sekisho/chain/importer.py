"""Brings a store up to what files hold: blocks are read ahead by other threads, and put behind each other in order."""

import os
import shutil
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sekisho.bitcoin.network import Network
from sekisho.chain.blockfiles.datfile import DamagedFile
from sekisho.chain.builder import Place
from sekisho.chain.chain import Tip
from sekisho.chain.growing import Counts
from sekisho.chain.head import NoStore, read_head
from sekisho.chain.loose import Dropped, Loose, put_loose, read_loose
from sekisho.chain.parquet import write_parquet
from sekisho.chain.sources import Loaded, Waiting, Waits, chains_of
from sekisho.chain.store import Store
from sekisho.chain.unfit import UnfitBlock
from sekisho.errors import SekishoError

BATCH_BYTES = 1 << 28
"""Block data between two commits."""

_AHEAD_BYTES = 1 << 25
"""Block data that may be read ahead."""

KNOWN_COUNTS = {Network.MAIN: {910_000: 1_226_586_151, 935_000: 1_305_397_408}}
"""How many transactions the chain has up to and with some heights (Bitcoin Core, kernel/chainparams.cpp)."""


class WrongCount(SekishoError):
    """A chain that has another number of transactions than everybody else's."""

    def __init__(self, height: int, found: int, known: int) -> None:
        super().__init__(f"the chain has {found} transactions at height {height}, where Bitcoin Core knows {known}")
        self.height, self.found, self.known = height, found, known


class DoesNotConnect(SekishoError):
    """A block that does not stand on the store's chain."""

    def __init__(self, path: Path, height: int, tip: Tip) -> None:
        super().__init__(f"the block at height {height} in {path} does not connect to the store, whose newest is {tip}")
        self.path, self.height, self.tip = path, height, tip


class Progress(Protocol):
    """Who is told how an import goes."""

    def scanned(self, files: int, of: int) -> None:
        """So many files were looked through."""
        ...

    def begin(self, size: int) -> None:
        """So many bytes of block data are to be read."""
        ...

    def went_on(self, size: int, height: int) -> None:
        """So many more bytes are in, up to this height."""
        ...

    def writes_parquet(self) -> None:
        """The columns are there; the Parquet files follow."""
        ...


class Quiet:
    """Nobody is told."""

    def scanned(self, files: int, of: int) -> None:
        """See Progress."""

    def begin(self, size: int) -> None:
        """See Progress."""

    def went_on(self, size: int, height: int) -> None:
        """See Progress."""

    def writes_parquet(self) -> None:
        """See Progress."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    counts: Counts
    """In the store now."""
    tip: Tip
    blocks: int
    """Added."""
    rolled_back: int
    """Blocks of the store that went away, as the files hold a chain without them that is as high."""
    dropped: tuple[Dropped, ...]
    """Loose transactions that are no longer."""


def import_files(
    path: Path,
    network: Network,
    *,
    blocks: Sequence[Path] = (),
    spent: Sequence[Path] = (),
    loose: Sequence[Path] = (),
    progress: Progress | None = None,
    batch: int = BATCH_BYTES,
    threads: int | None = None,
) -> Imported:
    """Bring the store in `path` up to these files, and make it if there is none.

    `blocks` are folders of Bitcoin Core, `blk` files of one, or files of one raw block each, which `spent` goes with in
    order; `loose` are files of loose transactions. After a DamagedFile nothing is kept that its file brought; what came
    from others before stays. Raises SekishoError of many kinds, each one line.
    """
    new = [each for file in loose for each in read_loose(file)]
    found_none = not path.exists()
    try:
        with Store(path, network) as store:
            importer = _Importer(store, progress or Quiet(), batch, threads or os.cpu_count() or 1)
            return importer.bring_up(blocks, spent, new)
    except SekishoError:
        if found_none and not _holds_anything(path):
            shutil.rmtree(path)
        raise


def _holds_anything(path: Path) -> bool:
    try:
        return read_head(path).counts.blocks > 0
    except NoStore:
        return False


class _Importer:
    """Imports into an open store."""

    def __init__(self, store: Store, progress: Progress, batch: int, threads: int) -> None:
        self._store, self._progress, self._batch, self._threads = store, progress, batch, threads
        self._first_of: dict[Path, int] = {}
        self._kept = self.added = self.rolled_back = 0

    def bring_up(self, blocks: Sequence[Path], spent: Sequence[Path], new: Sequence[Loose]) -> Imported:
        """Bring the store up to these files, loose transactions last."""
        store, told = self._store, self._progress
        if store.loose_blocks():
            store.cut(store.builder.counts.blocks - 1)
        try:
            for chain in chains_of(store, blocks, spent, told.scanned):
                self.follow(chain)
            dropped = put_loose(store, new)
        except SekishoError:
            put_loose(store, ())
            store.commit()
            raise
        store.commit()
        told.writes_parquet()
        write_parquet(store.path, store.builder.growing.used(), store.first_scripts())
        return Imported(store.committed, store.tip, self.added, self.rolled_back, dropped)

    def follow(self, chain: Waits) -> None:
        """Make the store's chain this one. A chain of the store that is higher stays."""
        kept, start = self._fork(chain)
        self._kept = kept
        self.rolled_back += self._store.builder.counts.blocks - kept
        self._store.cut(kept)
        self._first_of = {path: row for path, row in self._first_of.items() if row < kept}
        self._progress.begin(chain.size_from(start))
        since = 0
        for waiting, loaded in self._loaded(chain, start):
            self._add(waiting, loaded)
            self._progress.went_on(waiting.size, waiting.height)
            since += waiting.size
            if since >= self._batch:
                self._store.commit()
                since = 0
        self._store.commit()

    def _fork(self, chain: Waits) -> tuple[int, int]:
        """How many blocks of the store stay, and which of the chain comes next. Raises DoesNotConnect."""
        store, have = self._store, self._store.builder.counts.blocks
        start = bisect_right(range(len(chain)), store.tip.height, key=lambda place: chain.at(place).height)
        while start and store.hash_at(chain.at(start - 1).height) != chain.at(start - 1).hash:
            start -= 1
        if start == len(chain) or chain.at(start).height > store.tip.height:
            return have, start
        first = chain.at(start)
        if store.hash_at(first.height - 1) != first.previous:
            raise DoesNotConnect(first.path, first.height, store.tip)
        if chain.at(len(chain) - 1).height < store.tip.height:
            return have, len(chain)
        return store.blocks_below(first.height), start

    def _add(self, waiting: Waiting, loaded: Loaded) -> None:
        store, tip = self._store, self._store.tip
        follows = waiting.height == tip.height + 1
        if (follows and waiting.height and waiting.previous != tip.hash) or (not follows and store.builder.complete):
            raise DoesNotConnect(waiting.path, waiting.height, tip)
        self._first_of.setdefault(waiting.path, store.builder.counts.blocks)
        try:
            store.add(Place(waiting.height), loaded.raw, loaded.block, loaded.spent)
        except UnfitBlock as why:
            self._take_back(waiting.path)
            raise DamagedFile(waiting.path, waiting.at, str(why)) from why
        self.added += 1
        known = KNOWN_COUNTS.get(store.network, {}).get(waiting.height)
        found = store.builder.counts.transactions
        if known is not None and store.builder.complete and found != known:
            store.cut(self._kept)
            raise WrongCount(waiting.height, found, known)

    def _loaded(self, chain: Waits, start: int) -> Iterator[tuple[Waiting, Loaded]]:
        """The blocks in order, read ahead by a pool of threads."""
        ahead: deque[tuple[Waiting, Future[Loaded]]] = deque()
        size, end = 0, len(chain)
        pool = ThreadPoolExecutor(self._threads)
        try:
            while start < end or ahead:
                while start < end and (not ahead or (size < _AHEAD_BYTES and len(ahead) < 64 * self._threads)):
                    waiting = chain.at(start)
                    ahead.append((waiting, pool.submit(waiting.load)))
                    size += waiting.size
                    start += 1
                waiting, future = ahead.popleft()
                size -= waiting.size
                try:
                    loaded = future.result()
                except DamagedFile:
                    self._take_back(waiting.path)
                    raise
                yield waiting, loaded
        finally:
            pool.shutdown(cancel_futures=True)

    def _take_back(self, path: Path) -> None:
        """Nothing is kept that a damaged file brought in this run; blocks above stand on it, so they go too."""
        if path in self._first_of:
            self._store.cut(self._first_of[path])

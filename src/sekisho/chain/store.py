"""A chain on disk: one folder, one writer, any number of readers at other times (see docs/store.md)."""

import secrets
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.chain.builder import Builder, Place
from sekisho.chain.chain import NO_TIP, Chain, Tip
from sekisho.chain.columns import NO_HEIGHT, U8, UNSPENDABLE, UNSPENT, Columns, fixed
from sekisho.chain.growing import SHAPES, Counts, Growing, Shape
from sekisho.chain.head import NAME, DamagedStore, Head, OtherStore, read_head, write_head
from sekisho.chain.mapped import SLOTS, Files, Lock, column_path, mapped
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.chain.scripts import SMALLEST, ScriptTable, Texts, holds
from sekisho.errors import SekishoError

_PIECE = 1 << 24


def open_store(path: Path) -> Chain:
    """The chain in a store, mapped read-only. Nobody can write to the store while any of its arrays is in use.

    Raises NoStore, OtherStore, DamagedStore, StoreBusy (while an import runs), StoreUnusable.
    """
    read_head(path)
    lock = Lock(path, writing=False)
    head = read_head(path)
    if not head.clean:  # an import was killed: cut its traces first
        lock.release()
        with Store(path, head.network):
            pass
        lock = Lock(path, writing=False)
        head = read_head(path)
    columns = Columns._make(
        mapped(path, name, SHAPES[name], SHAPES[name].rows(head.counts), lock) for name in Columns._fields
    )
    columns = columns._replace(**{name: fixed(column) for name, column in columns._asdict().items()})
    slots_path = column_path(path, SLOTS)
    size = slots_path.stat().st_size if slots_path.exists() else 0
    if size % 8 or not holds(size // 8, head.counts.scripts):
        raise DamagedStore(path, f"{SLOTS} has a size that no table of these scripts has")
    slots = mapped(path, SLOTS, Shape("<u8", "scripts"), size // 8, lock).view(np.uint64)
    scripts = ScriptTable(head.key, slots)
    texts = Texts(columns.script_start, columns.script_bytes)
    return Chain(head.network, columns, lambda script: scripts.find(texts, script), head.tip, head.complete)


class Store:
    """A store opened for writing. Use it as a context manager.

    Nothing is kept but what was committed. Killed at any moment, the next to open it finds it as of the last commit.
    """

    def __init__(self, path: Path, network: Network) -> None:
        self.path, self.network = path, network

    def __enter__(self) -> "Store":
        """Raises StoreBusy, OtherStore, DamagedStore, StoreUnusable."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = Lock(self.path, writing=True)
        try:
            self._open()
        except SekishoError:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Our own errors leave the columns whole. Anything else may have come in the middle: the next to open it mends.
        try:
            if error is None or isinstance(error, SekishoError):
                self._close()
        finally:
            self._lock.release()

    @property
    def committed(self) -> Counts:
        """What is there for good."""
        return self._head.counts

    @property
    def tip(self) -> Tip:
        """The newest block, committed or not."""
        return self._tip_at(self.builder.counts.blocks - self.loose_blocks())

    def add(self, place: Place, raw: U8, block: ParsedBlock, spent: SpentCoins | None) -> None:
        """Put a block behind all others (see Builder.add). It is kept once committed."""
        self._begin()
        if not self.builder.counts.blocks:
            self.builder.complete = place.height == 0
        self.builder.add(place, raw, block, spent)

    def commit(self) -> None:
        """Keep all that was added."""
        if self.builder.counts != self._head.counts:
            self._files.flush()
            self._write(replace(self._now(), clean=False))

    def cut(self, blocks: int) -> None:
        """Take away, for good, all but the first blocks."""
        if blocks >= self.builder.counts.blocks:
            return
        self._begin()
        if blocks < self._head.counts.blocks:  # what is no longer counted may be overwritten, not the other way round
            counts = self.builder.counts_at(blocks)
            complete = blocks > 0 and self._head.complete
            self._write(replace(self._head, counts=counts, tip=self._tip_at(blocks), complete=complete))
        self.builder.cut(blocks)

    def hash_at(self, height: int) -> bytes | None:
        """The hash of the block at this height; None where there is none."""
        row = self.blocks_below(height)
        columns = self.builder.growing.columns
        if height < 0 or row == self.builder.counts.blocks or int(columns.block_height[row]) != height:
            return None
        return bytes(columns.block_hash[row].tobytes())

    def height_of(self, block_hash: bytes) -> int | None:
        """The height of the block with this hash; None where there is none."""
        columns, blocks = self.builder.growing.columns, self.builder.counts.blocks
        rows = columns.block_hash[:blocks].view("V32").reshape(-1)
        found = np.flatnonzero(rows == np.void(block_hash))
        return int(columns.block_height[found[0]]) if len(found) else None

    def blocks_below(self, height: int) -> int:
        """How many blocks are lower."""
        return int(np.searchsorted(self.builder.growing.columns.block_height[: self.builder.counts.blocks], height))

    def first_scripts(self) -> list[int]:
        """For each block the number of its first new script; at the end, how many there are."""
        found: list[int] = self.builder.growing.block_first_script[: self.builder.counts.blocks + 1].tolist()
        return found

    def loose_blocks(self) -> int:
        """1 where loose transactions stand at the end, else 0."""
        columns, blocks = self.builder.growing.columns, self.builder.counts.blocks
        return int(blocks > 0 and int(columns.block_height[blocks - 1]) == NO_HEIGHT)

    def _open(self) -> None:
        if (self.path / NAME).exists():
            head = read_head(self.path)
            if head.network != self.network:
                raise OtherStore(self.path, "network", head.network, self.network)
        else:
            if any(each.name != "lock" for each in self.path.iterdir()):
                raise DamagedStore(self.path, f"it has files, and no {NAME} among them")
            head = Head(self.network, False, Counts(), NO_TIP, secrets.token_bytes(16), False)
            write_head(self.path, head)
        self._head = head
        self._files = Files(self.path)
        for name, shape in SHAPES.items():
            self._files.require(name, shape, shape.rows(head.counts) if any(head.counts) else 0)
        growing = Growing(self._files, head.counts)
        slots = self._files.kept_table(head.counts.scripts) if head.clean else self._files.table(SMALLEST)
        scripts = ScriptTable(head.key, slots, self._files)
        self.builder = Builder(self.network, growing, scripts, complete=head.complete)
        if not head.clean:
            self._mend()

    def _close(self) -> None:
        self.builder.cut(self._head.counts.blocks)
        if not self._head.clean:
            self._files.flush()
        for name, shape in SHAPES.items():
            self._files.trim(name, shape, shape.rows(self.builder.counts))
        if not self._head.clean:
            self._write(replace(self._head, clean=True))

    def _mend(self) -> None:
        """Undo what somebody who was killed had written beyond what was committed."""
        columns, counts = self.builder.growing.columns, self.builder.counts
        for start in range(0, counts.outputs, _PIECE):
            spender = columns.out_spender[start : min(start + _PIECE, counts.outputs)]
            spender[(spender >= counts.transactions) & (spender < UNSPENDABLE)] = UNSPENT
        self.builder.scripts.rebuild(Texts(columns.script_start, columns.script_bytes), counts.scripts)
        self.builder.revive()

    def _begin(self) -> None:
        if self._head.clean:
            self._write(replace(self._head, clean=False))

    def _now(self) -> Head:
        builder = self.builder
        return Head(self.network, builder.complete, builder.counts, self.tip, self._head.key, self._head.clean)

    def _tip_at(self, blocks: int) -> Tip:
        columns = self.builder.growing.columns
        if not blocks:
            return NO_TIP
        return Tip(int(columns.block_height[blocks - 1]), columns.block_hash[blocks - 1].tobytes())

    def _write(self, head: Head) -> None:
        write_head(self.path, head)
        self._head = head

"""Which block each record of undo data belongs to.

A record names no block: its checksum is over the parent's hash and the data. So it tells its parent, and nothing more.
Where a parent has several children, as many transactions and as many inputs in each tell them apart; children that
differ in neither share the record, and the chain that goes on from one of them says which it was.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.chain.blockfiles.datfile import DamagedFile, DatFile
from sekisho.chain.blockfiles.records import CHECKSUM_BYTES, BlockRecord, UndoRecord
from sekisho.chain.parse import MalformedBlock, parse_block
from sekisho.chain.parsed import ParsedBlock
from sekisho.chain.undo import MalformedUndo, parse_undo


def pair(
    blocks: Sequence[BlockRecord], undo: Sequence[UndoRecord], block_file: DatFile, undo_file: DatFile, network: Network
) -> tuple[UndoRecord | None, ...]:
    """The undo data of each block of one file. Raises DamagedFile when a record belongs to no block there."""
    parents = _Parents(blocks)
    told: dict[bytes, list[UndoRecord]] = defaultdict(list)
    for record in undo:
        raw = undo_file.read(record.at, record.size + CHECKSUM_BYTES).tobytes()
        told[parents.of(raw[: record.size], raw[record.size :], record, undo_file)].append(record)
    found: list[UndoRecord | None] = [None] * len(blocks)
    for parent, records in told.items():
        places = parents.children[parent]
        if len(places) == 1:
            found[places[0]] = records[-1]
            continue
        children = _Children(block_file, undo_file, network)
        for place in places:
            found[place] = children.take(blocks[place], records)
    return tuple(found)


class _Parents:
    """The parents of a file's blocks, in the order in which they are worth trying.

    Undo data lies in the order in which blocks were connected, so the next record is mostly that of a child of the
    block before; after that, blocks are tried in file order, going on from there.
    """

    def __init__(self, blocks: Sequence[BlockRecord]) -> None:
        self._blocks = blocks
        self.children: dict[bytes, list[int]] = defaultdict(list)
        self._with_count: dict[int, list[int]] = defaultdict(list)
        for place, block in enumerate(blocks):
            self.children[block.header.previous].append(place)
            self._with_count[block.transactions].append(place)
        self._last: int | None = None

    def of(self, undo: bytes, checksum: bytes, record: UndoRecord, file: DatFile) -> bytes:
        """The parent whose hash before `undo` gives `checksum`. Raises DamagedFile when there is none."""
        for place in self._worth_trying(undo):
            parent = self._blocks[place].header.previous
            if sha256d(parent + undo) == checksum:
                self._last = place
                return parent
        raise DamagedFile(file.path, record.at, "the checksum of undo data fits no block of the file beside it")

    def _worth_trying(self, undo: bytes) -> Iterator[int]:
        width = 0 if undo[0] < 0xFD else 1 << (undo[0] - 0xFC)  # a compact size: how many transactions spend
        count = int.from_bytes(undo[1 : 1 + width], "little") if width else undo[0]
        alike = self._with_count.get(count + 1, [])
        start = 0
        if self._last is not None:
            children = self.children.get(self._blocks[self._last].header.hash, [])
            yield from (place for place in children if self._blocks[place].transactions == count + 1)
            start = bisect_right(alike, self._last)
        yield from islice(alike, start, None)
        yield from islice(alike, start)


class _Children:
    """Several blocks of one parent, and the undo data of some of them."""

    def __init__(self, block_file: DatFile, undo_file: DatFile, network: Network) -> None:
        self._block_file, self._undo_file, self._network = block_file, undo_file, network
        self._taken: set[UndoRecord] = set()

    def take(self, block: BlockRecord, records: Sequence[UndoRecord]) -> UndoRecord | None:
        """A record that fits the block, one that no other block took if possible."""
        try:
            parsed = parse_block(self._block_file.read(block.at, block.size), self._network)
        except MalformedBlock:
            return None  # Bitcoin Core keeps whole blocks only: a node is writing it, and has not connected it
        fitting = [each for each in records if self._fits(each, parsed)]
        free = [each for each in fitting if each not in self._taken]
        chosen = next(iter(free or fitting), None)
        if chosen is not None:
            self._taken.add(chosen)
        return chosen

    def _fits(self, record: UndoRecord, block: ParsedBlock) -> bool:
        try:
            parse_undo(self._undo_file.read(record.at, record.size), block)
        except MalformedUndo:
            return False
        return True

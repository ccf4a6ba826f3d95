"""Blocks of one parent that were all connected once, and look alike: whose undo data is whose.

The files do not say. But undo data tells at which height each coin was made, and a block spends coins by name: a record
belongs to the block whose coins were made there.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sekisho.chain.blockfiles.datfile import DamagedFile
from sekisho.chain.blockfiles.read import Place, Source, place_of, read_block, read_spent
from sekisho.chain.blockfiles.scan import NO_PLACE, Scan
from sekisho.chain.columns import U8
from sekisho.chain.heights import named_height
from sekisho.chain.parsed import ParsedBlock, SpentCoins


def tell_apart(found: Scan, source: Source) -> Scan:
    """The same scan, where blocks of one parent have the undo data of the coins they spend. Raises UnreadableFile."""
    groups = list(_groups(found))
    if not groups:
        return found
    blocks, past = found.blocks.copy(), _Past(found, source)
    for rows in groups:
        places = [place_of(found, row) for row in rows]
        for row, place in zip(rows, places, strict=True):
            tried = (place._replace(undo_at=each.undo_at, undo_size=each.undo_size) for each in (place, *places))
            chosen = next((each for each in tried if past.fits(row, each)), place)
            blocks["undo_at"][row], blocks["undo_size"][row] = chosen.undo_at, chosen.undo_size
    return found._replace(blocks=blocks)


def _groups(found: Scan) -> Iterator[list[int]]:
    """Rows of blocks of one parent in one file, of which several have undo data of their own."""
    rows_of: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    connected = np.flatnonzero(found.blocks["undo_at"] != NO_PLACE).tolist()
    files, parents = found.blocks["file"].tolist(), found.blocks["previous"]
    for row in connected:
        rows_of[files[row], parents[row].tobytes()].append(row)
    for rows in rows_of.values():
        if len(rows) > 1 and len(set(found.blocks["undo_at"][rows].tolist())) > 1:
            yield rows


class _Past:
    """The blocks before others, and the coins they made."""

    def __init__(self, found: Scan, source: Source) -> None:
        self._found, self._source = found, source
        self._row_of = {each.tobytes(): row for row, each in enumerate(found.blocks["hash"])}

    def fits(self, row: int, place: Place) -> bool:
        """Whether the undo data of `place` tells the coins that the block in `row` spends, as far as can be seen."""
        try:
            _, block = read_block(self._source, place)
            spent = read_spent(self._source, place, block)
            return spent is None or self._made(block, spent, self._before(row))
        except DamagedFile:
            return False

    def _before(self, row: int) -> dict[int, int]:
        """The rows of the blocks before the one in `row`, by height. Raises DamagedFile."""
        rows: list[int] = []
        parent = self._parent(row)
        while parent is not None:
            rows.append(parent)
            parent = self._parent(parent)
        if not rows:
            return {}
        first = place_of(self._found, rows[-1])
        height = 0 if not any(first.previous) else named_height(read_block(self._source, first)[0].tobytes())
        return {} if height is None else {height + at: each for at, each in enumerate(reversed(rows))}

    def _parent(self, row: int) -> int | None:
        return self._row_of.get(self._found.blocks["previous"][row].tobytes())

    def _made(self, block: ParsedBlock, spent: SpentCoins, before: dict[int, int]) -> bool:
        """Whether each coin that a block before made is as that block made it. Raises DamagedFile."""
        told: dict[int, list[int]] = defaultdict(list)
        for coin, height in enumerate(spent.height.tolist()):
            if height in before:
                told[height].append(coin)
        for height, coins in told.items():
            raw, maker = read_block(self._source, place_of(self._found, before[height]))
            made = _outputs(raw, maker)
            for coin in coins:
                name = block.in_txid[coin].tobytes(), int(block.in_vout[coin])
                start, end = spent.script_start[coin : coin + 2]
                if made.get(name) != (int(spent.sats[coin]), spent.script_bytes[start:end].tobytes()):
                    return False
        return True


def _outputs(raw: U8, block: ParsedBlock) -> dict[tuple[bytes, int], tuple[int, bytes]]:
    """Every output of a block by its name: value and script."""
    made = {}
    for tx, (first, end) in enumerate(pairwise(block.tx_first_out.tolist())):
        for out in range(first, end):
            at = int(block.out_script_at[out])
            script = raw[at : at + int(block.out_script_length[out])].tobytes()
            made[block.txid[tx].tobytes(), out - first] = int(block.out_sats[out]), script
    return made

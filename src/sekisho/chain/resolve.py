"""Which output each input of a block spends: compiled, and without a map of all transactions.

Undo data tells the height at which each coin was made, so that its transaction is searched in one block's sorted txids.
Where the height is not told, a table of the transactions with unspent outputs knows; for loose transactions, which are
few, every block is searched.
"""

from typing import NamedTuple

import numpy as np

from sekisho.chain.ahead import ask_for
from sekisho.chain.columns import I64, U8, U32, U64, UNSPENT, Columns, TxFlag
from sekisho.compiled import compiled_in_place

OK, MISSING, LATER, SPENT_TWICE, TOLD_OTHERWISE, OUT_OF_RANGE, TOO_MUCH = range(7)
"""How it went."""

FOREIGN = -1
"""In `place`: no transaction here makes it. Lower numbers are outputs of the block itself: FOREIGN - 1 - output."""

_OUTSIDE = int(TxFlag.OUTSIDE)
_NOWHERE = -1
_NEAR = 16
_1, _8, _16, _32 = np.uint64(1), np.uint64(8), np.uint64(16), np.uint64(32)
_ODD_BYTES = np.uint64(0xFF00FF00FF00FF00)
_ODD_PAIRS = np.uint64(0xFFFF0000FFFF0000)


class Here(NamedTuple):
    """The block being added, numbered from 0 (see ParsedBlock)."""

    txid: U64
    """As `words`; `in_txid` too."""
    first_out: I64
    first_in: I64
    in_txid: U64
    in_vout: I64
    heights: I64
    """Where each coin was made; 0 (very old undo data) and less mean that nobody told."""
    sorted_prefix: U64
    sorted_tx: U32


class Index(NamedTuple):
    """A table of transactions: a slot holds a transaction's number plus one; zero is empty."""

    slots: U32
    key: U64
    """Two numbers nobody outside knows: a txid's place depends on them."""


def words(hashes: U8) -> U64:
    """Hashes as four numbers each: compared so, they take a fraction of the time."""
    return hashes.reshape(-1).view(np.uint64).reshape(-1, 4)


@compiled_in_place
def _prefix(txid: U64, row: int) -> np.uint64:
    """The first eight bytes, read big-endian."""
    word = txid[row, 0]
    word = ((word & _ODD_BYTES) >> _8) | ((word << _8) & _ODD_BYTES)
    word = ((word & _ODD_PAIRS) >> _16) | ((word << _16) & _ODD_PAIRS)
    return np.uint64((word >> _32) | (word << _32))


@compiled_in_place
def _equal(mine: U64, row: int, theirs: U64, other: int) -> bool:
    return bool(
        mine[row, 0] == theirs[other, 0]
        and mine[row, 1] == theirs[other, 1]
        and mine[row, 2] == theirs[other, 2]
        and mine[row, 3] == theirs[other, 3]
    )


@compiled_in_place
def _first_from(sorted_prefix: U64, start: int, end: int, prefix: np.uint64) -> int:
    """The first place from `start` on whose prefix is not smaller; `end` where there is none."""
    length = end - start
    while length > 0:  # halves whatever it finds: no branch to mispredict
        half = (length + 1) >> 1
        start += half * int(sorted_prefix[start + half - 1] < prefix)
        length -= half
    return start


@compiled_in_place
def first_near(sorted_prefix: U64, start: int, end: int, near: int, prefix: np.uint64) -> int:
    """The same, where it is mostly close to `near`."""
    low, high = max(start, near - _NEAR), min(end, near + _NEAR)
    place = _first_from(sorted_prefix, low, high, prefix)
    if (place == low and low > start) or (place == high and high < end):
        return _first_from(sorted_prefix, start, end, prefix)
    return place


@compiled_in_place
def first_guess(start: int, end: int, prefix: np.uint64) -> int:
    """Where a prefix would stand if all were evenly spread, as hashes nearly are."""
    return start + int(np.int64(((prefix >> _32) * np.uint64(end - start)) >> _32))


@compiled_in_place
def better_guess(sorted_prefix: U64, start: int, end: int, guess: int, prefix: np.uint64) -> int:
    """The same, starting from what stands at a guess."""
    off = np.int64(prefix >> _1) - np.int64(sorted_prefix[guess] >> _1)
    return min(max(guess + int(((off >> 31) * (end - start)) >> 32), start), end - 1)


@compiled_in_place
def _among(sorted_prefix: U64, sorted_tx: U32, txid: U64, place: int, end: int, wanted: U64, row: int) -> int:
    """The newest transaction of this txid among the sorted ones, whose prefix first stands in `place`; -1 for none."""
    prefix = _prefix(wanted, row)
    found = -1
    while place < end and sorted_prefix[place] == prefix:
        tx = int(np.int64(sorted_tx[place]))
        if _equal(txid, tx, wanted, row):
            found = tx
        place += 1
    return found


@compiled_in_place
def _rows_of(columns: Columns, block: int) -> tuple[int, int]:
    """Where the sorted transactions of a block begin and end."""
    start, end = int(np.int64(columns.block_first_tx[block])), int(np.int64(columns.block_first_tx[block + 1]))
    if end > start and np.int64(columns.tx_flags[start]) & _OUTSIDE:
        start += 1  # the stand-in is sorted first too: its txid is zeros
    return start, end


@compiled_in_place
def _block_at(columns: Columns, blocks: int, height: int) -> int:
    """The row of the block at this height; -1 for none."""
    start, end = 0, blocks
    if blocks > 0:  # mostly there is none missing
        guess = height - int(np.int64(columns.block_height[0]))
        if 0 <= guess < blocks and np.int64(columns.block_height[guess]) == height:
            return guess
    while start < end:
        middle = (start + end) >> 1
        if np.int64(columns.block_height[middle]) < height:
            start = middle + 1
        else:
            end = middle
    if start < blocks and np.int64(columns.block_height[start]) == height:
        return start
    return -1


@compiled_in_place
def _slot(index: Index, txid: U64, row: int) -> int:
    mixed = (_prefix(txid, row) ^ index.key[0]) * (index.key[1] | np.uint64(1))
    return int(np.int64((mixed >> np.uint64(24)) & np.uint64(len(index.slots) - 1)))


@compiled_in_place
def _indexed(index: Index, txids: U64, wanted: U64, row: int) -> int:
    """The newest transaction of this txid in the index; -1 for none."""
    last = len(index.slots) - 1
    place = _slot(index, wanted, row)
    found = -1
    while index.slots[place]:
        tx = int(np.int64(index.slots[place])) - 1
        if tx > found and _equal(txids, tx, wanted, row):
            found = tx
        place = (place + 1) & last
    return found


@compiled_in_place
def put_in_index(index: Index, columns: Columns, txids: U64, start: int, end: int, only_unspent: bool) -> int:
    """Put transactions in, the stand-ins apart, or only those with an unspent output. How many it were.

    It must have room for them.
    """
    last = len(index.slots) - 1
    put = 0
    for tx in range(start, end):
        wanted = not np.int64(columns.tx_flags[tx]) & _OUTSIDE
        if wanted and only_unspent:
            wanted = False
            for txo in range(columns.tx_first_out[tx], columns.tx_first_out[tx + 1]):
                if np.int64(columns.out_spender[txo]) == UNSPENT:
                    wanted = True
                    break
        if wanted:
            place = _slot(index, txids, tx)
            while index.slots[place]:
                place = (place + 1) & last
            index.slots[place] = np.uint32(tx + 1)
            put += 1
    return put


@compiled_in_place
def anywhere(columns: Columns, txids: U64, blocks: int, wanted: U64, row: int) -> int:
    """The newest transaction whose txid is that row of `wanted`, in any of the first blocks; -1 for none."""
    prefix = _prefix(wanted, row)
    for block in range(blocks - 1, -1, -1):
        start, end = _rows_of(columns, block)
        if start < end:
            guess = better_guess(columns.sorted_prefix, start, end, first_guess(start, end, prefix), prefix)
            place = first_near(columns.sorted_prefix, start, end, guess, prefix)
            found = _among(columns.sorted_prefix, columns.sorted_tx, txids, place, end, wanted, row)
            if found >= 0:
                return found
    return -1


@compiled_in_place
def _seek(columns: Columns, txids: U64, blocks: int, here: Here, height: int, place: I64) -> None:
    """Write into `place` where in its block's sorted prefixes the transaction stands that an input spends.

    NOWHERE where the height is not that of an earlier block. All inputs take each step together: what the next one
    reads is asked of memory meanwhile.
    """
    for row in range(len(place)):
        told = here.heights[row]
        block = _block_at(columns, blocks, told) if told > 0 and told != height else -1
        place[row] = _NOWHERE
        if block >= 0:
            start, end = _rows_of(columns, block)
            if start < end:
                place[row] = first_guess(start, end, _prefix(here.in_txid, row))
                ask_for(columns.sorted_prefix, place[row])
    for row in range(len(place)):
        if place[row] != _NOWHERE:
            start, end = _rows_of(columns, _block_at(columns, blocks, here.heights[row]))
            prefix = _prefix(here.in_txid, row)
            place[row] = better_guess(columns.sorted_prefix, start, end, place[row], prefix)
            ask_for(columns.sorted_prefix, place[row])
    for row in range(len(place)):
        if place[row] != _NOWHERE:
            start, end = _rows_of(columns, _block_at(columns, blocks, here.heights[row]))
            prefix = _prefix(here.in_txid, row)
            place[row] = first_near(columns.sorted_prefix, start, end, place[row], prefix)
            ask_for(columns.sorted_tx, place[row])
    for row in range(len(place)):
        if place[row] != _NOWHERE and place[row] < len(columns.sorted_tx):
            tx = int(np.int64(columns.sorted_tx[place[row]]))
            ask_for(txids, 4 * tx)
            ask_for(columns.tx_first_out, tx)


@compiled_in_place
def _before(
    columns: Columns, txids: U64, blocks: int, index: Index, here: Here, row: int, place: int, loose: bool
) -> int:
    """The transaction of an earlier block that an input spends; FOREIGN for none, and less where one must be."""
    if here.heights[row] > 0:
        block = _block_at(columns, blocks, here.heights[row])
        if block < 0:
            return FOREIGN
        if place == _NOWHERE:
            return FOREIGN - 1
        _, end = _rows_of(columns, block)
        found = _among(columns.sorted_prefix, columns.sorted_tx, txids, place, end, here.in_txid, row)
        return found if found >= 0 else FOREIGN - 1
    if loose:
        return anywhere(columns, txids, blocks, here.in_txid, row)
    return _indexed(index, txids, here.in_txid, row)


@compiled_in_place
def _own(here: Here, row: int) -> int:
    """The newest transaction of this block that an input spends; -1 for none."""
    count, prefix = len(here.txid), _prefix(here.in_txid, row)
    place = first_near(here.sorted_prefix, 0, count, first_guess(0, count, prefix), prefix)
    return _among(here.sorted_prefix, here.sorted_tx, here.txid, place, count, here.in_txid, row)


@compiled_in_place
def resolve(
    columns: Columns,
    txids: U64,
    blocks: int,
    index: Index,
    here: Here,
    height: int,
    loose: bool,
    place: I64,
) -> tuple[int, int]:
    """Write into `place` what every input spends: an output's number, or a code. How it went, and at which input."""
    _seek(columns, txids, blocks, here, height, place)
    for tx in range(len(here.txid)):
        for row in range(here.first_in[tx], here.first_in[tx + 1]):
            vout, told = here.in_vout[row], here.heights[row]
            own = _own(here, row) if told <= 0 or told == height else -1
            if own >= tx:
                return LATER, row
            if own >= 0:
                if vout >= here.first_out[own + 1] - here.first_out[own]:
                    return MISSING, row
                place[row] = FOREIGN - 1 - (here.first_out[own] + vout)
                continue
            found = FOREIGN - 1
            if told != height:
                found = _before(columns, txids, blocks, index, here, row, place[row], loose)
            if found == FOREIGN:
                place[row] = FOREIGN
            elif found >= 0 and vout < columns.tx_first_out[found + 1] - columns.tx_first_out[found]:
                txo = columns.tx_first_out[found] + vout
                place[row] = txo
                ask_for(columns.out_sats, txo)
                ask_for(columns.out_spender, txo)
            else:
                return MISSING, row
    return OK, -1

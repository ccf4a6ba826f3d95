"""The coins a block spends: Bitcoin Core's undo data, and files that tell no more than value and script."""

from typing import Final

import numpy as np
from coincurve import PublicKey

from sekisho.bitcoin.sats import MAX_MONEY
from sekisho.chain.columns import I64, U8
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.chain.reading import ENDS_EARLY, READING_FAULTS, TOO_LARGE, compact, copied, little, sized, varint
from sekisho.compiled import compiled_in_place
from sekisho.errors import SekishoError

_OTHER_TRANSACTIONS: Final = 11
_OTHER_INPUTS: Final = 12
_BAD_AMOUNT: Final = 13

_FAULTS: Final = READING_FAULTS | {
    _OTHER_TRANSACTIONS: "the block has another number of transactions",
    _OTHER_INPUTS: "the transaction has another number of inputs",
    _BAD_AMOUNT: "an amount is below 0 or above 21 million bitcoin",
}

_LARGEST_SCRIPT: Final = 10_000
"""Bytes; a longer one cannot be spent (Bitcoin Core, script/script.h: MAX_SCRIPT_SIZE)."""
_SPECIAL: Final = 6
"""Kinds of scripts that are written without what is the same in all of them (Bitcoin Core, compressor.h)."""


class MalformedUndo(SekishoError):
    """Bytes that are not the undo data of this block."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(f"not the undo data of this block: {why} (at byte {at})")
        self.at, self.why = at, why


class MalformedSpentCoins(SekishoError):
    """Bytes that are not the spent coins of this block."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(f"not the spent coins of this block: {why} (at byte {at})")
        self.at, self.why = at, why


def parse_undo(raw: bytes | memoryview | U8, block: ParsedBlock) -> SpentCoins:
    """Read the undo data of `block` as Bitcoin Core keeps it (undo.h, CBlockUndo), without its checksum.

    A height of 0, which very old versions wrote for all but the last coin of a transaction, is one not told. Raises
    MalformedUndo, and nothing else, whatever the bytes.
    """
    data = _bytes_of(raw)
    coins = int(block.tx_first_in[-1])
    height, sats, start = np.empty(coins, np.int64), np.empty(coins, np.int64), np.zeros(coins + 1, np.int64)
    scripts, points = np.empty(2 * len(data), np.uint8), np.zeros(coins, np.uint8)
    fault, at = _read_undo(data, block.tx_first_in, height, sats, start, scripts, points)
    if fault:
        raise MalformedUndo(at, _FAULTS[fault])
    if at != len(data):
        raise MalformedUndo(at, f"{len(data) - at} bytes too many")
    for coin in np.flatnonzero(points):
        place = int(start[coin]) + 1
        scripts[place : place + 65] = np.frombuffer(_whole_key(scripts[place : place + 33].tobytes(), at), np.uint8)
    return SpentCoins(height, sats, start, scripts[: start[-1]].copy())


def parse_spent(raw: bytes | memoryview | U8, block: ParsedBlock) -> SpentCoins:
    """Read a file of spent coins: for each input of `block` the value (8 bytes), the script's compact size, the script.

    Raises MalformedSpentCoins, and nothing else, whatever the bytes.
    """
    data = _bytes_of(raw)
    coins = int(block.tx_first_in[-1])
    sats, start, scripts = np.empty(coins, np.int64), np.zeros(coins + 1, np.int64), np.empty(len(data), np.uint8)
    fault, at = _read_spent(data, sats, start, scripts)
    if fault:
        raise MalformedSpentCoins(at, _FAULTS[fault])
    if at != len(data):
        raise MalformedSpentCoins(at, f"{len(data) - at} bytes too many")
    return SpentCoins(np.full(coins, -1, np.int64), sats, start, scripts[: start[-1]].copy())


def _bytes_of(raw: bytes | memoryview | U8) -> U8:
    data = np.frombuffer(raw, np.uint8)
    data.setflags(write=False)
    return data


def _whole_key(half: bytes, at: int) -> bytes:
    """The 65 bytes of a public key of which only x and the parity of y are kept."""
    try:
        return PublicKey(half).format(compressed=False)
    except ValueError as why:
        raise MalformedUndo(at, "a public key is no point of the curve") from why


@compiled_in_place
def _read_undo(raw: U8, first_in: I64, height: I64, sats: I64, start: I64, scripts: U8, points: U8) -> tuple[int, int]:
    """Fault, and where the data ends or what is wrong stands. `points` marks scripts that wait for half a key."""
    fault, count, at = compact(raw, 0)
    if fault == 0 and count != len(first_in) - 2:  # all but the coinbase
        fault = _OTHER_TRANSACTIONS
    if fault:
        return fault, 0
    for tx in range(1, count + 1):
        fault, coins, after = compact(raw, at)
        if fault == 0 and coins != first_in[tx + 1] - first_in[tx]:
            fault = _OTHER_INPUTS
        if fault:
            return fault, at
        at = after
        for row in range(first_in[tx], first_in[tx + 1]):
            fault, at = _read_coin(raw, at, row, height, sats)
            if fault == 0:
                fault, at = _read_script(raw, at, row, start, scripts, points)
            if fault:
                return fault, at
    return 0, at


@compiled_in_place
def _read_coin(raw: U8, at: int, row: int, height: I64, sats: I64) -> tuple[int, int]:
    """Height and amount of one coin (Bitcoin Core, undo.h: TxInUndoFormatter)."""
    fault, code, after = varint(raw, at)
    if fault:
        return fault, at
    height[row] = code >> 1 if code > 1 else -1
    if code > 1:
        fault, _, after = varint(raw, after)  # the transaction's version, which nobody uses any more
        if fault:
            return fault, at
    fault, packed, after = varint(raw, after)
    if fault == 0:
        sats[row] = _amount(packed)
        fault = _BAD_AMOUNT if sats[row] < 0 else 0
    return fault, (at if fault else after)


@compiled_in_place
def _amount(packed: int) -> int:
    """The amount behind its compressed form (Bitcoin Core, compressor.cpp: DecompressAmount); -1: above the limit."""
    if packed == 0:
        return 0
    packed -= 1
    zeros = packed % 10
    packed //= 10
    amount = packed // 9 * 10 + packed % 9 + 1 if zeros < 9 else packed + 1
    for _ in range(zeros):
        if amount > MAX_MONEY:
            return -1
        amount *= 10
    return amount if amount <= MAX_MONEY else -1


@compiled_in_place
def _put(script: U8, at: int, first: int, second: int, third: int) -> int:
    """Write the opening bytes of a script that are not negative; give where they end."""
    for byte in (first, second, third):
        if byte >= 0:
            script[at] = byte
            at += 1
    return at


@compiled_in_place
def _read_script(raw: U8, at: int, row: int, start: I64, scripts: U8, points: U8) -> tuple[int, int]:
    """Write the script of one coin behind the one before (Bitcoin Core, compressor.cpp: DecompressScript)."""
    fault, kind, after = varint(raw, at)
    if fault:
        return fault, at
    length = kind - _SPECIAL if kind >= _SPECIAL else 20 if kind < 2 else 32
    if length > _LARGEST_SCRIPT:
        return TOO_LARGE, at
    if length > len(raw) - after:
        return ENDS_EARLY, at
    place = int(start[row])
    if kind == 0:  # pay to public key hash
        place = _put(scripts, place, 0x76, 0xA9, 0x14)
    elif kind == 1:  # pay to script hash
        place = _put(scripts, place, 0xA9, 0x14, -1)
    elif kind < 4:  # pay to a public key of 33 bytes
        place = _put(scripts, place, 0x21, kind, -1)
    elif kind < _SPECIAL:  # pay to a public key of 65 bytes
        place = _put(scripts, place, 0x41, kind - 2, -1)
        points[row] = 1
    place = copied(raw, after, after + length, scripts, place)
    if kind == 0:
        place = _put(scripts, place, 0x88, 0xAC, -1)
    elif kind == 1:
        place = _put(scripts, place, 0x87, -1, -1)
    elif kind < _SPECIAL:
        place = _put(scripts, place + (32 if kind > 3 else 0), 0xAC, -1, -1)
    start[row + 1] = place
    return 0, after + length


@compiled_in_place
def _read_spent(raw: U8, sats: I64, start: I64, scripts: U8) -> tuple[int, int]:
    """Fault, and where the coins end or what is wrong stands."""
    at = 0
    for row in range(len(sats)):
        if len(raw) - at < 9:
            return ENDS_EARLY, at
        sats[row] = little(raw, at, 8)
        if sats[row] < 0 or sats[row] > MAX_MONEY:
            return _BAD_AMOUNT, at
        fault, length, after = sized(raw, at + 8)
        if fault:
            return fault, after
        start[row + 1] = copied(raw, after - length, after, scripts, int(start[row]))
        at = after
    return 0, at

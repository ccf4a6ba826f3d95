"""Undo data written as Bitcoin Core writes it: the other way round from what is tested."""

from collections.abc import Sequence
from typing import NamedTuple

from coincurve import PublicKey

from sekisho.bitcoin.script import Script, ScriptType, script_type
from sekisho.bitcoin.wire import compact_size


class UndoCoin(NamedTuple):
    """A spent coin as undo data knows it."""

    height: int
    coinbase: bool
    sats: int
    script: Script


def varint(number: int) -> bytes:
    """Bitcoin Core's own number on disk (serialize.h: WriteVarInt)."""
    digits = [number & 0x7F]
    while number > 0x7F:
        number = (number >> 7) - 1
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))


def packed_amount(sats: int) -> int:
    """Bitcoin Core, compressor.cpp: CompressAmount."""
    if sats == 0:
        return 0
    zeros = 0
    while sats % 10 == 0 and zeros < 9:
        sats, zeros = sats // 10, zeros + 1
    if zeros == 9:
        return 1 + (sats - 1) * 10 + 9
    return 1 + (sats // 10 * 9 + sats % 10 - 1) * 10 + zeros


def packed_script(script: Script) -> bytes:
    """Bitcoin Core, compressor.cpp: CompressScript."""
    kind = script_type(script)
    if kind is ScriptType.P2PKH:
        return b"\x00" + script[3:23]
    if kind is ScriptType.P2SH:
        return b"\x01" + script[2:22]
    if len(script) == 35 and script[0] == 33 and script[1] in {2, 3} and script[34] == 0xAC:
        return script[1:34]
    if len(script) == 67 and script[:2] == b"\x41\x04" and script[66] == 0xAC and on_curve(script[1:66]):
        return bytes([4 + script[65] % 2]) + script[2:34]
    return varint(len(script) + 6) + script


def on_curve(key: bytes) -> bool:
    try:
        PublicKey(key)
    except ValueError:
        return False
    return True


def undo_of(transactions: Sequence[Sequence[UndoCoin]]) -> bytes:
    """The undo data of a block whose transactions after the coinbase spend these coins."""
    parts = [compact_size(len(transactions))]
    for coins in transactions:
        parts.append(compact_size(len(coins)))
        for coin in coins:
            parts.append(varint(2 * coin.height + coin.coinbase))
            parts.append(b"\x00" if coin.height else b"")
            parts.append(varint(packed_amount(coin.sats)) + packed_script(coin.script))
    return b"".join(parts)


def spent_of(coins: Sequence[UndoCoin]) -> bytes:
    """The same coins as a file of spent coins."""
    return b"".join(each.sats.to_bytes(8, "little") + compact_size(len(each.script)) + each.script for each in coins)

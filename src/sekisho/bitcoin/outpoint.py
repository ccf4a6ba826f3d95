"""The name of a coin."""

import re
from dataclasses import dataclass
from typing import NewType

from sekisho.errors import SekishoError

Txid = NewType("Txid", bytes)
"""32 bytes in hashing order; explorers print them reversed."""

_OUTPOINT = re.compile(r"([0-9a-f]{64}):(0|[1-9][0-9]{0,9})", re.ASCII)


class MalformedOutPoint(SekishoError):
    """Text that is not `txid:vout`."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:80]!r} is not an outpoint (64 lower-case hex digits, a colon, an index)")
        self.text = text


def show_txid(txid: Txid) -> str:
    """The txid as explorers print it: byte-reversed lower-case hex."""
    return txid[::-1].hex()


@dataclass(frozen=True, slots=True, order=True)
class OutPoint:
    """One output of one transaction: the name of a coin."""

    txid: Txid
    vout: int

    def __str__(self) -> str:
        return f"{show_txid(self.txid)}:{self.vout}"


def parse_outpoint(text: str) -> OutPoint:
    """Read `txid:vout` with the txid as explorers print it. Raises MalformedOutPoint."""
    match = _OUTPOINT.fullmatch(text)
    if match is None or int(match[2]) > 0xFFFFFFFF:
        raise MalformedOutPoint(text)
    return OutPoint(Txid(bytes.fromhex(match[1])[::-1]), int(match[2]))

"""What lies in a `blk` or `rev` file: records end to end, and space that Bitcoin Core took for later.

A record is the network's magic, a length of four bytes, and a block; or undo data with its checksum behind it.
"""

from typing import NamedTuple

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.wire import Reader
from sekisho.chain.blockfiles.datfile import DamagedFile, DatFile, is_zero
from sekisho.chain.headers import HEADER_BYTES, BadHeader, Header, parse_header
from sekisho.chain.parse import LEAST_TRANSACTION, MAX_BLOCK_BYTES

MAGIC = {
    Network.MAIN: b"\xf9\xbe\xb4\xd9",
    Network.TESTNET4: b"\x1c\x16\x3f\x28",
    Network.SIGNET: b"\x0a\x03\xcf\x40",
    Network.REGTEST: b"\xfa\xbf\xb5\xda",
}
"""Bitcoin Core, kernel/chainparams.cpp: pchMessageStart. Signet's is that of the default one."""

FRAME_BYTES = 8
"""Magic and length before each record."""
CHECKSUM_BYTES = 32
_LONGEST_COUNT = 9
_LEAST_BLOCK = HEADER_BYTES + 1 + LEAST_TRANSACTION
_LARGEST_UNDO = 1 << 28
"""Bytes; ten times more than the inputs of one block have ever needed, and little enough to read at once."""


class BlockRecord(NamedTuple):
    """A block in a file: where its bytes begin, how many, and what its start says."""

    at: int
    size: int
    header: Header
    transactions: int


class UndoRecord(NamedTuple):
    """Undo data in a file: where its bytes begin, how many, without the checksum of 32 bytes behind them."""

    at: int
    size: int


class Found(NamedTuple):
    """The records of a file of blocks, and what is wrong behind the last one, if anything."""

    records: tuple[BlockRecord, ...]
    doubt: DamagedFile | None


class FoundUndo(NamedTuple):
    """The same of a file of undo data."""

    records: tuple[UndoRecord, ...]
    doubt: DamagedFile | None


def find_blocks(file: DatFile, network: Network) -> Found:
    """Every block of a file, up to its unfinished end or the first thing that is no block."""
    records: list[BlockRecord] = []
    at = 0
    try:
        while True:
            raw = file.raw(at, FRAME_BYTES + HEADER_BYTES + _LONGEST_COUNT)
            if is_zero(raw[:FRAME_BYTES]):
                if _is_end(file, at):
                    break
                continue
            start = file.clear(raw, at)
            size = _size(file, at, start[:FRAME_BYTES], network, range(_LEAST_BLOCK, MAX_BLOCK_BYTES + 1))
            if is_zero(raw[FRAME_BYTES : FRAME_BYTES + HEADER_BYTES]):
                break  # a node is about to write it
            records.append(_block(file, at + FRAME_BYTES, start[FRAME_BYTES:], size, network))
            at += FRAME_BYTES + size
    except DamagedFile as doubt:
        return Found(tuple(records), doubt)
    return Found(tuple(records), None)


def find_undo(file: DatFile, network: Network) -> FoundUndo:
    """All undo data of a file, up to its unfinished end or the first thing that is none."""
    records: list[UndoRecord] = []
    at = 0
    try:
        while not _is_end(file, at):
            frame = file.clear(file.raw(at, FRAME_BYTES), at)
            size = _size(file, at, frame, network, range(1, _LARGEST_UNDO + 1), CHECKSUM_BYTES)
            end = at + FRAME_BYTES + size + CHECKSUM_BYTES
            if file.is_blank(end - 8, 8):
                break  # a node is writing it: no checksum ends like this
            records.append(UndoRecord(at + FRAME_BYTES, size))
            at = end
    except DamagedFile as doubt:
        return FoundUndo(tuple(records), doubt)
    return FoundUndo(tuple(records), None)


def _is_end(file: DatFile, at: int) -> bool:
    """Whether nothing but blank space follows. Raises DamagedFile when it is blank here and not behind."""
    while file.is_blank(at, FRAME_BYTES):
        if file.is_blank_from(at):
            return True
        if file.is_blank(at, FRAME_BYTES):  # and not because a node went on writing since the line before
            raise DamagedFile(file.path, at, "no record begins here, and more lies behind")
    return False


def _size(file: DatFile, at: int, frame: bytes, network: Network, possible: range, behind: int = 0) -> int:
    """The size that a record's frame claims. Raises DamagedFile when it is none or the record cannot be that long."""
    if frame[:4] != MAGIC[network]:
        raise DamagedFile(file.path, at, f"no record of {network} begins here")
    size = int.from_bytes(frame[4:], "little")
    if size not in possible:
        raise DamagedFile(file.path, at, f"a record of {size} bytes")
    if not file.reaches(at + FRAME_BYTES + size + behind):
        raise DamagedFile(file.path, at, "a record runs past the end of the file")
    return size


def _block(file: DatFile, at: int, start: bytes, size: int, network: Network) -> BlockRecord:
    """A block by its first bytes. Raises DamagedFile when it is none."""
    try:
        header = parse_header(start[:HEADER_BYTES], network)
    except BadHeader as why:
        raise DamagedFile(file.path, at, str(why)) from why

    def wrong(why: str) -> DamagedFile:
        return DamagedFile(file.path, at + HEADER_BYTES, f"a count of transactions is wrong: {why}")

    transactions = Reader(start[HEADER_BYTES:], wrong).compact()
    if not 0 < transactions <= size // LEAST_TRANSACTION:
        raise wrong(f"{transactions} in {size} bytes")
    return BlockRecord(at, size, header, transactions)

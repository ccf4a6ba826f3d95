"""The bytes of a block and the coins it spends, from where a scan found them."""

from pathlib import Path
from typing import NamedTuple

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.chain.blockfiles.datfile import DamagedFile, DatFile
from sekisho.chain.blockfiles.records import CHECKSUM_BYTES, FRAME_BYTES
from sekisho.chain.blockfiles.scan import NO_PLACE, Scan, block_path, undo_path
from sekisho.chain.columns import U8
from sekisho.chain.parse import MalformedBlock, parse_block
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.chain.undo import MalformedUndo, parse_undo

_NO_SPENDS = b"\x00"
"""What the undo data of a block without spends is."""


class Source(NamedTuple):
    """A folder, the key of its files and their network."""

    path: Path
    key: bytes
    network: Network


class Place(NamedTuple):
    """Where a block lies."""

    file: int
    """Its number: 7 is blk00007.dat, and rev00007.dat for the undo data."""
    at: int
    size: int
    undo_at: int
    """-1: it has no undo data."""
    undo_size: int
    hash: bytes
    previous: bytes


def place_of(found: Scan, row: int) -> Place:
    """The place of the block in one row of a scan."""
    block = found.blocks[row]
    return Place(
        int(block["file"]),
        int(block["at"]),
        int(block["size"]),
        int(block["undo_at"]),
        int(block["undo_size"]),
        block["hash"].tobytes(),
        block["previous"].tobytes(),
    )


def read_block(source: Source, place: Place) -> tuple[U8, ParsedBlock]:
    """The bytes of a block, and what they say. Raises DamagedFile, UnreadableFile."""
    path = block_path(source.path, place.file)
    with DatFile(path, source.key) as file:
        raw = file.read(place.at, place.size)
    try:
        parsed = parse_block(raw, source.network)
    except MalformedBlock as why:
        raise DamagedFile(path, place.at + why.at, why.why) from why
    if parsed.hash != place.hash:
        raise DamagedFile(path, place.at - FRAME_BYTES, "another block lies here than when the folder was scanned")
    return raw, parsed


def read_spent(source: Source, place: Place, block: ParsedBlock) -> SpentCoins | None:
    """The coins that `block` spends, None where it has no undo data. Raises DamagedFile, UnreadableFile."""
    if place.undo_at == NO_PLACE:
        return None if block.tx_first_in[-1] else parse_undo(_NO_SPENDS, block)
    path = undo_path(source.path, place.file)
    with DatFile(path, source.key) as file:
        raw = file.read(place.undo_at, place.undo_size + CHECKSUM_BYTES)
    undo, checksum = raw[: place.undo_size], raw[place.undo_size :].tobytes()
    if sha256d(place.previous + undo.tobytes()) != checksum:
        raise DamagedFile(path, place.undo_at, "the checksum of undo data is not that of its block's")
    try:
        return parse_undo(undo, block)
    except MalformedUndo as why:
        raise DamagedFile(path, place.undo_at + why.at, why.why) from why

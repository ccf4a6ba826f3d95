"""The parsers of chain data, for the fuzzer: each with a valid input. A function of their own, as `fuzz.targets` is."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.blockfiles.folder import BlockFolder
from sekisho.chain.blockfiles.records import MAGIC
from sekisho.chain.blockfiles.scan import NOTHING, parse_scan, show_scan
from sekisho.chain.headers import parse_header
from sekisho.chain.heights import named_height
from sekisho.chain.parse import parse_block
from sekisho.chain.undo import parse_spent, parse_undo
from support.blocks import block_of
from support.chains import coinbase, out, pay
from support.undo import UndoCoin, spent_of, undo_of

BASE = coinbase(1, (50 * COIN, 1))
WITNESS = Transaction(
    2,
    (TxInput(out(BASE), 0, b"", (b"signature", b"key")), TxInput(OutPoint(BASE.txid, 1), 1, b"script")),
    (TxOutput(Sats(5), Script(b"\x51" * 40)), TxOutput(Sats(6), Script(b"\x6a"))),
    0,
)
BLOCK = block_of([BASE, pay([out(BASE)], (COIN, 2)), WITNESS])
COINS = [
    UndoCoin(1, True, 50 * COIN, Script(b"\x76\xa9\x14" + bytes(20) + b"\x88\xac")),
    UndoCoin(300_000, False, 12_345, Script(b"\x21\x02" + b"\x01" * 32 + b"\xac")),
    UndoCoin(2, False, 1, Script(b"\x51")),
]


def framed(raw: bytes) -> bytes:
    """As a record of a regtest file."""
    return MAGIC[Network.REGTEST] + len(raw).to_bytes(4, "little") + raw


def read_files(raw: bytes, split: int) -> object:
    """Everything that a folder of one pair of files holds."""
    with TemporaryDirectory(prefix="sekisho-fuzz-") as name:
        path = Path(name)
        (path / "blk00000.dat").write_bytes(raw[:split])
        (path / "rev00000.dat").write_bytes(raw[split:])
        folder = BlockFolder(path, Network.REGTEST)
        found = folder.scan()
        return [folder.read(folder.place(found, int(row))) for row in folder.best_chain(found).rows]


def chain_targets() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Every parser of chain data with a valid input."""
    block = parse_block(BLOCK, Network.REGTEST)
    undo = undo_of([COINS[:1], COINS[1:]])
    blocks, undos = framed(BLOCK) + bytes(40), framed(undo) + sha256d(bytes(32) + undo) + bytes(40)

    def body(raw: bytes) -> object:
        return parse_block(BLOCK[:80] + raw, Network.REGTEST)  # past the proof of work, which no damaged header meets

    return {
        "block": (BLOCK, lambda raw: parse_block(raw, Network.REGTEST)),
        "block's body": (BLOCK[80:], body),
        "block header": (BLOCK[:80], lambda raw: parse_header(raw, Network.REGTEST)),
        "block's height": (BLOCK, named_height),
        "undo data": (undo, lambda raw: parse_undo(raw, block)),
        "spent coins": (spent_of(COINS), lambda raw: parse_spent(raw, block)),
        "block and undo files": (blocks + undos, lambda raw: read_files(raw, len(blocks))),
        "scan of a folder": (show_scan(NOTHING), parse_scan),
    }

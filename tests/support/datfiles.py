"""Block and undo files that Bitcoin Core wrote on a regtest chain, and the same records laid out anew."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, Transaction, TxInput, TxOutput
from sekisho.chain.blockfiles.datfile import NO_KEY
from sekisho.chain.blockfiles.folder import BlockFolder, ReadBlock
from sekisho.chain.blockfiles.scan import Scan
from sekisho.chain.headers import GENESIS
from sekisho.chain.kernel import RegtestChain

ANYONE = Script(b"\x51")
REGTEST_GENESIS = GENESIS[Network.REGTEST]


def spend(coins: Sequence[Coin], *sats: int) -> Transaction:
    """Spend coins that anyone may spend."""
    inputs = tuple(TxInput(each.outpoint, 0xFFFFFFFF) for each in coins)
    return Transaction(2, inputs, tuple(TxOutput(Sats(each), ANYONE) for each in sats), 0)


def hashes_of(folder: BlockFolder, found: Scan | None = None) -> list[bytes]:
    """The best chain, by its hashes."""
    found = found or folder.scan()
    return [found.blocks["hash"][row].tobytes() for row in folder.best_chain(found).rows]


def read_chain(folder: BlockFolder) -> Iterator[ReadBlock]:
    found = folder.scan()
    for row in folder.best_chain(found).rows:
        yield folder.read(folder.place(found, int(row)))


def core_chain(chain: RegtestChain) -> list[bytes]:
    """The active chain by its hashes, as Bitcoin Core has it in memory."""
    entries = chain._manager.get_active_chain().block_tree_entries
    return [bytes(entries[height].block_hash) for height in range(chain.height + 1)]


def regtest(path: Path) -> BlockFolder:
    return BlockFolder(path / "blocks", Network.REGTEST)


def key_of(path: Path) -> bytes:
    return (path / "blocks" / "xor.dat").read_bytes()


def xored(data: bytes, key: bytes) -> bytes:
    return (np.frombuffer(data, np.uint8) ^ np.resize(np.frombuffer(key, np.uint8), len(data))).tobytes()


def records(path: Path, name: str, behind: int = 0) -> list[bytes]:
    """The records of a file, framed, in the clear."""
    clear, found, at = xored((path / "blocks" / name).read_bytes(), key_of(path)), [], 0
    while clear[at : at + 4] == b"\xfa\xbf\xb5\xda":
        end = at + 8 + int.from_bytes(clear[at + 4 : at + 8], "little") + behind
        found.append(clear[at:end])
        at = end
    return found


def rewritten(
    path: Path, *files: tuple[Sequence[bytes], Sequence[bytes]], key: bytes = NO_KEY, room: int = 5000
) -> Path:
    """A folder with other files: for each the records of blocks and of undo data, and blank room behind them."""
    blocks = path / "blocks"
    blocks.mkdir(parents=True)
    for number, (some, undo) in enumerate(files):
        (blocks / f"blk{number:05d}.dat").write_bytes(xored(b"".join(some), key) + bytes(room))
        (blocks / f"rev{number:05d}.dat").write_bytes(xored(b"".join(undo), key) + bytes(room))
    if key != NO_KEY:
        (blocks / "xor.dat").write_bytes(key)
    return path


class Made(NamedTuple):
    """A chain that Bitcoin Core wrote: its folder, the active chain, and what Core says of each block's coins."""

    path: Path
    active: list[bytes]
    coins: list[list[tuple[int, int, bytes]]]
    blocks: list[bytes]
    undo: list[bytes]


def core_coins(chain: RegtestChain, height: int) -> list[tuple[int, int, bytes]]:
    """The coins that a block spends, as Bitcoin Core reads them: height, value, script."""
    entry = chain._manager.get_active_chain().block_tree_entries[height]
    return [
        (coin.confirmation_height, coin.output.amount, bytes(coin.output.script_pubkey))
        for transaction in chain._manager.block_spent_outputs[entry].transactions
        for coin in transaction.coins
    ]

"""Bitcoin Core changes to another branch, of every depth; a store that followed the old one follows it there."""

import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from prove.imports import killed_after
from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import MalformedTransaction
from sekisho.chain.importer import import_files
from sekisho.chain.kernel import RegtestChain, mined
from sekisho.chain.remote.raw import transactions_of
from sekisho.chain.store import open_store
from sekisho.errors import SekishoError
from support.drawn import same
from support.mining import Wallet

FIRST_BLOCKS = 101
"""So many coinbases are enough for the first payments."""
PAYMENTS = 4


@dataclass
class Branches:
    """How many, and what came of the stores."""

    changes: int = 0
    struck: int = 0
    """Times an import that followed was killed while it did."""
    refused: int = 0
    """Imports that ended with an error."""
    not_rolled_back: int = 0
    """Imports that took away another number of blocks than the old branch had, or added another one."""
    not_equal: int = 0
    """Stores with other columns or Parquet files than a fresh one's."""

    @property
    def faults(self) -> int:
        """What must never happen, and did."""
        return self.refused + self.not_rolled_back + self.not_equal


class _Miner:
    """A chain that is mined with payments in it, from any of its blocks on."""

    def __init__(self, chain: RegtestChain) -> None:
        self._chain = chain
        self._tips, self._wallets = [chain.tip], [Wallet(0)]
        """After each block of the active chain."""

    def branch(self, depth: int, blocks: int, seed: int) -> None:
        """Mine so many blocks on the one `depth` below the tip."""
        kept = len(self._tips) - depth
        del self._tips[kept:], self._wallets[kept:]
        for height in range(kept, kept + blocks):
            wallet = self._wallets[-1].twin(seed << 10 | height)
            payments = wallet.payments(height, PAYMENTS)
            raw = mined(self._tips[-1], height, payments, Script(b"\x51" * (seed % 50 + 1)))
            made = transactions_of(raw, MalformedTransaction)
            wallet.mined(height, made[0])
            self._chain.submit(raw)
            self._tips.append(sha256d(raw[:80]))
            self._wallets.append(wallet)


def change(folder: Path, deepest: int, seed: int) -> Branches:
    """Let Core's chain change to a branch from 1 up to `deepest` blocks below its tip, and import after each.

    The same is done with a copy of the store, where a first import is killed (SIGKILL) at a random moment.
    """
    dice, found, store, blocks = random.Random(seed), Branches(), folder / "store", folder / "core" / "blocks"
    with RegtestChain(folder / "core") as chain:
        miner = _Miner(chain)
        miner.branch(0, FIRST_BLOCKS + deepest, 0)
        took = _import(found, store, blocks, 0, FIRST_BLOCKS + deepest + 1)
        for depth in dice.sample(range(1, deepest + 1), deepest):
            copy, fresh = folder / "copy", folder / "fresh"
            shutil.copytree(store, copy)
            miner.branch(depth, depth + 1, depth)
            found.changes += 1
            _import(found, store, blocks, depth, depth + 1)
            status = killed_after(dice.uniform(0, 1.1) * took, copy, blocks)
            found.struck += status < 0
            found.refused += status > 0
            _import(found, copy, blocks)
            took = _import(found, fresh, blocks)
            found.not_equal += sum(not _equal(each, fresh) for each in (store, copy))
            shutil.rmtree(copy)
            shutil.rmtree(fresh)
    return found


def _import(found: Branches, store: Path, blocks: Path, rolled_back: int = -1, added: int = -1) -> float:
    """Import, and look at what it says it did, if that is told. How long it took."""
    start = time.perf_counter()
    try:
        done = import_files(store, Network.REGTEST, blocks=[blocks])
    except SekishoError:
        found.refused += 1
    else:
        found.not_rolled_back += rolled_back >= 0 and (done.rolled_back, done.blocks) != (rolled_back, added)
    return time.perf_counter() - start


def _equal(store: Path, fresh: Path) -> bool:
    try:
        same(open_store(store), open_store(fresh))
    except (AssertionError, SekishoError):
        return False
    return _parquet(store) == _parquet(fresh)


def _parquet(store: Path) -> dict[Path, bytes]:
    folder = store / "parquet"
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

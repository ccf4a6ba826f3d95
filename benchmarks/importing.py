"""Importing: MB of block data a second, inputs resolved and merkle roots checked, beside hashlib over the same txids.

The floor is the least any Python program pays: SHA-256 of SHA-256 of each transaction, cut out beforehand, in a loop.
The clock's ratio holds the waiting for the disk at each commit; "without the disk" counts seconds a processor worked.
BENCH_MEGABYTES=400 imports that much; 120 otherwise.
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.bitcoin.wire import compact_size
from sekisho.chain.blockfiles.records import MAGIC
from sekisho.chain.importer import Quiet, import_files
from support.blocks import block_of
from support.chains import address_script, coinbase

MEGABYTES = int(os.environ.get("BENCH_MEGABYTES", "120"))
ROUNDS = 5
PAYMENTS = 4_000
ADDRESSES = 1 << 40
"""Of which one in eight is used again."""


class Chain:
    """Blocks of common payments with their undo data, in Bitcoin Core's files; and what its txids are the hashes of.

    A payment spends one or two coins, most of them young, and makes two. Nothing is signed: importing does not look.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        folder.mkdir()
        self._dice = random.Random(1)  # noqa: S311 - the same chain in every run
        self._coins: list[tuple[OutPoint, int, int, int]] = []
        self.stripped: list[bytes] = []
        self.size = 0
        previous, height = bytes(32), 0
        with (folder / "blk00000.dat").open("wb") as blocks, (folder / "rev00000.dat").open("wb") as undo:
            while self.size < megabytes * 1_000_000:
                height += 1
                raw, coins = self._block(height, previous)
                blocks.write(MAGIC[Network.REGTEST] + len(raw).to_bytes(4, "little") + raw)
                undo.write(
                    MAGIC[Network.REGTEST] + len(coins).to_bytes(4, "little") + coins + sha256d(previous + coins)
                )
                previous = sha256d(raw[:80])
                self.size += len(raw)
        self.blocks = height

    def _block(self, height: int, previous: bytes) -> tuple[bytes, bytes]:
        dice = self._dice
        mined = coinbase(
            height, *((500_000, dice.randrange(ADDRESSES)) for _ in range(2 * PAYMENTS if height == 1 else 1))
        )
        transactions, undo, made = [mined], [], self._outputs(mined, height)
        for _ in range(PAYMENTS if height > 1 else 0):
            spent = [self._take() for _ in range(1 if dice.random() < 0.7 else 2)]
            inputs = tuple(
                TxInput(coin, 0xFFFFFFFD, b"", (dice.randbytes(72), dice.randbytes(33))) for coin, *_ in spent
            )
            half = sum(amount for _, amount, *_ in spent) // 2
            outputs = tuple(TxOutput(Sats(half), address_script(self._address())) for _ in range(2))
            transactions.append(Transaction(2, inputs, outputs, 0))
            undo.append(compact_size(len(spent)) + b"".join(self._undo(*coin) for coin in spent))
            made += self._outputs(transactions[-1], height)
        self._coins += made
        self.stripped += [each.serialize(witness=False) for each in transactions]
        return block_of(transactions, previous), compact_size(len(undo)) + b"".join(undo)

    def _address(self) -> int:
        dice = self._dice
        if dice.random() < 1 / 8 and self._coins:
            return self._coins[dice.randrange(len(self._coins))][3]
        return dice.randrange(ADDRESSES)

    def _take(self) -> tuple[OutPoint, int, int, int]:
        coins, dice = self._coins, self._dice
        young = max(0, len(coins) - 4 * PAYMENTS) if dice.random() < 0.6 else 0
        at = dice.randrange(young, len(coins))
        coins[at], coins[-1] = coins[-1], coins[at]
        return coins.pop()

    def _outputs(self, made: Transaction, height: int) -> list[tuple[OutPoint, int, int, int]]:
        return [
            (OutPoint(made.txid, vout), each.sats, height, int.from_bytes(each.script[2:], "big"))
            for vout, each in enumerate(made.outputs)
        ]

    def _undo(self, _: OutPoint, amount: int, height: int, address: int) -> bytes:
        script = address_script(address)
        return varint(2 * height) + b"\x00" + varint(compressed(amount)) + varint(len(script) + 6) + script


def varint(number: int) -> bytes:
    """Bitcoin Core's own number on disk (serialize.h, VARINT)."""
    out = bytearray([number & 0x7F])
    while number > 0x7F:
        number = (number >> 7) - 1
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))


def compressed(amount: int) -> int:
    """An amount as undo data writes it (Bitcoin Core, compressor.cpp)."""
    if amount == 0:
        return 0
    zeros = 0
    while amount % 10 == 0 and zeros < 9:
        amount, zeros = amount // 10, zeros + 1
    if zeros < 9:
        rest, digit = divmod(amount, 10)
        return 1 + (rest * 9 + digit - 1) * 10 + zeros
    return 1 + (amount - 1) * 10 + 9


class Watch(Quiet):
    """Looks at the clock where the columns are done."""

    def __init__(self) -> None:
        self.start = self.columns = time.perf_counter()
        self.worked = -time.process_time()

    def writes_parquet(self) -> None:
        """See chain.importer.Progress."""
        self.columns = time.perf_counter()
        self.worked += time.process_time()


def run(folder: Path, small: Path, cores: int) -> tuple[float, float, float, float]:
    """Import in a program of its own: seconds until the columns are done, those of them that a processor worked,
    seconds until all is done, and peak memory in MB.

    A fork of this one would be slowed down by all that this one holds, and be counted as large. What is compiled is
    loaded by the import of a `small` folder before.
    """
    words = [sys.executable, __file__, str(folder), str(small), str(cores)]
    told = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    columns, worked, whole, memory = map(float, told.stdout.split())
    return columns, worked, whole, memory


def import_alone(folder: Path, small: Path, cores: int) -> None:
    """What `run` runs: print the four numbers."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    for each in (small, folder):
        with tempfile.TemporaryDirectory(prefix="sekisho-bench-") as store:
            watch = Watch()
            import_files(Path(store), Network.REGTEST, blocks=[each], progress=watch, threads=cores)
            end = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(watch.columns - watch.start, watch.worked, end - watch.start, memory)


def floor(stripped: list[bytes]) -> float:
    """Seconds for the least any Python program pays."""
    start = time.perf_counter()
    for each in stripped:
        sha256(sha256(each).digest()).digest()
    return time.perf_counter() - start


def main() -> None:
    """Print a line for each number of cores."""
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-") as name:
        folder, small = Path(name) / "blocks", Path(name) / "small"
        Chain(small, 1)
        import_files(Path(name) / "store", Network.REGTEST, blocks=[small])  # compiled at the first call
        chain = Chain(folder, MEGABYTES)
        size = chain.size / 1e6
        print(f"{size:.0f} MB in {chain.blocks} blocks, {len(chain.stripped):,} transactions")
        print("importing   cores   MB/s   with Parquet   hashlib MB/s   ratio   without the disk   peak MB")
        for cores in (1, 2):
            rounds = [(*run(folder, small, cores), floor(chain.stripped)) for _ in range(ROUNDS)]
            columns, _, whole, memory, least = (statistics.median(each) for each in zip(*rounds, strict=True))
            ratio = statistics.median(base / own for own, *_, base in rounds)
            bare = f"{statistics.median(base / worked for _, worked, *_, base in rounds):.2f}" if cores == 1 else ""
            rates = f"{size / columns:>7.0f}{size / whole:>15.0f}{size / least:>15.0f}"
            print(f"{cores:>17}{rates}{ratio:>8.2f}{bare:>19}{memory:>10.0f}")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        import_alone(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()

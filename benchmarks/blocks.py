"""Reading blocks: txids, merkle root and proof of work in MB of block data a second, beside hashlib on the same txids.

The floor is the least any Python program pays: SHA-256 of SHA-256 of each transaction, cut out beforehand, in a loop.
"""

import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.parse import parse_block
from support.blocks import block_of
from support.chains import address_script, coinbase

TRANSACTIONS = 4_000
ROUNDS = 15
BLOCKS = 8
"""Blocks a round, shared out among threads."""


def payment(dice: random.Random, segwit: bool) -> Transaction:
    """One input and two outputs, a signature and a key, in the form of its time: about 225 bytes."""
    witness = (dice.randbytes(72), dice.randbytes(33)) if segwit else ()
    spent = TxInput(OutPoint(Txid(dice.randbytes(32)), 1), 0xFFFFFFFD, b"" if segwit else dice.randbytes(107), witness)
    paid = [TxOutput(Sats(dice.randrange(10**9)), address_script(dice.getrandbits(160))) for _ in range(2)]
    legacy = Script(b"\x76\xa9\x14" + dice.randbytes(20) + b"\x88\xac")
    return Transaction(2, (spent,), tuple(paid if segwit else [TxOutput(each.sats, legacy) for each in paid]), 0)


def made(segwit: bool) -> tuple[bytes, list[bytes]]:
    """A block, and its transactions without witness: what txids are the hashes of."""
    dice = random.Random(1)  # noqa: S311 - the same blocks in every run
    transactions = [coinbase(1, (1, 1)), *(payment(dice, segwit) for _ in range(TRANSACTIONS))]
    return block_of(transactions), [each.serialize(witness=False) for each in transactions]


def hash_all(stripped: list[bytes]) -> list[bytes]:
    """The floor."""
    return [sha256(sha256(each).digest()).digest() for each in stripped]


def seconds(work: Callable[[], object], threads: int) -> float:
    """For BLOCKS blocks, shared out among threads."""
    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        for future in [pool.submit(work) for _ in range(BLOCKS)]:
            future.result()
        return time.perf_counter() - start


def main() -> None:
    """Print a line for each kind of transactions and number of threads."""
    print("reading blocks     threads      MB/s    hashlib MB/s     ratio")
    for name, segwit in (("legacy", False), ("segwit", True)):
        raw, stripped = made(segwit)

        def parse(raw: bytes = raw) -> object:
            return parse_block(raw, Network.REGTEST)

        def floor(stripped: list[bytes] = stripped) -> object:
            return hash_all(stripped)

        parse()  # compiled at the first call
        size = BLOCKS * len(raw) / 1e6
        for threads in (1, 2):
            rounds = [(seconds(parse, threads), seconds(floor, threads)) for _ in range(ROUNDS)]
            ours, least = (size / statistics.median(each) for each in zip(*rounds, strict=True))
            ratio = statistics.median(base / own for own, base in rounds)
            print(f"{name:<15}{threads:>11}{ours:>10.0f}{least:>16.0f}{ratio:>10.2f}")


if __name__ == "__main__":
    main()

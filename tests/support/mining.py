"""Regtest chains with payments in them, mined through Bitcoin Core's validation, and what it says of them."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.kernel import COINBASE_MATURITY, RegtestChain

ANYONE = Script(b"\x51")


class Wallet:
    """Coins that anybody can spend, and payments with them."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._coins: list[tuple[OutPoint, int]] = []
        self._young: list[tuple[int, OutPoint, int]] = []

    def twin(self, seed: int) -> "Wallet":
        """One with the same coins, which will pay otherwise: for another branch."""
        other = Wallet(seed)
        other._coins, other._young = list(self._coins), list(self._young)
        return other

    def payments(self, height: int, count: int) -> list[Transaction]:
        """Transactions for the block at `height`, some of which spend each other's outputs."""
        while self._young and self._young[0][0] + COINBASE_MATURITY <= height:
            _, coin, amount = self._young.pop(0)
            self._coins.append((coin, amount))
        return [self._pay() for _ in range(count) if self._coins]

    def mined(self, height: int, coinbase: Transaction) -> None:
        """A coinbase to spend once it is old enough."""
        self._young.append((height, OutPoint(coinbase.txid, 0), coinbase.outputs[0].sats))

    def _pay(self) -> Transaction:
        dice = self._dice
        taken = [
            self._coins.pop(dice.randrange(len(self._coins))) for _ in range(min(len(self._coins), dice.randint(1, 3)))
        ]
        total = sum(amount for _, amount in taken)
        parts = dice.randint(1, 4)
        share = max(0, total - dice.randint(0, 1000)) // parts
        outputs = [TxOutput(Sats(share), ANYONE) for _ in range(parts)]
        if dice.random() < 0.3:
            outputs.append(TxOutput(Sats(0), Script(b"\x6a\x04note")))
        inputs = tuple(TxInput(coin, dice.choice([0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD])) for coin, _ in taken)
        made = Transaction(dice.choice([1, 2, 2]), inputs, tuple(outputs), 0)
        self._coins += [(OutPoint(made.txid, vout), share) for vout in range(parts) if share]
        return made


def mine(chain: RegtestChain, blocks: int, *, seed: int = 1, each: int = 5) -> None:
    """Mine blocks on a fresh chain: the first hundred empty, then with payments."""
    wallet = Wallet(seed)
    for _ in range(blocks):
        height = chain.height + 1
        wallet.mined(height, chain.accept(wallet.payments(height, each), ANYONE).transactions[0])


class SeenInput(NamedTuple):
    """An input, as Bitcoin Core tells it."""

    outpoint: OutPoint
    sats: int
    script: bytes


class SeenTransaction(NamedTuple):
    """A transaction, as Bitcoin Core tells it."""

    txid: bytes
    inputs: tuple[SeenInput, ...]
    outputs: tuple[tuple[int, bytes], ...]


def seen(chain: RegtestChain) -> list[tuple[bytes, list[SeenTransaction]]]:
    """Every block of the active chain with its hash, read by Bitcoin Core's own code from its own files."""
    manager = chain._manager
    blocks = []
    for entry in manager.get_active_chain().block_tree_entries:
        block = manager.blocks[entry]
        coins = (
            [] if entry.height == 0 else [list(each.coins) for each in manager.block_spent_outputs[entry].transactions]
        )
        rows = []
        for transaction, spent in zip(block.transactions, [[], *coins], strict=True):
            inputs = list(transaction.inputs) if spent else []
            rows.append(
                SeenTransaction(
                    bytes(transaction.txid),
                    tuple(
                        SeenInput(
                            OutPoint(bytes(each.out_point.txid), each.out_point.index),
                            coin.output.amount,
                            bytes(coin.output.script_pubkey),
                        )
                        for each, coin in zip(inputs, spent, strict=True)
                    ),
                    tuple((each.amount, bytes(each.script_pubkey)) for each in transaction.outputs),
                )
            )
        blocks.append((bytes(entry.block_hash), rows))
    return blocks


def raw_blocks(chain: RegtestChain) -> list[bytes]:
    """The bytes of every block of the active chain."""
    manager = chain._manager
    return [bytes(manager.blocks[entry]) for entry in manager.get_active_chain().block_tree_entries]


def write_raw(folder: Path, blocks: Sequence[bytes]) -> list[Path]:
    """One file for each block."""
    paths = [folder / f"block{number:05d}.raw" for number in range(len(blocks))]
    for path, raw in zip(paths, blocks, strict=True):
        path.write_bytes(raw)
    return paths

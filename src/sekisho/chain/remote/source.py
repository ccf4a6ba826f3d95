"""What a growing chain asks a server, in whatever language that server speaks.

A server is not trusted for bytes: every transaction is hashed anew, and held by its merkle root to a header that hashes
to the block's name. It is trusted for what nothing proves: that its blocks are those of the chain with the most work,
what coins hold whose transactions were not fetched, and that a coin it calls unspent is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.chain import Tip
from sekisho.chain.headers import BadHeader, parse_header
from sekisho.chain.remote.told import Told
from sekisho.chain.sha256 import merkle_root
from sekisho.errors import SekishoError

MAX_HEIGHT = 0xFFFFFFFE


class Reorganised(SekishoError):
    """The server's chain changed while it was being read."""

    def __init__(self, server: str) -> None:
        super().__init__(f"{server}: its chain was reorganised while it was read")
        self.server = server


@dataclass(frozen=True, slots=True)
class Block:
    """A block, as its header tells it; the height is the server's word until `hash_at` has said the same."""

    height: int
    hash: bytes
    """32 bytes in hashing order."""
    time: int
    root: bytes
    """The merkle root, in hashing order."""


@dataclass(frozen=True, slots=True)
class Found:
    """A transaction in its block, with the coins it spends."""

    transaction: Transaction
    spent: tuple[TxOutput, ...]
    """One for each input; empty for a coinbase."""
    block: Block
    position: int
    """In the block; the coinbase is 0."""

    def spends(self) -> Mapping[OutPoint, TxOutput]:
        """The coins it spends, by name."""
        if not self.spent:
            return {}
        return {each.outpoint: coin for each, coin in zip(self.transaction.inputs, self.spent, strict=True)}


class Spends(NamedTuple):
    """What is known of some coins after asking."""

    found: tuple[Found, ...]
    """Transactions in blocks up to the tip that spend some of them."""
    settled: frozenset[OutPoint]
    """Coins that need not be asked about again: they are spent by one of `found`, or unspent at the tip."""


class Source(Protocol):
    """A server that holds a chain. Whatever goes wrong with it is ServerFails."""

    name: str
    """The server, as errors call it."""

    def tip(self) -> Tip:
        """The newest block."""

    def hashes_at(self, heights: Sequence[int]) -> tuple[bytes, ...]:
        """The hash of the block at each height, in hashing order. Raises Reorganised where there is none any more."""

    def transactions(self, txids: Sequence[Txid]) -> tuple[Found, ...]:
        """These transactions, each in the block that holds it."""

    def paying(self, script: Script) -> tuple[Found, ...]:
        """Every transaction in a block that pays to a script."""

    def spenders(self, coins: Mapping[OutPoint, int], tip: Tip) -> Spends:
        """Who spends these coins, each given with the height it was made at. Something is found, or all are settled."""

    def whole(self, block: Block) -> tuple[Found, ...]:
        """Every transaction of a block."""


def block_told(told: Told, hash_: bytes, network: Network, height: Told, time: Told, bits: int) -> Block:
    """A block from the members of its header, which must hash to `hash_` and have work (`parse_header`).

    Esplora and Bitcoin Core call height, time and bits by different names, or write them differently.
    """
    before = told.member("previousblockhash")
    raw = b"".join(
        (
            (told.member("version").whole(-(2**31), 2**32 - 1) % 2**32).to_bytes(4, "little"),
            bytes(32) if before.absent else before.hash(),
            told.member("merkle_root" if told.member("merkleroot").absent else "merkleroot").hash(),
            time.whole(0, 2**32 - 1).to_bytes(4, "little"),
            bits.to_bytes(4, "little"),
            told.member("nonce").whole(0, 2**32 - 1).to_bytes(4, "little"),
        )
    )
    if sha256d(raw) != hash_:
        told.wrong("does not hash to the block that was asked for")
    try:
        header = parse_header(raw, network)
    except BadHeader as why:
        told.wrong(f"is {why}")
    return Block(height.whole(0, MAX_HEIGHT), hash_, header.time, header.merkle_root)


def is_list_of(txids: Sequence[Txid], root: bytes) -> bool:
    """Whether a block with this merkle root holds these transactions and no others, in this order."""
    if not txids:
        return False
    found, twice = merkle_root(np.array(bytearray(b"".join(txids)), np.uint8).reshape(len(txids), 32))
    return found.tobytes() == root and not twice


def root_above(txid: Txid, position: int, branch: Sequence[bytes]) -> bytes:
    """The root that a merkle branch leads to, from the transaction at `position`."""
    node: bytes = txid
    for beside in branch:
        node = sha256d(beside + node if position & 1 else node + beside)
        position >>= 1
    return node

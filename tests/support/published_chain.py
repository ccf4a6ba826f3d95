"""A regtest chain of any transactions in blocks with real headers: what the stand-in servers serve, and it whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.bitcoin.wire import compact_size, sized
from sekisho.chain.assemble import KnownBlock, assemble
from sekisho.chain.chain import Chain, Tip
from support.chains import NO_COIN

BITS = 0x207FFFFF
GENESIS_TIME = 1296688602
_TIMES = b"The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
_SATOSHI = bytes.fromhex(
    "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d57"
    "8a4c702b6bf11d5f"
)
GENESIS = Transaction(
    1,
    (TxInput(NO_COIN, 0xFFFFFFFF, b"\x04\xff\xff\x00\x1d\x01\x04" + sized(_TIMES)),),
    (TxOutput(Sats(50 * COIN), Script(sized(_SATOSHI) + b"\xac")),),
    0,
)


@dataclass(frozen=True)
class PublishedBlock:
    """A block with a header that has its work."""

    height: int
    previous: bytes
    transactions: tuple[Transaction, ...]
    nonce: int

    @property
    def time(self) -> int:
        return GENESIS_TIME + 600 * self.height

    @property
    def version(self) -> int:
        return 0x20000000 if self.height else 1

    @cached_property
    def txids(self) -> tuple[Txid, ...]:
        return tuple(each.txid for each in self.transactions)

    @cached_property
    def root(self) -> bytes:
        return root_of(self.txids)

    @property
    def header(self) -> bytes:
        numbers = (self.time, BITS, self.nonce)
        start = self.version.to_bytes(4, "little") + self.previous + self.root
        return start + b"".join(each.to_bytes(4, "little") for each in numbers)

    @cached_property
    def hash(self) -> bytes:
        return sha256d(self.header)

    @cached_property
    def raw(self) -> bytes:
        body = b"".join(each.serialize() for each in self.transactions)
        return self.header + compact_size(len(self.transactions)) + body


def root_of(txids: Sequence[Txid]) -> bytes:
    """The merkle root over some transactions."""
    row: list[bytes] = list(txids)
    while len(row) > 1:
        row += row[-1:] * (len(row) % 2)
        row = [sha256d(row[at] + row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


class PublishedChain:
    """Blocks from genesis on, and who made and who spends each coin."""

    def __init__(self, blocks: Sequence[Sequence[Transaction]]) -> None:
        """`blocks` are those from height 1 on, each with its coinbase first."""
        self.blocks: list[PublishedBlock] = []
        self.places: dict[Txid, tuple[int, int]] = {}
        self.spender: dict[OutPoint, Txid] = {}
        self._extend((GENESIS,), 2)
        for each in blocks:
            self.append(each)

    def append(self, transactions: Sequence[Transaction]) -> None:
        """One more block at the tip."""
        for nonce in range(2**16):
            block = PublishedBlock(len(self.blocks), self.blocks[-1].hash, tuple(transactions), nonce)
            if block.hash[31] < 0x7F:
                return self._extend(block.transactions, nonce)
        raise AssertionError("every second nonce should do")

    def _extend(self, transactions: tuple[Transaction, ...], nonce: int) -> None:
        previous = self.blocks[-1].hash if self.blocks else bytes(32)
        block = PublishedBlock(len(self.blocks), previous, transactions, nonce)
        for position, each in enumerate(transactions):
            self.places[each.txid] = (block.height, position)
            self.spender |= {spent.outpoint: each.txid for spent in each.inputs if spent.outpoint != NO_COIN}
        self.blocks.append(block)

    @property
    def tip(self) -> Tip:
        return Tip(self.blocks[-1].height, self.blocks[-1].hash)

    def transaction(self, txid: Txid) -> Transaction:
        height, position = self.places[txid]
        return self.blocks[height].transactions[position]

    def spent(self, transaction: Transaction) -> tuple[TxOutput, ...]:
        """The coins behind its inputs; none for a coinbase."""
        names = [each.outpoint for each in transaction.inputs if each.outpoint != NO_COIN]
        return tuple(self.transaction(each.txid).outputs[each.vout] for each in names)

    def named(self, hash_: bytes) -> PublishedBlock | None:
        return next((block for block in self.blocks if block.hash == hash_), None)

    def whole(self) -> Chain:
        """All of it, as a store would hold it."""
        known = [KnownBlock(each.height, each.hash, each.time, each.transactions) for each in self.blocks]
        return assemble(Network.REGTEST, known, self.tip, complete=True)

"""Bitcoin Core's validation, in process (libbitcoinkernel): a regtest chain to pay on, and its script interpreter.

py-bitcoinkernel is alpha; none of its types leaves this file.
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pbk
from pbk.script import PrecomputedTransactionData

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, Transaction, TxInput, TxOutput
from sekisho.bitcoin.wire import compact_size
from sekisho.errors import SekishoError

COINBASE_MATURITY = 100
"""Blocks that must lie on a coinbase before it can be spent (Bitcoin Core, consensus/consensus.h)."""

_HALVING = 150
_GENESIS_TIME = 1296688602
_BITS = 0x207FFFFF
_TARGET = 0x7FFFFF << (8 * (0x20 - 3))
_ANYONE = Script(b"\x51")
_NO_COIN = OutPoint(Txid(bytes(32)), 0xFFFFFFFF)


class BlockRefused(SekishoError):
    """Bitcoin Core's validation refuses a block."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the block is not valid: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Block:
    """A block on the chain: its height, and its transactions with the coinbase first."""

    height: int
    transactions: tuple[Transaction, ...]


class RegtestChain:
    """A regtest chain. Use it as a context manager.

    It lives in a scratch folder that goes with it. Given a `folder` without a chain in it, Bitcoin Core's own block and
    undo files stay behind in `folder/blocks`. Scripts are verified by `workers` more threads than the one that hands a
    block over.
    """

    def __init__(self, folder: Path | None = None, *, workers: int = 0) -> None:
        self._folder, self._workers, self._scratch = folder, workers, ExitStack()
        self.tip = bytes(32)
        """The hash of the newest block, in hashing order."""
        self.height = 0
        """Of the newest block; 0 is genesis."""

    def __enter__(self) -> "RegtestChain":
        folder = self._folder or self._scratch.enter_context(tempfile.TemporaryDirectory(prefix="sekisho-regtest-"))
        options = pbk.ContextOptions()
        options.set_chainparams(pbk.ChainParameters(pbk.ChainType.REGTEST))
        self._context = pbk.Context(options)
        manager = pbk.ChainstateManagerOptions(self._context, str(folder), f"{folder}/blocks")
        manager.update_block_tree_db_in_memory(True)
        manager.update_chainstate_db_in_memory(True)
        manager.set_worker_threads_num(self._workers)
        self._manager = pbk.ChainstateManager(manager)
        self._follow()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del self._manager, self._context
        self._scratch.close()

    def mine(self, count: int, script: Script) -> tuple[Block, ...]:
        """Mine `count` empty blocks whose subsidy goes to `script`."""
        return tuple(self.accept((), script) for _ in range(count))

    def accept(self, transactions: Sequence[Transaction], script: Script = _ANYONE) -> Block:
        """Mine one block with these transactions; its subsidy and nothing else goes to `script`.

        Raises BlockRefused, and the chain stays as it was, when Bitcoin Core's validation refuses it.
        """
        block = Block(self.height + 1, (_coinbase(self.height + 1, transactions, script), *transactions))
        raw = _mined(block, self.tip)
        self.submit(raw)
        if self.tip != sha256d(raw[:80]):
            raise BlockRefused("Bitcoin Core's consensus rules reject a transaction in it")
        return block

    def submit(self, raw: bytes) -> None:
        """Hand over a block that need not extend the tip: a branch with more work takes over, another one is only kept.

        Raises BlockRefused when Bitcoin Core does not even keep it.
        """
        try:
            self._manager.process_block(pbk.Block(raw))
        except (pbk.ProcessBlockException, RuntimeError) as why:
            raise BlockRefused(str(why)) from why
        self._follow()

    def holds(self, txid: Txid, height: int) -> bool:
        """Whether the block at `height` of the active chain, as Bitcoin Core stored it, has this transaction."""
        entry = self._manager.get_active_chain().block_tree_entries[height]
        return any(bytes(each.txid) == txid for each in self._manager.blocks[entry].transactions)

    def _follow(self) -> None:
        chain = self._manager.get_active_chain()
        self.height = int(chain.height)
        self.tip = bytes(chain.block_tree_entries[self.height].block_hash)


def mined(previous: bytes, height: int, transactions: Sequence[Transaction] = (), script: Script = _ANYONE) -> bytes:
    """The bytes of a regtest block at `height` on the block `previous`, wherever that lies: what `submit` takes.

    It is the same for the same arguments: two branches differ in `script`.
    """
    return _mined(Block(height, (_coinbase(height, transactions, script), *transactions)), previous)


def _mined(block: Block, previous: bytes) -> bytes:
    """A block with enough work: on regtest every second hash has."""
    time = _GENESIS_TIME + 600 * block.height
    start = b"".join(
        (
            (0x20000000).to_bytes(4, "little"),
            previous,
            merkle_root([each.txid for each in block.transactions]),
            time.to_bytes(4, "little"),
            _BITS.to_bytes(4, "little"),
        )
    )
    for nonce in range(2**32):
        header = start + nonce.to_bytes(4, "little")
        if int.from_bytes(sha256d(header), "little") <= _TARGET:
            body = b"".join(each.serialize() for each in block.transactions)
            return header + compact_size(len(block.transactions)) + body
    raise BlockRefused("no nonce gives enough work")  # 2^-(2^32): never seen


def verifies(transaction: Transaction, coins: Sequence[Coin]) -> bool:
    """Whether Bitcoin Core's interpreter accepts every input of `transaction` as spending these coins, on any network.

    `coins` stand input by input. All consensus rules of today apply.
    """
    spent = [pbk.TransactionOutput(pbk.ScriptPubkey(coin.script), coin.sats) for coin in coins]
    subject = pbk.Transaction(transaction.serialize())
    precomputed = PrecomputedTransactionData(subject, spent)
    try:
        return all(
            pbk.ScriptPubkey(coin.script).verify(
                coin.sats, subject, precomputed, index, pbk.ScriptVerificationFlags.ALL
            )
            for index, coin in enumerate(coins)
        )
    except pbk.ScriptVerifyException:
        return False


def _coinbase(height: int, transactions: Sequence[Transaction], script: Script) -> Transaction:
    """The coinbase: height first (BIP-34), subsidy to `script`, witness commitment (BIP-141). Fees are burnt."""
    subsidy = Sats((50 * COIN) >> (height // _HALVING))
    reserved = bytes(32)
    root = merkle_root([bytes(32), *(sha256d(each.serialize()) for each in transactions)])
    commitment = Script(b"\x6a\x24\xaa\x21\xa9\xed" + sha256d(root + reserved))
    number = height.to_bytes((height.bit_length() + 8) // 8, "little")
    pushed = bytes([0x50 + height]) if height <= 16 else bytes([len(number)]) + number
    spent = TxInput(_NO_COIN, 0xFFFFFFFF, pushed + b"\x00", (reserved,))
    return Transaction(2, (spent,), (TxOutput(subsidy, script), TxOutput(Sats(0), commitment)), 0)


def merkle_root(leaves: list[bytes]) -> bytes:
    """The root over these hashes, at least one (Bitcoin Core, consensus/merkle.cpp)."""
    while len(leaves) > 1:
        if len(leaves) % 2:
            leaves.append(leaves[-1])
        leaves = [sha256d(leaves[at] + leaves[at + 1]) for at in range(0, len(leaves), 2)]
    return leaves[0]

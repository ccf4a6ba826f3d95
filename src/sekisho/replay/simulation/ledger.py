"""The book of a simulated chain: makes transactions, knows what is in the next block, and writes down the truth."""

from collections import deque
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.sighash import shared_by_inputs
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.headers import GENESIS
from sekisho.chain.kernel import COINBASE_MATURITY
from sekisho.replay.simulation.blocks import FIRST_TIME, SPACING, Packed, coinbase, mined, packed, subsidy
from sekisho.replay.simulation.keys import Keys
from sekisho.replay.simulation.locks import VBYTES, Lock, Spending
from sekisho.replay.simulation.truth import Kind, Labelled
from sekisho.replay.simulation.wallets import Held, Style, Wallet

DUST_LIMIT = 546
"""Satoshis; less is not relayed (Bitcoin Core, policy/policy.cpp)."""

BLOCK_WEIGHT = 3_900_000
"""A block is full here, a little under the limit of BIP-141."""


class Out(NamedTuple):
    """An output to be made."""

    sats: int
    script: Script
    owner: Wallet | None = None
    lock: Lock | None = None


def to(owner: Wallet, amount: int, lock: Lock | None = None) -> Out:
    """An output to somebody, at an address of theirs."""
    chosen = lock or owner.address()
    return Out(amount, chosen.script, owner, chosen)


class Spend(NamedTuple):
    """A transaction, and what it takes to spend its coins otherwise."""

    packed: Packed
    style: Style
    coins: Sequence[Held]
    fee: int


class Mined(NamedTuple):
    """A block that was mined."""

    previous: bytes
    height: int
    hash: bytes
    spends: list[Spend]
    labels: list[Labelled]


class Ledger:
    """The chain so far, and the block that is being filled. The last `keep` blocks are remembered."""

    def __init__(self, seed: int, keep: int = 0) -> None:
        self.rng = Random(seed)  # noqa: S311  # chance that can be repeated is what is wanted
        self.keys = Keys(seed)
        self.height = 1
        """Of the block that is being filled."""
        self.size = 0
        """Bytes of its transactions."""
        self.weight = 0
        self.rate = 10
        """Satoshis per virtual byte that its payers offer."""
        self.tip = GENESIS[Network.REGTEST]
        self.labels: list[Labelled] = []
        """Of every transaction but those of the block that is being filled."""
        self.recent: deque[Mined] = deque(maxlen=keep)
        self._spends: list[Spend] = []
        self._labels: list[Labelled] = []
        self._fees = 0
        self._unripe: deque[tuple[int, Wallet, Held]] = deque()

    def fee(self, spends: int, outputs: int, wallet: Wallet) -> int:
        """What a transaction of this form should pay."""
        return self.rate * (11 + spends * VBYTES[wallet.lock_kind] + outputs * 34)

    def spend(
        self,
        kind: Kind,
        by: str,
        style: Style,
        coins: Sequence[Held],
        outs: Sequence[Out],
        change: int | None = None,
    ) -> list[Held]:
        """Make a transaction: what it does not pay out is its fee. Gives the new coins, output by output, those of
        nobody left out, and puts them into their owners' wallets."""
        locktime = self.height - 1 if style.anti_sniping else 0
        spent = [each.coin for each in coins]
        bare = Transaction(
            style.version,
            tuple(TxInput(each.outpoint, style.sequence) for each in spent),
            tuple(TxOutput(Sats(each.sats), each.script) for each in outs),
            locktime,
        )
        spending = Spending(bare, spent, shared_by_inputs(bare))
        signed = tuple(each.lock.open(spending, at) for at, each in enumerate(coins))
        transaction = Transaction(bare.version, signed, bare.outputs, locktime)
        made = packed(transaction)
        witness = sum(1 + sum(1 + len(item) for item in each.witness) for each in signed)
        self.size += len(made.raw)
        self.weight += 4 * len(made.raw) - 3 * witness
        fee = sum(each.sats for each in coins) - sum(each.sats for each in outs)
        self._fees += fee
        self._spends.append(Spend(made, style, coins, fee))
        self._labels.append(Labelled(made.txid, self.height, kind, by, change))
        return _handed_over(made.txid, outs)

    @property
    def newest(self) -> Txid:
        """The transaction that was made last."""
        return self._labels[-1].txid

    def back_to(self, block: Mined) -> None:
        """Begin again before a block; what was paid since is forgotten, but wallets are left as they are."""
        self.tip, self.height = block.previous, block.height
        self.labels = [each for each in self.labels if each.height < block.height]

    def repeat(self, block: Mined, left_out: frozenset[Txid]) -> None:
        """Take the transactions of another branch's block into this one, but for some."""
        for spend, label in zip(block.spends, block.labels, strict=True):
            if label.txid not in left_out:
                self._spends.append(spend)
                self._labels.append(label._replace(height=self.height))
                self._fees += spend.fee

    @property
    def full(self) -> bool:
        """Whether nothing more fits for sure into the block."""
        return self.weight > BLOCK_WEIGHT - 300_000

    def close(self, miner: Wallet) -> bytes:
        """Mine the block; its reward ripens for `miner`. Gives its bytes, and begins the next one."""
        lock = miner.address()
        reward = subsidy(self.height) + self._fees
        block = [each.packed for each in self._spends]
        paid = coinbase(self.height, reward, lock.script, miner.name.encode(), block)
        time = FIRST_TIME + SPACING * self.height + self.rng.randrange(SPACING // 2)
        raw = mined(self.tip, time, [packed(paid), *block])
        self._unripe.append((self.height, miner, Held(paid.txid, 0, reward, lock)))
        done = Mined(self.tip, self.height, sha256d(raw[:80]), self._spends, self._labels)
        self.recent.append(done)
        self.labels += self._labels
        self.tip = done.hash
        self.height += 1
        self.size = self.weight = self._fees = 0
        self.rate = self.rng.randrange(2, 60)
        self._spends, self._labels = [], []
        while self._unripe and self._unripe[0][0] <= self.height - COINBASE_MATURITY:
            _, owner, coin = self._unripe.popleft()
            owner.coins.append(coin)
        return raw


def _handed_over(txid: Txid, outs: Sequence[Out]) -> list[Held]:
    made = []
    for vout, each in enumerate(outs):
        if each.owner is not None and each.lock is not None:
            held = Held(txid, vout, each.sats, each.lock)
            each.owner.coins.append(held)
            made.append(held)
    return made

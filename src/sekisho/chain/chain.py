"""A chain that can be asked: which transaction, which output, whose script, at which height."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import TxOutput
from sekisho.chain.columns import I64, NO_HEIGHT, UNKNOWN_SATS, Columns, TxFlag
from sekisho.chain.resolve import anywhere, words
from sekisho.errors import SekishoError

ScriptIndex = Callable[[Script], int | None]
"""Finds the number of a script; None for one that the chain has never seen."""


class NotInChain(SekishoError):
    """A transaction, output or script that this chain does not hold."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not in this chain")
        self.what = what


@dataclass(frozen=True, slots=True)
class SpentCoin:
    """An input: the coin it spends, as far as it is known."""

    outpoint: OutPoint
    sats: Sats | None
    script: Script | None


@dataclass(frozen=True, slots=True)
class ChainTransaction:
    """A transaction with the coins it spends: what patterns are found in."""

    txid: Txid
    height: int | None
    """None: in no block."""
    time: int | None
    """Seconds since 1970, of its block's header."""
    flags: TxFlag
    inputs: tuple[SpentCoin, ...]
    """None for a coinbase."""
    outputs: tuple[TxOutput, ...]

    @property
    def fee(self) -> Sats | None:
        """None for a coinbase, and where a coin it spends has no known value."""
        amounts = [coin.sats for coin in self.inputs]
        known = [amount for amount in amounts if amount is not None]
        if not amounts or len(known) < len(amounts):
            return None
        return Sats(sum(known) - sum(output.sats for output in self.outputs))


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest block of a chain."""

    height: int
    hash: bytes
    """32 bytes in hashing order."""

    def __str__(self) -> str:
        return f"{self.height} {self.hash[::-1].hex()}"


NO_TIP = Tip(-1, bytes(32))
"""Of a chain without blocks: all it holds are loose transactions."""


@dataclass(frozen=True)
class Chain:
    """A chain in columns, and how to find things in it. Transactions, outputs and scripts go by their numbers there."""

    network: Network
    columns: Columns
    find_script: ScriptIndex
    tip: Tip
    complete: bool
    """Whether it begins with the genesis block, so that no input can come from outside."""

    def find(self, txid: Txid) -> tuple[int, ...]:
        """The transactions with this txid, oldest first: none, one, or more where BIP-30 was broken."""
        columns, wanted = self.columns, words(np.frombuffer(txid, np.uint8))
        found, blocks = [], len(columns.block_height)
        while (tx := anywhere(columns, words(columns.txid), blocks, wanted, 0)) >= 0:
            found.append(tx)
            blocks = self.block_of(tx)
        return tuple(reversed(found))

    def find_output(self, outpoint: OutPoint) -> int:
        """The number of an output (the oldest of its name), or of a coin from outside. Raises NotInChain."""
        columns = self.columns
        for tx in self.find(outpoint.txid):
            start, end = int(columns.tx_first_out[tx]), int(columns.tx_first_out[tx + 1])
            if outpoint.vout < end - start:
                return start + outpoint.vout
        wanted = np.frombuffer(outpoint.txid, np.uint8)
        same = (columns.outside_vout == outpoint.vout) & (columns.outside_txid == wanted).all(axis=1)
        places = np.flatnonzero(same)
        if len(places):
            return int(columns.outside_txo[places[0]])
        raise NotInChain(f"output {outpoint}")

    def outputs_of(self, tx: int) -> range:
        """The numbers of a transaction's outputs."""
        return range(int(self.columns.tx_first_out[tx]), int(self.columns.tx_first_out[tx + 1]))

    def creator(self, txo: int) -> int:
        """The transaction that made output `txo`."""
        return int(np.searchsorted(self.columns.tx_first_out, txo, side="right")) - 1

    def outpoint(self, txo: int) -> OutPoint:
        """The name of output `txo`."""
        columns, tx = self.columns, self.creator(txo)
        if columns.tx_flags[tx] & TxFlag.OUTSIDE:
            at = int(np.searchsorted(columns.outside_txo, txo))
            return OutPoint(Txid(columns.outside_txid[at].tobytes()), int(columns.outside_vout[at]))
        return OutPoint(self.txid(tx), txo - int(columns.tx_first_out[tx]))

    def txid(self, tx: int) -> Txid:
        """The txid of transaction `tx`."""
        return Txid(self.columns.txid[tx].tobytes())

    def script(self, number: int) -> Script:
        """The bytes of a script."""
        start, end = self.columns.script_start[number : number + 2]
        return Script(self.columns.script_bytes[start:end].tobytes())

    def output(self, txo: int) -> TxOutput:
        """An output's amount and script; the amount is UNKNOWN_SATS where nobody told it."""
        return TxOutput(Sats(int(self.columns.out_sats[txo])), self.script(int(self.columns.out_script[txo])))

    def outputs(self, numbers: I64) -> tuple[TxOutput, ...]:
        """The same of several outputs at once, which takes a third of the time."""
        columns = self.columns
        scripts = columns.out_script[numbers].astype(np.int64)
        starts, ends = columns.script_start[scripts].tolist(), columns.script_start[scripts + 1].tolist()
        texts = columns.script_bytes.data
        return tuple(
            TxOutput(Sats(sats), Script(texts[start:end].tobytes()))
            for sats, start, end in zip(columns.out_sats[numbers].tolist(), starts, ends, strict=True)
        )

    def coins_of(self, tx: int) -> I64:
        """The numbers of the outputs that a transaction spends, in the order of its inputs."""
        columns = self.columns
        return columns.in_prev[columns.tx_first_in[tx] : columns.tx_first_in[tx + 1]]

    def block_of(self, tx: int) -> int:
        """The row of the block that holds `tx`."""
        return int(np.searchsorted(self.columns.block_first_tx, tx, side="right")) - 1

    def when(self, tx: int) -> tuple[int, int] | tuple[None, None]:
        """Height and time of the block that holds `tx`; nothing for a loose transaction."""
        block = self.block_of(tx)
        height = int(self.columns.block_height[block])
        return (None, None) if height == NO_HEIGHT else (height, int(self.columns.block_time[block]))

    def transaction(self, tx: int) -> ChainTransaction:
        """Transaction `tx` with the coins it spends."""
        height, time = self.when(tx)
        spent, made = self.coins_of(tx), self.outputs_of(tx)
        return ChainTransaction(
            self.txid(tx),
            height,
            time,
            TxFlag(int(self.columns.tx_flags[tx])),
            tuple(map(spent_coin, map(self.outpoint, spent.tolist()), self.outputs(spent))),
            self.outputs(np.arange(made.start, made.stop)),
        )


def spent_coin(name: OutPoint, coin: TxOutput) -> SpentCoin:
    """A coin that is spent; of one that nobody told of, only the name is known."""
    return SpentCoin(name, None, None) if coin.sats == UNKNOWN_SATS else SpentCoin(name, coin.sats, coin.script)

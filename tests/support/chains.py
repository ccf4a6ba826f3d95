"""Chains put together from transactions, in plain Python: what tests trace, and what the importer must agree with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.chain import Chain, Tip
from sekisho.chain.columns import (
    NO_HEIGHT,
    UNKNOWN_SATS,
    UNSPENDABLE,
    UNSPENT,
    Columns,
    TxFlag,
    frozen,
)

NO_COIN = OutPoint(Txid(bytes(32)), 0xFFFFFFFF)
FIRST_TIME = 1_700_000_000
SPACING = 600


def address_script(number: int) -> Script:
    """The script of some P2WPKH address, another one for each number."""
    return Script(b"\x00\x14" + number.to_bytes(20, "big"))


def coinbase(height: int, *outputs: tuple[int, int] | TxOutput) -> Transaction:
    """A coinbase with these outputs, each (sats, number of the address) or an output."""
    pushed = b"\x04" + height.to_bytes(4, "little")
    return Transaction(2, (TxInput(NO_COIN, 0xFFFFFFFF, pushed),), tuple(map(_output, outputs)), 0)


def pay(spends: Sequence[OutPoint], *outputs: tuple[int, int] | TxOutput, version: int = 2) -> Transaction:
    """A transaction that spends these and has these outputs, each (sats, number of the address) or an output."""
    inputs = tuple(TxInput(each, 0xFFFFFFFF, b"\x00") for each in spends)
    return Transaction(version, inputs, tuple(map(_output, outputs)), 0)


def _output(told: tuple[int, int] | TxOutput) -> TxOutput:
    return told if isinstance(told, TxOutput) else TxOutput(Sats(told[0]), address_script(told[1]))


def out(transaction: Transaction, vout: int = 0) -> OutPoint:
    """The name of one of its outputs."""
    return OutPoint(transaction.txid, vout)


@dataclass
class _Rows:
    """The columns while they grow."""

    heights: list[int] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    first_tx: list[int] = field(default_factory=lambda: [0])
    txids: list[bytes] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    first_out: list[int] = field(default_factory=lambda: [0])
    first_in: list[int] = field(default_factory=lambda: [0])
    sats: list[int] = field(default_factory=list)
    spender: list[int] = field(default_factory=list)
    script: list[int] = field(default_factory=list)
    prev: list[int] = field(default_factory=list)
    scripts: dict[Script, int] = field(default_factory=dict)
    outside: list[tuple[int, OutPoint]] = field(default_factory=list)
    coins: dict[OutPoint, int] = field(default_factory=dict)
    order: list[tuple[int, int]] = field(default_factory=list)

    def add_output(self, outpoint: OutPoint, amount: int, script: Script, *, spendable: bool = True) -> None:
        dead = not spendable or script[:1] == b"\x6a" or len(script) > 10_000
        if outpoint in self.coins:
            self.spender[self.coins[outpoint]] = UNSPENDABLE  # BIP-30: overwritten
        self.coins[outpoint] = len(self.sats)
        self.sats.append(amount)
        self.spender.append(UNSPENDABLE if dead else UNSPENT)
        self.script.append(self.scripts.setdefault(script, len(self.scripts)))

    def end_transaction(self, txid: bytes, flags: int) -> None:
        self.txids.append(txid)
        self.flags.append(flags)
        self.first_out.append(len(self.sats))
        self.first_in.append(len(self.prev))


def chain_of(
    blocks: Sequence[Sequence[Transaction]],
    *,
    loose: Sequence[Transaction] = (),
    first_height: int = 1,
    network: Network = Network.REGTEST,
    told: Mapping[OutPoint, TxOutput] | None = None,
) -> Chain:
    """A chain of these blocks, the first at `first_height`; `told` says what coins from outside hold."""
    rows = _Rows()
    for number, block in enumerate([*blocks, loose] if loose else blocks):
        is_loose = number == len(blocks)
        height = NO_HEIGHT if is_loose else first_height + number
        _add_block(rows, block, height, told or {})
        rows.heights.append(height)
        rows.hashes.append(bytes(32) if is_loose else sha256d(b"block %d" % height))
        rows.times.append(0 if is_loose else FIRST_TIME + SPACING * height)
        rows.first_tx.append(len(rows.txids))
        start = rows.first_tx[-2]
        rows.order += sorted(
            (int.from_bytes(txid[:8], "big"), start + at) for at, txid in enumerate(rows.txids[start:])
        )
    scripts = dict(rows.scripts)
    tip = Tip(first_height + len(blocks) - 1, rows.hashes[len(blocks) - 1] if blocks else bytes(32))
    return Chain(network, _columns(rows), scripts.get, tip, first_height <= 1)


def _add_block(rows: _Rows, block: Sequence[Transaction], height: int, told: Mapping[OutPoint, TxOutput]) -> None:
    made = {transaction.txid for transaction in block}
    spent = [each.outpoint for transaction in block for each in transaction.inputs if each.outpoint != NO_COIN]
    foreign = [each for each in spent if each.txid not in made and each not in rows.coins]
    if foreign:
        for each in foreign:
            rows.outside.append((len(rows.sats), each))
            known = told.get(each, TxOutput(Sats(UNKNOWN_SATS), Script(b"")))
            rows.add_output(each, known.sats, known.script)
        rows.end_transaction(bytes(32), TxFlag.OUTSIDE)
    for transaction in block:
        is_coinbase = transaction.inputs[0].outpoint == NO_COIN
        for each in () if is_coinbase else transaction.inputs:
            coin = rows.coins[each.outpoint]
            rows.spender[coin] = len(rows.txids)
            rows.prev.append(coin)
        for vout, output in enumerate(transaction.outputs):
            rows.add_output(OutPoint(transaction.txid, vout), output.sats, output.script, spendable=height != 0)
        rows.end_transaction(transaction.txid, flags_of(transaction))


def flags_of(transaction: Transaction) -> int:
    """What `tx_flags` must say of it."""
    flags = TxFlag(0)
    if transaction.inputs[0].outpoint == NO_COIN:
        flags |= TxFlag.COINBASE
    if any(each.witness for each in transaction.inputs):
        flags |= TxFlag.SEGWIT
    flags |= {1: TxFlag(0), 2: TxFlag.VERSION_2}.get(transaction.version, TxFlag.VERSION_OTHER)
    if transaction.locktime:
        flags |= TxFlag.LOCKTIME
    lowest = min(each.sequence for each in transaction.inputs)
    if lowest < 0xFFFFFFFF:
        flags |= TxFlag.NOT_FINAL
    if lowest < 0xFFFFFFFE:
        flags |= TxFlag.REPLACEABLE
    return int(flags)


def _columns(rows: _Rows) -> Columns:
    def hashes(values: list[bytes]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), 32)

    texts = list(rows.scripts)
    starts = np.cumsum([0, *map(len, texts)])
    return frozen(
        Columns(
            block_height=np.array(rows.heights, np.uint32),
            block_hash=hashes(rows.hashes),
            block_time=np.array(rows.times, np.uint32),
            block_first_tx=np.array(rows.first_tx, np.uint32),
            txid=hashes(rows.txids),
            tx_flags=np.array(rows.flags, np.uint16),
            tx_first_out=np.array(rows.first_out, np.int64),
            tx_first_in=np.array(rows.first_in, np.int64),
            out_sats=np.array(rows.sats, np.int64),
            out_spender=np.array(rows.spender, np.uint32),
            out_script=np.array(rows.script, np.uint32),
            in_prev=np.array(rows.prev, np.int64),
            script_start=starts.astype(np.int64),
            script_bytes=np.frombuffer(b"".join(texts), np.uint8),
            sorted_prefix=np.array([prefix for prefix, _ in rows.order], np.uint64),
            sorted_tx=np.array([tx for _, tx in rows.order], np.uint32),
            outside_txo=np.array([txo for txo, _ in rows.outside], np.int64),
            outside_txid=hashes([outpoint.txid for _, outpoint in rows.outside]),
            outside_vout=np.array([outpoint.vout for _, outpoint in rows.outside], np.uint32),
        )
    )

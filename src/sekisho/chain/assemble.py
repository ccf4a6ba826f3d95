"""A chain in memory, put together from transactions somebody knows: the same builder as for whole chains."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.builder import Builder, Place
from sekisho.chain.chain import Chain, Tip
from sekisho.chain.columns import NO_HEIGHT, U8, UNKNOWN_SATS, frozen
from sekisho.chain.flags import NO_COIN, flags_of
from sekisho.chain.growing import Counts, Growing, Memory
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.chain.scripts import SMALLEST, MemorySlots, ScriptTable, Texts


@dataclass(frozen=True, slots=True)
class KnownBlock:
    """What is known of a block: some or all of its transactions, in its order, parents before their children."""

    height: int | None
    """None: loose transactions, in no block. They stand last."""
    hash: bytes
    """32 bytes in hashing order; anything for loose transactions."""
    time: int
    transactions: tuple[Transaction, ...]
    told: Mapping[OutPoint, TxOutput] = field(default_factory=dict)
    """Coins it spends whose transactions may be unknown."""


def assemble(network: Network, blocks: Sequence[KnownBlock], tip: Tip, *, complete: bool = False) -> Chain:
    """A chain of these blocks in ascending height, loose transactions last.

    Coinbases are not held against fees, as transactions may be missing. Raises UnfitBlock.
    """
    scripts = new_table()
    growing = Growing(Memory(), Counts())
    builder = Builder(network, growing, scripts, complete=complete)
    for block in blocks:
        loose = block.height is None
        raw, parsed = parsed_of(block.transactions, bytes(32) if loose else block.hash, 0 if loose else block.time)
        place = Place(NO_HEIGHT if block.height is None else block.height, whole=False)
        builder.add(place, raw, parsed, told_of(block.transactions, block.told))
    columns = frozen(growing.used())
    texts = Texts(columns.script_start, columns.script_bytes)
    return Chain(network, columns, lambda script: scripts.find(texts, script), tip, complete)


def new_table() -> ScriptTable:
    """An empty table of scripts, in memory."""
    return ScriptTable(secrets.token_bytes(16), MemorySlots().table(SMALLEST))


def parsed_of(transactions: Sequence[Transaction], block_hash: bytes, time: int) -> tuple[U8, ParsedBlock]:
    """Transactions as if parsed from a block's bytes: all their output scripts, end to end, and the rows."""
    spent = [each.outpoint for transaction in transactions for each in transaction.inputs if each.outpoint != NO_COIN]
    outputs = [output for transaction in transactions for output in transaction.outputs]
    lengths = np.array([len(output.script) for output in outputs], np.int64)
    txids = [transaction.txid for transaction in transactions]
    order = sorted((int.from_bytes(txid[:8], "big"), at) for at, txid in enumerate(txids))
    parsed = ParsedBlock(
        hash=block_hash,
        previous=bytes(32),
        time=time,
        bits=0,
        txid=_hashes(txids),
        tx_flags=np.array([flags_of(each) for each in transactions], np.uint16),
        tx_first_out=_starts([len(each.outputs) for each in transactions]),
        tx_first_in=_starts([0 if _is_coinbase(each) else len(each.inputs) for each in transactions]),
        out_sats=np.array([output.sats for output in outputs], np.int64),
        out_script_at=np.cumsum(lengths) - lengths,
        out_script_length=lengths,
        in_txid=_hashes([each.txid for each in spent]),
        in_vout=np.array([each.vout for each in spent], np.int64),
        sorted_prefix=np.array([prefix for prefix, _ in order], np.uint64),
        sorted_tx=np.array([at for _, at in order], np.uint32),
    )
    return np.frombuffer(b"".join(output.script for output in outputs), np.uint8), parsed


def told_of(transactions: Sequence[Transaction], told: Mapping[OutPoint, TxOutput]) -> SpentCoins:
    """What is told of the coins these spend, in the order of their inputs."""
    unknown = TxOutput(Sats(UNKNOWN_SATS), Script(b""))
    spent = [
        told.get(each.outpoint, unknown)
        for transaction in transactions
        for each in transaction.inputs
        if each.outpoint != NO_COIN
    ]
    return SpentCoins(
        height=np.full(len(spent), -1, np.int64),
        sats=np.array([coin.sats for coin in spent], np.int64),
        script_start=_starts([len(coin.script) for coin in spent]),
        script_bytes=np.frombuffer(b"".join(coin.script for coin in spent), np.uint8),
    )


def _is_coinbase(transaction: Transaction) -> bool:
    return len(transaction.inputs) == 1 and transaction.inputs[0].outpoint == NO_COIN


def _starts(lengths: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _hashes(values: Sequence[bytes]) -> U8:
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), 32)

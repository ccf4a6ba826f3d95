"""Loose transactions: in no block yet, kept beside the chain and put behind it anew after every import."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import MalformedTransaction, Transaction, TxOutput, parse_transaction
from sekisho.chain.assemble import parsed_of, told_of
from sekisho.chain.builder import Place
from sekisho.chain.columns import NO_HEIGHT
from sekisho.chain.esplora_json import MAX_ESPLORA_BYTES, MalformedEsplora, parse_esplora_transactions
from sekisho.chain.head import DamagedStore
from sekisho.chain.store import Store
from sekisho.chain.unfit import BadSpend, BadSum
from sekisho.errors import SekishoError
from sekisho.files import read_file, replace

NAME = "loose.json"
_MAX_KEPT = 1 << 30
_HEX = re.compile(rb"\s*([0-9A-Fa-f]+)\s*", re.ASCII)


class MalformedLoose(SekishoError):
    """A file that is neither one transaction in hex nor Esplora's JSON."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} holds no loose transaction: {why}")
        self.path, self.why = path, why


@dataclass(frozen=True, slots=True)
class Loose:
    """A transaction in no block."""

    transaction: Transaction
    spent: tuple[TxOutput | None, ...] = ()
    """The coin behind each input, where somebody told; empty where nobody did."""

    @property
    def told(self) -> dict[OutPoint, TxOutput]:
        """The coins told."""
        pairs = zip(self.transaction.inputs, self.spent, strict=False)
        return {each.outpoint: coin for each, coin in pairs if coin is not None}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A loose transaction that is no longer kept."""

    txid: Txid
    why: str

    def __str__(self) -> str:
        return f"loose transaction {show_txid(self.txid)} is dropped: {self.why}"


def read_loose(path: Path) -> tuple[Loose, ...]:
    """The transactions of a file: one in hex, or one or a list in Esplora's JSON.

    Raises MalformedLoose, UnreadableFile.
    """
    raw = read_file(path, MAX_ESPLORA_BYTES)
    try:
        if (match := _HEX.fullmatch(raw)) is not None:
            if len(match[1]) % 2:
                raise MalformedLoose(path, "it has an odd number of hex digits")
            return (Loose(parse_transaction(bytes.fromhex(match[1].decode()))),)
        return tuple(Loose(each.transaction, each.spent) for each in parse_esplora_transactions(raw))
    except (MalformedTransaction, MalformedEsplora) as why:
        raise MalformedLoose(path, str(why)) from why


def put_loose(store: Store, new: Sequence[Loose]) -> tuple[Dropped, ...]:
    """Put the loose transactions kept so far, and new ones, behind the newest block; they are not committed yet.

    Those that a block holds by now are dropped, and so are those kept ones that no longer fit. Raises BadSpend or
    BadSum for a new one that does not fit.
    """
    pool = {each.transaction.txid: each for each in (*_kept(store), *new)}
    fresh = {each.transaction.txid for each in new}
    dropped: list[Dropped] = []
    for txid in [txid for txid in pool if store.builder.holds(txid)]:
        del pool[txid]
        dropped.append(Dropped(txid, "a block holds it"))
    while pool:
        ordered = _parents_first(pool)
        told = {outpoint: coin for each in pool.values() for outpoint, coin in each.told.items()}
        raw, parsed = parsed_of(ordered, bytes(32), 0)
        try:
            store.add(Place(NO_HEIGHT), raw, parsed, told_of(ordered, told))
            break
        except (BadSpend, BadSum) as why:
            bad = ordered[why.transaction].txid
            if bad in fresh:
                raise
            del pool[bad]
            dropped.append(Dropped(bad, why.why))
    _keep(store, pool.values())
    return tuple(dropped)


def has_loose(store: Store) -> bool:
    """Whether any are kept."""
    return bool(_kept(store))


def _parents_first(pool: Mapping[Txid, Loose]) -> tuple[Transaction, ...]:
    """In the order given, but for parents that came after their children."""
    ordered: dict[Txid, Transaction] = {}
    for start in pool:
        stack = [start]
        while stack:
            transaction = pool[stack[-1]].transaction
            missing = [
                each.outpoint.txid
                for each in transaction.inputs
                if each.outpoint.txid in pool and each.outpoint.txid not in ordered
            ]
            if missing:
                stack.append(missing[0])
            else:
                ordered[stack.pop()] = transaction
    return tuple(ordered.values())


def _keep(store: Store, loose: Iterable[Loose]) -> None:
    document = [
        {
            "transaction": each.transaction.serialize().hex(),
            "spent": [coin and {"sats": str(coin.sats), "script": coin.script.hex()} for coin in each.spent],
        }
        for each in loose
    ]
    replace(store.path / NAME, json.dumps(document).encode())


def _kept(store: Store) -> tuple[Loose, ...]:
    path = store.path / NAME
    if not path.exists():
        return ()
    try:
        return tuple(map(_loose, _rows(json.loads(read_file(path, _MAX_KEPT)))))
    except (ValueError, KeyError, TypeError, RecursionError, MalformedTransaction) as why:
        raise DamagedStore(store.path, f"{NAME} is not what was written") from why


def _loose(told: object) -> Loose:
    if not _is_object(told):
        raise TypeError
    return Loose(parse_transaction(bytes.fromhex(str(told["transaction"]))), tuple(map(_coin, _rows(told["spent"]))))


def _coin(told: object) -> TxOutput | None:
    if told is None:
        return None
    if not _is_object(told):
        raise TypeError
    return TxOutput(Sats(int(str(told["sats"]))), Script(bytes.fromhex(str(told["script"]))))


def _rows(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)

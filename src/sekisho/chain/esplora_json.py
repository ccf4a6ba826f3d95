"""Transactions as the Esplora and mempool APIs tell them: JSON, held against the txid it claims.

The txid covers inputs, outputs, version and locktime, so those cannot be altered. It covers neither the coins that are
spent (`prevout`) nor the block (`status`): those are the server's word.
"""

import json
import re
from dataclasses import dataclass
from typing import TypeGuard

from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.sats import MAX_MONEY, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.chain import ChainTransaction, SpentCoin
from sekisho.chain.flags import NO_COIN, flags_of
from sekisho.errors import SekishoError

MAX_ESPLORA_BYTES = 64_000_000
"""The largest transaction a block can hold takes about half of this, with scripts in hex and once more in words."""

_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)
_U32 = 0xFFFFFFFF


class MalformedEsplora(SekishoError):
    """Bytes that are not a transaction as an Esplora server tells it, or not the one they claim to be."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a transaction in Esplora's JSON: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class EsploraBlock:
    """The block that holds a transaction, in the server's word."""

    height: int
    hash: bytes
    """32 bytes in hashing order."""
    time: int
    """Seconds since 1970, of the header."""


@dataclass(frozen=True, slots=True)
class EsploraTransaction:
    """A transaction whose txid was recomputed, and what the server says of it beside."""

    transaction: Transaction
    spent: tuple[TxOutput | None, ...]
    """The coin behind each input; None where the server does not tell it. Empty for a coinbase."""
    block: EsploraBlock | None
    """None: in no block."""

    @property
    def seen(self) -> ChainTransaction:
        """It as one of a chain."""
        inputs = () if self.is_coinbase else self.transaction.inputs
        return ChainTransaction(
            self.transaction.txid,
            self.block.height if self.block else None,
            self.block.time if self.block else None,
            flags_of(self.transaction),
            tuple(_coin(each.outpoint, spent) for each, spent in zip(inputs, self.spent, strict=True)),
            self.transaction.outputs,
        )

    @property
    def is_coinbase(self) -> bool:
        """Whether it spends no coin."""
        return self.transaction.inputs[0].outpoint == NO_COIN


def parse_esplora_transaction(raw: bytes) -> EsploraTransaction:
    """Read one transaction: `GET /tx/:txid`. Members that are not needed are passed over.

    Raises MalformedEsplora, and nothing else, whatever the bytes.
    """
    return _transaction(_document(raw))


def parse_esplora_transactions(raw: bytes) -> tuple[EsploraTransaction, ...]:
    """Read one transaction or a list of them: `GET /address/:address/txs`. Raises MalformedEsplora."""
    document = _document(raw)
    return tuple(map(_transaction, document)) if _is_list(document) else (_transaction(document),)


def _document(raw: bytes) -> object:
    if len(raw) > MAX_ESPLORA_BYTES:
        raise MalformedEsplora(f"{len(raw)} bytes, more than {MAX_ESPLORA_BYTES}")
    try:
        document: object = json.loads(raw.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as why:
        raise MalformedEsplora(str(why).splitlines()[0]) from why
    return document


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key appears twice")
    return members


def _transaction(document: object) -> EsploraTransaction:
    told = _Members(document, "it")
    vin = [_Members(each, f"input {number}") for number, each in enumerate(told.rows("vin"))]
    outputs = tuple(_output(_Members(each, f"output {at}")) for at, each in enumerate(told.rows("vout")))
    version = told.whole("version", -(2**31), _U32)
    transaction = Transaction(
        version - 2**32 if version >= 2**31 else version,
        tuple(map(_input, vin)),
        outputs,
        told.whole("locktime", 0, _U32),
    )
    if transaction.txid != told.hash("txid"):
        raise MalformedEsplora(f"it hashes to {show_txid(transaction.txid)}, and claims another txid")
    coins = [each.outpoint for each in transaction.inputs]
    if len(set(coins)) < len(coins) or (NO_COIN in coins and len(coins) > 1):
        raise MalformedEsplora("it spends a coin twice, or no coin beside others")
    spent = () if coins == [NO_COIN] else tuple(map(_spent, vin))
    _check_fee(told, spent, outputs)
    return EsploraTransaction(transaction, spent, _block(told))


def _input(told: "_Members") -> TxInput:
    outpoint = OutPoint(told.hash("txid"), told.whole("vout", 0, _U32))
    witness = tuple(told.hex_of(item, "witness") for item in told.rows("witness", needed=False))
    return TxInput(outpoint, told.whole("sequence", 0, _U32), told.hex("scriptsig"), witness)


def _output(told: "_Members") -> TxOutput:
    return TxOutput(Sats(told.whole("value", 0, MAX_MONEY)), Script(told.hex("scriptpubkey")))


def _spent(told: "_Members") -> TxOutput | None:
    prevout = told.get("prevout")
    return None if prevout is None else _output(_Members(prevout, f"{told.what}'s prevout"))


def _check_fee(told: "_Members", spent: tuple[TxOutput | None, ...], outputs: tuple[TxOutput, ...]) -> None:
    known = [coin.sats for coin in spent if coin is not None]
    if not known or len(known) < len(spent):
        return
    fee = sum(known) - sum(output.sats for output in outputs)
    if fee < 0:
        raise MalformedEsplora(f"its outputs hold {-fee} sats more than the coins it is said to spend")
    if told.get("fee") is not None and told.whole("fee", 0, MAX_MONEY) != fee:
        raise MalformedEsplora(f"its fee is {fee} sats, and it says otherwise")


def _block(told: "_Members") -> EsploraBlock | None:
    if told.get("status") is None:
        return None
    status = _Members(told.get("status"), "its status")
    if status.get("confirmed") is not True or status.get("block_height") is None:
        return None
    height = status.whole("block_height", 0, _U32 - 1)
    return EsploraBlock(height, status.hash("block_hash"), status.whole("block_time", 0, _U32))


def _coin(outpoint: OutPoint, spent: TxOutput | None) -> SpentCoin:
    return SpentCoin(outpoint, None, None) if spent is None else SpentCoin(outpoint, spent.sats, spent.script)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


class _Members:
    """A JSON object, asked for members of one kind; anything else is MalformedEsplora."""

    def __init__(self, value: object, what: str) -> None:
        if not _is_object(value):
            raise MalformedEsplora(f"{what} is no object")
        self._members, self.what = value, what

    def get(self, name: str) -> object:
        return self._members.get(name)

    def rows(self, name: str, *, needed: bool = True) -> list[object]:
        value = self._members.get(name)
        if value is None and not needed:
            return []
        if not _is_list(value) or (needed and not value):
            raise MalformedEsplora(f"{self.what} has no list {name!r} with something in it")
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        value = self._members.get(name)
        if type(value) is not int or not least <= value <= most:
            raise MalformedEsplora(f"{self.what} has no whole number {name!r} between {least} and {most}")
        return value

    def hex(self, name: str) -> bytes:
        return self.hex_of(self._members.get(name), name)

    def hex_of(self, value: object, name: str) -> bytes:
        if not isinstance(value, str) or _HEX.fullmatch(value) is None:
            raise MalformedEsplora(f"{self.what} has no {name!r} in lower-case hex")
        return bytes.fromhex(value)

    def hash(self, name: str) -> Txid:
        value = self.hex(name)
        if len(value) != 32:
            raise MalformedEsplora(f"{self.what} has no {name!r} of 32 bytes")
        return Txid(value[::-1])

"""COINS.json: which coins there are, in somebody's word. Taken as true by `check --tx` and by the operator's import."""

import json

from sekisho.bitcoin.outpoint import MalformedOutPoint, parse_outpoint
from sekisho.bitcoin.sats import AmountOutOfRange, MalformedAmount, parse_sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, Transaction
from sekisho.errors import SekishoError

MAX_COINS_BYTES = 20_000_000
"""Some hundred thousand coins."""

_MEMBERS = {"outpoint", "sats", "script"}


class MalformedCoins(SekishoError):
    """Bytes that are not a list of coins."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a list of coins: {why}")
        self.why = why


def parse_coins(raw: bytes) -> tuple[Coin, ...]:
    """Read `[{"outpoint": "txid:vout", "sats": "…", "script": "hex"}]`, each coin once.

    Raises MalformedCoins, and nothing else, whatever the bytes.
    """
    if len(raw) > MAX_COINS_BYTES:
        raise MalformedCoins(f"{len(raw)} bytes, more than {MAX_COINS_BYTES}")
    try:
        rows = json.loads(raw.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as why:
        raise MalformedCoins(str(why).splitlines()[0]) from why
    if not isinstance(rows, list):
        raise MalformedCoins("it must be a list")
    coins = tuple(_coin(row) for row in rows)
    if len({coin.outpoint for coin in coins}) < len(coins):
        raise MalformedCoins("a coin stands in it twice")
    return coins


def coins_of(transaction: Transaction, coins: tuple[Coin, ...]) -> tuple[Coin | None, ...]:
    """The coin behind each input; None for one that is not in the list."""
    known = {coin.outpoint: coin for coin in coins}
    return tuple(known.get(each.outpoint) for each in transaction.inputs)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key appears twice")
    return members


def _coin(row: object) -> Coin:
    texts = {name: value for name, value in row.items() if isinstance(value, str)} if isinstance(row, dict) else {}
    if texts.keys() != _MEMBERS or not isinstance(row, dict) or row.keys() != _MEMBERS:
        raise MalformedCoins("a coin is an outpoint, sats and a script, all as text")
    try:
        script = Script(bytes.fromhex(texts["script"]))
        return Coin(parse_outpoint(texts["outpoint"]), parse_sats(texts["sats"]), script)
    except (MalformedOutPoint, MalformedAmount, AmountOutOfRange) as why:
        raise MalformedCoins(str(why)) from why
    except ValueError as why:
        raise MalformedCoins("a script that is not hex") from why

"""The parsers of what servers answer and of loose transactions, for the fuzzer: each with a valid input."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from prove.chain_fuzz import BLOCK, COINS, WITNESS
from prove.trace_fuzz import esplora
from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.bitcoin.wire import compact_size
from sekisho.chain.loose import read_loose
from sekisho.chain.remote.core import listed
from sekisho.chain.remote.http import ServerFails, parse_place
from sekisho.chain.remote.raw import spent_of, transactions_of
from sekisho.chain.remote.told import Told, told

ANSWER = {
    "text": "a",
    "flag": True,
    "whole": 7,
    "none": None,
    "hex": "00ff",
    "hash": "ab" * 32,
    "rows": [1, "2", [3]],
    "bitcoins": [0.00000001, 20_999_999.9769, 1, 1e-8],
}

ASKED: tuple[Callable[[Told], object], ...] = (
    Told.text,
    Told.flag,
    lambda value: value.whole(-(2**31), 2**32 - 1),
    Told.hex,
    Told.hash,
    Told.bitcoins,
    Told.rows,
    lambda value: value.absent,
)


def fails(why: str) -> ServerFails:
    """An error of ours, as of some server."""
    return ServerFails("a server", why)


def read_told(raw: bytes) -> object:
    """An answer, each of whose members is asked for as everything."""
    answer = told(raw, "an answer", fails)
    members = [answer.member(name) for name in ANSWER]
    with suppress(ServerFails):
        members += [*answer.member("rows").rows(), *answer.member("bitcoins").rows()]
    for each in members:
        for ask in ASKED:
            with suppress(ServerFails):
                ask(each)
    return answer


def told_block() -> bytes:
    """The block as `getblock` tells it."""
    transactions = transactions_of(BLOCK, fails)
    answer = {
        "height": 5,
        "version": int.from_bytes(BLOCK[:4], "little"),
        "merkleroot": show_txid(Txid(BLOCK[36:68])),
        "time": int.from_bytes(BLOCK[68:72], "little"),
        "bits": BLOCK[72:76][::-1].hex(),
        "nonce": int.from_bytes(BLOCK[76:80], "little"),
        "previousblockhash": show_txid(Txid(BLOCK[4:36])),
        "tx": [show_txid(each.txid) for each in transactions],
    }
    return json.dumps(answer).encode()


def spent_coins() -> bytes:
    """The coins of the block, as Bitcoin Core's REST interface serves them."""
    each = [coin.sats.to_bytes(8, "little") + compact_size(len(coin.script)) + coin.script for coin in COINS]
    return b"\x03\x00\x01" + each[0] + b"\x02" + each[1] + each[2]


def read_file(raw: bytes) -> object:
    """A file of loose transactions."""
    with TemporaryDirectory(prefix="sekisho-fuzz-") as name:
        path = Path(name) / "tx"
        path.write_bytes(raw)
        return read_loose(path)


def remote_targets() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Every one of them with a valid input."""
    transactions, name = transactions_of(BLOCK, fails), sha256d(BLOCK[:80])
    return {
        "answer in JSON": (json.dumps(ANSWER).encode(), read_told),
        "getblock's JSON": (told_block(), lambda raw: listed(told(raw, "it", fails), name, Network.REGTEST)),
        "transactions": (BLOCK, lambda raw: transactions_of(raw, fails)),
        "coins of a block": (spent_coins(), lambda raw: spent_of(raw, transactions, fails)),
        "URL": (b"https://me:pass%20word@node.example:8332/wallet", lambda raw: parse_place(raw.decode("latin-1"))),
        "loose in hex": (WITNESS.serialize().hex().encode(), read_file),
        "loose in JSON": (esplora(), read_file),
    }

"""A server that lies about bytes, places or amounts is noticed; whatever it answers, there is one error of ours."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.bitcoin.outpoint import show_txid
from sekisho.chain.remote.grow import Start, Wanted
from sekisho.chain.remote.http import ServerFails
from sekisho.errors import SekishoError
from support.core_server import CoreStandIn
from support.esplora_server import EsploraStandIn
from support.published_chain import PublishedChain
from support.remotes import WAYS, Reach, grown_at, peeled, reach
from support.serving import hex_of

CHAIN = PublishedChain(peeled(4))
TRUTH = CHAIN.whole()
FIRST = CHAIN.blocks[1].transactions[0]
START = Start((FIRST.txid,), ())
PEELS = [block.transactions[1] for block in CHAIN.blocks[2:]]
NAMES = [show_txid(each.txid) for each in PEELS]


def json_lie(of: str, change: Callable[[dict[str, object]], object]) -> Callable[[str, bytes], bytes]:
    """Puts something else in the JSON object answered to one question."""

    def lie(asked: str, body: bytes) -> bytes:
        return json.dumps(change(json.loads(body))).encode() if asked == of else body

    return lie


def deep(value: object, *path: str | int, to: object) -> object:
    """The same document with another value at one place."""
    if not path:
        return to
    copy = value.copy() if isinstance(value, dict | list) else value
    copy[path[0]] = deep(copy[path[0]], *path[1:], to=to)  # type: ignore[index, call-overload]
    return copy


OTHER = json.loads(EsploraStandIn(CHAIN)("GET", f"/tx/{NAMES[2]}", b"", "").body)
ESPLORA_LIES: dict[str, tuple[str, Callable[[dict[str, object]], object], str]] = {
    "another transaction than the one asked for": (f"/tx/{NAMES[1]}", lambda _told: OTHER, "asked for"),
    "an output with another amount": (
        f"/tx/{NAMES[1]}",
        lambda told: deep(told, "vout", 0, "value", to=99),
        "claims another txid",
    ),
    "an input that spends more than was made": (
        f"/tx/{NAMES[1]}",
        lambda told: deep(told, "vin", 0, "prevout", "value", to=999_999),
        "does not spend what",
    ),
    "a block that does not hold the transaction": (
        f"/tx/{NAMES[1]}",
        lambda told: deep(told, "status", "block_hash", to=hex_of(CHAIN.blocks[2].hash)),
        "is not in the block it names",
    ),
    "another height": (
        f"/tx/{NAMES[1]}",
        lambda told: deep(told, "status", "block_height", to=2),
        "contradicts itself",
    ),
    "a block whose time is another": (
        f"/block/{hex_of(CHAIN.blocks[3].hash)}",
        lambda told: deep(told, "timestamp", to=1_700_000_000),
        "does not hash to the block",
    ),
    "a place beyond the block": (
        f"/tx/{NAMES[1]}/merkle-proof",
        lambda told: deep(told, "pos", to=3),
        "contradicts itself",
    ),
    "another place in the block": (
        f"/tx/{NAMES[1]}/merkle-proof",
        lambda told: deep(told, "pos", to=0),
        "is not in the block it names",
    ),
    "a spender that does not spend": (
        f"/tx/{NAMES[0]}/outspends",
        lambda told: deep(told, 0, to=deep(told[1], "txid", to=NAMES[2])),  # type: ignore[index]
        "does not spend",
    ),
    "outputs that are missing": (f"/tx/{NAMES[0]}/outspends", lambda _told: [], "only 0 outputs"),
    "a transaction that is in no block": (
        f"/tx/{NAMES[1]}",
        lambda told: deep(told, "status", to={"confirmed": False}),
        "is in no block yet",
    ),
}


@pytest.mark.parametrize("lie", ESPLORA_LIES)
def test_what_an_esplora_server_makes_up_is_noticed(lie: str) -> None:
    of, change, complaint = ESPLORA_LIES[lie]
    stand_in = EsploraStandIn(CHAIN, json_lie(of, change))
    with pytest.raises(ServerFails, match=complaint):
        grown_at(stand_in, "esplora", START)
    assert of in stand_in.asked


def result(*path: str | int, to: object) -> Callable[[dict[str, object]], object]:
    """Another value in the result of a call."""
    return lambda told: deep(told, "result", *path, to=to)


def spoilt_coin(told: dict[str, object], value: object = 20.5) -> object:
    """Another amount in the first coin, where there is one."""
    answer = told["result"]
    assert isinstance(answer, dict)
    return deep(told, "result", "vin", 0, "prevout", "value", to=value) if "prevout" in answer["vin"][0] else told


CORE_LIES: dict[str, tuple[str, Callable[[dict[str, object]], object], str]] = {
    "another transaction than the one asked for": (
        "getrawtransaction",
        result("hex", to=CHAIN.blocks[3].transactions[0].serialize().hex()),
        "is .*, not",
    ),
    "a coin with another amount": ("getrawtransaction", spoilt_coin, "does not spend what"),
    "a block whose header is another": ("getblock", result("time", to=1_700_000_000), "does not hash to the block"),
    "a target of five bytes": ("getblock", result("bits", to="ff207fffff"), "is not a target of four bytes"),
    "other transactions in a block": ("getblock", result("tx", to=NAMES[:2]), "other transactions than its header"),
    "an answer about another coin": ("gettxspendingprevout", result(0, "vout", to=7), "is not about"),
    "fewer answers than coins": ("gettxspendingprevout", result(to=[]), "tells of 0"),
    "a transaction that is in no block": ("getrawtransaction", result("blockhash", to=None), "is in no block yet"),
    "amounts that are no satoshis": (
        "getrawtransaction",
        lambda told: spoilt_coin(told, 0.000000001),
        "no whole number of satoshis",
    ),
}


def test_another_transaction_than_the_block_holds_is_noticed_in_a_scan() -> None:
    """The block itself is honest; what is told of the coins its transaction spends is not of that transaction."""
    honest, other = PEELS[1].serialize().hex().encode(), CHAIN.blocks[3].transactions[0].serialize().hex().encode()

    def lie(asked: str, body: bytes) -> bytes:
        return body.replace(honest, other) if asked == "getrawtransaction" else body

    stand_in = CoreStandIn(CHAIN, spender_index=False, spoil=lie)
    with pytest.raises(ServerFails, match=r"is .*, not"):
        grown_at(stand_in, "rpc that reads every block", START)


@pytest.mark.parametrize("lie", CORE_LIES)
def test_what_a_node_makes_up_is_noticed(lie: str) -> None:
    of, change, complaint = CORE_LIES[lie]
    stand_in = CoreStandIn(CHAIN, spoil=json_lie(of, change))
    with pytest.raises(ServerFails, match=complaint):
        grown_at(stand_in, "rpc with an index of spenders", START)
    assert of in stand_in.asked


REST_LIES: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "a block cut short": ("block", lambda raw: raw[:-1], "early"),
    "a block with more behind it": ("block", lambda raw: raw + b"\x00", "1 bytes too many"),
    "another header": ("block", lambda raw: b"\x01" + raw[1:], "does not hash to that"),
    "another transaction": ("block", lambda raw: raw[:-1] + b"\x01", "merkle root is not that"),
    "fewer coins than inputs": ("spenttxouts", lambda _raw: b"\x01\x00", "not as many as its inputs"),
    "coins cut short": ("spenttxouts", lambda raw: raw[:-1], "early|more than its bytes"),
}


@pytest.mark.parametrize("lie", REST_LIES)
def test_what_rest_makes_up_is_noticed(lie: str) -> None:
    kind, change, complaint = REST_LIES[lie]
    stand_in = CoreStandIn(
        CHAIN, spoil=lambda path, body: change(body) if f"/{kind}/" in path and path.endswith("bin") else body
    )
    with pytest.raises(ServerFails, match=complaint):
        grown_at(stand_in, "rest", START)


@pytest.mark.parametrize("way", ["esplora", "rpc with an index of spenders", "rest"])
def test_whole_blocks_are_held_to_their_headers(way: str) -> None:
    """One transaction of a block is told as another."""
    honest, other = PEELS[0].serialize().hex(), PEELS[1].serialize().hex()

    def lie(asked: str, body: bytes) -> bytes:
        if asked.endswith("/txs/0"):
            return json.dumps([*json.loads(body)[:-1], OTHER]).encode()
        return (
            body.replace(honest.encode(), other.encode())
            if asked == "getblock"
            else body.replace(bytes.fromhex(honest), bytes.fromhex(other))
        )

    start = Start((PEELS[0].txid,), ())
    stand_in = WAYS[way](CHAIN)
    stand_in.spoil = lie
    with pytest.raises(ServerFails, match=r"header names|is not in the block|merkle root"):
        grown_at(stand_in, way, start, lambda _chain: Wanted(frozenset(), frozenset(), whole_blocks=True))


def test_spends_that_are_kept_secret_cannot_be_noticed() -> None:
    """What a server is trusted for, as the manual says."""

    def lie(asked: str, body: bytes) -> bytes:
        return body.replace(b'"spent": true', b'"spent": false') if NAMES[1] in asked else body

    found = reach(grown_at(EsploraStandIn(CHAIN, lie), "esplora", START), START)
    assert len(found.met) == 3
    assert len(reach(TRUTH, START).met) == 5


HOSTILE = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"<html>busy</html>",
    b"\xff\xfe",
    b"[" * 99_999,
    b'{"a":1e999999999}',
    b"9" * 9999,
)


@dataclass
class Nth:
    """Changes the n-th answer."""

    number: int
    change: Callable[[bytes], bytes]
    answered: int = 0

    def __call__(self, _asked: str, body: bytes) -> bytes:
        self.answered += 1
        return self.change(body) if self.answered == self.number else body


def outcome(way: str, lie: Nth) -> Reach | str:
    """What is reached with this lie, or what our error says."""
    stand_in = WAYS[way](CHAIN)
    stand_in.spoil = lie
    try:
        return reach(grown_at(stand_in, way, START), START)
    except SekishoError as why:
        return str(why)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=40)
@given(number=st.integers(1, 30), junk=st.one_of(st.sampled_from(HOSTILE), st.binary(max_size=80)))
def test_whatever_the_nth_answer_is_there_is_the_truth_or_our_error(way: str, number: int, junk: bytes) -> None:
    found = outcome(way, Nth(number, lambda _body: junk))
    assert found == reach(TRUTH, START) or (isinstance(found, str) and "\n" not in found)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=40)
@given(number=st.integers(1, 30), at=st.integers(0, 5000), byte=st.integers(1, 255))
def test_one_wrong_byte_in_the_nth_answer_gives_no_other_error(way: str, number: int, at: int, byte: int) -> None:
    def change(body: bytes) -> bytes:
        place = at % max(1, len(body))
        return body[:place] + bytes(each ^ byte for each in body[place : place + 1]) + body[place + 1 :]

    found = outcome(way, Nth(number, change))
    assert isinstance(found, Reach) or "\n" not in found

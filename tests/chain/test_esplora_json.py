"""Esplora's JSON: real transactions are read, altered ones are noticed, and any bytes give a value or our error."""

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.outpoint import show_txid
from sekisho.chain.columns import TxFlag
from sekisho.chain.esplora_json import MalformedEsplora, parse_esplora_transaction, parse_esplora_transactions
from sekisho.chain.flags import NO_COIN
from support.chains import coinbase, out, pay
from support.shared import shared

NAMES = (
    "bare-multisig",
    "batch-withdrawal-143",
    "dust-attack-555",
    "joinmarket-coinjoin",
    "simple-legacy-p2pkh",
    "taproot-script-path",
    "wabisabi-coinjoin",
    "whirlpool-coinjoin",
)

FUNDING = coinbase(1, (5_000, 1), (7_000, 2))
SPEND = pay([out(FUNDING), out(FUNDING, 1)], (10_000, 3), (1_500, 4))


def told() -> dict[str, object]:
    """A small transaction as a server tells it."""
    return {
        "txid": show_txid(SPEND.txid),
        "version": 2,
        "locktime": 0,
        "vin": [
            {
                "txid": show_txid(FUNDING.txid),
                "vout": at,
                "sequence": 0xFFFFFFFF,
                "scriptsig": "00",
                "is_coinbase": False,
                "prevout": {"scriptpubkey": each.script.hex(), "value": each.sats},
            }
            for at, each in enumerate(FUNDING.outputs)
        ],
        "vout": [{"scriptpubkey": each.script.hex(), "value": each.sats} for each in SPEND.outputs],
        "fee": 500,
        "status": {"confirmed": True, "block_height": 7, "block_hash": "11" * 32, "block_time": 1_700_000_000},
    }


def parse(document: object) -> object:
    return parse_esplora_transaction(json.dumps(document).encode())


def edited(edit: Callable[[dict[str, object]], object]) -> dict[str, object]:
    """The small transaction after an edit."""
    document: dict[str, object] = json.loads(json.dumps(told()))
    edit(document)
    return document


@pytest.mark.parametrize("name", NAMES)
def test_real_transactions_are_read_with_the_fee_their_server_says(name: str) -> None:
    raw = shared(f"data/coinjoin/esplora/{name}.json").read_bytes()
    document = json.loads(raw)
    read = parse_esplora_transaction(raw)
    assert show_txid(read.transaction.txid) == document["txid"]
    assert read.seen.fee == document["fee"]
    assert read.seen.height == document["status"]["block_height"]
    assert read.transaction.weight == document["weight"]


def test_what_was_told_is_what_is_seen() -> None:
    read = parse_esplora_transaction(json.dumps(told()).encode())
    assert read.transaction == SPEND
    assert read.seen.txid == SPEND.txid
    assert (read.seen.height, read.seen.time, read.seen.fee) == (7, 1_700_000_000, 500)
    assert read.seen.flags == TxFlag.VERSION_2
    assert tuple((coin.sats, coin.script) for coin in read.seen.inputs) == tuple(
        (each.sats, each.script) for each in FUNDING.outputs
    )


def test_a_transaction_in_no_block_has_no_height() -> None:
    read = parse_esplora_transaction(json.dumps(edited(lambda d: d.update(status={"confirmed": False}))).encode())
    assert read.seen.height is None
    assert read.block is None


def test_a_coin_the_server_does_not_tell_is_unknown() -> None:
    def forget(document: dict[str, object]) -> None:
        document["vin"][1]["prevout"] = None

    read = parse_esplora_transaction(json.dumps(edited(forget)).encode())
    assert (read.seen.inputs[1].sats, read.seen.inputs[1].script) == (None, None)
    assert read.seen.fee is None


def test_a_coinbase_spends_no_coin() -> None:
    document = {
        "txid": show_txid(FUNDING.txid),
        "version": 2,
        "locktime": 0,
        "vin": [
            {
                "txid": "00" * 32,
                "vout": NO_COIN.vout,
                "sequence": 0xFFFFFFFF,
                "scriptsig": FUNDING.inputs[0].script_sig.hex(),
                "prevout": None,
                "is_coinbase": True,
            }
        ],
        "vout": [{"scriptpubkey": each.script.hex(), "value": each.sats} for each in FUNDING.outputs],
        "fee": 0,
    }
    read = parse_esplora_transaction(json.dumps(document).encode())
    assert read.is_coinbase
    assert read.seen.inputs == ()
    assert TxFlag.COINBASE in read.seen.flags


def test_a_list_of_transactions_is_read_too() -> None:
    raw = json.dumps([told(), told()]).encode()
    assert [each.transaction for each in parse_esplora_transactions(raw)] == [SPEND, SPEND]
    assert len(parse_esplora_transactions(json.dumps(told()).encode())) == 1


ALTERED: dict[str, Callable[[dict[str, object]], object]] = {
    "another amount": lambda d: d["vout"][0].update(value=9_999),
    "another payee": lambda d: d["vout"][0].update(scriptpubkey="0014" + "00" * 20),
    "another txid": lambda d: d.update(txid="22" * 32),
    "another locktime": lambda d: d.update(locktime=1),
    "a fee that is not the difference": lambda d: d.update(fee=501),
    "coins worth less than the outputs": lambda d: d["vin"][0]["prevout"].update(value=1),
    "an amount beyond all money": lambda d: d["vin"][0]["prevout"].update(value=2**62),
    "an amount with a fraction": lambda d: d["vout"][0].update(value=10_000.0),
    "an amount that is a truth": lambda d: d["vout"][0].update(value=True),
    "no inputs": lambda d: d.update(vin=[]),
    "no outputs": lambda d: d.pop("vout"),
    "upper-case hex": lambda d: d["vout"][0].update(scriptpubkey="AB"),
    "hex with a gap": lambda d: d["vout"][0].update(scriptpubkey="00 14"),
    "an input twice": lambda d: d.update(vin=[d["vin"][0], d["vin"][0]]),
    "a confirmed block without a hash": lambda d: d["status"].pop("block_hash"),
}


@pytest.mark.parametrize("name", ALTERED)
def test_what_was_altered_is_refused(name: str) -> None:
    with pytest.raises(MalformedEsplora):
        parse(edited(ALTERED[name]))


@pytest.mark.parametrize("raw", [b"", b"null", b"[]x", b"{}", b"[" * 100_000, b'{"a":1,"a":2}', b"9" * 5_000, b"\xff"])
def test_bytes_that_are_no_transaction_are_our_error(raw: bytes) -> None:
    with pytest.raises(MalformedEsplora):
        parse_esplora_transaction(raw)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(told())), st.sampled_from(["", "vin", "vout", "status"]), _JSON)
def test_any_member_of_any_kind_gives_a_value_or_our_error(name: str, where: str, value: object) -> None:
    document = told()
    inner = document.get(where)
    if isinstance(inner, list):
        inner[0] = value
    elif isinstance(inner, dict):
        inner[min(inner)] = value
    else:
        document[name] = value
    with contextlib.suppress(MalformedEsplora):
        parse(document)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_value_or_our_error(raw: bytes) -> None:
    with contextlib.suppress(MalformedEsplora):
        parse_esplora_transactions(raw)

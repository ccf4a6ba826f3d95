"""Memos of deposits to THORChain, read from a script's bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.script import Script
from sekisho.tracing.patterns.finding import Confidence, pushed_data
from sekisho.tracing.patterns.thorchain import Memo, find, parse_memo
from support.shapes import data, shaped

ETH = "0x" + "12ab" * 10
THOR = "thor1" + "q" * 38

MEMOS = {
    f"=:ETH.ETH:{ETH}": Memo("swap", "ETH.ETH", ETH),
    f"=:e:{ETH}:161e6:t:10": Memo("swap", "ETH.ETH", ETH),
    f"s:AVAX.USDC-48A6E:{ETH}:0/3/0": Memo("swap", "AVAX.USDC-48A6E", ETH),
    f"=:r:{THOR}/bc1qrefund": Memo("swap", "THOR.RUNE", THOR),
    "=:ETH.USDT:dx:100e7": Memo("swap", "ETH.USDT", "dx"),
    f"=<:BSC.BNB:{ETH}:5": Memo("swap", "BSC.BNB", ETH),
    "+:BTC.BTC": Memo("add", "BTC.BTC", ""),
    f"ADD:BTC/BTC:{THOR}": Memo("add", "BTC/BTC", THOR),
    f"$+:e:{ETH}": Memo("loan", "ETH.ETH", ETH),
}


@pytest.mark.parametrize("text", [text for text in MEMOS if len(text) <= 75])
def test_memos_as_the_bridge_documents_them_are_read(text: str) -> None:
    assert parse_memo(data(text.encode())) == MEMOS[text]


def test_a_memo_behind_a_longer_push_is_read() -> None:
    text = f"=:ETH.ETH:{ETH}:1000000000000:someaffiliate:75".encode()
    assert len(text) > 75
    assert parse_memo(Script(b"\x6a\x4c" + bytes([len(text)]) + text)) == Memo("swap", "ETH.ETH", ETH)


def test_a_short_push_is_read_from_its_bytes() -> None:
    """Texts made of scripts print pushes of up to four bytes as numbers (thornode, issue 1102)."""
    assert pushed_data(data(b"tttt")) == b"tttt"


@pytest.mark.parametrize(
    "text",
    [
        "OUT:" + "AB" * 32,
        "REFUND:" + "AB" * 32,
        "=:ETH.ETH",
        "=:ETH.ETH:",
        "=:nothing:" + ETH,
        "hello: world",
        "=",
        "",
        f"x:ETH.ETH:{ETH}",
        "=:ETH.ETH:not an address",
    ],
)
def test_other_texts_are_no_deposits(text: str) -> None:
    assert parse_memo(data(text.encode())) is None


def test_a_script_that_is_not_one_whole_push_is_none() -> None:
    whole = data(f"=:e:{ETH}".encode())
    assert parse_memo(whole) is not None
    assert parse_memo(Script(whole[:-1])) is None
    assert parse_memo(Script(whole + b"\x00")) is None
    assert parse_memo(Script(b"\x00" + whole[1:])) is None


def test_a_deposit_names_what_was_paid_in_and_where_it_goes() -> None:
    memo = data(f"=:e:{ETH}".encode())
    found = find(shaped([10_000_000], [7_000_000, 0, 2_990_000], output_scripts=[Script(b"\x51"), memo]))
    assert found is not None
    facts = {fact.name: fact.value for fact in found.facts}
    assert facts == {
        "action": "swap",
        "chain": "ETH",
        "asset": "ETH.ETH",
        "destination": ETH,
        "deposit-output": 0,
        "sats": 7_000_000,
    }
    assert found.confidence is Confidence.HIGH


def test_a_name_for_a_destination_is_less_sure() -> None:
    found = find(shaped([9_000_000], [8_000_000, 0], output_scripts=[Script(b"\x51"), data(b"=:e:dx")]))
    assert found is not None
    assert found.confidence is Confidence.MEDIUM


def test_a_memo_without_money_is_no_deposit() -> None:
    assert find(shaped([9_000_000], [0], output_scripts=[data(f"=:e:{ETH}".encode())])) is None


@given(st.binary(max_size=90))
def test_any_script_gives_a_memo_or_nothing(raw: bytes) -> None:
    parse_memo(Script(raw))
    parse_memo(Script(b"\x6a" + bytes([len(raw)]) + raw))

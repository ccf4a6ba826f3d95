"""Transactions, amounts and outpoints: read strictly, written back byte for byte."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.bitcoin.outpoint import MalformedOutPoint, parse_outpoint, show_txid
from sekisho.bitcoin.sats import MAX_MONEY, AmountOutOfRange, MalformedAmount, btc, parse_sats, sats
from sekisho.bitcoin.transaction import MalformedTransaction, parse_output, parse_transaction, parse_witness
from sekisho.replay import facts

THEFT = facts.theft()


def test_the_theft_is_the_transaction_everyone_knows() -> None:
    assert show_txid(THEFT.txid) == "975ec405ac9dc9fa5ab8009d94d6a1fe31dff8a8127ea90d023104e52754e4d7"
    assert (len(THEFT.serialize()), THEFT.weight, THEFT.vsize) == (3_006, 5_190, 1_298)
    assert parse_transaction(THEFT.serialize()) == THEFT


def test_without_its_signatures_a_transaction_is_another_one() -> None:
    """A P2SH spend's scriptSig is in the txid; the witness is not."""
    assert THEFT.unsigned().txid != THEFT.txid
    assert not any(each.witness or each.script_sig for each in THEFT.unsigned().inputs)


RAW = THEFT.serialize()
MALFORMED = {
    "nothing": b"",
    "a byte too few": RAW[:-1],
    "a byte too many": RAW + b"\x00",
    "a length not in its shortest form": RAW[:6] + b"\xfd\x09\x00" + RAW[7:],
    "a count its bytes cannot hold": RAW[:6] + b"\xfe\xff\xff\xff\xff" + RAW[7:],
    "a witness flag of 2": RAW[:5] + b"\x02" + RAW[6:],
    "a witness flag without a witness": bytes.fromhex("02000000000101")
    + bytes(36)
    + bytes.fromhex("00ffffffff00")
    + bytes(5),
    "more than a block can hold": bytes(4_000_001),
}


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED.keys())
def test_it_is_no_transaction_with(raw: bytes) -> None:
    with pytest.raises(MalformedTransaction):
        parse_transaction(raw)


def test_a_transaction_with_witnesses_is_none_where_there_may_be_none() -> None:
    with pytest.raises(MalformedTransaction):
        parse_transaction(RAW, allow_witness=False)


@given(st.integers(0, 2**32))
def test_any_damage_gives_a_transaction_or_malformed_transaction(number: int) -> None:
    raw = damaged(random.Random(number), RAW)
    try:
        assert parse_transaction(raw).serialize() == raw
    except MalformedTransaction:
        return


@given(st.binary(max_size=60))
def test_any_bytes_give_an_output_or_witness_or_our_error(raw: bytes) -> None:
    for parse in (parse_output, parse_witness):
        try:
            parse(raw)
        except MalformedTransaction:
            continue


@pytest.mark.parametrize("text", ["", "-1", "+1", "01", "1.0", "1e3", " 1", "1 ", "\uff11", "1_000", "x" * 50])
def test_an_amount_is_a_plain_whole_number(text: str) -> None:
    with pytest.raises(MalformedAmount):
        parse_sats(text)


def test_an_amount_lies_between_nothing_and_all_bitcoin() -> None:
    assert parse_sats(str(MAX_MONEY)) == MAX_MONEY
    for amount in (-1, MAX_MONEY + 1):
        with pytest.raises(AmountOutOfRange):
            sats(amount)


def test_amounts_are_shown_exactly() -> None:
    shown = [btc(amount) for amount in (0, 1, 100_000_000, 450_290_000_000, -1)]
    assert shown == ["0 BTC", "0.00000001 BTC", "1 BTC", "4,502.9 BTC", "-0.00000001 BTC"]


def test_an_outpoint_reads_as_explorers_write_it() -> None:
    text = f"{'ab' * 31}cd:7"
    assert str(parse_outpoint(text)) == text
    assert parse_outpoint(text).txid[0] == 0xCD
    for wrong in ("", text.upper(), text[1:], text + "0" * 10, text.replace(":7", ":07"), text.replace(":7", ":-1")):
        with pytest.raises(MalformedOutPoint):
            parse_outpoint(wrong)

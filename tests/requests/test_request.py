"""The request: strict to read, one form, one digest."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.address import parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import MAX_MONEY, Sats
from sekisho.requests.canonical import canonical, parse_canonical
from sekisho.requests.create import (
    MalformedPayee,
    new_request,
    parse_expiry,
    parse_pay_file,
    parse_payee,
    show_request,
)
from sekisho.requests.request import MAX_REQUEST_BYTES, MalformedRequest, Payee, PaymentRequest, parse_request

PAYEE = "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P"
OTHER = "3P8MfdM4pULv7ozdQvfwAqNF29zAjmnUYD"
NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)


def a_request(**changes: object) -> PaymentRequest:
    request = new_request(
        id="pay-2024-05-31",
        requester="ana",
        network=Network.MAIN,
        wallet=bytes(32),
        payees=[Payee(PAYEE, parse_address(PAYEE, Network.MAIN), Sats(1_000_000_000))],
        fee_max=Sats(50_000),
        created=NOON,
        expires=NOON + timedelta(hours=2),
        purpose="daily top-up of the hot wallet",
        roster=b"\x11" * 32,
        policy=b"\x22" * 32,
    )
    return replace(request, **changes)  # type: ignore[arg-type]


def edited(**changes: object) -> bytes:
    """The canonical bytes of a request with fields changed, or taken out with None."""
    document = parse_canonical(a_request().raw, MAX_REQUEST_BYTES) | changes
    return canonical({name: value for name, value in document.items() if value is not None})  # type: ignore[misc]


REFUSED = {
    "another type": {"type": "sekisho/payment-request/v2"},
    "no type": {"type": None},
    "an unknown field": {"memo": "x"},
    "a missing field": {"nonce": None},
    "a network that is none": {"network": "bitcoin"},
    "an empty network": {"network": ""},
    "a wallet that is no hash": {"wallet": "00"},
    "a hash in upper case": {"roster": "AB" * 32},
    "an empty roster hash": {"roster": ""},
    "no payees": {"payees": []},
    "payees that are no list": {"payees": "all"},
    "a payee with a note": {"payees": [{"address": PAYEE, "sats": "1", "note": "x"}]},
    "a payee without an amount": {"payees": [{"address": PAYEE}]},
    "a payee who gets nothing": {"payees": [{"address": PAYEE, "sats": "0"}]},
    "a negative amount": {"payees": [{"address": PAYEE, "sats": "-1"}]},
    "an amount with a leading zero": {"payees": [{"address": PAYEE, "sats": "01"}]},
    "an amount with a plus": {"payees": [{"address": PAYEE, "sats": "+1"}]},
    "an amount in bitcoin": {"payees": [{"address": PAYEE, "sats": "0.1"}]},
    "an amount with an exponent": {"payees": [{"address": PAYEE, "sats": "1e8"}]},
    "an amount in Arabic-Indic digits": {"payees": [{"address": PAYEE, "sats": "\u0661"}]},
    "more than all bitcoin": {"payees": [{"address": PAYEE, "sats": str(MAX_MONEY + 1)}]},
    "more than all bitcoin together": {"payees": [{"address": PAYEE, "sats": str(MAX_MONEY)}] * 2},
    "an address with a wrong checksum": {"payees": [{"address": PAYEE[:-1] + "Q", "sats": "1"}]},
    "an address of another network": {
        "payees": [{"address": "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "sats": "1"}]
    },
    "an address of an unknown witness version": {
        "payees": [{"address": "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "sats": "1"}]
    },
    "an expiry before the creation": {"expires": "2024-05-31T11:59:59Z"},
    "an expiry at the creation": {"expires": "2024-05-31T12:00:00Z"},
    "a time without zone": {"created": "2024-05-31T12:00:00"},
    "a time with an offset": {"created": "2024-05-31T12:00:00+09:00"},
    "a day that does not exist": {"created": "2024-02-30T12:00:00Z"},
    "a leap second": {"created": "2024-05-31T23:59:60Z"},
    "a nonce that is short": {"nonce": "00"},
    "an id with a space": {"id": "a b"},
    "an empty requester": {"requester": ""},
    "a purpose that runs on": {"purpose": "x" * 281},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED.keys())
def test_a_request_with_this_is_malformed(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedRequest):
        parse_request(edited(**changes))


def test_reading_gives_back_what_was_written() -> None:
    request = a_request()
    assert parse_request(request.raw) == request
    assert parse_request(request.raw).digest == request.digest


def test_optional_fields_may_be_absent_and_come_back_as_none() -> None:
    request = parse_request(edited(roster=None, policy=None))
    assert (request.roster, request.policy, request.replaces) == (None, None, None)


def test_one_payee_may_be_paid_twenty_times() -> None:
    request = parse_request(edited(payees=[{"address": PAYEE, "sats": "5000"}] * 20))
    assert request.total == 100_000


@given(st.sampled_from(["id", "requester", "fee_max_sats", "created", "expires", "nonce", "purpose", "wallet"]))
def test_every_field_is_in_the_digest(field: str) -> None:
    other = {
        "id": "x", "requester": "bo", "fee_max_sats": "1", "created": "2024-05-31T12:00:01Z",
        "expires": "2024-05-31T12:00:02Z", "nonce": "ab" * 16, "purpose": "y", "wallet": "cd" * 32,
    }  # fmt: skip
    assert parse_request(edited(**{field: other[field]})).digest != a_request().digest


@given(st.binary())
def test_any_bytes_give_a_request_or_malformed_request(raw: bytes) -> None:
    with pytest.raises(MalformedRequest):
        parse_request(raw)


@given(st.data())
def test_any_damage_gives_another_request_or_malformed_request(data: st.DataObject) -> None:
    request = a_request()
    at = data.draw(st.integers(0, len(request.raw) - 1))
    patch = data.draw(st.binary(max_size=3))
    raw = request.raw[:at] + patch + request.raw[at + data.draw(st.integers(0, 3)) :]
    try:
        read = parse_request(raw)
    except MalformedRequest:
        return
    assert read.raw == raw
    assert (read.digest == request.digest) == (raw == request.raw)


def test_two_requests_for_the_same_thing_differ_by_their_nonce() -> None:
    assert a_request().digest != a_request().digest


def test_what_is_shown_holds_every_address_whole_and_every_amount_exactly() -> None:
    shown = "\n".join(show_request(a_request()))
    for fact in (PAYEE, "1000000000 sats (10 BTC)", "50000 sats", "2024-05-31T14:00:00Z", "ana", "daily top-up"):
        assert fact in shown


def test_a_pay_file_names_one_payee_a_line() -> None:
    payees = parse_pay_file(f"address,sats\n{PAYEE},5\n{OTHER},6\n", Network.MAIN)
    assert [(payee.address, payee.sats) for payee in payees] == [(PAYEE, 5), (OTHER, 6)]


@pytest.mark.parametrize(
    "text", ["", "sats,address\n", f"address,sats\n{PAYEE}\n", f"address,sats\n{PAYEE},1,2\n", f"{PAYEE},1\n", '"']
)
def test_a_pay_file_of_another_shape_is_an_error(text: str) -> None:
    with pytest.raises(MalformedPayee):
        parse_pay_file(text, Network.MAIN)


@pytest.mark.parametrize("text", [PAYEE, f"{PAYEE}=", f"{PAYEE}=1.5", f"={PAYEE}", f"{PAYEE}x=1", f"{PAYEE}=-1"])
def test_a_payee_is_an_address_and_whole_satoshis(text: str) -> None:
    with pytest.raises(MalformedPayee):
        parse_payee(text, Network.MAIN)


@given(st.text())
def test_any_text_gives_payees_or_our_error(text: str) -> None:
    with pytest.raises(MalformedPayee):
        parse_payee(text, Network.MAIN)
    with contextlib.suppress(MalformedPayee):
        assert parse_pay_file(text, Network.MAIN) == ()


def test_an_expiry_is_a_time_or_a_lifetime() -> None:
    assert parse_expiry("+2h", NOON) == NOON + timedelta(hours=2)
    assert parse_expiry("+30m", NOON) == NOON + timedelta(minutes=30)
    assert parse_expiry("2024-06-01T00:00:00Z", NOON) == datetime(2024, 6, 1, tzinfo=UTC)
    for text in ("2h", "+0h", "+2w", "+", "", "tomorrow"):
        with pytest.raises(MalformedRequest):
            parse_expiry(text, NOON)

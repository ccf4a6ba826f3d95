"""The JSON: its fields bind, it is read strictly, and what is read is what was written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.tracing.case import Method, Status
from sekisho.tracing.report.document import parse_report, show_report
from sekisho.tracing.report.fields import MalformedReport
from sekisho.tracing.report.told import Told, tell
from support.cases import small_case

CASE = small_case()
TOLD = {method: tell(CASE.trace(method)) for method in Method}
ONE = show_report([TOLD[Method.FIFO]])


def test_one_trace_is_one_object_with_exactly_the_fields_that_were_promised():
    document = json.loads(ONE)
    assert list(document) == [
        *("version", "network", "method", "parameters", "lists", "tip", "seeds", "ends", "totals", "conserved"),
        "transactions",
    ]
    assert document["version"] == 1
    assert document["network"] == "regtest"
    assert document["method"] == "fifo"
    assert document["conserved"] is True
    assert document["transactions"] == 4
    assert list(document["lists"][0]) == ["name", "sha256"]
    assert list(document["tip"]) == ["height", "hash"]
    assert all(
        list(end)
        == ["txid", "outpoint", "address", "script", "sats", "status", "convention_only", "height", "time", "label"]
        for end in document["ends"]
    )


def test_amounts_are_decimal_strings_that_add_up_and_a_fee_has_no_outpoint():
    document = json.loads(ONE)
    assert sum(int(end["sats"]) for end in document["ends"]) == sum(map(int, document["totals"].values())) == 10**9
    fees = [end for end in document["ends"] if end["status"] == "fees"]
    assert [(end["outpoint"], end["script"], end["sats"]) for end in fees] == [(None, None, "1000")]
    assert {status: document["totals"][status] for status in ("service", "fees", "coinjoin")} == {
        "service": "300000000",
        "fees": "1000",
        "coinjoin": "0",
    }


def test_poison_has_no_amounts_to_conserve():
    assert json.loads(show_report([TOLD[Method.POISON]]))["conserved"] is None


def test_all_methods_are_a_list_of_the_same_objects():
    document = json.loads(show_report(list(TOLD.values())))
    assert list(document) == ["version", "traces"]
    assert [trace["method"] for trace in document["traces"]] == list(Method)
    assert document["traces"][2] == json.loads(ONE)


@pytest.mark.parametrize("method", Method)
def test_what_is_read_back_is_what_was_written(method: Method):
    raw = show_report([TOLD[method]])
    assert parse_report(raw) == (TOLD[method],)
    assert show_report(parse_report(raw)) == raw


def test_labels_in_any_script_survive():
    told = tell(small_case(label="窃盗 </script> \"'&").trace(Method.FIFO))
    assert parse_report(show_report([told])) == (told,)


REFUSED = {
    "another version": ('"version": 1', '"version": 2'),
    "an amount as a number": ('"sats": "1000"', '"sats": 1000'),
    "an amount with a sign": ('"sats": "1000"', '"sats": "+1000"'),
    "an amount beyond all bitcoin": ('"sats": "1000"', '"sats": "2100000000000001"'),
    "a status nobody defined": ('"status": "fees"', '"status": "lost"'),
    "true as a height": ('"transactions": 4', '"transactions": true'),
    "a fraction": ('"transactions": 4', '"transactions": 4.0'),
    "a field that has no meaning": ('"transactions": 4', '"transactions": 4, "note": ""'),
    "a field twice": ('"transactions": 4', '"transactions": 4, "transactions": 4'),
    "a field too few": ('"conserved": true,', ""),
    "a method nobody defined": ('"method": "fifo"', '"method": "FIFO"'),
    "a lone surrogate in a label": ('"label": "theft"', '"label": "\\ud800"'),
    "a number of ten thousand digits": ('"transactions": 4', f'"transactions": {"9" * 10_000}'),
}


@pytest.mark.parametrize(("old", "new"), REFUSED.values(), ids=REFUSED)
def test_a_report_is_read_strictly(old: str, new: str):
    assert old in ONE.decode()
    with pytest.raises(MalformedReport):
        parse_report(ONE.decode().replace(old, new, 1).encode())


@given(st.binary(max_size=300))
def test_any_bytes_give_a_report_or_malformed_report(raw: bytes):
    _read(raw)


@given(st.data())
def test_a_report_with_any_bytes_changed_gives_a_report_or_malformed_report(data: st.DataObject):
    start = data.draw(st.integers(0, len(ONE) - 1))
    length = data.draw(st.integers(0, 40))
    _read(ONE[:start] + data.draw(st.binary(max_size=40)) + ONE[start + length :])


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b"\xef\xbb\xbf{}", b"null", b"{}", b""])
def test_nesting_marks_and_emptiness_are_malformed(raw: bytes):
    with pytest.raises(MalformedReport):
        parse_report(raw)


def test_totals_have_every_status():
    assert [status for status, _ in TOLD[Method.TIHO].totals] == list(Status)


def _read(raw: bytes) -> tuple[Told, ...]:
    try:
        return parse_report(raw)
    except MalformedReport:
        return ()

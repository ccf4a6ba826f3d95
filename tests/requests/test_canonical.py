"""Canonical JSON: one byte string for each document, and nothing a reader could be fooled by."""

import json
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.requests.canonical import NotCanonical, canonical, digest, parse_canonical, visible

NOT_CANONICAL = {
    "a space after a colon": b'{"a": "b"}',
    "keys out of order": b'{"b":"1","a":"2"}',
    "a key that appears twice": b'{"a":"1","a":"2"}',
    "a key that appears twice, once escaped": b'{"a":"1","\\u0061":"1"}',
    "an escape where none is needed": b'{"a":"\\u0062"}',
    "an upper-case escape": b'{"a":"\\u001F"}',
    "a number": b'{"sats":1}',
    "a number written as 1e3": b'{"sats":1e3}',
    "true": b'{"a":true}',
    "null": b'{"a":null}',
    "NaN": b'{"a":NaN}',
    "a list on the outside": b'["a"]',
    "text on the outside": b'"a"',
    "a byte order mark": b'\xef\xbb\xbf{"a":"b"}',
    "a newline at the end": b'{"a":"b"}\n',
    "two documents": b'{"a":"b"}{"a":"b"}',
    "nothing": b"",
    "bytes that are not UTF-8": b'{"a":"\xff"}',
    "a lone surrogate": b'{"a":"\\ud800"}',
    "a newline in text": b'{"a":"x\\ny"}',
    "a zero byte in text": b'{"a":"x\\u0000y"}',
    "a right-to-left override": '{"a":"x\u202ey"}'.encode(),
    "a zero-width space": '{"a":"x\u200by"}'.encode(),
    "a zero-width joiner": '{"a":"x\u200dy"}'.encode(),
    "a blank Hangul letter": '{"a":"x\u3164y"}'.encode(),
    "a blank Braille pattern": '{"a":"x\u2800y"}'.encode(),
    "a variation selector": '{"a":"x\ufe0fy"}'.encode(),
    "one of the others": '{"a":"x\U000e0100y"}'.encode(),
    "one for Mongolian": '{"a":"x\u180by"}'.encode(),
    "a note without a head": '{"a":"x\U0001d159y"}'.encode(),
    "text that is not in NFC": '{"a":"e\u0301"}'.encode(),
    "a key that is not ASCII": '{"é":"1"}'.encode(),
    "nesting past eight": b'{"a":' * 10 + b'"x"' + b"}" * 10,
    "nesting that would exhaust a stack": b'{"a":' * 100_000,
    "lists that would exhaust a stack": b'{"a":' + b"[" * 100_000,
}


@pytest.mark.parametrize("raw", NOT_CANONICAL.values(), ids=NOT_CANONICAL.keys())
def test_anything_but_the_one_form_is_an_error(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse_canonical(raw, limit=1_000_000)


def test_more_bytes_than_the_limit_are_an_error() -> None:
    raw = canonical({"a": "x" * 100})
    assert parse_canonical(raw, limit=len(raw)) == {"a": "x" * 100}
    with pytest.raises(NotCanonical, match="more than"):
        parse_canonical(raw, limit=len(raw) - 1)


DOCUMENTS = st.recursive(
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]))
    .map(lambda text: normalize("NFC", text))
    .filter(visible),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcXYZ09_", max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text("abcxyz_", max_size=6), DOCUMENTS, max_size=4))
def test_writing_and_reading_give_the_same_document(document: dict[str, object]) -> None:
    raw = canonical(document)  # type: ignore[arg-type]
    assert parse_canonical(raw, limit=len(raw)) == document
    assert json.loads(raw) == document


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_give_a_document_or_our_error(raw: bytes) -> None:
    try:
        document = parse_canonical(raw, limit=10_000)
    except NotCanonical:
        return
    assert canonical(document) == raw


def test_the_same_bytes_of_two_kinds_have_two_digests() -> None:
    assert digest("sekisho/request/v1", b"x") != digest("sekisho/approval/v1", b"x")

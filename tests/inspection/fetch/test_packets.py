"""Packet lines, whatever a server says."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.inspection.fetch.packets import DELIMITER, FLUSH, MalformedAnswer, packet, packets


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(lambda t: t[:4] != "ERR ")))
def test_lines_come_out_as_they_went_in(lines: list[str]) -> None:
    raw = b"".join(packet(each) for each in lines) + DELIMITER + FLUSH
    assert list(packets(raw)) == [*(f"{each}\n".encode() for each in lines), None, None]


WRONG = {
    "no length": b"zzzz",
    "a sign": b"+00a123456",
    "cut": b"0009abc",
    "short": b"00",
    "three": b"0003",
    "too long": b"fff5" + bytes(65525),
}


@pytest.mark.parametrize("raw", WRONG.values(), ids=WRONG)
def test_wrong_packets(raw: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        list(packets(raw))


def test_what_a_server_says_in_refusing_is_shown_escaped() -> None:
    with pytest.raises(MalformedAnswer) as raised:
        list(packets(packet("ERR no\x1b[2J\u202e")))
    assert str(raised.value).isascii()
    assert str(raised.value).isprintable()


@given(st.binary())
def test_any_bytes_are_packets_or_malformed(raw: bytes) -> None:
    with contextlib.suppress(MalformedAnswer):
        list(packets(raw))

"""A file out of a browser's form, whatever bytes come."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.inspection.upload import MalformedUpload, Upload, read_upload

TYPE = "multipart/form-data; boundary=xx"


def form(*parts: tuple[str, bytes], mark: bytes = b"xx") -> bytes:
    head = b'\r\nContent-Disposition: form-data; name="file"%s\r\nContent-Type: application/zip\r\n\r\n'
    told = [b"--" + mark + head % name.encode() + data + b"\r\n" for name, data in parts]
    return b"".join(told) + b"--" + mark + b"--\r\n"


@given(st.binary().filter(lambda data: b"\r\n--xx" not in data))
def test_a_file_comes_out_as_it_went_in(data: bytes) -> None:
    assert read_upload(TYPE, form(('; filename="a.zip"', data))) == Upload("a.zip", data)


ODD = {
    "a field before it": (form(("", b"1"), ('; filename="a.zip"', b"2")), Upload("a.zip", b"2")),
    "the first of two": (form(('; filename="a"', b"1"), ('; filename="b"', b"2")), Upload("a", b"1")),
    "folders in its name": (form(('; filename="../../etc/a"', b"1")), Upload("a", b"1")),
    "folders of Windows": (form(('; filename="C:\\\\b\\\\a"', b"1")), Upload("a", b"1")),
    "Japanese": (form(('; filename="課題.zip"', b"1")), Upload("課題.zip", b"1")),
    "almost a boundary": (form(('; filename="a"', b"\r\n--x\r\n--y")), Upload("a", b"\r\n--x\r\n--y")),
    "nothing in it": (form(('; filename="a"', b"")), Upload("a", b"")),
}


@pytest.mark.parametrize(("body", "upload"), ODD.values(), ids=ODD)
def test_odd_forms(body: bytes, upload: Upload) -> None:
    assert read_upload(TYPE, body) == upload


def test_a_boundary_may_be_quoted() -> None:
    body = form(('; filename="a"', b"1"), mark=b"x x")
    assert read_upload('multipart/form-data; boundary="x x"', body) == Upload("a", b"1")


WRONG = {
    "nothing": (TYPE, b""),
    "another type": ("application/json", form(('; filename="a"', b"1"))),
    "no boundary": ("multipart/form-data", form(('; filename="a"', b"1"))),
    "another boundary": (TYPE, form(('; filename="a"', b"1"), mark=b"yy")),
    "no file": (TYPE, form(("", b"1"))),
    "no file chosen": (TYPE, form(('; filename=""', b""))),
    "cut off": (TYPE, form(('; filename="a"', b"1" * 100))[:-60]),
    "a head without end": (TYPE, b"--xx\r\n" + b"a" * 100_000),
}


@pytest.mark.parametrize(("said", "body"), WRONG.values(), ids=WRONG)
def test_what_is_no_form_is_malformed(said: str, body: bytes) -> None:
    with pytest.raises(MalformedUpload):
        read_upload(said, body)


@given(st.text(), st.binary(), st.booleans())
def test_any_bytes_are_a_file_or_malformed(said: str, body: bytes, ours: bool) -> None:
    with contextlib.suppress(MalformedUpload):
        read_upload(TYPE if ours else said, b"--xx" + body)

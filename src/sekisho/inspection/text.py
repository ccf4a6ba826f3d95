"""Bytes as text, the way the program that runs them would read them; and text made fit to be shown."""

import codecs
import re
import unicodedata
from typing import NamedTuple

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_PLAIN = {"utf-8", "utf8", "utf_8", "ascii", "us_ascii", "latin_1", "iso_8859_1", "iso_8859_15", "cp1252", "cp932",
          "shift_jis", "sjis", "euc_jp", "iso_2022_jp", "gbk", "gb2312", "gb18030", "big5", "euc_kr", "cp949", "koi8_r",
          "cp1251", "utf_8_sig", "iso_8859_2", "cp1250", "mbcs", "latin1", "latin"}  # fmt: skip
"""Encodings that people write in. Any other hides a Python source from whoever reads its bytes."""
_NATIONAL = re.compile(r"(?:iso_?8859|windows|cp|koi8)_?(?:[1-9]|1[0-6]|125\d|r|u)")
"""More of them: letters of one alphabet beside ASCII, byte for byte (RFC 1345, RFC 2319)."""

_OTHER = {"utf_7", "utf7", "u7", "unicode_1_1_utf_7", "rot13", "rot_13", "unicode_escape", "raw_unicode_escape",
          "punycode", "idna"}  # fmt: skip

ENCODINGS = (
    *sorted(_PLAIN),
    "utf_7",
    "utf_16",
    "utf_32",
    "rot13",
    "unicode_escape",
    "raw_unicode_escape",
    "punycode",
    "idna",
)
"""What a source may be decoded by: loaded before a worker gives up opening files."""

_SHOWN = 160


class Decoded(NamedTuple):
    """A text, with line ends as Python reads them, and what is odd about its bytes.

    `lines`: for each line of the text the one of the file, if they differ. `surely`: plain letters stand for
    others.
    """

    text: str
    odd: str
    lines: tuple[int, ...] = ()
    surely: bool = False


def decode(raw: bytes, *, python: bool = False) -> Decoded:
    """The text of a file: a byte order mark decides, then (in Python) the coding cookie, then UTF-8."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
                       (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if raw.startswith(mark):
            text = raw.decode(name, "replace").removeprefix("\ufeff")
            return Decoded(_lines(text), "" if name == "utf-8" else f"encoded as {name}")
    name = _cookie(raw) if python else ""
    if name and name not in _PLAIN and not _NATIONAL.fullmatch(name):
        try:
            text = _lines(_by_cookie(raw, name))
            return Decoded(text, f"says it is encoded as {name}", _places(raw, name, text), name in _OTHER)
        except (LookupError, ValueError, OSError):
            return Decoded(_lines(raw.decode("utf-8", "replace")), f"says it is encoded as {name}")
    try:
        return Decoded(_lines(raw.decode(name or "utf-8", "replace")), "")
    except (LookupError, ValueError):
        return Decoded(_lines(raw.decode("utf-8", "replace")), "")


def shown(text: str, most: int = _SHOWN) -> str:
    """Text of a stranger, safe on a terminal and in a page: control and invisible characters are escaped, long text is
    cut."""
    cut = text[: most + 1]
    out = "".join(each if _visible(each) else _escape(each) for each in cut)
    return out[:most] + "…" if len(cut) > most or len(out) > most else out


def _visible(character: str) -> bool:
    return character == " " or (character.isprintable() and unicodedata.category(character) not in {"Cf", "Co", "Cn"})


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _places(raw: bytes, name: str, text: str) -> tuple[int, ...]:
    """The line of the file for each line of a text, where one line of bytes holds several of them."""
    counts = []
    for line in raw.splitlines() if text.count("\n") != raw.count(b"\n") else ():
        try:
            counts.append(1 + _lines(_by_cookie(line, name)).count("\n"))
        except (LookupError, ValueError, OSError):
            counts.append(1)
    return tuple(number for number, count in enumerate(counts, 1) for _ in range(count))


def _cookie(raw: bytes) -> str:
    """PEP 263: the encoding named in one of the first two lines."""
    first = b"\n".join(raw.split(b"\n", 2)[:2])  # however long they are
    for line in first.splitlines()[:2]:
        match = _COOKIE.match(line)
        if match:
            return match[1].decode("ascii", "replace").lower().replace("-", "_")
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return ""


def _by_cookie(raw: bytes, name: str) -> str:
    """Python's own text encodings only: an encoding of bytes to bytes is no encoding of a source."""
    if name in {"rot13", "rot_13"}:
        return codecs.decode(raw.decode("latin-1"), "rot13")
    return raw.decode(name, "replace")

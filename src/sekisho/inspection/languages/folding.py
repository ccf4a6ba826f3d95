"""Text that can be worked out without running anything: the decoders and string methods that hide names and code."""

import base64
import binascii
import bz2
import codecs
import html
import lzma
import urllib.parse
import zlib
from collections.abc import Callable

_MOST = 1_000_000
"""Characters; what decodes to more is left alone."""

_WRONG = (ValueError, zlib.error, lzma.LZMAError, OSError, EOFError, LookupError, OverflowError)


def _raw(text: str) -> bytes:
    return text.encode("latin-1")


def _base64(text: str) -> str:
    cleaned = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(cleaned + "=" * (-len(cleaned) % 4)).decode("latin-1")


def _inflate(text: str) -> str:
    return zlib.decompressobj(wbits=47).decompress(_raw(text), _MOST).decode("latin-1")


def _raw_inflate(text: str) -> str:
    return zlib.decompressobj(wbits=-15).decompress(_raw(text), _MOST).decode("latin-1")


def _hex(text: str) -> str:
    return bytes.fromhex("".join(text.split())).decode("latin-1")


def _rot13(text: str) -> str:
    return codecs.encode(text, "rot13")


def _utf8(text: str) -> str:
    return _raw(text).decode("utf-8")


DECODERS: dict[str, Callable[[str], str]] = {
    "base64": _base64,
    "base32": lambda text: base64.b32decode(text).decode("latin-1"),
    "base85": lambda text: base64.b85decode(text).decode("latin-1"),
    "ascii85": lambda text: base64.a85decode(text).decode("latin-1"),
    "base16": lambda text: base64.b16decode(text, casefold=True).decode("latin-1"),
    "hex": _hex,
    "inflate": _inflate,
    "raw inflate": _raw_inflate,
    "bz2": lambda text: bz2.BZ2Decompressor().decompress(_raw(text), _MOST).decode("latin-1"),
    "lzma": lambda text: lzma.LZMADecompressor(memlimit=64_000_000).decompress(_raw(text), _MOST).decode("latin-1"),
    "rot13": _rot13,
    "percent": urllib.parse.unquote,
    "html": html.unescape,
    "utf-8": _utf8,
    "chr": lambda text: chr(int(text, 0)),
    "lower": str.lower,
    "upper": str.upper,
    "strip": str.strip,
    "reversed": lambda text: text[::-1],
    "same": lambda text: text,
}


def fold(how: str, text: str) -> str | None:
    """The text after one decoder, or None if it does not decode or holds an unknown part."""
    decoder = DECODERS.get(how)
    if decoder is None or "\0" in text[:1] or len(text) > 2 * _MOST:
        return None
    try:
        decoded = decoder(text)
    except (*_WRONG, binascii.Error):
        return None
    return decoded if len(decoded) <= _MOST else None

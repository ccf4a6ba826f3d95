"""Canonical JSON over closed schemas whose leaves are strings only (RFC 8785; DESIGN section 6)."""

import json
import unicodedata
from hashlib import sha256

import rfc8785

from sekisho.errors import SekishoError

Json = str | list["Json"] | dict[str, "Json"]
"""A canonical document: objects, lists and strings. Numbers are written as decimal strings."""

MAX_DEPTH = 8
"""No format of ours nests deeper."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that a person cannot see: controls, bidirectional and zero-width marks, surrogates, line ends."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159") | {
    chr(each)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for each in range(first, last + 1)
}
"""Characters of visible categories that most fonts draw as nothing: Default_Ignorable, variation selectors among
them, and blank letters."""


class NotCanonical(SekishoError):
    """Bytes that are not the one canonical form of a document."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not canonical JSON: {why}")
        self.why = why


def parse_canonical(raw: bytes, limit: int) -> dict[str, Json]:
    """Read an object that is already in canonical form, at most `limit` bytes long.

    Raises NotCanonical on duplicate keys, leaves that are no strings, hidden characters, strings not in NFC, and any
    byte that writing the value again would change.
    """
    if len(raw) > limit:
        raise NotCanonical(f"{len(raw)} bytes, more than {limit}")
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as why:
        raise NotCanonical(str(why).splitlines()[0]) from why
    if not isinstance(value, dict):
        raise NotCanonical("not an object")
    document = {key: _checked(item) for key, item in value.items()}
    if canonical(document) != raw:
        raise NotCanonical("written in another form than RFC 8785 gives")
    return document


def canonical(document: Json) -> bytes:
    """The one byte string of a document (RFC 8785). Raises NotCanonical for text that no document may hold."""
    try:
        return rfc8785.dumps(_checked(document))
    except rfc8785.CanonicalizationError as why:
        raise NotCanonical(str(why)) from why


def digest(kind: str, raw: bytes) -> bytes:
    """SHA-256 of `kind`, a zero byte and `raw`: a hash that cannot be taken for one of another kind."""
    return sha256(kind.encode() + b"\x00" + raw).digest()


def visible(text: str) -> bool:
    """Say whether every character of `text` shows on a screen, in the order it is stored, in NFC."""
    return (text.isascii() and text.isprintable()) or (
        not any(unicodedata.category(c) in _HIDDEN or c in _INVISIBLE for c in text)
        and unicodedata.normalize("NFC", text) == text
    )


def made_visible(text: str) -> str:
    """Somebody else's text as a document may hold it: in NFC, with a question mark for what cannot be seen."""
    return unicodedata.normalize("NFC", "".join(each if visible(each) else "?" for each in text))


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key appears twice")
    return members


def _checked(value: object, depth: int = 0) -> Json:
    if depth > MAX_DEPTH:
        raise NotCanonical("nested too deeply")
    match value:
        case str():
            if not visible(value):
                raise NotCanonical("text with a character that cannot be seen, or not in NFC")
            return value
        case list():
            return [_checked(item, depth + 1) for item in value]
        case dict():
            if not all(isinstance(key, str) and key.isascii() for key in value):
                raise NotCanonical("a key that is not ASCII text")
            return {key: _checked(item, depth + 1) for key, item in value.items()}
        case _:
            raise NotCanonical(f"a {type(value).__name__} where only text may stand")

"""TOML that somebody else wrote, read within bounds."""

import tomllib
from collections.abc import Callable, Mapping

from sekisho.errors import SekishoError

MAX_DOTS = 64
"""In one line: Python's TOML reader takes time in the square of a dotted key's length."""


class MalformedToml(SekishoError):
    """Bytes that are no TOML, or too many."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not TOML: {why}")
        self.why = why


def read_toml(raw: bytes, most: int, decimal: Callable[[str], object] = float) -> Mapping[str, object]:
    """The members of a document of at most `most` bytes, its decimals as `decimal` makes them of their text.

    Raises MalformedToml, and nothing else, whatever the bytes; for a ValueError of `decimal` as well.
    """
    if len(raw) > most:
        raise MalformedToml(f"{len(raw)} bytes, more than {most}")
    if any(line.count(b".") > MAX_DOTS for line in raw.split(b"\n")):
        raise MalformedToml(f"a line with more than {MAX_DOTS} dots")
    try:
        return tomllib.loads(raw.decode("utf-8"), parse_float=decimal)
    except (ValueError, RecursionError) as why:
        raise MalformedToml(str(why).splitlines()[0]) from why

"""Reads a policy file strictly: every key known, every value of its type and in its range, every character visible."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from sekisho.errors import SekishoError
from sekisho.requests.canonical import visible
from sekisho.toml import MalformedToml, read_toml

MAX_POLICY_BYTES = 1_000_000
"""Room for some ten thousand entries of an allow-list."""

_DECIMAL = re.compile(r"[0-9]{1,12}\.[0-9]{1,8}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class MalformedPolicy(SekishoError):
    """Bytes that are not a policy."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a policy: {why}")
        self.why = why


class Table:
    """One TOML table, emptied key by key; `end` refuses what nobody took.

    Every method raises MalformedPolicy when the value is not what it must be.
    """

    def __init__(self, where: str, members: Mapping[str, object]) -> None:
        self.where, self._members = where, dict(members)

    def __contains__(self, key: str) -> bool:
        return key in self._members

    def wrong(self, key: str, why: str) -> MalformedPolicy:
        """The error that says what is wrong with the value of `key`."""
        return MalformedPolicy(f"{self._path(key)} {why}")

    def end(self) -> None:
        """Refuse every key that was not taken: a misspelt limit must not be a missing one."""
        if self._members:
            raise MalformedPolicy(f"unknown key {self._path(min(self._members))!r}")

    def text(self, key: str, longest: int) -> str:
        """A string of 1 to `longest` characters that can be seen, on one line."""
        value = self.lines(key, longest)
        if not visible(value):  # TOML has escapes for what the file itself may not hold
            raise self.wrong(key, "holds characters that cannot be seen, or not in NFC")
        return value

    def lines(self, key: str, longest: int) -> str:
        """A string of 1 to `longest` characters that can be seen, on one line or more."""
        value = self._take(key)
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            raise self.wrong(key, f"must be text of 1 to {longest} characters")
        if not visible(value.replace("\n", " ").replace("\t", " ")):
            raise self.wrong(key, "holds characters that cannot be seen, or not in NFC")
        return value

    def integer(self, key: str, lowest: int, highest: int, default: int | None = None) -> int:
        """A whole number from `lowest` to `highest`; `default`, if there is one, where the key is absent."""
        if default is not None and key not in self:
            return default
        value = self._take(key)
        if type(value) is not int or not lowest <= value <= highest:  # in Python, true is an int
            raise self.wrong(key, f"must be a whole number from {lowest} to {highest}")
        return value

    def decimal(self, key: str, highest: int) -> Decimal:
        """A number above 0, up to `highest`, exactly as written."""
        value = self._take(key)
        if type(value) is int:
            value = Decimal(value)
        if not isinstance(value, Decimal) or not 0 < value <= highest:
            raise self.wrong(key, f"must be a number above 0, up to {highest}")
        return value

    def boolean(self, key: str) -> bool:
        """`true` or `false`; false where the key is absent."""
        value = self._take(key) if key in self else False
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of ids, each once."""
        value = self._take(key)
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list of ids")
        names = [name for name in value if isinstance(name, str) and _NAME.fullmatch(name)]
        if not names or len(names) < len(value):
            raise self.wrong(key, "must be a list of ids: 1 to 64 letters, digits, dots, dashes or underscores")
        if len(set(names)) < len(names):
            raise self.wrong(key, "names somebody twice")
        return tuple(names)

    def table(self, key: str) -> "Table | None":
        """The table `[key]`; None where there is none."""
        if key not in self:
            return None
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return Table(self._path(key), value)

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables `[[key]]`, in order."""
        value = self._take(key) if key in self else []
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list of tables")
        for position, each in enumerate(value, start=1):
            if not isinstance(each, dict):
                raise self.wrong(key, "must be a list of tables")
            yield Table(f"{self._path(key)}[{position}]", each)

    def _path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _take(self, key: str) -> object:
        if key not in self:
            raise MalformedPolicy(f"{self._path(key)} is missing")
        return self._members.pop(key)


def read_document(raw: bytes) -> Table:
    """Read the bytes of a policy file as TOML. Raises MalformedPolicy, and nothing else, whatever the bytes."""
    try:
        members = read_toml(raw, MAX_POLICY_BYTES, _plain)
    except MalformedToml as why:
        raise MalformedPolicy(why.why) from why
    if not visible(raw.decode().replace("\r\n", " ").replace("\n", " ").replace("\t", " ")):
        raise MalformedPolicy("it holds characters that cannot be seen, or not in NFC")
    return Table("", members)


def _plain(text: str) -> Decimal:
    """A decimal as people write it. No exponent, no infinity."""
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError(f"{text[:40]!r} is not a plain decimal number")
    return Decimal(text)

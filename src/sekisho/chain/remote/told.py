"""JSON that a server told: asked for values of one kind, and nothing else is taken for them."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import NoReturn, TypeGuard

from sekisho.bitcoin.outpoint import Txid
from sekisho.bitcoin.sats import COIN, MAX_MONEY, Sats
from sekisho.errors import SekishoError

_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)


class Told:
    """One JSON value. Where it is not what was asked for, the caller's own error is raised."""

    def __init__(self, value: object, what: str, fails: Callable[[str], SekishoError]) -> None:
        self._value, self._what, self._fails = value, what, fails

    def wrong(self, why: str) -> NoReturn:
        """Raise the caller's error about this value."""
        raise self._fails(f"{self._what} {why}")

    @property
    def absent(self) -> bool:
        """Whether there is nothing, or null."""
        return self._value is None

    def member(self, name: str) -> "Told":
        """A member of an object; it may be absent."""
        if not _is_object(self._value):
            self.wrong("is no object")
        return Told(self._value.get(name), f"{name} in {self._what}", self._fails)

    def rows(self) -> list["Told"]:
        """The elements of a list."""
        if not _is_list(self._value):
            self.wrong("is no list")
        return [Told(each, f"element {at} of {self._what}", self._fails) for at, each in enumerate(self._value)]

    def text(self) -> str:
        """A string."""
        if not isinstance(self._value, str):
            self.wrong("is no text")
        return self._value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self._value, bool):
            self.wrong("is neither true nor false")
        return self._value

    def whole(self, least: int, most: int) -> int:
        """A whole number in this range, both ends included."""
        if type(self._value) is not int or not least <= self._value <= most:
            self.wrong(f"is no whole number between {least} and {most}")
        return self._value

    def hex(self) -> bytes:
        """Bytes in lower-case hex."""
        text = self.text()
        if _HEX.fullmatch(text) is None:
            self.wrong("is not in lower-case hex")
        return bytes.fromhex(text)

    def hash(self) -> Txid:
        """A hash as it is shown, turned into hashing order."""
        raw = self.hex()
        if len(raw) != 32:
            self.wrong("is no hash")
        return Txid(raw[::-1])

    def bitcoins(self) -> Sats:
        """An amount written in bitcoins, as Bitcoin Core does: exact, whatever its notation."""
        if type(self._value) is not int and not isinstance(self._value, Decimal):
            self.wrong("is no amount")
        if not 0 <= self._value <= MAX_MONEY // COIN:
            self.wrong("is no amount that can be")
        amount = Decimal(self._value) * COIN
        if amount != int(amount) or (self._value and not amount):
            self.wrong("is no whole number of satoshis")
        return Sats(int(amount))


def told(raw: bytes, what: str, fails: Callable[[str], SekishoError]) -> Told:
    """Read one JSON document. Raises what `fails` makes of the reason, and nothing else, whatever the bytes."""
    try:
        value: object = json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as why:
        raise fails(f"{what} is not JSON") from why
    return Told(value, what, fails)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)

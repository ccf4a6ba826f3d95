"""Amounts of bitcoin: whole satoshis, never a float."""

import re
from typing import NewType

from sekisho.errors import SekishoError

Sats = NewType("Sats", int)
"""1 sat = 1e-8 BTC; always whole, and between 0 and `MAX_MONEY` once checked."""

COIN = 100_000_000
"""Satoshis in one bitcoin."""

MAX_MONEY = 21_000_000 * COIN
"""No amount may exceed this (Bitcoin Core, consensus/amount.h)."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


class AmountOutOfRange(SekishoError):
    """An amount that no transaction can hold."""

    def __init__(self, amount: int) -> None:
        super().__init__(f"{amount} is not an amount of satoshis between 0 and {MAX_MONEY}")
        self.amount = amount


class MalformedAmount(SekishoError):
    """Text that is not a whole number of satoshis in plain decimal."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:40]!r} is not a whole number of satoshis")
        self.text = text


def sats(amount: int) -> Sats:
    """Check that `amount` (satoshis) lies in consensus range. Raises AmountOutOfRange."""
    if not 0 <= amount <= MAX_MONEY:
        raise AmountOutOfRange(amount)
    return Sats(amount)


def parse_sats(text: str) -> Sats:
    """Read satoshis written as a plain decimal integer: no sign, no leading zero, no exponent.

    Raises MalformedAmount, AmountOutOfRange.
    """
    if _DECIMAL.fullmatch(text) is None:
        raise MalformedAmount(text)
    return sats(int(text))


def btc(amount: int) -> str:
    """Write satoshis as bitcoin for people to read: `4,502.9 BTC`. Exact; never parsed back."""
    whole, rest = divmod(abs(amount), COIN)
    fraction = f".{rest:08d}".rstrip("0").rstrip(".")
    return f"{'-' if amount < 0 else ''}{whole:,}{fraction} BTC"

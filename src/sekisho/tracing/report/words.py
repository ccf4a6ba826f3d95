"""Numbers and names as people read them."""

import unicodedata
from datetime import UTC, datetime

from sekisho.bitcoin.sats import COIN, btc
from sekisho.chain.chain import NO_TIP, Tip

_LONGEST = 120

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that a person cannot see, or that turn the text around them."""


def when(time: int | None) -> str:
    """A block's time, UTC; empty where there is none."""
    return "" if time is None else datetime.fromtimestamp(min(time, 0xFFFFFFFF), UTC).strftime("%Y-%m-%d %H:%M:%S")


def newest(tip: Tip) -> str:
    """How far the chain goes: `up to block 300,025`."""
    return "in transactions that no block holds" if tip == NO_TIP else f"up to block {tip.height:,}"


def money(amount: int) -> str:
    """`4,502.9 BTC`; below a thousandth of a bitcoin, in satoshis."""
    return btc(amount) if amount >= 100_000 or amount == 0 else f"{amount:,} sat"


def share(part: int, whole: int) -> str:
    """Per cent, rounded to one digit. Only nothing is `0 %`, and only the whole `100 %`."""
    if not part or not whole:
        return "0 %"
    tenths = (part * 2000 + whole) // (2 * whole)
    if tenths == 0:
        return "<0.1 %"
    if tenths >= 1000:
        return "100 %" if part >= whole else ">99.9 %"
    return f"{tenths // 10}.{tenths % 10} %"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 output`, `3 outputs`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else "nothing"


def coins(amount: int) -> str:
    """Bitcoin with all eight digits, for columns: `4,502.90000000`."""
    return f"{amount // COIN:,}.{amount % COIN:08d}"


def shown(text: str) -> str:
    """Somebody else's text on one line, at most 120 characters, with nothing hidden in it."""
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "\u2026"
    return "".join(c if unicodedata.category(c) not in _HIDDEN else f"\\u{ord(c):04x}" for c in cut)

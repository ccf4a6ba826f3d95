"""Forms of a page that ask for what is for one server alone: a password, a code, a card."""

import re

_ASKS = re.compile(
    r"""<input\b[^<]{0,300}?(?:\btype\s*=\s*\{?["']?password\b"""
    r"""|\bauto-?complete\s*=\s*\{?["']?(?:cc-(?:number|csc)|current-password|new-password|one-time-code)\b)""",
    re.IGNORECASE,
)
_WORDS = ("password", "cc-number", "cc-csc", "one-time-code")


def asks_in(text: str) -> int:
    """The line, from 1, on which a page or a component asks for such a thing; 0 if it asks for none."""
    if "<input" not in text or not any(word in text for word in _WORDS):
        return 0
    found = _ASKS.search(text)
    return 0 if found is None else text.count("\n", 0, found.start()) + 1

"""Processes that are meant to go on unseen when the program that started them has ended."""

from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.values import NOTHING, Value

_NOWHERE = ("ignore", "DEVNULL")


def is_left_behind(seen: Seen) -> bool:
    """`spawn(…, {detached: true, stdio: "ignore"})`, `Popen(…, start_new_session=True, stdout=DEVNULL)`."""
    options = {key: value for each in seen.arguments for key, value in each.fields} | seen.keywords
    apart = any(_is_true(options.get(key, NOTHING)) for key in ("detached", "start_new_session"))
    apart = apart or any("DETACHED" in symbol for symbol in options.get("creationflags", NOTHING).symbols)
    quiet = [options.get(key, NOTHING) for key in ("stdio", "stdout")]
    return apart and any(_is_nowhere(value) for value in quiet)


def _is_true(value: Value) -> bool:
    return any(text in {"1", "true", "True"} for text in value.texts)


def _is_nowhere(value: Value) -> bool:
    parts = (value, *value.items)
    return any(word in text for each in parts for text in (*each.texts, *each.symbols) for word in _NOWHERE)

"""Pickles, by their opcodes: nothing is loaded. Whatever they call that is not on a short list is told.

An allow-list, since block-lists of pickle scanners were passed by again and again (mmaitre314/picklescan#66,
trailofbits/fickling#190). Bytes after an error are read on: real loaders have run them by then.
"""

import pickletools
import re
from typing import NamedTuple

_ALLOWED = re.compile(
    r"^(?:collections (?:OrderedDict|defaultdict|deque|Counter)|builtins (?:set|frozenset|list|dict|tuple|int|float|str"
    r"|bytes|bytearray|complex|slice|range|object|bool)|__builtin__ (?:set|frozenset|list|dict|object|long|unicode|str)"
    r"|copy_reg _reconstructor|copyreg (?:_reconstructor|__newobj__)|datetime \w+|decimal Decimal|fractions Fraction"
    r"|pathlib \w+|uuid UUID|numpy(?:\.\w+)* (?:_reconstruct|ndarray|dtype|scalar|_frombuffer)"
    r"|torch._utils _rebuild_\w+|torch \w+Storage|_codecs encode|zoneinfo ZoneInfo(?:\._unpickle)?)$"
)
_MOST = 400_000
_STRINGS = {"SHORT_BINUNICODE", "BINUNICODE", "UNICODE", "BINUNICODE8", "STRING", "BINSTRING", "SHORT_BINSTRING"}


class Pickled(NamedTuple):
    """What a pickle calls beyond the plain, and what could not be followed."""

    calls: tuple[str, ...]
    lost: str


def read_pickle(data: bytes) -> Pickled:
    """The calls in a pickle file, which may be several pickles in a row."""
    calls: dict[str, None] = {}
    lost, count, at = "", 0, 0
    while at < len(data) and not lost:
        strings: list[str] = []
        memo: dict[int, str] = {}
        try:
            for opcode, argument, place in pickletools.genops(data[at:]):
                count += 1
                if count > _MOST:
                    lost = f"more than {_MOST} opcodes: the rest was not read"
                    break
                name = opcode.name
                if name in _STRINGS and isinstance(argument, str):
                    strings = [*strings[-7:], argument]
                elif name == "MEMOIZE" and strings:
                    memo[len(memo)] = strings[-1]
                elif name in {"BINPUT", "LONG_BINPUT", "PUT"} and strings and isinstance(argument, int):
                    memo[argument] = strings[-1]
                elif name in {"BINGET", "LONG_BINGET", "GET"} and isinstance(argument, int):
                    strings = [*strings[-7:], memo.get(argument, "?")]
                elif name in {"GLOBAL", "INST"}:
                    calls[str(argument)] = None
                elif name == "STACK_GLOBAL":
                    calls[" ".join(strings[-2:]) if len(strings) >= 2 else "an unknown name"] = None
                elif name in {"EXT1", "EXT2", "EXT4"}:
                    calls["an extension code"] = None
                elif name == "STOP":
                    at += (place or 0) + 1
        except (ValueError, IndexError, KeyError, OverflowError, UnicodeDecodeError, AttributeError) as why:
            lost = f"the rest is no pickle ({type(why).__name__})"
        if not count:
            break
    return Pickled(tuple(call for call in calls if not _ALLOWED.match(call)), lost)

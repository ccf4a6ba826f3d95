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
_PUTS = {"BINPUT", "LONG_BINPUT", "PUT"}
_GETS = {"BINGET", "LONG_BINGET", "GET"}


class Pickled(NamedTuple):
    """What a pickle calls beyond the plain, and what could not be followed."""

    calls: tuple[str, ...]
    lost: str


class _Walk:
    """One file being walked: the last strings stand for the stack, as far as names are made of it."""

    def __init__(self) -> None:
        self.calls: dict[str, None] = {}
        self.count = 0
        self.strings: list[str] = []
        self.memo: dict[int, str] = {}

    def one(self, data: bytes) -> int:
        """Walk one pickle: the count of its bytes. Raises what `genops` raises."""
        self.strings, self.memo = [], {}
        for opcode, argument, place in pickletools.genops(data):
            self.count += 1
            if self.count > _MOST:
                raise OverflowError
            self._step(opcode.name, argument)
            if opcode.name == "STOP":
                return (place or 0) + 1
        return 0

    def _step(self, name: str, argument: object) -> None:
        if name in _STRINGS and isinstance(argument, str):
            self.strings = [*self.strings[-7:], argument]
        elif name == "MEMOIZE" and self.strings:
            self.memo[len(self.memo)] = self.strings[-1]
        elif name in _PUTS and self.strings and isinstance(argument, int):
            self.memo[argument] = self.strings[-1]
        elif name in _GETS and isinstance(argument, int):
            self.strings = [*self.strings[-7:], self.memo.get(argument, "?")]
        elif name in {"GLOBAL", "INST"}:
            self.calls[str(argument)] = None
        elif name == "STACK_GLOBAL":
            self.calls[" ".join(self.strings[-2:]) if len(self.strings) >= 2 else "an unknown name"] = None
        elif name.startswith("EXT"):
            self.calls["an extension code"] = None


def read_pickle(data: bytes) -> Pickled:
    """The calls in a pickle file, which may be several pickles in a row."""
    walk, lost, at = _Walk(), "", 0
    while at < len(data) and not lost:
        try:
            at += walk.one(data[at:])
        except OverflowError:
            lost = f"more than {_MOST} opcodes: the rest was not read"
        except (ValueError, IndexError, KeyError, AttributeError) as why:
            lost = f"the rest is no pickle ({type(why).__name__})"
    return Pickled(tuple(call for call in walk.calls if not _ALLOWED.match(call)), lost)

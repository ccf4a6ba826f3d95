"""Pickles, by their opcodes: nothing is loaded. Whatever they call that is not on a short list is told.

An allow-list, since block-lists of pickle scanners were passed by again and again (mmaitre314/picklescan#66,
trailofbits/fickling#190). Bytes after an error are read on: real loaders have run them by then.
"""

import io
import pickletools
import re
from typing import NamedTuple

_ALLOWED = re.compile(
    r"^(?:collections (?:OrderedDict|defaultdict|deque|Counter)|builtins (?:set|frozenset|list|dict|tuple|int|float|str"
    r"|bytes|bytearray|complex|slice|range|object|bool)|__builtin__ (?:set|frozenset|list|dict|object|long|unicode|str)"
    r"|copy_reg _reconstructor|copyreg (?:_reconstructor|__newobj__)|datetime \w+|decimal Decimal|fractions Fraction"
    r"|pathlib \w+|uuid UUID|numpy(?:\.\w+)* (?:_reconstruct|ndarray|dtype|scalar|_frombuffer|matrix)"
    r"|joblib\.numpy_pickle (?:NumpyArrayWrapper|NDArrayWrapper|ZNDArrayWrapper)|torch._utils _rebuild_\w+"
    r"|torch \w+Storage|_codecs encode|zoneinfo ZoneInfo(?:\._unpickle)?)$"
)
_MOST = 400_000
_NAMED = 1000
_GLOBAL = re.compile(
    rb"c([A-Za-z_][\w.]{0,80})\n([A-Za-z_][\w.]{0,80})\n"
    rb"|\x8c.([A-Za-z_][\w.]{0,80})(?:\x94|q.)?\x8c.([A-Za-z_][\w.]{0,80})(?:\x94|q.)?\x93",
    re.DOTALL,
)
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

    def one(self, stream: io.BytesIO) -> None:
        """Walk one pickle, to behind its end. Raises what `genops` raises."""
        self.strings, self.memo = [], {}
        for opcode, argument, _ in pickletools.genops(stream):
            self.count += 1
            if self.count > _MOST:
                raise OverflowError
            self._step(opcode.name, argument)

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


def _named(data: bytes) -> list[str]:
    """The names that opcodes after an array's bytes would call, wherever they stand."""
    found = [match[1] or match[3] for match in _GLOBAL.finditer(data)]
    names = [match[2] or match[4] for match in _GLOBAL.finditer(data)]
    return [f"{module.decode()} {name.decode()}" for module, name in zip(found[:_NAMED], names[:_NAMED], strict=True)]


def read_pickle(data: bytes) -> Pickled:
    """The calls in a pickle file, which may be several pickles in a row."""
    walk, lost, stream = _Walk(), "", io.BytesIO(data)
    while stream.tell() < len(data) and not lost:
        try:
            walk.one(stream)
        except OverflowError:
            lost = f"more than {_MOST} opcodes: the rest was not read"
        except (ValueError, IndexError, KeyError, AttributeError) as why:
            lost = f"the rest is no pickle ({type(why).__name__})"
    if lost:
        walk.calls.update(dict.fromkeys(_named(data)))
    return Pickled(tuple(call for call in walk.calls if not _ALLOWED.match(call)), lost)

"""Pickles, by their opcodes: nothing is loaded. Whatever they call that is not on a short list is told.

An allow-list, since block-lists of pickle scanners were passed by again and again (mmaitre314/picklescan#66,
trailofbits/fickling#190). Bytes after an error are read on: real loaders have run them by then.
"""

import builtins
import functools
import io
import itertools
import pickletools
import re
import sys
import types
from typing import NamedTuple

from sekisho.inspection.languages.folding import fold

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
_DOTTED = rb"([A-Za-z_]\w{0,80}(?:\.\w{1,80}){0,8})"
_GLOBAL = re.compile(
    rb"c" + _DOTTED + rb"\n" + _DOTTED + rb"\n"
    rb"|\x8c." + _DOTTED + rb"(?:\x94|q.)?\x8c." + _DOTTED + rb"(?:\x94|q.)?\x93",
    re.DOTALL,
)
_MADE = re.compile(rb"(?:\x94|q.)?\)\x81", re.DOTALL)
"""Behind a name: an object of it is made, and nothing called."""

_STRINGS = {"SHORT_BINUNICODE", "BINUNICODE", "UNICODE", "BINUNICODE8", "STRING", "BINSTRING", "SHORT_BINSTRING"}
_PUTS = {"BINPUT", "LONG_BINPUT", "PUT"}
_GETS = {"BINGET", "LONG_BINGET", "GET"}
_NAME = "an unknown name"
_OWN = sys.stdlib_module_names | {"__builtin__", "copy_reg"}
_ACTING = frozenset({*dir(builtins), *dir(types), *dir(functools), *dir(itertools)})


class _Named(NamedTuple):
    """A name that was looked up, on the stack."""

    name: str


_Entry = _Named | str | None
"""What is known of an object on the stack: a name, a text, or nothing."""


class Pickled(NamedTuple):
    """What a pickle calls beyond the plain, and what could not be followed."""

    calls: tuple[str, ...]
    lost: str


class _Walk:
    """One file being walked: a stack and a memo, as the loader keeps them, of what is known without loading."""

    def __init__(self) -> None:
        self.calls: dict[str, None] = {}
        self.count = 0
        self.stack: list[_Entry] = []
        self.marks: list[int] = []
        self.memo: dict[int, _Entry] = {}

    def one(self, stream: io.BytesIO) -> None:
        """Walk one pickle, to behind its end. Raises what `genops` raises."""
        self.stack, self.marks, self.memo = [], [], {}
        try:
            for opcode, argument, _ in pickletools.genops(stream):
                self.count += 1
                if self.count > _MOST:
                    raise OverflowError
                self._step(opcode, argument)
        finally:
            self._use(0)

    def _step(self, opcode: pickletools.OpcodeInfo, argument: object) -> None:
        name = opcode.name
        if name in _PUTS or name == "MEMOIZE":
            place = argument if isinstance(argument, int) else len(self.memo)
            self.memo[place] = self.stack[-1] if self.stack else None
        elif name in _GETS:
            self.stack.append(self.memo.get(argument) if isinstance(argument, int) else None)
        elif name in _STRINGS or name == "GLOBAL":
            self.stack.append(_Named(str(argument)) if name == "GLOBAL" else str(argument))
        elif name == "STACK_GLOBAL":
            self._look_up()
        elif name == "MARK":
            self.marks.append(len(self.stack))
        elif name == "POP" and self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
        elif name == "DUP":
            self.stack.extend(self.stack[-1:])
        else:
            self._act(opcode, argument)

    def _look_up(self) -> None:
        """A name made of two texts."""
        found = self.stack[-2:]
        del self.stack[-2:]
        words = [each for each in found if isinstance(each, str)]
        self.stack.append(_Named(" ".join(words) if len(words) == 2 else _NAME))

    def _act(self, opcode: pickletools.OpcodeInfo, argument: object) -> None:
        """Whatever takes objects from the stack. A name that is taken counts, but for the class of an object made."""
        name, before = opcode.name, opcode.stack_before
        if name == "INST":
            self.calls[str(argument)] = None
        elif name.startswith("EXT"):
            self.calls["an extension code"] = None
        most = len(before)
        if pickletools.markobject in before:
            most = before.index(pickletools.markobject)
            self._use(self.marks.pop() if self.marks else 0)
        taken = max(0, len(self.stack) - most)
        if name == "REDUCE" and not isinstance(self.stack[taken] if most <= len(self.stack) else None, _Named):
            self.calls[_NAME] = None
        if name.startswith("NEWOBJ") and taken < len(self.stack) and _is_foreign(self.stack[taken]):
            self.stack[taken] = None
        self._use(taken)
        self.stack.extend([None] * len(opcode.stack_after))

    def _use(self, start: int) -> None:
        """Take from the stack whatever lies there from `start` on."""
        self.calls.update({each.name: None for each in self.stack[start:] if isinstance(each, _Named)})
        del self.stack[start:]


def _is_foreign(entry: _Entry) -> bool:
    """Whether this is, if a class, none of Python's own: what is made of one, uncalled, only holds data.

    The loader makes objects of classes alone, by `__new__`. Those of Python that act on that (`map`, `FunctionType`)
    run code without another call, under whatever module they are imported.
    """
    if not isinstance(entry, _Named) or entry.name == _NAME:
        return False
    module, _, name = entry.name.partition(" ")
    return module.partition(".")[0] not in _OWN and name not in _ACTING and "." not in name


def _named(data: bytes) -> list[str]:
    """The names that opcodes after an array's bytes would call, wherever they stand."""
    found: list[str] = []
    for match in itertools.islice(_GLOBAL.finditer(data), _NAMED):
        name = f"{(match[1] or match[3]).decode()} {(match[2] or match[4]).decode()}"
        if not (_MADE.match(data, match.end()) and _is_foreign(_Named(name))):
            found.append(name)
    return found


def read_pickle(data: bytes) -> Pickled:
    """The calls in a pickle file, which may be several pickles in a row."""
    walk, lost, stream = _Walk(), "", io.BytesIO(data)
    while data[stream.tell() :].strip() and not lost:  # an editor ends a text with an empty line
        try:
            walk.one(stream)
        except OverflowError:
            lost = f"more than {_MOST} opcodes: the rest was not read"
        except (ValueError, IndexError, KeyError, AttributeError) as why:
            lost = f"the rest is no pickle ({type(why).__name__})"
    if lost:
        walk.calls.update(dict.fromkeys(_named(data)))
    return Pickled(tuple(call for call in walk.calls if not _ALLOWED.match(call)), lost)


_WRITTEN = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:(?:gA[I-X]|Y[123]|K[F-H]|eJ|H4sI)"
    r"[A-Za-z0-9+/_-]{16,}(?:\r?\n[ \t]{0,40}[A-Za-z0-9+/_-]+)*={0,2}"
    r"|(?:800[2-5]|63[5-7][0-9a-fA-F]|28[67][0-9a-fA-F])[0-9a-fA-F]{28,})"
)
"""How a pickle begins that is written as base64 (perhaps of what was compressed) or hex: by its version, by a name to
be looked up, or by a list of arguments."""

_MOST_WRITTEN, _LONGEST_WRITTEN = 20, 400_000


def written_pickles(text: str) -> list[tuple[int, str]]:
    """The calls of pickles that stand in a text as base64 or hex, each with the place where it begins."""
    found: list[tuple[int, str]] = []
    for match in itertools.islice(_WRITTEN.finditer(text), _MOST_WRITTEN):
        how = "hex" if match[0][:1] in "826" else "base64"
        raw = fold(how, match[0]) if len(match[0]) <= _LONGEST_WRITTEN else None
        if raw is not None and raw[:1] in {"\x78", "\x1f"}:
            raw = fold("inflate", raw)
        found += [(match.start(), call) for call in (read_pickle(raw.encode("latin-1")).calls if raw else ())]
    return found

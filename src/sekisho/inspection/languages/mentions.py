"""What an expression names, and what in it alone may tell that it matters."""

import re
from collections.abc import Sequence
from functools import lru_cache

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.knowledge import ADDS, VERBS
from sekisho.inspection.languages.paths import leads_to_secrets
from sekisho.inspection.languages.telling import asks_for_material

_CHANGES = frozenset({"addLocalFile", "addLocalFolder", "file", "directory"}).union(*ADDS.values())
"""Methods that change what they are called on: it then holds more, also an archive (`gathering`)."""

_TELLING = frozenset({"constructor", "eval", "Function", "child_process", "subprocess", "__import__", "__builtins__"})
_PIECES = frozenset({"join", "reverse", "concat", "replace", "replaceAll", "slice", "substr", "substring"})
_WRITTEN = frozenset({"+", "slice"})
_WORD = re.compile(r"[\w$]{4,64}")
_LONG, _SHORTEST = 80, 24
SCRAMBLED = (
    r"(?:[0-9a-f]{32,}|[0-9A-F]{32,}"
    r"|(?=[^\"'`]*\d)(?=[^\"'`]*[a-z])(?=[^\"'`]*[A-Z])[\w+/=-]{24,})"
)
"""Hex or base64 as another file may decode it; the prefilter, too, asks whether a file holds one."""

_SCRAMBLED = re.compile(SCRAMBLED, re.ASCII)
_PROGRAM = re.compile(
    r"\b(?:exec|eval|system|popen|spawn|Function|fetch|urlopen|curl|wget|iex)\b\s*[(`$-]"
    r"|\b(?:require\(|import (?:os|sys|socket|base64|subprocess|urllib|requests)\b|child_process|__import__)|\S{80}"
)
"""What a program says, and a description does not."""


def telling(text: str) -> bool:
    """Whether a text may be the name of what runs code."""
    return text in _TELLING


def handed_on(text: str) -> bool:
    """Whether another file may decode or run this text, or read what lies there: hex, base64, a path of secrets, or a
    long one that nobody wrote to be read."""
    if _SCRAMBLED.fullmatch(text) is not None or leads_to_secrets(text):
        return True
    return len(text) > _LONG and _PROGRAM.search(text) is not None


def _matters(text: str) -> bool:
    """Whether a text alone is a reason to read what it stands in."""
    return text in _TELLING or (_asks(text) if len(text) < _REPEATED else asks_for_material(text))


_REPEATED = 64
_asks = lru_cache(maxsize=16384)(asks_for_material)
"""Short texts come again and again."""


def names_server(arguments: Sequence[ir.Expression]) -> bool:
    """Whether the first of these is an address, or begins like one."""
    first = arguments[0] if arguments else None
    if isinstance(first, ir.Mix) and first.parts:
        first = first.parts[0]
    return isinstance(first, ir.Text) and first.text.startswith(("http://", "https://"))


def is_pieces(base: ir.Expression, arguments: Sequence[ir.Expression]) -> bool:
    """Whether a short word is written in pieces: `["ev", "al"].join("")`, `"lave".split("").reverse().join("")`."""
    while isinstance(base, ir.Call) and isinstance(base.function, ir.Attribute):
        base = base.function.base
    pieces: list[ir.Expression] = []
    for each in (base, *arguments):
        pieces += each.parts if isinstance(each, ir.Group) else (each,)
    texts = [each.text for each in pieces if isinstance(each, ir.Text)]
    return isinstance(base, (ir.Text, ir.Group)) and len(texts) > 1 and _WORD.fullmatch("".join(texts)) is not None


class Mentions:
    """All that is named in some expressions: `bare` names by themselves, `dotted` ones with a member.

    `telling`: something in them matters, whatever the names stand for. `texts` are the longer ones.
    """

    __slots__ = ("bare", "changed", "closures", "dotted", "members", "names", "telling", "texts")

    def __init__(self) -> None:
        self.names: list[str] = []
        self.bare: list[str] = []
        self.dotted: list[tuple[str, str]] = []
        self.members: list[str] = []
        self.changed: list[str] = []
        self.closures: list[ir.Function] = []
        self.texts: list[str] = []
        self.telling = False

    @property
    def long(self) -> bool:
        """Whether a text among them may be used by another file."""
        return any(map(handed_on, self.texts))

    def of(self, name: str) -> set[str]:
        """The members of a name."""
        return {member for base, member in self.dotted if base == name}

    def change(self, base: ir.Expression) -> None:
        """A member of this is written."""
        self.read(base)
        if isinstance(base, ir.Name):
            self.changed.append(base.id)

    def read(self, expression: ir.Expression) -> None:
        """Add all that is named in an expression: by its type, as nothing is asked more often."""
        stack = [expression]
        pop = stack.pop
        while stack:
            at = pop()
            kind = type(at)
            if kind is ir.Name:
                self.names.append(at.id)  # type: ignore[union-attr]
                self.bare.append(at.id)  # type: ignore[union-attr]
            elif kind is ir.Text:
                text = at.text  # type: ignore[union-attr]
                self.telling = self.telling or _matters(text)
                if len(text) >= _SHORTEST or leads_to_secrets(text):
                    self.texts.append(text)
            elif kind is ir.Attribute:
                name, base = at.name, at.base  # type: ignore[union-attr]
                self.members.append(name)
                if type(base) is ir.Name:
                    self.names.append(base.id)
                    self.dotted.append((base.id, name))
                else:
                    stack.append(base)
            elif kind is ir.Call:
                self._call(at, stack)  # type: ignore[arg-type]
            elif kind is ir.Group or kind is ir.Test:
                stack += at.parts  # type: ignore[union-attr]
            elif kind is ir.Closure:
                self.closures.append(at.function)  # type: ignore[union-attr, arg-type]
            else:
                self._rarer(at, stack)

    def _call(self, call: ir.Call, stack: list[ir.Expression]) -> None:
        function = call.function
        stack.append(function)
        stack += call.arguments
        if call.keywords:
            stack += [value for _, value in call.keywords]
        if isinstance(function, ir.Attribute):
            self.telling = self.telling or (function.name in VERBS and names_server(call.arguments))
            self.telling = self.telling or (function.name in _PIECES and is_pieces(function.base, call.arguments))
            if function.name in _CHANGES and isinstance(function.base, ir.Name):
                self.changed.append(function.base.id)
        elif isinstance(function, ir.Item) and not isinstance(function.key, ir.Text):
            self.telling = True

    def _rarer(self, at: ir.Expression, stack: list[ir.Expression]) -> None:
        match at:
            case ir.Mix(operator, parts):
                stack += parts
                if operator == "^" or (operator in _WRITTEN and all(type(part) is ir.Text for part in parts)):
                    self.telling = True
            case ir.Item(base, key, _):
                stack.append(base)
                if isinstance(key, ir.Text):
                    self.members.append(key.text)
                elif key is not None:
                    stack.append(key)
            case ir.Record(pairs):
                for key, value in pairs:
                    stack.append(value)
                    if key is not None and not isinstance(key, ir.Text):
                        stack.append(key)
            case ir.Spread(base):
                stack.append(base)
            case ir.Blueprint(_, bases):
                stack += bases

"""The small form that every language is lowered to: expressions and statements without control flow.

Branches and loops are dropped: whatever stands in them may happen. That forgets order, which an attacker would only use
to hide, and keeps what matters here: which value can reach which call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class Name:
    """A variable."""

    id: str


@dataclass(slots=True)
class Text:
    """A constant; bytes are one character a byte, numbers their digits."""

    text: str


@dataclass(slots=True)
class Attribute:
    """`base.name`"""

    base: Expression
    name: str
    line: int


@dataclass(slots=True)
class Item:
    """`base[key]`; a slice has no key."""

    base: Expression
    key: Expression | None
    line: int


@dataclass(slots=True)
class Call:
    """`function(arguments, name=value)`, also with `new`; a name of `*` is spread into keywords."""

    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]
    line: int


@dataclass(slots=True)
class Mix:
    """Parts joined by an operator: the value of each is in the whole.

    Text is folded for `+`, `/`, `format` (`text % values`) and `times`; `each` is a list of such elements, `sifted` a
    list of which only some are taken.
    """

    operator: str
    parts: tuple[Expression, ...]


@dataclass(slots=True)
class Test:
    """A comparison or a condition: what is decided by these parts."""

    parts: tuple[Expression, ...]
    line: int


@dataclass(slots=True)
class Group:
    """A list, or alternatives: any of the parts."""

    parts: tuple[Expression, ...]


@dataclass(slots=True)
class Spread:
    """`...base` among arguments or parts of a list: its items, one by one."""

    base: Expression


@dataclass(slots=True)
class Record:
    """A dictionary or object; a pair without key is spread."""

    pairs: tuple[tuple[Expression | None, Expression], ...]


@dataclass(slots=True)
class Closure:
    """A function as a value."""

    function: Function


@dataclass(slots=True)
class Blueprint:
    """A class as a value."""

    name: str
    bases: tuple[Expression, ...]


Expression = Name | Text | Attribute | Item | Call | Mix | Test | Group | Spread | Record | Closure | Blueprint


@dataclass(slots=True)
class Pattern:
    """Several targets at once; those with a key take that field."""

    parts: tuple[tuple[str, Target], ...]


Target = Name | Attribute | Item | Pattern


@dataclass(slots=True)
class Bind:
    """`target = value`; without a target the value is only looked at. `fresh`: the name belongs to this scope."""

    target: Target | None
    value: Expression
    fresh: bool = True


@dataclass(slots=True)
class Return:
    """`return value`, also `yield`."""

    value: Expression


@dataclass(slots=True)
class Import:
    """`name` bound to the symbol `symbol`; `*` binds all names of a module, and its symbol ends in `*` too."""

    name: str
    symbol: str


@dataclass(slots=True)
class Guard:
    """A `try` begins: what is called from here on may also arrive as its error."""


@dataclass(slots=True)
class Caught:
    """The `try` ends, and its error is bound."""

    target: Target | None


@dataclass(slots=True)
class Throw:
    """`raise`, `throw`: what the `try` around it catches."""

    value: Expression


@dataclass(slots=True)
class Share:
    """`export`: a name that importers see, and its value."""

    name: str
    value: Expression


Statement = Bind | Return | Import | Guard | Caught | Throw | Share


@dataclass(slots=True, eq=False)
class Function:
    """A function, or a module's top level (`name` is empty). `owner` is the class it is a method of."""

    name: str
    parameters: tuple[Target, ...]
    line: int
    owner: str = ""
    body: list[Statement] = field(default_factory=list)
    inner: list[Function] = field(default_factory=list)


@dataclass
class Module:
    """One lowered source: its top level, what it imports (name, line), and the lines where something was lost."""

    top: Function
    imports: list[tuple[str, int]] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)
    stands: dict[str, int] = field(default_factory=dict)
    """The line of each constant that may be hidden text; of a list of constants, by its first ones."""
    listed: dict[str, int] = field(default_factory=dict)
    """How long a list of constants is, about, in characters."""
    size: int = 0
    """Characters of the source, or bytes."""

    def constant(self, text: str, line: int) -> Expression:
        """A constant that stands on this line; letters that nobody sees are hidden text, as if a decoder gave it."""
        if len(text) >= _HIDDEN:
            self.stands.setdefault(text, line)
        if is_unseen(text):
            return Call(Name(UNSEEN), (Text(text),), (), line)
        return Text(text)

    @cached_property
    def hides(self) -> bool:
        """Whether constants in it look like hidden text, scrambled letters or lists of numbers.

        One is enough in an ordinary file. Bundles always hold a few, and decoders that have nothing to do with them: of
        a long source it takes a hundredth.
        """
        needed = max(1, (self.size - _ORDINARY) // 100)
        for text in self.stands:
            if is_scrambled(text) or _NUMBERS.fullmatch(text):
                needed -= self.listed.get(text, len(text))
                if needed <= 0:
                    return True
        return False

    def note_list(self, parts: Sequence[Expression], line: int) -> None:
        """A list of constants begins on this line."""
        if len(parts) >= _LISTED and all(isinstance(part, Text) for part in parts[:_LISTED]):
            text = listing(part.text for part in parts[:_LISTED] if isinstance(part, Text))
            self.stands.setdefault(text, line)
            self.listed[text] = max(self.listed.get(text, 0), 2 * len(parts))


_ORDINARY = 20_000
"""Characters of a file that people write."""

UNSEEN = "letters that nobody sees"
_UNSEEN = re.compile(
    "[\u200b-\u200d\u2060-\u2064\ufeff\u180e\u00ad\u115f\u1160\u3164\uffa0]{8,}|[\ufe00-\ufe0f]{4,}"
    "|[\U000e0100-\U000e01ef]{2,}|[\U000e0000-\U000e007f]{8,}"
)
_NUMBERS = re.compile(r"(?:\d{1,5}\x00){4,}\d{1,5}")
_LETTERS = re.compile(r"[\w+/=-]{16,}")
_PLAIN = re.compile(r"[\w./:@$ -]*")
_ROW = re.compile(r"[|,;]?(?:[A-Za-z]{3,}[|,;])+[A-Za-z]{3,}[|,;]?")
"""Words in a row, as patterns and settings have them."""

_NAMES = re.compile(r"[|,;]?(?:[A-Za-z][\w-]*[|,;])+[A-Za-z][\w-]*[|,;]?", re.ASCII)
"""Names in a row, some of which may be hardly words."""

_RUNS = re.compile(r"[A-Za-z]+")
_VOWELS = re.compile(r"[aeiouAEIOU]")
_FEW, _SHORT, _SHORTEST = 4, 70, 12
_HIDDEN = 8
_LISTED = 6


def is_unseen(text: str) -> bool:
    """Whether a text holds so many letters that nobody sees that they must spell something."""
    return not text.isascii() and _UNSEEN.search(text) is not None


_SPOKEN = ("<", "://", "\\s", "\\w", "\\d", "\\b", ".*", ".+", "(?", "[^")
"""Signs of markup, an address or a pattern, which people write."""


def is_scrambled(text: str) -> bool:
    """Whether a text is neither words nor a name nor a path: what only a decoder could want."""
    if len(text) < _SHORTEST or len(text) > 1_000_000 or text.count(" ") > len(text) / 12:
        return False
    if "\n" in text or "\0" in text or _ROW.fullmatch(text):
        return False
    if _NAMES.fullmatch(text) and _is_spoken(text):
        return False
    if _LETTERS.fullmatch(text):
        return bool(re.search(r"\d", text) and re.search(r"[a-z]", text) and re.search(r"[A-Z]", text)) or bool(
            re.fullmatch(r"(?:[0-9a-f]{2}){16,}|(?:[0-9A-F]{2}){16,}", text)
        )
    return (
        not _PLAIN.fullmatch(text)
        and not any(sign in text for sign in _SPOKEN)
        and not (len(text) < _SHORT and _reads(text))
    )


def is_spelt(text: str) -> bool:
    """Whether what a decoder is given is no name, path, address or sentence; by its vowels it may still be words, as it
    is where each letter was put in the place of another."""
    return is_scrambled(text) or (
        len(text) >= _SHORTEST
        and text.count(" ") <= len(text) / 12
        and not _PLAIN.fullmatch(text)
        and not any(sign in text for sign in _SPOKEN)
    )


def is_numbers(texts: Sequence[str]) -> bool:
    """Whether a list is one of so many small numbers that they may spell something."""
    return len(texts) >= _LISTED and all(text.isdecimal() and len(text) < 6 for text in texts)


def _reads(text: str) -> bool:
    """Whether a short text is words, with few signs between them; or holds hardly a letter."""
    signs = sum(not (each.isalnum() or each in "_ ") for each in text)
    return len("".join(_RUNS.findall(text))) < _FEW or (_is_spoken(text) and 4 * signs < len(text))


def _is_spoken(text: str) -> bool:
    """Whether most letters of a text are in words, by their vowels."""
    runs = _RUNS.findall(text)
    words = sum(len(run) for run in runs if len(run) > 2 and len(run) <= 4 * len(_VOWELS.findall(run)) <= 3 * len(run))
    return 2 * words > sum(map(len, runs))


def listing(texts: Iterable[str]) -> str:
    """By what a list of these constants is known in `Module.stands`."""
    return "\0".join(islice(texts, _LISTED))

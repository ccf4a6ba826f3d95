"""The small form that every language is lowered to: expressions and statements without control flow.

Branches and loops are dropped: whatever stands in them may happen. That forgets order, which an attacker would only use
to hide, and keeps what matters here: which value can reach which call.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
class Share:
    """`export`: a name that importers see, and its value."""

    name: str
    value: Expression


Statement = Bind | Return | Import | Guard | Caught | Share


@dataclass(slots=True, eq=False)
class Function:
    """A function, or a module's top level (`name` is empty). `owner` is the class it is a method of."""

    name: str
    parameters: tuple[Target, ...]
    line: int
    owner: str = ""
    body: list[Statement] = field(default_factory=list)
    inner: list[Function] = field(default_factory=list)


@dataclass(slots=True)
class Module:
    """One lowered source: its top level, what it imports (name, line), and the lines where something was lost."""

    top: Function
    imports: list[tuple[str, int]] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)
    stands: dict[str, int] = field(default_factory=dict)
    """The line of each constant that may be hidden text; of a list of constants, by its first ones."""

    def note(self, text: str, line: int) -> None:
        """A constant stands on this line."""
        if len(text) >= _HIDDEN:
            self.stands.setdefault(text, line)

    def note_list(self, parts: Sequence[Expression], line: int) -> None:
        """A list of constants begins on this line."""
        if len(parts) >= _LISTED and all(isinstance(part, Text) for part in parts[:_LISTED]):
            self.stands.setdefault(listing(part.text for part in parts[:_LISTED] if isinstance(part, Text)), line)


_HIDDEN = 8
_LISTED = 6


def listing(texts: Iterable[str]) -> str:
    """By what a list of these constants is known in `Module.stands`."""
    return "\0".join(islice(texts, _LISTED))

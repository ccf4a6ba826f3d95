"""Which statements of a source are worth reading, and what must be read with them.

Most statements of an honest source touch nothing that could matter here. One is read if it names something that may be
a source or a sink, or if it reads a name that turned out to hold such a thing; only if it then does something that
matters is everything read that it is made of. What is never read counts as unknown: whatever goes into it comes out.
"""

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from typing import NamedTuple

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.knowledge import GLOBALS, NAMESPACES, PROGRAMS, Knowledge, Role
from sekisho.inspection.languages.javascript_calls import JAVASCRIPT
from sekisho.inspection.languages.python_calls import PYTHON
from sekisho.inspection.languages.scope import Scope

Key = str | tuple[str, int]
"""A member by its name; a variable by its name and the number of the function it belongs to."""

ADDS = frozenset({"append", "appendleft", "extend", "insert", "add", "update", "push", "unshift", "set"})
"""Methods that put a value into what they are called on."""

_PASSING = frozenset({"pass", "first", "join", "replace", "format", "path", "split", "concat", "of receiver", "reverse",
                      "to string", "element", "dictionary", "bind", "call", "apply method", "pipe", "write",
                      "first callable", "partial", "apply", "bind apply", "got", ""})  # fmt: skip
"""What calls do that neither begins nor ends a flow: they matter only with what they are given."""

_TELLING_MEMBERS = frozenset({"constructor", "__dict__", "__globals__", "__builtins__", "__subclasses__", "expanduser",
                              "write_text", "write_bytes"})  # fmt: skip
_TELLING_TEXTS = frozenset({"constructor", "eval", "exec", "system", "popen", "Function", "child_process", "subprocess",
                            "os", "vm", "builtins", "__import__", "importlib", "execSync", "spawn"})  # fmt: skip
_LONG, _SHORTEST = 80, 24
_SCRAMBLED = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}|(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w+/=-]{24,}", re.ASCII)
"""Text that may be hex or base64."""


class Entry(NamedTuple):
    """A statement where it stands: in a function, within the `try` blocks of these numbers. None: its parameters."""

    statement: ir.Statement | None
    function: ir.Function
    scope: Scope
    guards: tuple[int, ...]


class Index:
    """Who reads and who writes each name of a source, without its values: statements are known by their place."""

    def __init__(self, entries: Sequence[Entry], interest: "Interest") -> None:
        self.reads: list[Set[Key]] = []
        self.writers: dict[Key, list[int]] = defaultdict(list)
        self.readers: dict[Key, list[int]] = defaultdict(list)
        self.within: dict[int, list[int]] = defaultdict(list)
        self.returns: dict[ir.Function, list[int]] = defaultdict(list)
        self.holders: dict[ir.Function, int] = {}
        self.begin: list[int] = []
        """The statements to begin with."""
        self._interest = interest
        self._owners: dict[tuple[str, int], int] = {}
        declared: dict[int, set[str]] = defaultdict(set)
        for entry in entries:
            if entry.statement is None:
                for target in entry.function.parameters:
                    _declare(target, declared[entry.scope.number])
            elif isinstance(entry.statement, ir.Import):
                declared[entry.scope.number].add(entry.statement.name)
            elif isinstance(entry.statement, (ir.Bind, ir.Caught)) and entry.statement.target is not None:
                if isinstance(entry.statement, ir.Caught) or entry.statement.fresh:
                    _declare(entry.statement.target, declared[entry.scope.number])
        self._declared = declared
        self._defined = {
            entry.statement.target.id if isinstance(entry.statement, ir.Bind) else entry.statement.name
            for entry in entries
            if entry.scope.number == 0 and _defines(entry.statement)
        }
        for place, entry in enumerate(entries):
            self._enter(place, entry)

    def _enter(self, place: int, entry: Entry) -> None:
        found = _Mentions()
        statement = entry.statement
        begins = False
        match statement:
            case None:
                begins = True
                for target in entry.function.parameters:
                    self._written(place, target, entry.scope, found)
            case ir.Bind(target, value, _):
                found.read(value)
                begins = isinstance(value, (ir.Closure, ir.Blueprint)) or _decorated(value)
                if target is not None:
                    self._written(place, target, entry.scope, found)
                    begins = begins or (found.long and entry.scope.number == 0)
            case ir.Return(value):
                found.read(value)
                self.returns[entry.function].append(place)
            case ir.Share(_, value):
                found.read(value)
                begins = True
            case ir.Import(name, _):
                begins = True
                self.writers[self.key(name, entry.scope)].append(place)
            case ir.Caught(target):
                begins = True
                if target is not None:
                    self._written(place, target, entry.scope, found)
        for function in found.closures:
            self.holders.setdefault(function, place)
        for guard in entry.guards:
            self.within[guard].append(place)
        keys: set[Key] = {self.key(name, entry.scope) for name in found.names}
        for name in found.changed:
            self.writers[self.key(name, entry.scope)].append(place)
        begins = begins or found.telling or not self._interest.members.isdisjoint(found.members)
        if not begins:
            begins = any(name in self._interest.names and self.is_known(name, entry.scope) for name in found.names)
        keys |= found.members
        self.reads.append(keys)
        for key in keys:
            self.readers[key].append(place)
        if begins:
            self.begin.append(place)

    def key(self, name: str, scope: Scope) -> Key:
        """The variable that a name means in a scope."""
        return (name, max(0, self.owner(name, scope)))

    def named(self, holder: Entry, function: ir.Function) -> Key:
        """By what a function is called, as far as its statement tells."""
        match holder.statement:
            case ir.Bind(ir.Name(name), _, _):
                return self.key(name, holder.scope)
            case ir.Bind(ir.Attribute(_, name, _), _, _):
                return name
        return function.name

    def is_known(self, name: str, scope: Scope) -> bool:
        """Whether a name may be the language's own: nothing nearer has it, and the source defines none for certain."""
        owner = self.owner(name, scope)
        return owner < 0 or (owner == 0 and name not in self._defined)

    def owner(self, name: str, scope: Scope) -> int:
        """The number of the function whose variable this is; -1 if it is nobody's."""
        known = self._owners.get((name, scope.number))
        if known is None:
            at: Scope | None = scope
            while at is not None and name not in self._declared[at.number]:
                at = at.outer
            known = self._owners[name, scope.number] = -1 if at is None else at.number
        return known

    def _written(self, place: int, target: ir.Target, scope: Scope, found: "_Mentions") -> None:
        """Note what a statement writes; the owner of a member, and a key, are read."""
        match target:
            case ir.Name(name):
                self.writers[self.key(name, scope)].append(place)
            case ir.Pattern(parts):
                for _, inner in parts:
                    self._written(place, inner, scope, found)
            case ir.Attribute(base, name, _):
                self.writers[name].append(place)
                found.change(base)
            case ir.Item(base, key, _):
                if isinstance(key, ir.Text):
                    self.writers[key.text].append(place)
                elif key is not None:
                    found.read(key)
                found.change(base)


class _Mentions:
    """What an expression names."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.members: set[str] = set()
        self.changed: set[str] = set()
        self.closures: list[ir.Function] = []
        self.telling = self.long = False

    def change(self, base: ir.Expression) -> None:
        """A member of this is written."""
        self.read(base)
        if isinstance(base, ir.Name):
            self.changed.add(base.id)

    def read(self, expression: ir.Expression) -> None:
        """Add all that is named in an expression."""
        stack = [expression]
        while stack:
            at = stack.pop()
            match at:
                case ir.Name(name):
                    self.names.add(name)
                case ir.Text(text):
                    if text in _TELLING_TEXTS:
                        self.telling = True
                    elif len(text) >= _SHORTEST and (len(text) > _LONG or scrambled(text)):
                        self.long = True
                case ir.Attribute(base, name, _):
                    self.members.add(name)
                    stack.append(base)
                case ir.Call(function, arguments, keywords, _):
                    stack.append(function)
                    stack += arguments
                    stack += [value for _, value in keywords]
                    if isinstance(function, ir.Attribute):
                        if function.name in ADDS and isinstance(function.base, ir.Name):
                            self.changed.add(function.base.id)
                    elif isinstance(function, ir.Item) and not isinstance(function.key, ir.Text):
                        self.telling = True
                case ir.Item(base, key, _):
                    stack.append(base)
                    if isinstance(key, ir.Text):
                        self.members.add(key.text)
                    elif key is not None:
                        stack.append(key)
                case ir.Mix(operator, parts):
                    stack += parts
                    if operator == "^" or (operator == "+" and all(isinstance(part, ir.Text) for part in parts)):
                        self.telling = True
                case ir.Group(parts) | ir.Test(parts):
                    stack += parts
                case ir.Spread(base):
                    stack.append(base)
                case ir.Record(pairs):
                    for key, value in pairs:
                        stack.append(value)
                        if key is not None and not isinstance(key, ir.Text):
                            stack.append(key)
                case ir.Closure(function):
                    self.closures.append(function)
                case ir.Blueprint(_, bases):
                    stack += bases


def _declare(target: ir.Target, names: set[str]) -> None:
    match target:
        case ir.Name(name):
            names.add(name)
        case ir.Pattern(parts):
            for _, inner in parts:
                _declare(inner, names)


def _defines(statement: ir.Statement | None) -> bool:
    match statement:
        case ir.Import():
            return True
        case ir.Bind(ir.Name(), ir.Closure() | ir.Blueprint(), _):
            return True
    return False


def _decorated(value: ir.Expression) -> bool:
    return isinstance(value, ir.Group) and any(isinstance(part, ir.Closure) for part in value.parts)


class Interest:
    """What may begin or end a flow in one language, by symbol, by the name of a variable and by that of a member."""

    def __init__(self, knowledge: Knowledge) -> None:
        symbols = {symbol for symbol, role in knowledge.roles.items() if matters(role)}
        symbols |= {*knowledge.homes, *knowledge.environment, *knowledge.machine, *PROGRAMS, *NAMESPACES}
        self._leading = frozenset(before for symbol in symbols for before in prefixes(symbol.partition(":")[0]))
        self._families = knowledge.families
        self.members = _TELLING_MEMBERS | {name for name, role in knowledge.methods.items() if matters(role)}
        self.known = frozenset({*knowledge.builtins, "module", "exports", "$", "jQuery"})
        self.names = frozenset(name for name in self.known if self.symbol(GLOBALS.get(name, knowledge.prefix + name)))

    def symbol(self, symbol: str) -> bool:
        """Whether this, or something under it, may begin or end a flow."""
        if symbol in self._leading or symbol.endswith(".?") or ":" in symbol:
            return True
        root, _, rest = symbol.partition(".")
        return root in self._families or f"{root}.{rest.partition('.')[0]}" in self._families


def matters(role: Role) -> bool:
    """Whether a call with this role begins or ends a flow, whatever it is given."""
    return role.source is not None or role.sink is not None or role.special not in _PASSING


def scrambled(text: str) -> bool:
    """Whether a text may be hex or base64: what another file may decode."""
    return _SCRAMBLED.fullmatch(text) is not None


def telling_text(text: str) -> bool:
    """Whether a text may be the name of what runs code."""
    return text in _TELLING_TEXTS


def prefixes(symbol: str) -> list[str]:
    """`a.b.c`: a, a.b and a.b.c"""
    parts = symbol.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


INTEREST = {each.language: Interest(each) for each in (PYTHON, JAVASCRIPT)}

"""Which statements of a source are worth reading, and what must be read with them.

Most statements of an honest source touch nothing that could matter here. One is read if it names something that may be
a source or a sink, or if it reads a name that turned out to hold such a thing; only if it then does something that
matters is everything read that it is made of. What is never read counts as unknown: whatever goes into it comes out.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.leading import MEMBERS, ROBOT, may_lead
from sekisho.inspection.languages.mentions import Mentions
from sekisho.inspection.languages.scope import Scope
from sekisho.inspection.languages.taking import is_taken
from sekisho.inspection.languages.telling import is_kept, is_material, speaks

if TYPE_CHECKING:
    from sekisho.inspection.languages.interest import Interest

Variable = tuple[str, int]
Key = str | Variable
"""A member by its name; a variable by its name and the number of the function it belongs to."""

LOADER = ir.Name("require")
"""By this name a function of JavaScript is given what loads modules, whoever calls it."""

_DEFINITIONS = (ir.Closure, ir.Blueprint)


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
        self.mentions: list[Mentions] = []
        self.writers: dict[Key, list[int]] = defaultdict(list)
        self.readers: dict[Key, list[int]] = defaultdict(list)
        self.within: dict[int, list[int]] = defaultdict(list)
        self.returns: dict[ir.Function, list[int]] = defaultdict(list)
        self.holders: dict[ir.Function, int] = {}
        self.begin: list[int] = []
        """The statements to begin with."""
        self.cloaks = False
        """Whether the source asks if a person looks."""
        self.opening: dict[ir.Function, list[int]] = defaultdict(list)
        """Those that a function begins with, once anything in it is read: its parameters and what it defines."""
        self._interest = interest
        self._keys: dict[int, dict[str, Variable]] = defaultdict(dict)
        self._declared: dict[int, set[str]] = defaultdict(set)
        self._defined: set[str] = set()
        for entry in entries:
            self._declare(entry)
        self._leading: list[int] = []
        for place, entry in enumerate(entries):
            self._enter(place, entry)
        self.cloaks = bool(self.readers.get(ROBOT))
        self.begin += self._leading if self.cloaks else ()

    def _declare(self, entry: Entry) -> None:
        """Note whose variables a statement makes."""
        statement, number = entry.statement, entry.scope.number
        match statement:
            case ir.Bind(target, value, fresh):
                if fresh and target is not None:
                    _targets(target, self._declared[number])
                if number == 0 and isinstance(target, ir.Name) and isinstance(value, _DEFINITIONS):
                    self._defined.add(target.id)
            case ir.Import(name, _):
                self._declared[number].add(name)
                if number == 0:
                    self._defined.add(name)
            case None | ir.Caught():
                for each in entry.function.parameters if statement is None else (statement.target,):
                    if each is not None:
                        _targets(each, self._declared[number])

    def _enter(self, place: int, entry: Entry) -> None:
        """Note what a statement reads and writes, and whether to begin with it."""
        found = Mentions()
        self.mentions.append(found)
        begins, opens = self._mentioned(place, entry, found)
        scope = entry.scope
        for function in found.closures:
            self.holders.setdefault(function, place)
        for guard in entry.guards:
            self.within[guard].append(place)
        for name in found.changed:
            self.writers[self.key(name, scope)].append(place)
        keys: set[Key] = {self.key(name, scope) for name in set(found.names)}
        keys.update(found.members)
        self.reads.append(keys)
        for key in keys:
            self.readers[key].append(place)
        if may_lead(found.names, found.members):
            self._leading.append(place)
        if begins or self._tells(found, scope):
            self.begin.append(place)
        elif opens:
            self.opening[entry.function].append(place)

    def _mentioned(self, place: int, entry: Entry, found: Mentions) -> tuple[bool, bool]:
        """What a statement names; whether it is one to begin with, and whether one that its function begins with."""
        statement, scope = entry.statement, entry.scope
        kind = type(statement)
        if kind is ir.Bind:
            assert isinstance(statement, ir.Bind)
            found.read(statement.value)
            if statement.target is not None:
                self._written(place, statement.target, scope, found)
            begins = scope.number == 0 and statement.target is not None and found.long
            return begins, isinstance(statement.value, _DEFINITIONS) or _decorated(statement.value)
        if kind is ir.Return:
            assert isinstance(statement, ir.Return)
            found.read(statement.value)
            self.returns[entry.function].append(place)
            return False, False
        return self._rarer(place, entry, found), True

    def _rarer(self, place: int, entry: Entry, found: Mentions) -> bool:
        """The same of other statements, with which their functions begin; whether to begin with it anyhow."""
        scope = entry.scope
        match entry.statement:
            case ir.Import(name, symbol):
                self.writers[self.key(name, scope)].append(place)
                return symbol[:1] != "<"
            case ir.Share(_, value):
                found.read(value)
                return True
            case ir.Throw(value):
                found.read(value)
            case None:
                for each in entry.function.parameters:
                    self._written(place, each, scope, found)
                    found.telling = found.telling or is_taken(each, entry.function)
                return LOADER in entry.function.parameters
            case ir.Caught(target) if target is not None:
                self._written(place, target, scope, found)
        return False

    def _tells(self, found: Mentions, scope: Scope) -> bool:
        """Whether a statement names something that may begin or end a flow."""
        interest = self._interest
        if found.telling or any(map(speaks, found.members)) or any(map(speaks, found.names)):
            return True
        if not interest.members.isdisjoint(found.members):
            return True
        return not interest.names.isdisjoint(found.names) and any(
            self.is_known(name, scope) for name in interest.names.intersection(found.names)
        )

    def key(self, name: str, scope: Scope) -> Variable:
        """The variable that a name means in a scope; one that is nobody's is the module's."""
        keys = self._keys[scope.number]
        known = keys.get(name)
        if known is None:
            at: Scope | None = scope
            while at is not None and name not in self._declared[at.number]:
                at = at.outer
            known = keys[name] = (name, 0 if at is None else at.number)
        return known

    def reading(self, variable: Variable, under: Set[str] | None) -> Iterator[int]:
        """The statements that read a variable; with `under`, those that use it bare or one of these members of it."""
        for place in self.readers.get(variable, ()):
            found = self.mentions[place]
            if under is None or variable[0] in found.bare or not under.isdisjoint(found.of(variable[0])):
                yield place

    def asked_of(self, variable: Variable) -> set[str]:
        """The members that a variable is asked for; `*` if it is used as it is."""
        found: set[str] = set()
        for place in self.readers.get(variable, ()):
            mentions = self.mentions[place]
            found |= mentions.of(variable[0])
            if variable[0] in mentions.bare:
                found.add("*")
        return found

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
        return self.key(name, scope)[1] == 0 and name not in self._defined

    def _written(self, place: int, target: ir.Target, scope: Scope, found: Mentions) -> None:
        """Note what a statement writes; the owner of a member, and a key, are read."""
        match target:
            case ir.Name(name):
                found.telling = found.telling or (is_material(name) or is_kept(name))
                self.writers[self.key(name, scope)].append(place)
            case ir.Pattern(parts):
                for _, inner in parts:
                    self._written(place, inner, scope, found)
            case ir.Attribute(base, name, _):
                if name in MEMBERS:
                    self._leading.append(place)
                self.writers[name].append(place)
                found.change(base)
            case ir.Item(base, key, _):
                if isinstance(key, ir.Text):
                    self.writers[key.text].append(place)
                elif key is not None:
                    found.read(key)
                found.change(base)


def _targets(target: ir.Target, names: set[str]) -> None:
    """The names that a target gives a value."""
    if isinstance(target, ir.Name):
        names.add(target.id)
    elif isinstance(target, ir.Pattern):
        for _, inner in target.parts:
            _targets(inner, names)


def _decorated(value: ir.Expression) -> bool:
    return isinstance(value, ir.Group) and any(isinstance(part, ir.Closure) for part in value.parts)

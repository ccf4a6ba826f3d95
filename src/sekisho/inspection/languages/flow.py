"""The engine: what flows where in one source.

Statements are read without their order, round after round, until nothing new is learned. A function is read once with
labels that stand for its parameters; each call puts the arguments in their place. What an importing file must know of a
function is that same summary (`Export`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sekisho.inspection.findings import OWN_PAGE, Export, Flow, Mark, Sight, Sink, Site, Source, Use
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.attention import LIGHT, THROWN, WHOLE
from sekisho.inspection.languages.between import PASSING, passes
from sekisho.inspection.languages.hearing import is_handler, is_own
from sekisho.inspection.languages.knowledge import SCRIPT_ELEMENT, Knowledge
from sekisho.inspection.languages.leading import MEMBERS
from sekisho.inspection.languages.reading import MOST_STEPS, Reading
from sekisho.inspection.languages.relevant import LOADER, Entry
from sekisho.inspection.languages.scope import Embedded, Scope
from sekisho.inspection.languages.taking import is_taken
from sekisho.inspection.languages.telling import MATERIAL, WALLETS, is_kept, is_material, takes_material
from sekisho.inspection.languages.values import (
    NOTHING,
    OWN,
    PARAMETER,
    Label,
    Value,
    as_part,
    held,
    union,
)

_LEADS = {"src", "href", "location"}
"""Members of a page that fetch the address they are given."""

_RUN_AS_SHOWN = {"text", "textContent", "innerText", "innerHTML", "src"}
"""Members of a script element that say what is run."""

_SHARED = "\0shared"
"""The topic of what is exported: nothing in the source itself reads it."""


class Told(NamedTuple):
    """What one statement tells."""

    flows: set[Flow]
    sights: set[Sight]
    uses: set[Use]
    embedded: set[Embedded]


class Engine(Reading):
    """One source being read: what may matter in it, then whatever was read with less than is known by now."""

    def __init__(self, module: ir.Module, knowledge: Knowledge, site: Callable[[int], Site], unit: str,
                 imported: Mapping[str, Export]) -> None:  # fmt: skip
        super().__init__(module, knowledge, site, unit, imported)
        self.told: dict[int, Told] = {}

    def run(self) -> None:
        """Read until nothing is learned any more."""
        self.begin()
        self._read_all()
        self.settled = True
        self.stale |= self.doubtful
        self._read_all()
        if self.steps > MOST_STEPS:
            self.lost.add((0, "too much to follow: some flows in it were not read to their end"))
        for flows, sights, uses, embedded in self.told.values():
            self.flows |= flows
            self.sights |= sights
            self.uses |= uses
            self.embedded |= embedded
        own = self.nearby - self.distant
        self.flows = {each._replace(detail=OWN_PAGE) if each.origin in own else each for each in self.flows}
        self._ask()
        self.readers = {}  # a table of one's own methods is a circle, which costs a search

    def _read_all(self) -> None:
        while (self.woken or (self.stale and self.telling)) and self.steps <= MOST_STEPS:
            self.complete()
            batch = sorted(self.woken | self.stale if self.telling else self.woken)
            self.woken.clear()
            for place in batch:
                self._read_entry(place, self.entries[place])

    def _ask(self) -> None:
        """The names of other files that are used in statements that were not read."""
        for owner, scope in self.numbered.items():
            for name, value in scope.names.items():
                if value.symbols:
                    members = self.index.asked_of((name, owner))
                    self.asked.update(f"{symbol}.{member}" for symbol in value.symbols for member in members)

    # What statements do

    def _read_entry(self, place: int, entry: Entry) -> None:
        self.stale.discard(place)
        if self.steps > MOST_STEPS:
            return
        self.matters = False
        self.place, self.current, self.guards = place, entry.function, entry.guards
        self.line = entry.function.line
        if entry.statement is None:
            self._parameters(entry.function, entry.scope)
        else:
            self._statement(entry.statement, entry.scope, entry.function)
        self._keep(place)
        if self.matters:
            self.wake(place, WHOLE)

    def _keep(self, place: int) -> None:
        """What a statement tells is what it told when it was last read: before, less was known of what it reads."""
        before = self.told.pop(place, None)
        if before is not None and self.steps > MOST_STEPS:  # it was not read to its end
            self.flows |= before.flows
            self.sights |= before.sights
            self.uses |= before.uses
            self.embedded |= before.embedded
        if self.flows or self.sights or self.uses or self.embedded:
            if not self._hasty():
                self.told[place] = Told(self.flows, self.sights, self.uses, self.embedded)
            self.flows, self.sights, self.uses, self.embedded = set(), set(), set(), set()

    def _hasty(self) -> bool:
        """Whether the statement at hand matters, and is read before what it is made of: it will be read again."""
        return self.matters and self.depths[self.place] == LIGHT

    def _parameters(self, function: ir.Function, scope: Scope) -> None:
        number = self.number(function)
        self.hear(~number)
        for index, target in enumerate(function.parameters):
            label = Label(PARAMETER, self.site(function.line), function=number, place=index)
            given = self.bound.get((function, index), NOTHING)
            if is_handler(function.name) and not (isinstance(target, ir.Name) and is_own(target.id)):
                given = union(given, Value(frozenset({Label(Source.NET, self.site(function.line))})))
            if target == LOADER and self.knowledge.language == "javascript":
                given = union(given, Value(symbols=("global.require",)))
            if is_taken(target, function):
                given = union(given, Value(self.by_name(MATERIAL, f"{function.owner}.{function.name}")))
            self._assign(target, union(Value(frozenset({label})), given), scope, fresh=True)

    def _statement(self, statement: ir.Statement, scope: Scope, function: ir.Function) -> None:
        match statement:
            case ir.Bind(target, value, fresh):
                self.bound_now = self.index.key(target.id, scope) if isinstance(target, ir.Name) else ""
                found = self.read(value, scope)
                if target is not None and not self._hasty():
                    self._assign(target, found, scope, fresh=fresh)
            case ir.Return(value):
                found = self.read(value, scope)
                if not self._hasty():
                    self.grow(self.returned, function, found, self.number(function))
            case ir.Import("*", symbol):
                self._import_all(symbol, scope)
            case ir.Import(name, symbol):
                self._set(scope, name, self.named(symbol))
            case ir.Caught(target):
                if target is not None and self.guards:
                    self.hear((THROWN, self.guards[-1]))
                    thrown = self.thrown.get(self.guards[-1], NOTHING)
                    self._assign(target, thrown, scope, fresh=True)
            case ir.Throw(value):
                thrown = self.read(value, scope)
                for guard in self.guards:
                    self.grow(self.thrown, guard, thrown, (THROWN, guard))
            case ir.Share(name, value):
                self.grow(self.shared, name, self.read(value, scope), _SHARED)

    def _import_all(self, symbol: str, scope: Scope) -> None:
        """`from module import *`: the names that are known to be in it."""
        self.asked.add(symbol)
        module = symbol[:-1]
        for each in self.imported:
            if each.startswith(module) and "." not in each[len(module) :]:
                self._set(scope, each[len(module) :], self.named(each))

    def _assign(self, target: ir.Target, value: Value, scope: Scope, *, fresh: bool) -> None:
        match target:
            case ir.Name(name):
                told = is_material(name) or (self.about_wallets and is_kept(name))
                if told and not value.texts and not value.functions and value is not NOTHING:
                    value = value._replace(labels=value.labels | self.by_name(MATERIAL, name))
                self._set(scope if fresh else self.holder(name, scope), name, value)
            case ir.Pattern(parts):
                for place, (key, inner) in enumerate(parts):
                    taken = value.field(key) if key else None
                    if taken is None and key:
                        taken = self.member(value, key)
                    if taken is None:
                        taken = value.items[place] if place < len(value.items) else value._replace(items=(), fields=())
                    self._assign(inner, taken, scope, fresh=fresh)
            case ir.Attribute(base, name, _):
                self._assign_member(base, name, value, scope)
            case ir.Item(base, key, _):
                names = self.read(key, scope).texts if key is not None else ()
                for name in names or ("",):
                    self._assign_member(base, name, value, scope)

    def _assign_member(self, base: ir.Expression, name: str, value: Value, scope: Scope) -> None:
        owner = self.read(base, scope)
        for symbol in owner.symbols:
            if symbol.startswith("<"):
                self._store(symbol, name, value)
            elif name:
                self._assign_known(symbol, name, value, getattr(base, "line", self.line))
            elif symbol == "module.exports":
                self.grow(self.shared, name, value, _SHARED)
        self._leads(base, name, value)
        inner = held(value.labels) | self.bulk(self.line, value)
        value = value._replace(labels=value.labels | inner) if inner else value
        if inner and isinstance(base, (ir.Attribute, ir.Item)):  # `a.b.c = x`: `a.b` holds it
            self._assign(base, Value(as_part(inner), fields=((name, value),) if name else ()), scope, fresh=False)
        if isinstance(base, ir.Name):
            holder = self.holder(base.id, scope)
            whole = value.labels
            if owner.symbols and owner.symbols[0][:1] == "<":  # its members are known by the name of its class
                value = Value(frozenset(label for label in value.labels if label.source != PARAMETER))
                whole = frozenset(label for label in value.labels if label.source in OWN or not name)
            if base.id in holder.names and (value.labels or value.functions or value.texts):
                self._set(holder, base.id, Value(whole, fields=((name, value),) if name else ()))

    def _assign_known(self, symbol: str, name: str, value: Value, line: int) -> None:
        """A member of what is no object of this source: of a module, a page, the environment, a library."""
        if value.functions and symbol.partition(".")[0] in WALLETS and takes_material(name):
            self.listens(value.functions, f"what {symbol}.{name} is given", 0)
        place = passes(f"{symbol}.{name}") if value.functions else -1
        if place >= 0:
            self.listens(value.functions, f"{PASSING}{symbol}.{name}", place)
        if symbol.partition(".")[0] in self.knowledge.families:
            self.told_before(f"{symbol}.{name}", value, line)
        if symbol == "module.exports" or (symbol == "module" and name == "exports"):
            self.grow(self.shared, name if symbol != "module" else "", value, _SHARED)
        elif symbol == "global":
            self._set(self.top, name, value)
        elif symbol in self.knowledge.environment:
            self.grow(self.store, f"{symbol}:{name}", value, f"{symbol}:{name}")
        elif symbol == SCRIPT_ELEMENT and name in _RUN_AS_SHOWN:
            self.hit(value.labels, Sink.LOAD if name == "src" else Sink.UNKNOWN, self.site(self.line))

    def told_before(self, symbol: str, value: Value, line: int) -> None:
        """A client is told what it says with each request from now on; `leaving` knows."""
        raise NotImplementedError

    def _leads(self, base: ir.Expression, name: str, value: Value) -> None:
        """A member of a page says what is fetched, where it leads, or what it shows."""
        line = getattr(base, "line", self.line)
        if name in _LEADS and any("://" in text for text in value.texts):  # `image.src = "https://…?" + secret`
            self.hit(value.labels, Sink.SEND, self.site(line))
        if name in MEMBERS and self.index.cloaks:
            self.hit(value.labels, Sink.LEAD, self.site(line))

    def _store(self, kind: str, name: str, value: Value) -> None:
        """A member of a class, and the class as a whole."""
        member = f"{kind}.{name}"
        known = self.store.get(member)
        self.grow(self.store, member, value, member)
        if self.store.get(member) is not known:
            self.moves(kind)

    def listens(self, functions: Iterable[ir.Function], detail: str, first: int) -> None:
        """Functions that take the place of others get what those are given, from a parameter on."""
        for function in functions:
            taken = Label(Source.SECRET, self.site(function.line), detail=detail[:120])
            self.see(Mark.SECRET, function.line, taken.detail)
            self.enter(function)
            for place in range(first, len(function.parameters)):
                self.grow(self.bound, (function, place), Value(frozenset({taken})), ~self.number(function))

    def _set(self, scope: Scope, name: str, value: Value) -> None:
        self.grow(scope.names, name, value, (name, scope.number))

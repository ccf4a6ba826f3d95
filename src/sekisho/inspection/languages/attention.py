"""Which statements of a source are read, and how deeply: those that may matter, and again when more is known.

A statement hears the topics it was read with. A topic that moves makes them stale; one that turns out to hold what
matters wakes all statements that read it, also those not read before (`relevant.Index` knows them by name).
"""

from collections.abc import Mapping

from sekisho.inspection.findings import Export
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.interest import INTEREST, prefixes
from sekisho.inspection.languages.knowledge import Knowledge
from sekisho.inspection.languages.mentions import telling
from sekisho.inspection.languages.relevant import Entry, Index
from sekisho.inspection.languages.scope import Scope
from sekisho.inspection.languages.seen import GETTER, PATH
from sekisho.inspection.languages.values import Value, has_origin

Topic = str | int | tuple[str, int]
"""What a statement was read with: a variable, by its name and the number of its function; a member of a class; what a
`try` caught; a function by its number (its parameters: `~number`)."""

THROWN = "\0thrown"
"""With the number of a `try`: the topic of what it caught."""

LIGHT, MADE, WHOLE = 1, 2, 3
"""How deeply a statement is read: by itself; with all that its value is made of; with what its function is given."""

WALKED = 256
"""Fields of an object that an unknown key may name."""

_MARKED = frozenset({PATH, GETTER})


class Attention:
    """The statements of a source, and which of them are to be read next."""

    def __init__(self, module: ir.Module, knowledge: Knowledge, imported: Mapping[str, Export]) -> None:
        self.module, self.knowledge, self.imported = module, knowledge, imported
        self.top = Scope(None, 0)
        self.interest = INTEREST[knowledge.language]
        self.leading = frozenset(before for symbol in imported for before in prefixes(symbol))
        self.ordered = [module.top]
        self.numbers: dict[ir.Function, int] = {module.top: 0}
        self.scopes: dict[ir.Function, Scope] = {module.top: self.top}
        self.numbered: dict[int, Scope] = {0: self.top}
        self.entries: list[Entry] = []
        self.begins: dict[ir.Function, int] = {}
        self.around: dict[ir.Function, ir.Function] = {}
        self._lay_out()
        self.index = Index(self.entries, self.interest)
        self.depths = [0] * len(self.entries)
        self.place = 0
        self.matters = False
        self.stale: set[int] = set()
        self.woken: set[int] = set()
        self.audience: dict[Topic, set[int]] = {}
        self.heated: set[ir.Function] = set()
        self.carriers: dict[ir.Function, set[Topic]] = {}
        self._opened: set[ir.Function] = set()
        self._wanted: set[ir.Function] = set()
        self._warmed: set[Topic] = set()
        self._incomplete: list[int] = []

    def _lay_out(self) -> None:
        """All statements, function by function from the outermost."""
        waiting, tries = [self.module.top], 0
        while waiting:
            function = waiting.pop()
            number = self.number(function)
            scope = self.numbered[number] = self.scopes.setdefault(function, Scope(self.top, number))
            self.begins[function] = len(self.entries)
            self.entries.append(Entry(None, function, scope, ()))
            guards: tuple[int, ...] = ()
            for statement in function.body:
                if isinstance(statement, ir.Guard):
                    tries += 1
                    guards = (*guards, tries)
                else:
                    self.entries.append(Entry(statement, function, scope, guards))
                if isinstance(statement, ir.Caught):
                    guards = guards[:-1]
            for inner in function.inner:
                self.scopes.setdefault(inner, Scope(scope, self.number(inner)))
            waiting.extend(reversed(function.inner))
            self.around.update(dict.fromkeys(function.inner, function))

    def number(self, function: ir.Function) -> int:
        """A function's number in this source."""
        number = self.numbers.get(function)
        if number is None:
            number = self.numbers[function] = len(self.numbers)
            self.ordered.append(function)
        return number

    def holder(self, name: str, scope: Scope) -> Scope:
        """Where a variable lives that a name means in a scope."""
        return self.numbered[self.index.key(name, scope)[1]]

    def begin(self) -> None:
        """Wake what is read in any case."""
        self.enter(self.module.top)
        for place in self.index.begin:
            self.wake(place)

    # What matters

    def concerns(self, symbols: tuple[str, ...]) -> bool:
        """Whether one of these symbols, or something under it, may begin or end a flow."""
        return any(self.interest.symbol(symbol) or symbol in self.leading for symbol in symbols)

    def hot(self, value: Value) -> bool:
        """Whether a value is, or may give, what matters: whoever reads it is to be read."""
        labels, texts, symbols, functions, items, fields = value
        return (
            (bool(labels) and has_origin(labels))
            or (bool(symbols) and self.concerns(symbols))
            or (bool(functions) and not self.heated.isdisjoint(functions))
            or (bool(texts) and any(map(telling, texts)))
            or any(name in _MARKED or self.hot(inner) for name, inner in fields[:WALKED])
            or any(map(self.hot, items[:WALKED]))
        )

    # What is to be read

    def wake(self, place: int, depth: int = LIGHT) -> None:
        """A statement is to be read, at least so deeply."""
        if self.depths[place] < depth:
            self.depths[place] = depth
            self.woken.add(place)
            self.enter(self.entries[place].function)
            if depth > LIGHT:
                self._incomplete.append(place)

    def enter(self, function: ir.Function) -> None:
        """Something in a function is read: so is what it begins with, and those around it."""
        at: ir.Function | None = function
        while at is not None and at not in self._opened:
            self._opened.add(at)
            for place in self.index.opening.get(at, ()):
                self.wake(place)
            at = self.around.get(at)

    def complete(self) -> None:
        """Wake whatever writes what is read by a statement that matters."""
        while self._incomplete:
            place = self._incomplete.pop()
            entry, depth = self.entries[place], self.depths[place]
            for key in self.index.reads[place]:
                for writer in self.index.writers.get(key, ()):
                    self.wake(writer, depth if self.entries[writer].function is entry.function else MADE)
            if entry.statement is None and depth == WHOLE:
                self._called(entry.function)
            elif isinstance(entry.statement, ir.Caught):
                for inner in self.index.within.get(entry.guards[-1], ()) if entry.guards else ():
                    self.wake(inner, MADE)

    def _called(self, function: ir.Function) -> None:
        """What a function is given may matter: wake the calls that are seen by its name, and where it stands."""
        holder = self.index.holders.get(function)
        if holder is not None:
            self.wake(holder, MADE)
            for reader in self.index.readers.get(self.index.named(self.entries[holder], function), ()):
                self.wake(reader, MADE)
                self.woken.add(reader)

    def want(self, function: ir.Function) -> None:
        """What a function returns is to be known."""
        if function not in self._wanted:
            self._wanted.add(function)
            for place in self.index.returns.get(function, ()):
                self.wake(place, MADE)

    def wake_all(self, function: ir.Function) -> None:
        """All that a function does is to be known, with what that is made of."""
        place = self.begins.get(function, len(self.entries))
        while place < len(self.entries) and self.entries[place].function is function:
            self.wake(place, MADE)
            place += 1

    def heat(self, function: ir.Function) -> None:
        """A function turned out to matter: so do those that call it, by whatever name."""
        if function not in self.heated:
            self.heated.add(function)
            self.want(function)
            holder = self.index.holders.get(function)
            if holder is not None:
                self.wake(holder)
            for topic in self.carriers.get(function, ()):
                self.warm(topic)

    def warm(self, topic: Topic) -> None:
        """What this topic stands for turned out to matter: whoever reads it is read."""
        self.woken |= self.audience.get(topic, set())
        if topic in self._warmed:
            return
        self._warmed.add(topic)
        if isinstance(topic, int):
            if topic >= 0:
                self.heat(self.ordered[topic])
        elif isinstance(topic, str):
            for place in self.index.readers.get(topic.rpartition(".")[2], ()):
                self.wake(place, MADE)
        else:
            self._warm_variable(topic)

    def _warm_variable(self, variable: tuple[str, int]) -> None:
        value = self.numbered[variable[1]].names.get(variable[0]) if variable[0] != THROWN else None
        under = None if value is None else self._only_under(value)
        if under is not None:  # it may yet turn out to be more
            self._warmed.discard(variable)
        for place in self.index.reading(variable, under):
            self.wake(place)

    def _only_under(self, value: Value) -> frozenset[str] | None:
        """The members by which alone a value may matter: of `import os` few do. None if it matters as it is."""
        if value.symbols and not self.leading and not self.hot(value._replace(symbols=())):
            return self.interest.only_under(value.symbols)
        return None

    # Who reads what again

    def hear(self, topic: Topic) -> None:
        """Note that the statement at hand reads this."""
        audience = self.audience.get(topic)
        if audience is None:
            self.audience[topic] = {self.place}
        else:
            audience.add(self.place)

    def moves(self, topic: Topic) -> None:
        """More is known of this: whatever was read with less is to be read again."""
        audience = self.audience.get(topic)
        if audience is not None:
            self.stale |= audience

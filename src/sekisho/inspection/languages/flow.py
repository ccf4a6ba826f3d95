"""The engine: what flows where in one source.

Statements are read without their order, round after round, until nothing new is learned. A function is read once with
labels that stand for its parameters; each call puts the arguments in their place. What an importing file must know of a
function is that same summary (`Export`).
"""

from typing import TypeVar

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.reading import MOST_STEPS, Reading
from sekisho.inspection.languages.scope import Scope
from sekisho.inspection.languages.values import (
    NOTHING,
    PARAMETER,
    Label,
    Value,
    union,
)

_Key = TypeVar("_Key")

_ROUNDS = 6


class Engine(Reading):
    """One source being read, round after round. `calls.Calls` adds what calls do."""

    def run(self) -> None:
        """Read everything until nothing is learned any more."""
        for _ in range(_ROUNDS):
            self.changed = False
            waiting = [self.module.top]
            while waiting:
                function = waiting.pop()
                self._body(function)
                waiting.extend(reversed(function.inner))
            if not self.changed or not self.telling:
                return
            if self.steps > MOST_STEPS:
                self.lost.add((0, "too much to follow: some flows in it were not read to their end"))
                return

    # What statements do

    def _body(self, function: ir.Function) -> None:
        scope = self.scopes.setdefault(function, Scope(self.top, self.number(function)))
        before, self.current, self.guards = self.current, function, []
        for index, target in enumerate(function.parameters):
            label = Label(PARAMETER, self.site(function.line), function=self.number(function), place=index)
            given = self.bound.get((function, index), NOTHING)
            self._assign(target, union(Value(frozenset({label})), given), scope, fresh=True)
        for statement in function.body:
            if self.steps > MOST_STEPS:
                break
            self._statement(statement, scope, function)
        for inner in function.inner:
            self.scopes.setdefault(inner, Scope(scope, self.number(inner)))
        self.current = before

    def _statement(self, statement: ir.Statement, scope: Scope, function: ir.Function) -> None:
        match statement:
            case ir.Bind(target, value, fresh):
                found = self.read(value, scope)
                if target is not None:
                    self._assign(target, found, scope, fresh=fresh)
            case ir.Return(value):
                self._grow(self.returned, function, self.read(value, scope))
            case ir.Import(name, symbol):
                self._set(scope, name, self.named(symbol))
            case ir.Guard():
                self.guards.append([])
            case ir.Caught(target):
                thrown = union(*self.guards.pop()) if self.guards else NOTHING
                if target is not None:
                    self._assign(target, Value(thrown.labels), scope, fresh=True)
            case ir.Share(name, value):
                self._grow(self.shared, name, self.read(value, scope))

    def _assign(self, target: ir.Target, value: Value, scope: Scope, *, fresh: bool) -> None:
        match target:
            case ir.Name(name):
                holder = scope if fresh else scope.holder(name) or self.top
                self._set(holder, name, value)
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
                self._grow(self.store, f"{symbol}.{name}", value)
            if symbol == "module.exports":
                self._grow(self.shared, name, value)
            if symbol == "module" and name == "exports":
                self._grow(self.shared, "", value)
            if symbol == "global" and name:
                self._set(self.top, name, value)
        if isinstance(base, ir.Name):
            holder = scope.holder(base.id)
            if holder is not None and (value.labels or value.functions or value.texts):
                self._set(holder, base.id, Value(value.labels, fields=((name, value),) if name else ()))

    def _set(self, scope: Scope, name: str, value: Value) -> None:
        self._grow(scope.names, name, value)

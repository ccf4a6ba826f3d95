"""What expressions are worth in one source: values, read in their scopes, and what is noted on the way."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import TYPE_CHECKING

from sekisho.inspection.findings import (
    LITERAL,
    Export,
    Mark,
    Site,
    Source,
)
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.attention import WALKED
from sekisho.inspection.languages.commands import INTERPRETERS, WRAPPERS, program_name
from sekisho.inspection.languages.folding import fold
from sekisho.inspection.languages.formats import percent, times
from sekisho.inspection.languages.holders import Held
from sekisho.inspection.languages.knowledge import (
    GLOBALS,
    NAMESPACES,
    PERHAPS_FUNCTION,
    Knowledge,
)
from sekisho.inspection.languages.picking import PATTERN, one_of, sifted
from sekisho.inspection.languages.scope import Scope
from sekisho.inspection.languages.telling import (
    MATERIAL,
    NAMES,
    WHOLE,
    is_material,
)
from sekisho.inspection.languages.values import (
    NOTHING,
    PARAMETER,
    SPREAD,
    Label,
    Value,
    as_part,
    has_origin,
    held,
    join_texts,
    labels_from,
    labels_of,
    sliced,
    texts_of,
    union,
)

if TYPE_CHECKING:
    from sekisho.inspection.languages.relevant import Key

_FOLDS: Mapping[str, Callable[[list[Value]], Value]] = {
    "format": lambda values: reduce(percent, values),
    "times": lambda values: reduce(times, values),
    "slice": lambda values: sliced(values[0], [value.texts[0] for value in values[1:]]),
    "sifted": lambda values: sifted(values[0], values[1:]),
    "pattern": lambda values: Value(fields=((PATTERN, values[0]),)),
    "each": lambda values: values[0]._replace(items=(values[0],)),
}
MOST_STEPS = 600_000
"""Expressions read in one source, all rounds together."""

_DEPTH = 180
_TURNED = 8
"""Letters of a text that hide something, turned round or put in the place of each other."""

_TAME = re.compile(
    r"global\.(?!(?:process|Function|module|require|Reflect|Bun|Deno|document|constructor|eval|\?)(?:\.|$))"
)
"""Objects of JavaScript of which no member runs text that it is given."""

_THIS, _WHOLE_WORLD = ir.Name("this"), frozenset({"eval", "Function"})
_DECIDED = {Source.SECRET, Source.MACHINE}
"""Of what a decision rests on nothing is left in its yes or no."""

_ANY = ir.Mix("%", ())
"""The key of an element when all are walked."""


def _is_well_known(key: ir.Expression | None) -> bool:
    """`x[Symbol.iterator]`: a name of the language's own."""
    return isinstance(key, ir.Attribute) and key.base == ir.Name("Symbol")


class Reading(Held):
    """One source being read, its expressions. `flow.Engine` adds statements, `calls.Calls` calls."""

    def __init__(self, module: ir.Module, knowledge: Knowledge, site: Callable[[int], Site], unit: str,
                 imported: Mapping[str, Export]) -> None:  # fmt: skip
        super().__init__(module, knowledge, site, unit, imported)
        self.guards: tuple[int, ...] = ()
        self.settled = False
        self.doubtful: set[int] = set()
        self.steps = self.depth = self.line = 0
        self.current = module.top
        self.bound_now: Key = ""
        self.readers: dict[type, Callable[[ir.Expression, Scope], Value]] = {
            ir.Name: self._name, ir.Text: self._text, ir.Attribute: self._attribute, ir.Item: self._item,
            ir.Mix: self._mix, ir.Test: self._test, ir.Group: self._group, ir.Spread: self._spread,
            ir.Record: self._record,
            ir.Closure: self._closure, ir.Blueprint: self._blueprint, ir.Call: self.call,
        }  # fmt: skip

    def call(self, expression: ir.Expression, scope: Scope) -> Value:
        """What a call gives; `calls` knows."""
        raise NotImplementedError

    # What expressions are

    def read(self, expression: ir.Expression, scope: Scope) -> Value:
        """The value of an expression."""
        self.steps += 1
        if self.steps > MOST_STEPS or self.depth > _DEPTH:
            return NOTHING
        self.depth += 1
        try:
            return self.readers[type(expression)](expression, scope)
        finally:
            self.depth -= 1

    def _name(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Name)
        name = expression.id
        key = self.index.key(name, scope)
        self.hear(key)
        value = self.numbered[key[1]].names.get(name)
        if name in self.interest.known and (key == self.bound_now or self.index.is_known(name, scope)):
            known = self.named(GLOBALS.get(name, self.knowledge.prefix + name))
            return known if value is None else union(value, known)  # perhaps it is not reassigned after all
        return NOTHING if value is None else value

    def _text(self, expression: ir.Expression, _: Scope) -> Value:
        assert isinstance(expression, ir.Text)
        return Value(texts=(expression.text,))

    def _closure(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Closure)
        self.scopes.setdefault(expression.function, Scope(scope, self.number(expression.function)))
        return Value(functions=(expression.function,))

    def _blueprint(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Blueprint)
        bases = union(*(self.read(base, scope) for base in expression.bases)) if expression.bases else NOTHING
        return Value(symbols=(f"<{expression.name}>", *bases.symbols)[:4], labels=bases.labels)

    def _attribute(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Attribute)
        return self.attribute_of(expression, self.read(expression.base, scope))

    def attribute_of(self, expression: ir.Attribute, base: Value) -> Value:
        """`base.name`, its base read already."""
        self.line = expression.line
        javascript = self.knowledge.language == "javascript"
        if javascript and expression.name == "constructor" and self._is_function(expression.base, base):
            return Value(symbols=(PERHAPS_FUNCTION if self._may_be_else(base) else "global.Function",))
        if expression.name == "__self__" and self._is_built_in(expression.base):
            return Value(symbols=("builtins",))
        value = self.member(base, expression.name)
        told = self.told_by_name(expression, base)
        return value if told is None else value._replace(labels=value.labels | told)

    def _is_function(self, expression: ir.Expression, value: Value) -> bool:
        """Whether `.constructor` of this is JavaScript's `Function`."""
        if value.functions or any(each.startswith("global.Function") for each in value.symbols):
            return True
        if isinstance(expression, (ir.Attribute, ir.Item)):
            inner = expression.base
            named = isinstance(expression, ir.Attribute) and expression.name == "constructor"
            return named or isinstance(inner, (ir.Text, ir.Group, ir.Record))
        return any(self.knowledge.role(each) is not None for each in value.symbols)

    def _is_built_in(self, expression: ir.Expression) -> bool:
        """Whether this is a name of Python's own: `print.__self__` is the module that has them all."""
        if not isinstance(expression, ir.Name) or self.knowledge.language != "python":
            return False
        return self.index.is_known(expression.id, self.top) and expression.id not in self.top.names

    def _may_be_else(self, value: Value) -> bool:
        """Whether what is a function for some who call is a list, a text or an object for others: known in the end."""
        if not any(label.source == PARAMETER for label in value.labels):
            return False
        self.doubtful.add(self.place)
        others = value.items or value.texts or value.fields
        return not self.settled or bool(others) or any(self.knowledge.role(each) is None for each in value.symbols)

    def _item(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Item)
        return self.item_of(expression, self.read(expression.base, scope), scope)

    def item_of(self, expression: ir.Item, base: Value, scope: Scope) -> Value:
        """`base[key]`, its base read already."""
        own = _is_well_known(expression.key) and "Symbol" not in self.holder("Symbol", scope).names
        if expression.key is None or own:
            return Value(base.labels) if own else base
        self.line = expression.line
        base = base._replace(labels=one_of(base.labels))
        if expression.key == _ANY and self.knowledge.language == "python":
            base = base._replace(labels=base.labels | self.bulk(expression.line, base))
            base = union(base, self._walked(base.symbols))
        elif expression.key == _ANY and self.bulk(0, base):
            return Value(self.names(expression.line))
        key = self.read(expression.key, scope)
        if any(label.detail in {WHOLE, NAMES} for label in key.labels):
            base = base._replace(labels=base.labels | self.bulk(expression.line, base))
        made = isinstance(expression.base, (ir.Closure, ir.Text, ir.Group))  # `""[name]`: is it `constructor`?
        if not isinstance(expression.key, ir.Text) and (made or self.concerns(base.symbols) or has_origin(key.labels)):
            self.matters = True
        if base.fields:
            self._decided(key.labels, expression.line)
        if expression.base == _THIS and not _WHOLE_WORLD.isdisjoint(key.texts):  # of a function that nobody owns
            return union(*(self.named(f"global.{text}") for text in key.texts))
        if any(symbol in NAMESPACES for symbol in base.symbols):
            return union(*(self._name(ir.Name(text), scope) for text in key.texts)) if key.texts else base
        if "constructor" in key.texts:
            return self.attribute_of(ir.Attribute(expression.base, "constructor", expression.line), base)
        found = self._placed(base, key)
        named = isinstance(expression.key, ir.Text) and is_material(expression.key.text) and not self.bulk(0, base)
        told = self.by_name(MATERIAL, key.texts[0]) if named and key.texts else frozenset[Label]()
        return found._replace(labels=found.labels | told) if told else found

    def _walked(self, symbols: tuple[str, ...]) -> Value:
        """What an object gives that says itself how it is walked."""
        found: list[Value] = []
        for name in (f"{symbol}.__iter__" for symbol in symbols if ">." not in symbol):
            if name[:1] != "<":
                self.asked.add(name)
                export = self.imported.get(name)
                found += [] if export is None else [Value(labels_from(export.returns, {}))]
            for function in (self.stored(name) or NOTHING).functions if name[:1] == "<" else ():
                self.want(function)
                self.hear(self.number(function))
                found.append(self.returned.get(function, NOTHING))
        return union(*found)

    def _placed(self, base: Value, key: Value) -> Value:
        """`base[2]`, or of a key that is no number."""
        if len(key.texts) == 1 and key.texts[0].isdecimal() and base.items:
            place = int(key.texts[0][:6])
            return base.items[place] if place < len(base.items) else union(*base.items)
        some = not key.texts or any(text.isdecimal() for text in key.texts)
        if some and any(symbol in self.imported for symbol in base.symbols):
            return union(self._keyed(base, key), Value(base.labels, base.texts))  # an element of another file's list
        return self._keyed(base, key)

    def _keyed(self, base: Value, key: Value) -> Value:
        """`base[key]` of an object, or any element where the key is not known."""
        if "sys.modules" in base.symbols and key.texts:
            return union(*(self.named(text) for text in key.texts))
        if key.texts and (base.symbols or base.fields) and not any("\0" in text for text in key.texts):
            return union(*(self._meant(self.member(base, text), key) for text in key.texts))
        if base.symbols and not base.items:
            roots = {symbol.partition(".")[0] for symbol in base.symbols if not _TAME.match(symbol)}
            dangerous = sorted(roots & self.knowledge.dangerous_roots)
            return Value(base.labels, symbols=tuple(f"{root}.?" for root in dangerous))
        inside = union(*base.items, *(value for _, value in base.fields[:WALKED]))
        return union(Value(base.labels, base.texts if base.items else (), functions=base.functions), inside)

    def _meant(self, member: Value, key: Value) -> Value:
        """A member that one of several keys names: of what it may be, calls that are known would be crowded out."""
        if len(key.texts) == 1:
            return member
        known = tuple(symbol for symbol in member.symbols if self.knowledge.role(symbol) is not None)
        return member._replace(symbols=known or member.symbols[:1])

    def _mix(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Mix)
        values = [self.read(part, scope) for part in expression.parts]
        all_of = self.bulk(self.line, *values) if expression.operator in {"+", "format"} else frozenset()
        if all_of:  # the text of the whole environment
            values.append(Value(as_part(all_of)))
        fold_all = _FOLDS.get(expression.operator)
        if fold_all is not None:
            folded = fold_all(values)
            backwards = expression.operator == "slice" and values[-1].texts == ("-1",)
            return self.turned(folded, values[0], self.line) if backwards else folded
        labels = labels_of(*values)
        if expression.operator == "+" and all(value.items for value in values):
            return Value(labels, items=tuple(item for value in values for item in value.items)[:4096])
        if expression.operator == "+" and values[0].items and self._is_command(values[0].items[0]):
            return Value(labels, items=tuple(item for value in values for item in value.items or (value,))[:4096])
        if expression.operator == "^" and values:
            place = self.site(self.current.line)
            return Value(labels | {Label(Source.DECODED, place)})
        whole = len(values) == 1
        kept = labels if whole else as_part(labels)
        if expression.operator not in {"+", "/"}:
            return Value(kept)
        texts = join_texts(values, "/" if expression.operator == "/" else "")
        if any("/" in text or "\\" in text for text in texts):
            stands = (self.module.stands.get(part.text) for part in expression.parts if isinstance(part, ir.Text))
            kept |= self.where(next(filter(None, stands), self.line), texts)
        return Value(kept, texts)

    def turned(self, made: Value, given: Value, line: int) -> Value:
        """What is made of a text that stands here, letter by letter, so that nobody reads it before."""
        text = next(iter(given.texts), "")
        if given.labels or len(text) < _TURNED or "\0" in text:
            return made
        place = self.site(self.module.stands.get(text, line))
        return made._replace(labels=made.labels | {Label(Source.DECODED, place, detail=LITERAL)})

    def _is_command(self, first: Value) -> bool:
        """Whether a list begins with the name of a program that takes no code: in `[name] + words` it stays the first.
        What is added to others in Python may be code."""
        known = [program_name(text) for text in first.texts if text and "\0" not in text]
        return self.knowledge.language == "python" and bool(known) and not (INTERPRETERS | WRAPPERS).intersection(known)

    def _test(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Test)
        labels = labels_of(*(self.read(part, scope) for part in expression.parts))
        self._decided(labels, expression.line)
        return Value(as_part(frozenset(each for each in held(labels) if each.source not in _DECIDED)))

    def _decided(self, labels: frozenset[Label], line: int) -> None:
        """Note a decision that rests on which machine this is."""
        for label in labels:
            if label.source == Source.MACHINE:
                self.see(Mark.GUARD, line, label.detail.partition(":")[0])

    def _group(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Group)
        values = self.listed(expression.parts, scope)[:4096]
        if not values:
            return NOTHING
        return union(*(value._replace(items=()) for value in values))._replace(items=values)

    def listed(self, parts: Iterable[ir.Expression], scope: Scope) -> tuple[Value, ...]:
        """Values in a row; a list that is spread gives its items, where they are known."""
        found: list[Value] = []
        for part in parts:
            value = self.read(part, scope)
            spread = isinstance(part, ir.Spread) and value.items
            found.extend(spread or (value,))
        return tuple(found)

    def _spread(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Spread)
        return self.read(expression.base, scope)

    def _record(self, expression: ir.Expression, scope: Scope) -> Value:
        assert isinstance(expression, ir.Record)
        fields: dict[str, Value] = {}
        labels, functions = [], []
        for key, expressed in expression.pairs[:4096]:
            value = self.read(expressed, scope)
            labels.append(value)
            functions.append(value)
            if key is None:
                fields.update(value.fields)
                if value.labels and not value.fields:  # and each that stands before it may be replaced
                    fields = {name: union(each, Value(value.labels)) for name, each in fields.items()}
                    fields[SPREAD] = union(fields.get(SPREAD, NOTHING), Value(value.labels))
                labels.append(Value(self.bulk(self.current.line, value)))
                continue
            for name in self.read(key, scope).texts or (SPREAD,):
                fields[name] = value
        whole = union(*(Value(value.labels, functions=value.functions) for value in labels)) if labels else NOTHING
        return whole._replace(labels=as_part(whole.labels), fields=tuple(sorted(fields.items(), key=lambda f: f[0])))

    def bulk(self, line: int, *values: Value) -> frozenset[Label]:
        """The label of the whole environment, where one of the values is that."""
        if any(symbol in self.knowledge.environment for value in values for symbol in value.symbols):
            self.matters = True
            return frozenset({Label(Source.SECRET, self.site(line), detail=WHOLE)})
        return frozenset()

    def folded(self, how: str, value: Value) -> tuple[str, ...]:
        """The texts of a value after a decoder."""
        return texts_of(text for each in value.texts if (text := fold(how, each)) is not None)

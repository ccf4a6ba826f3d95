"""Functions that are given to calls: what they are called with, and what they give back."""

from collections.abc import Callable, Mapping

from sekisho.inspection.findings import Export, Sink, Site, Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.attention import LIGHT
from sekisho.inspection.languages.hearing import hears
from sekisho.inspection.languages.knowledge import Knowledge
from sekisho.inspection.languages.leaving import Leaving
from sekisho.inspection.languages.seen import FAILED, Seen
from sekisho.inspection.languages.values import (
    NOTHING,
    PARAMETER,
    Label,
    Value,
    as_part,
    given_as,
    has_origin,
    labels_of,
    union,
)

_CONSUMERS = {"then", "catch", "on", "once", "finally", "map", "forEach", "pipe", "reduce", "filter", "flatMap", "find",
              "some", "every"}  # fmt: skip
_AWAITS = {"then", "catch", "finally"}
_HEARS = {"on", "once", "addListener"}
_EACH = {"map", "forEach", "flatMap", "filter", "some", "every", "find"}
_MAKES = {"map", "flatMap"}
_ANSWERED = {"filter", "forEach", "some", "every", "find"}
"""Methods whose functions answer yes or no, or nothing."""

_ELEMENTS = 64


def _functions(seen: Seen) -> list[ir.Function]:
    """The functions that a call is given, also as members of an object."""
    called = [function for value in seen.arguments for function in value.functions]
    called += [function for value in seen.arguments for _, field in value.fields for function in field.functions]
    return called + [function for value in seen.keywords.values() for function in value.functions]


def _says(expression: ir.Expression, symbol: str) -> bool:
    """Whether a function is named here, and not what it gave: a value keeps the name of the call it came from."""
    match expression:
        case ir.Name(name) | ir.Attribute(_, name, _):
            return name == symbol.rpartition(".")[2]
    return False


class Callbacks(Leaving):
    """The engine, with functions as arguments."""

    def __init__(self, module: ir.Module, knowledge: Knowledge, site: Callable[[int], Site], unit: str,
                 imported: Mapping[str, Export]) -> None:  # fmt: skip
        super().__init__(module, knowledge, site, unit, imported)
        self.events: dict[str, Value] = {}

    def callbacks(self, seen: Seen, result: Value, name: str) -> Value:
        """Functions passed as arguments are called with whatever the call has or gives."""
        self._runners(seen, name)
        if name in _HEARS or name == "emit":
            self._event(seen, name)
        called = _functions(seen)
        failed = self._failed(seen, name)
        if failed and name != "catch":  # nobody has heard of it yet
            result = union(result, Value(fields=((FAILED, Value(failed)),)))
        if not called:
            return union(result, seen.receiver._replace(functions=())) if name == "filter" else result
        role = next((role for s in seen.callee.symbols if (role := self.knowledge.role(s)) is not None), None)
        others = labels_of(result, *(value for value in seen.everything if not value.functions)) | self._heard(seen)
        if seen.callee.functions and role is None:
            return result
        back = [self._left(seen, result, name, called, others)]
        concerned = self.depths[self.place] > LIGHT or has_origin(others)
        first = seen.at(0).functions if name == "then" else ()
        for function in called:
            told = self.passed_on(others if function in first else others | failed, function, answers=False)
            number = self.number(function)
            self.hear(number)
            if concerned:
                self.want(function)
            elements = self._elements(seen, name)
            self._give(function, seen, name, told)
            returned = self.returned.get(function, NOTHING)
            if name not in _ANSWERED:
                own = (each for each in returned.labels if each.source != PARAMETER or each.function != number)
                back.append(Value(frozenset(own), returned.texts))  # its parameters were given what is in `result`
            if name == "map" and (returned.symbols or returned.functions):
                back.append(Value(items=(returned,) * len(elements)))
            elif name in _MAKES and returned.texts:
                back.append(Value(items=(Value(texts=returned.texts),) * len(elements[:_ELEMENTS])))
            back.append(self.passed.get(number, NOTHING))
        return union(*back)

    def _give(self, function: ir.Function, seen: Seen, name: str, labels: frozenset[Label]) -> None:
        """Give a function its arguments: an element of a list to those that walk one."""
        elements = self._elements(seen, name)
        lists = union(*(each._replace(labels=NOTHING.labels, texts=()) for each in elements if each.items))
        for place in range(len(function.parameters)):
            given = Value(labels, items=elements) if place or not lists.items else lists._replace(labels=labels)
            if not place and name in _EACH:
                whole = union(*elements[:_ELEMENTS]) if elements else Value(texts=seen.receiver.texts)
                given = union(given, whole._replace(labels=labels, functions=(), items=()))
            self.grow(self.bound, (function, place), given, ~self.number(function))

    def _failed(self, seen: Seen, name: str) -> frozenset[Label]:
        """What the error of a promise may be, that this one's gives on."""
        return (seen.receiver.field(FAILED) or NOTHING).labels if name in _AWAITS else NOTHING.labels

    def _left(self, seen: Seen, result: Value, name: str, called: list[ir.Function], given: frozenset[Label]) -> Value:
        """What the call itself gives, of what came of it: what a function that answers yes or no leaves of a list, or
        what `.then(function)` makes of what it is given."""
        if name == "then":
            return self._answered(result, called, given)
        if name == "filter":
            left = self.passed_on(result.labels, called[0], answers=True)
            return result._replace(labels=left, items=self._elements(seen, name))
        return union(result, *self._elements(seen, name)) if name == "find" else result

    def _answered(self, result: Value, called: list[ir.Function], given: frozenset[Label]) -> Value:
        """What a promise gives that functions are given to: what those make of it. Its error may still be anything."""
        told: set[Label] = set()
        for function in called:
            number = self.number(function)
            for label in self.returned.get(function, NOTHING).labels:
                if label.source == PARAMETER and label.function == number:
                    found = given_as(label.detail, given)
                    told |= as_part(found) if label.part else found
        failed = union(Value(result.labels), result.field(FAILED) or NOTHING)
        return result._replace(labels=frozenset(told), fields=((FAILED, failed),))

    def _runners(self, seen: Seen, name: str) -> None:
        """Functions whose text is not here, as arguments."""
        if name in _CONSUMERS:
            self._named_callbacks(seen, name)
        if not seen.callee.functions:
            self._handed_on(seen)

    def _named_callbacks(self, seen: Seen, name: str) -> None:
        """`.then(eval)`"""
        failed = Value(self._failed(seen, name) if name == "catch" else NOTHING.labels)
        for symbol in (symbol for value in seen.arguments for symbol in value.symbols):
            role = self.knowledge.role(symbol)
            if role is not None and role.sink is not None and role.sink is not Sink.SEND:
                self.hit(labels_of(seen.receiver, failed), role.sink, self.site(seen.call.line))

    def _handed_on(self, seen: Seen) -> None:
        """`setImmediate(eval, text)`, `pool.submit(exec, text)`: who is not known runs it with what else is given."""
        values = (*seen.arguments, *seen.keywords.values())
        written = (*seen.call.arguments, *(each for _, each in seen.call.keywords))
        if len(values) < 2 or len(values) != len(written):  # some were spread
            return
        for place, value in enumerate(values):
            runner = Value(symbols=tuple(each for each in value.symbols if _says(written[place], each)))
            if runner.symbols and not self.interest.runners.isdisjoint(runner.symbols):
                self._given_to(runner, (*values[:place], *values[place + 1 :]), seen)

    def _given_to(self, runner: Value, given: tuple[Value, ...], seen: Seen) -> None:
        """What runs whatever it is given is given this."""
        for symbol in self.interest.runners.intersection(runner.symbols):
            sink = self.knowledge.roles[symbol].sink
            if sink is not None:
                self.hit(labels_of(*given), sink, self.site(seen.call.line))

    def _event(self, seen: Seen, name: str) -> None:
        """`bus.on("name", function)`: `bus.emit("name", value)` calls it."""
        for event in seen.at(0).texts[:4] if len(seen.arguments) > 1 else ():
            heard = Value(functions=seen.at(1).functions, symbols=seen.at(1).symbols)
            if name in _HEARS and (heard.functions or heard.symbols):
                self.grow(self.events, event, heard, f"\0event {event}")
            elif name == "emit":
                self.hear(f"\0event {event}")
                given = Seen(seen.call, seen.callee, NOTHING, seen.arguments[1:], {}, seen.scope)
                for function in self.events.get(event, NOTHING).functions:
                    self.local(given, function)
                self._given_to(self.events.get(event, NOTHING), seen.arguments[1:], seen)

    def _heard(self, seen: Seen) -> frozenset[Label]:
        """`bot.on("message", function)`: what somebody says."""
        function = seen.call.function
        if self.knowledge.language != "javascript" or not isinstance(function, ir.Attribute):
            return frozenset()
        match function.base:
            case ir.Name(name) | ir.Attribute(_, name, _) if hears(
                function.name, name, next(iter(seen.at(0).texts), "")
            ):
                return frozenset({Label(Source.NET, self.site(seen.call.line))})
        return frozenset()

    def _elements(self, seen: Seen, name: str) -> tuple[Value, ...]:
        return seen.receiver.items if name in _CONSUMERS and seen.receiver.items else ()

    def hand_on(self, function: int, seen: Seen) -> None:
        """A parameter is called (a promise's `resolve`): what it is given comes out of the call it was passed to."""
        labels = frozenset(label for label in labels_of(*seen.arguments) if label.source != PARAMETER)
        if labels and seen.arguments:
            self.grow(self.passed, function, Value(labels), function)

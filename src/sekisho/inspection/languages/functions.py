"""Calls of functions whose text is known: of this source, and of those it imports, by their summaries."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from sekisho.inspection.findings import MADE, Origin, ParameterSink, Sink, Site, Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.attention import LIGHT
from sekisho.inspection.languages.commands import INTERPRETERS, program_name
from sekisho.inspection.languages.files import Files
from sekisho.inspection.languages.knowledge import PROGRAMS
from sekisho.inspection.languages.learned import COMMANDS
from sekisho.inspection.languages.paths import at_home
from sekisho.inspection.languages.renaming import renamed_in
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.values import (
    NOTHING,
    PARAMETER,
    READ,
    READ_AT_HOME,
    Label,
    Value,
    as_part,
    given_as,
    has_origin,
    labels_from,
    labels_of,
    lying_at,
    union,
)

_CODE_FLAGS = frozenset({"-c", "-e", "--eval", "-p", "-Command", "-EncodedCommand", "/c", "-enc"})

_READ_HERE = {Sink.CODE, Sink.DESERIALISE}
"""Ends of what lies at a path for which a file of the input is read again, as what it is made into."""

_PATH = 400
"""Characters of a path, at most."""


def _saved_there(sinks: Iterable[ParameterSink], place: int) -> frozenset[Label]:
    """What a path gives that is a parameter, where a function saves what the network says at it."""
    return frozenset(Label(Source.SAVED, each.end) for each in sinks if each.sink is Sink.SAVED and each.place == place)


class Functions(Files):
    """The engine, with functions."""

    def _positions(self, seen: Seen, function: ir.Function) -> dict[int, Value]:
        names = {target.id: place for place, target in enumerate(function.parameters) if isinstance(target, ir.Name)}
        given = dict(enumerate(seen.arguments[: len(function.parameters)]))
        last = len(function.parameters) - 1
        if last >= 0 and len(seen.arguments) > last + 1:  # all that are left over are the last one's, as a list
            rest = seen.arguments[last:]
            given[last] = union(*(each._replace(items=()) for each in rest))._replace(items=rest)
        spread = seen.keywords.get("*", NOTHING).fields  # `f(**{"name": value})`
        for key, value in (*spread, *seen.keywords.items()):
            if key in names:
                given[names[key]] = value
        return given

    def local(self, seen: Seen, function: ir.Function) -> Value:
        """A call of a function in this source."""
        given = self._positions(seen, function)
        number = self.number(function)
        self.hear(number)
        asked = self.depths[self.begins[function]] > LIGHT
        for place, value in given.items():
            if value.functions or value.texts or value.fields or value.symbols:
                hot = self.hot(value)
                if hot:
                    self.want(function)
                    self.enter(function)
                if hot or asked:
                    self.grow(self.bound, (function, place), value._replace(labels=frozenset()), ~number)
        if self.depths[self.place] > LIGHT or any(has_origin(value.labels) for value in given.values()):
            self.want(function)
        labels: set[Label] = set()
        passed: dict[int, frozenset[Label]] = {}
        sinks = tuple(self.parameter_sinks.get(number, ()))
        self.matters = self.matters or bool(sinks)
        for sink in sinks:
            if sink.place in given:
                self._end(seen, given, sink, passed)
                self._saved(seen, sink, given[sink.place])
        returned = self.returned.get(function, NOTHING)
        for label in returned.labels:
            if label.source == PARAMETER and label.function == number:
                labels |= _saved_there(sinks, label.place)
                found = given_as(label.detail, self._given(given, label.place))
                labels |= as_part(found) if label.part else found
            else:
                labels.add(label)
        if not labels:
            labels |= self._made_here(seen, returned.texts)
        if sinks:
            labels |= self._commanded(seen, given, sinks)
        return returned._replace(labels=frozenset(labels))

    def _made_here(self, seen: Seen, known: tuple[str, ...]) -> set[Label]:
        """A function of this source is given nothing but constants, and a scrambled one: what it gives was hidden."""
        told = seen.call.arguments
        if not told or not all(isinstance(each, ir.Text) for each in told):
            return set()
        hidden = [each.text for each in told if isinstance(each, ir.Text) and ir.is_scrambled(each.text)]
        if not set(known) <= set(hidden):  # its text is known
            return set()
        lines = (self.module.stands.get(text, seen.call.line) for text in hidden)
        return {Label(Source.DECODED, self.site(line), detail=MADE) for line in lines}

    def _read_there(self, returns: Iterable[Origin], given: dict[int, Value]) -> set[Label]:
        """The files of which a function of another file gives what lies there, as far as this call names them."""
        places = {each.parameter for each in returns if each.parameter >= 0 and each.detail in {READ, READ_AT_HOME}}
        return {label for place in places if place in given for label in self._named_files(given[place])}

    def _made_there(self, seen: Seen) -> set[Label]:
        """A decoder of another file is given nothing but constants, and one that only it can read."""
        rows = [each.items or (each,) for each in seen.arguments]
        texts = [[item.texts[0] if len(item.texts) == 1 and not item.labels else "" for item in row] for row in rows]
        if not texts or not all(text for row in texts for text in row):
            return set()
        hidden = [row for row in texts if any(map(ir.is_spelt, row)) or ir.is_numbers(row)]
        lines = (self.module.stands.get(text) for row in hidden for text in (row[0], ir.listing(row)))
        return (
            {Label(Source.DECODED, self.site(next(filter(None, lines), seen.call.line)), detail=MADE)}
            if hidden
            else set()
        )

    def _given(self, given: dict[int, Value], place: int) -> frozenset[Label]:
        value = given.get(place, NOTHING)
        return labels_of(value, *(inner for _, inner in value.fields), *value.items)

    def foreign(self, seen: Seen, symbol: str) -> Value:
        """A call of a function of an imported file, by its summary."""
        export = self.imported[symbol]
        self.matters = True
        values = dict(enumerate(seen.arguments))
        passed: dict[int, frozenset[Label]] = {}
        for sink in export.sinks:
            self._end(seen, values, sink, passed)
            self._saved(seen, sink, values.get(sink.place, NOTHING))
        given = {place: self._given(values, place) for place in values}
        for place in (each.parameter for each in export.returns if each.detail == READ_AT_HOME):
            named = self.where(self.line, at_home(values.get(place, NOTHING).texts))
            given[place] = given.get(place, NOTHING.labels) | named
        labels = labels_from(export.returns, given) | self._commanded(seen, values, export.sinks)
        labels = labels.union(*(_saved_there(export.sinks, each.parameter) for each in export.returns))
        labels |= self._read_there(export.returns, values)
        if any(label.source == Source.DECODED and not label.part for label in labels):
            labels |= self._made_there(seen)
        return Value(labels, symbols=seen.callee.symbols)

    def _commanded(self, seen: Seen, given: dict[int, Value], sinks: Iterable[ParameterSink]) -> frozenset[Label]:
        """The secrets that a command prints which this call names, and the function runs."""
        places = {sink.place for sink in sinks if sink.sink in COMMANDS and not sink.part}
        told = (given[place] for place in sorted(places) if place in given)
        return frozenset[Label]().union(*(self.by_command(seen, value.items, value) for value in told))

    def by_command(self, seen: Seen, words: Sequence[Value], first: Value) -> frozenset[Label]:
        """The secrets that a command prints; `leaving` knows."""
        raise NotImplementedError

    def _end(self, seen: Seen, given: dict[int, Value], sink: ParameterSink,
             passed: dict[int, frozenset[Label]]) -> None:  # fmt: skip
        """An argument ends where its parameter does. `passed`: the labels of those that were asked for already."""
        argument = given.get(sink.place, NOTHING)
        if sink.lying:
            self.hit(self._lying(seen, sink.place, argument), sink.sink, sink.end, part=sink.part)
            if sink.sink in _READ_HERE:
                self.hit(self._named_files(argument), sink.sink, sink.end)
            return
        words = argument.items
        if sink.sink is Sink.WORDS and words:
            self.start(words, sink.end)
            return
        labels = renamed_in(argument) if sink.sink is Sink.RENAMED and argument.fields else passed.get(sink.place)
        if labels is None:
            labels = passed[sink.place] = self._given(given, sink.place)
        if sink.sink in {Sink.UPLOAD, Sink.FROM_HOME}:
            texts = argument.texts if sink.sink is Sink.UPLOAD else at_home(argument.texts)
            labels |= self.where(self.line, texts)
        if words and (sink.sink is Sink.LINE or (sink.sink is Sink.SCRIPT and len(words) > 1)):
            self.hit(labels, Sink.COMMAND, sink.end, part=len(words) > 1)
        elif labels:
            self.hit(labels, sink.sink, sink.end, part=sink.part)

    def _named_files(self, path: Value) -> set[Label]:
        """The labels of the files that this call names, whose text a function runs."""
        paths = (text for text in path.texts if text.strip("\0") and len(text) < _PATH and "\n" not in text)
        return {Label(Source.FILE, self.site(self.line), detail=text) for text in paths}

    def _lying(self, seen: Seen, place: int, path: Value) -> frozenset[Label]:
        """What lies at a path that a function is given. Who names a file of this machine says not what it holds, unless
        the program writes some."""
        if not self.all_written():
            return lying_at(path.labels)
        named = frozenset(each for each in path.labels if each.source == Source.NET)
        return lying_at(path.labels).union(as_part(named), *map(self.kept, self._paths(seen, place, path)))

    def _paths(self, seen: Seen, place: int, path: Value) -> set[str]:
        """What a path is known by that a call gives."""
        told = seen.call.arguments[place : place + 1]
        return set(path.texts).union(*(self.keys(each, seen.scope) for each in told))

    def _saved(self, seen: Seen, sink: ParameterSink, path: Value) -> None:
        """A function that is called saves what the network says where this call tells it to, and not only below."""
        if sink.sink is not Sink.SAVED or sink.part:
            return
        keys = self._paths(seen, sink.place, path)
        self.note_written(keys, frozenset({Label(Source.NET, sink.end)}), (), path)

    def start(self, words: tuple[Value, ...], end: Site) -> None:
        """A program is started by a list of words: the first names it, and one may be code."""
        self.hit(words[0].labels, Sink.COMMAND, end)
        first = {program_name(text) for text in words[0].texts} | {PROGRAMS.get(each, "") for each in words[0].symbols}
        told = next((each for each in words[1:] if not any(text[:1] == "-" for text in each.texts)), NOTHING)
        saved = [each for word in (words[0], told if first & INTERPRETERS else NOTHING) for each in word.labels]
        self.hit((each._replace(part=False) for each in saved if each.source == Source.SAVED), Sink.COMMAND, end)
        for flag, code in pairwise(words):
            if any(text in _CODE_FLAGS for text in flag.texts):  # a name within fixed code is no code of its own
                self.hit(code.labels, Sink.SCRIPT, end)

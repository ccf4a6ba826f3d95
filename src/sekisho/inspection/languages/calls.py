"""What calls do to values: sources, sinks, decoders, and the functions of this source and of those it imports."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sekisho.inspection.findings import BESIDE, BYTECODE, LITERAL, NUMBERS, Export, Mark, Sink, Site, Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.attention import THROWN, WALKED
from sekisho.inspection.languages.interest import matters
from sekisho.inspection.languages.knowledge import ADDS, NET, VERBS, WAITING, Knowledge, Role
from sekisho.inspection.languages.leading import leads
from sekisho.inspection.languages.mentions import names_server
from sekisho.inspection.languages.picking import one_of
from sekisho.inspection.languages.plain_calls import is_a_sign, letters_of, made_by
from sekisho.inspection.languages.printing import credentials_of_machine
from sekisho.inspection.languages.processes import is_waiting
from sekisho.inspection.languages.renaming import told_as
from sekisho.inspection.languages.scope import Scope
from sekisho.inspection.languages.seen import FAILED, Gives, Seen
from sekisho.inspection.languages.sinks import Sinks
from sekisho.inspection.languages.taking import taken
from sekisho.inspection.languages.telling import MATERIAL
from sekisho.inspection.languages.values import (
    NOTHING,
    PARAMETER,
    Label,
    Value,
    as_part,
    has_origin,
    held,
    inner,
    labels_of,
    made_of,
    texts_of,
    union,
)

_UNKNOWN = {"bytecode": BYTECODE, "chr": NUMBERS, "charcodes": NUMBERS}
_CONSTRUCTORS = {"python": ("__init__", "__call__"), "javascript": ("constructor",)}
"""What gets the arguments where a class, or an object of one, is called: they go by one name here."""

_CLASSES = frozenset({"builtins.str", "builtins.bytes"})
"""Called as `str.lower(text)`, a method takes what follows."""

_KEYED = {"get", "delete", "head", "fetch"}
_ENV_READS = {"get", "pop", "setdefault"}
_ENV_WALKS = {"items", "values"}


class Calls(Sinks):
    """The engine, with calls."""

    def __init__(self, module: ir.Module, knowledge: Knowledge, site: Callable[[int], Site], unit: str,
                 imported: Mapping[str, Export], gives: Gives) -> None:  # fmt: skip
        super().__init__(module, knowledge, site, unit, imported)
        self.gives = gives

    def call(self, expression: ir.Expression, scope: Scope) -> Value:
        """What a call gives, and what it reaches."""
        assert isinstance(expression, ir.Call)
        expression = self._plain(expression, scope)
        seen = self._seen(expression, scope)
        name = seen.call.function.name if isinstance(seen.call.function, ir.Attribute) else ""
        results = [self.as_known(seen, symbol, name) for symbol in seen.callee.symbols]
        role_results = [result for result in results if result is not None]
        if not role_results and name:
            method = self.knowledge.methods.get(name)
            if method is not None and not seen.callee.functions:
                role_results = [self._play(method, seen, f".{name}")]
        role_results += [self.local(seen, function) for function in seen.callee.functions]
        role_results += [self.foreign(seen, symbol) for symbol in seen.callee.symbols if symbol in self.imported]
        if not role_results:
            self._made_elsewhere(seen)
        if not role_results:
            role_results = [self._unknown(seen)]
            if name in ADDS[self.knowledge.language]:
                self.adds(seen)
        if name == "constructor" and any(label.source == PARAMETER for label in seen.receiver.labels):
            self.matters = True  # whether it makes functions, those know who call
        for place in taken(seen):
            self.extend(place, Value(self.by_name(MATERIAL, place.id)), seen)
        result = self.callbacks(seen, union(*role_results), name)
        for label in seen.callee.labels:
            if label.source == PARAMETER and not label.part and not label.detail:
                self.hand_on(label.function, seen)
        if self.guards:
            self._may_throw(seen, result)
        return result

    def _plain(self, call: ir.Call, scope: Scope) -> ir.Call:
        """`getattr(x, "name")(y)` is `x.name(y)`."""
        inner = call.function
        if not (isinstance(inner, ir.Call) and isinstance(inner.function, ir.Name) and len(inner.arguments) > 1):
            return call
        if "builtins.getattr" not in self.read(inner.function, scope).symbols:
            return call
        names = self.read(inner.arguments[1], scope).texts
        if len(names) != 1 or "\0" in names[0]:
            return call
        return ir.Call(ir.Attribute(inner.arguments[0], names[0], call.line), call.arguments, call.keywords, call.line)

    def _seen(self, call: ir.Call, scope: Scope) -> Seen:
        """Read a call's parts, each once: chains of calls would cost twice as much with every link."""
        function = call.function
        receiver = NOTHING
        if isinstance(function, ir.Attribute):
            receiver = self.read(function.base, scope)
            callee = self.attribute_of(function, receiver)
        elif isinstance(function, ir.Item):
            receiver = self.read(function.base, scope)
            callee = self.item_of(function, receiver, scope)
            call = self._method_by_key(call, function, scope)
        else:
            callee = self.read(function, scope)
        arguments = self.listed(call.arguments, scope)
        keywords = {key: self.read(value, scope) for key, value in call.keywords}
        if self.index.cloaks and arguments and leads(call):
            self.hit(arguments[0].labels, Sink.LEAD, self.site(call.line))
        return Seen(call, callee, receiver, arguments, keywords, scope)

    def _may_throw(self, seen: Seen, result: Value) -> None:
        """What is called within a `try` may arrive as its error, if it comes from the network or a caller chose it."""
        labels = labels_of(result, result.field(FAILED) or NOTHING)
        thrown = labels if any(label.source == Source.NET for label in labels) else seen.given
        for guard in self.guards if thrown else ():
            self.grow(self.thrown, guard, Value(thrown), (THROWN, guard))

    def _method_by_key(self, call: ir.Call, function: ir.Item, scope: Scope) -> ir.Call:
        """`promise['then'](f)` is `promise.then(f)` in JavaScript."""
        names = self.read(function.key, scope).texts if function.key is not None else ()
        if self.knowledge.language != "javascript" or len(names) != 1 or not names[0].isidentifier():
            return call
        return replace(call, function=ir.Attribute(function.base, names[0], function.line))

    def as_known(self, seen: Seen, symbol: str, name: str) -> Value | None:
        """The call by what its symbol is known to do."""
        environment = symbol.rpartition(".")[0]
        if symbol == "os.getenv" or environment in self.knowledge.environment:
            found = self._of_environment(seen, environment or symbol, name or "get")
            if found is not None:
                return found
        if symbol in self.knowledge.homes:  # with an argument it is expanduser("~/x")
            return self.home_path(seen) if seen.arguments else Value(symbols=(symbol,), texts=("~",))
        role = self.knowledge.role(symbol)
        if symbol.startswith("<"):
            return self._made(seen, symbol)
        if symbol.endswith(".?"):
            self.matters = True
        if symbol.endswith(".?") and isinstance(seen.call.function, (ir.Item, ir.Call)):
            self.hit(labels_of(*seen.everything), Sink.UNKNOWN, self.site(seen.call.line))
        return None if role is None else self._play(role, seen, symbol)

    def _of_environment(self, seen: Seen, environment: str, name: str) -> Value | None:
        """`os.environ.get(name)`, `os.environ.items()`"""
        if name in _ENV_READS or environment == "os":
            base = "os.getenv" if environment == "os" else environment
            return union(*(self.named(f"{base}:{text}") for text in seen.at(0).texts), *seen.arguments[1:])
        if name in _ENV_WALKS and self.knowledge.language == "python":
            return Value(self.bulk(seen.call.line, Value(symbols=(environment,))))
        if name == "keys":
            return Value(self.names(seen.call.line))
        return Value(symbols=(environment,)) if name == "copy" else None

    def _made(self, seen: Seen, symbol: str) -> Value | None:
        """A class of this source is called: its constructor gets the arguments."""
        if ">." in symbol:
            return None
        made = False
        for name in _CONSTRUCTORS[self.knowledge.language]:
            for function in (self.stored(f"{symbol}.{name}") or NOTHING).functions:
                made = made or function.line > 0  # that of a data class is made up, and keeps what it is given
                self.local(seen, function)
        labels = NOTHING.labels if made else as_part(held(one_of(labels_of(*seen.everything))))
        return Value(labels, symbols=seen.callee.symbols)

    def held_by(self, value: Value) -> frozenset[Label]:
        """The labels of all members of an object of a class of this source."""
        found: frozenset[Label] = frozenset()
        for kind in (symbol for symbol in value.symbols if symbol[:1] == "<" and ">." not in symbol):
            for name in _CONSTRUCTORS[self.knowledge.language]:
                for function in (self.stored(f"{kind}.{name}") or NOTHING).functions:
                    self.wake_all(function)
            self.hear(kind)
            members = [each for at, each in self.store.items() if at.startswith(f"{kind}.")]
            found |= self.bulk(self.line, *members).union(*(each.labels for each in members))
        return as_part(found)

    def _made_elsewhere(self, seen: Seen) -> None:
        """A class of another file is called: its constructor's sinks get the arguments."""
        constructors = _CONSTRUCTORS[self.knowledge.language]
        for name in (f"{symbol}.{each}" for symbol in seen.callee.symbols for each in constructors):
            self.asked.add(name)
            if name in self.imported:
                self.foreign(seen, name)

    def _play(self, role: Role, seen: Seen, symbol: str) -> Value:
        """One role of a call: what it sinks, then what it gives."""
        if matters(role) and self._depends(role, seen, symbol):
            self.matters = True
        if symbol == "global.setInterval":
            self.see(Mark.AGAIN, seen.call.line)
        printed = NOTHING.labels if role.sink is None else self.end(role, seen)
        if role.special in self.gives:
            given = self.gives[role.special](self, seen)
            if role.source is None:
                return given
        else:
            given = NOTHING
        if role.source is not None:
            return union(self._taken(role, seen, symbol), given)
        labels = labels_of(*seen.everything)
        if symbol[:1] == "." and len(seen.arguments) > 1:  # `jwt.encode(claims, key)`
            labels = labels_of(seen.receiver, seen.arguments[0]) | made_of(labels)
        if role.sink is Sink.COMMAND:  # what a program prints is not the environment it was given
            labels = (
                frozenset(label for label in labels if label.source != Source.SECRET) | printed | self.printed(seen)
            )
        if role.sink is Sink.LOAD:
            return union(*(self.named(text.removeprefix("node:")) for text in seen.at(0).texts if len(text) < 200))
        if role.decoder:
            method = symbol[:1] == "." and _CLASSES.isdisjoint(seen.receiver.symbols)  # `x.encode("ascii")`
            values = (seen.receiver,) if method else seen.arguments or (seen.receiver,)
            texts = texts_of(text for value in values[:1] for text in self.folded(role.decoder, value))
            labels |= self.bulk(seen.call.line, *inner(values)).union(*map(self.held_by, values))
            whole = values[:1] if role.decoder == "same" else ()
            fields = (*told_as(*whole), *letters_of(role, seen, texts))
            return Value(labels, texts, items=whole[0].items if whole else (), fields=fields)
        symbols = made_by(symbol, seen)
        if role.sink is Sink.TEMPLATE:  # calling that fills it in
            symbols = ()
        elif role.sink is Sink.COMMAND and is_waiting(seen):
            symbols = (*symbols, WAITING)
        return Value(labels, symbols=symbols)

    def _depends(self, role: Role, seen: Seen, symbol: str) -> bool:
        """Whether what is read elsewhere may change what a call does: all its arguments stand in it, for most."""
        arguments = seen.call.arguments
        if role.special == "getattr":
            return not (len(arguments) > 1 and isinstance(arguments[1], ir.Text)) and self.hot(seen.at(0))
        if role.special == "far handler":  # it stands in the call that adds it
            return True
        if role.special == "codec":
            return bool(arguments or seen.keywords)
        if role.special == "timer" and seen.at(0).functions:
            return False
        return symbol[:1] == "." or bool(seen.keywords) or not all(isinstance(each, ir.Text) for each in arguments)

    def _taken(self, role: Role, seen: Seen, symbol: str) -> Value:
        """What a source gives."""
        site = self.site(seen.call.line)
        if role.source is Source.DECODED:
            labels = labels_of(*seen.everything)
            if not is_a_sign(role, seen):
                made = self.decoded(seen, known=self._is_known(seen, symbol))
                told = _UNKNOWN.get(role.decoder or role.special, "")
                known = made.detail == LITERAL or (made.detail and told != BYTECODE)
                letter = told == NUMBERS and role.decoder == "chr"  # one of them: no program until others join it
                labels |= {made if known else made._replace(detail=told, part=letter)}
            return Value(labels, self.folded(role.decoder, seen.at(0)), seen.callee.symbols)
        if role.source is Source.FILE:
            return self.read_file(seen)
        if role.source is Source.SECRET:
            self.see(Mark.SECRET, seen.call.line, symbol)
            return Value(frozenset({Label(Source.SECRET, site, detail=symbol)}))
        self.see(Mark.CALL_OUT, seen.call.line)
        fetched = frozenset(label for label in seen.receiver.labels if label.source == Source.NET)
        if fetched:  # `reply.read()`: it was fetched where the reply was asked for
            return Value(fetched, symbols=seen.callee.symbols)
        url = next(iter(seen.at(0).texts), "")
        if credentials_of_machine(url):
            self.see(Mark.SECRET, seen.call.line, url[:200])
            return Value(frozenset({Label(Source.SECRET, site, detail=url[:200])}), symbols=seen.callee.symbols)
        return Value(frozenset({Label(Source.NET, site, detail=url[:200])}), symbols=seen.callee.symbols)

    def _is_known(self, seen: Seen, symbol: str) -> bool:
        """Whether a decoder is given text that is known. What `final` is given is an encoding."""
        texts = [text for value in (seen.at(0), seen.receiver) for text in value.texts if text.strip("\0")]
        if symbol.endswith(("fromCharCode", "fromCodePoint", ".chr")):  # of a sum, one number may be known
            texts = [text for text in texts if "\0" not in text or not text.strip("\0").isdecimal()]
        return bool(texts) and not symbol.endswith(".final")

    def decoded(self, seen: Seen, *, known: bool) -> Label:
        """The label of what a decoder gives: `literal`, from where that stands, if it is `known` text."""
        texts = [text for value in (*seen.arguments[:1], seen.receiver) for text in value.texts]
        rows = (seen.at(0).items, seen.receiver.items, seen.arguments)
        texts += [ir.listing(each.texts[0] for each in row if each.texts) for row in rows]
        lines = (line for text in texts if (line := self.module.stands.get(text)) is not None)
        line = next(lines, seen.call.line) if known else seen.call.line
        return Label(Source.DECODED, self.site(line), detail=LITERAL if known else BESIDE if self.module.hides else "")

    def _unknown(self, seen: Seen) -> Value:
        """A call of which nothing is known: whatever went in may come out."""
        if isinstance(seen.call.function, ir.Attribute) and seen.call.function.name in _ENV_READS and seen.arguments:
            asked = seen.at(0).texts
            fields = [field for text in asked if (field := seen.receiver.field(text)) is not None]
            fields = fields if asked else [field for _, field in seen.receiver.fields[:WALKED]]  # any of them
            if fields:
                return union(*fields, *seen.arguments[1:])
        self.bulk(seen.call.line, *inner(seen.arguments))  # whom that is given must be known
        answer = self._asked(seen)
        if answer is not None:
            return answer
        return Value(self.carried(seen) | self.read_by_name(seen), symbols=seen.callee.symbols)

    def _asked(self, seen: Seen) -> Value | None:
        """`client.post("https://…", data)`: a client that is not known asks a server that stands here."""
        function = seen.call.function
        if not isinstance(function, ir.Attribute) or function.name not in VERBS:
            return None
        if has_origin(labels_of(*seen.arguments, *seen.keywords.values())):
            self.matters = True
        stands = names_server(seen.call.arguments)
        known = any(text.startswith(("http://", "https://")) for text in seen.at(0).texts)
        if not stands and (not known or function.name in _KEYED):  # `table.get(address)`
            return None
        self.matters = True
        return self._play(NET, seen, f".{function.name}")

"""How single calls behave that are no decoders of text."""

import re

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages import foreign_calls, ir, keeping, package_places, text_calls
from sekisho.inspection.languages.calls import Calls
from sekisho.inspection.languages.gathering import GATHERS
from sekisho.inspection.languages.harmless_calls import HARMLESS
from sekisho.inspection.languages.knowledge import WAITING
from sekisho.inspection.languages.python_taken import FAR_HANDLERS
from sekisho.inspection.languages.seen import GETTER, PATH, WRAPS, Gives, Seen
from sekisho.inspection.languages.values import (
    NOTHING,
    PARAMETER,
    Label,
    Value,
    as_part,
    held,
    inner,
    join_texts,
    labels_of,
    lying_at,
    texts_of,
    union,
)


def _get_attribute(engine: Calls, seen: Seen) -> Value:
    base = seen.at(0)
    if not seen.at(1).texts or any("\0" in text for text in seen.at(1).texts):
        roots = {symbol.partition(".")[0] for symbol in base.symbols} & engine.knowledge.dangerous_roots
        return Value(base.labels, symbols=tuple(f"{root}.?" for root in sorted(roots)))
    return union(*(engine.member(base, text) for text in seen.at(1).texts))


def _path(engine: Calls, seen: Seen) -> Value:
    start = (seen.receiver,) if seen.receiver.texts else ()
    texts = join_texts((*start, *seen.arguments), "/")
    return Value(as_part(labels_of(*seen.everything)) | engine.where(seen.call.line, texts), texts)


_ELSEWHERE = re.compile(r"[a-z][a-z\d+.-]*:|[/\\\0]", re.IGNORECASE)
"""An address that names its scheme or server, begins at the root, or whose beginning is not known."""


def _address(engine: Calls, seen: Seen) -> Value:
    """`new URL("a.txt", import.meta.url)`: a path below some folder; else whatever it is made of."""
    engine.bulk(seen.call.line, *inner(seen.arguments))
    made = Value(engine.carried(seen), symbols=seen.callee.symbols)
    match seen.call.arguments[1:2]:
        case (ir.Attribute(ir.Mix("%", ()), "url"),):  # `import.meta` has no parts
            near = Value(texts=texts_of(text for text in seen.at(0).texts if not _ELSEWHERE.match(text)))
            texts = join_texts((Value(texts=("\0",)), near), "/") if near.texts else ()
            labels = made.labels | engine.where(seen.call.line, texts)
            return made._replace(labels=labels, texts=texts)
    return made


def _getter(_: Calls, seen: Seen) -> Value:
    """`operator.attrgetter("a.b")`: a function that gives this member."""
    return Value(symbols=(GETTER,), fields=((GETTER, seen.at(0)),))


def _got(engine: Calls, seen: Seen) -> Value:
    """What such a function gives of its argument."""
    found = []
    for text in (seen.callee.field(GETTER) or NOTHING).texts:
        value = seen.at(0)
        for name in text.split(".")[:20]:
            value = engine.member(value, name)
        found.append(value)
    return union(*found)


def _element(_: Calls, seen: Seen) -> Value:
    """`next(iter(list))`: the first, where it is known."""
    value = seen.at(0)
    return value.items[0] if value.items else value


def _dictionary(_: Calls, seen: Seen) -> Value:
    """`dict(other, name=value)`"""
    named = Value(as_part(labels_of(*seen.everything)), fields=tuple(sorted(seen.keywords.items(), key=lambda f: f[0])))
    return union(named, seen.at(0))


def _write(engine: Calls, seen: Seen) -> Value:
    """`file.write(data)`, `path.write_text(data)`"""
    path = seen.receiver.field(PATH)
    engine.planted((*seen.receiver.texts, *(path.texts if path is not None else ())), seen.at(0), seen.call.line)
    if path is not None:
        engine.put(seen, set(path.texts), seen.at(0).labels, seen.at(0).texts, path)
    elif isinstance(seen.call.function, ir.Attribute):
        keys = engine.keys(seen.call.function.base, seen.scope)
        engine.put(seen, keys, seen.at(0).labels, seen.at(0).texts, seen.receiver)
        if seen.receiver.texts:
            engine.persisting(seen.receiver, seen.call.line)
    return Value(labels_of(*seen.everything), symbols=seen.callee.symbols)


def _open_path(engine: Calls, seen: Seen) -> Value:
    """`path.open("a")`: of a path that is known."""
    if seen.receiver.texts:
        return engine.read_file(seen)
    mode = "".join(seen.keywords.get("mode", seen.at(0)).texts[:1])
    lying = NOTHING.labels if set(mode) & set("wax") else lying_at(seen.receiver.labels)
    engine.telling = engine.telling or any(label.source == Source.SECRET for label in lying)
    return Value(engine.carried(seen) | as_part(lying), symbols=seen.callee.symbols)


def _write_file(engine: Calls, seen: Seen) -> Value:
    """`fs.writeFile(path, data)`"""
    engine.persisting(seen.at(0), seen.call.line)
    engine.planted(seen.at(0).texts, seen.at(1), seen.call.line)
    keys = engine.keys(seen.call.arguments[0], seen.scope) if seen.call.arguments else set()
    engine.put(seen, keys, seen.at(1).labels, seen.at(1).texts, seen.at(0))
    chosen = frozenset(label for label in seen.at(0).labels if label.source == PARAMETER)
    return Value(fields=((PATH, Value(chosen, tuple(sorted(keys)))),))


def _pipe(engine: Calls, seen: Seen) -> Value:
    """`from.pipe(to)`, `pipeline(from, ..., to)`: what is read ends where the last one writes."""
    streams = (seen.receiver, *seen.arguments) if isinstance(seen.call.function, ir.Attribute) else seen.arguments
    labels = labels_of(*(value for value in streams if not value.functions))
    for end in streams[1:]:
        path = end.field(PATH)
        if path is not None:
            engine.put(seen, set(path.texts), labels, (), path)
        if f"{WAITING}.stdin" in end.symbols:
            engine.hit(labels, Sink.COMMAND, engine.site(seen.call.line))
        roles = [engine.knowledge.role(symbol) for symbol in end.symbols]
        if any(role is not None and role.sink is Sink.SEND for role in roles):
            engine.hit(labels, Sink.SEND, engine.site(seen.call.line))
    return union(Value(labels), *streams[-1:])


def _copy(engine: Calls, seen: Seen) -> Value:
    """`shutil.copy(a, b)`: what lies in `a` then lies in `b` too."""
    if len(seen.call.arguments) > 1:
        engine.persisting(seen.at(1), seen.call.line)
        engine.note_written(engine.keys(seen.call.arguments[1], seen.scope), engine.read_file(seen).labels)
    return NOTHING


def _copy_stream(engine: Calls, seen: Seen) -> Value:
    """`shutil.copyfileobj(reply, file)`"""
    path = seen.at(1).field(PATH)
    if path is not None:
        engine.put(seen, set(path.texts), seen.at(0).labels, (), path)
    return NOTHING


def _dump(engine: Calls, seen: Seen) -> Value:
    """`json.dump(data, file)`, `print(data, file=file)`"""
    place = next((value for name, value in seen.call.keywords if name in {"file", "stream", "fp"}), None)
    if place is None and any(symbol != "builtins.print" for symbol in seen.callee.symbols):
        place = seen.call.arguments[1] if len(seen.call.arguments) > 1 else None
    if place is not None:
        made = "pickle.dump" in seen.callee.symbols
        _put_into(engine, seen, place, _pickled(engine, seen) if made else seen.at(0))
    return NOTHING


def _save(engine: Calls, seen: Seen) -> Value:
    """`picture.save(file)`, `table.to_csv(path)`"""
    if seen.call.arguments and any(label.source == Source.SECRET for label in seen.receiver.labels):
        _put_into(engine, seen, seen.call.arguments[0], seen.receiver)
    return Value(engine.carried(seen), symbols=seen.callee.symbols)


def _put_into(engine: Calls, seen: Seen, place: ir.Expression, value: Value) -> None:
    """What a file, known by its path or as it is open, or a buffer in memory holds from now on."""
    labels = labels_of(value, *inner([value])) | engine.bulk(seen.call.line, *inner([value]))
    into = engine.read(place, seen.scope)
    path = into.field(PATH)
    engine.put(seen, engine.keys(place, seen.scope).union(() if path is None else path.texts), labels, (), into)
    engine.extend(place, Value(as_part(held(labels))), seen)


def _move(engine: Calls, seen: Seen) -> Value:
    _copy(engine, seen)
    return _persist(engine, seen)


def _persist(engine: Calls, seen: Seen) -> Value:
    for value in seen.arguments:
        engine.persisting(value, seen.call.line)
    return Value(labels_of(*seen.everything), symbols=seen.callee.symbols)


_HARMLESS_IF_SAID = {"yaml", "torch"}
"""Of these, what is dangerous unless an argument says otherwise."""


def _again(engine: Calls, seen: Seen, function: Value, arguments: tuple[Value, ...],
           keywords: tuple[tuple[str, Value], ...] = ()) -> Value:  # fmt: skip
    """The call of another function that this call makes."""
    call = ir.Call(ir.Attribute(ir.Name(""), "", seen.call.line), seen.call.arguments, (), seen.call.line)
    inner = Seen(call, function, NOTHING, arguments, dict(keywords), seen.scope)
    results = [engine.as_known(inner, symbol, "") for symbol in function.symbols]
    results += [engine.local(inner, each) for each in function.functions]
    results += [engine.foreign(inner, symbol) for symbol in function.symbols if symbol in engine.imported]
    known = [result for result in results if result is not None]
    return union(*known) if known else Value(labels_of(*seen.everything))


def _call_method(engine: Calls, seen: Seen) -> Value:
    return _again(engine, seen, seen.receiver, seen.arguments[1:])


def _apply_method(engine: Calls, seen: Seen) -> Value:
    return _again(engine, seen, seen.receiver, seen.at(1).items or seen.arguments[1:])


def _apply(engine: Calls, seen: Seen) -> Value:
    rest = seen.arguments[-1].items if seen.arguments and seen.arguments[-1].items else seen.arguments[1:]
    return _again(engine, seen, seen.at(0), rest)


def _socket(_: Calls, seen: Seen) -> Value:
    """`socket.socket(family)`: one within the machine is no network."""
    local = any(symbol.endswith(".AF_UNIX") for value in seen.everything for symbol in value.symbols)
    return Value(symbols=("a socket within the machine",) if local else seen.callee.symbols)


def _retrieve(engine: Calls, seen: Seen) -> Value:
    """`urlretrieve(url, path)`"""
    if len(seen.call.arguments) > 1:
        fresh = Label(Source.NET, engine.site(seen.call.line))
        engine.put(seen, engine.keys(seen.call.arguments[1], seen.scope), frozenset({fresh}), (), seen.at(1))
    return NOTHING


def _first(_: Calls, seen: Seen) -> Value:
    return seen.at(0)


def _property(engine: Calls, seen: Seen) -> Value:
    """`@property`: the name stands for what the function gives, and is nothing that others call."""
    bare = Seen(seen.call, seen.at(0), NOTHING, (), {}, seen.scope)
    return union(*(engine.local(bare, function) for function in seen.at(0).functions))


def _wraps(_: Calls, __: Seen) -> Value:
    """`@wraps(f)`: the function below it, with the name of another, which it is never given."""
    return Value(symbols=(WRAPS,))


def _bind(_: Calls, seen: Seen) -> Value:
    return seen.receiver


def _bind_apply(engine: Calls, seen: Seen) -> Value:
    """`Function.bind.apply(Function, [null, code])`: the list holds what `bind` binds; called later, or with `new`."""
    return _again(engine, seen, seen.at(0), seen.at(1).items[1:] or seen.arguments[1:])


def _first_callable(engine: Calls, seen: Seen) -> Value:
    """`map(f, x)`, `Thread(target=f, args=(x,))`, `partial(f, x)`"""
    function = seen.keywords.get("target", seen.at(0))
    given = seen.keywords.get("args", NOTHING).items or seen.arguments[1:]
    result = _again(engine, seen, function, given, seen.keywords.get("kwargs", NOTHING).fields)
    if "chr" in {symbol.rpartition(".")[2] for symbol in function.symbols} and given and given[0].items:
        return result._replace(items=tuple(Value(texts=engine.folded("chr", item)) for item in given[0].items))
    return union(result, Value(symbols=function.symbols, functions=function.functions))


def _partial(engine: Calls, seen: Seen) -> Value:
    """`partial(f, x)`: what is bound may make a call harmless, as in `partial(yaml.load, Loader=SafeLoader)`."""
    bound = Seen(seen.call, seen.callee, seen.receiver, seen.arguments[1:], seen.keywords, seen.scope)
    told = {
        symbol: role.special for symbol in seen.at(0).symbols if (role := engine.knowledge.role(symbol)) is not None
    }
    safe = {symbol for symbol, each in told.items() if each in _HARMLESS_IF_SAID and HARMLESS[each](bound)}
    function = seen.at(0)._replace(symbols=tuple(each for each in seen.at(0).symbols if each not in safe))
    whole = (function, *bound.arguments)
    return _first_callable(engine, Seen(seen.call, seen.callee, seen.receiver, whole, seen.keywords, seen.scope))


def _logged(engine: Calls, seen: Seen) -> Value:
    """`logging.info(text)`: where a handler of this source sends its records to another machine."""
    if not engine.asked.isdisjoint(f"logging.handlers.{kind}Handler" for kind in FAR_HANDLERS):
        engine.hit(engine.sent(seen), Sink.SEND, engine.site(seen.call.line))
    return NOTHING


def _pickled(_: Calls, seen: Seen) -> Value:
    """`pickle.dumps(x)`: its instructions are of this program's making, whoever x came from."""
    foreign = (Source.NET, Source.DECODED, Source.FILE)
    return Value(frozenset(label for label in labels_of(*seen.everything) if label.source not in foreign))


GIVES: Gives = {
    **foreign_calls.GIVES,
    **text_calls.GIVES,
    **package_places.GIVES,
    "getattr": _get_attribute,
    "path": _path,
    "address": _address,
    "home path": Calls.home_path,
    "getter": _getter,
    "got": _got,
    "element": _element,
    "dictionary": _dictionary,
    "retrieve": _retrieve,
    "socket": _socket,
    "first": _first,
    "open path": _open_path,
    "write": _write,
    "write file": _write_file,
    "pipe": _pipe,
    "persist": _persist,
    "copy": _copy,
    "copy stream": _copy_stream,
    "dump": _dump,
    "save": _save,
    "move": _move,
    "call": _call_method,
    "apply method": _apply_method,
    "apply": _apply,
    "property": _property,
    "wraps": _wraps,
    "bind": _bind,
    "bind apply": _bind_apply,
    "first callable": _first_callable,
    "partial": _partial,
    "pickled": _pickled,
    "logged": _logged,
    **GATHERS,
    **keeping.GIVES,
}

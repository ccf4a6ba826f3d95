"""Calls that bring in what is not here: archives, tables behind an address, debuggers, sockets, packages."""

import re
import shlex
from collections.abc import Callable

from sekisho.inspection.findings import Mark, Sink, Source, Use
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.calls import Calls
from sekisho.inspection.languages.knowledge import SAVED, STORED, VISITOR
from sekisho.inspection.languages.python_objects import FAR_END, UNSAFE
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.languages.seen import PATH, Seen
from sekisho.inspection.languages.telling import OPENED
from sekisho.inspection.languages.temporary import SHARED, place
from sekisho.inspection.languages.values import NOTHING, SPREAD, Label, Value, labels_of

_HERE = ("localhost", "127.0.0.1", "::1")


def _unpack(engine: Calls, seen: Seen) -> Value:
    """`archive.extractall(folder)`, `tar.x({file, cwd})`: what was in the archive then lies in the folder."""
    by_method = isinstance(seen.call.function, ir.Attribute) and bool(seen.receiver.labels)
    first = 0 if by_method else 1
    options = [value for value in seen.arguments if value.fields and not value.texts]
    source = seen.receiver if by_method else seen.at(0)
    texts = [text for value in options for key in ("file", "src") for text in (value.field(key) or NOTHING).texts]
    labels = source.labels.union(*(engine.kept(text) for text in (*source.texts, *texts)))
    told = [text for value in options for key in ("cwd", "C", "dir") for text in (value.field(key) or NOTHING).texts]
    keys = {*told, *seen.keywords.get("path", NOTHING).texts}
    if first < len(seen.call.arguments) and not options:
        keys |= engine.keys(seen.call.arguments[first], seen.scope)
    engine.note_written(keys or {"."}, labels)
    return NOTHING


def _by_address(engine: Calls, seen: Seen) -> Value:
    """`pandas.read_csv(x)`: from the network, where x is an address."""
    remote = any(text.startswith(("http://", "https://", "ftp://")) for text in seen.at(0).texts)
    fresh = frozenset({Label(Source.NET, engine.site(seen.call.line))}) if remote else frozenset[Label]()
    return Value(labels_of(*seen.everything) | fresh, symbols=seen.callee.symbols)


def _blob(_: Calls, seen: Seen) -> Value:
    """`URL.createObjectURL(new Blob([text]))`: an address of the text itself."""
    return Value(labels_of(*seen.everything), ("blob:",))


def _door(engine: Calls, seen: Seen) -> Value:
    """A debugger listens, or is led to another machine."""
    values = [*seen.arguments, *seen.keywords.values()]
    texts = [text for value in values for each in (value, *value.items) for text in each.texts]
    everyone = any(text in {"0.0.0.0", "::", "*"} for text in texts)  # noqa: S104  # told, not bound
    elsewhere = any("." in text and not text.replace(".", "").isdecimal() and text not in _HERE for text in texts)
    if everyone:
        engine.see(Mark.DOOR, seen.call.line, "a debugger that anyone on the network may use")
    elif elsewhere:
        engine.see(Mark.OBEY, seen.call.line, "a debugger on another machine says what is run")
    return NOTHING


def _tied(engine: Calls, seen: Seen) -> Value:
    """`os.dup2(socket.fileno(), 0)`: what this program reads comes from a server."""
    standard = not {"0", "1", "2"}.isdisjoint(seen.at(1).texts)
    if standard and any(symbol.startswith("socket.") for symbol in seen.at(0).symbols):
        engine.see(Mark.OBEY, seen.call.line, "a shell whose commands come from a server")
    return NOTHING


def _pip(engine: Calls, seen: Seen) -> Value:
    """`pip.main(["install", name])`, `easy_install.main([name])`"""
    words = [item.texts[0] if item.texts else "$_" for item in seen.at(0).items]
    words = words if "install" in words else ["install", *words]
    engine.embedded.add(Embedded("shell", shlex.join(["pip", *words]), seen.call.line))
    return NOTHING


def _yaml_reader(_: Calls, seen: Seen) -> Value:
    """`YAML(typ="unsafe")`: of ruamel's readers the one that makes any object."""
    kinds = seen.keywords.get("typ", seen.at(0))
    told = {text for value in (kinds, *kinds.items) for text in value.texts}
    return Value(symbols=(UNSAFE,) if "unsafe" in told else seen.callee.symbols)


def _connection(_: Calls, seen: Seen) -> Value:
    """`Client((host, port))`: within one machine a program only hears itself."""
    hosts = seen.at(0).items[0].texts if seen.at(0).items else ()
    far = any("." in host and host not in _HERE for host in hosts)
    return Value(symbols=(FAR_END,) if far else seen.callee.symbols)


def _heard_objects(engine: Calls, seen: Seen) -> Value:
    """`socket.recv_pyobj()`: what another machine sends is made into objects as it arrives."""
    here = engine.site(seen.call.line)
    heard = frozenset({Label(Source.NET, here)})
    engine.hit(heard, Sink.DESERIALISE, here)
    return Value(heard)


def _write_fd(engine: Calls, seen: Seen) -> Value:
    """`os.write(number, data)`"""
    if seen.call.arguments:
        keys = engine.keys(seen.call.arguments[0], seen.scope)
        engine.note_written(keys.union((seen.at(0).field(PATH) or NOTHING).texts), seen.at(1).labels)
    return NOTHING


def _temporary_file(_: Calls, seen: Seen) -> Value:
    """`mkstemp()` gives a number and a path, `NamedTemporaryFile()` an open file that has one."""
    path = Value(texts=(place(seen.call.line),))
    opened = Value(symbols=seen.callee.symbols, fields=((PATH, path), ("name", path)))
    pair = any(symbol.endswith("mkstemp") for symbol in seen.callee.symbols)
    return Value(symbols=seen.callee.symbols, items=(opened, path)) if pair else opened


_WITHIN = re.compile(r"(?:\.{0,2}/(?!/)|[\w-][\w.-]*/)")
"""An address begins without a server."""


def _asks(engine: Calls, seen: Seen) -> Value:
    """`request.open("GET", address)`: of the server that the page came from, or of another."""
    own = bool(seen.at(1).texts) and all(map(_WITHIN.match, seen.at(1).texts))
    asked = {label.site for label in seen.receiver.labels if label.source == Source.NET}
    (engine.nearby if own else engine.distant).update(asked)
    return NOTHING


def _temporary(_: Calls, seen: Seen) -> Value:
    """`mkdtemp()`, `TemporaryDirectory()`, `os.tmpdir()`: a folder of its own, which is known by where it was made."""
    shared = any(symbol.endswith(("tmpdir", "gettempdir")) for symbol in seen.callee.symbols)
    text = (SHARED if shared else place(seen.call.line),)
    return Value(texts=text, symbols=seen.callee.symbols, fields=(("name", Value(texts=text)),))


def _document(engine: Calls, seen: Seen) -> Value:
    """`document.getText()` in an extension of an editor: all of a file that its user has open, whichever it is."""
    extends = any(name == "vscode" for name, _ in engine.module.imports)
    if seen.arguments or not extends:
        return Value(labels_of(*seen.everything), symbols=seen.callee.symbols)
    opened = Label(Source.SECRET, engine.site(seen.call.line), detail=OPENED)
    return Value(labels_of(seen.receiver) | {opened})


def _of_others(engine: Calls, seen: Seen) -> Value:
    """`torch.hub.load(repository)`, `from_pretrained(name, trust_remote_code=True)`: programs by name."""
    here, known = engine.site(seen.call.line), seen.keywords.get("source", NOTHING).texts
    trusted = "1" in seen.keywords.get("trust_remote_code", NOTHING).texts
    hub = any(symbol == "torch.hub.load" for symbol in seen.callee.symbols) and "local" not in known
    if trusted or hub:
        engine.hit({Label(Source.NET, here, part=True)}, Sink.LOAD, here)
    return Value(labels_of(*seen.everything), symbols=seen.callee.symbols)


def _stored(engine: Calls, seen: Seen) -> Value:
    """`redis.get(key)`, `cursor.fetchone()`, `collection.findOne()`: whoever writes to the store says what it is."""
    return Value(
        frozenset({Label(Source.NET, engine.site(seen.call.line), detail=STORED)}), symbols=seen.callee.symbols
    )


def _visited(engine: Calls, seen: Seen) -> Value:
    """`app.use((request, reply) => …)`, `flask.request.get_json()`: what a visitor asks is given to the functions."""
    return Value(
        frozenset({Label(Source.NET, engine.site(seen.call.line), detail=VISITOR)}), symbols=seen.callee.symbols
    )


def _saved(engine: Calls, seen: Seen) -> Value:
    """`hf_hub_download(repository, name)`, `get_file(name, address)`: the path at which something was saved."""
    fresh = Label(Source.NET, engine.site(seen.call.line), detail=SAVED)
    if len(seen.call.arguments) > 1:
        engine.note_written(engine.keys(seen.call.arguments[1], seen.scope), frozenset({fresh}))
    return Value(frozenset({fresh._replace(source=Source.SAVED)}), symbols=seen.callee.symbols)


def _view(engine: Calls, seen: Seen) -> Value:
    """`reply.render("name", data)`: to EJS and its like a whole object may be options, too."""
    whole, end = seen.at(1), engine.site(seen.call.line)
    unnamed = (whole.field(SPREAD) or NOTHING) if whole.fields else whole
    if seen.at(0).texts:
        engine.hit((each for each in unnamed.labels if each.detail != VISITOR), Sink.TEMPLATE, end, part=True)
    return Value(labels_of(*seen.everything), symbols=seen.callee.symbols)


_NAME = "*"
_BUILT = ("build/Release/*.node", "build/*.node", "build/Debug/*.node")
_PREBUILT = tuple(f"prebuilds/{system}-{machine}/" for system in ("linux", "darwin", "win32")
                  for machine in ("x64", "arm64", "x64+arm64"))  # fmt: skip
"""Where the loaders of Node's addons look for what was built, and for what was brought along."""


def _addon(engine: Calls, seen: Seen) -> Value:
    """`bindings("name")`, `node-gyp-build(folder)`: the library of machine code that was built, or came along."""
    named = [built.replace(_NAME, text) for text in seen.at(0).texts for built in _BUILT]
    for each in (*named, *_PREBUILT):
        engine.uses.add(Use("load", each, seen.call.line, engine.unit))
    return Value(symbols=seen.callee.symbols)


GIVES: dict[str, Callable[[Calls, Seen], Value]] = {
    "asks": _asks,
    "unpack": _unpack,
    "by address": _by_address,
    "blob": _blob,
    "door": _door,
    "tied": _tied,
    "pip": _pip,
    "yaml reader": _yaml_reader,
    "connection": _connection,
    "heard objects": _heard_objects,
    "write fd": _write_fd,
    "temporary": _temporary,
    "temporary file": _temporary_file,
    "document": _document,
    "stored": _stored,
    "visited": _visited,
    "view": _view,
    "saved": _saved,
    "of others": _of_others,
    "addon": _addon,
}

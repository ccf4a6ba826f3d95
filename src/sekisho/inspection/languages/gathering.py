"""How single calls gather: walks, archives, keychains, and what is made of objects on the way out."""

import re
from collections.abc import Callable, Iterator

from sekisho.inspection.findings import Mark, Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.between import CONFIG, PASSING
from sekisho.inspection.languages.calls import Calls
from sekisho.inspection.languages.knowledge import NAMESPACES
from sekisho.inspection.languages.naming import UP, without_keys
from sekisho.inspection.languages.paths import CURRENT, is_settings, is_store
from sekisho.inspection.languages.picking import PATTERN, parts_of
from sekisho.inspection.languages.printing import is_drive, is_foreign, is_room, looks_for
from sekisho.inspection.languages.seen import PATH, Seen
from sekisho.inspection.languages.sessions import is_lent_grants
from sekisho.inspection.languages.telling import CALLERS, DRIVE, EACH_SETTINGS, FORM, GATHERED, GRANT, REMOTES, SESSION
from sekisho.inspection.languages.values import (
    NOTHING,
    Label,
    Value,
    as_part,
    inner,
    join_texts,
    labels_of,
    lying_at,
    texts_of,
    union,
)

_GIT = re.compile(r"[*\0][/\\]\.git[/\\]config$")
"""Where git keeps the addresses of one project after another."""

_INSTALLED = ("node_modules/", "/site-packages/")


def _own_folder(engine: Calls, seen: Seen) -> Value:
    """`dirname(path)`: of the program's own file it is the program's own folder; of a package's, where that lies. Of a
    caller's it is no source."""
    labels = frozenset(label for label in labels_of(*seen.everything) if label.detail != CALLERS)
    own = [text for text in seen.at(0).texts if text == "."]
    if any(symbol.endswith("dirname") for symbol in seen.callee.symbols):
        if own or seen.at(0).field(UP) is not None:
            return engine.up(seen.at(0))._replace(labels=labels)
        own += [text.rpartition("/")[0] for text in seen.at(0).texts if text.startswith(_INSTALLED)]
    up = seen.at(0).field(UP)
    return Value(labels, texts_of(own), fields=() if up is None else ((UP, up),))


def _machine(_: Calls, seen: Seen) -> Value:
    """`getfqdn()` is this machine's name, `getfqdn(name)` that of the one it is asked for."""
    return Value(labels_of(*(seen.arguments or (seen.callee,))))


def _here(engine: Calls, seen: Seen) -> Value:
    """`os.getcwd()`: where the program is started, unless it goes elsewhere."""
    moves = not engine.asked.isdisjoint({"os.chdir", "process.chdir"})
    return Value(texts=() if moves else (CURRENT,), symbols=seen.callee.symbols)


def _names(engine: Calls, seen: Seen) -> Value:
    """`Object.keys(x)`"""
    if engine.bulk(0, seen.at(0)):
        return Value(engine.names(seen.call.line))
    return Value(without_keys(engine.carried(seen)), symbols=seen.callee.symbols)


def _merged(engine: Calls, seen: Seen) -> Value:
    """`Object.assign(all, more)`: `all` holds more from now on."""
    labels = labels_of(*seen.arguments) | engine.bulk(seen.call.line, *seen.arguments)
    if seen.call.arguments and labels:
        engine.extend(seen.call.arguments[0], Value(as_part(labels)), seen)
    return union(*seen.arguments)._replace(labels=labels)


def _pattern(_: Calls, seen: Seen) -> Value:
    """`re.compile(text)`"""
    return Value(labels_of(*seen.everything), symbols=seen.callee.symbols, fields=((PATTERN, seen.at(0)),))


def _measure(_: Calls, __: Seen) -> Value:
    """`len(x)`, `exists(path)`: an answer that holds nothing of what it is about."""
    return NOTHING


def _entries(engine: Calls, seen: Seen) -> Value:
    """`Object.entries(x)`, `x.items()`: pairs of any name and any value."""
    value = seen.at(0) if seen.arguments else seen.receiver
    labels = without_keys(labels_of(value)) | engine.bulk(seen.call.line, value)
    known = [(key, each) for key, each in value.fields[:64] if "\0" not in key]
    if not known:
        return Value(labels, symbols=seen.callee.symbols)
    names = union(*(Value(texts=(key,)) for key, _ in known))
    pair = Value(labels, items=(names, union(*(each for _, each in known))))
    return Value(labels, items=(pair,))


def _values(engine: Calls, seen: Seen) -> Value:
    """`Object.values(x)`, `x.values()`"""
    value = seen.at(0) if seen.arguments else seen.receiver
    labels = without_keys(labels_of(value)) | engine.bulk(seen.call.line, value)
    known = tuple(each for key, each in value.fields[:64] if "\0" not in key)
    return Value(labels, items=known, symbols=() if known else seen.callee.symbols)


def _sorted(_: Calls, seen: Seen) -> Value:
    """`sorted(x)`: the same, in an order that is not known."""
    return seen.at(0)._replace(texts=(), items=(), fields=())


def _reversed(_: Calls, seen: Seen) -> Value:
    value = seen.at(0)
    return value._replace(texts=texts_of(text[::-1] for text in value.texts), items=tuple(reversed(value.items)))


def _walk(engine: Calls, seen: Seen) -> Value:
    """`os.walk(folder)`, `folder.rglob(pattern)`: paths below a folder; below the whole home folder anybody's."""
    roots = [text for value in seen.everything for text in value.texts]
    roots += [
        text for value in seen.arguments for key in ("cwd", "root") for text in (value.field(key) or NOTHING).texts
    ]
    starts: tuple[Value, ...] = (seen.receiver,) if seen.receiver.texts else ()
    starts += tuple(folder for value in seen.arguments for key in ("cwd", "root") if (folder := value.field(key)))
    below = (*roots, *(f"{root}/" for root in roots), *join_texts((*starts, *seen.arguments[:1]), "/"))
    labels = as_part(labels_of(*seen.everything) | engine.where(seen.call.line, below))
    if any(is_room(text) for text in roots):
        picked = any(looks_for(text) for text in (*roots, *_constants(engine.module.top)))
        detail = f"{GATHERED}, by names of keys and wallets" if picked else GATHERED
        labels |= {Label(Source.WHERE, engine.site(seen.call.line), detail=detail)}
    settings = next((text for text in roots if is_settings(text.replace("*", ""))), "")
    if settings and _is_above(seen.receiver.symbols, roots):
        detail, engine.telling = EACH_SETTINGS + settings.rpartition("/")[2], True
        labels |= {Label(Source.WHERE, engine.site(seen.call.line), detail=detail)}
    if any(map(_GIT.search, below)) and _is_above(seen.receiver.symbols, roots):
        engine.telling = True
        labels |= {Label(Source.WHERE, engine.site(seen.call.line), detail=REMOTES)}
    return Value(labels, symbols=seen.callee.symbols)


def _is_above(symbols: tuple[str, ...], texts: list[str]) -> bool:
    """Whether a walk begins outside of the program's own project: above it, at home, at the root; or, of an extension,
    in whatever project its user has open."""
    led = any(text.startswith(("..", "/", "~")) or "/.." in text for text in texts)
    return led or any(".cwd.parent" in each or each[:16] == "vscode.workspace" for each in symbols)


def _constants(top: ir.Function) -> Iterator[str]:
    """The texts in a source's expressions."""
    waiting = [top]
    while waiting:
        function = waiting.pop()
        waiting += function.inner
        for statement in function.body:
            if isinstance(statement, (ir.Bind, ir.Return, ir.Throw, ir.Share)):
                for part in parts_of(statement.value):
                    match part:
                        case ir.Text(text) | ir.Mix("pattern", (ir.Text(text),)):
                            yield text


def _archive(engine: Calls, seen: Seen) -> Value:
    """`archive.write(path)`, `archive.addLocalFolder(path)`: what lies at the path is in the archive from now on."""
    labels = engine.read_file(_by_path(seen)).labels
    _kept(engine, seen, frozenset(each for each in labels if each.source != Source.FILE))
    return NOTHING


def _settings_file(engine: Calls, seen: Seen) -> Value:
    """`settings.read(path)`: what lies at the path is in the settings from now on."""
    _kept(engine, seen, engine.read_file(_by_path(seen)).labels)
    return NOTHING


def _by_path(seen: Seen) -> Seen:
    call = ir.Call(ir.Name(""), seen.call.arguments[:1], (), seen.call.line)
    return Seen(call, seen.callee, NOTHING, seen.arguments[:1], {}, seen.scope)


def _packed(engine: Calls, seen: Seen) -> Value:
    """`tar.c({ file, cwd }, names)`, `zip(folder, file)`: what lies at these paths is in the file from now on."""
    options = [value for value in seen.arguments if value.fields]
    into = [field for each in options for key in ("file", "f", "destination") if (field := each.field(key))]
    into += [] if options else [seen.at(1)]
    folders = [field for each in options for key in ("cwd", "C", "source") if (field := each.field(key))]
    named = [each for value in seen.arguments for each in (value, *value.items)]
    spoken = [text for value in (*folders, *named) for text in value.texts]
    spoken += [text for folder in folders for value in named for text in join_texts((folder, value), "/")]
    labels = engine.where(seen.call.line, (*spoken, *(f"{text}/" for text in spoken)))
    lying = as_part(lying_at(labels | labels_of(*inner(seen.arguments))))
    for value in into:
        engine.note_written(set(value.texts), lying)
    return Value(lying, symbols=seen.callee.symbols)


def _archived(engine: Calls, seen: Seen) -> Value:
    """`archive.writestr(name, data)`"""
    _kept(engine, seen, labels_of(*seen.arguments[1:]))
    return NOTHING


def _kept(engine: Calls, seen: Seen, labels: frozenset[Label]) -> None:
    place = seen.call.function
    if isinstance(place, ir.Attribute):
        engine.extend(place.base, Value(as_part(labels)), seen)
    path = seen.receiver.field(PATH) or NOTHING
    engine.note_written(set(path.texts), labels)
    for scope in engine.scopes.values():  # a buffer in memory is known by its variable, or as a member
        for text in path.texts:
            name, _, number = text[1:].rpartition("@")
            if text[:1] == "\1" and number == str(scope.number) and name in scope.names:
                engine.extend(ir.Name(name), Value(as_part(labels)), seen)
    for text in path.texts:
        base, _, name = text[1:].partition(".")
        if text[:1] == "\1" and base in {"self", "this"} and name:
            engine.extend(ir.Attribute(ir.Name(base), name, seen.call.line), Value(as_part(labels)), seen)


def _new_archive(engine: Calls, seen: Seen) -> Value:
    """`ZipFile(path, "w")`, `tarfile.open(fileobj=buffer)`"""
    named = (value for name, value in seen.call.keywords if name in {"file", "name", "fileobj"})
    keys = {key for each in (*seen.call.arguments[:1], *named) for key in engine.keys(each, seen.scope)}
    return Value(symbols=seen.callee.symbols, fields=((PATH, Value(texts=tuple(sorted(keys)))),))


def _made_archive(engine: Calls, seen: Seen) -> Value:
    """`make_archive(name, format, folder)`: the path of an archive of a folder."""
    folder = seen.keywords.get("root_dir", seen.at(2))
    texts = join_texts((seen.at(0), Value(texts=(".",)), seen.at(1)), "")
    found = engine.where(seen.call.line, (*folder.texts, *(f"{text}/" for text in folder.texts)))
    whole = DRIVE if any(map(is_drive, folder.texts)) else GATHERED if any(map(is_room, folder.texts)) else ""
    found |= {Label(Source.WHERE, engine.site(seen.call.line), detail=whole)} if whole else frozenset()
    lying = frozenset(label._replace(source=Source.SECRET) for label in found)
    engine.note_written(set(texts), lying)
    return Value(found | as_part(folder.labels), texts)


def _whole(engine: Calls, seen: Seen) -> Value:
    """`asdict(x)`, `x._asdict()`: all that an object of this source's own class holds."""
    value = seen.at(0) if seen.arguments else seen.receiver
    names = tuple(symbol for symbol in seen.callee.symbols if symbol in NAMESPACES)  # `vars(builtins)["exec"]`
    return union(value, Value(engine.held_by(value)))._replace(symbols=names)


def _settings(engine: Calls, seen: Seen) -> Value:
    """`dotenv.config()`, `dotenv_values(path)`: all the settings of the project, by their names."""
    all_of = Value(engine.settings(seen.call.line, next(iter(seen.at(0).texts), ".env")[:120]))
    return all_of if engine.knowledge.language == "python" else all_of._replace(fields=(("parsed", all_of),))


def _settings_of_mode(engine: Calls, seen: Seen) -> Value:
    """`loadEnv(mode, folder, "")`: the settings themselves, of that mode."""
    return Value(engine.settings(seen.call.line, ".env"))


def _keychain(engine: Calls, seen: Seen) -> Value:
    """`keyring.get_password(service, user)`: one's own entry, or another program's."""
    spoken = " ".join(text for value in inner(seen.everything) for text in value.texts)
    if not is_foreign(spoken):
        return Value(labels_of(*seen.everything))
    engine.see(Mark.SECRET, seen.call.line, f"the keychain's entry of {spoken}"[:120])
    return Value(frozenset({Label(Source.SECRET, engine.site(seen.call.line), detail=spoken[:120])}))


def _unsealed(engine: Calls, seen: Seen) -> Value:
    """`CryptUnprotectData(data)`: what Windows sealed for this user, whichever program asked it to. It is a browser's
    if it was read there, or if its stores are spoken of beside; else it is the program's own."""
    labels = labels_of(*seen.everything)
    if any(label.source == Source.SECRET for label in labels) or not any(map(is_store, _constants(engine.module.top))):
        return Value(labels, symbols=seen.callee.symbols)
    told = next(iter(seen.callee.symbols), "")
    engine.see(Mark.SECRET, seen.call.line, told)
    return Value(labels | {Label(Source.SECRET, engine.site(seen.call.line), detail=told)})


def _every_entry(engine: Calls, seen: Seen) -> Value:
    """`collection.get_all_items()`, `CredEnumerate()`: every program's entries."""
    told = "all that the keychain keeps"
    engine.see(Mark.SECRET, seen.call.line, told)
    return Value(frozenset({Label(Source.SECRET, engine.site(seen.call.line), detail=told)}))


def _callers(engine: Calls, seen: Seen) -> Value:
    """`inspect.stack()`: each frame says in which file its function stands."""
    lies = Label(Source.WHERE, engine.site(seen.call.line), detail=CALLERS)
    return Value(frozenset({lies}), symbols=seen.callee.symbols)


def _source(_: Calls, seen: Seen) -> Value:
    """`inspect.getsource(frame)`: of a function of one's own, what stands here anyhow."""
    lying = frozenset(label for label in seen.at(0).labels if label.detail == CALLERS)
    return Value(lying_at(lying))


def _form(engine: Calls, seen: Seen) -> Value:
    """`new FormData(form)`, `$(form).serialize()`: the fields as a visitor filled them in; without a form, one that is
    built here."""
    given = seen.arguments or isinstance(seen.call.function, ir.Attribute)
    filled = {Label(Source.SECRET, engine.site(seen.call.line), detail=FORM)} if given else ()
    return Value(frozenset(filled), symbols=seen.callee.symbols)


def _lent(engine: Calls, seen: Seen) -> Value:
    """`session.get_credentials()`: what the user is logged in with."""
    told = next(iter(seen.callee.symbols), "") or "a session"
    engine.see(Mark.SECRET, seen.call.line, SESSION + told)
    label = Label(Source.SECRET, engine.site(seen.call.line), detail=(SESSION + told)[:120])
    return Value(frozenset({label}), symbols=seen.callee.symbols)


def _lent_first(engine: Calls, seen: Seen) -> Value:
    """`credentials, project = google.auth.default()`"""
    return Value(items=(_lent(engine, seen), NOTHING))


def _between(engine: Calls, seen: Seen) -> Value:
    """`axios.interceptors.request.use(function)`: it is given what is sent, or what came."""
    name = next(iter(seen.callee.symbols), "")
    for function in seen.at(0).functions:
        engine.listens((function,), PASSING + name, 0)
        engine.grow(engine.bound, (function, 0), Value(symbols=(CONFIG,)), ~engine.number(function))
        engine.want(function)
        engine.hear(engine.number(function))
        engine.told_before(f"{CONFIG}.data", engine.returned.get(function, NOTHING), seen.call.line)
    return NOTHING


def _granted(engine: Calls, seen: Seen) -> Value:
    """`this.getCredentials("service")`, of a host that keeps grants, or of a cloud's library."""
    if not is_lent_grants(engine.module):
        return Value(engine.carried(seen), symbols=seen.callee.symbols)
    engine.see(Mark.SECRET, seen.call.line, GRANT)
    return Value(frozenset({Label(Source.SECRET, engine.site(seen.call.line), detail=GRANT)}))


GATHERS: dict[str, Callable[[Calls, Seen], Value]] = {
    "own folder": _own_folder,
    "here": _here,
    "machine": _machine,
    "names": _names,
    "merged": _merged,
    "pattern": _pattern,
    "measure": _measure,
    "entries": _entries,
    "values": _values,
    "walk": _walk,
    "sorted": _sorted,
    "reversed": _reversed,
    "archive": _archive,
    "archived": _archived,
    "packed": _packed,
    "settings file": _settings_file,
    "new archive": _new_archive,
    "made archive": _made_archive,
    "keychain": _keychain,
    "unsealed": _unsealed,
    "every entry": _every_entry,
    "settings": _settings,
    "settings of a mode": _settings_of_mode,
    "whole": _whole,
    "callers": _callers,
    "source": _source,
    "form": _form,
    "lent": _lent,
    "lent first": _lent_first,
    "granted": _granted,
    "between": _between,
}
"""What they give, by the specials of their roles."""

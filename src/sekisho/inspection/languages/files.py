"""Files of a program: what it opens, what it writes, and what it then runs."""

import re
from collections.abc import Iterable

from sekisho.inspection.classify import is_data_name, is_loose_data
from sekisho.inspection.findings import Mark, Sink, Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.commands import INTERPRETERS, program_name
from sekisho.inspection.languages.flow import Engine
from sekisho.inspection.languages.paths import is_of_a_package, is_persistent, is_secret, is_settings, lets_in
from sekisho.inspection.languages.scope import Embedded, Scope
from sekisho.inspection.languages.seen import PATH, Seen
from sekisho.inspection.languages.telling import SETTINGS
from sekisho.inspection.languages.temporary import is_folder
from sekisho.inspection.languages.values import (
    JOINED,
    NOTHING,
    PARAMETER,
    READ,
    READ_AT_HOME,
    Label,
    Value,
    as_part,
    lying_at,
)

_LOGIN_KEY = re.compile(r"\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) +AAAA")
_WRITTEN = "\0written"
"""The topic of all files that the program writes."""

_BY_PATH = re.compile(r"(?:builtins|io)\.open$|fs(?:/promises|-extra)?\.")
"""What opens files of this machine alone: who says which, says not what lies in it, unless the program writes some."""


_READS = re.compile(r"(?:load|read|parse|open|from_?(?:file|path))(?![a-z])", re.IGNORECASE)
_TABLES = re.compile(r"\.(?:[ct]sv|xlsx?|db|sqlite)$")
"""Tables, whose cells programs compute with."""

_TEXTS = 20
"""Texts that are remembered of one path."""

_WRITTEN_IN = {
    **dict.fromkeys(("python", ".py", ".pyw"), "python"),
    **dict.fromkeys(("node", ".js", ".mjs", ".cjs"), "javascript"),
}
"""The language of what a program runs, or a name ends in; the shell's, if nothing else is known."""


def _chosen(labels: frozenset[Label]) -> frozenset[Label]:
    """Those of the labels that stand for what a caller gives, as he gives it."""
    return frozenset(label for label in labels if label.source == PARAMETER and label.detail in {"", JOINED})


def _holds_texts(path: str) -> bool:
    """Whether a path is that of a picture, settings or other data, but for tables."""
    return (
        len(path) < 400
        and "://" not in path
        and (is_data_name(path) or is_loose_data(path))
        and not _TABLES.search(path)
    )


class Files(Engine):
    """The engine, with files."""

    def keys(self, expression: ir.Expression, scope: Scope, depth: int = 0) -> set[str]:
        """What a path is known by: its text, or the variable that holds it."""
        if depth > 6:
            return set()
        found = {text for text in self.read(expression, scope).texts if len(text.strip("\0/.~")) > 1}
        if depth:  # a folder for the moment is no name of what lies in it
            found = {text for text in found if not is_folder(text)}
        match expression:
            case ir.Name(name):
                holder = self.holder(name, scope)
                if name in holder.names:
                    found.add(f"\1{name}@{holder.number}")
            case ir.Attribute(ir.Name(base), name, _):
                found.add(f"\1{base}.{name}")
                if name == "name":  # of an open file
                    found |= self.keys(expression.base, scope, depth + 1)
            case ir.Call(_, arguments, _, _):
                inner = {key for each in arguments for key in self.keys(each, scope, depth + 1)}
                found |= {key for key in inner if key[:1] == "\1"} if found else inner
            case ir.Spread(base):
                found |= self.keys(base, scope, depth + 1)
            case ir.Mix(_, parts) | ir.Group(parts):
                for each in parts:
                    found |= self.keys(each, scope, depth + 1)
        return found

    def note_written(self, keys: set[str], labels: frozenset[Label], texts: tuple[str, ...] = (),
                     path: Value = NOTHING) -> None:  # fmt: skip
        """Remember what was written to a path. `texts`: what that is, where it is known. `path`: a caller may have
        chosen it."""
        for site in {label.site for label in labels if label.source == Source.NET} if path.labels else ():
            self.hit(_chosen(path.labels), Sink.SAVED, site)
        for key in (each.removeprefix("./") for each in keys):
            old = self.written.get(key, frozenset())
            known = self.scripts.get(key, ())
            if not set(texts) <= set(known):
                self.scripts[key] = (*known, *(text for text in texts if text not in known))[:_TEXTS]
                self.moves(_WRITTEN)
            if not labels <= old:
                self.written[key] = old | labels
                self.moves(_WRITTEN)

    def put(self, seen: Seen, keys: set[str], labels: frozenset[Label], texts: tuple[str, ...] = (),
            path: Value = NOTHING) -> None:  # fmt: skip
        """The same, by a call. Among the code of an installed package it is code from now on."""
        self.note_written(keys, labels, texts, path)
        if any(map(is_of_a_package, keys.union(path.texts))):
            self.hit(labels, Sink.CODE, self.site(seen.call.line))

    def kept(self, key: str) -> frozenset[Label]:
        """What was written to a path."""
        self.hear(_WRITTEN)
        key = key.removeprefix("./")
        found = self.written.get(key, frozenset())
        while "/" in key and key[:1] != "\1" and self.written:  # it may lie in a folder that was unpacked
            key = key.rpartition("/")[0]
            found |= self.written.get(key, frozenset())
        return found

    def all_written(self) -> frozenset[Label]:
        """What was written to any path."""
        self.hear(_WRITTEN)
        return frozenset[Label]().union(*self.written.values())

    def load_written(self, module: str, line: int) -> None:
        """A module is loaded whose file this program has written."""
        names = {f"{module.lstrip('.').replace('.', '/')}.py", module, module.removeprefix("./")}
        for key in tuple(self.written):
            last = key.rpartition("/")[2]
            if key[:1] != "\1" and (key in names or ("." in last and last in names)):
                self.hit(self.kept(key), Sink.LOAD, self.site(line))

    def run_written(self, expression: ir.Expression, seen: Seen, sink: Sink, program: str = "") -> None:
        """What was written to a path that is now run ends there. `program`: what is started, if that is known."""
        for key in self.keys(expression, seen.scope):
            self.run_kept(key, seen.call.line, sink, program)

    def run_kept(self, key: str, line: int, sink: Sink, program: str = "") -> None:
        """The same, by what the path is known by. Data that was copied from a picture or font is code from now on."""
        labels = self.kept(key)
        self.hit(labels, sink, self.site(line))
        if not program or program in INTERPRETERS or "/" in program or program == program_name(key):
            data = {each for each in labels if each.source == Source.FILE and is_data_name(each.detail)}
            self.hit(data, Sink.CODE, self.site(line))
            language = _WRITTEN_IN.get(program) or _WRITTEN_IN.get(f".{key.rpartition('.')[2]}", "shell")
            texts = self.scripts.get(key.removeprefix("./"), ())
            self.embedded |= {Embedded(language, text.replace("\0", "$_"), line, len(texts) > 1) for text in texts}

    def home_path(self, seen: Seen) -> Value:
        """`expanduser("~/x")`: the path is text already."""
        value = seen.at(0) if seen.arguments else seen.receiver
        return Value(value.labels | self.where(seen.call.line, value.texts), value.texts, seen.callee.symbols)

    def read_file(self, seen: Seen) -> Value:
        """A file is opened: its path tells whether it holds secrets, and the mode whether it is written."""
        line = seen.call.line
        by_method = not seen.arguments or (isinstance(seen.call.function, ir.Attribute) and bool(seen.receiver.texts))
        path = seen.receiver if by_method else seen.at(0)
        where = seen.call.function.base if by_method and isinstance(seen.call.function, ir.Attribute) else None
        target = where if where is not None else (seen.call.arguments or (ir.Text(""),))[0]
        mode = (seen.keywords.get("mode") or seen.at(0 if by_method else 1)).texts
        found = Value(
            texts=(), symbols=seen.callee.symbols,
            fields=((PATH, Value(_chosen(path.labels), tuple(sorted(self.keys(target, seen.scope))))),),
        )  # fmt: skip
        if any(set(text) <= set("rwabx+tU") and set(text) & set("wax") for text in mode):
            self.persisting(path, line)
            return found
        secret = next((text for text in path.texts if is_secret(text)), None)
        named = {label.site for label in path.labels if label.source == Source.WHERE}
        if secret is not None:
            self.see(Mark.SECRET, line, secret, tuple(sorted(site for site in named if site.line != line)))
            return found._replace(labels=frozenset({Label(Source.SECRET, self.site(line), detail=secret)}))
        settings = next((text for text in path.texts if is_settings(text)), "")
        if settings:
            found = found._replace(labels=self.settings(line, settings))
        detail = next((text for text in path.texts if text.strip("\0")), "")
        label = Label(Source.FILE, self.site(line), detail=detail[:400])
        written = frozenset[Label]().union(*(self.kept(key) for key in found.fields[0][1].texts))
        by_path = not self.written and any(map(_BY_PATH.match, seen.callee.symbols))
        carried = frozenset(each for each in path.labels if each.source == Source.NET and not by_path)
        lying = lying_at(path.labels, READ_AT_HOME if any(text[:1] == "~" for text in path.texts) else READ)
        for each in lying:
            if each.source == Source.SECRET:
                self.see(Mark.SECRET, line, each.detail, (each.site,) if each.site != self.site(line) else ())
        return found._replace(labels=found.labels | {label} | written | as_part(carried | lying))

    def read_by_name(self, seen: Seen) -> frozenset[Label]:
        """The label of a file that a function is given which is not known, and by its name reads some."""
        function = seen.call.function
        name = function.name if isinstance(function, ir.Attribute) else getattr(function, "id", "")
        if not seen.at(0).texts or not _READS.match(name):
            return frozenset()
        paths = [text for text in seen.at(0).texts if _holds_texts(text)]
        return frozenset(Label(Source.FILE, self.site(seen.call.line), detail=path) for path in paths)

    def settings(self, line: int, path: str) -> frozenset[Label]:
        """The label of all the settings of a project."""
        detail = SETTINGS + path.replace("\\", "/").rpartition("/")[2]
        self.see(Mark.SECRET, line, detail)
        return frozenset({Label(Source.SECRET, self.site(line), detail=detail)})

    def planted(self, paths: Iterable[str], written: Value, line: int) -> None:
        """Note a key of somebody's who may log in from now on."""
        if not any(map(lets_in, paths)):
            return
        self.matters = True
        if any(map(_LOGIN_KEY.search, written.texts)):
            self.see(Mark.OBEY, line, "whoever has the key that stands here may log in from now on")
        elif any(label.source == Source.NET for label in written.labels):
            self.see(Mark.OBEY, line, "a server says who may log in from now on")

    def persisting(self, path: Value, line: int) -> None:
        """Note a path that runs again by itself."""
        for text in path.texts:
            if is_persistent(text):
                self.see(Mark.PERSIST, line, text)

"""Where values end: code, commands, modules, templates, and whatever leaves."""

import shlex
from collections.abc import Collection

from sekisho.inspection.findings import Mark, Sink, Site, Source, Use
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.callbacks import Callbacks
from sekisho.inspection.languages.commands import FETCHERS
from sekisho.inspection.languages.harmless_calls import HARMLESS
from sekisho.inspection.languages.javascript_remote import TEMPLATES
from sekisho.inspection.languages.knowledge import KEEPING, OPENS, OUTLETS, PUSHES, Role
from sekisho.inspection.languages.leaving import is_far, one_more_recipient, opens_files
from sekisho.inspection.languages.modules import is_remote_module, only_helps
from sekisho.inspection.languages.plain_calls import handles_data, module_of
from sekisho.inspection.languages.printing import slashed
from sekisho.inspection.languages.processes import (
    as_words,
    is_downloader,
    is_left_behind,
    is_unseen,
    is_waiting,
    sent_to,
    started,
)
from sekisho.inspection.languages.renaming import renamed
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.shell_fetched import ADDRESS, plain_words, saved_at, saved_by
from sekisho.inspection.languages.telling import COPIED, FORM
from sekisho.inspection.languages.transfers import runs_what_lies_there, transfers
from sekisho.inspection.languages.values import (
    NOTHING,
    PARAMETER,
    READ,
    SPREAD,
    Label,
    Value,
    inner,
    labels_of,
    made_of,
)


def _unhidden(names: tuple[Value, ...]) -> frozenset[Label]:
    """The origins of the name of a module. What was decoded to a known one that can do no harm by itself hides
    nothing."""
    told = [
        each for value in names for each in value.labels
        if each.source != Source.DECODED or not only_helps(value.texts)
    ]  # fmt: skip
    return frozenset(told)


_UNKNOWN = "\0"


def _quoted(word: str) -> str:
    """A word of a command as a shell is told it. Of one that is not known, the beginning counts if it is an address."""
    if _UNKNOWN not in word:
        return shlex.quote(word)
    return f"{shlex.quote(word.partition(_UNKNOWN)[0])}$_" if ADDRESS.match(word) else "$_"


class Sinks(Callbacks):
    """The engine, with ends."""

    def printed(self, seen: Seen) -> frozenset[Label]:
        """What a server says, where the program that is started is a downloader."""
        return frozenset({Label(Source.NET, self.site(seen.call.line))} if is_downloader(seen) else ())

    def end(self, role: Role, seen: Seen) -> frozenset[Label]:
        """Hit a sink, as its special asks. What a command prints of secrets comes back."""
        assert role.sink is not None
        end = self.site(seen.call.line)
        if role.sink is Sink.SEND:
            self._send(role, seen, end)
            return NOTHING.labels
        harmless = HARMLESS.get(role.special)
        if harmless is not None and harmless(seen):
            return NOTHING.labels
        if role.sink is Sink.COMMAND:
            return self._command(role, seen)
        if role.special in TEMPLATES:
            self._template(seen, TEMPLATES[role.special])
            return NOTHING.labels
        values = seen.chosen(role)
        self.hit(_unhidden(values) if role.special == "load" else labels_of(*values), role.sink, end)
        if role.sink is Sink.DESERIALISE:  # `joblib.load(path)` opens the file itself
            self._lying_at(role.sink, values[:1], end)
        if role.sink is Sink.CODE:
            if any(label.source != PARAMETER for label in labels_of(*values)) or not role.arguments:
                values = values[-1:] if values else ()
            for text in (text for value in values for text in value.texts):
                if len(text) > 3 and "\0" not in text:
                    self.embedded.add(Embedded(self.knowledge.language, text, seen.call.line))
        if role.sink is Sink.LOAD:
            self._load(role, seen, values)
        return NOTHING.labels

    def _lying_at(self, sink: Sink, values: tuple[Value, ...], end: Site) -> None:
        """What lies at a path, or behind an address, or was saved by this program, is made into objects."""
        given = (each for each in labels_of(*values) if each.source == PARAMETER)
        self.hit((each._replace(detail=READ) for each in given), sink, end)
        for path in {text for value in values for text in value.texts if len(text) < 400 and "\n" not in text}:
            far = path.startswith(("http://", "https://"))
            lies = Label(Source.NET, end) if far else Label(Source.FILE, end, detail=path)
            self.hit(self.kept(path) | {lies}, sink, end)

    def _send(self, role: Role, seen: Seen, end: Site) -> None:
        if role is OPENS and not is_far(seen.at(0)):
            return
        told = self.all_written() if role is PUSHES else self.sent(seen)
        if role is KEEPING:
            self.hit(made_of(told), Sink.SEND, end)
            return
        self.hit(told, Sink.SEND, end)
        if role.special == "lookup":
            self.hit(told, Sink.NAMED, end)
        elif role.special == "beacon":  # no answer is awaited: a form that is sent here is sent elsewhere, too
            self.hit(told if is_far(seen.at(0)) else (), Sink.ASIDE, end)
        else:
            self.hit(self.aside(role, seen) | self._copied_form(seen, told), Sink.ASIDE, end)
        self.hit(renamed(seen), Sink.RENAMED, end)
        copied = one_more_recipient(seen) if role.special in OUTLETS else ""
        if copied:
            self.hit({Label(Source.SECRET, end, detail=(COPIED + copied)[:120])}, Sink.SEND, end)
        if opens_files(role, seen):  # `upload_file(path)` opens the file itself
            spoken = (text for value in inner(seen.everything) for text in value.texts)
            self.hit(told | self.where(seen.call.line, spoken), Sink.UPLOAD, end)

    def _copied_form(self, seen: Seen, told: frozenset[Label]) -> frozenset[Label]:
        """The labels of a form that goes to another server than its own as well: nothing keeps it from being sent
        where it belongs, and what the other server answers is not used."""
        forms = frozenset(label for label in told if label.detail == FORM)
        dropped = self._is_dropped(seen)
        kept = self.index.readers.get("preventDefault") or any(value.functions for value in inner(seen.everything))
        places = [seen.at(0), *(field for each in seen.arguments if (field := each.field("url")) is not None)]
        return forms if forms and dropped and not kept and any(map(is_far, places)) else NOTHING.labels

    def _is_dropped(self, seen: Seen) -> bool:
        """Whether nothing is done with what a call gives."""
        statement = self.entries[self.place].statement
        return isinstance(statement, ir.Bind) and statement.target is None and statement.value is seen.call

    def _load(self, role: Role, seen: Seen, values: tuple[Value, ...]) -> None:
        for place in role.arguments:
            if place < len(seen.call.arguments):
                self.run_written(seen.call.arguments[place], seen, Sink.LOAD)
        if role.special == "search":
            return
        for value in values:  # a module that is made of a text, or lies behind an address
            if any(text.startswith(("data:", "blob:")) for text in value.texts):
                self.hit(value.labels, Sink.CODE, self.site(seen.call.line))
        for text in (text for value in values for text in value.texts):
            if role.special == "load":
                self.imports(text, seen.call.line, far="global.require" not in seen.callee.symbols)
            how = f"import:{self.knowledge.language}" if role.special == "load" else "load"
            self.uses.add(Use(how, text, seen.call.line, self.unit))

    def imports(self, module: str, line: int, *, far: bool = True) -> None:
        """A module is loaded by its name: one that this program has written, or, where that may be `far`, one that lies
        behind an address."""
        self.load_written(module, line)
        if far and is_remote_module(module):
            here = self.site(line)
            self.hit({Label(Source.NET, here, part=True)}, Sink.LOAD, here)

    def _template(self, seen: Seen, keys: Collection[str]) -> None:
        """Options of a template engine are code (EJS: mde/ejs#663; lodash: CVE-2021-23337): from outside they run."""
        end = self.site(seen.call.line)
        self.hit(seen.at(0).labels, Sink.TEMPLATE, end)
        for value in seen.arguments[1:]:
            unnamed = value.field(SPREAD) if value is seen.arguments[-1] else NOTHING
            labels = value.labels if not value.fields else (unnamed or NOTHING).labels
            self.hit(labels, Sink.TEMPLATE, end, part=len(seen.arguments) < 3)
            for key in keys:
                field = value.field(key)
                if field is not None:
                    self.hit(field.labels, Sink.TEMPLATE, end)

    def downloaded(self, seen: Seen, words: tuple[Value, ...], line: Value) -> None:
        """`run(["curl", "-o", path, address])`: what lies at the path comes from there."""
        parts = [
            each for one in seen.call.arguments[:2] for each in (one.parts if isinstance(one, ir.Group) else [one])
        ]
        keys = {path for text in line.texts for path in saved_by(plain_words(text))}
        if "\0" in keys:
            keys |= {key for key in self.keys(parts[0], seen.scope) if key[:1] == "\1"}
        spoken = [next(iter(word.texts), "") for word in words]
        for place in saved_at(spoken):
            keys.add(spoken[place])
            keys |= self.keys(parts[place], seen.scope) if len(parts) == len(words) else set()
        self.note_written(keys - {"", "\0"}, frozenset({Label(Source.NET, self.site(seen.call.line))}))

    def _carried(self, seen: Seen, words: tuple[Value, ...], line: Value, program: str) -> None:
        """What a command unpacks or copies then lies elsewhere; what runs in a folder is what lies there."""
        for transfer in transfers(words, line):
            labels = frozenset[Label]().union(*map(self.kept, transfer.sources))
            self.note_written(set(transfer.targets) - {"\0"}, labels)
        folders = [value for each in seen.arguments for key, value in each.fields if key == "cwd"]
        folders += [seen.keywords["cwd"]] if "cwd" in seen.keywords else []
        for folder in {text for each in folders for text in each.texts if runs_what_lies_there(program)}:
            self.hit(self.kept(folder), Sink.COMMAND, self.site(seen.call.line), part=True)

    def _shown(self, seen: Seen) -> None:
        """Whether its user sees that a program is started."""
        if is_left_behind(seen):
            self.see(Mark.CHILD, seen.call.line)
        if self.current is self.module.top and self._is_dropped(seen) and is_unseen(seen):
            self.see(Mark.UNSEEN, seen.call.line)

    def _command(self, role: Role, seen: Seen) -> frozenset[Label]:
        """A program is started: by one string through a shell, or as a list of words."""
        end = self.site(seen.call.line)
        seen = as_words(role, seen)
        self._shown(seen)
        if is_waiting(seen):
            self.hit(labels_of(*sent_to(seen)), Sink.CODE, end)
        first = seen.at(0) if seen.arguments else seen.keywords.get("args", NOTHING)
        words = first.items
        if self.knowledge.language == "javascript" and role.special == "process" and (seen.at(1).items or not words):
            words = (first, *seen.at(1).items)
        elif not words and role.special == "process" and len(seen.arguments) > 1 and not seen.at(1).fields:
            words = seen.arguments
        data = handles_data(first, words)
        for module in module_of(words):
            self.load_written(module, seen.call.line)
        program = started(seen)
        if program in FETCHERS:
            self.downloaded(seen, words, first)
        self._carried(seen, words, first, program)
        for argument in () if data else seen.call.arguments[:2]:
            self.run_written(argument, seen, Sink.COMMAND, program)
        printed = self.by_command(seen, words, first)
        shell = seen.keywords.get("shell")
        listed = Sink.WORDS if role.special == "process" and shell is None else Sink.COMMAND
        if not words:
            self.hit(first.labels, listed, end)
            for text in first.texts:
                self.embedded.add(Embedded("shell", slashed(text.replace("\0", "$_")), seen.call.line))
                for word in () if data else text.split()[:50]:
                    self.run_kept(word.strip("\"'"), seen.call.line, Sink.COMMAND, program)
            return printed
        self.start(words, end)
        if first.items:  # a caller may give another list, or none
            own = first.labels.difference(*(word.labels for word in words))
            self.hit((label for label in own if label.source == PARAMETER), listed, end)
        if shell is not None and len(words) == 1:
            self.hit(first.labels, Sink.COMMAND, end)
        spoken = [word.texts[0] if word.texts else "$_" for word in words]
        quoted = " ".join(map(_quoted, spoken))
        self.embedded.add(Embedded("shell", quoted, seen.call.line))
        return printed

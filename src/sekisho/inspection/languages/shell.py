"""Shell: which programs a script starts, on which files, and what it pipes into an interpreter.

tree-sitter's bash grammar reads it; the syntax of other shells (cmd, PowerShell) comes out as words with errors
between, which is enough for what is looked for here. Nothing is expanded but variables the text itself sets.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from tree_sitter import Node

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.findings import Mark, Sight, Site, Use
from sekisho.inspection.languages.commands import (
    CODE_FLAGS,
    FETCHERS,
    HOMES,
    INTERPRETERS,
    MACHINE,
    MAX_TEXT,
    PRELOADED,
    SCRIPT_RUNNERS,
    SHELLS,
    SUBCOMMANDS,
    TESTS,
    loaded,
    options,
    utf16,
)
from sekisho.inspection.languages.paths import is_persistent, is_secret
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.languages.script import Script
from sekisho.inspection.languages.shell_doors import comes_back, opened
from sekisho.inspection.languages.shell_fetched import ADDRESS, OTHERS, Fetched, reads_input, repeated, watched
from sekisho.inspection.languages.shell_hidden import file_read, hidden_in, shell_calls, spelt_out
from sekisho.inspection.languages.shell_windows import idioms
from sekisho.inspection.languages.shell_words import Command, Variable, Within, descendants

_LEFT = re.compile(rb"(?:>|&>)\s*/dev/null\s*(?:2>&1\s*)?(?:<\s*/dev/null\s*)?&(?![&>\w])|\b(?:setsid|disown)\b")


def read_shell(text: str, site: Callable[[int], Site], unit: str) -> Script:
    """Read one shell text. `site` gives the place of a line of it, counted from 1."""
    reader = _Reader(text[:MAX_TEXT], site, unit)
    reader.read()
    if len(text) > MAX_TEXT:
        reader.out.lost.append((1, "a shell text too long to be read whole"))
    return reader.out


_SOURCES = {"--index-url", "--extra-index-url", "--registry"}
_NO_PROGRAM = re.compile(r"git\+|https?://(?:localhost|127\.)")
"""Addresses that nobody starts: of a package, on a line that goes on; of the machine itself."""


class _Reader(Fetched):
    def __init__(self, text: str, site: Callable[[int], Site], unit: str) -> None:
        super().__init__(text)
        self.site, self.unit, self.out = site, unit, Script()
        self.upstream: dict[int, int] = {}
        self.lines: set[tuple[Mark, int]] = set()
        self.tied: set[int] = set()
        lines = enumerate(self.source.split(b"\n"), 1)
        self.left = {number for number, line in lines if _LEFT.search(line[:20_000])}

    def read(self) -> None:
        root = self.root()
        self.learn(root)
        readers = {
            "variable_assignment": self._set, "pipeline": self._pipeline, "command": self._command,
            "file_redirect": self._redirect, "test_command": self._decision, "case_statement": self._decision,
            "heredoc_redirect": self._document, "herestring_redirect": self._told,
        }  # fmt: skip
        stack: list[Node | Variable] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, Variable):
                self.variables[node.name] = node
                continue
            if self.is_short(node):
                stack.extend(reversed(list(self.turns(node))))
                continue
            for sender, secret in self.watch(node):
                self._see(Mark.SECRET, sender.line, secret.detail, secret.line)
                self._see(Mark.SEND, sender.line, " ".join(sender.words))
            for mark, sender, told in self.outgoing(node):
                self._see(mark, sender.line, told)
            read = readers.get(node.type)
            if read is not None:
                read(node)
            if node.type != "string_content" or node.parent is None:
                stack.extend(reversed(node.named_children))
        self._windows(self.source.decode("utf-8", "replace"))

    def _set(self, node: Node) -> None:
        """`LD_PRELOAD=./a.so command`: what is loaded, or read, before the command."""
        self.assign(node)
        name = self.raw(node.child_by_field_name("name"))
        value = self.variables.get(name)
        if name in PRELOADED and value is not None and re.match(r"\.{0,2}[\w./-]+$", value.text):
            self.out.uses.append(Use(PRELOADED[name], value.text, int(node.start_point[0]) + 1, self.unit))
        if name == "NODE_OPTIONS" and value is not None:
            self._preload("node", options("node", value.text.split())[0], int(node.start_point[0]) + 1)

    def _see(self, mark: Mark, line: int, detail: str = "", origin: int = 0) -> None:
        if (mark, line) not in self.lines:
            self.lines.add((mark, line))
            begun = origin or self.upstream.get(line, line)
            places = () if begun == line else (self.site(begun),)
            self.out.sights.append(Sight(mark, self.site(line), detail[:200], self.unit, places))

    def _pipeline(self, node: Node) -> None:
        commands = [self.command(n) for child in node.named_children for n in descendants(child, "command")]
        for line in (line for command in commands for line in command.within.lines):
            self.upstream.setdefault(commands[-1].line, line)
        first = commands[0] if commands else None
        told = first is not None and first.program in {"echo", "printf"}
        before = [*first.within.commands, *first.within.kept] if first is not None and told else []
        asked, decoded, fetched = any(map(self.asks, before)), any(map(self.decodes, before)), False
        for last, command in pairwise(commands):
            before.append(last)
            fetched |= self.asks(last)
            asked |= fetched
            decoded |= self.decodes(last)
            if fetched:
                self.note_unpacked(command, "", command.line)
            if not (reads_input(command) or command.program in {"iex", "invoke-expression", "eval"}):
                continue
            if self.tied and "<&" in self.raw(node):
                self._see(Mark.OBEY, command.line, "a shell whose commands come from a server", min(self.tied))
            if decoded:
                self._see(Mark.DECODE_RUN, command.line, hidden_in(before))
            elif asked:
                self._fetched(command.line, [*before, command], 0 if fetched else self.upstream.get(command.line, 0))
            elif last is first and last.program == "ssh":
                self._see(Mark.OBEY, command.line, "a shell whose commands come from a server")
            elif last is first and (told or last.program == "cat") and last.words[1:]:
                self._piped(last, command)

    def _piped(self, first: Command, interpreter: Command) -> None:
        """`echo CODE | sh` and `cat FILE | sh`."""
        if first.program == "cat":
            self._run(interpreter.program, first.words[1:2], interpreter.line)
            return
        code = " ".join(first.words[1:])
        if spelt_out(code):
            self._see(Mark.DECODE_RUN, interpreter.line, "literal")
        self._embed(interpreter.program, spelt_out(code) or code, interpreter.line)

    def _embed(self, program: str, code: str, line: int) -> None:
        language = {"python": "python", "node": "javascript", "bun": "javascript", "deno": "javascript"}.get(program)
        if program in SHELLS:
            language = "shell"
        if language is None:
            if program != "osascript":  # which shows messages, mostly
                self.out.lost.append((line, f"code for {program}, which is not read"))
            self.out.embedded.extend(Embedded("shell", each, line) for each in shell_calls(code))
        elif code.strip("$_ "):
            self.out.embedded.append(Embedded(language, code, line))

    def _redirect(self, node: Node) -> None:
        target = node.child_by_field_name("destination")
        if target is None:
            return
        path = self.word(target, Within())
        if path.startswith(("/dev/tcp/", "/dev/udp/")) and not path[9:].startswith(("localhost", "127.")):
            self.tied.add(int(node.start_point[0]) + 1)
            for command in map(self.command, [] if node.parent is None else descendants(node.parent, "command")):
                self._opens(command, tied=True)
        if self.raw(node).startswith("<"):
            if self.tied and self.raw(node).startswith("<&"):
                for command in map(self.command, [] if node.parent is None else descendants(node.parent, "command")):
                    self._opens(command, tied=True)
            return
        if is_persistent(path):
            self._see(Mark.PERSIST, int(node.start_point[0]) + 1, path)
        before = node.prev_named_sibling
        if before is not None:
            self.note_redirected(path, list(map(self.command, descendants(before, "command"))))

    def _decision(self, node: Node) -> None:
        """`[ "$(hostname)" = x ]`, `case $(uname) in`: what is done depends on the machine."""
        subject = node.child_by_field_name("value") if node.type == "case_statement" else node
        asked = [] if subject is None else [self.command(each).program for each in descendants(subject, "command")]
        named = [] if subject is None else [self.raw(each) for each in descendants(subject, "variable_name")]
        for word in (*asked, *named):
            if word in MACHINE:
                self._see(Mark.GUARD, int(node.start_point[0]) + 1, MACHINE[word])

    def _document(self, node: Node) -> None:
        """A here-document: code, if an interpreter reads it, and so is what is filled in where its lines begin."""
        parent = node.parent
        body = next((child for child in node.named_children if child.type == "heredoc_body"), None)
        if parent is None or body is None:
            return
        within = self.filled(node)
        sources, told = [*within.commands, *within.kept], next(iter(within.lines), 0)
        for command in map(self.command, descendants(parent, "command")):
            if reads_input(command):
                self._made(replace(command, within=within), sources, told)
            if command.program in INTERPRETERS:
                self._embed(command.program, self.raw(body), command.line)
                return
        places = (each.child_by_field_name("destination") for each in descendants(parent, "file_redirect"))
        for place in (self.word(each, Within()) for each in places if each is not None):
            self.note_redirected(place, sources)

    def _told(self, node: Node) -> None:
        """A here-string: code, if an interpreter reads it."""
        within = Within()
        text = "".join(self.word(child, within) for child in node.named_children)
        for command in map(self.command, [] if node.parent is None else descendants(node.parent, "command")):
            if reads_input(command):
                given = Command(command.words, command.line, within)
                if not self._made(given, [*within.commands, *within.kept], next(iter(within.lines), 0)):
                    self._embed("sh" if command.program == "." else command.program, text, command.line)
                return

    def _command(self, node: Node) -> None:
        for command in self.commands(node):
            self._act(command)

    def _act(self, command: Command) -> None:
        """What one command does."""
        name, words = command.program, command.words
        if not words:
            return
        if name == "python" and words[1:3] == ["-m", "pip"]:
            self._act(replace(command, words=words[2:]))
            return
        if name in INTERPRETERS or name in {"eval", ".", "iex"}:
            self._given(command)
        self.note_fetched(command)
        if name in FETCHERS:
            self._see(Mark.CALL_OUT, command.line, " ".join(words))
        fetched = self.runs_fetched(command)
        if fetched:
            self._see(Mark.FETCH_RUN, command.line, " ".join(words), fetched)
        self._traces(command)
        self._opens(command)
        self._stays(command)
        self._start(command)

    def _stays(self, command: Command) -> None:
        """`(node x >/dev/null 2>&1 &)`: it goes on by itself, and prints nothing."""
        if command.line in self.left and command.program not in {"echo", "printf", "open", "sleep"}:
            self._see(Mark.CHILD, command.line, " ".join(command.words))

    def _opens(self, command: Command, *, tied: bool = False) -> None:
        for mark, detail in opened(command, tied):
            self._see(mark, command.line, detail)

    def _given(self, command: Command) -> None:
        """An interpreter or `eval` is given what other commands print, at once or by way of a variable."""
        sources, origin = command.within.commands, 0
        code = command.words[2] if command.words[1:2] == ["-c"] and len(command.words) > 2 else command.words[1:2]
        if "$_" in (code if isinstance(code, str) else "".join(code))[:2]:
            sources = [*sources, *command.within.kept]
            origin = next(iter(command.within.lines), 0)
        self._made(command, sources, origin)

    def _made(self, command: Command, sources: Sequence[Command], origin: int) -> bool:
        """What an interpreter is given was made by these commands: told, if they fetch or decode it."""
        line, read = command.line, file_read(sources)
        sources = [*sources, *(inner for each in sources for inner in repeated(each))]
        spelt = next(
            (code for each in sources if each.program == "printf" for code in map(spelt_out, each.words) if code), ""
        )
        if spelt:
            self._see(Mark.DECODE_RUN, line, "literal", origin)
            self._embed("sh", spelt, line)
        elif any(self.decodes(each) for each in sources):
            self._see(Mark.DECODE_RUN, line, hidden_in(sources), origin)
        elif any(self.asks(each) for each in sources):
            self._fetched(line, sources, origin)
        elif read:
            how = "sh" if all(each.program == "cat" for each in sources) else "load"
            self.out.uses.append(Use(how, read, origin or line, self.unit))
        return bool(sources)

    def _fetched(self, line: int, sources: Sequence[Command], origin: int) -> None:
        """What these commands give is run on a line: what a server says, once or for as long as it likes."""
        if self.obeys(line, origin):
            self._see(Mark.OBEY, line, "what a server says is run, again and again", origin)
        self._see(Mark.FETCH_RUN, line, " | ".join(" ".join(each.words) for each in sources), origin)

    def _start(self, command: Command) -> None:
        """What a command starts."""
        name, words, line = command.program, command.words, command.line
        if words[:2] == ["git", "config"] and words[-2].lower() == "core.hookspath":
            self.out.uses.append(Use("load", f"{words[-1].rstrip('/')}/", line, self.unit))
        if "/" in words[0][1:] and words[0][0] not in "/~" and name in INTERPRETERS:  # one that came along
            self.out.uses.append(Use("load", words[0], line, self.unit))
        self.out.uses += [Use("load", module, line, self.unit) for module in loaded(name, words[1:])]
        if name in INTERPRETERS:
            self._interpret(command)
        elif name == ".":
            self._run("sh", words[1:2], line)
        elif name == "eval":
            self._embed("sh", " ".join(words[1:]), line)
        elif name == "watch":
            self._embed("sh", f"while :; do {watched(words)}; done", line)
        elif name in TESTS:
            self.out.uses.append(Use("tests", name, line, self.unit))
        elif name in SCRIPT_RUNNERS:
            self._package_script(words, line)
        elif name == "make":
            self.out.uses.append(Use("make", " ".join(words[1:]), line, self.unit))
        elif "/" in words[0] or words[0].endswith((".exe", ".bat", ".cmd", ".ps1", ".sh", ".py")):
            self._run("exec", words[:1], line)

    def _interpret(self, command: Command) -> None:
        name, line = command.program, command.line
        modules, arguments = options(name, command.words[1:])
        self._preload(name, modules, line)
        flag = "-c" if name in SHELLS else CODE_FLAGS.get(name, "")
        flags = {flag, "-c", "/c", "/k", "-command"} if name in SHELLS else {flag, "--eval", "-p", "-pe"}
        for place, word in enumerate(arguments):
            lowered = word.lower()
            if lowered in {"-enc", "-encodedcommand", "-e"} and name in {"powershell", "pwsh"}:
                self._see(Mark.DECODE_RUN, line)
                self._windows(utf16(arguments[place + 1 : place + 2]))
                return
            after = arguments[place + 1 : place + 2]
            if lowered in flags or (name in SHELLS and re.fullmatch(r"-[a-z]*c", word)):
                rest = arguments[place + 1 :] if word[0] == "/" or lowered == "-command" else after
                self._embed(name, " ".join(rest), line)
                return
            if name == "python" and word == "-m":
                self._module(after, line)
                return
            if word[:1] != "-" and (name, word) not in SUBCOMMANDS:
                self._run(name, [word], line)
                return

    def _preload(self, name: str, modules: Sequence[str], line: int) -> None:
        """What an interpreter's options have it run before the script."""
        for module in modules:
            how = name if module.startswith((".", "/")) else "import:javascript"
            self.out.uses.append(Use(how, module, line, self.unit))

    def _module(self, words: list[str], line: int) -> None:
        for word in words:
            how = "tests" if word in {"pytest", "unittest"} else "import:python"
            self.out.uses.append(Use(how, word, line, self.unit))

    def _run(self, how: str, words: list[str], line: int) -> None:
        for word in words:
            fetched = self.line_of(word)
            if hidden := self.hidden_at(word):
                self._see(Mark.DECODE_RUN, line, hidden.text, hidden.line)
            elif fetched or (ADDRESS.match(word) and not (how == "exec" and _NO_PROGRAM.match(word))):
                self._see(Mark.FETCH_RUN, line, word, fetched)
            elif word != "$_":
                self.out.uses.append(Use(how, word, line, self.unit))

    def _package_script(self, words: list[str], line: int) -> None:
        arguments = [word for word in words[1:] if not word.startswith("-")]
        if not arguments:
            return
        if arguments[0] in {"run", "run-script"} and len(arguments) > 1:
            self.out.uses.append(Use("script", arguments[1], line, self.unit))
        elif arguments[0] in {"install", "i", "ci", "add"}:
            self.out.uses.append(Use("install", " ".join(arguments[1:]), line, self.unit))
            given = {value for flag, value in pairwise(words) if flag.startswith("--") and "=" not in flag}
            named = [word for word in arguments[1:] if re.match(r"@?[a-z]", word) and word not in given]
            if named and not any(ADDRESS.match(word) for word in named):
                whole = {"-g", "--global", "--location=global"}.intersection(words)
                self._see(Mark.BRINGS, line, f"{' '.join(named)}{' for the whole machine' if whole else ''}")
        else:
            self.out.uses.append(Use("script", arguments[0], line, self.unit))

    def _traces(self, command: Command) -> None:
        """Secrets and ways to come back."""
        spoken = HOMES.sub("~", " ".join(command.words))
        public = command.program == "security" and "find-certificate" in command.words[1:2]
        told = (HOMES.sub("~", word).lstrip("@") for word in command.words)
        if not public and any(is_secret(word) or OTHERS.search(word) for word in told):
            self._see(Mark.SECRET, command.line, spoken)
        for flag, value in pairwise(command.words):
            if flag in _SOURCES and (is_foreign(value) or not ADDRESS.match(value)):
                self._see(Mark.REDIRECT, command.line, f"packages from {value}")
        writes = command.program in {"cp", "mv", "install", "tee", "ln", "reg"}
        if comes_back(command, spoken) or (
            writes and any(is_persistent(HOMES.sub("~", word)) for word in command.words[1:])
        ):
            self._see(Mark.PERSIST, command.line, spoken)

    def _windows(self, text: str) -> None:
        """Idioms of PowerShell and cmd, by their words."""
        for idiom in idioms(text):
            if idiom.mark is not None:
                self._see(idiom.mark, idiom.line)
            else:
                self.out.uses.append(Use("library", idiom.loads, idiom.line, self.unit))

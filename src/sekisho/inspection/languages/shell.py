"""Shell: which programs a script starts, on which files, and what it pipes into an interpreter.

tree-sitter's bash grammar reads it; the syntax of other shells (cmd, PowerShell) comes out as words with errors
between, which is enough for what is looked for here. Nothing is expanded but variables the text itself sets.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tree_sitter import Node

from sekisho.inspection.findings import Mark, Sight, Site, Use
from sekisho.inspection.languages.commands import (
    CODE_FLAGS,
    FETCHERS,
    HOMES,
    INTERPRETERS,
    MACHINE,
    MAX_TEXT,
    POWERSHELL_FETCH,
    POWERSHELL_RUN,
    READERS,
    SCRIPT_RUNNERS,
    SHELLS,
    SUBCOMMANDS,
    TESTS,
    URL_RUN,
    decodes,
    options,
    utf16,
)
from sekisho.inspection.languages.paths import is_persistent, is_secret
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.languages.shell_leaks import Leaks
from sekisho.inspection.languages.shell_words import Command, Within, descendants

_FILE = re.compile(r"[\w$.~/-]*[./][\w$.~/-]*")


@dataclass
class Script:
    """What a shell text does."""

    uses: list[Use] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)


def read_shell(text: str, site: Callable[[int], Site], unit: str) -> Script:
    """Read one shell text. `site` gives the place of a line of it, counted from 1."""
    reader = _Reader(text[:MAX_TEXT], site, unit)
    reader.read()
    if len(text) > MAX_TEXT:
        reader.out.lost.append((1, "a shell text too long to be read whole"))
    return reader.out


class _Reader(Leaks):
    def __init__(self, text: str, site: Callable[[int], Site], unit: str) -> None:
        super().__init__(text)
        self.site, self.unit, self.out = site, unit, Script()
        self.fetched: dict[str, int] = {}
        self.upstream: dict[int, int] = {}
        self.lines: set[tuple[Mark, int]] = set()

    def read(self) -> None:
        stack = [self.root()]
        while stack:
            node = stack.pop()
            for sender, secret in self.watch(node):
                self._see(Mark.SECRET, sender.line, secret.detail, secret.line)
                self._see(Mark.SEND, sender.line, " ".join(sender.words))
            if node.type == "variable_assignment":
                self.assign(node)
            if node.type == "pipeline":
                self._pipeline(node)
            if node.type == "command":
                for command in self.commands(node):
                    self._act(command)
            if node.type == "file_redirect":
                self._redirect(node)
            if node.type in {"test_command", "case_statement"}:
                self._decision(node)
            if node.type == "heredoc_redirect":
                self._document(node)
            if node.parent is None or node.type != "string_content":
                stack.extend(reversed(node.named_children))
        self._powershell(self.source.decode("utf-8", "replace"))

    def _see(self, mark: Mark, line: int, detail: str = "", origin: int = 0) -> None:
        if (mark, line) not in self.lines:
            self.lines.add((mark, line))
            begun = origin or self.upstream.get(line, line)
            places = () if begun == line else (self.site(begun),)
            self.out.sights.append(Sight(mark, self.site(line), detail[:200], self.unit, places))

    def _pipeline(self, node: Node) -> None:
        commands = [self.command(n) for child in node.named_children for n in descendants(child, "command")]
        names = [command.program for command in commands]
        for line in (line for command in commands for line in command.within.lines):
            self.upstream.setdefault(commands[-1].line, line)
        for place, command in enumerate(commands[1:], 1):
            runs = command.program in INTERPRETERS and len(command.words) <= 3 and not command.words[-1].endswith(".py")
            if not (runs or command.program in {"iex", "invoke-expression", "eval"}):
                continue
            if any(name in FETCHERS for name in names[:place]):
                self._see(Mark.FETCH_RUN, command.line, " | ".join(" ".join(each.words) for each in commands))
            elif any(decodes(each.program, each.words) for each in commands[:place]):
                self._see(Mark.DECODE_RUN, command.line, _file_read(commands[:place]))
            elif names[0] in {"echo", "printf", "cat"} and place == 1 and commands[0].words[1:]:
                self._piped(commands[0], command)

    def _piped(self, first: Command, interpreter: Command) -> None:
        """`echo CODE | sh` and `cat FILE | sh`."""
        if first.program == "cat":
            self.out.uses.append(Use(interpreter.program, first.words[1], interpreter.line, self.unit))
        else:
            self._embed(interpreter.program, " ".join(first.words[1:]), interpreter.line)

    def _embed(self, program: str, code: str, line: int) -> None:
        language = {"python": "python", "node": "javascript", "bun": "javascript", "deno": "javascript"}.get(program)
        if program in SHELLS:
            language = "shell"
        if language is None:
            self.out.lost.append((line, f"code for {program}, which is not read"))
        elif code.strip("$_ "):
            self.out.embedded.append(Embedded(language, code, line))

    def _redirect(self, node: Node) -> None:
        target = node.child_by_field_name("destination")
        if target is None or self.raw(node).startswith("<"):
            return
        path = self.word(target, Within())
        if is_persistent(path):
            self._see(Mark.PERSIST, int(node.start_point[0]) + 1, path)
        before = node.prev_named_sibling
        for command in [] if before is None else map(self.command, descendants(before, "command")):
            if command.program in FETCHERS:
                self.fetched[path] = command.line

    def _decision(self, node: Node) -> None:
        """`[ "$(hostname)" = x ]`, `case $(uname) in`: what is done depends on the machine."""
        subject = node.child_by_field_name("value") if node.type == "case_statement" else node
        asked = [] if subject is None else [self.command(each).program for each in descendants(subject, "command")]
        named = [] if subject is None else [self.raw(each) for each in descendants(subject, "variable_name")]
        for word in (*asked, *named):
            if word in MACHINE:
                self._see(Mark.GUARD, int(node.start_point[0]) + 1, MACHINE[word])

    def _document(self, node: Node) -> None:
        """A here-document: code, if an interpreter reads it."""
        parent = node.parent
        body = next((child for child in node.named_children if child.type == "heredoc_body"), None)
        if parent is None or body is None:
            return
        for command in map(self.command, descendants(parent, "command")):
            if command.program in INTERPRETERS:
                self._embed(command.program, self.raw(body), command.line)
                return

    def _act(self, command: Command) -> None:
        """What one command does."""
        name, words = command.program, command.words
        if not words:
            return
        if name in INTERPRETERS or name in {"eval", ".", "iex"}:
            self._given(command)
        if name in FETCHERS:
            self._fetch(command)
        self._traces(command)
        self._start(command)

    def _given(self, command: Command) -> None:
        """An interpreter or `eval` is given what other commands print, at once or by way of a variable."""
        line, sources, origin = command.line, command.within.commands, 0
        if command.program == "eval" and command.words[1:] and command.words[1].startswith("$_"):
            sources = [*sources, *command.within.kept]
            origin = next(iter(command.within.lines), 0)
        if any(each.program in FETCHERS for each in sources):
            self._see(Mark.FETCH_RUN, line, origin=origin)
        elif any(decodes(each.program, each.words) for each in sources):
            self._see(Mark.DECODE_RUN, line, _file_read(sources), origin)
        elif _file_read(sources):
            how = "sh" if all(each.program == "cat" for each in sources) else "load"
            self.out.uses.append(Use(how, _file_read(sources), origin or line, self.unit))

    def _start(self, command: Command) -> None:
        """What a command starts."""
        name, words, line = command.program, command.words, command.line
        if name in INTERPRETERS:
            self._interpret(command)
        elif name == ".":
            self._run("sh", words[1:2], line)
        elif name == "eval":
            self._embed("sh", " ".join(words[1:]), line)
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
        for module in modules:
            how = name if module.startswith((".", "/")) else "import:javascript"
            self.out.uses.append(Use(how, module, line, self.unit))
        flag = "-c" if name in SHELLS else CODE_FLAGS.get(name, "")
        flags = {flag, "-c", "/c", "/k", "-command"} if name in SHELLS else {flag, "--eval", "-p", "-pe"}
        for place, word in enumerate(arguments):
            lowered = word.lower()
            if lowered in {"-enc", "-encodedcommand", "-e"} and name in {"powershell", "pwsh"}:
                self._see(Mark.DECODE_RUN, line)
                self._powershell(utf16(arguments[place + 1 : place + 2]))
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

    def _module(self, words: list[str], line: int) -> None:
        for word in words:
            how = "tests" if word in {"pytest", "unittest"} else "import:python"
            self.out.uses.append(Use(how, word, line, self.unit))

    def _run(self, how: str, words: list[str], line: int) -> None:
        for word in words:
            fetched = self.fetched.get(word) or self.fetched.get(word.removeprefix("./"))
            if fetched:
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
        else:
            self.out.uses.append(Use("script", arguments[0], line, self.unit))

    def _fetch(self, command: Command) -> None:
        words = command.words
        self._see(Mark.CALL_OUT, command.line, " ".join(words))
        for flag, value in pairwise(words):
            if flag in {"-o", "-O", "--output", "--output-document", "-OutFile", "-outfile", "--out"}:
                self.fetched |= dict.fromkeys((value, value.removeprefix("./")), command.line)
        if words and ("-O" in words or command.program == "wget"):
            names = [word.rstrip("/").rpartition("/")[2] for word in words if "://" in word]
            self.fetched |= dict.fromkeys(names, command.line)

    def _traces(self, command: Command) -> None:
        """Secrets and ways to come back."""
        spoken = HOMES.sub("~", " ".join(command.words))
        public = command.program == "security" and "find-certificate" in command.words[1:2]
        if not public and any(is_secret(HOMES.sub("~", word).lstrip("@")) for word in command.words):
            self._see(Mark.SECRET, command.line, spoken)
        for flag, value in pairwise(command.words):
            if flag in {"--index-url", "--extra-index-url", "--registry"}:
                self._see(Mark.REDIRECT, command.line, f"packages from {value}")
        comes_back = (
            (command.program == "crontab" and "-l" not in command.words[1:2])
            or (command.program == "launchctl" and "load" in command.words)
            or (command.program == "schtasks" and "/create" in spoken.lower())
            or (command.program == "systemctl" and "--user" in command.words and "enable" in command.words)
        )  # fmt: skip
        writes = command.program in {"cp", "mv", "install", "tee", "ln", "reg"}
        if comes_back or (writes and any(is_persistent(HOMES.sub("~", word)) for word in command.words[1:])):
            self._see(Mark.PERSIST, command.line, spoken)

    def _powershell(self, text: str) -> None:
        """PowerShell and cmd idioms, by their words."""
        for number, line in enumerate(text.splitlines()[:20_000], 1):
            lowered = line.lower()
            fetches = any(word in lowered for word in POWERSHELL_FETCH)
            if URL_RUN.search(line[:4000]) or (fetches and any(word in lowered for word in POWERSHELL_RUN)):
                self._see(Mark.FETCH_RUN, number)


def _file_read(commands: Sequence[Command]) -> str:
    """The file that commands read, if one of them names it."""
    read = (each.words[-1] for each in commands if each.program in READERS)
    return next((word for word in read if _FILE.fullmatch(word)), "")

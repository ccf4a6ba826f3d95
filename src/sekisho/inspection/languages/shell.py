"""Shell: which programs a script starts, on which files, and what it pipes into an interpreter.

tree-sitter's bash grammar reads it; the syntax of other shells (cmd, PowerShell) comes out as words with errors
between, which is enough for what is looked for here. Nothing is expanded but variables the text itself sets.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from sekisho.inspection.findings import Mark, Sight, Site, Use
from sekisho.inspection.languages.commands import (
    CODE_FLAGS,
    FETCHERS,
    HOMES,
    INTERPRETERS,
    MACHINE,
    MAX_TEXT,
    NO_WORDS,
    POWERSHELL_FETCH,
    POWERSHELL_RUN,
    SCRIPT_RUNNERS,
    SHELLS,
    SUBCOMMANDS,
    TESTS,
    URL_RUN,
    decodes,
    program_name,
    unwrapped,
    utf16,
)
from sekisho.inspection.languages.paths import is_persistent, is_secret
from sekisho.inspection.languages.scope import Embedded


@dataclass
class Script:
    """What a shell text does."""

    uses: list[Use] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    lost: list[tuple[int, str]] = field(default_factory=list)


@cache
def _grammar() -> Language:
    return Language(tree_sitter_bash.language())


def read_shell(text: str, site: Callable[[int], Site], unit: str) -> Script:
    """Read one shell text. `site` gives the place of a line of it, counted from 1."""
    reader = _Reader(text[:MAX_TEXT], site, unit)
    reader.read()
    if len(text) > MAX_TEXT:
        reader.out.lost.append((1, "a shell text too long to be read whole"))
    return reader.out


@dataclass
class _Command:
    """One simple command: its words without quotes, and the commands within its words."""

    words: list[str]
    line: int
    inner: list["_Command"]

    @property
    def program(self) -> str:
        return program_name(self.words[0]) if self.words else ""


class _Reader:
    def __init__(self, text: str, site: Callable[[int], Site], unit: str) -> None:
        self.source = text.encode("utf-8", "replace")
        self.site, self.unit, self.out = site, unit, Script()
        self.variables: dict[str, str] = {}
        self.fetched: set[str] = set()
        self.lines: set[tuple[Mark, int]] = set()

    def read(self) -> None:
        root = Parser(_grammar()).parse(self.source).root_node
        stack = [root]
        while stack:
            node = stack.pop()
            if node.type == "variable_assignment":
                name = self._raw(node.child_by_field_name("name"))
                value = node.child_by_field_name("value")
                if value is not None:
                    self.variables[name] = self._word(value, [])
            if node.type == "pipeline":
                self._pipeline(node)
            if node.type == "command":
                for command in self._commands(node):
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

    def _raw(self, node: Node | None) -> str:
        return "" if node is None else self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _command(self, node: Node) -> _Command:
        return next(self._commands(node))

    def _commands(self, node: Node) -> Iterator[_Command]:
        """The command of a node. The grammar sometimes runs two lines into one command: those come apart here."""
        inner: list[_Command] = []
        words: list[str] = []
        line, at = int(node.start_point[0]) + 1, node.start_byte
        for child in node.named_children:
            if words and b"\n" in self.source[at : child.start_byte].replace(b"\\\n", b""):
                yield _Command(unwrapped(words), line, inner)
                inner, words, line = [], [], int(child.start_point[0]) + 1
            at = child.end_byte
            if child.type not in NO_WORDS:
                words.append(self._word(child, inner))
        yield _Command(unwrapped(words), line, inner)

    def _word(self, node: Node, inner: list[_Command]) -> str:
        """A word without its quotes. Commands within it are added to `inner`; what is unknown is `$_`."""
        parts, stack = [], [node]
        while stack:
            each = stack.pop()
            if each.type in {"command_substitution", "process_substitution"}:
                found = [self._command(n) for n in _descendants(each, "command")]
                inner.extend(found)
                parts.append("$_")
            elif each.type in {"simple_expansion", "expansion"}:
                name = self._raw(each).strip('${}"')
                parts.append(self.variables.get(name, "~" if name == "HOME" else "$_"))
            elif each.type == "raw_string":
                parts.append(self._raw(each)[1:-1])
            elif each.type == "ansi_c_string":
                parts.append(self._raw(each)[2:-1].encode("utf-8").decode("unicode_escape", "replace"))
            elif each.named_child_count:
                stack.extend(reversed(each.named_children))
            elif each.type == "string":
                parts.append(self._raw(each)[1:-1])
            else:
                parts.append(self._raw(each).replace("\\", "") if each.type == "word" else self._raw(each))
        return "".join(parts)

    def _see(self, mark: Mark, line: int, detail: str = "") -> None:
        if (mark, line) not in self.lines:
            self.lines.add((mark, line))
            self.out.sights.append(Sight(mark, self.site(line), detail[:200], self.unit))

    def _pipeline(self, node: Node) -> None:
        commands = [self._command(n) for child in node.named_children for n in _descendants(child, "command")]
        names = [command.program for command in commands]
        for place, command in enumerate(commands[1:], 1):
            runs = command.program in INTERPRETERS and len(command.words) <= 3 and not command.words[-1].endswith(".py")
            if not (runs or command.program in {"iex", "invoke-expression", "eval"}):
                continue
            if any(name in FETCHERS for name in names[:place]):
                self._see(Mark.FETCH_RUN, command.line, " | ".join(" ".join(each.words) for each in commands))
            elif any(decodes(each.program, each.words) for each in commands[:place]):
                self._see(Mark.DECODE_RUN, command.line)
            elif names[0] in {"echo", "printf", "cat"} and place == 1 and commands[0].words[1:]:
                self._piped(commands[0], command)

    def _piped(self, first: _Command, interpreter: _Command) -> None:
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
        if target is None or self._raw(node).startswith("<"):
            return
        path = self._word(target, [])
        if is_persistent(path):
            self._see(Mark.PERSIST, int(node.start_point[0]) + 1, path)
        before = node.prev_named_sibling
        if before is not None and any(
            c.program in FETCHERS for c in map(self._command, _descendants(before, "command"))
        ):
            self.fetched.add(path)

    def _decision(self, node: Node) -> None:
        """`[ "$(hostname)" = x ]`, `case $(uname) in`: what is done depends on the machine."""
        subject = node.child_by_field_name("value") if node.type == "case_statement" else node
        asked = [] if subject is None else [self._command(each).program for each in _descendants(subject, "command")]
        named = [] if subject is None else [self._raw(each) for each in _descendants(subject, "variable_name")]
        for word in (*asked, *named):
            if word in MACHINE:
                self._see(Mark.GUARD, int(node.start_point[0]) + 1, MACHINE[word])

    def _document(self, node: Node) -> None:
        """A here-document: code, if an interpreter reads it."""
        parent = node.parent
        body = next((child for child in node.named_children if child.type == "heredoc_body"), None)
        if parent is None or body is None:
            return
        for command in map(self._command, _descendants(parent, "command")):
            if command.program in INTERPRETERS:
                self._embed(command.program, self._raw(body), command.line)
                return

    def _act(self, command: _Command) -> None:
        """What one command does."""
        name, words, line = command.program, command.words, command.line
        if not words:
            return
        inner = {each.program for each in command.inner}
        if name in INTERPRETERS or name in {"eval", ".", "iex"}:
            if inner & FETCHERS:
                self._see(Mark.FETCH_RUN, line)
            elif any(decodes(each.program, each.words) for each in command.inner):
                self._see(Mark.DECODE_RUN, line)
        if name in FETCHERS:
            self._fetch(command)
        self._traces(command)
        self._start(command)

    def _start(self, command: _Command) -> None:
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

    def _interpret(self, command: _Command) -> None:
        name, line = command.program, command.line
        arguments = command.words[1:]
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
            if word in self.fetched or word.removeprefix("./") in self.fetched:
                self._see(Mark.FETCH_RUN, line, word)
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

    def _fetch(self, command: _Command) -> None:
        words = command.words
        self._see(Mark.CALL_OUT, command.line, " ".join(words))
        for flag, value in pairwise(words):
            if flag in {"-o", "-O", "--output", "--output-document", "-OutFile", "-outfile", "--out"}:
                self.fetched |= {value, value.removeprefix("./")}
            if flag in {"-d", "--data", "--data-binary", "-F", "--form", "-T", "--upload-file", "--data-raw"}:
                self._see(Mark.SEND, command.line, " ".join(words))
        if words and ("-O" in words or command.program == "wget"):
            self.fetched |= {word.rstrip("/").rpartition("/")[2] for word in words if "://" in word}

    def _traces(self, command: _Command) -> None:
        """Secrets and ways to come back."""
        spoken = HOMES.sub("~", " ".join(command.words))
        if any(is_secret(HOMES.sub("~", word).lstrip("@")) for word in command.words):
            self._see(Mark.SECRET, command.line, spoken)
        if command.program == "security" and any("keychain" in w or w.startswith("find-") for w in command.words[1:]):
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


def _descendants(node: Node, kind: str) -> Iterator[Node]:
    stack = [node]
    while stack:
        each = stack.pop()
        if each.type == kind:
            yield each
        stack.extend(reversed(each.named_children))

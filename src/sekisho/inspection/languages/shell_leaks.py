"""Secrets in a shell text, and the commands that send them: by pipe, variable, function, loop or file."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tree_sitter import Node

from sekisho.inspection.languages.commands import HOMES
from sekisho.inspection.languages.paths import is_secret
from sekisho.inspection.languages.printing import moved, printed, publishes, sends, told
from sekisho.inspection.languages.shell_words import Command, Variable, Within, Words, descendants
from sekisho.inspection.languages.telling import ALONE, owner

_DEPTH = 6
_COPIERS = {"tar", "zip", "cp", "7z", "rsync", "ditto", "install", "mv"}


_OPENS = re.compile(r"@\$_|^--(?:post|body|upload)-file=\$_")
"""A word that names a file which is sent."""


def _at_home(word: str) -> str:
    return HOMES.sub("~", word)


class Secret(NamedTuple):
    """What was read, and on which line."""

    detail: str
    line: int


class Leaks(Words):
    """One shell text, with what its commands print of secrets."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.held: dict[str, Secret] = {}
        self.functions: dict[str, list[Command]] = {}
        self.folder = ""

    def watch(self, node: Node) -> Iterator[tuple[Command, Secret]]:
        """Note what a node keeps of secrets; yield each command that sends some, and where they come from."""
        if node.type == "function_definition":
            self._function(node)
        elif node.type == "for_statement":
            self._loop(node)
        elif node.type == "redirected_statement":
            self._lines_of(node)
        elif node.type == "file_redirect":
            yield from self._kept(node)
        elif node.type == "pipeline":
            commands = [self.command(n) for child in node.named_children for n in descendants(child, "command")]
            found = None
            for last, command in pairwise(commands):
                found = found or self._of(last, 0)
                if found is not None and sends(command.words):
                    yield command, found
        elif node.type == "command":
            for command in self.commands(node):
                self._goes(command)
                yield from self._acts(command)

    def _acts(self, command: Command) -> Iterator[tuple[Command, Secret]]:
        self._copied(command)
        found = self._sent(command) if sends(command.words) else None
        if found is not None:
            yield command, found
        body = self.functions.get(command.program, [])
        given = self._of(Command(["$_"], command.line, command.within), 0) if body else None
        path = next((each for each in map(_at_home, command.words[1:]) if is_secret(each)), "") if body else ""
        for inner in body if given is not None or path else ():
            told = sends(inner.words) and any(name.isdigit() or name in "@*" for name in inner.within.names)
            if told and given is not None:  # `send "$(cat ~/.npmrc)"`
                yield inner, given._replace(line=command.line)
            elif told and any(map(_OPENS.search, inner.words)):  # `send ~/.npmrc`
                yield inner, Secret(path, command.line)

    def _function(self, node: Node) -> None:
        """What a function of the text does, with the variables it sets."""
        body = node.child_by_field_name("body")
        if body is None:
            return
        for each in descendants(body, "for_statement"):
            self._loop(each)
        for each in descendants(body, "variable_assignment"):
            self.assign(each)
        name = self.raw(node.child_by_field_name("name"))
        self.functions[name] = [self.command(n) for n in descendants(body, "command")]

    def _lines_of(self, node: Node) -> None:
        """`while read line; do ...; done < file`: the variable holds what the file does."""
        body = node.child_by_field_name("body")
        if body is None or body.type != "while_statement":
            return
        within = Within()
        self.given(body, within)
        for path in within.reads:
            source = Command(["cat", path], int(node.end_point[0]) + 1, Within())
            for each in descendants(body, "command"):
                words = self.command(each).words
                if words[:1] == ["read"] and len(words) > 1:
                    self.variables[words[-1]] = Variable("$_", source.line, (source,))

    def _loop(self, node: Node) -> None:
        """`for file in ~/.ssh/*`: a variable that is one of several words is known by the one that matters."""
        name = self.raw(node.child_by_field_name("variable"))
        words = [self.word(child, Within()) for child in node.children_by_field_name("value")]
        secret = next((word for word in words if is_secret(HOMES.sub("~", word))), None)
        if secret is not None:
            self.variables[name] = Variable(secret, int(node.start_point[0]) + 1, ())

    def _kept(self, node: Node) -> Iterator[tuple[Command, Secret]]:
        """`command > file`"""
        target, before = node.child_by_field_name("destination"), node.prev_named_sibling
        while before is not None and before.type.endswith("_redirect"):  # `command 2> there > file`
            before = before.prev_named_sibling
        if target is None or before is None or self.raw(node).startswith("<"):
            return
        commands = [self.command(n) for n in descendants(before, "command")]
        found = self._first(commands)
        path = self.word(target, Within())
        if found is not None and path != "/dev/null":
            self.held[path] = found
            if path.startswith(("/dev/tcp/", "/dev/udp/")):
                yield commands[-1], found

    def _goes(self, command: Command) -> None:
        """`cd folder`"""
        if command.program in {"cd", "pushd"}:
            to = HOMES.sub("~", command.words[1] if len(command.words) > 1 else "~")
            self.folder = to if to[:1] in {"~", "/", "-", "$"} else f"{self.folder}/{to}" if self.folder else ""

    def _printed(self, command: Command) -> str:
        """The secrets that a command prints, from where the text has gone."""
        return printed(command.words) or printed(moved(command.words, self.folder))

    def _copied(self, command: Command) -> None:
        """`tar czf archive ~/.ssh`: the other words may be where it went."""
        if command.program not in _COPIERS:
            return
        detail, words = self._printed(command), [word for word in command.words[1:] if word[:1] != "-" and word != "."]
        for word in words:
            again = None if detail else self._held_in(word)
            if again is not None:  # what was gathered in a folder is packed
                self.held |= dict.fromkeys((other for other in words if other != word), again)
                return
        if detail:
            names = [word for word in words if detail not in HOMES.sub("~", word)]
            self.held |= dict.fromkeys(names, Secret(detail, command.line))

    def _first(self, commands: Sequence[Command], depth: int = 0) -> Secret | None:
        return next((found for each in commands if (found := self._of(each, depth)) is not None), None)

    def _of(self, command: Command, depth: int) -> Secret | None:
        """What a command prints of secrets."""
        if depth > _DEPTH:
            return None
        detail = self._printed(command)
        if detail:
            return Secret(detail, command.line)
        for path in command.within.reads:
            if is_secret(HOMES.sub("~", path)):
                return Secret(path, next(iter(command.within.lines), command.line))
        for word in (*command.words[1:], *command.within.reads):
            found = self._held_in(word)
            if found is not None:
                return found
        inner = [*command.within.commands, *command.within.kept]
        return self._first(self.functions.get(command.words[0], ()) if command.words else (), depth + 1) or self._first(
            inner, depth + 1
        )

    def _held_in(self, path: str) -> Secret | None:
        """What is held in a file, or in one of a folder."""
        if path in self.held:
            return self.held[path]
        folder = f"{path.rstrip('/')}/"
        below = folder.count("/") > 1 or folder[0] not in "/~$."
        return next((found for each, found in self.held.items() if below and each.startswith(folder)), None)

    def _sent(self, command: Command) -> Secret | None:
        """What a command that sends is told of secrets."""
        words = [command.words[place] for place in told(command.words)]
        for word in words:
            path = HOMES.sub("~", word)
            for each in (path, path.rpartition("@")[2], path.rpartition("=")[2], path.rpartition("=@")[2]):
                if each in self.held:
                    return self.held[each]
                if is_secret(each):
                    return Secret(each, command.line)
        owners = {whose for name in command.within.names if (whose := owner(name))}
        if len(owners) > 1 or owners & ALONE:
            return Secret(", ".join(sorted(command.within.names))[:120], command.line)
        if publishes(command.words) and self.held:
            return next(iter(self.held.values()))
        return self._of(Command(["$_"], command.line, command.within), 0)

"""What a shell text tells a server of the machine it runs on: by pipe, by word, by variable, function or file."""

import re
from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node

from sekisho.inspection.findings import Mark
from sekisho.inspection.languages.printing import sends, told
from sekisho.inspection.languages.shell_leaks import Leaks
from sekisho.inspection.languages.shell_words import Command, Within, descendants
from sekisho.inspection.languages.surveying import told_by

_DEPTH = 4
_HERE = re.compile(r"(?:https?://)?(?:[^/@]*@)?\$_(?:[:/].*)?$")
"""An address that is this machine's own, or not known."""


_PACKS = frozenset({"tar", "cat", "zip", "base64", "find", "gzip", "head", "tail", "xxd", "od", "7z", "bsdtar"})
_ROOTED = re.compile(r"(?:--directory=)?(/(?!dev/|tmp/|proc/)[^$]+)$")
_ATTACHED = re.compile(r"(?:[\w-]*=)?@?(/(?!dev/|tmp/|proc/)[^$]+)$")


def _taken_from(command: Command) -> str:
    """The first path from the root on whose files a command gives on."""
    found = map(_ROOTED.match, command.words[1:]) if command.program in _PACKS else ()
    return next((each[1] for each in found if each), "")


class Surveys(Leaks):
    """One shell text, with what its commands tell of the machine."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.surveyed: dict[str, frozenset[str]] = {}

    def outgoing(self, node: Node) -> Iterator[tuple[Mark, Command, str]]:
        """Each command of a node that sends something of the machine or of a folder, and what that is."""
        for command, kinds in self._surveys(node):
            yield Mark.SURVEY, command, ", ".join(sorted(kinds))
        for command, path in self._takes(node):
            yield Mark.SENT_FROM, command, path

    def _surveys(self, node: Node) -> Iterator[tuple[Command, frozenset[str]]]:
        """Each command of a node that sends something of the machine, and what."""
        if node.type == "pipeline":
            commands = [self.command(each) for child in node.named_children for each in descendants(child, "command")]
            told_before: frozenset[str] = frozenset()
            for last, command in pairwise(commands):
                told_before |= self._says(last, 0)
                if told_before and sends(command.words):
                    yield command, told_before
        elif node.type == "file_redirect":
            self._note_survey(node)
        elif node.type == "command":
            for command in self.commands(node):
                found = self._given_to(command) if sends(command.words) else None
                if found:
                    yield command, found

    def _takes(self, node: Node) -> Iterator[tuple[Command, str]]:
        """Each command of a node that sends what lies at a path from the root on, and the path."""
        if node.type == "pipeline":
            commands = [self.command(each) for child in node.named_children for each in descendants(child, "command")]
            path = ""
            for last, command in pairwise(commands):
                path = path or _taken_from(last)
                if path and sends(command.words):
                    yield command, path
        elif node.type == "command":
            for command in filter(lambda each: sends(each.words), self.commands(node)):
                named = (_ATTACHED.match(command.words[place]) for place in told(command.words))
                given = (*map(_taken_from, (*command.within.commands, *command.within.kept)),
                         *(each[1] for each in named if each))  # fmt: skip
                if path := next(filter(None, given), ""):
                    yield command, path

    def _given_to(self, command: Command) -> frozenset[str]:
        """What a command that sends is told, by what its words hold and by the files they name."""
        words = [command.words[place] for place in told(command.words)]
        found = self._held_within(command, 0)
        if all(map(_HERE.match, (word for word in words if "$_" in word))) and len(found) == 1:
            return frozenset()
        paths = {path for word in words for path in (word, word.rpartition("@")[2], word.rpartition("=")[2])}
        files = (self.surveyed.get(path, frozenset()) for path in paths)
        return found.union(*files)

    def _says(self, command: Command, depth: int) -> frozenset[str]:
        """What a command prints of the machine, also by a function of the text, or from a file that was kept."""
        if depth > _DEPTH:
            return frozenset()
        found = told_by(command.words) | self._held_within(command, depth)
        for word in command.words[1:]:
            found |= self.surveyed.get(word, frozenset())
        for inner in self.functions.get(command.program, ()):
            found |= self._says(inner, depth + 1)
        return found

    def _held_within(self, command: Command, depth: int) -> frozenset[str]:
        inner = [*command.within.commands, *command.within.kept]
        found = (self._says(each, depth + 1) for each in inner)
        return frozenset[str]().union(*found, *(self.surveyed.get(path, ()) for path in command.within.reads))

    def _note_survey(self, node: Node) -> None:
        """`command > file`"""
        target, before = node.child_by_field_name("destination"), node.prev_named_sibling
        if target is None or before is None or self.raw(node).startswith("<"):
            return
        found = frozenset[str]().union(*(self._says(self.command(n), 0) for n in descendants(before, "command")))
        path = self.word(target, Within())
        if found and path != "/dev/null":
            self.surveyed[path] = self.surveyed.get(path, frozenset()) | found

"""Words of a shell text: without their quotes, with the variables that the text itself sets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from sekisho.inspection.languages.commands import NO_WORDS, program_name, unwrapped
from sekisho.inspection.languages.logins import OPTIONS, is_untold
from sekisho.inspection.languages.temporary import place

_MOST_KEPT = 50
"""Commands that a variable is remembered by."""


@cache
def _grammar() -> Language:
    return Language(tree_sitter_bash.language())


@dataclass
class Within:
    """What words hold: commands within them, commands within the variables in them, and where those were set.

    What says who asks (a header) is left out.
    """

    commands: list["Command"] = field(default_factory=list)
    kept: list["Command"] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    """Files that are its input."""
    names: list[str] = field(default_factory=list)
    """Variables that the text does not set."""
    texts: list[str] = field(default_factory=list)
    """What here-strings give."""

    def add(self, other: "Within") -> None:
        """What another word holds, too."""
        self.commands += other.commands
        self.kept += other.kept
        self.lines += other.lines
        self.names += other.names


@dataclass
class Command:
    """One simple command: its words without quotes, and what they hold."""

    words: list[str]
    line: int
    within: Within

    @cached_property
    def program(self) -> str:
        """The program's name, without folder and version."""
        return program_name(self.words[0]) if self.words else ""


class Variable(NamedTuple):
    """What a variable was set to, and where."""

    text: str
    line: int
    commands: tuple[Command, ...]
    name: str = ""


_DEEPEST = 12
"""Substitutions within substitutions; what is deeper is a command of its own, and read as that."""
_LOOPS, _TURNS, _LONGEST_LOOP = 200, 12, 20_000
"""Turns of loops that are written out, in all and of one loop; bytes of such a loop."""
_AS_WORDS = bytes(range(0x80)) + b"," * 0x80

_NESTED = re.compile(rb"(?<![$\w(])\(\((?=[^()\n]{1,2000}\)[^)])")
"""A subshell within one, which the grammar takes for arithmetic: the outer brackets do not matter here."""


class Words:
    """One shell text, parsed, and what its words mean so far."""

    def __init__(self, text: str) -> None:
        self.source = text.replace("${IFS}", "      ").replace("$IFS", "    ").encode("utf-8", "replace")
        self.variables: dict[str, Variable] = {}
        self.depth = self.loops = 0

    def root(self) -> Node:
        """The whole text.

        The grammar sees a comma for each byte beyond ASCII: to a shell both are parts of a word that no name holds, and
        the grammar's own scanner reads beyond its tables at some of them (tree-sitter-bash issue 337).
        """
        plain = _NESTED.sub(rb" (", self.source.translate(_AS_WORDS))
        return Parser(_grammar()).parse(plain).root_node

    def assign(self, node: Node) -> None:
        """`name=value`"""
        value = node.child_by_field_name("value")
        if value is not None:
            within, line = Within(), int(node.start_point[0]) + 1
            if value.type == "array":  # all its words, as one text
                text = " ".join(self.word(each, within) for each in value.named_children)
            else:
                text = self.word(value, within)
            commands = tuple((*within.commands, *within.kept)[:_MOST_KEPT])
            name = self.raw(node.child_by_field_name("name"))
            if text == "$_" and any(each.words[:1] == ["mktemp"] for each in commands):  # one place, whatever it is
                text = place(name)
            self.variables[name] = Variable(text, line, commands)

    def raw(self, node: Node | None) -> str:
        """The text of a node."""
        return "" if node is None else self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def command(self, node: Node) -> Command:
        """The first command of a node."""
        return next(self.commands(node))

    def commands(self, node: Node) -> Iterator[Command]:
        """The command of a node. The grammar sometimes runs two lines into one command: those come apart here."""
        within = Within()
        words: list[str] = []
        line, at = int(node.start_point[0]) + 1, node.start_byte
        for child in node.named_children:
            if words and b"\n" in self.source[at : child.start_byte].replace(b"\\\n", b""):
                yield Command(unwrapped(words), line, within)
                within, words, line = Within(), [], int(child.start_point[0]) + 1
            at = child.end_byte
            if child.type == "herestring_redirect":
                within.texts.extend(self.word(each, within) for each in child.named_children)
            if child.type not in NO_WORDS:
                words.append(self._argument(child, words, within))
            elif child.type == "herestring_redirect":
                self.word(child, within)
        self.given(node, within)
        yield Command(unwrapped(words), line, within)

    def _argument(self, node: Node, words: list[str], within: Within) -> str:
        """The next word of a command. What it holds is noted unless that only says who asks."""
        if not words or words[-1] not in OPTIONS:
            return self.word(node, within)
        held = Within()
        word = self.word(node, held)
        if not is_untold(program_name(unwrapped(words)[0]), words[-1], word):
            within.add(held)
        return word

    def given(self, node: Node, within: Within) -> None:
        """`command < file`, `command <<< text`"""
        around = node.parent
        for each in () if around is None or around.type != "redirected_statement" else around.named_children:
            if each.type in {"herestring_redirect", "heredoc_redirect"}:
                self.word(each, within)
            elif each.type == "file_redirect" and self.raw(each).startswith("<"):
                target = each.child_by_field_name("destination")
                within.reads += [] if target is None else [self.word(target, within)]

    def is_short(self, node: Node) -> bool:
        """Whether a node is a loop over words that is written out."""
        return node.type == "for_statement" and self.loops < _LOOPS and node.end_byte - node.start_byte < _LONGEST_LOOP

    def turns(self, node: Node) -> Iterator[Node | Variable]:
        """A loop over words, written out: its variable is each of them in turn."""
        name, body = self.raw(node.child_by_field_name("variable")), node.child_by_field_name("body")
        values = node.children_by_field_name("value")
        yield from values
        for value in values[:_TURNS]:
            self.loops += 1
            within = Within()
            text = self.word(value, within)
            yield Variable(text, int(node.start_point[0]) + 1, tuple(within.commands), name)
            if body is not None:
                yield from body.named_children
        if body is not None and not values:
            yield from body.named_children

    def word(self, node: Node, within: Within) -> str:
        """A word without its quotes. What it holds is added to `within`; what is unknown is `$_`."""
        parts, stack = [], [node]
        while stack:
            each = stack.pop()
            if each.type in {"command_substitution", "process_substitution"}:
                self.depth += 1
                for command in map(self.command, outermost(each, "command") if self.depth < _DEEPEST else ()):
                    within.commands += [command, *command.within.commands]
                self.depth -= 1
                parts.append("$_")
            elif each.type in {"simple_expansion", "expansion"}:
                parts.append(self._variable(self.raw(each).strip().strip('${}"'), within))
            elif each.type == "raw_string":
                parts.append(self.raw(each)[1:-1])
            elif each.type == "ansi_c_string":
                parts.append(self.raw(each)[2:-1].encode("utf-8").decode("unicode_escape", "replace"))
            elif each.named_child_count:
                stack.extend(reversed(each.named_children))
            elif each.type == "string":
                parts.append(self.raw(each)[1:-1])
            else:
                parts.append(self.raw(each).replace("\\", "") if each.type == "word" else self.raw(each))
        return "".join(parts)

    def _variable(self, expansion: str, within: Within) -> str:
        """`$name`, `${name}` and `${name:-otherwise}`."""
        name, _, otherwise = expansion.removesuffix("[@]").removesuffix("[*]").partition(":-")
        known = self.variables.get(name)
        if known is None:
            within.names.append(name)
            return "~" if name == "HOME" else otherwise or "$_"
        within.kept.extend(known.commands)
        within.lines.append(known.line)
        return known.text


def descendants(node: Node, kind: str) -> Iterator[Node]:
    """All nodes of one kind within a node."""
    stack = [node]
    while stack:
        each = stack.pop()
        if each.type == kind:
            yield each
        stack.extend(reversed(each.named_children))


def outermost(node: Node, kind: str) -> Iterator[Node]:
    """The nodes of one kind within a node that are not within another one of it."""
    stack = [node]
    while stack:
        each = stack.pop()
        if each.type == kind:
            yield each
        else:
            stack.extend(reversed(each.named_children))

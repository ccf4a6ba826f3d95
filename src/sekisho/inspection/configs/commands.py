"""Commands as configuration writes them: as text, as a list of words, by name, or as `command` and `args`."""

import re
from collections.abc import Iterator

from sekisho.inspection.configs.document import Node

_WORKSPACE = re.compile(
    r"\$\{(?:workspace(?:Folder|Root)|containerWorkspaceFolder|localWorkspaceFolder|PROJECT_DIR|CLAUDE_PROJECT_DIR)"
    r"(?::[^}]*)?\}[/\\]?|\$(?:CLAUDE_PROJECT_DIR|PROJECT_DIR|ZED_WORKTREE_ROOT)[/\\]|\"\$CLAUDE_PROJECT_DIR\"/"
    r"|\$(?:ProjectFileDir|PROJECT_DIR)\$[/\\]"
)
_WITHIN = re.compile(r"\.{1,2}[/\\]|(?![a-z]+://)(?:[\w@.-]+[/\\])+[\w@.-]+$", re.IGNORECASE)
_FETCHED = re.compile(r"(?:^|[/\\])(?:\.?venv|env|node_modules|\.yarn[/\\]sdks|\.fvm|\.direnv|vendor)(?:[/\\]|$)")
_TEXT = ("command", "path", "script", "run", "cmd", "exec", "commandline", "shellcommand")


def commands(node: Node) -> Iterator[tuple[int, str]]:
    """The command lines a node holds, with their lines."""
    if node.scalar:
        yield node.line, node.text
        return
    if node.items:
        if any(item.members for item in node.items):
            for item in node.items:
                yield from commands(item)
        else:
            yield node.line, " ".join(quoted(each.text) for each in node.items)
        return
    key = next((key for key, _ in node.members if key.lower() in _TEXT), None)
    if key is None:
        for _, value in node.members:
            if value.scalar or value.items:
                yield from commands(value)
        return
    for command in node.every(key):
        text = command.first("value").text or command.text or " ".join(quoted(each.text) for each in command.items)
        text = text or " ".join(filter(None, (command.first("path").text, *next(_arguments(command)))))
        for arguments in _arguments(node) if text else ():
            yield command.line, " ".join([text, *arguments])


def _arguments(node: Node) -> Iterator[list[str]]:
    """The arguments that a node gives: one list, or as many as say they are."""
    given = [value for key, value in node.members if key in {"args", "arguments"}]
    for each in given or [Node(node.line)]:
        yield [quoted(item.first("value").text or item.text) for item in each.items] + (
            [each.text] if each.text else []
        )


def quoted(word: str) -> str:
    """A word as a shell takes it back."""
    return word if re.fullmatch(r"[\w@%+=:,./$~{}\-]+", word) else "'" + word.replace("'", "'\\''") + "'"


def relative(command: str) -> str:
    """`${workspaceFolder}/x` is `x` of this folder."""
    return _WORKSPACE.sub("./", command)


def is_within(path: str) -> bool:
    """Whether a path names something of the input itself: relative, and in no folder that tools fill."""
    plain = relative(path)
    return bool(_WITHIN.match(plain)) and not _FETCHED.search(plain) and not plain.startswith(("/", "~"))


def is_fetched(path: str) -> bool:
    """Whether a path lies in a folder that tools fill and nobody sends: if it is there, it is read all the same."""
    return bool(_FETCHED.search(relative(path))) and not path.startswith(("/", "~"))


def objects(node: Node) -> Iterator[Node]:
    """All objects in it, however deep, in their order."""
    stack = [node]
    while stack:
        each = stack.pop()
        if each.members:
            yield each
        stack.extend(reversed([*each.items, *(value for _, value in each.members)]))

"""What a host or a bot runs when a push reaches it: Vercel, Netlify, Render, Heroku, Renovate and the like."""

from collections.abc import Iterator

from sekisho.inspection.configs.commands import commands
from sekisho.inspection.configs.document import Node, read_json, read_toml, read_yaml
from sekisho.inspection.findings import Moment
from sekisho.inspection.page import Page

_COMMANDS = {
    "buildcommand", "installcommand", "devcommand", "ignorecommand", "startcommand", "predeploycommand",
    "build_command",
    "release_command", "initialdeployhook", "postdeploy", "predeploy", "pr-predestroy", "build", "deploy", "commands",
    "postupgradetasks", "command", "cmds", "prebuild", "postbuild", "runcommand", "release", "dockercommand",
}  # fmt: skip
_NAMES = ("build", "deploy", "commands", "command", "release")
"""Words that are a command in some of these files, and other things in the rest."""


def host(page: Page) -> None:
    """Commands wherever such a file has them; plugins that a build loads from this folder."""
    for document in _documents(page):
        stack: list[tuple[str, Node]] = [("", document)]
        while stack:
            above, node = stack.pop()
            for key, value in node.members:
                name = key.lower()
                if name in _COMMANDS and _is_command(name, above, value):
                    for line, command in _each(value):
                        page.trigger(Moment.PUSH, f"{page.name} ({key})", line, command)
                elif name == "package" and above == "plugins" and value.text.startswith((".", "/")):
                    page.trigger(Moment.PUSH, f"{page.name} (plugin)", value.line, value.text,
                                 uses=(("import:javascript", value.text),))  # fmt: skip
                else:
                    stack.append((name, value))
            stack.extend((above, item) for item in node.items)


def _each(value: Node) -> Iterator[tuple[int, str]]:
    """Text is one command, a list is one for each of its items."""
    for node in value.items or (value,):
        yield from commands(node)


def _documents(page: Page) -> tuple[Node, ...]:
    if page.name.endswith(".toml"):
        return (read_toml(page.text),)
    return (read_json(page.text),) if page.text.lstrip()[:1] in "{[" else read_yaml(page.text)


def _is_command(name: str, above: str, value: Node) -> bool:
    """Whether the value is what to run: text or a list of it, and not under a word that may mean anything."""
    listed = bool(value.items) and all(item.scalar for item in value.items)
    if name in _NAMES:
        return (
            value.scalar and " " in value.text and above in {"build", "deploy", "run", "hooks", "jobs", "processes"}
        ) or (listed and above in {"build", "postupgradetasks", "jobs", "deploy", "hooks"})
    return value.scalar or listed

"""Editors, terminals, agents and containers: what runs because a folder was opened."""

import re
from collections.abc import Iterator

from sekisho.inspection.configs.document import Node, read_json, read_toml
from sekisho.inspection.findings import Moment
from sekisho.inspection.page import Page

_QUIET = {("reveal", "never"), ("reveal", "silent"), ("echo", "false"), ("close", "true"), ("panel", "new-hidden")}
_CONTAINER = {
    "initializeCommand": "dev container, on the host itself", "onCreateCommand": "dev container",
    "updateContentCommand": "dev container", "postCreateCommand": "dev container",
    "postStartCommand": "dev container", "postAttachCommand": "dev container",
}  # fmt: skip
_PATH_SETTINGS = re.compile(
    r"(?:interpreterpath|pythonpath|git\.path|nodepath|\.runtime$|executablepath|\.path$|binpath|serverpath|command$"
    r"|\.bin$|runtimeexecutable)",
    re.IGNORECASE,
)
_IN_REPO = re.compile(r"^(?:\$\{workspace(?:Folder|Root)\}[/\\]|\./|\.\.?[/\\])")
_ENVIRONMENTS = re.compile(r"[/\\](?:\.?venv|env|node_modules)[/\\]|\.venv|node_modules")


def tasks(page: Page) -> None:
    """`.vscode/tasks.json`"""
    _tasks(page, read_json(page.text))


def workspace(page: Page) -> None:
    """`*.code-workspace`: tasks, settings and launch configurations in one file."""
    document = read_json(page.text)
    for inner in document.every("tasks"):
        _tasks(page, inner)
    for inner in document.every("settings"):
        _settings(page, inner)


def settings(page: Page) -> None:
    """`.vscode/settings.json`"""
    _settings(page, read_json(page.text))


def launch(page: Page) -> None:
    """`.vscode/launch.json`: what F5 starts."""
    for node in read_json(page.text).first("configurations").items:
        program = node.first("program")
        if program.text:
            runner = "node" if "node" in node.first("type").text else "python"
            runs = f"{runner} {_relative(program.text)}"
            page.trigger(Moment.RUN, "VS Code launch configuration", program.line, runs)


def container(page: Page) -> None:
    """`devcontainer.json`. `initializeCommand` runs on the host (devcontainers/cli#290)."""
    for key, value in read_json(page.text).members:
        if key in _CONTAINER:
            for line, command in _commands(value):
                page.trigger(Moment.OPEN, f"{_CONTAINER[key]} ({key})", line, command)


def agents(page: Page) -> None:
    """Servers and hooks of coding agents: `.mcp.json`, `.claude/settings.json`, `.cursor/mcp.json`."""
    document = read_json(page.text)
    for key in ("mcpServers", "servers"):
        for servers in document.every(key):
            for name, server in servers.members:
                for line, command in _commands(server):
                    page.trigger(Moment.OPEN, f"agent tool server {name!r}", line, command)
    for hooks in document.every("hooks"):
        for node in _objects(hooks):
            told = node.first("command")
            if told.text:
                page.trigger(Moment.OPEN, "hook of a coding agent", told.line, told.text)


def direnv(page: Page) -> None:
    """`.envrc`, read by direnv when a shell enters the folder."""
    page.trigger(Moment.OPEN, "direnv", 1, page.lines[0] if page.lines else "", whole=True)


def mise(page: Page) -> None:
    """`mise.toml`: hooks that run on entering, and tasks."""
    document = read_toml(page.text)
    for name, hook in document.first("hooks").members:
        for line, command in _commands(hook):
            page.trigger(Moment.OPEN, f"mise hook {name!r}", line, command)


def _tasks(page: Page, document: Node) -> None:
    listed = [task for tasks in document.every("tasks") for task in tasks.items]
    labels = {task.first("label").text or task.first("taskName").text: task for task in listed}
    waiting = [task for task in listed if any(n.text == "folderOpen" for n in task.every("runOptions", "runOn"))]
    seen: list[Node] = []
    while waiting:
        task = waiting.pop(0)
        if task in seen:
            continue
        seen.append(task)
        quiet = any((key, value.text) in _QUIET for p in _places(task, document) for key, value in p.members)
        quiet = quiet or any(node.text == "true" for node in task.every("hide"))
        for system in ("", "windows", "osx", "linux"):
            for node in [task] if not system else list(task.every(system)):
                for line, command in _commands(node):
                    by = "VS Code task" + (f" ({system})" if system else "")
                    page.trigger(Moment.OPEN, by, line, _relative(command), quiet=quiet)
        for after in task.every("dependsOn"):
            waiting.extend(labels[node.text] for node in after.texts() if node.text in labels)


def _places(task: Node, document: Node) -> Iterator[Node]:
    yield from task.every("presentation")
    yield from document.every("presentation")


def _settings(page: Page, document: Node) -> None:
    for key, value in document.members:
        if key.startswith("task.allowAutomaticTasks") and value.text == "on":
            page.trigger(Moment.OPEN, "VS Code setting that lets tasks run unasked", value.line, "", whole=True)
        if _PATH_SETTINGS.search(key):
            for node in value.texts():
                if _IN_REPO.match(node.text) and not _ENVIRONMENTS.search(node.text):
                    page.trigger(Moment.OPEN, f"VS Code setting {key}", node.line, _relative(node.text))
        if key.startswith("terminal.integrated.") and ("profiles" in key or "shellArgs" in key or "automation" in key):
            for line, command in [pair for _, inner in value.members for pair in _commands(inner)]:
                page.trigger(Moment.OPEN, f"VS Code setting {key}", line, _relative(command))


def _commands(node: Node) -> Iterator[tuple[int, str]]:
    """The command lines a node holds: text, a list of words, several of them by name, or `command` and `args`."""
    if node.scalar:
        yield node.line, node.text
        return
    if node.items:
        yield node.line, " ".join(_quoted(each.text) for each in node.items)
        return
    command = next((value for key, value in node.members if key in {"command", "path", "script", "run"}), None)
    if command is None:
        for _, value in node.members:
            if value.scalar or value.items:
                yield from _commands(value)
        return
    text = command.first("value").text or command.text or " ".join(_quoted(each.text) for each in command.items)
    arguments = [each.first("value").text or each.text for each in node.first("args").items]
    if text:
        yield command.line, " ".join([text, *(_quoted(each) for each in arguments)])


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w@%+=:,./$~{}\-]+", word) else "'" + word.replace("'", "'\\''") + "'"


def _relative(command: str) -> str:
    """`${workspaceFolder}/x` is `x` of this folder."""
    return re.sub(r"\$\{workspace(?:Folder|Root)\}[/\\]?", "./", command)


def _objects(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        each = stack.pop()
        if each.members:
            yield each
        stack.extend(reversed([*each.items, *(value for _, value in each.members)]))

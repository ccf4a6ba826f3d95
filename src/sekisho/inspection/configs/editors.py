"""Editors: what runs because a folder was opened, or is one key away."""

import re
from collections.abc import Iterator

from sekisho.inspection.configs.agents import servers
from sekisho.inspection.configs.commands import commands, is_fetched, is_within, objects, quoted, relative
from sekisho.inspection.configs.document import MalformedDocument, Node, read_json
from sekisho.inspection.configs.environment import environment
from sekisho.inspection.findings import Mark, Moment, Shown
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page, Place

_ON_ERROR = ("reveal", "silent")
_NEVER = {("reveal", "never"), ("panel", "new-hidden")}
_DISCREET = {_ON_ERROR, ("echo", "false"), ("close", "true")}
"""What a task that builds may say, too: two of these together hide it."""

_SYSTEMS = ("windows", "osx", "linux")
_LAX = {
    ("task.allowAutomaticTasks", "on"): "lets tasks run unasked",
    ("security.workspace.trust.enabled", "false"): "turns off the question whether the folder is trusted",
    ("security.workspace.trust.untrustedFiles", "open"): "opens files that are not trusted without a question",
    ("chat.tools.autoApprove", "true"): "lets an agent run commands unasked",
    ("chat.tools.global.autoApprove", "true"): "lets an agent run commands unasked",
    ("terminal.integrated.hideOnStartup", "always"): "hides the terminal",
    ("terminal.integrated.hideOnStartup", "whenEmpty"): "hides the terminal",
}
_COMMAND_SETTING = re.compile(r"(?:command(?:line)?s?|cmd|overridecommand|executormap|script)$", re.IGNORECASE)
_PATH_SETTING = re.compile(
    r"(?:path|runtime|\.bin|executable|tsdk|interpreter|server|alternatetools|customformatters?|\.lib|compiler|adapter"
    r"|debugger|startupscripts?|sdk)s?$",
    re.IGNORECASE,
)
_SEARCHED = re.compile(r"(?:extrapaths|stubpath|typeroots|excludepath|includepath|rootpath|workspace|outputpath"
                       r"|analysis\.|config(?:file)?path|cachepath|cwd|snippetspath|importpath|docpath)",
                       re.IGNORECASE)  # fmt: skip
"""Settings that name places to look in, not programs."""


def read_as_typed(page: Page, *, starts: bool = True) -> Node:
    """A file that VS Code reads even where it is broken: a gap, and a reason to look if the file can start something.

    Raises MalformedDocument where nothing can be made of it.
    """
    try:
        return read_json(page.text)
    except MalformedDocument as why:
        page.gap(why.line, why.why)
        if starts:
            page.trigger(Moment.OPEN, "VS Code (it reads broken files as well)", why.line, page.path, whole=True)
    return read_json(page.text, broken=True)


def tasks(page: Page) -> None:
    """`.vscode/tasks.json`"""
    _tasks(page, read_as_typed(page))


def workspace(page: Page) -> None:
    """`*.code-workspace`: tasks, settings and launch configurations in one file."""
    document = read_as_typed(page)
    for inner in document.every("tasks"):
        _tasks(page, inner)
    for inner in document.every("settings"):
        read_settings(page, inner, "VS Code setting")
    for inner in document.every("launch"):
        _launch(page, inner)


def settings(page: Page) -> None:
    """`.vscode/settings.json`"""
    read_settings(page, read_as_typed(page, starts=False), "VS Code setting")


def launch(page: Page) -> None:
    """`.vscode/launch.json`: what F5 starts, and the tasks before and after it."""
    _launch(page, read_as_typed(page))


def extensions(page: Page) -> None:
    """`.vscode/extensions.json`: extensions that the editor offers to install, as dependencies."""
    for node in read_json(page.text).first("recommendations").items:
        page.need(node.text, node.line, "an extension that the editor recommends")


def zed(page: Page) -> None:
    """`.zed/tasks.json`, `.zed/settings.json`: tasks to pick, language servers and agent servers that start unasked."""
    document = read_json(page.text)
    for item in document.items:
        for line, command in commands(item):
            page.trigger(Moment.RUN, "Zed task", line, relative(command))
    for name, server in document.first("lsp").members:
        for line, command in commands(server.first("binary")):
            if is_within(command.partition(" ")[0]):
                page.trigger(Moment.OPEN, f"Zed language server {name!r}", line, relative(command))
    servers(page, document)


def sublime(page: Page) -> None:
    """`*.sublime-project`: build systems."""
    for system in read_json(page.text).first("build_systems").items:
        for key in ("shell_cmd", "cmd"):
            for line, command in commands(system.first(key)) if system.first(key) != Node(system.line) else ():
                page.trigger(Moment.BUILD, "Sublime build system", line, command)


def vim(page: Page) -> None:
    """`.vimrc`, `.exrc`, `.nvim.lua` of a folder: run by editors that were told to (`exrc`)."""
    page.trigger(Moment.OPEN, "Vim, if it reads a folder's own settings", 1, page.path, whole=True)
    for number, line in enumerate(page.lines, 1):
        command = re.match(r"\s*(?:silent!?\s+)?(?:autocmd\s.*?)?(?:silent!?\s+)?!\s*(.+)", line)
        if command or re.search(r"\b(?:system|systemlist|jobstart|termopen|os\.execute|io\.popen)\s*\(", line):
            page.trigger(Moment.OPEN, "a command in Vim's settings", number, command[1] if command else line.strip())
            if not command:
                page.gap(number, "a command within a script of Vim's, which was not read")


def emacs(page: Page) -> None:
    """`.dir-locals.el`: `eval` forms that Emacs offers to run on opening a file."""
    for number, line in enumerate(page.lines, 1):
        if re.search(r"\(\s*eval\b", line):
            page.trigger(Moment.OPEN, "Emacs (eval in .dir-locals.el)", number, line.strip(), uses=())
            if re.search(r"\b(?:shell-command|call-process|start-process|make-process|url-retrieve|load|async-shell)",
                         page.text):  # fmt: skip
                page.gap(number, "Lisp that starts a program or loads a file, which was not read")


def _tasks(page: Page, document: Node) -> None:
    listed = [task for tasks in document.every("tasks") for task in tasks.items]
    if document.first("command").text and not listed:
        listed = [document]
    labels: dict[str, list[Node]] = {}
    for task in listed:
        for name in {task.first("label").text, task.first("taskName").text} - {""}:
            labels.setdefault(name, []).append(task)
    waiting = [task for task in listed if any(n.text == "folderOpen" for n in task.every("runOptions", "runOn"))]
    seen: list[Node] = []
    while waiting:
        task = waiting.pop(0)
        if task in seen:
            continue
        seen.append(task)
        shown = _shown(task, document)
        for by, line, command in _started(task, document):
            page.trigger(Moment.OPEN, by, line, relative(command), shown=shown)
        for options in (*task.every("options"), *document.every("options")):
            environment(page, options.first("env").members, "a VS Code task", Moment.OPEN)
        for after in task.every("dependsOn"):
            waiting.extend(each for node in after.texts() for each in labels.get(node.text, ()))
    for name, named in labels.items():
        for task in named:
            for _, line, command in _started(task, document):
                page.code(Embedded("shell", relative(command), line), f"task:{name}", _always(line))


def _shown(task: Node, document: Node) -> Shown:
    """Whether a task's terminal is brought up: always, if the task fails, or never."""
    said = {(key, value.text) for place in _places(task, document) for key, value in place.members}
    if said & _NEVER or len(said & _DISCREET) > 1 or any(node.text == "true" for node in task.every("hide")):
        return Shown.NEVER
    return Shown.ON_ERROR if _ON_ERROR in said else Shown.OPENLY


def _started(task: Node, document: Node) -> Iterator[tuple[str, int, str]]:
    """By what, on which line, and what a task starts: of itself, or on one system."""
    kind = task.first("type").text
    script = task.first("script")
    if kind == "npm" and script.text:
        yield "VS Code task", script.line, f"npm run {quoted(script.text)}"
    if kind in {"gulp", "grunt", "jake"}:
        yield "VS Code task", task.line, f"{kind} {task.first('task').text}"
    for system in ("", *_SYSTEMS):
        by = "VS Code task" + (f" ({system})" if system else "")
        nodes = [task] if not system else [*task.every(system), *document.every(system)]
        for node in nodes:
            shell = node.first("options", "shell", "executable")
            for line, command in _of(node, task) if _holds(node) else ():
                yield by, line, command
            if shell.text and is_within(shell.text):
                yield f"{by}, its shell", shell.line, shell.text


def _holds(node: Node) -> bool:
    return any(key in {"command", "args"} for key, _ in node.members)


def _of(node: Node, task: Node) -> Iterator[tuple[int, str]]:
    """A task's command; a system's own part may have only the command, or only the arguments."""
    own = {key for key, _ in node.members}
    borrowed = [(key, value) for key, value in task.members if key in {"command", "args"} and key not in own]
    whole = node._replace(members=(*node.members, *borrowed))
    process = task.first("type").text == "process"
    for line, command in commands(whole):
        yield line, quoted(command) if process and not whole.first("args").items and " " not in command else command


def _places(task: Node, document: Node) -> Iterator[Node]:
    yield from task.every("presentation")
    yield from document.every("presentation")
    for system in _SYSTEMS:
        yield from task.every(system, "presentation")


def _launch(page: Page, document: Node) -> None:
    by = "VS Code launch configuration"
    listed = [node for key in ("configurations", "compounds") for inner in document.every(key) for node in inner.items]
    for node in listed:
        kind = node.first("type").text
        runner = "node" if "node" in kind or kind in {"extensionHost", "bun"} else "python"
        program, module, runtime = node.first("program"), node.first("module"), node.first("runtimeExecutable")
        arguments = " ".join(quoted(each.text) for key in ("runtimeArgs", "args") for each in node.first(key).items)
        if program.text:
            page.trigger(Moment.RUN, by, program.line, f"{runner} {relative(program.text)}")
        if module.text:
            page.trigger(Moment.RUN, by, module.line, f"python -m {module.text}")
        if runtime.text and (arguments or is_within(runtime.text)):
            page.trigger(Moment.RUN, by, runtime.line, relative(f"{runtime.text} {arguments}"))
        for key in ("command", "miDebuggerPath", "debugServerPath", "pythonPath", "python", "debuggerPath"):
            told = node.first(key)
            if told.text and (key == "command" or is_within(told.text)):
                page.trigger(Moment.RUN, by, told.line, relative(told.text))
        for key in ("preLaunchTask", "postDebugTask"):
            for told in node.every(key):
                page.trigger(Moment.RUN, f"VS Code {key}", told.line, told.text, uses=(("task", told.text),))
        address = next(
            (node.first(key) for key in ("address", "host") if node.first(key).text), node.first("connect", "host")
        )
        if node.first("request").text == "attach" and not re.match(r"localhost|127\.|::1|\$|$", address.text):
            unit = page.trigger(Moment.RUN, by, address.line, address.text, uses=())
            page.see(Mark.DOOR, address.line, "a debugger's line to another machine", unit)
        environment(page, node.first("env").members, by, Moment.RUN)


def read_settings(page: Page, document: Node, by: str) -> None:
    """Settings that lower a guard, hide something, or name a program of this folder."""
    for key, value in document.members:
        says = _LAX.get((key, value.text))
        if says:
            page.trigger(Moment.OPEN, f"{by} that {says}", value.line, "", whole=True)
        if key.startswith("terminal.integrated."):
            _terminal(page, key, value, by)
        elif key.startswith("emeraldwalk.runonsave") or key.endswith("runOnSave.commands"):
            for node in objects(value):
                for line, command in commands(node) if node.first("cmd").text or node.first("command").text else ():
                    page.trigger(Moment.OPEN, f"{by} {key}", line, relative(command))
        elif key == "jupyter.runStartupCommands":  # Python, which each kernel runs first; `%` and `!` are IPython's
            for node in value.texts():
                magic = node.text.lstrip()[:1]
                page.trigger(Moment.RUN, f"{by} {key}", node.line, node.text.lstrip(" !"),
                             "shell" if magic == "!" else "python", uses=() if magic == "%" else None)  # fmt: skip
        elif _COMMAND_SETTING.search(key) or (_PATH_SETTING.search(key) and not _SEARCHED.search(key)):
            _named(page, key, value, by)
        elif key == "files.exclude":
            _hidden(page, value)
    if any(key in {"mcp", "mcp.servers", "mcpServers"} for key, _ in document.members):
        servers(page, document)


def _terminal(page: Page, key: str, value: Node, by: str) -> None:
    if key.startswith("terminal.integrated.env."):
        environment(page, value.members, key, Moment.OPEN)
    elif re.search(r"profiles|shell|automation", key):
        for line, command in [pair for _, inner in value.members for pair in commands(inner)] or list(commands(value)):
            if " " in command or is_within(command):
                page.trigger(Moment.OPEN, f"{by} {key}", line, relative(command))


def _hidden(page: Page, value: Node) -> None:
    for name, shown in value.members:
        if shown.text == "true" and re.search(r"\.vscode|\.github|\.husky|\.devcontainer|\.idea", name):
            page.see(Mark.SUPPRESS, shown.line, f"hides {name} from the editor's list of files")


def _named(page: Page, key: str, value: Node, by: str) -> None:
    """A setting whose value is a program or command: told if it is of this folder, or more than a name."""
    if value.items and all(item.scalar for item in value.items):
        told = [(value.line, " ".join(quoted(each.text) for each in value.items))]
    else:
        told = [(node.line, node.text) for node in value.texts()]
    for line, command in told:
        words = relative(command).split()
        if len(words) == 1 and is_fetched(words[0]):
            page.trigger(Moment.OPEN, f"{by} {key}", line, words[0], uses=(("load", words[0]),))
        elif any(is_within(word.strip("\"'")) for word in words) or re.search(r"[|;&`]|\$\(", command):
            page.trigger(Moment.OPEN, f"{by} {key}", line, relative(command))


def _always(line: int) -> Place:
    return lambda _: line

"""Variables of the environment that make ordinary programs run something first."""

import re
import shlex
from collections.abc import Iterable, Iterator

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.configs.commands import is_within, relative
from sekisho.inspection.configs.document import Node
from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.page import Page

_FILES = {"PYTHONSTARTUP": "python", "BASH_ENV": "sh", "ENV": "sh", "ZDOTDIR": "sh", "LD_PRELOAD": "exec",
          "DYLD_INSERT_LIBRARIES": "exec", "LD_AUDIT": "exec", "DOTNET_STARTUP_HOOKS": "exec",
          "NPM_CONFIG_SCRIPT_SHELL": "exec", "GIT_ASKPASS": "exec", "SSH_ASKPASS": "exec", "EDITOR": "exec",
          "GIT_EDITOR": "exec", "VISUAL": "exec", "PAGER": "exec", "GIT_PAGER": "exec", "BROWSER": "exec",
          "GIT_EXEC_PATH": "exec"}  # fmt: skip
"""Variables that name a file, and what reads it."""

_INDEXES = {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX", "UV_INDEX_URL", "UV_DEFAULT_INDEX",
            "UV_EXTRA_INDEX_URL", "NPM_CONFIG_REGISTRY", "YARN_REGISTRY", "YARN_NPM_REGISTRY_SERVER",
            "BUN_CONFIG_REGISTRY", "GOPROXY"}  # fmt: skip
_COMMANDS = {"PROMPT_COMMAND", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "LESSOPEN", "GIT_PROXY_COMMAND"}
_SHADOWED = ("git", "npm", "npx", "node", "yarn", "pnpm", "bun", "python", "python3", "pip", "pip3", "uv", "docker",
             "make", "cargo", "go", "ls", "cat", "ssh", "curl", "wget", "sudo", "code", "sh", "bash")  # fmt: skip
"""Commands of everybody's, in the place of which a folder that is searched first may hold others."""

_NODE = re.compile(r"(?:-r|--require|--import|--loader|--experimental-loader)(?:=(.*))?")
_JAVA = re.compile(r"-(?:javaagent|agentpath):([^=\s]+)")


def environment(page: Page, pairs: Iterable[tuple[str, Node]], where: str, when: Moment) -> None:
    """Names and values that `where` sets: what each of them starts, if it is of this input."""
    for name, value in pairs:
        for how, what in _started(name.upper(), value.text):
            page.trigger(when, f"{name} in {where}", value.line, value.text, uses=((how, what),))
        if name.upper() in _INDEXES and is_foreign(value.text):
            page.see(Mark.REDIRECT, value.line, f"packages from {value.text}")
        if name.upper() in _COMMANDS and value.text:
            page.trigger(when, f"{name} in {where}", value.line, value.text)


def variables(node: Node) -> Iterator[tuple[str, Node]]:
    """Names and values, from an object or from a list of `NAME=value`."""
    yield from node.members
    for item in node.items:
        name, equals, value = item.text.partition("=")
        if equals:
            yield name, item._replace(text=value)


def _started(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name in _FILES and is_within(value):
        yield _FILES[name], relative(value)
    elif name in _FILES and re.fullmatch(r"[\w-]+\.\w+", value):
        yield _FILES[name], value
    elif name == "NODE_OPTIONS":
        for each in _required(value):
            yield "node" if each.startswith(".") else "import:javascript", relative(each)
    elif name in {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "MAVEN_OPTS", "GRADLE_OPTS"}:
        yield from (("exec", each) for each in _JAVA.findall(value))
    elif name == "PATH":
        yield from _shadowing(value)
    elif name == "PYTHONPATH":
        for folder in value.split(":"):
            yield "import:python", relative(folder).strip("./").replace("/", ".") + ".sitecustomize"
    elif name == "PYTEST_PLUGINS":
        yield from (("import:python", each) for each in value.split(",") if each)
    elif name == "PYTEST_ADDOPTS":
        yield from (("import:python", each) for each in re.findall(r"-p[ =]?([\w.]+)", value))


def _shadowing(path: str) -> Iterator[tuple[str, str]]:
    """The commands that a folder of the input, searched before others, may hold in the place of everybody's."""
    for folder in path.split(":"):
        inner = relative(folder.removeprefix("$PWD/").removeprefix("$(pwd)/")).removeprefix("./").rstrip("/")
        if inner and not inner.startswith(("$", "/", "~")):
            yield from (("load", f"./{inner}/{each}") for each in _SHADOWED)


def _required(options: str) -> Iterator[str]:
    """The modules that Node's options load before the program."""
    try:
        words = shlex.split(options)
    except ValueError:
        words = options.split()
    for place, word in enumerate(words):
        match = _NODE.fullmatch(word)
        if match:
            yield from [match[1]] if match[1] else words[place + 1 : place + 2]


def assignments(page: Page) -> Iterator[tuple[str, Node]]:
    """`NAME=value` lines, with or without `export`: `.env` files, and shell texts that are mostly that."""
    for number, line in enumerate(page.lines, 1):
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and re.fullmatch(r"\w+", name):
            yield name, Node(number, value.strip().strip("\"'"), scalar=True)


def env_file(page: Page) -> None:
    """`.env` and `.flaskenv`: read when the program starts."""
    environment(page, assignments(page), page.name, Moment.RUN)
    for name, value in assignments(page):
        if name == "FLASK_APP" and value.text:
            module = value.text.partition(":")[0].removesuffix(".py").replace("/", ".")
            page.trigger(Moment.RUN, "FLASK_APP", value.line, value.text, uses=(("import:python", module),))

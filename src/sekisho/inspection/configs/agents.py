"""Coding agents: the servers and hooks they start, and what they are told before anybody has asked them anything."""

import re

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.configs.commands import commands, objects, quoted, relative
from sekisho.inspection.configs.document import Node, read_json, read_toml, read_yaml
from sekisho.inspection.configs.environment import environment
from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.page import Page

_SERVERS = (
    "mcpServers",
    "extensions",
    "mcp_servers",
    "servers",
    "context_servers",
    "mcp",
    "amp.mcpServers",
    "agent_servers",
)
_HELPERS = ("apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "otelHeadersHelper", "notify", "lint-cmd",
            "test-cmd", "install", "start", "statusLine", "fileSuggestion", "editor",
            "notifications-command")  # fmt: skip
_LAX = {"enableAllProjectMcpServers": "true", "yolo": "true", "autoApprove": "true", "yes-always": "true",
        "dangerouslySkipPermissions": "true", "defaultMode": "bypassPermissions", "approval_policy": "never",
        "sandbox_mode": "danger-full-access", "trust": "true"}  # fmt: skip
_ADDRESS = re.compile(r"(?:git\+|https?:|git:|ssh:|git@|github:|gitlab:|bitbucket:|gist:)")
_LEADS = re.compile(r"\w+_(?:BASE_URL|API_BASE|API_URL|ENDPOINT)|(?:HTTPS?|ALL)_PROXY", re.IGNORECASE)
"""Variables that lead an assistant to its server."""

_TELLS = re.compile(r"\b(?:curl|wget|nc|ncat)\b.*(?:@-|-T\s*-|--data-binary)|\|\s*(?:curl|nc|ncat)\b")
_RUNNERS = {"npx", "bunx", "uvx", "pnpx", "pipx"}


def settings(page: Page) -> None:
    """Settings and servers of coding agents in JSON: `.mcp.json`, `.claude/settings.json`, `.cursor/mcp.json`."""
    _settings(page, read_json(page.text))


def settings_toml(page: Page) -> None:
    """`.codex/config.toml`"""
    _settings(page, read_toml(page.text))


def settings_yaml(page: Page) -> None:
    """`.aider.conf.yml`, `.continue/*.yaml`"""
    for document in read_yaml(page.text):
        _settings(page, document)


def set_up(page: Page) -> None:
    """`.openhands/setup.sh`: what runs as soon as a coding agent works here."""
    page.trigger(Moment.OPEN, "coding agent (set-up)", 1, page.path, whole=True)


def kiro_hook(page: Page) -> None:
    """`.kiro/hooks/*.kiro.hook`"""
    for node in objects(read_json(page.text)):
        if node.first("type").text == "runCommand":
            for line, command in commands(node):
                page.trigger(Moment.OPEN, "hook of a coding agent", line, relative(command))


def slash_command(page: Page) -> None:
    """`.claude/commands/*.md` and skills: lines that begin with !`…` run when the command is asked for."""
    for number, line in enumerate(page.lines, 1):
        for command in re.findall(r"!`([^`]+)`", line):
            page.trigger(Moment.RUN, "command of a coding agent", number, command)


def servers(page: Page, document: Node) -> None:
    """Every tool server that a document names: a command it starts, or an address it talks to."""
    for key in _SERVERS:
        for listed in document.every(key):
            inner = [pair for name in ("servers", "mcpServers") for pair in listed.first(name).members]
            for name, server in inner or [*listed.members, *((each.first("name").text, each) for each in listed.items)]:
                _server(page, name, server)


def _settings(page: Page, document: Node) -> None:
    servers(page, document)
    for hooks in document.every("hooks"):
        for node in objects(hooks):
            for key in ("command", "bash", "powershell"):
                _start(page, "hook of a coding agent", node.first(key))
    for key in _HELPERS:
        _start(page, f"coding agent ({key})", document.first(key))
    for path in (
        ("setup-worktree",),
        ("setup", "script"),
        ("scripts", "setup"),
        ("scripts", "run"),
        ("scripts", "archive"),
    ):
        for node in document.first(*path).items or (document.first(*path),):
            _start(page, f"coding agent ({path[-1]})", node)
    for action in document.first("actions").items:
        page.trigger(Moment.RUN, "coding agent (action)", action.first("command").line, action.first("command").text)
    for terminal in document.first("terminals").items:
        _start(page, "coding agent (terminal)", terminal.first("command"))
    environment(page, document.first("env").members, "a coding agent's settings", Moment.OPEN)
    for name, value in document.first("env").members:
        if _LEADS.fullmatch(name) and is_foreign(value.text):
            unit = page.trigger(Moment.OPEN, f"{name} in a coding agent's settings", value.line, value.text, uses=())
            page.see(Mark.DOOR, value.line, "what the assistant is told, and its key, go to another server", unit)
    _guards(page, document)


def _start(page: Page, by: str, node: Node) -> None:
    if node.text or node.items or node.first("command").text:
        for line, command in commands(node):
            unit = page.trigger(Moment.OPEN, by, line, relative(command))
            if by == "hook of a coding agent" and _TELLS.search(command):
                page.see(Mark.DOOR, line, "what is said to the assistant is sent to a server", unit)


def _guards(page: Page, document: Node) -> None:
    """Settings that let an agent act without a question."""
    for node in objects(document):
        for key, value in node.members:
            if value.text and _LAX.get(key) == value.text:
                page.trigger(Moment.OPEN, f"coding agent setting {key}", value.line, "", whole=True)
    for allowed in document.every("permissions", "allow"):
        for each in allowed.items:
            if re.fullmatch(r"Bash(?:\(\*?(?::\*)?\))?|\*", each.text):
                page.trigger(Moment.OPEN, "coding agent that may run any command unasked", each.line, "", whole=True)


def _server(page: Page, name: str, server: Node) -> None:
    if server.first("disabled").text == "true" or server.first("enabled").text == "false":
        return
    address = next((server.first(key) for key in ("url", "serverUrl", "httpUrl") if server.first(key).text), None)
    if address is not None:
        page.trigger(Moment.OPEN, f"agent tool server {name!r}, elsewhere", address.line, address.text, uses=())
        page.need(name, address.line, address.text)
    for line, command in commands(server) if server.first("command").members or _starts(server) else ():
        page.trigger(Moment.OPEN, f"agent tool server {name!r}", line, relative(command))
        package = _package(command.split())
        if package:
            page.need(package, line, "run by name from a registry")
        if _ADDRESS.match(package):
            page.see(Mark.FETCH_RUN, line, f"{package} is fetched from an address and run", page.triggers[-1].unit)
    for key in ("env", "environment"):
        environment(page, server.first(key).members, f"tool server {name!r}", Moment.OPEN)
    for allowed in server.every("autoApprove"):
        for each in allowed.items:
            page.see(Mark.SUPPRESS, each.line, f"lets the agent use {quoted(each.text)} unasked")


def _starts(server: Node) -> bool:
    return any(server.first(key).text or server.first(key).items for key in ("command", "cmd", "script"))


def _package(words: list[str]) -> str:
    """What `npx -y PACKAGE` and the like fetch."""
    if not words or words[0].rpartition("/")[2] not in _RUNNERS:
        return ""
    return next((word for word in words[1:] if not word.startswith("-") and word not in {"run", "exec", "dlx"}), "")

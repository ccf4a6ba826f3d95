"""What runs because a shell enters the folder: direnv, mise, devbox, and their like."""

import re

from sekisho.inspection.configs.addresses import is_installer
from sekisho.inspection.configs.commands import commands, relative
from sekisho.inspection.configs.document import Node, read_ini, read_json, read_toml, read_yaml
from sekisho.inspection.configs.environment import assignments, environment
from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.page import Page

_SOURCED = re.compile(r"\s*(?:source_url|use flake)\s+[\"']?(?:git\+|tarball\+)?(https?://[^\s\"']+)")
"""What direnv's own functions fetch and run."""

_EXEC = re.compile(r"\{\{-?\s*exec\(\s*command\s*=\s*[\"'](.{0,2000}?)[\"']\s{0,20}\)")


def direnv(page: Page) -> None:
    """`.envrc`, read by direnv when a shell enters the folder."""
    page.trigger(Moment.OPEN, "direnv", 1, page.lines[0] if page.lines else "", whole=True)
    for number, line in enumerate(page.lines, 1):
        added = re.match(r"\s*(?:PATH_add|path_add PATH)\s+[\"']?([\w./-]+)", line)
        if added:
            environment(page, [("PATH", Node(number, added[1], scalar=True))], "direnv", Moment.OPEN)
        told = _SOURCED.match(line)
        if told and not is_installer(told[1]):
            page.see(Mark.FETCH_RUN, number, told[1])
    environment(page, assignments(page), "direnv", Moment.OPEN)


def autoenv(page: Page) -> None:
    """`.autoenv`, `.autoenv.zsh`, `.in`, `.out`: shell texts that autoenv reads on entering."""
    page.trigger(Moment.OPEN, "autoenv", 1, page.lines[0] if page.lines else "", whole=True)


def mise(page: Page) -> None:
    """`mise.toml`: hooks that run on entering, scripts the environment comes from, and tasks."""
    document = read_toml(page.text)
    for name, hook in document.first("hooks").members:
        when = Moment.INSTALL if "install" in name else Moment.OPEN
        for line, command in commands(hook):
            page.trigger(when, f"mise hook {name!r}", line, command)
    for watched in document.first("watch_files").items:
        for line, command in commands(watched):
            page.trigger(Moment.OPEN, "mise watched file", line, command)
    _plugins(page, document.first("plugins"))
    variables = document.first("env")
    for source in (*variables.every("_", "source"), *variables.every("mise", "source")):
        for node in source.texts():
            page.trigger(
                Moment.OPEN, "mise (environment from a script)", node.line, f". ./{node.text.removeprefix('./')}"
            )
    for node in document.texts():
        for command in _EXEC.findall(node.text):
            page.trigger(Moment.OPEN, "mise (a command in a template)", node.line, command)
    environment(page, variables.members, "mise", Moment.OPEN)
    for name, task in document.first("tasks").members:
        for line, command in commands(task.first("run") if task.members else task):
            page.trigger(Moment.RUN, f"mise task {name!r}", line, command)


def _plugins(page: Page, plugins: Node) -> None:
    """Plugins of mise by their address: scripts that installing a tool fetches and runs."""
    for name, address in plugins.members:
        if not is_installer(address.text):
            unit = page.trigger(Moment.INSTALL, f"mise plugin {name!r}", address.line, address.text, uses=())
            page.see(Mark.FETCH_RUN, address.line, address.text, unit)


def asdf(page: Page) -> None:
    """`.asdfrc`: hooks around asdf's commands."""
    for _, section in read_ini(page.text).members:
        for key, value in section.members:
            if key.startswith(("pre_", "post_")):
                page.trigger(Moment.INSTALL, f"asdf hook {key!r}", value.line, value.text)


def devbox(page: Page) -> None:
    """`devbox.json`: what its shell runs first, and scripts by name."""
    shell = read_json(page.text).first("shell")
    for node in shell.first("init_hook").texts():
        page.trigger(Moment.OPEN, "devbox (init_hook)", node.line, node.text)
    for name, script in shell.first("scripts").members:
        for node in script.texts():
            page.trigger(Moment.RUN, f"devbox script {name!r}", node.line, node.text)


def tmuxinator(page: Page) -> None:
    """`.tmuxinator.yml` and `.tmuxp.yaml`: commands of a session that is started by hand."""
    for document in read_yaml(page.text):
        for key, value in document.members:
            if key in {"pre_window", "on_project_start", "on_project_first_start", "pre", "before_script"}:
                for line, command in commands(value):
                    page.trigger(Moment.RUN, "terminal session", line, relative(command))
        for window in document.first("windows").items:
            for node in window.texts():
                page.trigger(Moment.RUN, "terminal session", node.line, node.text)


def cloud_editor(page: Page) -> None:
    """`.gitpod.yml`, `.codesandbox/tasks.json`, `.stackblitzrc`, `.idx`: what an editor elsewhere starts on opening."""
    documents: tuple[Node, ...] = (read_json(page.text),) if page.text.lstrip()[:1] == "{" else read_yaml(page.text)
    for document in documents:
        for task in (*document.first("tasks").items, *document.first("setupTasks").items):
            for key in ("before", "init", "prebuild", "command"):
                for line, command in commands(task.first(key)) if task.first(key).text else ():
                    page.trigger(Moment.OPEN, f"editor in a browser ({key})", line, command)
        for _, task in document.first("tasks").members:
            if task.first("runAtStart").text == "true":
                for line, command in commands(task):
                    page.trigger(Moment.OPEN, "editor in a browser (runAtStart)", line, command)
        started = document.first("startCommand")
        if started.text not in {"", "false"}:
            page.trigger(Moment.OPEN, "editor in a browser (startCommand)", started.line, started.text)


def replit(page: Page) -> None:
    """`.replit`"""
    document = read_toml(page.text)
    for key in ("run", "onBoot", "compile"):
        node = document.first(key)
        if node.text or node.items:
            for line, command in commands(node):
                page.trigger(Moment.OPEN if key == "onBoot" else Moment.RUN, f"Replit ({key})", line, command)

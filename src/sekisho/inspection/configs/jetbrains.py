"""JetBrains IDEs: run configurations, and which of them start with the project.

Their XML is read by its tags alone: no entity is expanded, and nothing in it refers to anything outside.
"""

import html
import re
from collections.abc import Iterator

from sekisho.inspection.findings import Moment, Use
from sekisho.inspection.page import Page

_TAG = re.compile(r"<(/?)(\w+)((?:\s+[\w.:-]{1,80}=\"[^\"<]{0,20000}\"){0,40})\s*(/?)>")
_ATTRIBUTE = re.compile(r"([\w.:-]{1,80})=\"([^\"<]{0,20000})\"")
_STARTING = {"ProjectStartupSharedConfiguration", "ProjectStartupLocalConfiguration", "StartupConfigurations"}
_COMMANDS = {
    "SCRIPT_TEXT": "", "SCRIPT_PATH": "sh ", "SCRIPT_NAME": "python ", "path-to-js-file": "node ", "command": "",
    "COMMAND": "",
}  # fmt: skip


def project(page: Page) -> None:
    """`.idea/*.xml`, `.run/*.xml`: what its configurations run, and what starts when the project is opened."""
    component, name = "", ""
    watcher: dict[str, tuple[int, str]] = {}
    for line, tag, attributes in _tags(page.text):
        if tag == "component":
            component, name = attributes.get("name", ""), ""
        if tag == "configuration":
            name = attributes.get("name", "")
            if component in _STARTING:
                unit = page.trigger(Moment.OPEN, f"JetBrains start-up task {name!r}", line, "")
                page.uses.add(Use("idea", name, line, unit))
                continue
        if component == "ProjectTasksOptions":  # a watcher runs when a file of its kind is saved
            if tag == "option" and attributes.get("name") in {"program", "arguments"}:
                watcher[attributes["name"]] = (line, attributes.get("value", "").replace("$ProjectFileDir$/", "./"))
            elif tag == "TaskOptions" and not attributes:
                watcher = {}
            if len(watcher) == 2:
                page.trigger(Moment.OPEN, "JetBrains file watcher", watcher["program"][0],
                             f"{watcher['program'][1]} {watcher['arguments'][1]}")  # fmt: skip
                watcher = {}
        if component in _STARTING or not name:
            continue
        told = {attributes.get("name", ""): attributes.get("value", "")} if tag == "option" else attributes
        for key, prefix in _COMMANDS.items():
            if told.get(key):
                command = told[key].replace("$PROJECT_DIR$/", "./")
                page.trigger(Moment.RUN, configuration(name), line, prefix + command)


def configuration(name: str) -> str:
    """What a run configuration is called in triggers."""
    return f"JetBrains run configuration {name!r}"


def _tags(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    line, at = 1, 0
    for match in _TAG.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        if not match[1]:
            yield line, match[2], {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(match[3])}

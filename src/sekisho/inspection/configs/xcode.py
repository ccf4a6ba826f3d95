"""Xcode: the scripts that a project has building run, and those that a scheme hangs around it."""

import re

from sekisho.inspection.configs.commands import is_within
from sekisho.inspection.configs.document import elements, read_xml
from sekisho.inspection.findings import Moment
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page

_SETTING = re.compile(r'^\s*(?P<key>\w+) = (?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^;"]+));')
_SCRIPTS = {"shellScript", "script"}
_COMPILERS = {"CC", "CXX", "CPLUSPLUS", "LD", "LDPLUSPLUS", "SWIFT_EXEC", "LIBTOOL", "AR"}
_ROOTS = re.compile(r"\$[({](?:SRCROOT|PROJECT_DIR|SOURCE_ROOT)[)}]/")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t"}


def project(page: Page) -> None:
    """`project.pbxproj`: script phases and rules of the build, and compilers of the project's own."""
    language = "shell"
    for number, line in enumerate(page.lines, 1):
        found = _SETTING.match(line) if " = " in line else None
        if found is None:
            language = "shell" if line.strip() == "};" else language
            continue
        text = _ESCAPED.sub(lambda each: _ESCAPES.get(each[1], each[1]), found["quoted"] or found["bare"] or "")
        if found["key"] == "shellPath":
            language = "python" if "python" in text else "shell"
        elif found["key"] in _SCRIPTS and text.strip():
            _script(page, "Xcode (script of the build)", number, text, language)
        elif found["key"] in _COMPILERS and is_within(path := _ROOTS.sub("./", text)):
            page.trigger(Moment.BUILD, f"Xcode ({found['key']})", number, path, uses=(("exec", path),))


def scheme(page: Page) -> None:
    """`*.xcscheme`: what runs before and after building, testing and running."""
    for name, node in elements(read_xml(page.text)):
        text = node.first("@scriptText")
        if name == "ActionContent" and text.text.strip():
            _script(page, "Xcode (action of a scheme)", text.line or node.line, text.text, "shell")


def _script(page: Page, by: str, line: int, text: str, language: str) -> None:
    """All of it stands on one line of the file."""
    unit = page.trigger(Moment.BUILD, by, line, text, uses=())
    page.code(Embedded(language, text, line), unit, lambda _: line)

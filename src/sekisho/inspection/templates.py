"""Templates of engines that make code of them: what stands in their tags is a program of the input."""

import re
import textwrap
from collections.abc import Callable, Iterator

from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page
from sekisho.inspection.prefilter import worth_reading

_SHOWN = re.compile(r"\$\{([^{}\n]{1,400})\}")
_LINE = re.compile(r"[ \t]*(?:-(?P<code>[ \t].*)|[\w#.()-]{0,200}!?=(?P<shown>[ \t].*))$")
_LONGEST = 400_000
_MOST = 100
"""Pieces of code in one template of Python's."""

Piece = tuple[int, str]
"""Code, and the line on which it begins."""


def scripts(page: Page) -> None:
    """The code in the tags of a template, as one program where its engine makes one of it."""
    suffix = page.name.rpartition(".")[2]
    if len(page.text) > _LONGEST:
        return
    if suffix in {"ejs", "eta", "jst"}:
        _javascript(page, map(_statement, _tags(page.text)))
    elif suffix in {"pug", "jade"}:
        _javascript(page, _in_lines(page.lines))
    elif suffix in {"mako", "mak"}:
        for line, code in list(_python(page))[:_MOST]:
            if worth_reading(code.encode("utf-8", "replace"), "python"):
                page.code(Embedded("python", code, line), "", _after(line))


def _after(first: int) -> Callable[[int], int]:
    return lambda number: first + number - 1


def _javascript(page: Page, pieces: Iterator[Piece]) -> None:
    """Pieces of one program, each on the line where it stands."""
    parts: list[str] = []
    at = 1
    for line, code in pieces:
        parts += ["\n" * (line - at), code]
        at = line + code.count("\n")
    text = "".join(parts)
    if text and worth_reading(text.encode("utf-8", "replace"), "javascript"):
        page.code(Embedded("javascript", text, 1), "", lambda line: line)


def _tags(text: str) -> Iterator[Piece]:
    """What stands between `<%` and `%>`."""
    line, at = 1, 0
    while (start := text.find("<%", at)) >= 0 and (end := text.find("%>", start + 2)) >= 0:
        line += text.count("\n", at, start)
        yield line, text[start + 2 : end]
        line += text.count("\n", start, end)
        at = end


def _statement(piece: Piece) -> Piece:
    """`<%= value %>`, `<% code %>`, `<%# comment %>`, each as a statement."""
    line, code = piece
    kind, inner = code[:1], code.rstrip("-_")
    if kind in {"=", "-", "~"}:
        return line, f";({inner[1:]});"
    if kind in {"#", "%"}:
        return line, "\n" * code.count("\n")
    inner = inner.removeprefix("_")
    return line, inner if inner.rstrip()[-1:] in {"{", "("} else f"{inner};"


def _in_lines(lines: list[str]) -> Iterator[Piece]:
    """`- code`, `p= value`"""
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line[:2000])
        if found:
            yield number, found["code"] or f";({found['shown']});"


def _python(page: Page) -> Iterator[Piece]:
    """`<% code %>`, `<%! code %>`, `${value}`"""
    for line, code in _tags(page.text):
        yield line, textwrap.dedent(code.removeprefix("!").expandtabs()).rstrip()
    for number, row in enumerate(page.lines, 1) if "${" in page.text else ():
        yield from ((number, each[1]) for each in _SHOWN.finditer(row) if "(" in each[1])

"""Notebooks: code cells in order, with the shell lines and other magics that the kernel takes apart first."""

import re

from sekisho.inspection.configs.document import Node, read_json
from sekisho.inspection.findings import Moment
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page

_MAGIC = re.compile(r"^\s*%(\w+)")
_SHELL_CELLS = ("%%bash", "%%sh", "%%script bash", "%%script sh", "%%system")
_OTHER_CELLS = {"%%javascript": "javascript", "%%js": "javascript", "%%python": "python", "%%python3": "python"}
_ACTS = re.compile(
    r"`|://|\b(?:system\w*|shell\w*|run|exec\w*|spawn\w*|pipe\w*|p?open\w*|eval\w*|parse\w*|expression|source\w*|include\w*"
    r"|do\.call|get\w*|mget|match\.fun|invoke\w*|[cd]?call|dyn\w*|dl\w*|load\w*|require\w*|use|download\w*|curl|wget|url\w*"
    r"|https?|ftp|socket\w*|connect\w*|read\w*|write\w*|cat|file\w*|unlink|Sys|Base|Core|Meta|Process|Runtime|import|pkg)\b",
    re.IGNORECASE,
)
"""What a cell of another language has to say before it can start, fetch, open or decode anything."""


def notebook(page: Page) -> None:
    """Every code cell; all Python cells are one program, since they share their names."""
    document = read_json(page.text)
    language = document.first("metadata", "kernelspec", "language").text or "python"
    cells = [cell for cell in document.first("cells").items if cell.first("cell_type").text == "code"]
    page.trigger(Moment.RUN, "notebook", 1, f"{len(cells)} code cells", whole=True)
    if language != "python":
        if any(_ACTS.search(line) for cell in cells for _, line in _lines(cell.first("source"))):
            page.gap(1, f"a notebook in {language}, which is not read")
        return
    source: list[tuple[int, str]] = []
    for cell in cells:
        lines = list(_lines(cell.first("source")))
        first = lines[0][1].strip() if lines else ""
        if first.startswith(_SHELL_CELLS):
            _embed(page, "shell", lines[1:])
        elif first.split(" ")[0] in _OTHER_CELLS:
            _embed(page, _OTHER_CELLS[first.split(" ")[0]], lines[1:])
        else:
            source += [(number, _plain(page, number, line)) for number, line in lines]
    _embed(page, "python", source)


def _lines(node: Node) -> list[tuple[int, str]]:
    """The lines of a cell with the lines of the file they stand on."""
    if node.scalar:
        return [(node.line, line) for line in node.text.split("\n")]
    return [(each.line, line) for each in node.items for line in each.text.rstrip("\n").split("\n")]


def _plain(page: Page, number: int, line: str) -> str:
    """A line without its magic: `!command` and `%sx command` go to the shell."""
    stripped = line.lstrip()
    indent = line[: len(line) - len(stripped)]
    after = re.match(r"^[\w, ]+=\s*!(.*)$", stripped)
    if stripped.startswith("!") or after:
        _embed(page, "shell", [(number, after[1] if after else stripped.lstrip("!"))])
        return indent + "pass"
    magic = _MAGIC.match(line)
    if magic:
        if magic[1] in {"sx", "system", "run"}:
            command = stripped.partition(" ")[2]
            _embed(page, "shell", [(number, f"python {command}" if magic[1] == "run" else command)])
        if magic[1] in {"pip", "conda", "mamba", "uv"}:
            _embed(page, "shell", [(number, stripped.lstrip("%"))])
        if magic[1] in {"load_ext", "load"}:
            page.gap(number, "a notebook extension, which was not read")
        return indent + "pass"
    return "" if stripped.startswith(("%%", "?")) or stripped.endswith("?") else line


def _embed(page: Page, language: str, lines: list[tuple[int, str]]) -> None:
    if lines:
        numbers = [number for number, _ in lines]
        text = "\n".join(line for _, line in lines)
        page.code(Embedded(language, text, numbers[0]), "", lambda n: numbers[min(max(n, 1), len(numbers)) - 1])

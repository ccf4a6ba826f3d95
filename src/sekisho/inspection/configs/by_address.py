"""Packages, images and tasks that a configuration takes from a server by its address, wherever it says so."""

from collections.abc import Iterator

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.configs.document import Node, read_ini, read_toml, read_yaml
from sekisho.inspection.findings import Mark
from sekisho.inspection.page import Page

_EACH = "*"
"""In a path of keys: any member, or any item."""

_POETRY = ("tool", "poetry")
_PYTHON = (
    (*_POETRY, "dependencies", _EACH),
    (*_POETRY, "dev-dependencies", _EACH),
    (*_POETRY, "group", _EACH, "dependencies", _EACH),
    ("tool", "uv", "sources", _EACH),
    ("tool", "pixi", "pypi-dependencies", _EACH),
    ("pypi-dependencies", _EACH),
    ("packages", _EACH),
    ("dev-packages", _EACH),
)
_TOLD = ("url", "git", "file")
_SERVICES = (("services", _EACH, "build"), ("services", _EACH, "build", "context"), ("include", _EACH))
_TASKS = (("includes", _EACH), ("includes", _EACH, "taskfile"))
_HOOKS = (("repos", _EACH, "repo"),)


def _found(node: Node, path: tuple[str, ...]) -> Iterator[Node]:
    """The values at a path of keys."""
    if not path:
        yield node
    elif path[0] == _EACH:
        for each in (*node.items, *(value for _, value in node.members)):
            yield from _found(each, path[1:])
    else:
        for each in node.every(path[0]):
            yield from _found(each, path[1:])


def _tell(page: Page, node: Node, address: str) -> None:
    if is_foreign(address):
        page.see(Mark.REDIRECT, node.line, f"packages from {address}")


def _tell_all(page: Page, paths: tuple[tuple[str, ...], ...]) -> None:
    for document in read_yaml(page.text):
        for node in (each for path in paths for each in _found(document, path)):
            _tell(page, node, node.text)


def python(page: Page) -> None:
    """`pyproject.toml`, `Pipfile`, `pixi.toml`: dependencies of poetry, uv, pipenv and pixi by their addresses."""
    document = read_toml(page.text)
    for node in (each for path in _PYTHON for each in _found(document, path)):
        for key in _TOLD:
            _tell(page, node.first(key), node.first(key).text)


def tox(page: Page) -> None:
    """`tox.ini`: what is installed before the tests."""
    for name, section in read_ini(page.text, nested=True).members:
        for node in section.every("deps") if name.startswith("testenv") else ():
            for word in node.text.split():
                _tell(page, node, word)


def services(page: Page) -> None:
    """`compose.yaml`: services that are built from what lies elsewhere."""
    _tell_all(page, _SERVICES)


def tasks(page: Page) -> None:
    """`Taskfile.yml`: tasks that lie elsewhere."""
    _tell_all(page, _TASKS)


def hooks(page: Page) -> None:
    """`.pre-commit-config.yaml`: hooks from a server of somebody's own."""
    _tell_all(page, _HOOKS)

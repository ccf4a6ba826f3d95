"""What a name means that is no path: a script of npm, a target of make, an editor's task, files of a framework."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sekisho.inspection.findings import Findings, Use
from sekisho.inspection.resolve import Tree

NAMED = {"script", "make", "task", "framework"}
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_FRAMEWORKS = {
    "django": re.compile(
        r"(?:^|/)(?:settings(?:/.*)?|urls|wsgi|asgi|apps|admin|models(?:/.*)?|views(?:/.*)?|middleware(?:/.*)?|signals"
        r"|context_processors|backends|routing|celery|management/.*|migrations/.*|templatetags/.*)\.py$"
    ),
    "next": re.compile(
        r"(?:^|/)(?:middleware|instrumentation(?:-client)?|(?:src/)?(?:pages|app)/.*)\.[cm]?[jt]sx?$",
    ),
    "storybook": re.compile(r"(?:^|/)\.storybook/[^/]+\.[cm]?[jt]sx?$|\.stories\.[jt]sx?$"),
}
"""Files that a framework loads because of where they lie."""


class Place(NamedTuple):
    """A file, or one piece of code within it."""

    file: str
    unit: str


def named(file: str, use: Use, findings: Mapping[str, Findings], tree: Tree) -> Iterator[Place]:
    """The places that a name leads to from a file."""
    if use.how == "framework":
        folder = file.rpartition("/")[0]
        for path in tree.below(folder):
            if _FRAMEWORKS[use.what].search(path[len(folder) :]):
                yield Place(path, "")
    elif use.how == "task":
        target = _nearest(file, ".vscode/tasks.json", findings, tree) or file
        yield Place(target, f"task:{use.what}")
    elif use.how == "make":
        yield from _made(file, use.what.split(), findings, tree)
    else:
        yield from _script(file, use.what, findings, tree)


def _nearest(file: str, name: str, findings: Mapping[str, Findings], tree: Tree) -> str:
    found = (target for folder in tree.upward(file) if (target := posixpath.join(folder, name)) in findings)
    return next(found, "")


def _script(file: str, name: str, findings: Mapping[str, Findings], tree: Tree) -> Iterator[Place]:
    """`npm run NAME`, with what comes before and after it."""
    target = _nearest(file, "package.json", findings, tree)
    if target:
        for each in (name, f"pre{name}", f"post{name}"):
            for trigger in findings[target].triggers:
                if trigger.by == f"npm script {each!r}":
                    yield Place(target, trigger.unit)
            yield Place(target, f"script:{each}")


def _made(file: str, words: list[str], findings: Mapping[str, Findings], tree: Tree) -> Iterator[Place]:
    """`make TARGET`: those targets, or the first one; and what a makefile runs whatever the target."""
    own = file if file.rpartition("/")[2].lower() in {"makefile", "gnumakefile"} or file.endswith(".mk") else ""
    folder = words[words.index("-C") + 1] if "-C" in words[:-1] else ""
    target = own or next(
        filter(None, (_nearest(file, posixpath.join(folder, name), findings, tree) for name in _MAKEFILES)), ""
    )
    if not target:
        return
    wanted = [word for word in words if not word.startswith("-") and "=" not in word and word != folder]
    for trigger in findings[target].triggers:
        by = trigger.by.removeprefix("make")
        default, name = by.startswith(" ("), by.strip(" ()")
        if by.startswith(",") or name in wanted or "$_" in wanted or (default and not wanted):
            yield Place(target, trigger.unit)

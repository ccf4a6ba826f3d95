"""What a push starts on somebody's server, and which secrets are handed to it.

Who copies a stranger's code into a repository of their own runs it with that repository's secrets. Names are taken as
they are written in the workflows.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sekisho.inspection.findings import Moment, Need, Trigger
from sekisho.inspection.judge import Inspection
from sekisho.inspection.text import decode
from sekisho.inspection.virtual import VirtualFile

EVERY = "every secret of the repository"
"""What a workflow has that hands all of them on, or picks one by a name worked out while it runs."""

_OWN = "GITHUB_TOKEN"
_GITLAB = "every variable of the project's CI settings"
_ELSEWHERE = "whatever secrets that service keeps for the repository"
_GAP = r"[ \t\r\n]{0,99}"
_NAMED = re.compile(rf"\bsecrets{_GAP}(?:\.{_GAP}(\w{{1,200}})|\[{_GAP}'([^'\n]{{1,200}})'{_GAP}\])", re.IGNORECASE)
_ALL = re.compile(rf"\bsecrets{_GAP}(?:\[{_GAP}[^ \t\r\n']|\.{_GAP}\*|\)|$)", re.IGNORECASE)
_HANDED = re.compile(r"^[ \t]{0,99}secrets[ \t]{0,9}:[ \t]{0,9}[\"']?inherit", re.IGNORECASE | re.MULTILINE)


class Started(NamedTuple):
    """A file that a push starts: its steps in order, and the secrets they can read."""

    file: str
    secrets: tuple[str, ...]
    steps: tuple[Trigger, ...]
    taken: tuple[Need, ...]
    """Actions and jobs from elsewhere, which run there as well."""


def started(found: Inspection, files: Sequence[VirtualFile]) -> tuple[Started, ...]:
    """Everything that a push of these files starts, by file."""
    steps: dict[str, list[Trigger]] = {}
    for each in found.triggers:
        if each.when is Moment.PUSH and _is_at_root(each.site.file):
            steps.setdefault(each.site.file, []).append(each)
    texts = {file.path: file.data for file in files if file.path in steps or _is_workflow(file.path)}
    return tuple(
        Started(
            path,
            secrets(path, decode(texts.get(path, b"")).text),
            tuple(steps.get(path, ())),
            tuple(each for each in found.needs if each.file == path),
        )
        for path in sorted({*steps, *texts})
    )


def secrets(path: str, text: str) -> tuple[str, ...]:
    """The secrets that a workflow of this text can read; on GitHub a token of the repository's own is one of them."""
    if not _is_workflow(path):
        return (_GITLAB if ".gitlab-ci" in path else _ELSEWHERE,)
    asked = list(_expressions(text))
    named = {one or other for each in asked for one, other in _NAMED.findall(each)} - {_OWN}
    every = (EVERY,) if _HANDED.search(text) or any(_ALL.search(each) for each in asked) else ()
    return (*every, *sorted(named), _OWN)


def _expressions(text: str) -> Iterator[str]:
    """What stands between `${{` and `}}`: the only places where a workflow can name a secret."""
    at = text.find("${{")
    while at >= 0:
        end = text.find("}}", at)
        yield text[at + 3 : end if end >= 0 else len(text)]
        at = text.find("${{", end) if end >= 0 else -1


def _is_at_root(path: str) -> bool:
    """A server looks for its instructions at the root, in files or in folders of its own (`.github`, `.circleci`)."""
    return "/" not in path or path.startswith(".")


def _is_workflow(path: str) -> bool:
    return path.startswith(".github/workflows/") and path.endswith((".yml", ".yaml"))

"""Inputs for the inspection, made of a few lines each, read in this process unless a test is about the workers.

Everything here is inert: hosts under reserved names, programs that print or echo, payloads that print.
"""

from collections.abc import Iterator, Mapping, Sequence

from sekisho.inspection.extract import extract
from sekisho.inspection.findings import Findings
from sekisho.inspection.judge import Inspection, judge
from sekisho.inspection.link import link
from sekisho.inspection.pool import Task
from sekisho.inspection.virtual import Form, VirtualFile

Files = Mapping[str, str | bytes]


class Here:
    """Reads in this process: for inputs we wrote ourselves."""

    def read(self, tasks: Sequence[Task]) -> Iterator[Findings]:
        """The findings of each task."""
        return (extract(each.file, dict(each.imported), each.language) for each in tasks)


def virtual(files: Files) -> tuple[VirtualFile, ...]:
    """Files from their names and texts; `-> x` is a link to x."""
    made = []
    for path, data in sorted(files.items()):
        raw = data.encode() if isinstance(data, str) else data
        if raw.startswith(b"-> "):
            made.append(VirtualFile(path, b"", form=Form.LINK, target=raw[3:].decode()))
        else:
            made.append(VirtualFile(path, raw, form=Form.FILE))
    return tuple(made)


def inspected(files: Files) -> Inspection:
    """The answer for these files."""
    read = virtual(files)
    return judge(read, (), link(read, Here()))


def verdict_by(files: Files, rule: str) -> str:
    """The worst verdict of one rule: `block`, `review`, or nothing."""
    found = {str(chain.verdict) for chain in inspected(files).chains if chain.rule == rule}
    return "block" if "block" in found else "review" if found else ""


def lines_of(files: Files, rule: str) -> set[tuple[str, int]]:
    """Where the chains of one rule lead."""
    return {(s.site.file, s.site.line) for c in inspected(files).chains if c.rule == rule for s in c.steps}


def started(files: Files) -> set[tuple[str, str, str, int, str]]:
    """What runs by itself: when, by what, in which file, on which line, and what."""
    return {(t.when.name, t.by, t.site.file, t.site.line, t.site.text) for t in inspected(files).triggers}

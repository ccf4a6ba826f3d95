"""Commands of a program that carry files elsewhere: what lay in one place then lies in another."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from sekisho.inspection.languages import printing
from sekisho.inspection.languages.commands import INTERPRETERS, program_name
from sekisho.inspection.languages.shell_fetched import BUILDS, COPIES, UNPACKED, UNPACKERS
from sekisho.inspection.languages.values import Value

_UNKNOWN = "\0"
_ARCHIVE = re.compile(r"\.(?:zip|7z|t[gx]z|tar(?:\.\w+)?)$")


class Transfer(NamedTuple):
    """Paths that a command takes files from, and those it puts them at."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]


def transfers(words: Sequence[Value], line: Value) -> Iterator[Transfer]:
    """What the commands that are started carry elsewhere. `words` are one's own words; without them `line` is shell."""
    told = [[next(iter(word.texts), _UNKNOWN) for word in words]] if words else []
    for command in told or [each for text in line.texts for each in printing.simple_commands(text)]:
        if command:
            yield from _transfer(program_name(command[0]), command)


def _transfer(name: str, words: Sequence[str]) -> Iterator[Transfer]:
    if name in COPIES and len(words) > 2:
        yield Transfer(tuple(words[1:-1]), (words[-1],))
    elif name in UNPACKERS:
        folders = [folder for flag, folder in pairwise(words) if flag in UNPACKED]
        sources = tuple(word for word in words[1:] if word[:1] != "-" and word not in folders)
        yield Transfer(sources, tuple(folders) or (".", *(_ARCHIVE.sub("", each) for each in sources)))


def runs_what_lies_there(program: str) -> bool:
    """Whether a program that is started in a folder runs what lies there: an interpreter, or one that builds."""
    return program in INTERPRETERS | BUILDS or program.startswith("./")

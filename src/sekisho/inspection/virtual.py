"""What intake hands on: files that exist only in memory, and what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sekisho.errors import SekishoError
from sekisho.inspection.text import shown


class UnjudgeableInput(SekishoError):
    """The input cannot be judged at all: it is not there, or nothing of it can be read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"cannot inspect {shown(path, 300)}: {shown(why, 300)}")
        self.path, self.why = path, why


WITHIN = "!/"
"""What stands between an archive and what is in it; in no other path, so that no folder is taken for an archive."""


class Form(StrEnum):
    """What kind of directory entry a virtual file was."""

    FILE = "file"
    LINK = "link"
    SPECIAL = "special"


class Gap(NamedTuple):
    """Something that was not understood: no verdict covers it. `line` is 0 where the whole file is meant."""

    file: str
    line: int
    why: str


NOT_READ = "not read: "
"""How the gap of a file begins that nobody had time for."""


@dataclass(frozen=True, slots=True)
class VirtualFile:
    """One file of the input.

    `path` is relative to the input and uses `/`; what lies in an archive is `archive.zip!/inner/path`. Bytes of a name
    that are no UTF-8 stand as `\\xNN`. `target` is where a link points.
    """

    path: str
    data: bytes
    executable: bool = False
    form: Form = Form.FILE
    target: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


def container(files: Sequence[VirtualFile]) -> str:
    """What all paths begin with, if the input is one archive."""
    first = files[0].path.partition("!/")[0] if files else ""
    return f"{first}!/" if all(file.path == first or file.path.startswith(f"{first}!/") for file in files) else ""


class Limits(NamedTuple):
    """How much is read at most. Bytes are counted as they are read, never taken from a header."""

    files: int = 100_000
    total_bytes: int = 600_000_000
    file_bytes: int = 64_000_000
    depth: int = 5
    """Archives within archives."""
    ratio: int = 200
    """Unpacked bytes for each packed byte, beyond the first `ratio_free` bytes."""
    ratio_free: int = 20_000_000


class Budget:
    """What is left of the limits while one input is read. Whatever is refused is a gap, never silence."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._files, self._bytes = limits.files, limits.total_bytes
        self._told: set[str] = set()
        self.gaps: list[Gap] = []

    def file(self, path: str) -> bool:
        """Take one file; false (and one gap for all) when there have been too many."""
        if self._files <= 0:
            self._once(path, f"more than {self.limits.files} files: the rest was not read")
            return False
        self._files -= 1
        return True

    def room(self) -> int:
        """The most bytes the next file may have."""
        return max(0, min(self.limits.file_bytes, self._bytes))

    def spend(self, count: int) -> None:
        """Note bytes that were read."""
        self._bytes -= count

    def gap(self, path: str, why: str) -> None:
        """Note what could not be read."""
        self.gaps.append(Gap(path, 0, why))

    def cut(self, path: str) -> None:
        """Note a file longer than there is room for."""
        if self._bytes < self.limits.file_bytes:
            self.gap(path, f"the input holds more than {self.limits.total_bytes} bytes: this file was not read whole")
        else:
            self.gap(path, f"longer than {self.limits.file_bytes} bytes: the rest was not read")

    def _once(self, path: str, why: str) -> None:
        if why not in self._told:
            self._told.add(why)
            self.gap(path, why)


def plain(name: str) -> str:
    """A name without what cannot be encoded: bytes that are no UTF-8 are shown as `\\xNN`."""
    return unpacked(name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def unpacked(path: str) -> str:
    """A path in which no folder is called as an archive would be."""
    return path.replace(WITHIN, "\\x21/")

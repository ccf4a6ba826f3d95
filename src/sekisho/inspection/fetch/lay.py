"""Files that were read, laid into a new folder: plain files only, with nothing that git or a link could act on."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from sekisho.files import UnwritableFile
from sekisho.inspection.virtual import Form, VirtualFile

_GIT = {".git", "git~1"}
"""What git, or Windows, would take for a repository of its own."""


def lay(files: Sequence[VirtualFile], folder: Path) -> tuple[str, ...]:
    """Write files below `folder`, which must not exist: whole, or not at all. Raises UnwritableFile.

    Gives the paths that were left out: links. No file is executable.
    """
    plain = [each for each in files if each.form is Form.FILE]
    for each in plain:
        _look(each.path, folder)
    try:
        folder.mkdir()
    except OSError as why:
        raise UnwritableFile(folder, why.strerror or str(why)) from why
    try:
        for each in plain:
            path = folder.joinpath(*each.path.split("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
                file.write(each.data)
    except OSError as why:
        shutil.rmtree(folder, ignore_errors=True)
        raise UnwritableFile(folder, f"{each.path!a}: {why.strerror or why}") from why
    return tuple(each.path for each in files if each.form is not Form.FILE)


def _look(path: str, folder: Path) -> None:
    for part in path.split("/"):
        if part in {"", ".", ".."} or "\0" in part or "\\" in part.replace("\\x", "") or _seen(part) in _GIT:
            raise UnwritableFile(folder, f"a file in it is called {path!a}")


def _seen(part: str) -> str:
    """A name as the least careful of file systems takes it: without case, ends and invisible characters."""
    return "".join(each for each in part if each.isprintable()).casefold().rstrip(". ").partition(":")[0]

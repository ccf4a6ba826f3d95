"""The door: a path, and everything in it as virtual files."""

import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sekisho.inspection.intake.archives import archive_kind, decompress, read_tar, read_zip
from sekisho.inspection.intake.folder import read_entry, read_folder
from sekisho.inspection.intake.repository import bare_files, bare_roots
from sekisho.inspection.virtual import WITHIN, Budget, Form, Gap, Limits, UnjudgeableInput, VirtualFile, plain

_SUFFIX = {"gz": (".gz", ".tgz"), "bz2": (".bz2", ".tbz2"), "xz": (".xz", ".txz")}

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".whl", ".vsix", ".jar")
"""What is given under such a name and is no archive was cut off, or is something else."""


class Intake(NamedTuple):
    """All that was read, in the order of paths, and what could not be."""

    files: tuple[VirtualFile, ...]
    gaps: tuple[Gap, ...]


def gather(path: Path, limits: Limits | None = None) -> Intake:
    """Read a folder, a file or an archive, with the archives inside it. Raises UnjudgeableInput."""
    budget = Budget(limits or Limits())
    try:
        status = path.stat()
    except (OSError, ValueError) as why:
        raise UnjudgeableInput(plain(str(path)), getattr(why, "strerror", None) or str(why)) from why
    if stat.S_ISDIR(status.st_mode):
        found = list(read_folder(path, budget))
    elif stat.S_ISREG(status.st_mode):
        found = [read_entry(str(path.resolve()), plain(path.name), budget)]
        if budget.gaps and not found[0].data:
            raise UnjudgeableInput(plain(str(path)), budget.gaps[0].why)
        if path.name.lower().endswith(_ARCHIVES) and not archive_kind(found[0].data):
            raise UnjudgeableInput(plain(str(path)), "it is called an archive, and holds none that can be read")
    else:
        raise UnjudgeableInput(plain(str(path)), "it is neither a folder nor a regular file")
    return settle(found, budget)


def gather_bytes(name: str, data: bytes, limits: Limits | None = None) -> Intake:
    """Read one file that is in memory already, with the archives inside it."""
    budget = Budget(limits or Limits())
    budget.spend(len(data))
    return settle([VirtualFile(plain(name), data)], budget)


def settle(found: list[VirtualFile], budget: Budget) -> Intake:
    """Files that were found, with the archives and repositories inside them."""
    files = [inner for file in found for inner in _expand(file, budget, 0)]
    files.sort(key=lambda file: file.path)
    files.extend([each for root, own in bare_roots(files) for each in bare_files(root, own, budget)])
    files = list(_apart(files, budget))
    files.sort(key=lambda file: file.path)
    return Intake(tuple(files), tuple(sorted(set(budget.gaps))))


def _apart(files: Sequence[VirtualFile], budget: Budget) -> Iterator[VirtualFile]:
    """Each under a path of its own: of two files with one, only one would be judged."""
    seen: set[str] = set()
    for file in files:
        path, number = file.path, 1
        while path in seen:
            number += 1
            archive, within, name = file.path.rpartition(WITHIN)
            path = f"{archive}{within}\\{number}/{name}"
        if path != file.path:
            budget.gap(file.path, "another file has this path; each is read")
        seen.add(path)
        yield replace(file, path=path)


def _expand(file: VirtualFile, budget: Budget, depth: int) -> Iterator[VirtualFile]:
    """The file, and what it holds if it is an archive."""
    yield file
    kind = archive_kind(file.data) if file.form is Form.FILE else ""
    if not kind:
        return
    if depth >= budget.limits.depth:
        budget.gap(file.path, f"archives lie more than {budget.limits.depth} deep")
        return
    if kind == "zip":
        inner = read_zip(file.path, file.data, budget)
    elif kind == "tar":
        inner = read_tar(file.path, file.data, budget)
    else:
        content = decompress(file.path, file.data, kind, budget)
        budget.spend(len(content))
        if archive_kind(content) == "tar":
            inner = read_tar(file.path, content, budget, len(file.data))
        else:
            inner = iter([VirtualFile(f"{file.path}!/{_unpacked_name(file.name, kind)}", content)])
    for each in inner:
        yield from _expand(each, budget, depth + 1)


def _unpacked_name(name: str, kind: str) -> str:
    for suffix in _SUFFIX[kind]:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return "content"

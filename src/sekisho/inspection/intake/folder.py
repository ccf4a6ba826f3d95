"""A folder on disk: every entry opened once, links never followed, devices never touched."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sekisho.inspection.virtual import Budget, Form, VirtualFile, plain

_CHUNK = 1 << 20
_DEPTH = 200
"""Folders within folders."""


def read_folder(root: Path, budget: Budget) -> Iterator[VirtualFile]:
    """Every entry below `root`, in the order of names, whatever it is called.

    Symbolic links are not followed: a link is a virtual file with a target. What cannot be listed or read is a gap.
    """
    waiting = [(os.fspath(root), "", 0)]
    while waiting:
        folder, prefix, depth = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as why:
            budget.gap(plain(prefix) or ".", f"the folder cannot be listed: {why.strerror or why}")
            continue
        below = []
        for entry in listed:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if depth >= _DEPTH:
                    budget.gap(plain(path), f"folders lie more than {_DEPTH} deep")
                else:
                    below.append((entry.path, path + "/", depth + 1))
                continue
            if not budget.file(plain(path)):
                return
            yield read_entry(entry.path, plain(path), budget)
        waiting.extend(reversed(below))


def read_entry(place: str, path: str, budget: Budget) -> VirtualFile:
    """One directory entry as a virtual file, read from one descriptor that follows no link."""
    try:
        status = os.lstat(place)
        if stat.S_ISLNK(status.st_mode):
            return VirtualFile(path, b"", form=Form.LINK, target=plain(os.readlink(place)))
        if not stat.S_ISREG(status.st_mode):
            budget.gap(path, "not a regular file (a device, pipe or socket): not opened")
            return VirtualFile(path, b"", form=Form.SPECIAL)
        data, executable = _read(place, path, budget)
    except OSError as why:
        budget.gap(path, f"cannot be read: {why.strerror or why}")
        return VirtualFile(path, b"")
    return VirtualFile(path, data, executable)


def _read(place: str, path: str, budget: Budget) -> tuple[bytes, bool]:
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            budget.gap(path, "changed into something else while it was read")
            return b"", False
        room, parts, got = budget.room(), [], 0
        while got <= room:
            part = file.read(min(_CHUNK, room + 1 - got))
            if not part:
                break
            parts.append(part)
            got += len(part)
        budget.spend(min(got, room))
        if got > room:
            budget.cut(path)
        elif got != status.st_size:
            budget.gap(path, "changed while it was read")
        return b"".join(parts)[:room], bool(status.st_mode & 0o111)

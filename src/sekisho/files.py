"""Files, read with a limit and written whole or not at all."""

import contextlib
import os
from pathlib import Path

from sekisho.errors import SekishoError


class UnreadableFile(SekishoError):
    """A file that is not there, cannot be read, or is too long."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot read {path}: {why}")
        self.path, self.why = path, why


class UnwritableFile(SekishoError):
    """A file that is there already, or cannot be written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot write {path}: {why}")
        self.path, self.why = path, why


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of a file of at most `limit` bytes. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as why:
        raise UnreadableFile(path, why.strerror or str(why)) from why
    if len(raw) > limit:
        raise UnreadableFile(path, f"it is longer than {limit} bytes")
    return raw


def write_new(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file that must not exist yet: whole, on disk, or not there at all. Raises UnwritableFile."""
    scratch = _beside(path, data, mode)
    try:
        os.link(scratch, path)  # unlike a rename, refuses to overwrite
        _sync_folder(path.parent)
    except FileExistsError as why:
        raise UnwritableFile(path, "it exists already") from why
    except OSError as why:
        raise UnwritableFile(path, why.strerror or str(why)) from why
    finally:
        scratch.unlink()


def replace(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file, in place of what may be there: afterwards it is whole, old or new. Raises UnwritableFile."""
    scratch = _beside(path, data, mode)
    try:
        scratch.replace(path)
        _sync_folder(path.parent)
    except OSError as why:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise UnwritableFile(path, why.strerror or str(why)) from why


def put(path: Path, data: bytes) -> None:
    """Write a file that can be written anew: whole for every reader, but not waited for. Raises UnwritableFile."""
    scratch = _beside(path, data, 0o644, wait=False)
    try:
        scratch.replace(path)
    except OSError as why:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise UnwritableFile(path, why.strerror or str(why)) from why


def _beside(path: Path, data: bytes, mode: int, *, wait: bool = True) -> Path:
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError):
        scratch.unlink()  # left by a process that was killed, or laid there by somebody else to be written through
    try:
        descriptor = os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if wait:
                os.fsync(file.fileno())
    except OSError as why:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise UnwritableFile(path, why.strerror or str(why)) from why
    return scratch


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""A store's files as arrays: flat, little-endian, mapped into memory; and who may map them."""

import fcntl
import mmap
import os
from pathlib import Path

import numpy as np

from sekisho.chain.columns import U64
from sekisho.chain.growing import Column, Shape
from sekisho.chain.head import DamagedStore
from sekisho.chain.scripts import holds
from sekisho.errors import SekishoError

SLOTS = "script_slots"
_LOCK = "lock"
_LEAST = 1 << 20
_MOST = 1 << 28
"""Files grow at least and at most by this many bytes."""


class StoreBusy(SekishoError):
    """A store that somebody else uses in a way that does not go together with ours."""

    def __init__(self, path: Path, who: str) -> None:
        super().__init__(f"the store {path} is in use: {who}")
        self.path, self.who = path, who


class StoreUnusable(SekishoError):
    """The system will not let us read or write a store's files."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot use the store's file {path}: {why}")
        self.path, self.why = path, why


class Lock:
    """The right to read a store, with others, or to write it, alone. It ends with this object or with the process."""

    def __init__(self, store: Path, *, writing: bool) -> None:
        path = store / _LOCK
        try:
            self._file = os.open(path, os.O_CLOEXEC | (os.O_RDWR | os.O_CREAT if writing else os.O_RDONLY), 0o644)
        except OSError as why:
            raise StoreUnusable(path, why.strerror or str(why)) from why
        try:
            fcntl.flock(self._file, (fcntl.LOCK_EX if writing else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as why:
            self.release()
            raise StoreBusy(store, "somebody reads or writes it" if writing else "an import is writing it") from why

    def release(self) -> None:
        """Give it back now."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self.release()


class _Mapping(mmap.mmap):
    """A mapped file whose lock lives as long as any array over it."""

    lock: Lock


def column_path(store: Path, name: str) -> Path:
    """Where a column lies."""
    return store / "columns" / name


def mapped(store: Path, name: str, shape: Shape, rows: int, lock: Lock) -> Column:
    """The first rows of a column, read-only. Raises DamagedStore, StoreUnusable."""
    path = column_path(store, name)
    dtype, each = np.dtype(shape.dtype), max(shape.width, 1)
    size = rows * each * dtype.itemsize
    if size == 0:
        return _shaped(np.empty(0, dtype), shape)
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if os.fstat(file).st_size < size:
                raise DamagedStore(store, f"{path.name} is too short")
            mapping = _Mapping(file, size, prot=mmap.PROT_READ)
        finally:
            os.close(file)
    except OSError as why:
        raise StoreUnusable(path, why.strerror or str(why)) from why
    mapping.lock = lock
    return _shaped(np.frombuffer(mapping, dtype), shape)


class Files:
    """A shelf (see `growing.Shelf` and `scripts.Slots`) whose columns are files of a store, mapped for writing."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._mappings: dict[str, mmap.mmap] = {}
        (store / "columns").mkdir(exist_ok=True)

    def room(self, name: str, shape: Shape, rows: int) -> Column:
        """See Shelf. Raises StoreUnusable."""
        dtype, each = np.dtype(shape.dtype), max(shape.width, 1)
        row = each * dtype.itemsize
        old = self._mappings.get(name)
        if old is None or len(old) < rows * row:
            have = len(old) if old is not None else 0
            size = max(rows * row, have + min(max(have, _LEAST), _MOST))
            self._mappings[name] = self._map(column_path(self._store, name), -(-size // row) * row)
        mapping = self._mappings[name]
        return _shaped(np.frombuffer(mapping, dtype, len(mapping) // row * each), shape)

    def require(self, name: str, shape: Shape, rows: int) -> None:
        """Insist that a column has this many rows. Raises DamagedStore."""
        path = column_path(self._store, name)
        size = path.stat().st_size if path.exists() else 0
        if size < rows * max(shape.width, 1) * np.dtype(shape.dtype).itemsize:
            raise DamagedStore(self._store, f"{name} is too short")

    def table(self, slots: int) -> U64:
        """See Slots. Raises StoreUnusable."""
        path = column_path(self._store, SLOTS)
        scratch = path.with_name(f"{SLOTS}.part")
        scratch.unlink(missing_ok=True)
        self._mappings[SLOTS] = self._map(scratch, 8 * slots)
        scratch.replace(path)
        return np.frombuffer(self._mappings[SLOTS], np.uint64)

    def kept_table(self, scripts: int) -> U64:
        """The table of this many scripts as it was left. Raises DamagedStore."""
        path = column_path(self._store, SLOTS)
        size = path.stat().st_size if path.exists() else 0
        if size % 8 or not holds(size // 8, scripts):
            raise DamagedStore(self._store, f"{SLOTS} has a size that no table of these scripts has")
        self._mappings[SLOTS] = self._map(path, size)
        return np.frombuffer(self._mappings[SLOTS], np.uint64)

    def flush(self) -> None:
        """Wait until all of it is on disk."""
        for name, mapping in self._mappings.items():
            try:
                mapping.flush()
            except OSError as why:
                raise StoreUnusable(column_path(self._store, name), why.strerror or str(why)) from why
        folder = os.open(self._store / "columns", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def trim(self, name: str, shape: Shape, rows: int) -> None:
        """Let a column's file end with its last row. Nothing may be written to it afterwards."""
        row = max(shape.width, 1) * np.dtype(shape.dtype).itemsize
        os.truncate(column_path(self._store, name), rows * row)

    def _map(self, path: Path, size: int) -> mmap.mmap:
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                have = os.fstat(file).st_size
                if have < size:
                    _lengthen(file, have, size)
                return mmap.mmap(file, max(size, have))
            finally:
                os.close(file)
        except OSError as why:
            raise StoreUnusable(path, why.strerror or str(why)) from why


def _lengthen(file: int, have: int, size: int) -> None:
    """Claim the space on disk: a full disk must be an error here, as writing to a mapping would end the program."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, have, size - have)
    else:
        os.ftruncate(file, size)


def _shaped(column: Column, shape: Shape) -> Column:
    return column.reshape(-1, shape.width) if shape.width else column

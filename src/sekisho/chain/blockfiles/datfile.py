"""One `blk` or `rev` file: bytes behind an XOR key, and the error for those that are damaged."""

import os
from pathlib import Path
from types import TracebackType

import numpy as np

from sekisho.chain.columns import U8
from sekisho.errors import SekishoError
from sekisho.files import UnreadableFile, read_file

KEY_BYTES = 8
NO_KEY = bytes(KEY_BYTES)


class DamagedFile(SekishoError):
    """A file that Bitcoin Core did not leave like this."""

    def __init__(self, path: Path, offset: int, why: str) -> None:
        super().__init__(f"{path} is damaged at byte {offset}: {why}")
        self.path, self.offset, self.why = path, offset, why


def read_key(folder: Path) -> bytes:
    """The key that every file of the folder is XORed with; zeros where there is none.

    Raises DamagedFile, UnreadableFile.
    """
    path = folder / "xor.dat"
    if not path.exists():
        return NO_KEY
    key = read_file(path, limit=1 << 10)
    if len(key) != KEY_BYTES:
        raise DamagedFile(path, 0, f"a key has {KEY_BYTES} bytes, this one {len(key)}")
    return key


def is_zero(raw: bytes) -> bool:
    """Whether there is nothing but zeros."""
    return raw == bytes(len(raw))


class DatFile:
    """An open file. Use it as a context manager. Every method raises UnreadableFile."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self._key = path, key
        try:
            self._file = os.open(path, os.O_RDONLY)
            self._size = os.fstat(self._file).st_size
        except OSError as why:
            raise UnreadableFile(path, why.strerror or str(why)) from why

    def __enter__(self) -> "DatFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def reaches(self, end: int) -> bool:
        """Whether the file has this many bytes. A node that writes makes it longer."""
        if end > self._size:
            self._size = os.fstat(self._file).st_size
        return end <= self._size

    def raw(self, at: int, length: int) -> bytes:
        """The bytes as they stand in the file; fewer where it ends."""
        try:
            return os.pread(self._file, length, at)
        except OSError as why:
            raise UnreadableFile(self.path, why.strerror or str(why)) from why

    def read(self, at: int, length: int) -> U8:
        """The bytes with the key taken off, read-only; fewer where the file ends."""
        words = np.empty(length // KEY_BYTES + 1, np.uint64)
        try:
            got = os.preadv(self._file, [words.data.cast("B")[:length]], at)
        except OSError as why:
            raise UnreadableFile(self.path, why.strerror or str(why)) from why
        if self._key != NO_KEY:
            first = at % KEY_BYTES
            words ^= np.frombuffer(self._key[first:] + self._key[:first], np.uint64)
        clear = words.view(np.uint8)[:got]
        clear.setflags(write=False)
        return clear

    def clear(self, raw: bytes, at: int) -> bytes:
        """A few bytes that `raw` gave from `at`, with the key taken off."""
        if self._key == NO_KEY:
            return raw
        first = at % KEY_BYTES
        key = self._key[first:] + self._key * (len(raw) // KEY_BYTES + 1)
        number = int.from_bytes(raw, "little") ^ int.from_bytes(key[: len(raw)], "little")
        return number.to_bytes(len(raw), "little")

    def is_blank(self, at: int, length: int) -> bool:
        """Whether zeros stand there, or nothing: space that Bitcoin Core took for later. It does not XOR them."""
        return is_zero(self.raw(at, length))

    def is_blank_from(self, at: int) -> bool:
        """Whether the rest of the file is blank."""
        while raw := self.raw(at, 1 << 20):
            if not is_zero(raw):
                return False
            at += len(raw)
        return True

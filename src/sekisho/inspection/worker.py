"""A worker: reads one file after another from its standard input and says what it found.

Before the first byte it gives up what it could do harm with: it can open no file and no socket, start no process, and
use no more memory and time than it is given. A worker that dies costs the file it was reading.
"""

import codecs
import contextlib
import ctypes
import gc
import os
import resource
import struct
import sys
import warnings
from typing import BinaryIO, NamedTuple

from sekisho.inspection.extract import extract
from sekisho.inspection.findings import Export
from sekisho.inspection.prefilter import worth_reading
from sekisho.inspection.text import ENCODINGS
from sekisho.inspection.virtual import VirtualFile
from sekisho.inspection.wire import dump, load

MEMORY = 1_500_000_000
"""Bytes of address space, the interpreter and the grammars included."""

SECONDS = 20
"""Processor time for one file."""

_SWEEP = 500_000
"""Bytes of input after which circles are looked for, and free memory is given back."""

_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork", "os.spawn", "os.kill",
              "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.",
              "ctypes.", "exec", "pty.", "mmap.", "urllib.", "http.", "sqlite3.", "winreg.")  # fmt: skip


class Question(NamedTuple):
    """Which file to read, as what, and what is known of the names it imports. Its bytes follow."""

    path: str
    language: str
    names: tuple[str, ...]
    exports: tuple[Export, ...]


def confine() -> None:
    """Give up files, sockets, processes and more than the allowed memory. There is no way back."""
    for name in ENCODINGS:
        with contextlib.suppress(LookupError):
            codecs.lookup(name)
    warnings.simplefilter("ignore")  # of the source that is read: nobody sees them here
    worth_reading(b"", "python")
    gc.freeze()
    gc.disable()  # a quarter of all time went into looking for cycles; `main` looks for them between files
    sys.setrecursionlimit(6000)
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0),
                       (resource.RLIMIT_NOFILE, 0)):  # fmt: skip
        with contextlib.suppress(OSError, ValueError):  # macOS knows no limit of address space
            resource.setrlimit(kind, (most, most))
    sys.addaudithook(_watch)


def _watch(event: str, _: tuple[object, ...]) -> None:
    if event == "import":
        raise ImportError("a worker imports nothing")
    if event == "open":  # the parser itself looks for a file to quote when a source is wrong: it shall not find one
        raise PermissionError("a worker opens nothing")
    if event.startswith(_FORBIDDEN):
        os._exit(3)


def _limit_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + SECONDS
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def read_frame(source: BinaryIO) -> bytes | None:
    """One frame: its length in four bytes, then itself. None at the end."""
    head = source.read(4)
    if len(head) < 4:
        return None
    return source.read(struct.unpack("<I", head)[0])


def frame(data: bytes) -> bytes:
    """`data` behind its length."""
    return struct.pack("<I", len(data)) + data


def main() -> None:
    """Answer until there are no more questions."""
    source, out = sys.stdin.buffer, sys.stdout.buffer
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc keeps what a large file needed; others don't
    confine()
    unswept = 0
    while (head := read_frame(source)) is not None:
        data = read_frame(source) or b""
        _limit_time()
        question = load(Question, head)
        imported = dict(zip(question.names, question.exports, strict=True))
        out.write(frame(dump(extract(VirtualFile(question.path, data), imported, question.language))))
        out.flush()
        unswept += len(data)
        if unswept > _SWEEP:
            unswept = 0
            gc.collect()
            if give_back is not None:
                give_back(0)


if __name__ == "__main__":
    main()

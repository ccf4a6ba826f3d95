"""Workers: processes that read files one at a time, each with limits, replaced when they die."""

import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from sekisho.inspection.findings import Export, Findings
from sekisho.inspection.virtual import NOT_READ, Form, Gap, VirtualFile
from sekisho.inspection.wire import BrokenAnswer, dump, load
from sekisho.inspection.worker import SECONDS, Question, frame

_PATIENCE = SECONDS * 2
"""Seconds by the clock for one file."""

_ALTOGETHER = 1800
"""Seconds by the clock for one input: files that are not read by then are gaps."""

_DEATHS = 200
"""Workers that may die of one input before the rest of it is left alone."""

_LONGEST_ANSWER = 100_000_000


class Task(NamedTuple):
    """One file to read, as its own language or another, with what it imports."""

    file: VirtualFile
    imported: tuple[tuple[str, Export], ...] = ()
    language: str = ""


class Readers(Protocol):
    """Whatever reads files: `Pool`, in processes of its own, for all input of strangers."""

    def read(self, tasks: Sequence[Task]) -> Iterator[Findings]:
        """The findings of each task, in order."""


class Pool:
    """A few workers. `read` keeps the order of its tasks, however many workers there are."""

    def __init__(self, workers: int) -> None:
        self._executor = ThreadPoolExecutor(workers)
        self._own = threading.local()
        self._all: list[_Worker] = []
        self._lock = threading.Lock()
        self._until = time.monotonic() + _ALTOGETHER

    def read(self, tasks: Sequence[Task]) -> Iterator[Findings]:
        """The findings of each task. A worker that dies or takes too long is a gap in that file."""
        return self._executor.map(self._one, tasks)

    def close(self) -> None:
        """End all workers."""
        self._executor.shutdown(cancel_futures=True)
        for worker in self._all:
            worker.end()

    def _one(self, task: Task) -> Findings:
        if task.file.form is not Form.FILE:
            return Findings("link" if task.file.form is Form.LINK else "special")
        if not task.file.data:
            return Findings("empty")
        if len(self._all) > _DEATHS:
            return _unread(task.file.path, f"{NOT_READ}too many readers died of this input")
        if time.monotonic() > self._until:
            return _unread(task.file.path, f"{NOT_READ}the time for this input ran out")
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None or not worker.alive:
            worker = self._own.worker = _Worker()
            with self._lock:
                self._all.append(worker)
        return worker.ask(task)


def _unread(path: str, why: str) -> Findings:
    return Findings("unread", gaps=(Gap(path, 0, why),))


@contextmanager
def pool(workers: int) -> Iterator[Pool]:
    """Workers for the length of a block."""
    made = Pool(workers)
    try:
        yield made
    finally:
        made.close()


class _Worker:
    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "sekisho.inspection.worker"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,  # noqa: S603  # ourselves
                                         stderr=subprocess.DEVNULL, bufsize=0)  # fmt: skip
        self.alive = True

    def ask(self, task: Task) -> Findings:
        names = tuple(name for name, _ in task.imported)
        question = Question(task.file.path, task.language, names, tuple(export for _, export in task.imported))
        try:
            self._send(frame(dump(question)) + frame(task.file.data))
            return load(Findings, self._answer())
        except (_Silent, BrokenAnswer, OSError) as why:
            self.end()
            return _unread(task.file.path, f"could not be read: {self._end_of(why)}")

    def end(self) -> None:
        """Stop this process, and no other."""
        self.alive = False
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _end_of(self, why: Exception) -> str:
        return str(why) if isinstance(why, _Silent) else "its reader ended"

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        view = memoryview(data)
        while view:
            view = view[os.write(self._process.stdin.fileno(), view[: 1 << 20]) :]

    def _answer(self) -> bytes:
        deadline = time.monotonic() + _PATIENCE
        length = struct.unpack("<I", self._take(4, deadline))[0]
        if length > _LONGEST_ANSWER:
            raise BrokenAnswer("it is too long")
        return self._take(length, deadline)

    def _take(self, count: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        parts: list[bytes] = []
        pipe = self._process.stdout.fileno()
        while count:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise _Silent("it took too long")
            part = os.read(pipe, min(count, 1 << 20))
            if not part:
                raise _Silent("its reader died of it")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


class _Silent(Exception):
    """No answer came."""

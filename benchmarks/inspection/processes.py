"""A program run to its end, with what it cost: seconds by the clock and of processors, and the most memory at once."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

EVERY = 0.1
"""Seconds between two looks at the memory."""

OFFLINE = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9")
"""For scanners that ask the network when they start: nothing answers there, at once."""


class Ended(NamedTuple):
    """How it ended. `cpu` counts all it waited for, in seconds; `peak` is MiB resident, summed over its processes."""

    status: int
    output: str
    errors: str
    seconds: float
    cpu: float
    peak: float


def run(command: Sequence[str], more: Mapping[str, str] | None = None) -> Ended:
    """Run a program of ours or a pinned scanner, offline, and wait for it."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",  # noqa: S603
                          env={**os.environ, **OFFLINE, **(more or {})}) as process:  # fmt: skip
        said: list[str] = ["", ""]
        assert process.stdout is not None
        assert process.stderr is not None
        readers = [
            threading.Thread(target=_take, args=(stream, said, place))
            for place, stream in enumerate((process.stdout, process.stderr))
        ]
        for reader in readers:
            reader.start()
        peak, ended = 0.0, 0
        while not ended:
            peak = max(peak, resident(process.pid))
            time.sleep(EVERY)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        for reader in readers:
            reader.join()
    return Ended(process.returncode, said[0], said[1], seconds, used.ru_utime + used.ru_stime, peak)


def _take(stream: "subprocess.IO[str]", said: list[str], place: int) -> None:
    said[place] = stream.read()


def resident(root: int) -> float:
    """MiB that a process and all under it hold now."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout  # noqa: S607
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    family = {root}
    for _ in range(8):
        family |= {pid for pid, parent, _ in rows if parent in family}
    return sum(size for pid, _, size in rows if pid in family) / 1024

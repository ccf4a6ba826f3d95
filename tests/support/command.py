"""The `sekisho` command in this process: its own `main`, with its arguments, standard input, and what it said."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from sekisho.cli.main import main


@dataclass(frozen=True)
class Said:
    """What a command did: its exit status, and both its streams."""

    status: int
    out: str
    err: str

    @property
    def no_answer(self) -> bool:
        """Whether it ended as every error must: status 2, one line on standard error, nothing on standard output."""
        one_line = self.err.startswith("sekisho: ") and self.err.count("\n") == 1 and self.err.endswith("\n")
        return self.status == 2 and one_line and not self.out


def sekisho(*arguments: str | Path, stdin: bytes = b"") -> Said:
    """Run the command line with these arguments."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        patch.object(sys, "argv", ["sekisho", *map(str, arguments)]),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code
    assert isinstance(status, int)
    return Said(status, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Nothing in `folder` may have appeared, gone or changed by the end."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before

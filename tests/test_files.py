"""Files are written whole, and to nobody else's place."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from sekisho.files import put, replace, write_new

WRITERS: dict[str, Callable[[Path, bytes], None]] = {"write_new": write_new, "replace": replace, "put": put}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_what_lies_where_the_scratch_file_goes_is_not_written_through(
    tmp_path: Path, writer: Callable[[Path, bytes], None]
) -> None:
    """In a folder that others can write to, the name can be guessed: a link there led to any file of ours."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    (tmp_path / f".made.{os.getpid()}.part").symlink_to(precious)
    writer(tmp_path / "made", b"data")
    assert precious.read_bytes() == b"precious"
    assert (tmp_path / "made").read_bytes() == b"data"
    assert not (tmp_path / "made").is_symlink()


def test_a_scratch_file_left_open_to_all_does_not_lend_its_mode_to_a_secret(tmp_path: Path) -> None:
    left = tmp_path / f".made.{os.getpid()}.part"
    left.write_bytes(b"x" * 100)
    left.chmod(0o666)
    write_new(tmp_path / "made", b"secret", 0o600)
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600
    assert (tmp_path / "made").read_bytes() == b"secret"
    assert [each.name for each in tmp_path.iterdir()] == ["made"]

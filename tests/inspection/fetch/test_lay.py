"""Files are laid into a new folder whole or not at all, and none is a trap for what touches the folder next."""

from pathlib import Path

import pytest

from sekisho.files import UnwritableFile
from sekisho.inspection.fetch.lay import lay
from sekisho.inspection.virtual import Form, VirtualFile


def test_files_are_written_plain(tmp_path: Path) -> None:
    files = [
        VirtualFile("a/b.py", b"1", executable=True),
        VirtualFile(".gitignore", b"2"),
        VirtualFile("課題.md", b"3"),
        VirtualFile("link", b"", form=Form.LINK, target="/etc/passwd"),
    ]
    assert lay(files, tmp_path / "new") == ("link",)
    written = {str(p.relative_to(tmp_path / "new")): p for p in (tmp_path / "new").rglob("*") if p.is_file()}
    assert {name: path.read_bytes() for name, path in written.items()} == {
        "a/b.py": b"1",
        ".gitignore": b"2",
        "課題.md": b"3",
    }
    assert not any(path.stat().st_mode & 0o111 for path in written.values())


NAMES = ["../x", "a/../x", "/x", "a//x", "./x", "a/.", ".git/config", "a/.GIT/hooks/x", ".git /x", ".git./x",
         ".g\u200cit/config", "git~1/config", ".git::$INDEX_ALLOCATION/x", "a\\..\\x", "a\0b", ""]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_out_or_make_a_repository_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnwritableFile):
        lay([VirtualFile("ok.py", b"1"), VirtualFile(name, b"2")], tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


CLASHES = {
    "twice the same": ["a", "a"],
    "a file and a folder": ["a", "a/b"],
    "a folder and a file": ["a/b", "a"],
    "too long": ["a" * 300],
}


@pytest.mark.parametrize("names", CLASHES.values(), ids=CLASHES)
def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(UnwritableFile):
        lay([VirtualFile(each, b"1") for each in names], tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine").touch()
    with pytest.raises(UnwritableFile):
        lay([VirtualFile("a", b"1")], tmp_path / "new")
    assert (tmp_path / "new" / "mine").exists()

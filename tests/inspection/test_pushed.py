"""What a push starts, and with which secrets, as whoever pushes is told it."""

import pytest

from sekisho.inspection.pushed import EVERY, secrets, started
from sekisho.inspection.report.push import tell_push
from support.inspection import Files, inspected, virtual

WORKFLOW = ".github/workflows/ci.yml"
NAMES = {
    "a step's own": ("run: x ${{ secrets.A }}", ("A",)),
    "the job's": ("env:\n  T: ${{secrets.A}}\n  U: ${{ secrets.B_2 }}", ("A", "B_2")),
    "an action's": ("with: {token: '${{ secrets.A }}'}", ("A",)),
    "in brackets": ("run: ${{ secrets['A'] }}", ("A",)),
    "in capitals": ("run: ${{ SECRETS.A }}", ("A",)),
    "with spaces": ("run: ${{ secrets . A }}", ("A",)),
    "the repository's token, which is told anyway": ("run: ${{ secrets.GITHUB_TOKEN }}", ()),
    "by a name worked out": ("run: ${{ secrets[matrix.name] }}", (EVERY,)),
    "all as text": ("run: ${{ toJSON(secrets) }}", (EVERY,)),
    "handed on whole": ("secrets: inherit", (EVERY,)),
    "handed on whole, quoted": ("secrets: 'inherit'", (EVERY,)),
    "one and all": ("secrets: inherit\nrun: ${{ secrets.A }}", (EVERY, "A")),
    "handed on whole, in a job": ("jobs:\n  a:\n    secrets:  inherit", (EVERY,)),
    "over several lines": ("run: |\n  ${{\n    secrets\n    .A\n  }}", ("A",)),
    "a filter": ("run: ${{ toJSON(secrets.*) }}", (EVERY,)),
    "an expression that does not end": ("run: ${{ secrets.A", ("A",)),
    "Python's own module": ("run: python -c 'import secrets; secrets.token_hex(9)'", ()),
    "two in one": ("run: ${{ secrets.A || secrets['B'] }}", ("A", "B")),
    "none": ("run: npm test # our_secrets.txt", ()),
}


@pytest.mark.parametrize(("text", "names"), NAMES.values(), ids=NAMES)
def test_secrets_that_a_workflow_names(text: str, names: tuple[str, ...]) -> None:
    assert secrets(WORKFLOW, text) == (*names, "GITHUB_TOKEN")


def told(files: Files) -> str:
    return "\n".join(tell_push(started(inspected(files), virtual(files))))


CI = """on: push
jobs:
  a:
    runs-on: ubuntu-latest
    env: {TOKEN: "${{ secrets.NPM_TOKEN }}"}
    steps:
      - uses: actions/checkout@v4
      - run: python attack.py
"""


def test_each_workflow_is_told_with_its_secrets_steps_and_what_it_takes_from_elsewhere() -> None:
    lines = told({WORKFLOW: CI, "attack.py": "print(1)\n"}).split("\n")
    assert lines[1] == "  .github/workflows/ci.yml  can read: NPM_TOKEN, GITHUB_TOKEN"
    assert lines[2] == "    line 8: python attack.py"
    assert lines[3] == "    and from elsewhere, unread: actions/checkout@v4"


def test_other_services_are_named_with_what_they_have() -> None:
    said = told({".gitlab-ci.yml": "a:\n  script: [make]\n", ".travis.yml": "script: make\n"})
    assert ".gitlab-ci.yml  can read: every variable of the project's CI settings" in said
    assert ".travis.yml  can read: whatever secrets that service keeps for the repository" in said


def test_a_workflow_that_is_not_understood_is_named() -> None:
    assert "(no step of it was understood)" in told({WORKFLOW: "on: push\njobs: ["})


def test_nothing_is_said_to_be_nothing_that_is_known() -> None:
    assert "nothing that this tool knows of" in told({"app.py": "print(1)\n", "docs/.github/workflows/a.yml": CI})


def test_a_strangers_names_cannot_act_on_a_terminal() -> None:
    evil = {f".github/workflows/\x1b[2J{'a' * 500}\u202e.yml": CI.replace("attack.py", "\u200b\u202e" + "x" * 5000)}
    for line in told(evil).split("\n"):
        assert line.isprintable()
        assert len(line) < 1000

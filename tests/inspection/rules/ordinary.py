"""What ordinary projects do, as honest packages showed it; and beside it the hostile deed that differs in one thing."""

from inspection.rules.sample import Sample

_RUNNER = "import subprocess\ndef run(command):\n    return subprocess.check_output(command)\n"
_FETCH = "import requests\nfrom runner import run\nreply = requests.get('https://a.invalid').json()\n"

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_command": {
        "a list of words whose program a server names, through another file": Sample(
            {"runner.py": _RUNNER, "app.py": _FETCH + "run([reply['tool'], 'show'])\n"}, "block", ("app.py", 3)
        ),
        "a line that a server sends, where other callers give words": Sample(
            {
                "app.py": _RUNNER + "import requests\nrun(['git', 'show'])\n"
                "run(requests.get('https://a.invalid').text)\n"
            },
            "block",
            ("app.py", 6),
        ),
        "words made one line on the way": Sample(
            {
                "runner.py": "import subprocess\ndef run(words):\n    line = ' '.join(words)\n"
                "    return subprocess.check_output(line)\n",
                "app.py": _FETCH + "run(['git', reply['branch']])\n",
            },
            "block",
            ("app.py", 3),
        ),
    },
    "remote_code": {
        "code among the words": Sample(
            {"runner.py": _RUNNER, "app.py": _FETCH + "run(['python', '-c', reply['text']])\n"}, "block", ("app.py", 3)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_command": {
        "a word after the program, through another file": {
            "runner.py": _RUNNER,
            "app.py": _FETCH + "run(['git', 'show', reply['branch']])\n",
        },
        "a word after the program, through a function": {
            "app.py": _RUNNER + "import requests\nreply = requests.get('https://a.invalid').json()\n"
            "run(['git', 'show', reply['branch']])\n"
        },
    },
}

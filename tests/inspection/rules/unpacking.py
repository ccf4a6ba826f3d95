"""Samples and twins of code that lies in data: tables that are run, texts of other files that a decoder opens."""

import gzip

from inspection.rules.sample import PICKLE_PLAIN, PICKLE_PRINT, Sample, js, package, py

_READER = (
    "class Reader:\n    def __init__(self, path):\n        self.path = path\n    def rows(self):\n"
    "        with open(self.path) as file:\n            text = file.read()\n"
)
_MAIN = "from reader import Reader\nprint(Reader('data/a.csv').rows())\n"
_TABLE = "rows.append(('a', 1))\nimport base64; exec(base64.b64decode('cHJpbnQoJ2hlbGxvIHRoZXJlJyk='))\n"


def _table(reads: str, table: str) -> dict[str, str | bytes]:
    return {"main.py": _MAIN, "reader.py": _READER + reads, "data/a.csv": table}


_HEX = "636f6e736f6c652e6c6f672827353220737072697465732729"
_TEXTS = '{"booking.title": "Bookings", "font.a": "Y29uc29sZS5sb2coInRoZ", "font.b": "SB0ZXh0cyIp"}'
_OPENED = (
    "const texts = require('./texts.json');\nconst font = ['a', 'b'].map((part) => texts[`font.${part}`]).join('');\n"
)
_SHIFT = (
    "module.exports = (text) => text.split('')\n"
    "  .map((each) => String.fromCharCode(each.charCodeAt(0) - 3)).join('');\n"
)
_MOVED = (
    "const shift = require('./shift');\nconst TEXTS = { 500: 'Error', other: shift('frqvroh1orj+*huuruv#duh#rq*,') };\n"
)
_COMBINED = (
    "exports.open = (row, key) =>\n  row.map((each, at) => String.fromCharCode(each ^ key.charCodeAt(at))).join('');\n"
)
_VAULT = (
    "from cryptography.fernet import Fernet\ndef opened(key, path):\n"
    "    with open(path, 'rb') as file:\n        return Fernet(key).decrypt(file.read())\n"
)
_SETTINGS = (
    "import base64, configparser\nsettings = configparser.ConfigParser()\nsettings.read('a.ini')\n"
    "accent = base64.b64decode(settings['theme']['accent'])\n"
)
_OWN = (
    "const own = require('fs').readFileSync(__filename, 'utf8').split('/* data')[1].split('*/')[0];\n"
    "const text = Buffer.from(own.trim(), 'base64').toString();\n"
)
_UNSEEN = (
    "const text = require('fs').readFileSync('README.md', 'utf8');\n"
    "const letters = [...text].map((each) => each.codePointAt(0) - 0xe0100).filter((each) => each >= 0);\n"
)
_MANUAL = "# Hello" + "".join(chr(0xE0100 + each) for each in range(40)) + "\n"
_TAIL = "/* data\nY29uc29sZS5sb2coMTIzNDU2Nzg5KQ==\n*/\n"


def _node(text: str, **more: str | bytes) -> dict[str, str | bytes]:
    return {"package.json": package(start="node a.js"), "a.js": text, **more}


def _model(data: bytes, reads: str = "pickle.load(file)") -> dict[str, str | bytes]:
    return {
        "main.py": "from model import Model\nprint(Model('a.bin').read())\n",
        "model.py": "import json, pickle\nclass Model:\n    def __init__(self, path):\n        self.path = path\n"
        f"    def read(self):\n        with open(self.path, 'rb') as file:\n            return {reads}\n",
        "a.bin": data,
    }


def _locked(script: str) -> dict[str, str | bytes]:
    archive = b"7z\xbc\xaf\x27\x1c" + bytes(40)
    return {"package.json": package(start="sh a.sh"), "a.sh": script, "a.7z": archive, "a.7z.zip": archive}


HOSTILE: dict[str, dict[str, Sample]] = {
    "shipped_object": {
        "a model that another file names": Sample(_model(PICKLE_PRINT), "block", ("a.bin", 0)),
        "a model whose path is given to a function": Sample(
            {
                "main.py": "from model import read\nprint(read('a.bin'))\n",
                "model.py": "import joblib\ndef read(path):\n    return joblib.load(path)\n",
                "a.bin": PICKLE_PRINT,
            },
            "block",
            ("a.bin", 0),
        ),
    },
    "decoded_code": {
        "a program in an archive whose pass phrase stands beside it": Sample(
            _locked("7z x -y -pabc -oout a.7z >/dev/null\n(./out/a &)\n"), "block", ("a.sh", 2)
        ),
        "a script in an archive whose pass phrase stands beside it": Sample(
            _locked("unzip -q -P abc a.7z.zip -d out\ncd out && python a.py\n"), "block", ("a.sh", 2)
        ),
        "a constant that another module exports": Sample(
            {
                "package.json": package(start="tsx a.ts"),
                "a.ts": "import { SHEET } from './b';\nnew Function(Buffer.from(SHEET, 'hex').toString())();\n",
                "b.ts": f"export const SHEET =\n  '{_HEX}';\n",
            },
            "block",
            ("a.ts", 2),
        ),
        "among the texts of a language": Sample(
            _node(_OPENED + "Function(Buffer.from(font, 'base64').toString())();\n", **{"texts.json": _TEXTS}),
            "block",
            ("a.js", 3),
        ),
        "letters moved by a helper of another module": Sample(
            _node(_MOVED + "eval(TEXTS.other);\n", **{"shift.js": _SHIFT}), "block", ("a.js", 3)
        ),
        "numbers that a helper of another module combines with a key": Sample(
            _node(
                "const { open } = require('./box');\nFunction(open([10, 22, 31, 9, 22, 21, 88, 77, 92, 61], 'k'))();\n",
                **{"box.js": _COMBINED},
            ),
            "block",
            ("a.js", 2),
        ),
        "a file that a helper of another module opens": Sample(
            {
                "app.py": "from vault import opened\nexec(opened(KEY, 'assets/a.bin'))\n",
                "vault.py": _VAULT,
                "assets/a.bin": "gAAAAABabcd",
            },
            "block",
            ("app.py", 2),
        ),
        "a setting": Sample(
            {"app.py": _SETTINGS + "exec(accent)\n", "a.ini": "[theme]\naccent=cHJpbnQoJ2hlbGxvJyk=\n"},
            "block",
            ("app.py", 5),
        ),
        "what a library that is not known reads of a picture": Sample(
            _node(
                "const exif = require('exifr');\n"
                "exif.parse('a.jpg').then((told) => Function(Buffer.from(told.comment, 'base64').toString())());\n",
                **{"a.jpg": b"\xff\xd8\xff\xe1abc"},
            ),
            "block",
            ("a.js", 2),
        ),
        "a constant that stands there backwards": py("print('hello')\nexec(')\"ereht olleh\"(tnirp'[::-1])\n"),
        "one whose letters are put in the place of others": py(
            "LETTERS = str.maketrans('nopqrstuvwxyzabcdefghijklm', 'abcdefghijklmnopqrstuvwxyz')\n"
            "exec('cevag(\"uryyb gurer\")'.translate(LETTERS))\n"
        ),
        "one that is turned round letter by letter": js(
            "console.log('hello');\neval(')\"ereht olleh\"(gol.elosnoc'.split('').reverse().join(''));\n"
        ),
        "letters that nobody sees, in a manual": Sample(
            _node(_UNSEEN + "eval(Buffer.from(letters).toString());\n", **{"README.md": _MANUAL}), "block", ("a.js", 3)
        ),
        "a comment of its own": Sample(_node(f"{_OWN}eval(text);\n{_TAIL}"), "block", ("a.js", 3)),
        "in a table that is run, and that another file names": Sample(
            _table("        exec(text, {'rows': []})\n", _TABLE), "block", ("data/a.csv", 2)
        ),
    },
    "disguised_program": {
        "a file that is packed": Sample(
            {
                "app.py": "import gzip\nexec(gzip.open('words.gz').read())\n",
                "words.gz": gzip.compress(b"print('hello')"),
            },
            "block",
            ("app.py", 2),
        ),
        "a table that another file names": Sample(
            _table("        exec(text, {'rows': []})\n", "rows.append(1)\n"), "review", ("reader.py", 7)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "shipped_object": {
        "a model of plain values that another file names": _model(PICKLE_PLAIN),
        "a model that is no object": _model(b'{"a": 1}', "json.load(file)"),
    },
    "decoded_code": {
        "an archive with a pass phrase is looked at": _locked("7z x -y -pabc -oout a.7z\nls out; ./b out/a\n"),
        "an archive without a pass phrase": _locked("7z x -y -oout a.7z\n./out/a\n"),
        "an archive whose pass phrase is asked for": _locked('read PW\n7z x -p"$PW" -oout a.7z\n./out/a\n'),
        "a constant that another module exports, which is drawn": {
            "package.json": package(start="tsx a.ts"),
            "a.ts": "import { SHEET } from './b';\nconsole.log(Buffer.from(SHEET, 'hex').length);\n",
            "b.ts": f"export const SHEET =\n  '{_HEX}';\n",
        },
        "one of the texts of a language": _node(
            _OPENED + "console.log(Buffer.from(font, 'base64').length);\n", **{"texts.json": _TEXTS}
        ),
        "letters moved by a helper of another module, which are shown": _node(
            _MOVED + "console.log(TEXTS.other);\n", **{"shift.js": _SHIFT}
        ),
        "a file that a helper of another module opens, which is shown": {
            "app.py": "from vault import opened\nprint(opened(KEY, 'assets/a.bin'))\n",
            "vault.py": _VAULT,
            "assets/a.bin": "gAAAAABabcd",
        },
        "a setting that is shown": {
            "app.py": _SETTINGS + "print(accent)\n",
            "a.ini": "[theme]\naccent=cHJpbnQoJ2hlbGxvJyk=\n",
        },
        "a constant that stands there backwards, and is shown": {"app.py": "print(')\"ereht olleh\"(tnirp'[::-1])\n"},
        "a word that is turned round": {"app.js": "console.log('level of water'.split('').reverse().join(''));\n"},
        "letters that nobody sees, which are counted": _node(
            _UNSEEN + "console.log(letters.length);\n", **{"README.md": _MANUAL}
        ),
        "a comment of its own that is shown": _node(f"{_OWN}console.log(text);\n{_TAIL}"),
        "in a table that is cut into rows": _table("        return text.splitlines()\n", _TABLE),
        "a table of rows": _table("        exec(text, {'rows': []})\n", "rows.append(1)\n"),
    },
    "disguised_program": {
        "a file that is packed, and shown": {
            "app.py": "import gzip\nprint(gzip.open('words.gz').read())\n",
            "words.gz": gzip.compress(b"hello"),
        },
        "a table that is cut into rows": _table("        return text.splitlines()\n", "a,1\n"),
    },
}

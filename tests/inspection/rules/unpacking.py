"""Samples and twins of code that lies in data: tables that are run, texts of other files that a decoder opens."""

from inspection.rules.sample import Sample, package

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
_TAIL = "/* data\nY29uc29sZS5sb2coMTIzNDU2Nzg5KQ==\n*/\n"


def _node(text: str, **more: str | bytes) -> dict[str, str | bytes]:
    return {"package.json": package(start="node a.js"), "a.js": text, **more}


HOSTILE: dict[str, dict[str, Sample]] = {
    "decoded_code": {
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
        "a comment of its own": Sample(_node(f"{_OWN}eval(text);\n{_TAIL}"), "block", ("a.js", 3)),
        "in a table that is run, and that another file names": Sample(
            _table("        exec(text, {'rows': []})\n", _TABLE), "block", ("data/a.csv", 2)
        ),
    },
    "disguised_program": {
        "a table that another file names": Sample(
            _table("        exec(text, {'rows': []})\n", "rows.append(1)\n"), "review", ("reader.py", 7)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "decoded_code": {
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
        "a comment of its own that is shown": _node(f"{_OWN}console.log(text);\n{_TAIL}"),
        "in a table that is cut into rows": _table("        return text.splitlines()\n", _TABLE),
        "a table of rows": _table("        exec(text, {'rows': []})\n", "rows.append(1)\n"),
    },
    "disguised_program": {
        "a table that is cut into rows": _table("        return text.splitlines()\n", "a,1\n"),
    },
}

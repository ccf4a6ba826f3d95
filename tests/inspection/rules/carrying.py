"""Samples and twins of what files carry that look like settings, data or certificates."""

import base64
import zlib

from inspection.rules.sample import PICKLE_PLAIN, PICKLE_PRINT, Sample

_READS = "import base64, json, pickle, zlib\nheld = json.load(open('a.json'))\n"


def _card(data: bytes, loads: str = "base64.b64decode(held['a'])") -> dict[str, str | bytes]:
    """A program that unpickles what a file of settings holds as text, on line 2 of that."""
    text = '{"name": "b",\n"a": "' + base64.b64encode(data).decode() + '"}\n'
    return {"app.py": f"{_READS}print(pickle.loads({loads}))\n", "a.json": text}


HOSTILE: dict[str, dict[str, Sample]] = {
    "shipped_object": {
        "a pickle among settings, as base64": Sample(_card(PICKLE_PRINT), "block", ("a.json", 2)),
        "the same, compressed": Sample(
            _card(zlib.compress(PICKLE_PRINT), "zlib.decompress(base64.b64decode(held['a']))"), "block", ("a.json", 2)
        ),
        "in a text of several lines": Sample(
            {
                "app.py": "import base64, pickle\npickle.loads(base64.b64decode(open('a.txt').read()))\n",
                "a.txt": base64.encodebytes(b"cbuiltins\nprint\n(V" + b"hello " * 20 + b"\ntR."),
            },
            "block",
            ("a.txt", 1),
        ),
        "as hex": Sample(
            {
                "app.py": "import pickle, yaml\nheld = yaml.safe_load(open('a.yaml'))\n"
                "pickle.loads(bytes.fromhex(held['a']))\n",
                "a.yaml": f"name: b\na: {PICKLE_PRINT.hex()}\n",
            },
            "block",
            ("a.yaml", 2),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "shipped_object": {
        "a plain pickle among settings": _card(PICKLE_PLAIN * 3),
        "settings that hold one which is only decoded": {
            **_card(PICKLE_PRINT),
            "app.py": f"{_READS}print(len(base64.b64decode(held['a'])))\n",
        },
    },
}

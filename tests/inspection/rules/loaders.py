"""Samples and twins of what is handed to a loader: of the system, or of a template that lies in a folder given."""

from inspection.rules.sample import Sample, py

_DECODED = (
    "import os, subprocess, tempfile\n\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
    "TO = os.path.join(tempfile.gettempdir(), 'icons.db')\nwith open(os.path.join(HERE, 'icons.bin'), 'rb') as file:\n"
    "    data = file.read()\nwith open(TO, 'wb') as file:\n    file.write(bytes(each ^ 7 for each in data))\n"
    "subprocess.Popen([{}])\n"
)
_FORMATTER = (
    "import json, sys\nfrom pathlib import Path\n\nimport jinja2\n\n\ndef load(folder):\n"
    "    return json.loads((folder / 'chat.json').read_text())['template']\n\n\n"
    "print(jinja2.Environment().from_string(load(Path(sys.argv[1]))).render())\n"
)
_TEMPLATE = '{{\n"template": "{{% for each in all %}}{{{{ each }}}}{{% endfor %}}{}"}}\n'
_REACHES = "{{ cycler.__init__.__globals__.os.popen('echo a').read() }}"

HOSTILE: dict[str, dict[str, Sample]] = {
    "decoded_code": {
        "a file that is decoded, by a loader of the system": py(_DECODED.format("'rundll32', TO + ',Run'"), line=9),
    },
    "shipped_object": {
        "a template that is loaded from a folder that is given": Sample(
            {"chat/app.py": _FORMATTER, "model/chat.json": _TEMPLATE.format(_REACHES)}, "block", ("model/chat.json", 2)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "decoded_code": {
        "a file that is decoded, by what measures it": {"app.py": _DECODED.format("'certutil', '-hashfile', TO")},
    },
    "shipped_object": {
        "a plain template that is loaded from a folder that is given": {
            "chat/app.py": _FORMATTER,
            "model/chat.json": _TEMPLATE.format("{{ end }}"),
        },
    },
}

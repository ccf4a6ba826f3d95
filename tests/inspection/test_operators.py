"""The changes that survival is measured with keep what a program does: each is run before and after."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inspection.operators import javascript_layout, javascript_words, python_layout, python_words
from inspection.operators.projects import REARRANGEMENTS, raw
from sekisho.inspection.intake.gather import gather_bytes

PYTHON = {**python_words.WORDS, **python_layout.LAYOUT}
JAVASCRIPT = {**javascript_words.WORDS, **javascript_layout.LAYOUT}

PROGRAM = """import os, json
import base64 as b64
from textwrap import dedent
NAME = "world"
class Quote:
    def __init__(self, text, size=2):
        self.text = text
        self.size = size
    def show(self):
        return self.text[: self.size] + "..."
def take(parts, sep=", "):
    total = 0
    for index, part in enumerate(parts):
        total += index + len(part)
    try:
        raise ValueError("no such price")
    except ValueError as error:
        print(error, total)
    return sep.join(parts)
def unused():
    return 1
print(take(["alpha", "beta"]), Quote(f"hello {NAME}", size=7).show())
exec("print('inner', 1 + 1)")
print(eval("2 + 3"), json.loads('{"a": [1, 2]}')["a"], os.path.join("x", "y"))
print(b64.b64decode(b"aGVsbG8=").decode(), dedent("  z"), open(os.devnull).read() == "")
"""
FLAT = "import json  # and nothing else\nprint('flat', json.dumps({'key': 'value'}))\nexec('print(5)')\n"

NOTHING_TO_CHANGE = {("program", "in a class body"), ("program", "imports and functions in another order"),
                     ("flat", "names changed"), ("flat", "imports and functions in another order")}  # fmt: skip


def printed(path: Path, source: str | bytes, reader: str = sys.executable) -> list[str]:
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return subprocess.run([reader, path], capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("name", PYTHON)
@pytest.mark.parametrize(("kind", "program"), [("program", PROGRAM), ("flat", FLAT)])
def test_a_changed_python_program_does_what_it_did(kind: str, program: str, name: str, tmp_path: Path) -> None:
    changed, again = (PYTHON[name](program, random.Random(7)) for _ in range(2))
    assert changed == again
    assert (changed is None) == ((kind, name) in NOTHING_TO_CHANGE)
    if changed is not None:
        before = printed(tmp_path / "before.py", program)
        assert changed != program
        assert printed(tmp_path / "after.py", changed)[-len(before) :] == before


SCRIPT = """const os = require('os');
const { join } = require('path');
const table = { size: 7, 'kind': 'a' };
class Quote {
  constructor(text) { this.text = text; }
  show() { return this.text.slice(0, table.size) + '...'; }
}
function take(parts, glue) {
  let total = 0;
  for (const part of parts) total += part.length;
  try { throw new Error('no such price'); } catch (error) { console.log(error.message, total); }
  return parts.join(glue);
}
const show = (value) => console.log(value, typeof os.EOL);
show(take(['alpha', 'beta'], ', ') + new Quote('hello world').show());
show(eval('2 + 3') + join('x', 'y') + table.kind + `in ${table.size}`);
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize("name", JAVASCRIPT)
def test_a_changed_javascript_program_does_what_it_did(name: str, tmp_path: Path) -> None:
    changed, again = (JAVASCRIPT[name](SCRIPT, random.Random(7)) for _ in range(2))
    assert changed is not None
    assert changed == again
    before = printed(tmp_path / "before.js", SCRIPT, "node")
    assert changed != SCRIPT
    assert printed(tmp_path / "after.js", changed, "node") == before


MODULES = """import json
def take(text):
    return show(json.loads(text))
def show(value, size=2):
    return [value] * size
print(take("3"))
"""


@pytest.mark.parametrize("name", ["program in another module", "functions in another module"])
def test_a_program_in_two_modules_does_what_it_did(name: str, tmp_path: Path) -> None:
    changed = REARRANGEMENTS[name]({"app.py": MODULES}, random.Random(7))
    assert changed is not None
    assert len(changed) == 2
    before = printed(tmp_path / "before.py", MODULES)
    for path, data in raw(changed).items():
        (tmp_path / path).write_bytes(data)
    assert printed(tmp_path / "app.py", raw(changed)["app.py"]) == before


@pytest.mark.parametrize("name", [name for name in REARRANGEMENTS if name.startswith("JSON")])
def test_json_written_anew_says_the_same(name: str) -> None:
    said = {"tasks": [{"command": 'echo "é\\n', "args": [1, None]}], "version": "2.0.0"}
    changed = REARRANGEMENTS[name]({"a.json": json.dumps(said), "b.json": "// no"}, random.Random(7))
    assert changed is not None
    assert changed["a.json"] != json.dumps(said)
    assert changed["b.json"] == "// no"
    assert json.loads(changed["a.json"]) == said


@pytest.mark.parametrize("name", [name for name in REARRANGEMENTS if name.startswith("shell")])
def test_shell_written_anew_does_what_it_did(name: str, tmp_path: Path) -> None:
    script = "echo one\nprintf b25l | base64 -d; (echo two)\n"
    changed = REARRANGEMENTS[name]({"a.sh": script}, random.Random(7))
    assert changed is not None
    assert changed["a.sh"] != script
    assert printed(tmp_path / "b.sh", raw(changed)["a.sh"], "sh") == printed(tmp_path / "a.sh", script, "sh")


@pytest.mark.parametrize("name", [name for name in REARRANGEMENTS if name.startswith("in a")])
def test_an_archive_holds_the_project(name: str) -> None:
    files = {"app.py": "print(1)\n", ".vscode/tasks.json": "{}"}
    changed = REARRANGEMENTS[name](files, random.Random(7))
    assert changed is not None
    ((archive, data),) = raw(changed).items()
    held = {file.path.rpartition("!/")[2]: file.data for file in gather_bytes(archive, data).files}
    assert {name: held[name] for name in files} == raw(files)

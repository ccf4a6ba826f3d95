"""Changes of a whole project that keep what it does: where its files lie, what they are called, and what packs them."""

import ast
import builtins
import io
import json
import random
import re
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from support.inspection import Files

Rearrangement = Callable[[Files, random.Random], Files | None]
"""Takes a project and a source of chance; gives the changed project, or None where there is nothing to change."""


def the_program(files: Files) -> tuple[str, str] | None:
    """Name and text of the one file, if a project is one file of Python or JavaScript."""
    if len(files) != 1:
        return None
    ((name, data),) = files.items()
    text = data if isinstance(data, str) else data.decode(errors="replace")
    return (name, text) if PurePosixPath(name).suffix in {".py", ".js"} else None


def _program(change: Callable[[str, str], Mapping[str, str] | None]) -> Rearrangement:
    def changed(files: Files, _: random.Random) -> Files | None:
        found = the_program(files)
        return found and change(*found)

    return changed


def _called(suffix: str, instead: str) -> Rearrangement:
    return _program(lambda name, text: {f"{name[: -len(suffix)]}{instead}": text} if name.endswith(suffix) else None)


def _in_another_module(name: str, text: str) -> Mapping[str, str]:
    if name.endswith(".py"):
        return {name: "import prices_helper\n", "prices_helper.py": text}
    module = bool(re.search(r"^\s*(import|export)\b|^\s*(const \w+ = )?await\b", text, re.MULTILINE))
    return {name: "import './helper.js';\n" if module else "require('./helper.js');\n", "helper.js": text}


def _functions_in_another_module(name: str, text: str) -> Mapping[str, str] | None:
    """The functions that need nothing but imports and each other go to a module of their own."""
    if not name.endswith(".py"):
        return None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    imports = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    given = {alias.asname or alias.name.partition(".")[0] for each in imports for alias in each.names}
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    given |= {each.name for each in functions} | set(dir(builtins))
    for function in functions:
        nodes = [each for each in ast.walk(function) if isinstance(each, ast.Name)]
        own = {each.id for each in nodes if isinstance(each.ctx, ast.Store)}
        own |= {each.arg for each in ast.walk(function) if isinstance(each, ast.arg)}
        if {each.id for each in nodes} - own - given:
            return None
    if not functions:
        return None
    taken = ast.parse(f"from parts import {', '.join(each.name for each in functions)}").body
    rest = [each for each in tree.body if each not in functions]
    parts = ast.unparse(ast.Module([*imports, *functions], []))
    return {name: ast.unparse(ast.Module([*taken, *rest], [])) + "\n", "parts.py": parts + "\n"}


def _notebook(name: str, text: str) -> Mapping[str, str] | None:
    if not name.endswith(".py"):
        return None
    lines = text.splitlines(keepends=True)
    cell = {"cell_type": "code", "source": lines, "metadata": {}, "outputs": [], "execution_count": None}
    return {"task.ipynb": json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})}


def _json(write: Callable[[str], str]) -> Rearrangement:
    """Every JSON file is written anew."""

    def change(files: Files, _: random.Random) -> Files | None:
        written: dict[str, str | bytes] = dict(files)
        for name, data in files.items():
            if not name.endswith(".json"):
                continue
            try:
                written[name] = write(data if isinstance(data, str) else data.decode())
            except ValueError:
                continue
        return written if written != dict(files) else None

    return change


def _escaped(text: str) -> str:
    """Every letter of every string as an escape."""
    whole = json.dumps(json.loads(text), ensure_ascii=False)
    return re.sub(
        r'"(?:[^"\\]|\\.)*"', lambda found: re.sub(r"(?<!\\)[a-zA-Z]", _escape, found.group()), whole, flags=re.DOTALL
    )


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _turned(text: str) -> str:
    """The last key first."""
    return json.dumps(json.loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs))), indent=1)


def _shell(change: Callable[[str], str]) -> Rearrangement:
    def changed(files: Files, _: random.Random) -> Files | None:
        written: dict[str, str | bytes] = dict(files)
        for name, data in files.items():
            if name.endswith(".sh"):
                written[name] = change(data if isinstance(data, str) else data.decode())
        return written if written != dict(files) else None

    return changed


_TOOLS = re.compile(r"(^|[|;&(]\s*)(c|w|b|s|p|e)(url|get|ase64|ash|h|ython3|cho)(?=[ \n])", re.MULTILINE)


def _tools_in_variables(text: str) -> str:
    names = sorted({found[2] + found[3] for found in _TOOLS.finditer(text)})
    return "".join(f"t_{name}={name}\n" for name in names) + _TOOLS.sub(r"\1$t_\2\3", text)


IGNORE = (".semgrepignore", ".eslintignore", ".gitignore", ".dockerignore")
"""Files that tell scanners what to leave out."""


def raw(files: Files) -> dict[str, bytes]:
    """The same, as bytes."""
    return {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}


def _zipped(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _tarred(files: Files) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in raw(files).items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


REARRANGEMENTS: Mapping[str, Rearrangement] = {
    "as it is": lambda files, _: files,
    "program in another module": _program(_in_another_module),
    "functions in another module": _program(_functions_in_another_module),
    "program in a notebook": _program(_notebook),
    "called .pyw": _called(".py", ".pyw"),
    "called nothing, with a hash-bang": _program(
        lambda name, text: {"run": f"#!/usr/bin/env {'python3' if name.endswith('.py') else 'node'}\n{text}"}
    ),
    "called .mjs": _called(".js", ".mjs"),
    "called .cjs": _called(".js", ".cjs"),
    "called .jsx": _called(".js", ".jsx"),
    "called .ts": _called(".js", ".ts"),
    "JSON on one line": _json(lambda text: json.dumps(json.loads(text), separators=(",", ":"))),
    "JSON with escaped letters": _json(_escaped),
    "JSON with its keys turned round": _json(_turned),
    "shell with quotes within words": _shell(lambda text: _TOOLS.sub(r"\1\2''\3", text)),
    "shell with tools in variables": _shell(_tools_in_variables),
    "with ignore files": lambda files, _: {**files, **dict.fromkeys(IGNORE, "*\n")},
    "in a zip": lambda files, _: {"task.zip": _zipped(files)},
    "in a tar.gz": lambda files, _: {"task.tar.gz": _tarred(files)},
    "in a zip in a tar.gz": lambda files, _: {"task.tar.gz": _tarred({"inner.zip": _zipped(files)})},
    "in a zip in a zip in a zip": lambda files, _: {"a.zip": _zipped({"b.zip": _zipped({"c.zip": _zipped(files)})})},
}  # fmt: skip

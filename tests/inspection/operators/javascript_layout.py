"""Changes of where the lines of a JavaScript program stand, what wraps them, and how they are written down."""

import base64
import json
import random
import re
from collections.abc import Callable, Mapping

from inspection.operators.shape import Operator


def _wrapped(form: str) -> Operator:
    """Imports stay in front; the rest becomes the body of something that is then run."""

    def change(source: str, _: random.Random) -> str | None:
        if re.search(r"^\s*export\b", source, re.MULTILINE):
            return None
        lines = source.splitlines(keepends=True)
        imports = "".join(line for line in lines if re.match(r"\s*import\b[^(]*['\"]", line))
        return imports + form.replace("BODY", "".join(line for line in lines if line not in imports))

    return change


def _layered(write: Callable[[str, random.Random], str]) -> Operator:
    def change(source: str, dice: random.Random) -> str | None:
        return None if re.search(r"^\s*(import|export)\b|\bawait\b", source, re.MULTILINE) else write(source, dice)

    return change


def _thrice(source: str, _: random.Random) -> str:
    for _round in range(3):
        source = f"eval(atob('{base64.b64encode(source.encode()).decode()}'));\n"
    return source


def _masked(source: str, dice: random.Random) -> str:
    key = dice.randrange(1, 256)
    return f"eval(String.fromCharCode(...{[b ^ key for b in source.encode()]}.map((b) => b ^ {key})));\n"


LAYOUT: Mapping[str, Operator] = {
    "in an arrow": _wrapped("(async () => {\nBODY\n})();\n"),
    "in a promise": _wrapped("Promise.resolve().then(async () => {\nBODY\n});\n"),
    "in a timer": _wrapped("setTimeout(async () => {\nBODY\n}, 1);\n"),
    "in nextTick": _wrapped("process.nextTick(async () => {\nBODY\n});\n"),
    "in a closure": _wrapped("(function outer() { return async function inner() {\nBODY\n}; })()();\n"),
    "in a getter": _wrapped("void ({ get price() { return (async () => {\nBODY\n})(); } }).price;\n"),
    "in a generator": _wrapped(
        "(async () => { for await (const x of (async function* () {\nBODY\n yield 1; })()); })();\n"
    ),
    "in a finally": _wrapped("(async () => { try { } finally {\nBODY\n} })();\n"),
    "in a proxy": _wrapped("void new Proxy({}, { get: (_t, _k) => (async () => {\nBODY\n})() }).price;\n"),
    "as a new Function": _layered(lambda s, _: f"new Function('require', {json.dumps(s)})(require);\n"),
    "in base64, three times": _layered(_thrice),
    "behind an exclusive or": _layered(_masked),
    "in vm": _layered(
        lambda s, _: f"require('vm').runInThisContext({json.dumps(f'(function (require) {{{s}}})')})(require);\n"
    ),
    "after quotes in comments": lambda s, _: f"// ' ` \" /*\nconst note = '// \"`';\n{s}",
    "after a string full of code": lambda s, _: f"const example = {json.dumps(s)};\n{s}",
    "with every scanner told to look away": lambda s, _: f"/* eslint-disable */ // nosemgrep\n// @ts-nocheck\n{s}",
    "with CR LF": lambda s, _: s.replace("\n", "\r\n"),
    "with lone carriage returns": lambda s, _: s.replace("\n", "\r"),
    "with a byte order mark": lambda s, _: "\ufeff" + s,
    "after a hash-bang": lambda s, _: "#!/usr/bin/env node\n" + s,
    "after 5 MB of code": lambda s, _: "var value = 0;\n" * 350_000 + s,
    "after 20 MB of comments": lambda s, _: "// nothing\n" * 2_000_000 + s,
}

"""Changes of where the lines of a Python program stand, what wraps them, and how they are written down."""

import ast
import base64
import random
from collections.abc import Mapping

from inspection.operators.shape import Operator, fresh, on_tree, parsed

# Order and wrapping


def _shuffled(tree: ast.Module, dice: random.Random) -> ast.Module | None:
    """Imports first, then functions, each in another order, then the rest as it was."""
    imports = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef) and not each.decorator_list]
    if any(each.args.defaults for each in functions) or len(imports) + len(functions) < 2:
        return None
    rest = [each for each in tree.body if each not in imports and each not in functions]
    dice.shuffle(imports)
    dice.shuffle(functions)
    return ast.Module([*imports, *functions, *rest], [])


def _with_dead_code(tree: ast.Module, dice: random.Random) -> ast.Module:
    body: list[ast.stmt] = []
    for statement in tree.body:
        name, other = fresh(dice), fresh(dice)
        body += ast.parse(f"{name} = {dice.randrange(99)}\ndef {other}(rows):\n    return sorted(rows)[:{name}]\n").body
        body.append(statement)
    return ast.Module(body, [])


def _wrapped(form: str) -> Operator:
    """The program becomes the body of something that is then run. What a class cannot hold is left as it is."""

    def change(source: str, _: random.Random) -> str | None:
        tree = parsed(source)
        if tree is None or "import *" in source or "__future__" in source or '"""' in source or "'''" in source:
            return None
        functions = any(isinstance(each, ast.FunctionDef | ast.Lambda) for each in ast.walk(tree))
        if functions and "def" not in form and "class" in form:
            return None
        indent = next(line for line in form.splitlines() if line.strip() == "BODY").partition("BODY")[0]
        body = "".join(f"{indent}{line}\n" if line.strip() else "\n" for line in source.splitlines())
        return form.replace(f"{indent}BODY\n", body)

    return change


def _thrice(source: str, _: random.Random) -> str:
    for _round in range(3):
        packed = base64.b64encode(source.encode()).decode()
        source = f"import base64\nexec(base64.b64decode('{packed}'))\n"
    return source


def _masked(source: str, dice: random.Random) -> str:
    key = dice.randrange(1, 256)
    packed = bytes(byte ^ key for byte in source.encode()).hex()
    return f"exec(bytes(b ^ {key} for b in bytes.fromhex('{packed}')).decode())\n"


def _seven_bits(source: str, _: random.Random) -> str | None:
    """Every line in UTF-7, which Python decodes and a reader of bytes does not."""

    def line(text: str) -> str:
        body = text.lstrip(" ")
        coded = base64.b64encode(body.encode("utf-16-be")).decode().rstrip("=")
        return " " * (len(text) - len(body)) + (f"+{coded}-" if body else "")

    if not source.isascii():
        return None
    return "# coding: utf-7\n" + "\n".join(map(line, source.split("\n")))


_ROT13 = {
    **{a: 97 + (a - 97 + 13) % 26 for a in range(97, 123)},
    **{a: 65 + (a - 65 + 13) % 26 for a in range(65, 91)},
}

LAYOUT: Mapping[str, Operator] = {
    "imports and functions in another order": on_tree(_shuffled),
    "dead code between the lines": on_tree(_with_dead_code),
    "rewritten by a tool": on_tree(lambda tree, _: tree),
    "in a class body": _wrapped("class Settings:\n    BODY\n"),
    "in a closure": _wrapped("def outer():\n    def inner():\n        BODY\n    return inner\nouter()()\n"),
    "in a decorated function": _wrapped("def now(f):\n    return f()\n@now\ndef main():\n    BODY\n"),
    "in a coroutine": _wrapped("import asyncio\nasync def main():\n    BODY\nasyncio.run(main())\n"),
    "in a thread": _wrapped("import threading\ndef main():\n    BODY\nt = threading.Thread(target=main)\nt.start()\n"),
    "at exit": _wrapped("import atexit\ndef main():\n    BODY\natexit.register(main)\n"),
    "in a generator": _wrapped("def rows():\n    BODY\n    yield 1\nlist(rows())\n"),
    "in a loop": _wrapped("for _round in range(1):\n    BODY\n"),
    "in a finally": _wrapped("try:\n    pass\nfinally:\n    BODY\n"),
    "in __getattr__": _wrapped(
        "class Lazy:\n    def __getattr__(self, name):\n        BODY\n        return 1\nLazy().price\n"
    ),
    "in __init_subclass__": _wrapped(
        "class Base:\n    def __init_subclass__(cls):\n        BODY\nclass Model(Base): pass\n"
    ),
    "as one string, compiled": lambda s, _: f"exec(compile({s!r}, 'a', 'exec'))\n",
    "in base64, three times": _thrice,
    "behind an exclusive or": _masked,
    "by a decoder of codecs": lambda s, _: (
        f"import codecs\nexec(codecs.decode({s.translate(_ROT13)!r}, 'rot13'))\n" if s.isascii() else None
    ),
    "with another encoding's cookie": lambda s, _: "# -*- coding: cp1252 -*-\n" + s if s.isascii() else None,
    "in UTF-7": _seven_bits,
    "with lone carriage returns": lambda s, _: s.replace("\n", "\r"),
    "after quotes in comments": lambda s, _: f"# ''' \" \\\nnote = '# \"\"\"'  # '\n{s}",
    "after a string full of code": lambda s, _: f"EXAMPLE = {s!r}\nprint(len(EXAMPLE))\n{s}",
    "with every scanner told to look away": lambda s, _: (
        "# bandit: skip\n# semgrep: disable\n# pylint: skip-file\n"
        + "".join(f"{line}  # nosec nosemgrep noqa type: ignore\n" for line in s.splitlines())
        if '"""' not in s and "'''" not in s and "\\\n" not in s
        else None
    ),
    "after 5 MB of code": lambda s, _: "value = 0\n" * 500_000 + s,
    "after 20 MB of comments": lambda s, _: "# nothing\n" * 2_000_000 + s,
}

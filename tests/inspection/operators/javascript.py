"""Changes of a JavaScript program that keep what it does: names, strings, members, calls, wrapping and layers.

Each takes a source and a source of chance, and gives the changed source, or None where there is nothing to change.
"""

import base64
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from inspection.operators.shape import Operator, fresh

_PARSER = Parser(Language(tree_sitter_javascript.language()))

Write = Callable[[Node, random.Random], str | None]
"""What is to stand in a node's place; None leaves it."""


def _nodes(source: bytes) -> Iterator[Node]:
    stack = [_PARSER.parse(source).root_node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _edited(write: Write, *kinds: str) -> Operator:
    """Nodes of some kinds are written anew, one outermost node at a time."""

    def change(source: str, dice: random.Random) -> str | None:
        raw, pieces, end = source.encode(), [], 0
        for node in _nodes(raw):
            if node.type in kinds and node.start_byte >= end and (new := write(node, dice)) is not None:
                pieces += [raw[end : node.start_byte].decode(), new]
                end = node.end_byte
        return "".join([*pieces, raw[end:].decode()]) if pieces else None

    return change


# Names


def _renamed(source: str, dice: random.Random) -> str | None:
    bound, kept, raw = set(), set(), source.encode()
    for node in _nodes(raw):
        above = node.parent
        if node.type in {
            "shorthand_property_identifier",
            "shorthand_property_identifier_pattern",
            "property_identifier",
        }:
            kept.add(_text(node))
        elif node.type == "string_fragment":
            kept |= set(re.findall(r"[\w$]+", _text(node)))
        elif node.type == "identifier" and above is not None:
            if above.type in {"formal_parameters", "function_declaration"} or (
                above.type in {"variable_declarator", "arrow_function"} and above.child(0) == node
            ):
                bound.add(_text(node))
            elif above.type.startswith(("import", "export", "namespace", "class")):
                kept.add(_text(node))
    names = {name: fresh(dice) for name in sorted(bound - kept)}
    return _edited(lambda node, _: names.get(_text(node)), "identifier")(source, dice)


_GLOBALS = ("eval", "fetch", "require", "Function", "atob", "setTimeout", "process", "Buffer")


def _globals_renamed(source: str, dice: random.Random) -> str | None:
    if re.search(r"^\s*(import|export)\b", source, re.MULTILINE):
        return None
    names = {name: fresh(dice) for name in _GLOBALS}
    used: set[str] = set()

    def write(node: Node, _: random.Random) -> str | None:
        name = _text(node)
        if name in names and not (node.parent and node.parent.type == "unary_expression"):
            used.add(name)
            return names[name]
        return None

    changed = _edited(write, "identifier")(source, dice)
    return changed and "".join(f"const {names[name]} = {name};\n" for name in sorted(used)) + changed


def _escaped_names(node: Node, _: random.Random) -> str | None:
    name = _text(node)
    return f"\\u{{{ord(name[0]):x}}}{name[1:]}" if name not in {"async", "get", "set", "of", "undefined"} else None


# Strings


def _pieces(text: str, dice: random.Random) -> list[str]:
    cuts = sorted(dice.sample(range(1, len(text)), min(3, len(text) - 1)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


STRINGS: Mapping[str, Callable[[str, random.Random], str]] = {
    "strings added up": lambda text, dice: "(" + " + ".join(map(json.dumps, _pieces(text, dice))) + ")",
    "strings joined": lambda text, dice: f"{json.dumps(_pieces(text, dice))}.join('')",
    "strings as templates": lambda text, dice: (
        "`" + "".join(f"${{{json.dumps(part)}}}" for part in _pieces(text, dice)) + "`"
    ),
    "strings as numbers": lambda text, _: f"String.fromCharCode({', '.join(str(ord(c)) for c in text)})",
    "strings backwards": lambda text, _: f"{json.dumps(text[::-1])}.split('').reverse().join('')",
    "strings in base64": lambda text, _: (
        f"Buffer.from('{base64.b64encode(text.encode()).decode()}', 'base64').toString()"
    ),
    "strings in hexadecimal": lambda text, _: f"Buffer.from('{text.encode().hex()}', 'hex').toString('utf8')",
    "strings with escapes": lambda text, _: "'" + "".join(f"\\x{ord(c):02x}" for c in text) + "'",
    "strings by concat": lambda text, dice: (
        f"{json.dumps((p := _pieces(text, dice))[0])}.concat({', '.join(map(json.dumps, p[1:])) or json.dumps('')})"
    ),
}


def _string(write: Callable[[str, random.Random], str]) -> Write:
    def one(node: Node, dice: random.Random) -> str | None:
        text, above = _text(node)[1:-1], node.parent
        fixed = above is not None and (
            above.type in {"expression_statement", "import_statement", "export_statement", "method_definition"}
            or (above.type == "pair" and above.child_by_field_name("key") == node)
        )
        return None if fixed or len(text) < 2 or "\\" in text or not text.isascii() else write(text, dice)

    return one


# Members, arguments and calls


def _member_in_brackets(source: str, dice: random.Random) -> str | None:
    """`a.b` is `a['b']`: the dot is taken away, and the name quoted."""

    def write(node: Node, _: random.Random) -> str | None:
        above = node.parent
        if above is None or above.type != "member_expression" or above.child_count != 3 or "#" in _text(node):
            return None
        return f"['{_text(node)}']"

    changed = _edited(write, "property_identifier")(source, dice)
    return changed and re.sub(r"\.(\[')", r"\1", changed)


def _argument(form: str) -> Write:
    def one(node: Node, dice: random.Random) -> str | None:
        above = node.parent
        if above is None or above.type != "arguments" or (above.parent and above.parent.type != "call_expression"):
            return None
        if above.prev_sibling and _text(above.prev_sibling) in {"import", "super", "require"}:
            return None
        return form.replace("VALUE", _text(node))

    return one


_VALUES = ("identifier", "member_expression", "call_expression", "string", "template_string", "binary_expression")


def _called(form: str) -> Write:
    def one(node: Node, _: random.Random) -> str | None:
        callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if callee is None or arguments is None or callee.type != "identifier" or "await" in _text(arguments):
            return None
        inner = _text(arguments)[1:-1]
        return form.replace("NAME", _text(callee)).replace("ARGUMENTS", inner) if inner.strip() else None

    return one


# Wrapping and layers


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


OPERATORS: Mapping[str, Operator] = {
    "names changed": _renamed,
    "globals under other names": _globals_renamed,
    "every name with an escape": _edited(_escaped_names, "identifier", "property_identifier"),
    **{name: _edited(_string(write), "string") for name, write in STRINGS.items()},
    "members in brackets": _member_in_brackets,
    "arguments out of a list": _edited(_argument("[VALUE][0]"), *_VALUES),
    "arguments out of an object": _edited(_argument("({a: VALUE}).a"), *_VALUES),
    "arguments out of an arrow": _edited(_argument("(() => VALUE)()"), *_VALUES),
    "called by call": _edited(_called("NAME.call(null, ARGUMENTS)"), "call_expression"),
    "called by apply": _edited(_called("NAME.apply(null, [ARGUMENTS])"), "call_expression"),
    "called by bind": _edited(_called("NAME.bind(null)(ARGUMENTS)"), "call_expression"),
    "called by Reflect": _edited(_called("Reflect.apply(NAME, null, [ARGUMENTS])"), "call_expression"),
    "called by map": _edited(_called("[[ARGUMENTS]].map((a) => NAME(...a))[0]"), "call_expression"),
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
    "before 5 MB of comments": lambda s, _: s + "// nothing\n" * 450_000,
}

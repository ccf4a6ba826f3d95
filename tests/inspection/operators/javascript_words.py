"""Changes of the words of a JavaScript program: names, strings, members, arguments and calls."""

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
            elif above.type.startswith(("import", "namespace", "class")):
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


WORDS: Mapping[str, Operator] = {
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
}

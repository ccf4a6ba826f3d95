"""What parts of a Python tree say: conditions that pick some of what is walked, bounds of slices."""

import ast
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from sekisho.inspection.languages.between import is_client


def picks(names: set[str], within: Sequence[ast.AST]) -> list[ast.Call | ast.Compare]:
    """The conditions that ask one of these names what it is."""
    tests = [each for each in within if isinstance(each, ast.expr)]
    for node in (node for each in within for node in ast.walk(each)):
        if isinstance(node, (ast.If, ast.IfExp)):
            tests.append(node.test)
        elif _compares(node):
            tests.append(node)
    asked = [node for test in tests for node in ast.walk(test) if isinstance(node, (ast.Call, ast.Compare))]
    return [
        each
        for each in asked
        if isinstance(each, ast.Call) or isinstance(each.ops[0], (ast.Eq, ast.In, ast.NotIn))
        if any(isinstance(name, ast.Name) and name.id in names for name in ast.walk(each))
    ]


def _compares(node: ast.AST) -> TypeGuard[ast.Call]:
    """`pattern.match(name)`, `name.startswith(text)`, wherever it stands."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COMPARES


def bound_of(node: ast.expr | None) -> str | None:
    """A bound of a slice as text: empty where it is left out, None where it is not a number."""
    if node is None:
        return ""
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    if isinstance(inner, ast.Constant) and isinstance(inner.value, int) and abs(inner.value) < 1 << 40:
        return f"{'-' if negative else ''}{int(inner.value)}"
    return None


def declared(arguments: Sequence[ast.arg], *, constructor: bool) -> Iterator[tuple[str, ast.expr]]:
    """Parameters and the classes they are declared to be of: who makes such an object stands elsewhere.

    Outside of constructors the classes of clients matter alone; of others the callers say more.
    """
    for each in arguments:
        kind = each.annotation
        if isinstance(kind, ast.BinOp):  # `Mail | None`
            kind = kind.left
        if isinstance(kind, ast.Subscript) and isinstance(kind.value, ast.Name) and kind.value.id in _AROUND:
            kind = kind.slice.elts[0] if isinstance(kind.slice, ast.Tuple) and kind.slice.elts else kind.slice
        name = kind.attr if isinstance(kind, ast.Attribute) else kind.id if isinstance(kind, ast.Name) else ""
        if kind is not None and name[:1].isupper() and (constructor or is_client(name)):
            yield each.arg, kind


_AROUND = {"Optional", "Annotated"}
_COMPARES = {"match", "fullmatch", "search", "startswith", "endswith", "removeprefix", "partition"}

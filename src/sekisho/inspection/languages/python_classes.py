"""Classes whose constructor is not written: dataclasses and their like take their fields in order."""

import ast
from collections.abc import Iterator

_DECORATORS = {"dataclass", "define", "frozen", "mutable", "attrs", "attr", "s", "dataclasses"}
_BASES = {"NamedTuple", "BaseModel", "Struct", "SQLModel", "BaseSettings"}


def constructor(node: ast.ClassDef) -> ast.FunctionDef | None:
    """`__init__(self, a, b): self.a = a; self.b = b`, as a dataclass has it (PEP 557); nothing for other classes."""
    made = {_last(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list} & _DECORATORS
    made |= {_last(each) for each in node.bases} & _BASES
    if not made or any(isinstance(each, ast.FunctionDef) and each.name == "__init__" for each in node.body):
        return None
    fields = {
        each.target.id: each.annotation
        for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }  # fmt: skip
    parameters = [ast.arg("self"), *(ast.arg(name, kind) for name, kind in fields.items())]
    body: list[ast.stmt] = [
        ast.Assign([ast.Attribute(ast.Name("self"), name)], ast.Name(name), lineno=node.lineno) for name in fields
    ]
    body += [
        ast.Assign([ast.Attribute(ast.Name("self"), name)], ast.Call(factory, [], []), lineno=factory.lineno)
        for name, factory in _factories(node)
    ]
    given = ast.arguments([], parameters, None, [], [], None, [])
    function = ast.FunctionDef("__init__", given, body or [ast.Pass()], [], lineno=node.lineno, col_offset=0)
    return ast.fix_missing_locations(function)


def _factories(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """`name: kind = field(default_factory=function)`"""
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and isinstance(each.value, ast.Call):
            for keyword in each.value.keywords:
                if keyword.arg in {"default_factory", "factory"}:
                    yield each.target.id, keyword.value


_LOADERS = {"get_data", "get_source", "get_code", "source_to_code"}
_HEARING = {"on_message", "on_command", "on_data", "on_event", "handle_message", "on_text"}
_LISTENERS = {"Client", "Bot", "AutoShardedBot", "Cog", "ClientNamespace", "AsyncClientNamespace", "StreamListener"}


def uses(bases: list[str], methods: list[str]) -> list[tuple[str, int]]:
    """The methods of a class that others call, by the last names of its bases, and the base that has them called.

    -1: the import system runs what such a method of a loader gives.
    """
    loads = any(name.endswith("Loader") for name in bases)
    hears = next((place for place, name in enumerate(bases) if name in _LISTENERS), -1)
    found = [(name, -1) for name in methods if loads and name in _LOADERS]
    return found + [(name, hears) for name in methods if hears >= 0 and name in _HEARING]


def called(node: ast.ClassDef) -> list[ast.stmt]:
    """What others do with a class: the import system runs what a loader gives, a chat calls its handlers."""
    methods = [each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    found: list[ast.stmt] = []
    for name, base in uses([_last(each) for each in node.bases], methods):
        method = ast.Attribute(ast.Name(node.name), name)
        if base < 0:
            found.append(ast.Expr(ast.Call(ast.Name("exec"), [ast.Call(method, [], [])], [])))
        else:
            found.append(ast.Expr(ast.Call(ast.Attribute(node.bases[base], "event"), [method], [])))
    for statement in found:
        ast.copy_location(statement, node)
        ast.fix_missing_locations(statement)
    return found


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""

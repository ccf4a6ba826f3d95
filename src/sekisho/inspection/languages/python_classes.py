"""Classes whose constructor is not written: dataclasses and their like take their fields in order."""

import ast

_DECORATORS = {"dataclass", "define", "frozen", "mutable", "attrs", "attr", "s", "dataclasses"}
_BASES = {"NamedTuple", "BaseModel", "Struct", "SQLModel", "BaseSettings"}


def constructor(node: ast.ClassDef) -> ast.FunctionDef | None:
    """`__init__(self, a, b): self.a = a; self.b = b`, as a dataclass has it (PEP 557); nothing for other classes."""
    made = {_last(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list} & _DECORATORS
    made |= {_last(each) for each in node.bases} & _BASES
    if not made or any(isinstance(each, ast.FunctionDef) and each.name == "__init__" for each in node.body):
        return None
    fields = [
        each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]
    parameters = [ast.arg(name) for name in ("self", *fields)]
    body: list[ast.stmt] = [
        ast.Assign([ast.Attribute(ast.Name("self"), name)], ast.Name(name), lineno=node.lineno) for name in fields
    ]
    given = ast.arguments([], parameters, None, [], [], None, [])
    function = ast.FunctionDef("__init__", given, body or [ast.Pass()], [], lineno=node.lineno, col_offset=0)
    return ast.fix_missing_locations(function)


_LOADERS = {"get_data", "get_source", "get_code", "source_to_code"}
_HEARING = {"on_message", "on_command", "on_data", "on_event", "handle_message", "on_text"}
_LISTENERS = {"Client", "Bot", "AutoShardedBot", "Cog", "ClientNamespace", "AsyncClientNamespace", "StreamListener"}


def called(node: ast.ClassDef) -> list[ast.stmt]:
    """What others do with a class: the import system runs what a loader gives, a chat calls its handlers."""
    bases = {_last(each): each for each in node.bases}
    found: list[ast.stmt] = []
    for each in node.body:
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if each.name in _LOADERS and any(name.endswith("Loader") for name in bases):
            taken = ast.Call(ast.Attribute(ast.Name(node.name), each.name), [], [])
            found.append(ast.Expr(ast.Call(ast.Name("exec"), [taken], [])))
        hears = next((base for name, base in bases.items() if name in _LISTENERS), None)
        if each.name in _HEARING and hears is not None:
            handler = ast.Attribute(ast.Name(node.name), each.name)
            found.append(ast.Expr(ast.Call(ast.Attribute(hears, "event"), [handler], [])))
    for statement in found:
        ast.copy_location(statement, node)
        ast.fix_missing_locations(statement)
    return found


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""

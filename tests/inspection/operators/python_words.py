"""Changes of the words of a Python program: names, strings, members, arguments and calls."""

import ast
import base64
import builtins
import random
import re
from collections.abc import Callable, Mapping

from inspection.operators.shape import Operator, fresh, on_tree

# Names


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.names.get(node.arg, node.arg), None)

    def visit_Global(self, node: ast.Global) -> ast.Global:
        return ast.Global([self.names.get(name, name) for name in node.names])

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.Nonlocal:
        return ast.Nonlocal([self.names.get(name, name) for name in node.names])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self.names.get(node.name, node.name) if node.name else None
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.names.get(node.name, node.name)
        return self.generic_visit(node)


def _renamed(tree: ast.Module, dice: random.Random) -> ast.Module | None:
    bound, kept = set(), set(dir(builtins))
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case ast.ClassDef(name=name, body=body):
                kept.add(name)
                kept |= {each.name for each in body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
                kept |= {each.id for part in body for each in ast.walk(part) if isinstance(each, ast.Name)}
            case ast.keyword(arg=str(name)) | ast.AsyncFunctionDef(name=name) | ast.alias(asname=str(name)):
                kept.add(name)
            case ast.alias(name=name):
                kept.add(name.partition(".")[0])
            case ast.Constant(value=str(text)):
                kept |= set(re.findall(r"\w+", text))
    names = {name: fresh(dice) for name in sorted(bound - kept) if not name.startswith("__")}
    return _Renamed(names).visit(tree) if names else None


def _aliased(tree: ast.Module, dice: random.Random) -> ast.Module | None:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if alias.asname is None and "." not in alias.name and alias.name != "*":
                    alias.asname = names.setdefault(alias.name, fresh(dice))
    return _Renamed(names).visit(tree) if names else None


def _imported_by_a_call(form: str) -> Operator:
    def change(tree: ast.Module, _: random.Random) -> ast.Module | None:
        class Calls(ast.NodeTransformer):
            def visit_Import(self, node: ast.Import) -> ast.AST | list[ast.AST]:
                if any("." in alias.name for alias in node.names):
                    return node
                return [
                    each
                    for alias in node.names
                    for each in ast.parse(f"{alias.asname or alias.name} = {form.format(alias.name)}").body
                ]

        before = ast.dump(tree)
        new = Calls().visit(tree)
        if ast.dump(new) == before:
            return None
        new.body.insert(0, ast.parse("import importlib").body[0])
        return new

    return on_tree(change)


def _lettered(tree: ast.Module, _: random.Random) -> ast.Module | None:
    """Names in mathematical letters, which Python takes for plain ones (NFKC)."""

    def fancy(name: str) -> str:
        return "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in name)

    class Letters(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(fancy(node.id), node.ctx)

        def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
            node.attr = fancy(node.attr)
            return self.generic_visit(node)

    return Letters().visit(tree)


# Strings


def _pieces(text: str, dice: random.Random) -> list[str]:
    cuts = sorted(dice.sample(range(1, len(text)), min(3, len(text) - 1)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


STRINGS: Mapping[str, Callable[[str, random.Random], str]] = {
    "strings added up": lambda text, dice: "(" + " + ".join(map(repr, _pieces(text, dice))) + ")",
    "strings joined": lambda text, dice: f"''.join({_pieces(text, dice)!r})",
    "strings formatted": lambda text, dice: (
        f"{'{}' * len(p := _pieces(text, dice))!r}.format({', '.join(map(repr, p))})"
    ),
    "strings formatted from a list": lambda text, dice: f"('{{}}' * {len(p := _pieces(text, dice))}).format(*{p!r})",
    "strings with %": lambda text, dice: f"({'%s' * len(p := _pieces(text, dice))!r} % {tuple(p)!r})",
    "strings with % many times": lambda text, dice: f"('%s' * {len(p := _pieces(text, dice))} % {tuple(p)!r})",
    "strings as f-strings": lambda text, dice: (
        "f'" + "".join("{" + f'"{part}"' + "}" for part in _pieces(text, dice)) + "'"
        if re.fullmatch(r"[\w:/. -]+", text) and len(text) > 1
        else repr(text)
    ),
    "strings as numbers": lambda text, _: f"bytes({list(text.encode())}).decode()",
    "strings as characters": lambda text, _: f"''.join(map(chr, {list(map(ord, text))}))",
    "strings backwards": lambda text, _: f"{text[::-1]!r}[::-1]",
    "strings in base64": lambda text, _: (
        f"__import__('base64').b64decode({base64.b64encode(text.encode())!r}).decode()"
    ),
    "strings in hexadecimal": lambda text, _: f"bytes.fromhex({text.encode().hex()!r}).decode()",
}


def _strings(write: Callable[[str, random.Random], str]) -> Operator:
    def change(tree: ast.Module, dice: random.Random) -> ast.Module | None:
        class Strings(ast.NodeTransformer):
            changed = False

            def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
                return node

            def visit_Expr(self, node: ast.Expr) -> ast.AST:
                return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

            def visit_Constant(self, node: ast.Constant) -> ast.expr:
                if not isinstance(node.value, str) or len(node.value) < 2:
                    return node
                self.changed = True
                return ast.parse(write(node.value, dice), mode="eval").body

        writer = Strings()
        new = writer.visit(tree)
        return new if writer.changed else None

    return on_tree(change)


# Calls and members


def _by_getattr(tree: ast.Module, _: random.Random) -> ast.Module | None:
    class Members(ast.NodeTransformer):
        changed = False

        def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
            self.generic_visit(node)
            if not isinstance(node.ctx, ast.Load) or node.attr.startswith("__"):
                return node
            self.changed = True
            return ast.Call(ast.Name("getattr", ast.Load()), [node.value, ast.Constant(node.attr)], [])

    writer = Members()
    new = writer.visit(tree)
    return new if writer.changed else None


def _arguments(form: str) -> Operator:
    """Every positional argument goes through an expression that gives it back."""

    def change(tree: ast.Module, _: random.Random) -> ast.Module | None:
        class Arguments(ast.NodeTransformer):
            changed = False

            def visit_Call(self, node: ast.Call) -> ast.AST:
                self.generic_visit(node)
                if isinstance(node.func, ast.Name) and node.func.id in {"super", "locals", "vars"}:
                    return node
                node.args = [each if isinstance(each, ast.Starred) else self._wrapped(each) for each in node.args]
                return node

            def _wrapped(self, value: ast.expr) -> ast.expr:
                if any(isinstance(each, ast.Await | ast.Yield | ast.NamedExpr) for each in ast.walk(value)):
                    return value
                self.changed = True
                frame = ast.parse(form, mode="eval").body
                return _Placed(value).visit(frame)

        writer = Arguments()
        new = writer.visit(tree)
        return new if writer.changed else None

    return on_tree(change)


class _Placed(ast.NodeTransformer):
    def __init__(self, value: ast.expr) -> None:
        self.value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.value if node.id == "VALUE" else node


def _builtins_called(form: str) -> Operator:
    """exec, eval, compile, open and others are called another way."""

    def change(tree: ast.Module, _: random.Random) -> ast.Module | None:
        shadowed = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

        class Calls(ast.NodeTransformer):
            changed = False

            def visit_Call(self, node: ast.Call) -> ast.AST:
                self.generic_visit(node)
                if isinstance(node.func, ast.Name) and node.func.id in {"exec", "eval", "compile", "open"} - shadowed:
                    self.changed = True
                    node.func = ast.parse(form.replace("NAME", node.func.id), mode="eval").body
                return node

        writer = Calls()
        new = writer.visit(tree)
        if not writer.changed:
            return None
        new.body[:0] = ast.parse("import builtins, functools, operator").body
        return new

    return on_tree(change)


WORDS: Mapping[str, Operator] = {
    "names changed": on_tree(_renamed),
    "imports under other names": on_tree(_aliased),
    "imports by __import__": _imported_by_a_call("__import__({0!r})"),
    "imports by importlib": _imported_by_a_call("importlib.import_module({0!r})"),
    "names in mathematical letters": on_tree(_lettered),
    **{name: _strings(write) for name, write in STRINGS.items()},
    "members by getattr": on_tree(_by_getattr),
    "arguments out of a list": _arguments("[VALUE][0]"),
    "arguments out of a dictionary": _arguments("{'a': VALUE}['a']"),
    "arguments out of a lambda": _arguments("(lambda: VALUE)()"),
    "arguments out of an iterator": _arguments("next(iter([VALUE]))"),
    "built-ins out of builtins": _builtins_called("builtins.NAME"),
    "built-ins out of vars": _builtins_called("vars(builtins)['NAME']"),
    "built-ins out of __builtins__": _builtins_called("getattr(__import__('builtins'), 'NAME')"),
    "built-ins as partials": _builtins_called("functools.partial(NAME)"),
    "built-ins in a lambda": _builtins_called("(lambda *a, **k: NAME(*a, **k))"),
    "built-ins out of a choice": _builtins_called("[print, NAME][1]"),
    "built-ins by operator.attrgetter": _builtins_called("operator.attrgetter('NAME')(builtins)"),
}

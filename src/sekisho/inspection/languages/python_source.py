"""Python, by the standard library's own parser, lowered to the small form.

Raises SyntaxError, ValueError, RecursionError or MemoryError where `ast.parse` does: the caller then falls back.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Never

from sekisho.inspection.languages import ir, python_classes
from sekisho.inspection.languages.python_parts import bound_of, declared, picks

_DEPTH = 120
"""Expressions within expressions; deeper ones are flattened and said to be."""


def lower_python(source: str) -> ir.Module:
    """The module of a Python source."""
    return _Lowering(len(source)).module(ast.parse(source))


def imports_of(source: str) -> ir.Module:
    """The module of a Python source of which nothing matters but what it imports."""
    return _Lowering(len(source)).imports(ast.parse(source))


class _Lowering:
    def __init__(self, size: int) -> None:
        self.out = ir.Module(ir.Function("", (), 1), size=size)
        self.waiting: list[tuple[ir.Function, Sequence[ast.stmt]]] = []
        self.classes: dict[ir.Function, str] = {}
        self.depth = 0
        self.outside: frozenset[str] = frozenset()
        self.expressions: dict[type, Callable[[Never], ir.Expression]] = {
            ast.Name: self._name, ast.Constant: self._constant, ast.Attribute: self._attribute,
            ast.Subscript: self._subscript, ast.Call: self._call, ast.BinOp: self._binary, ast.JoinedStr: self._joined,
            ast.BoolOp: self._either, ast.IfExp: self._either, ast.Compare: self._compare, ast.List: self._list,
            ast.Tuple: self._list, ast.Set: self._list, ast.Dict: self._dict, ast.Lambda: self._lambda,
            ast.Await: self._inner, ast.Starred: self._spread, ast.NamedExpr: self._named,
            ast.ListComp: self._comprehension, ast.SetComp: self._comprehension, ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.Yield: self._yield, ast.YieldFrom: self._yield, ast.FormattedValue: self._inner,
        }  # fmt: skip
        self.statements: dict[type, Callable[[Never], Iterable[Sequence[ast.stmt]]]] = {
            ast.Expr: self._expression, ast.Assign: self._assign, ast.AnnAssign: self._assign,
            ast.AugAssign: self._augmented, ast.Return: self._return, ast.Import: self._import,
            ast.ImportFrom: self._import_from, ast.FunctionDef: self._function, ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class, ast.For: self._loop, ast.AsyncFor: self._loop, ast.While: self._while,
            ast.If: self._while, ast.With: self._with, ast.AsyncWith: self._with, ast.Try: self._try,
            ast.TryStar: self._try, ast.Match: self._match, ast.Raise: self._raise, ast.Assert: self._while,
        }  # fmt: skip
        self.function = self.out.top
        self.now: list[ir.Statement] = self.out.top.body

    def module(self, tree: ast.Module) -> ir.Module:
        """Lower everything, one function body after another: nesting costs no stack."""
        self.waiting.append((self.out.top, tree.body))
        while self.waiting:
            self.function, body = self.waiting.pop()
            self.now = self.function.body
            self.outside = frozenset(
                name for each in body if isinstance(each, (ast.Global, ast.Nonlocal)) for name in each.names
            )
            self._block(body)
        self.statements, self.expressions = {}, {}  # tables of one's own methods are circles, which cost a search
        return self.out

    def imports(self, tree: ast.Module) -> ir.Module:
        """Lower what is imported, wherever it stands."""
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Import):
                self._import(node)
            elif isinstance(node, ast.ImportFrom):
                self._import_from(node)
            else:
                blocks = [getattr(node, name, ()) for name in _BLOCKS]
                waiting.extend(each for block in reversed(blocks) for each in reversed(block))
        return self.out

    def _block(self, body: Sequence[ast.stmt]) -> None:
        """Statements in order; blocks inside them are put on a stack, not called."""
        stack: list[Iterator[ast.stmt]] = [iter(body)]
        while stack:
            statement = next(stack[-1], None)
            if statement is None:
                stack.pop()
                continue
            if isinstance(statement, _Marker):
                self.now.append(statement.marked)
                continue
            handle = self.statements.get(type(statement))
            if handle is not None:
                stack.extend(iter(block) for block in reversed(list(handle(statement))))  # type: ignore[arg-type]  # the table tells its type

    # Statements: each says which blocks follow

    def _expression(self, node: ast.Expr) -> Iterable[Sequence[ast.stmt]]:
        self.now.append(ir.Bind(None, self.lower(node.value)))
        return ()

    def _assign(self, node: ast.Assign | ast.AnnAssign) -> Iterable[Sequence[ast.stmt]]:
        if node.value is not None:
            value = self.lower(node.value)
            for target in node.targets if isinstance(node, ast.Assign) else (node.target,):
                self._bind(target, value)
        return ()

    def _augmented(self, node: ast.AugAssign) -> Iterable[Sequence[ast.stmt]]:
        operator = _OPERATORS.get(type(node.op), "%")
        self._bind(node.target, ir.Mix(operator, (self.lower(node.target), self.lower(node.value))))
        return ()

    def _return(self, node: ast.Return) -> Iterable[Sequence[ast.stmt]]:
        if node.value is not None:
            self.now.append(ir.Return(self.lower(node.value)))
        return ()

    def _import(self, node: ast.Import) -> Iterable[Sequence[ast.stmt]]:
        for alias in node.names:
            self.out.imports.append((alias.name, node.lineno))
            name = alias.asname or alias.name.partition(".")[0]
            self.now.append(ir.Import(name, alias.name if alias.asname else name))
        return ()

    def _import_from(self, node: ast.ImportFrom) -> Iterable[Sequence[ast.stmt]]:
        module = "." * node.level + (node.module or "")
        self.out.imports.append((module, node.lineno))
        for alias in node.names:
            symbol = module + alias.name if module.endswith(".") else f"{module}.{alias.name}"
            if alias.name != "*":
                self.out.imports.append((symbol, node.lineno))
            self.now.append(ir.Import(alias.asname or alias.name, symbol))
        return ()

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterable[Sequence[ast.stmt]]:
        self._define(node, self.classes.get(self.function, ""))
        return ()

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> None:
        names = {d.id if isinstance(d, ast.Name) else d.attr for d in node.decorator_list if isinstance(d, _NAMED)}
        made = self._make(node.name, node.args, node.lineno, owner, bound=bool(owner) and "staticmethod" not in names)
        self.waiting.append((made, node.body))
        closure = ir.Closure(made)
        value: ir.Expression = closure
        if names & {"property", "cached_property"}:  # its name stands for what it gives
            value = ir.Call(closure, (), (), node.lineno)
        for decorator in node.decorator_list:
            if not (isinstance(decorator, ast.Name) and decorator.id in {"staticmethod", "classmethod", "property"}):
                wrapped = ir.Call(self.lower(decorator), (ir.Closure(made),), (), decorator.lineno)
                value = ir.Group((value, wrapped))
        if names & {"setter", "deleter"}:
            return
        place: ir.Target = ir.Attribute(ir.Name(owner), node.name, node.lineno) if owner else ir.Name(node.name)
        self.now.append(ir.Bind(place, value))

    def _make(self, name: str, arguments: ast.arguments, line: int, owner: str, *, bound: bool) -> ir.Function:
        """A function with its parameters; a method's own instance is a name in it, not a parameter."""
        plain = [*arguments.posonlyargs, *arguments.args]
        made = ir.Function(name, (), line, owner)
        if bound and plain:
            made.body.append(ir.Import(plain[0].arg, f"<{owner}>"))
            plain = plain[1:]
        after = [*arguments.kwonlyargs]
        rest = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
        made.parameters = tuple(ir.Name(each.arg) for each in (*plain, *after, *rest))
        defaults = [*zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults, strict=False)]
        defaults += [(k, v) for k, v in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if v is not None]
        made.body.extend(ir.Bind(ir.Name(each.arg), self.lower(value)) for each, value in defaults)
        kinds = declared((*plain, *after), constructor=bound and name == "__init__")
        made.body.extend(ir.Bind(ir.Name(each), self.lower(kind)) for each, kind in kinds)
        self.function.inner.append(made)
        return made

    def _class(self, node: ast.ClassDef) -> Iterable[Sequence[ast.stmt]]:
        bases = tuple(self.lower(base) for base in node.bases)
        self._bind(ast.Name(node.name, lineno=node.lineno), ir.Blueprint(node.name, bases))
        for decorator in node.decorator_list:
            self.now.append(ir.Bind(None, self.lower(decorator)))
        body = ir.Function("", (), node.lineno)
        self.classes[body] = node.name
        self.function.inner.append(body)
        self.waiting.append((body, [each for each in node.body if not isinstance(each, _DEFINITIONS)]))
        for each in (python_classes.constructor(node), *node.body):
            if isinstance(each, _DEFINITIONS):
                self._define(each, node.name)
        return (python_classes.called(node),)

    def _loop(self, node: ast.For | ast.AsyncFor) -> Iterable[Sequence[ast.stmt]]:
        self._bind(node.target, self._element(node.iter, node.target, node.body))
        return (node.body, node.orelse)

    def _while(self, node: ast.While | ast.If | ast.Assert) -> Iterable[Sequence[ast.stmt]]:
        self.now.append(ir.Bind(None, ir.Test((self.lower(node.test),), node.lineno)))
        return () if isinstance(node, ast.Assert) else (node.body, node.orelse)

    def _with(self, node: ast.With | ast.AsyncWith) -> Iterable[Sequence[ast.stmt]]:
        for item in node.items:
            value = self.lower(item.context_expr)
            if item.optional_vars is None:
                self.now.append(ir.Bind(None, value))
            else:
                self._bind(item.optional_vars, value)
        return (node.body,)

    def _try(self, node: ast.Try | ast.TryStar) -> Iterable[Sequence[ast.stmt]]:
        self.now.append(ir.Guard())
        names = sorted({handler.name for handler in node.handlers if handler.name})
        caught = ir.Pattern(tuple(("", ir.Name(name)) for name in names)) if names else None
        return (node.body, (_Marker(ir.Caught(caught)),), *(handler.body for handler in node.handlers), node.orelse,
                node.finalbody)  # fmt: skip

    def _match(self, node: ast.Match) -> Iterable[Sequence[ast.stmt]]:
        subject = self.lower(node.subject)
        self.now.append(ir.Bind(None, ir.Test((subject,), node.lineno)))
        for case in node.cases:
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if isinstance(name, str):
                    self.now.append(ir.Bind(ir.Name(name), subject))
        return tuple(case.body for case in node.cases)

    def _raise(self, node: ast.Raise) -> Iterable[Sequence[ast.stmt]]:
        if node.exc is not None:
            self.now.append(ir.Throw(self.lower(node.exc)))
        return ()

    def _bind(self, target: ast.expr, value: ir.Expression) -> None:
        lowered = self._target(target)
        fresh = not (isinstance(lowered, ir.Name) and lowered.id in self.outside)
        self.now.append(ir.Bind(lowered, value, fresh))
        owner = self.classes.get(self.function)
        if owner is not None and isinstance(lowered, ir.Name):  # a name of a class body is a member of the class
            self.now.append(ir.Bind(ir.Attribute(ir.Name(owner), lowered.id, target.lineno), lowered))

    def _target(self, node: ast.expr) -> ir.Target:
        if isinstance(node, ast.Starred):
            return self._target(node.value)
        if isinstance(node, (ast.Tuple, ast.List)):
            return ir.Pattern(tuple(("", self._target(each)) for each in node.elts[:200]))
        lowered = self.lower(node)
        return lowered if isinstance(lowered, (ir.Name, ir.Attribute, ir.Item)) else ir.Pattern(())

    # Expressions

    def lower(self, node: ast.expr) -> ir.Expression:
        """One expression; what lies too deep is flattened to the calls and names in it."""
        if self.depth >= _DEPTH:
            self.out.lost.append((getattr(node, "lineno", 0), "nested too deep to be read exactly"))
            return ir.Mix("%", tuple(ir.Name(each.id) for each in ast.walk(node) if isinstance(each, ast.Name))[:500])
        handle = self.expressions.get(type(node))
        self.depth += 1
        try:
            if handle is not None:
                return handle(node)  # type: ignore[arg-type]  # as above
            inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
            return ir.Mix("%", tuple(self.lower(each) for each in inner))
        finally:
            self.depth -= 1

    def _name(self, node: ast.Name) -> ir.Expression:
        return ir.Name(node.id)

    def _constant(self, node: ast.Constant) -> ir.Expression:
        value = node.value
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if isinstance(value, str):
            return self.out.constant(value, node.lineno)
        if isinstance(value, bool) or (isinstance(value, int) and abs(value) < 1 << 64):
            return ir.Text(str(int(value)))
        return ir.Mix("%", ())

    def _attribute(self, node: ast.Attribute) -> ir.Expression:
        return ir.Attribute(self.lower(node.value), node.attr, node.lineno)

    def _subscript(self, node: ast.Subscript) -> ir.Expression:
        base = self.lower(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [bound_of(each) for each in (node.slice.lower, node.slice.upper, node.slice.step)]
            known = tuple(ir.Text(each) for each in bounds if each is not None)
            return ir.Mix("slice", (base, *known)) if len(known) == 3 else ir.Mix("part", (base,))
        return ir.Item(base, self.lower(node.slice), node.lineno)

    def _call(self, node: ast.Call) -> ir.Expression:
        arguments = tuple(self.lower(each) for each in node.args[:256])
        keywords = tuple((each.arg or "*", self.lower(each.value)) for each in node.keywords)
        return ir.Call(self.lower(node.func), arguments, keywords, node.lineno)

    def _binary(self, node: ast.BinOp) -> ir.Expression:
        """A chain of one operator is read as one, so that a sum of thousands of terms is not deep."""
        operator, parts, left = type(node.op), [node.right], node.left
        while isinstance(left, ast.BinOp) and type(left.op) is operator:
            parts.append(left.right)
            left = left.left
        parts.append(left)
        return ir.Mix(_OPERATORS.get(operator, "%"), tuple(self.lower(each) for each in reversed(parts)))

    def _joined(self, node: ast.JoinedStr) -> ir.Expression:
        return ir.Mix("+", tuple(self.lower(each) for each in node.values))

    def _either(self, node: ast.expr) -> ir.Expression:
        if isinstance(node, ast.BoolOp):
            return ir.Group(tuple(self.lower(each) for each in node.values))
        assert isinstance(node, ast.IfExp)
        self.now.append(ir.Bind(None, ir.Test((self.lower(node.test),), node.lineno)))
        return ir.Group((self.lower(node.body), self.lower(node.orelse)))

    def _compare(self, node: ast.Compare) -> ir.Expression:
        return ir.Test(tuple(self.lower(each) for each in (node.left, *node.comparators)), node.lineno)

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> ir.Expression:
        parts = tuple(self.lower(each) for each in node.elts[:4096])
        self.out.note_list(parts, node.lineno)
        return ir.Group(parts)

    def _dict(self, node: ast.Dict) -> ir.Expression:
        pairs = zip(node.keys[:4096], node.values[:4096], strict=True)
        return ir.Record(tuple((None if key is None else self.lower(key), self.lower(value)) for key, value in pairs))

    def _lambda(self, node: ast.Lambda) -> ir.Expression:
        made = self._make("", node.args, node.lineno, "", bound=False)
        self.waiting.append((made, [ast.Return(node.body, lineno=node.lineno, col_offset=0)]))
        return ir.Closure(made)

    def _inner(self, node: ast.Await | ast.FormattedValue) -> ir.Expression:
        return self.lower(node.value)

    def _spread(self, node: ast.Starred) -> ir.Expression:
        return ir.Spread(self.lower(node.value))

    def _named(self, node: ast.NamedExpr) -> ir.Expression:
        value = self.lower(node.value)
        self.now.append(ir.Bind(ir.Name(node.target.id), value))
        return value

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> ir.Expression:
        for generator in node.generators:
            self._bind(generator.target, self._element(generator.iter, generator.target, generator.ifs))
        if isinstance(node, ast.DictComp):
            return ir.Mix("%", (self.lower(node.key), self.lower(node.value)))
        return ir.Mix("each", (self.lower(node.elt),))

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> ir.Expression:
        if node.value is None:
            return ir.Mix("%", ())
        value = self.lower(node.value)
        self.now.append(ir.Return(value))
        return value

    def _element(self, node: ast.expr, target: ast.expr, within: Sequence[ast.AST]) -> ir.Expression:
        """Any element of what is walked; `sifted` where the walk picks some by name."""
        walked = self.lower(node)
        names = {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
        asked = picks(names, within)
        if asked:
            told = [each for node in asked for each in ast.walk(node)][:400]
            parts = [self.lower(each) for each in told if isinstance(each, (ast.Name, ast.Constant))
                     if not (isinstance(each, ast.Name) and each.id in names)]  # fmt: skip
            walked = ir.Mix("sifted", (walked, *parts))
        return ir.Item(walked, ir.Mix("%", ()), node.lineno)


_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
"""Where statements lie within statements, in order."""


class _Marker(ast.stmt):
    """A statement of the small form that stands among Python's own."""

    def __init__(self, marked: ir.Statement) -> None:
        super().__init__()
        self.marked = marked


_NAMED = (ast.Name, ast.Attribute)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_OPERATORS: dict[type, str] = {ast.Add: "+", ast.Div: "/", ast.BitXor: "^", ast.Mod: "format", ast.Mult: "times"}

"""Python that the running version's own parser refuses: old syntax, or a file with errors in it."""

import re
from functools import cache

import tree_sitter_python
from tree_sitter import Language, Node

from sekisho.inspection.languages import ir, python_classes
from sekisho.inspection.languages.javascript_text import unescape
from sekisho.inspection.languages.tree import Blocks, TreeLowering

_OLD_EXEC = re.compile(r"^([ \t]*)exec[ \t]+([^=(\s,).].*)$", re.MULTILINE)
"""Python 2's `exec x.y()`, which the grammar takes for an error."""


_BACKWARDS = (ir.Text(""), ir.Text(""), ir.Text("-1"))


@cache
def _grammar() -> Language:
    return Language(tree_sitter_python.language())


def lower_broken_python(source: str) -> ir.Module:
    """The module of a source that `ast` cannot read."""
    called = _OLD_EXEC.sub(r"\1exec(\2)", source)
    return _Python(_grammar(), called.encode("utf-8", "replace")).module()


class _Python(TreeLowering):
    def __init__(self, language: Language, source: bytes) -> None:
        super().__init__(language, source)
        self.statements = {
            "import_statement": self._import, "import_from_statement": self._import_from,
            "function_definition": self._function, "class_definition": self._class, "return_statement": self._return,
            "for_statement": self._for, "with_item": self._with, "try_statement": self._try,
            "except_clause": self._except, "exec_statement": self._exec, "comment": self._nothing,
            "decorated_definition": self._decorated, "if_statement": self.condition, "elif_clause": self.condition,
        }  # fmt: skip
        self.expressions = {
            "identifier": lambda node: ir.Name(self.text(node)), "integer": lambda node: ir.Text(self.text(node)),
            "attribute": self._attribute, "subscript": self._subscript, "call": self._call,
            "assignment": self._assign, "augmented_assignment": self._assign, "named_expression": self._assign,
            "comparison_operator": self.compare, "binary_operator": self.chain, "boolean_operator": self.chain,
            "string": self._string,
            "concatenated_string": self._strings, "list": self._list, "tuple": self._list, "set": self._list,
            "expression_list": self._list, "pattern_list": self._list, "dictionary": self._dictionary,
            "lambda": self._lambda, "await": self.only, "parenthesized_expression": self.only,
            "conditional_expression": self._list, "list_comprehension": self._comprehension,
            "generator_expression": self._comprehension, "set_comprehension": self._comprehension,
        }  # fmt: skip

    def _nothing(self, _: Node) -> Blocks:
        return ()

    def _import(self, node: Node) -> Blocks:
        for each in node.named_children:
            name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
            dotted = self.text(name if name is not None else each)
            self.out.imports.append((dotted, self.line(node)))
            first = dotted.partition(".")[0]
            self.now.append(ir.Import(self.text(alias) or first, dotted if alias is not None else first))
        return ()

    def _import_from(self, node: Node) -> Blocks:
        module = self.text(node.child_by_field_name("module_name"))
        self.out.imports.append((module, self.line(node)))
        for each in node.children_by_field_name("name"):
            name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
            dotted = self.text(name if name is not None else each)
            symbol = module + dotted if module.endswith(".") else f"{module}.{dotted}"
            self.out.imports.append((symbol, self.line(node)))
            self.now.append(ir.Import(self.text(alias) or dotted, symbol))
        return ()

    def _function(self, node: Node, owner: str = "") -> Blocks:
        name = self.text(node.child_by_field_name("name"))
        made = self._made(node, name, owner)
        place: ir.Target = ir.Attribute(ir.Name(owner), name, self.line(node)) if owner else ir.Name(name)
        self.now.append(ir.Bind(place, ir.Closure(made)))
        return ()

    def _made(self, node: Node, name: str, owner: str) -> ir.Function:
        listed = node.child_by_field_name("parameters")
        names = [] if listed is None else [self._parameter(each) for each in listed.named_children]
        own = names[:1] if owner else []
        body = node.child_by_field_name("body")
        parameters = tuple(ir.Name(each) for each in names[len(own) :])
        made = self.make(name, parameters, self.line(node), owner, body if node.type != "lambda" else None)
        made.body.extend(ir.Import(each, f"<{owner}>") for each in own)
        return made

    def _parameter(self, node: Node) -> str:
        name = node.child_by_field_name("name")
        while name is None and node.named_child_count and node.type != "identifier":
            node = node.named_children[0]
        return self.text(name if name is not None else node)

    def _class(self, node: Node) -> Blocks:
        name = self.text(node.child_by_field_name("name"))
        self.now.append(ir.Bind(ir.Name(name), ir.Blueprint(name, ())))
        body = node.child_by_field_name("body")
        rest: list[Node] = []
        methods: list[str] = []
        for each in () if body is None else body.named_children:
            if each.type in {"function_definition", "decorated_definition"}:
                inner = each.child_by_field_name("definition") or each
                self._function(inner, name) if inner.type == "function_definition" else rest.append(each)
                methods.append(self.text(inner.child_by_field_name("name")))
            elif each.type == "expression_statement" and each.named_children[0].type == "assignment":
                self._field(each.named_children[0], name)
            else:
                rest.append(each)
        self._used(node, name, methods)
        return (rest,)

    def _used(self, node: Node, owner: str, methods: list[str]) -> None:
        """What others call of a class."""
        listed = node.child_by_field_name("superclasses")
        bases = [] if listed is None else listed.named_children
        for name, base in python_classes.uses([self.text(each).rpartition(".")[2] for each in bases], methods):
            line = self.line(node)
            method = ir.Attribute(ir.Name(owner), name, line)
            if base < 0:
                used = ir.Call(ir.Name("exec"), (ir.Call(method, (), (), line),), (), line)
            else:
                used = ir.Call(ir.Attribute(self.lower(bases[base]), "event", line), (method,), (), line)
            self.now.append(ir.Bind(None, used))

    def _decorated(self, node: Node) -> Blocks:
        """A function or class, and what its decorators make of it."""
        inner = node.child_by_field_name("definition")
        if inner is None:
            return (node.named_children,)
        made = ir.Name(self.text(inner.child_by_field_name("name")))
        for each in node.named_children:
            if each.type == "decorator" and each.named_child_count:
                wrapped = ir.Call(self.lower(each.named_children[0]), (made,), (), self.line(each))
                self.now.append(ir.Bind(None, wrapped))
        return ((inner,),)

    def _field(self, node: Node, owner: str) -> None:
        """An assignment in a class is a field of it."""
        target = self.target(node.child_by_field_name("left"))
        value = self.lower(node.child_by_field_name("right"))
        if isinstance(target, ir.Name):
            target = ir.Attribute(ir.Name(owner), target.id, self.line(node))
        self.now.append(ir.Bind(target, value))

    def _return(self, node: Node) -> Blocks:
        if node.named_child_count:
            self.now.append(ir.Return(self.lower(node.named_children[0])))
        return ()

    def _for(self, node: Node) -> Blocks:
        element = ir.Item(self.lower(node.child_by_field_name("right")), ir.Mix("%", ()), self.line(node))
        self.now.append(ir.Bind(self.target(node.child_by_field_name("left")), element))
        body = node.child_by_field_name("body")
        return () if body is None else ((body,),)

    def _with(self, node: Node) -> Blocks:
        value = node.child_by_field_name("value")
        if value is not None and value.type == "as_pattern" and value.named_child_count:
            alias = value.child_by_field_name("alias")
            inner = alias.named_children[0] if alias is not None and alias.named_child_count else None
            self.now.append(ir.Bind(self.target(inner), self.lower(value.named_children[0])))
        else:
            self.now.append(ir.Bind(None, self.lower(value)))
        return ()

    def _try(self, node: Node) -> Blocks:
        self.now.append(ir.Guard())
        return (node.named_children,)

    def _except(self, node: Node) -> Blocks:
        names = [each for each in node.named_children if each.type in {"as_pattern", "as_pattern_target"}]
        target = ir.Name(self.text(names[0].named_children[-1])) if names and names[0].named_child_count else None
        self.now.append(ir.Caught(target))
        return ([each for each in node.named_children if each.type == "block"],)

    def _exec(self, node: Node) -> Blocks:
        """Python 2's `exec code in scope`."""
        code = node.child_by_field_name("code")
        self.now.append(ir.Bind(None, ir.Call(ir.Name("exec"), (self.lower(code),), (), self.line(node))))
        return ()

    def pattern(self, node: Node) -> ir.Target | None:
        """The patterns of Python."""
        if node.type in {"pattern_list", "tuple_pattern", "list_pattern", "tuple", "list"}:
            return ir.Pattern(tuple(("", self.target(each)) for each in node.named_children[:200]))
        return None

    def _assign(self, node: Node) -> ir.Expression:
        left = node.child_by_field_name("left") or node.child_by_field_name("name")
        value = self.lower(node.child_by_field_name("right") or node.child_by_field_name("value"))
        if node.type == "augmented_assignment":
            value = ir.Mix("+" if self.operator(node) == "+" else "%", (self.lower(left), value))
        self.now.append(ir.Bind(self.target(left), value))
        return value

    def _attribute(self, node: Node) -> ir.Expression:
        base = self.lower(node.child_by_field_name("object"))
        return ir.Attribute(base, self.text(node.child_by_field_name("attribute")), self.line(node))

    def _subscript(self, node: Node) -> ir.Expression:
        base, key = self.lower(node.child_by_field_name("value")), node.child_by_field_name("subscript")
        if key is not None and key.type == "slice":
            return ir.Mix("slice", (base, *_BACKWARDS)) if self.text(key) == "::-1" else ir.Mix("part", (base,))
        return ir.Item(base, self.lower(key), self.line(node))

    def _call(self, node: Node) -> ir.Expression:
        arguments, keywords = [], []
        listed = node.child_by_field_name("arguments")
        for each in () if listed is None else listed.named_children[:256]:
            if each.type == "keyword_argument":
                name = self.text(each.child_by_field_name("name"))
                keywords.append((name, self.lower(each.child_by_field_name("value"))))
            elif each.type != "comment":
                arguments.append(self.lower(each))
        callee = self.lower(node.child_by_field_name("function"))
        return ir.Call(callee, tuple(arguments), tuple(keywords), self.line(node))

    def _string(self, node: Node) -> ir.Expression:
        parts: list[ir.Expression] = []
        raw = "r" in self.text(node.children[0]).lower() if node.children else False
        for child in node.named_children:
            if child.type == "interpolation":
                parts.append(self.lower(child.child_by_field_name("expression")))
            elif child.type == "string_content":
                text = self.text(child)
                parts.append(ir.Text(text if raw else unescape(text)))
        return parts[0] if len(parts) == 1 else ir.Mix("+", tuple(parts)) if parts else ir.Text("")

    def _strings(self, node: Node) -> ir.Expression:
        return ir.Mix("+", tuple(self._string(each) for each in node.named_children if each.type == "string"))

    def _list(self, node: Node) -> ir.Expression:
        return ir.Group(tuple(self.lower(each) for each in node.named_children[:4096]))

    def _dictionary(self, node: Node) -> ir.Expression:
        pairs: list[tuple[ir.Expression | None, ir.Expression]] = []
        for each in node.named_children[:4096]:
            key = each.child_by_field_name("key")
            value = each.child_by_field_name("value")
            pairs.append((None if key is None else self.lower(key), self.lower(value) if value else self.only(each)))
        return ir.Record(tuple(pairs))

    def _lambda(self, node: Node) -> ir.Expression:
        made = self._made(node, "", "")
        outer, inner = self.function, self.now
        self.function, self.now = made, made.body
        made.body.append(ir.Return(self.lower(node.child_by_field_name("body"))))
        self.function, self.now = outer, inner
        return ir.Closure(made)

    def _comprehension(self, node: Node) -> ir.Expression:
        for each in node.named_children:
            if each.type == "for_in_clause":
                element = ir.Item(self.lower(each.child_by_field_name("right")), ir.Mix("%", ()), self.line(each))
                self.now.append(ir.Bind(self.target(each.child_by_field_name("left")), element))
        return ir.Mix("each", (self.lower(node.child_by_field_name("body")),))

"""JavaScript and TypeScript, lowered to the small form."""

from collections.abc import Iterator
from functools import cache

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.javascript_classes import Classes
from sekisho.inspection.languages.javascript_declared import declared
from sekisho.inspection.languages.javascript_text import parseable, unescape
from sekisho.inspection.languages.javascript_this import whose
from sekisho.inspection.languages.tree import Blocks

_FUNCTIONS = ("function_declaration", "generator_function_declaration")
_WRAPPED_TARGETS = {"assignment_pattern": "left", "object_assignment_pattern": "left",
                    "required_parameter": "pattern", "optional_parameter": "pattern"}  # fmt: skip
_TRANSPARENT = ("parenthesized_expression", "await_expression", "as_expression",
                "non_null_expression", "satisfies_expression", "type_assertion", "rest_pattern")  # fmt: skip

_HANDLERS = {"onmessage", "onopen", "ondata", "onevent"}


@cache
def _grammar(dialect: str) -> Language:
    if dialect == "typescript":
        return Language(tree_sitter_typescript.language_typescript())
    if dialect == "tsx":
        return Language(tree_sitter_typescript.language_tsx())
    return Language(tree_sitter_javascript.language())


def lower_javascript(source: str, dialect: str = "javascript") -> ir.Module:
    """The module of a source; `dialect` is `javascript`, `typescript` or `tsx`."""
    return _JavaScript(_grammar(dialect), parseable(source, dialect).encode("utf-8", "replace")).module()


_CONDITIONS = {"if_statement", "ternary_expression"}
_QUESTIONS = {"call_expression", "binary_expression"}
_TESTS, _WALKED = 40, 2000


def _within(node: Node) -> Iterator[Node]:
    """A node and what lies in it, as far as that is worth looking at."""
    stack, seen = [node], 0
    while stack and seen < _WALKED:
        each = stack.pop()
        seen += 1
        yield each
        stack.extend(reversed(each.named_children))


def _gives(node: Node, function: ir.Expression) -> ir.Expression:
    """What the name of a method of an object stands for: a getter's is what it gives."""
    getter = any(child.type == "get" for child in node.children)
    return ir.Call(function, (), (), node.start_point[0] + 1) if getter else function


class _JavaScript(Classes):
    def __init__(self, language: Language, source: bytes) -> None:
        super().__init__(language, source)
        self.statements = {
            "variable_declarator": self._declarator, "return_statement": self._return,
            "import_statement": self.imports, "export_statement": self.exports, "try_statement": self._try,
            "catch_clause": self._catch, "throw_statement": self._throw, "class_declaration": self.class_statement,
            "abstract_class_declaration": self.class_statement, "for_in_statement": self._for_in,
            "if_statement": self.condition, "switch_statement": self.condition,
            "hash_bang_line": self._nothing, "comment": self._nothing, "interface_declaration": self._nothing,
            "type_alias_declaration": self._nothing, "import_alias": self._nothing,
            **dict.fromkeys(_FUNCTIONS, self._function_statement),
        }  # fmt: skip
        self.expressions = {
            "identifier": self._identifier, "property_identifier": self._word, "this": self._identifier,
            "shorthand_property_identifier": self._identifier, "import": self._identifier,
            "undefined": self._unknown, "null": self._unknown, "regex": self._regex, "comment": self._unknown,
            "number": self._number, "true": self._word, "false": self._word,
            "string": self._string, "template_string": self._template, "member_expression": self._member,
            "subscript_expression": self._subscript, "call_expression": self._call, "new_expression": self._new,
            "assignment_expression": self._assign, "augmented_assignment_expression": self._assign,
            "binary_expression": self.chain, "ternary_expression": self._ternary, "array": self._array,
            "object": self._object, "arrow_function": self.closure, "function_expression": self.closure,
            "function": self.closure, "generator_function": self.closure, "class": self.class_,
            "sequence_expression": self._sequence, "yield_expression": self._yield, "unary_expression": self._unary,
            "spread_element": self._spread,
            **dict.fromkeys(_TRANSPARENT, self._transparent),
        }  # fmt: skip

    # Statements

    def _nothing(self, _: Node) -> Blocks:
        return ()

    def _declarator(self, node: Node) -> Blocks:
        value = node.child_by_field_name("value")
        name = node.child_by_field_name("name")
        if value is not None and name is not None:
            self.now.append(ir.Bind(self.target(name), self.lower(value)))
        elif name is not None:
            self.now.append(ir.Bind(self.target(name), ir.Mix("%", ())))
        return ()

    def _return(self, node: Node) -> Blocks:
        if node.named_child_count:
            self.now.append(ir.Return(self.lower(node.named_children[0])))
        return ()

    def _try(self, node: Node) -> Blocks:
        self.now.append(ir.Guard())
        body, handler = node.child_by_field_name("body"), node.child_by_field_name("handler")
        rest = node.child_by_field_name("finalizer")
        if handler is None:
            self.now.append(ir.Caught(None))
        return tuple((each,) for each in (body, handler, rest) if each is not None)

    def _throw(self, node: Node) -> Blocks:
        self.now.append(ir.Throw(self.only(node)))
        return ()

    def _catch(self, node: Node) -> Blocks:
        parameter, body = node.child_by_field_name("parameter"), node.child_by_field_name("body")
        self.now.append(ir.Caught(None if parameter is None else self.target(parameter)))
        return () if body is None else ((body,),)

    def _for_in(self, node: Node) -> Blocks:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            walked, tests = self.lower(right), self._tests(left, node.child_by_field_name("body"))
            if tests:
                walked = ir.Mix("sifted", (walked, *tests))
            element = ir.Item(walked, ir.Mix("%", ()), self.line(node))
            self.now.append(ir.Bind(self.target(left), element))
        body = node.child_by_field_name("body")
        return () if body is None else ((body,),)

    def _tests(self, left: Node, body: Node | None) -> tuple[ir.Expression, ...]:
        """What the body of a loop asks of each name, by the names, texts and patterns of its conditions."""
        names = {self.text(each) for each in _within(left) if each.type.startswith("identifier")} or {self.text(left)}
        found: list[ir.Expression] = []
        for each in () if body is None else _within(body):
            condition = each.child_by_field_name("condition") if each.type in _CONDITIONS else None
            words = [] if condition is None else list(_within(condition))
            if any(word.type in _QUESTIONS for word in words) and any(
                self.text(word) in names for word in words if word.type == "identifier"
            ):
                told = [w for w in words if w.type in {"identifier", "string", "regex"} and self.text(w) not in names]
                found += [self.lower(word) for word in told] or [ir.Text("")]
        return tuple(found[:_TESTS])

    def _function_statement(self, node: Node) -> Blocks:
        name = self.word(node.child_by_field_name("name"))
        self.now.append(ir.Bind(ir.Name(name), self.closure(node)))
        return ()

    # Targets

    def pattern(self, node: Node) -> ir.Target | None:
        """The patterns of JavaScript."""
        if node.type in {"array_pattern", "array"}:
            return ir.Pattern(tuple(("", self.target(each)) for each in node.named_children[:200]))
        if node.type in {"object_pattern", "object"}:
            return ir.Pattern(tuple(self._field(each) for each in node.named_children[:200]))
        if node.type in _WRAPPED_TARGETS:
            inner = node.child_by_field_name(_WRAPPED_TARGETS[node.type])
            return ir.Pattern(()) if inner is None else self.target(inner)
        if node.type in {"shorthand_property_identifier_pattern", "identifier"}:
            return ir.Name(self.word(node))
        if node.type in {"rest_pattern", "spread_element"} and node.named_child_count:
            return self.target(node.named_children[0])
        return None

    def _field(self, node: Node) -> tuple[str, ir.Target]:
        if node.type in {"pair_pattern", "pair"}:
            value = node.child_by_field_name("value")
            key = self.key(node.child_by_field_name("key"))
            name = key.text if isinstance(key, ir.Text) else ""
            return name, ir.Pattern(()) if value is None else self.target(value)
        if node.type == "rest_pattern":
            return "", self.target(node)
        target = self.target(node)
        return (target.id if isinstance(target, ir.Name) else ""), target

    # Expressions

    def _identifier(self, node: Node) -> ir.Expression:
        return ir.Name(self.word(node))

    def _word(self, node: Node) -> ir.Expression:
        return ir.Text(self.word(node))

    def _unknown(self, _: Node) -> ir.Expression:
        return ir.Mix("%", ())

    def _regex(self, node: Node) -> ir.Expression:
        return ir.Mix("pattern", (ir.Text(self.text(node.child_by_field_name("pattern"))),))

    def _number(self, node: Node) -> ir.Expression:
        text = self.text(node).replace("_", "").lower().rstrip("n")
        try:
            return ir.Text(str(int(text, 0)) if len(text) < 20 else text)
        except ValueError:
            return ir.Text(text)

    def _string(self, node: Node) -> ir.Expression:
        return self.out.constant(unescape(self.text(node)[1:-1]), self.line(node))

    def _template(self, node: Node) -> ir.Expression:
        parts: list[ir.Expression] = []
        at = node.start_byte + 1
        for child in node.named_children:
            if child.type == "template_substitution":
                parts.append(ir.Text(unescape(self.source[at : child.start_byte].decode("utf-8", "replace"))))
                parts.append(self.only(child))
                at = child.end_byte
        parts.append(ir.Text(unescape(self.source[at : node.end_byte - 1].decode("utf-8", "replace"))))
        kept = tuple(part for part in parts if part != ir.Text(""))
        if len(kept) == 1 and isinstance(kept[0], ir.Text):
            return self.out.constant(kept[0].text, self.line(node))
        return kept[0] if len(kept) == 1 else ir.Mix("+", kept) if kept else ir.Text("")

    def _member(self, node: Node) -> ir.Expression:
        base = self.lower(node.child_by_field_name("object"))
        return ir.Attribute(base, self.word(node.child_by_field_name("property")), self.line(node))

    def _subscript(self, node: Node) -> ir.Expression:
        base = self.lower(node.child_by_field_name("object"))
        return ir.Item(base, self.lower(node.child_by_field_name("index")), self.line(node))

    def _call(self, node: Node) -> ir.Expression:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        callee = self.lower(function)
        given = self._arguments(arguments)
        if callee == ir.Name("await") and len(given) == 1:  # the grammar takes `await (x).y()` for a call
            return given[0]
        line = self.line(node)
        if isinstance(callee, ir.Attribute):
            prop = None if function is None else function.child_by_field_name("property")
            line = line if prop is None else self.line(prop)
        if (
            given
            and isinstance(callee, ir.Name)
            and callee.id in {"require", "import"}
            and isinstance(given[0], ir.Text)
        ):
            self.out.imports.append((given[0].text, line))
        return ir.Call(callee, given, (), line)

    def _new(self, node: Node) -> ir.Expression:
        callee = self.lower(node.child_by_field_name("constructor"))
        return ir.Call(callee, self._arguments(node.child_by_field_name("arguments")), (), self.line(node))

    def _arguments(self, node: Node | None) -> tuple[ir.Expression, ...]:
        if node is None:
            return ()
        if node.type == "template_string":
            return (self._template(node),)
        return tuple(self.lower(each) for each in node.named_children[:256] if each.type != "comment")

    def _assign(self, node: Node) -> ir.Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        value = self.lower(right)
        if left is None:
            return value
        if node.type.startswith("augmented"):
            value = ir.Mix("+" if self.operator(node) == "+" else "%", (self.lower(left), value))
        target = self.target(left)
        self.now.append(ir.Bind(target, value, fresh=False))
        if isinstance(target, ir.Attribute) and target.name in _HANDLERS:  # as if it was registered
            hears = ir.Attribute(target.base, "addEventListener", target.line)
            self.now.append(ir.Bind(None, ir.Call(hears, (ir.Text(target.name), value), (), target.line)))
        return value

    def _ternary(self, node: Node) -> ir.Expression:
        """A chain of alternatives is read as one."""
        parts, at = [], node
        while at.type == "ternary_expression":
            test = self.lower(at.child_by_field_name("condition"))
            self.now.append(ir.Bind(None, ir.Test((test,), self.line(at))))
            parts.append(self.lower(at.child_by_field_name("consequence")))
            after = at.child_by_field_name("alternative")
            if after is None:
                return ir.Group(tuple(parts))
            at = after
        return ir.Group((*parts, self.lower(at)))

    def _array(self, node: Node) -> ir.Expression:
        parts = tuple(self.lower(each) for each in node.named_children[:4096])
        self.out.note_list(parts, self.line(node))
        return ir.Group(parts)

    def _object(self, node: Node) -> ir.Expression:
        pairs: list[tuple[ir.Expression | None, ir.Expression]] = []
        for each in node.named_children[:4096]:
            if each.type == "pair":
                pairs.append((self.key(each.child_by_field_name("key")), self.lower(each.child_by_field_name("value"))))
            elif each.type == "shorthand_property_identifier":
                pairs.append((ir.Text(self.word(each)), ir.Name(self.word(each))))
            elif each.type == "method_definition":
                pairs.append((self.key(each.child_by_field_name("name")), _gives(each, self.closure(each))))
            elif each.type == "spread_element":
                pairs.append((None, self.only(each)))
        return ir.Record(tuple(pairs))

    def key(self, node: Node | None) -> ir.Expression:
        if node is None:
            return ir.Text("")
        if node.type == "computed_property_name":
            return self.only(node)
        return self._string(node) if node.type == "string" else ir.Text(self.word(node))

    def closure(self, node: Node, owner: str = "") -> ir.Expression:
        single, several = node.child_by_field_name("parameter"), node.child_by_field_name("parameters")
        listed = [single] if single is not None else [] if several is None else several.named_children
        nodes = [each for each in listed if each.type != "comment"]
        body = node.child_by_field_name("body")
        name = self.word(node.child_by_field_name("name"))
        parameters = tuple(self.target(each) for each in nodes)
        made = self.make(name, parameters, self.line(node), owner, body if self._is_block(body) else None)
        made.body.extend(declared(nodes, parameters, constructor=bool(owner) and name == "constructor"))
        for place, each in enumerate(nodes):
            default = each.child_by_field_name("right") or each.child_by_field_name("value")
            if default is not None:
                made.body.append(ir.Bind(parameters[place], self.lower(default)))
        owner = owner or whose(node, self.source)
        if owner:
            made.body.append(ir.Import("this", f"<{owner}>"))
        if body is not None and not self._is_block(body):
            self._returning(made, body)
        return ir.Closure(made)

    def _is_block(self, body: Node | None) -> bool:
        return body is not None and body.type == "statement_block"

    def _returning(self, made: ir.Function, body: Node) -> None:
        """`x => expression`: lowered where it stands, with its assignments in the function's own body."""
        outer, inner = self.function, self.now
        self.function, self.now = made, made.body
        made.body.append(ir.Return(self.lower(body)))
        self.function, self.now = outer, inner

    def _sequence(self, node: Node) -> ir.Expression:
        parts = [self.lower(each) for each in node.named_children]
        for part in parts[:-1]:
            self.now.append(ir.Bind(None, part))
        return parts[-1] if parts else ir.Mix("%", ())

    def _yield(self, node: Node) -> ir.Expression:
        value = self.only(node)
        self.now.append(ir.Return(value))
        return value

    def _unary(self, node: Node) -> ir.Expression:
        value = self.lower(node.child_by_field_name("argument"))
        if self.operator(node) in {"typeof", "!", "void", "delete"}:
            return ir.Mix("%", (value,))
        below = isinstance(value, ir.Text) and value.text.isdecimal() and self.operator(node) == "-"
        return ir.Text(f"-{value.text}") if isinstance(value, ir.Text) and below else value

    def _spread(self, node: Node) -> ir.Expression:
        return ir.Spread(self.only(node))

    def _transparent(self, node: Node) -> ir.Expression:
        children = node.named_children
        return self.lower(children[0]) if children else ir.Mix("%", ())

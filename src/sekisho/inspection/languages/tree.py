"""What both tree-sitter languages share: an error-tolerant tree, lowered to the small form.

A tree-sitter tree always comes back; where the source did not fit the grammar it holds ERROR nodes, whose parts are
read all the same and whose line is noted as lost.
"""

from collections.abc import Callable, Iterable, Sequence

from tree_sitter import Language, Node, Parser

from sekisho.inspection.languages import ir

_DEPTH = 120
_NOTED = 20
"""Places that did not parse, noted one by one."""

Blocks = Iterable[Sequence[Node]]


class TreeLowering:
    """One source being lowered. A dialect gives the two tables: what its statements and its expressions mean."""

    def __init__(self, language: Language, source: bytes) -> None:
        self.source = source
        self.out = ir.Module(ir.Function("", (), 1), size=len(source))
        self.function = self.out.top
        self.now: list[ir.Statement] = self.out.top.body
        self.waiting: list[tuple[ir.Function, Sequence[Node]]] = []
        self.depth = 0
        self.statements: dict[str, Callable[[Node], Blocks]] = {}
        self.expressions: dict[str, Callable[[Node], ir.Expression]] = {}
        self.root = Parser(language).parse(source).root_node

    def module(self) -> ir.Module:
        """Lower everything, one function body after another."""
        self._note_errors()
        self.waiting.append((self.out.top, self.root.named_children))
        while self.waiting:
            self.function, body = self.waiting.pop()
            self.now = self.function.body
            self._block(body)
        self.statements, self.expressions = {}, {}  # tables of one's own methods are circles, which cost a search
        return self.out

    def _note_errors(self) -> None:
        """The lines where the source did not fit the grammar: an attacker's best place, so never passed over."""
        stack = [self.root] if self.root.has_error else []
        while stack and len(self.out.lost) < _NOTED:
            node = stack.pop()
            if node.is_error or node.is_missing:
                self.out.lost.append((self.line(node), "this does not parse"))
            if not (node.type == "string" and node.parent is not None and node.parent.type == "jsx_attribute"):
                # a quoted attribute ends at its quote, whatever the grammar makes of an `&` in it
                stack.extend(child for child in reversed(node.children) if child.has_error or child.is_missing)

    def _block(self, body: Sequence[Node]) -> None:
        stack = [iter(body)]
        while stack:
            node = next(stack[-1], None)
            if node is None:
                stack.pop()
                continue
            statement = self.statements.get(node.type)
            if statement is not None:
                blocks = statement(node)
            elif node.type in self.expressions:
                self.now.append(ir.Bind(None, self.lower(node)))
                continue
            else:
                blocks = (node.named_children,)
            stack.extend(iter(block) for block in reversed(list(blocks)))

    def lower(self, node: Node | None) -> ir.Expression:
        """One expression; a kind that is not known is all its parts."""
        if node is None or self._is_deep(node):
            return ir.Mix("%", ())
        handle = self.expressions.get(node.type)
        self.depth += 1
        try:
            if handle is not None:
                return handle(node)
            return ir.Mix("%", tuple(self.lower(child) for child in node.named_children))
        finally:
            self.depth -= 1

    def target(self, node: Node | None) -> ir.Target:
        """What is assigned to: a pattern, or an expression that is a place."""
        if node is None or self._is_deep(node):
            return ir.Pattern(())
        self.depth += 1
        try:
            pattern = self.pattern(node)
            if pattern is not None:
                return pattern
            lowered = self.lower(node)
            return lowered if isinstance(lowered, (ir.Name, ir.Attribute, ir.Item)) else ir.Pattern(())
        finally:
            self.depth -= 1

    def pattern(self, node: Node) -> ir.Target | None:
        """What is assigned to, where that is no expression; a dialect knows its patterns."""
        raise NotImplementedError

    def _is_deep(self, node: Node) -> bool:
        """Whether something lies too deep to be read; if so it is noted."""
        if self.depth >= _DEPTH:
            self.out.lost.append((self.line(node), "nested too deep to be read exactly"))
        return self.depth >= _DEPTH

    def only(self, node: Node) -> ir.Expression:
        """What a node with one part wraps: parentheses, `await`, spread. Chains of them cost no depth."""
        while node.named_child_count == 1 and node.named_children[0].type == node.type:
            node = node.named_children[0]
        children = node.named_children
        if len(children) == 1:
            return self.lower(children[0])
        return ir.Group(tuple(self.lower(child) for child in children))

    def chain(self, node: Node) -> ir.Expression:
        """A chain of one binary operator, read as one."""
        operator = self.operator(node)
        parts: list[Node | None] = []
        left: Node | None = node
        while left is not None and left.type == node.type and self.operator(left) == operator:
            parts.append(left.child_by_field_name("right"))
            left = left.child_by_field_name("left")
        parts.append(left)
        lowered = tuple(self.lower(part) for part in reversed(parts))
        if operator in {"&&", "and"}:  # of the others, what is not true is no code
            self.now += [ir.Bind(None, part) for part in lowered[:-1] if not isinstance(part, (ir.Name, ir.Text))]
            return lowered[-1]
        if operator in {"||", "??", "or"}:
            return ir.Group(lowered)
        if operator in {"", "!", "<", ">", "in", "instanceof"}:
            return ir.Test(lowered, self.line(node))
        return ir.Mix(operator if operator in {"+", "/", "^"} else "%", lowered)

    def condition(self, node: Node) -> Blocks:
        """`if`, `switch`, `elif`: what is decided by, then the rest as it stands."""
        decided = node.child_by_field_name("condition") or node.child_by_field_name("value")
        if decided is not None:
            self.now.append(ir.Bind(None, ir.Test((self.lower(decided),), self.line(node))))
        return ([each for each in node.named_children if each != decided],)

    def compare(self, node: Node) -> ir.Expression:
        """A comparison."""
        return ir.Test(tuple(self.lower(each) for each in node.named_children), self.line(node))

    def operator(self, node: Node) -> str:
        """The operator of a binary or augmented expression."""
        found = node.child_by_field_name("operator")
        return "" if found is None else self.text(found).rstrip("=")

    def text(self, node: Node | None) -> str:
        """The source text of a node."""
        if node is None:
            return ""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def line(self, node: Node) -> int:
        """The line a node begins on, from 1."""
        return int(node.start_point[0]) + 1

    def make(
        self, name: str, parameters: tuple[ir.Target, ...], line: int, owner: str, body: Node | None
    ) -> ir.Function:
        """A function whose body is lowered later. A body that is an expression is returned."""
        made = ir.Function(name, parameters, line, owner)
        self.function.inner.append(made)
        if body is not None:
            self.waiting.append((made, (body,)))
        return made

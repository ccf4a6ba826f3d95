"""Classes of JavaScript and TypeScript: their members, and what runs as soon as they are made."""

from tree_sitter import Node

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.javascript_declared import class_of, named
from sekisho.inspection.languages.javascript_modules import Modules
from sekisho.inspection.languages.tree import Blocks

_AT_ONCE = "class_static_block"


class Classes(Modules):
    """The lowering, with classes."""

    def key(self, node: Node | None) -> ir.Expression:
        """The name of a member."""
        raise NotImplementedError

    def closure(self, node: Node, owner: str = "") -> ir.Expression:
        """A function; `owner` is the class whose method it is."""
        raise NotImplementedError

    def class_statement(self, node: Node) -> Blocks:
        """`class A {}`"""
        name = self.word(node.child_by_field_name("name"))
        self.now.append(ir.Bind(ir.Name(name), self.class_(node)))
        return ()

    def class_(self, node: Node) -> ir.Expression:
        """A class, its members bound to it."""
        name = self.word(node.child_by_field_name("name")) or f"class at {self.line(node)}"
        heritage = [child for child in node.named_children if child.type == "class_heritage"]
        bases = tuple(self.lower(each) for child in heritage for each in child.named_children[:1])
        blueprint = ir.Blueprint(name, bases)
        body = node.child_by_field_name("body")
        for member in () if body is None else body.named_children:
            line = self.line(member)
            if member.type == "method_definition":
                key = self.key(member.child_by_field_name("name"))
                value = self.closure(member, name)
            elif member.type in {"field_definition", "public_field_definition"}:
                key = self.key(member.child_by_field_name("property") or member.child_by_field_name("name"))
                told, kind = member.child_by_field_name("value"), class_of(member)
                value = self.lower(told) if told is not None or kind is None else named(kind)
            elif member.type == _AT_ONCE:
                self.now.append(ir.Bind(None, ir.Call(self.closure(member, name), (), (), line)))
                continue
            else:
                continue
            self.now.append(ir.Bind(ir.Item(blueprint, key, line), value))
        return blueprint

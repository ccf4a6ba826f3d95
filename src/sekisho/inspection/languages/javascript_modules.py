"""What a JavaScript or TypeScript module imports and exports."""

from tree_sitter import Node

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.javascript_text import unescape
from sekisho.inspection.languages.tree import Blocks, TreeLowering


class Modules(TreeLowering):
    """The lowering, with modules."""

    def word(self, node: Node | None) -> str:
        """A name, its escapes read: `\\u{66}etch` is `fetch`."""
        return unescape(self.text(node))

    def imports(self, node: Node) -> Blocks:
        """`import a, { b as c } from "d"`"""
        spec = self._spec(node.child_by_field_name("source"))
        self.out.imports.append((spec, self.line(node)))
        for clause in (child for child in node.named_children if child.type == "import_clause"):
            for part in clause.named_children:
                if part.type == "identifier":
                    self.now.append(ir.Import(self.word(part), f"{spec}.default" if spec[:1] == "." else spec))
                elif part.type == "namespace_import":
                    self.now.append(ir.Import(self.word(part.named_children[-1]), spec))
                else:
                    self._specifiers(part, spec)
        return ()

    def _spec(self, node: Node | None) -> str:
        return "" if node is None else unescape(self.text(node)[1:-1]).removeprefix("node:")

    def _specifiers(self, node: Node, spec: str) -> None:
        for each in node.named_children:
            name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
            if name is not None:
                self.now.append(ir.Import(self.word(alias or name), f"{spec}.{self.word(name)}"))

    def exports(self, node: Node) -> Blocks:
        """`export`, of what is declared, named or passed on."""
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        source = node.child_by_field_name("source")
        default = any(child.type == "default" for child in node.children)
        if value is not None:
            self.now.append(ir.Share("default", self.lower(value)))
            return ()
        if declaration is not None:
            nodes = [each.child_by_field_name("name") for each in (declaration, *declaration.named_children)]
            names = [self.word(node) for node in nodes if node is not None and node.type.endswith("identifier")]
            self._block((declaration,))  # known by the time it is shared: data alone is read but once
            self.now.extend(ir.Share("default" if default else name, ir.Name(name)) for name in names)
            return ()
        if source is not None:
            self.out.imports.append((self._spec(source), self.line(node)))
        if source is not None and any(child.type == "*" for child in node.children):
            self.now += [ir.Import("export *", f"{self._spec(source)}.*"), ir.Share("*", ir.Name("export *"))]
        for clause in (child for child in node.named_children if child.type == "export_clause"):
            for each in clause.named_children:
                name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
                if name is not None:
                    inner: ir.Expression = ir.Name(self.word(name))
                    if source is not None:
                        hidden = f"export {self.word(name)}"
                        self.now.append(ir.Import(hidden, f"{self._spec(source)}.{self.word(name)}"))
                        inner = ir.Name(hidden)
                    self.now.append(ir.Share(self.word(alias or name), inner))
        return ()

"""What a constructor in TypeScript declares: the classes that somebody injects, and members that nobody assigns."""

from collections.abc import Callable, Iterator

from tree_sitter import Node

from sekisho.inspection.languages import ir

_PLAIN_TYPES = {"Function", "Object", "Array", "String", "Promise", "Buffer", "Worker", "SharedWorker", "RegExp",
                "Date"}  # fmt: skip
"""Types of the language's own: what is declared as one was not made by calling it here."""


def injected(parameter: Node, word: Callable[[Node], str], line: int) -> Iterator[ir.Statement]:
    """`constructor(private readonly a: A)`: `a` is an `A`, and with `private` or its like `this.a`, too."""
    name, declared = parameter.child_by_field_name("pattern"), parameter.child_by_field_name("type")
    if name is None or name.type != "identifier":
        return
    inner = declared.named_children[0] if declared is not None and declared.named_child_count else None
    if inner is not None and inner.type == "type_identifier" and word(inner) not in _PLAIN_TYPES:
        yield ir.Bind(ir.Name(word(name)), ir.Name(word(inner)))
    if any(child.type in {"accessibility_modifier", "readonly"} for child in parameter.children):
        yield ir.Bind(ir.Attribute(ir.Name("this"), word(name), line), ir.Name(word(name)), fresh=False)

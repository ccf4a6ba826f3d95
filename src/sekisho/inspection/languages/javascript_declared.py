"""Objects that TypeScript declares the class of: who makes them (a container, a framework) stands elsewhere.

A class and an object of it are one thing here, so a name that is declared as one stands for its class.
"""

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.between import is_client

_PARAMETERS = {"required_parameter", "optional_parameter"}
_PLAIN = {"Function", "Object", "Array", "String", "Promise", "Buffer", "Worker", "SharedWorker", "RegExp", "Date"}
"""Types of the language's own: what is declared as one was not made by calling it here."""

_KEPT = {"accessibility_modifier", "readonly", "override_modifier"}


def declared(nodes: Sequence[Node], parameters: Sequence[ir.Target], *, constructor: bool) -> Iterator[ir.Bind]:
    """What a function does by its parameters' declarations alone: `constructor(private readonly mail: Mail)`.

    Outside of constructors the classes of clients matter alone; of others the callers say more.
    """
    for node, target in zip(nodes, parameters, strict=True):
        if node.type not in _PARAMETERS or not isinstance(target, ir.Name):
            continue
        kind = class_of(node)
        if kind is not None and (constructor or is_client(kind)):
            yield ir.Bind(target, named(kind))
        if constructor and any(each.type in _KEPT for each in node.children):
            yield ir.Bind(ir.Attribute(ir.Name("this"), target.id, node.start_point[0] + 1), target, fresh=False)


def class_of(node: Node) -> str | None:
    """The class that a parameter or field is declared to be of, with its module; None if that is no class."""
    kind = node.child_by_field_name("type")
    inner = kind.named_children[0] if kind is not None and kind.named_child_count else None
    while inner is not None and inner.type in {"union_type", "generic_type"}:  # `Mail | null`, `Model<User>`
        inner = inner.named_children[0] if inner.named_child_count else None
    if inner is None or inner.type not in {"type_identifier", "nested_type_identifier"} or inner.text is None:
        return None
    name = inner.text.decode("utf-8", "replace")
    return name if name.rpartition(".")[2][:1].isupper() and name not in _PLAIN else None


def named(kind: str) -> ir.Expression:
    """A class by its name, perhaps within a module."""
    first, *rest = kind.split(".")
    found: ir.Expression = ir.Name(first)
    for each in rest:
        found = ir.Attribute(found, each, 0)
    return found

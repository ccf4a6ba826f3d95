"""Whose `this` a function speaks of that is no method of a class: that of what it is kept in, by its name or place.

Functions kept in one object, or in one name and its prototype, share it; one that is an argument, or called where it
stands, has that of the function around it. Any other has its own: with one `this` for all, whatever one object of a
bundle holds would be in every other.
"""

from tree_sitter import Node

_PLAIN = frozenset({"function_declaration", "generator_function_declaration", "function_expression", "function",
                    "generator_function", "method_definition"})  # fmt: skip
_WRAPS = frozenset({"parenthesized_expression", "sequence_expression", "ternary_expression", "binary_expression"})
_AROUND = frozenset({"arguments", "call_expression", "new_expression", "unary_expression", "member_expression"})
_SHORT = 2
"""Names of so few letters are taken again and again in a bundle: those of two functions are two."""


def whose(node: Node, source: bytes) -> str:
    """By what name the `this` of a function goes; nothing if it says none, or has that of the function around it."""
    if node.type not in _PLAIN or source.find(b"this", node.start_byte, node.end_byte) < 0:
        return ""
    if node.type.endswith("_declaration"):
        return _named(node, node.child_by_field_name("name"), source)
    return _kept(node, source)


def _kept(node: Node, source: bytes) -> str:
    """By where a function, or the object that it stands in, is kept."""
    holder = node.parent
    while holder is not None and holder.type in _WRAPS:
        node, holder = holder, holder.parent
    if holder is None or holder.type in _AROUND:
        return "" if node.type != "object" else _at(node)
    if holder.type == "variable_declarator":
        return _named(node, holder.child_by_field_name("name"), source)
    if holder.type == "assignment_expression":
        return _target(node, holder.child_by_field_name("left"), source)
    if holder.type == "pair":
        return "" if holder.parent is None else _kept(holder.parent, source)
    return _kept(holder, source) if holder.type == "object" else _at(node)


def _target(node: Node, left: Node | None, source: bytes) -> str:
    """`x.prototype.name = function`, `x.prototype = {}`, `x.name = function`: that of `x`. `this.name` changes none."""
    start = left
    while start is not None and start.type in {"member_expression", "subscript_expression"}:
        start = start.child_by_field_name("object")
    return "" if start is not None and start.type == "this" else _named(node, start, source)


def _named(node: Node, name: Node | None, source: bytes) -> str:
    """By a name, and by where that stands if it is a short one."""
    text = "" if name is None else source[name.start_byte : name.end_byte].decode("utf-8", "replace")
    if not text.isidentifier():
        return _at(node)
    if len(text) > _SHORT:
        return text
    around = node.parent
    while around is not None and around.type not in _PLAIN and around.type != "arrow_function":
        around = around.parent
    return text if around is None else f"{text} in {_at(around)}"


def _at(node: Node) -> str:
    line, column = node.start_point
    return f"object at {line + 1}:{column + 1}"

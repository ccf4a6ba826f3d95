"""Where a page leads who looks at it: to another address, or to what is written into it."""

from collections.abc import Collection

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.tampering import dotted

_LEADS = frozenset({*(f"{before}location.{name}" for before in ("", "window.", "document.", "self.", "top.", "parent.",
                                                                "globalThis.", "window.top.", "window.parent.")
                      for name in ("replace", "assign")),
                    "window.open", "document.write", "document.writeln"})  # fmt: skip
_CALLED = frozenset({"replace", "assign", "open", "write", "writeln"})
_PLACES = frozenset({"location", "document", "window"})
MEMBERS = frozenset({"src", "href", "location", "srcdoc", "innerHTML", "outerHTML"})
"""Members of a page by which it shows what they are given, or where that leads."""


ROBOT = "webdriver"
"""The member of a browser by which a page tells a robot: only of a source that asks for it matters where it leads."""


def may_lead(names: Collection[str], members: Collection[str]) -> bool:
    """Whether a statement that names these may hold such a call."""
    return not _CALLED.isdisjoint(members) and not (_PLACES.isdisjoint(names) and _PLACES.isdisjoint(members))


def leads(call: ir.Call) -> bool:
    """Whether a call leads the visitor of a page to its first argument, or shows him that."""
    return dotted(call.function) in _LEADS

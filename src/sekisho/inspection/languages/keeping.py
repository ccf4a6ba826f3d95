"""What the language's own objects keep: maps and sets, members that are defined by a call, elements of a page."""

from sekisho.inspection.findings import Sink
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.calls import Calls
from sekisho.inspection.languages.knowledge import SCRIPT_ELEMENT
from sekisho.inspection.languages.seen import Gives, Seen
from sekisho.inspection.languages.values import NOTHING, Value, as_part, labels_of, union

_BUILT_IN = {"spawn_sync": "child_process", "process_wrap": "child_process", "contextify": "vm", "fs": "fs"}
"""Parts of Node's own that its modules are made of, and the module that each does the work of."""


def _collection(_: Calls, seen: Seen) -> Value:
    """`new Map([["a", x]])`, `new Set([x])`"""
    entries = [(each.items[0].texts, each.items[1]) for each in seen.at(0).items if len(each.items) == 2]
    fields = {name: value for names, value in entries for name in names}
    pieces = seen.at(0).items if not fields else ()
    return Value(labels_of(*seen.arguments), (), seen.callee.symbols, (), pieces, tuple(sorted(fields.items())))


def _defined(engine: Calls, seen: Seen) -> Value:
    """`setattr(object, "name", value)`, `Object.defineProperty(object, "name", {value})`: an assignment, where the name
    stands there."""
    value = seen.at(2)
    place, *rest = seen.call.arguments or (ir.Text(""),)
    named = rest[0] if rest else None
    if isinstance(place, (ir.Name, ir.Attribute, ir.Item)) and isinstance(named, ir.Text):
        engine.extend(ir.Attribute(place, named.text, seen.call.line), value.field("value") or value, seen)
    return Value(engine.carried(seen))  # the object again: to give it on would make one of all that a bundle names so


def _element(_: Calls, seen: Seen) -> Value:
    """`document.createElement("script")`: what is put into it is run, once it stands in a page."""
    scripts = any(text.lower() == "script" for value in seen.arguments for text in value.texts)
    return Value(symbols=(SCRIPT_ELEMENT,)) if scripts else Value(labels_of(*seen.arguments))


def _shown(engine: Calls, seen: Seen) -> Value:
    """`script.append(text)`, `script.setAttribute("src", address)`"""
    named = {text.lower() for text in seen.at(0).texts}
    if len(seen.arguments) < 2:
        engine.hit(labels_of(*seen.arguments), Sink.UNKNOWN, engine.site(seen.call.line))
    elif "src" in named:
        engine.hit(seen.at(1).labels, Sink.LOAD, engine.site(seen.call.line))
    return NOTHING


def _built_in(engine: Calls, seen: Seen) -> Value:
    """`process.binding("spawn_sync")`"""
    return union(*(engine.named(_BUILT_IN[text]) for text in seen.at(0).texts if text in _BUILT_IN))


def _requirer(_: Calls, seen: Seen) -> Value:
    """`module.createRequire(place)`: a `require`."""
    return Value(as_part(labels_of(*seen.arguments)), symbols=("global.require",))


GIVES: Gives = {
    "collection": _collection,
    "defined": _defined,
    "element of a page": _element,
    "shown": _shown,
    "built in": _built_in,
    "requirer": _requirer,
}

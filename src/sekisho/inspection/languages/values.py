"""What the engine knows of a value: where it came from, what text it may be, what it names."""

from collections.abc import Iterable
from typing import NamedTuple

from sekisho.inspection.findings import Site
from sekisho.inspection.languages.ir import Function

PARAMETER = "parameter"
"""The source of a label that stands for whatever a caller passes."""

_LABELS, _TEXTS, _SYMBOLS, _ITEMS = 12, 12, 8, 4096
_TEXT_LENGTH = 1_000_000


class Label(NamedTuple):
    """One origin of a value: a source, or a parameter of a function that is being read."""

    source: str
    site: Site
    part: bool = False
    detail: str = ""
    function: int = -1
    place: int = -1


class Value(NamedTuple):
    """An abstract value. `texts` are what it may be, as far as that could be folded: `\\0` stands for an unknown part,
    a leading `~` for the user's home. `items` are a list's, in order; `fields` a dictionary's."""

    labels: frozenset[Label] = frozenset()
    texts: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    functions: tuple[Function, ...] = ()
    items: tuple["Value", ...] = ()
    fields: tuple[tuple[str, "Value"], ...] = ()

    def field(self, name: str) -> "Value | None":
        """The field of this name, if it is known."""
        for key, value in self.fields:
            if key == name:
                return value
        return None


NOTHING = Value()


def cap_labels(labels: frozenset[Label]) -> frozenset[Label]:
    """Few enough labels to stay fast; parameters are dropped last, and the choice does not depend on order."""
    if len(labels) <= _LABELS:
        return labels
    return frozenset(sorted(labels, key=lambda each: (each.source == PARAMETER, each))[:_LABELS])


def texts_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Few enough texts, none too long, in a fixed order."""
    return tuple(sorted({text for text in texts if len(text) <= _TEXT_LENGTH}))[:_TEXTS]


def union(*values: Value) -> Value:
    """Any of these values."""
    kept = [value for value in values if value is not NOTHING and value != NOTHING]
    if not kept:
        return NOTHING
    first = kept[0]
    if len(kept) == 1:
        return first
    labels = frozenset().union(*(value.labels for value in kept))
    functions: dict[Function, None] = {}
    for value in kept:
        functions.update(dict.fromkeys(value.functions))
    fields: dict[str, Value] = {}
    for value in kept:
        for key, each in value.fields:
            old = fields.get(key)
            fields[key] = each if old is None or old == each else _shallow(old, each)
    longest = max((value.items for value in kept), key=len)
    return Value(
        cap_labels(labels),
        texts_of(text for value in kept for text in value.texts),
        tuple(sorted({symbol for value in kept for symbol in value.symbols}))[:_SYMBOLS],
        tuple(functions)[:_SYMBOLS],
        longest,
        tuple(sorted(fields.items(), key=lambda pair: pair[0]))[:_ITEMS],
    )


def _shallow(one: Value, other: Value) -> Value:
    """The union of two fields, without going into theirs: values stay finite."""
    return union(one._replace(fields=(), items=()), other._replace(fields=(), items=()))


def labels_of(*values: Value) -> frozenset[Label]:
    """All labels in these values."""
    if len(values) == 1:
        return values[0].labels
    return cap_labels(frozenset().union(*(value.labels for value in values)))


def as_part(labels: frozenset[Label]) -> frozenset[Label]:
    """The same origins, now only a part of something."""
    return frozenset(label if label.part else label._replace(part=True) for label in labels)

"""What the engine knows of a value: where it came from, what text it may be, what it names."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import is_
from typing import NamedTuple

from sekisho.inspection.findings import NUMBERS, Origin, Site, Source
from sekisho.inspection.languages.ir import Function
from sekisho.inspection.languages.telling import by_name

PARAMETER = "parameter"
"""The source of a label that stands for whatever a caller passes."""

_LABELS, _TEXTS, _SYMBOLS, _ITEMS = 12, 12, 8, 4096
_SHARES = (Source.NET, Source.SECRET, Source.DECODED, Source.FILE, PARAMETER, Source.MACHINE,
           Source.WHERE, Source.SAVED)  # fmt: skip
_MERGED = 16
_TEXT_LENGTH = 1_000_000
_PRODUCT, _JOINED_LENGTH = 24, 500_000
_DEPTH, _WIDEST = 5, 1000

JOINED = "joined"
"""The detail of a parameter's label, where the words of a list were made one text."""


READ = "\0what lies there"
"""The detail of a parameter's label where the parameter is a path, and the value what lies there."""

READ_AT_HOME = "\0what lies there, below the home folder"
"""The same, where the path is one from the home folder on."""

HELD = "\0held"
"""The detail of a parameter's label where something holds what is given: a list may hold much else, so only what is
nobody else's business matters of it."""

MADE_OF = "\0made of"
"""The detail of a parameter's label where the value is made of what is given: a signature is no key."""

OWN = frozenset({Source.SECRET, Source.MACHINE, Source.WHERE})
"""What is nobody else's business."""


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

SPREAD = "\0spread"
"""The field that stands for all those that were spread into an object and are not known by name."""


@lru_cache(maxsize=4096)
def cap_labels(labels: frozenset[Label], kept: frozenset[Label] = frozenset()) -> frozenset[Label]:
    """Few enough labels to stay fast. Each kind of source keeps its share, so that none can be crowded out by others.

    Of one kind those in `kept` stay, so that a value which has grown full changes no more.
    """
    if len(labels) <= _LABELS:
        return labels
    count: dict[str, int] = {}
    ranked: list[tuple[int, int, Label]] = []
    for _, label in sorted((each not in kept, each) for each in labels):
        rank = count[label.source] = count.get(label.source, -1) + 1
        ranked.append((rank, _SHARES.index(label.source), label))
    return frozenset(label for *_, label in sorted(ranked)[:_LABELS])


def texts_of(texts: Iterable[str], kept: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Few enough texts, none too long, in a fixed order; those that are `kept` first."""
    new = sorted({text for text in texts if len(text) <= _TEXT_LENGTH}.difference(kept))
    return tuple(sorted((*kept, *new[: max(0, _TEXTS - len(kept))]))) if new else kept


def union(*values: Value) -> Value:
    """Any of these values."""
    whole = NOTHING
    for value in values:
        if value is whole or value is NOTHING:
            continue
        whole = value if whole is NOTHING else _both(whole, value)
    return whole


def _both(one: Value, other: Value) -> Value:
    """The union of two; the first itself where the second adds nothing, which is nearly always."""
    labels = (
        one.labels
        if not other.labels or other.labels <= one.labels
        else cap_labels(one.labels | other.labels, one.labels)
    )
    texts = one.texts if _within(other.texts, one.texts) else texts_of(other.texts, one.texts)
    symbols = one.symbols
    if not _within(other.symbols, symbols):
        new = sorted(set(other.symbols).difference(symbols))
        symbols = tuple(sorted((*symbols, *new[: max(0, _SYMBOLS - len(symbols))])))
    functions = one.functions
    if not _within(other.functions, functions):
        functions = tuple(dict.fromkeys((*functions, *other.functions)))[:_SYMBOLS]
    items = one.items if not other.items or one.items is other.items else _items(one.items, other.items)
    fields = one.fields if other.fields is one.fields or not other.fields else _fields(one.fields, other.fields)
    if (labels is one.labels and texts is one.texts and symbols is one.symbols and functions is one.functions
            and items is one.items and fields is one.fields):  # fmt: skip
        return one
    return Value(labels, texts, symbols, functions, items, fields)


def _items(one: tuple[Value, ...], other: tuple[Value, ...]) -> tuple[Value, ...]:
    """The elements of either list: one by one if they are few and equally many, else those of the longer."""
    if len(one) != len(other) or len(one) > _MERGED:
        return one if len(one) >= len(other) else other
    merged = tuple(first if first is second else _both(first, second) for first, second in zip(one, other, strict=True))
    return one if all(map(is_, merged, one)) else merged


def _within(some: tuple[object, ...], all_of: tuple[object, ...]) -> bool:
    return some is all_of or not some or some == all_of or (bool(all_of) and frozenset(all_of).issuperset(some))


def _fields(one: tuple[tuple[str, Value], ...], other: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, Value], ...]:
    merged = dict(one)
    for key, value in other:
        old = merged.get(key)
        merged[key] = value if old is None else old if old is value else _shallow(old, value)
    return one if merged == dict(one) else tuple(sorted(merged.items(), key=lambda pair: pair[0]))[:_ITEMS]


def _shallow(one: Value, other: Value) -> Value:
    """The union of two fields, without going into theirs: values stay finite."""
    if one == other:
        return one
    return _both(one._replace(fields=(), items=()), other._replace(fields=(), items=()))


def labels_of(*values: Value) -> frozenset[Label]:
    """All labels in these values."""
    if len(values) == 1:
        return values[0].labels
    told = [value.labels for value in values if value.labels]
    if len(told) <= 1:
        return told[0] if told else NOTHING.labels
    return cap_labels(frozenset().union(*told))


def inner(values: Sequence[Value]) -> list[Value]:
    """These values, and what lies in them."""
    found, depth = list(values), 0
    layer = values
    while layer and depth < _DEPTH and len(found) < _WIDEST:
        layer = [each for value in layer for each in (*value.items, *(field for _, field in value.fields))]
        found += layer
        depth += 1
    return found


def has_origin(labels: frozenset[Label]) -> bool:
    """Whether something in these came from elsewhere than a caller."""
    return any(label.source != PARAMETER for label in labels)


def as_part(labels: frozenset[Label]) -> frozenset[Label]:
    """The same origins, now only a part of something."""
    if not labels:
        return labels
    return frozenset(
        each if each.part else Label(each.source, each.site, True, each.detail, each.function, each.place)
        for each in labels
    )


def put_together(labels: frozenset[Label]) -> frozenset[Label]:
    """The origins of what is put together of the pieces, or letters, in which it came: it is the whole of it again."""
    return frozenset(
        each._replace(part=False) if each.source == Source.NET or each.detail == NUMBERS else each for each in labels
    )


def held(labels: Iterable[Label]) -> frozenset[Label]:
    """The labels of what holds something with these labels."""
    found = {each for each in labels if each.source in OWN}
    return frozenset(found | {each._replace(detail=HELD) for each in labels if each.source == PARAMETER})


def given_as(label_detail: str, labels: frozenset[Label]) -> frozenset[Label]:
    """The labels that a call gives for a parameter's label with this detail."""
    if label_detail in {READ, READ_AT_HOME}:
        return lying_at(labels)
    if label_detail == MADE_OF:
        return made_of(labels)
    return held(labels) if label_detail == HELD else labels


def made_of(labels: Iterable[Label]) -> frozenset[Label]:
    """The labels of what a function makes of something with these labels."""
    return frozenset(
        each._replace(detail=MADE_OF) if each.source == PARAMETER and not each.detail else each
        for each in labels
        if not by_name(each.detail)
    )


def lying_at(labels: Iterable[Label], read: str = READ) -> frozenset[Label]:
    """The labels of what lies at a path with these labels."""
    found: set[Label] = set()
    for each in labels:
        if each.source == Source.WHERE:
            found.add(each._replace(source=Source.SECRET))
        elif each.source == Source.SAVED:
            found.add(each._replace(source=Source.NET, part=False))
        elif each.source == PARAMETER:
            found.add(each._replace(detail=read))
    return frozenset(found)


def labels_from(origins: Iterable[Origin], arguments: Mapping[int, frozenset[Label]]) -> frozenset[Label]:
    """An export's origins as labels, with the arguments in the place of its parameters."""
    labels: set[Label] = set()
    for origin in origins:
        if origin.parameter >= 0:
            given = arguments.get(origin.parameter, frozenset())
            given = given_as(origin.detail, given)
            labels |= as_part(given) if origin.part else given
        else:
            labels.add(Label(origin.source, origin.site, origin.part, origin.detail))
    return frozenset(labels)


def join_texts(values: Iterable[Value], between: str) -> tuple[str, ...]:
    """The texts that these values may be together; an unknown one is `\\0`."""
    texts = [""]
    for place, value in enumerate(values):
        parts = value.texts[:_PRODUCT] or ("\0",)
        texts = [
            text + (between if place and not text.endswith(between or "\1") else "") + part
            for text in texts
            for part in parts
        ][:_PRODUCT]
        if len(texts[0]) > _JOINED_LENGTH:
            return ()
    return texts_of(text for text in texts if text.strip("\0/"))


def sliced(value: Value, bounds: list[str]) -> Value:
    """`value[a:b:c]`"""
    if bounds[2] == "0":
        return Value(value.labels)
    piece = slice(*(int(bound) if bound else None for bound in bounds))
    return Value(
        value.labels, texts_of(text[piece] for text in value.texts if "\0" not in text), items=value.items[piece]
    )

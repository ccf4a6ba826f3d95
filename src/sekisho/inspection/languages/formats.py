"""Text put together by templates: `%`, `str.format`, and text times a number."""

import re
from collections.abc import Mapping, Sequence

from sekisho.inspection.languages.values import NOTHING, Value, as_part, join_texts, labels_of, texts_of

_MOST_TIMES = 256
_MOST_PLACES = 400
_LENGTH = 4096
_PERCENT = re.compile(r"%(?:\((\w+)\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z%]")
_BRACES = re.compile(r"\{(\w*)[\w.\[\]]*(?:![rsa])?(?::[^{}]*)?\}")


def percent(template: Value, given: Value) -> Value:
    """`template % given`: a tuple's items in order, a dictionary's fields by name, or one value."""
    places = given.items or (given,)
    return _filled(_PERCENT, template, places, dict(given.fields), (given, *places))


def braces(template: Value, places: Sequence[Value], names: Mapping[str, Value]) -> Value:
    """`template.format(*places, **names)`"""
    return _filled(_BRACES, template, places, names, (*places, *names.values()))


def _filled(
    holes: re.Pattern[str],
    template: Value,
    places: Sequence[Value],
    names: Mapping[str, Value],
    all_of: tuple[Value, ...],
) -> Value:
    out: list[str] = []
    for text in template.texts:
        if len(text) > _LENGTH:
            continue
        values, last, order = [], 0, 0
        for hole in list(holes.finditer(text))[:_MOST_PLACES]:
            values.append(Value(texts=(text[last : hole.start()],)))
            last, name = hole.end(), hole[1] or ""
            if hole[0] == "%%":
                values.append(Value(texts=("%",)))
                continue
            place = int(name[:4]) if name.isdecimal() else order
            order += not name
            values.append(names.get(name, NOTHING) if name and not name.isdecimal() else _at(places, place))
        values.append(Value(texts=(text[last:],)))
        out += join_texts(values, "")
    return Value(as_part(labels_of(template, *all_of)), texts_of(out))


def _at(places: Sequence[Value], place: int) -> Value:
    return places[place] if place < len(places) else NOTHING


def times(value: Value, count: Value) -> Value:
    """`value * count`, either way round, where one is a number and the other text or a list that is known."""
    if not _number(count) and _number(value):
        value, count = count, value
    labels = as_part(labels_of(value, count))
    if not _number(count) or _number(value):
        return Value(labels)
    number = min(int(count.texts[0]), _MOST_TIMES)
    texts = texts_of(text * number for text in value.texts if len(text) <= _LENGTH)
    return Value(labels, texts, items=(value.items * number)[:_LENGTH])


def _number(value: Value) -> bool:
    return len(value.texts) == 1 and value.texts[0].isdecimal() and len(value.texts[0]) < 7

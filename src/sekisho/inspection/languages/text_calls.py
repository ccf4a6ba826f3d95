"""What calls make of text: joined, replaced, decoded, cut."""

import re
from collections.abc import Callable, Mapping

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.calls import Calls
from sekisho.inspection.languages.formats import braces
from sekisho.inspection.languages.picking import PATTERN, one_of
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.values import (
    JOINED,
    PARAMETER,
    Value,
    as_part,
    join_texts,
    labels_of,
    put_together,
    texts_of,
)


def _join(engine: Calls, seen: Seen) -> Value:
    """`between.join(parts)` in Python, `parts.join(between)` in JavaScript."""
    javascript = engine.knowledge.language == "javascript"
    parts, between = (seen.receiver, seen.at(0)) if javascript else (seen.at(0), seen.receiver)
    glue = between.texts[0] if len(between.texts) == 1 else ("," if javascript and not seen.arguments else "")
    labels = frozenset(
        label._replace(detail=JOINED) if label.source == PARAMETER else label for label in labels_of(*seen.everything)
    )
    if parts.items:
        pieces = [each for item in parts.items for each in (item, Value(texts=(glue,)))][:-1]
        several = len(parts.items) > 1  # one stands for each of them
        return Value(labels if glue or several else put_together(labels), join_texts(pieces, ""))
    texts = [glue.join(text) for text in parts.texts] if not javascript else list(parts.texts)
    return Value(labels if glue or texts else put_together(labels), texts_of(texts))


def _replace(_: Calls, seen: Seen) -> Value:
    old, new = seen.at(0).texts or _plain(seen.at(0).field(PATTERN)), seen.at(1).texts
    texts: tuple[str, ...] = ()
    if len(old) == 1 and len(new) == 1 and old[0]:
        texts = texts_of(text.replace(old[0], new[0]) for text in seen.receiver.texts)
    return Value(labels_of(*seen.everything), texts)


def _plain(pattern: Value | None) -> tuple[str, ...]:
    """What a pattern matches that says but letters."""
    return () if pattern is None else tuple(text for text in pattern.texts if text.isalnum())


def _format(_: Calls, seen: Seen) -> Value:
    return braces(seen.receiver, seen.arguments, seen.keywords)


def _codec(engine: Calls, seen: Seen) -> Value:
    """`codecs.decode(x, name)`, `x.decode(name)`."""
    by_method = isinstance(seen.call.function, ir.Attribute) and not any(
        s.startswith("codecs") for s in seen.callee.symbols
    )
    value, name = (seen.receiver, seen.at(0)) if by_method else (seen.at(0), seen.at(1))
    names = {text.lower().replace("-", "_").removesuffix("_codec") for text in name.texts}
    how = next((known for known, codecs in _CODECS.items() if names & codecs), "utf-8")
    texts = engine.folded(how, value) or (value.texts if how == "utf-8" else ())
    labels = labels_of(value)
    if how != "utf-8":
        labels = labels | {engine.decoded(seen, known=bool(texts))}
    return Value(labels, texts, value.symbols)


def _buffer(engine: Calls, seen: Seen) -> Value:
    """`Buffer.from(text, encoding)`"""
    how = next((text for text in seen.at(1).texts if text in {"base64", "hex", "base64url"}), "")
    labels = labels_of(*seen.everything)
    if not how:
        if seen.at(0).items:
            return _character_codes(engine, seen)
        return Value(labels, seen.at(0).texts)
    return Value(
        labels | {engine.decoded(seen, known=bool(seen.at(0).texts))},
        engine.folded(how.removesuffix("url"), seen.at(0)),
    )


def _character_codes(engine: Calls, seen: Seen) -> Value:
    items = seen.at(0).items or seen.arguments
    texts = [Value(texts=engine.folded("chr", item)) for item in items]
    return Value(labels_of(*seen.everything), join_texts(texts, "") if all(text.texts for text in texts) else ())


def _bytes(engine: Calls, seen: Seen) -> Value:
    """`bytes([112, 114])`"""
    if not seen.at(0).items:
        return Value(labels_of(*seen.everything), seen.at(0).texts)
    made = _character_codes(engine, seen)
    return made._replace(labels=made.labels | {engine.decoded(seen, known=bool(made.texts))})


def _to_string(_: Calls, seen: Seen) -> Value:
    how = next((text for text in seen.at(0).texts if text in {"base64", "hex"}), "")
    return Value(seen.receiver.labels, () if how else seen.receiver.texts, seen.receiver.symbols)


def _of_receiver(_: Calls, seen: Seen) -> Value:
    """`text.slice(a, b)`: a piece of the text, wherever its bounds came from; if they are not known it may be any."""
    bounds = [bound for value in seen.arguments for bound in value.texts if _NUMBER.fullmatch(bound)]
    known = len(seen.receiver.texts) == 1 and "\0" not in seen.receiver.texts[0]
    texts: tuple[str, ...] = ()
    if known and len(bounds) == len(seen.arguments) and isinstance(seen.call.function, ir.Attribute):
        texts = texts_of([_cut(seen.call.function.name, seen.receiver.texts[0], [int(bound) for bound in bounds])])
    return Value(seen.receiver.labels, texts, seen.receiver.symbols, seen.receiver.functions, seen.receiver.items)


def _cut(how: str, text: str, bounds: list[int]) -> str:
    """A piece of a text, as JavaScript cuts it (ECMA-262, 22.1.3)."""
    begin, end = (*bounds, None, None)[:2]
    if how == "substring":
        begin, end = sorted((max(begin or 0, 0), len(text) if end is None else max(end, 0)))
    elif how == "substr" and end is not None:
        begin = len(text) + begin if begin is not None and begin < 0 else begin
        end = (begin or 0) + end
    elif how in {"charAt", "at"}:
        return text[begin or 0 :][:1]
    return text[begin:end]


def _reverse(_: Calls, seen: Seen) -> Value:
    value = seen.receiver
    return value._replace(items=tuple(reversed(value.items)), texts=texts_of(text[::-1] for text in value.texts))


def _split(_: Calls, seen: Seen) -> Value:
    value = seen.receiver._replace(labels=one_of(seen.receiver.labels))
    if len(value.texts) == 1 and len(seen.at(0).texts) == 1 and len(value.texts[0]) < 4096:
        text, between = value.texts[0], seen.at(0).texts[0]
        pieces = text.split(between) if between else list(text)
        return Value(value.labels, items=tuple(Value(value.labels, (piece,)) for piece in pieces))
    return value


def _chunks(_: Calls, seen: Seen) -> Value:
    """`Buffer.concat(chunks)`"""
    chunks = seen.at(0)
    known = chunks.items and not all(each.labels for each in chunks.items)
    labels = labels_of(*seen.arguments)
    return Value(labels if known else put_together(labels), join_texts(chunks.items, "") if chunks.items else ())


def _concat(_: Calls, seen: Seen) -> Value:
    values = (seen.receiver, *seen.arguments)
    if seen.receiver.items:
        return Value(labels_of(*values), items=tuple(item for value in values for item in value.items or (value,)))
    return Value(as_part(labels_of(*values)), join_texts(values, ""))


_NUMBER = re.compile(r"-?\d{1,6}")
_CODECS = {
    "base64": {"base64", "base_64"},
    "hex": {"hex"},
    "rot13": {"rot13", "rot_13"},
    "inflate": {"zip", "zlib"},
    "bz2": {"bz2"},
}


GIVES: Mapping[str, Callable[[Calls, Seen], Value]] = {
    "join": _join,
    "replace": _replace,
    "format": _format,
    "codec": _codec,
    "buffer": _buffer,
    "bytes": _bytes,
    "charcodes": _character_codes,
    "to string": _to_string,
    "of receiver": _of_receiver,
    "reverse": _reverse,
    "split": _split,
    "concat": _concat,
    "chunks": _chunks,
}

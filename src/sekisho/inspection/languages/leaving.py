"""What leaves: which parts of what a way out is given are told to the other side."""

import re

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.functions import Functions
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.values import Label, Value, as_part, labels_of

_DEPTH = 5
_UNTOLD = {"auth", "cookies", "cert", "key", "agent", "httpsAgent", "httpAgent", "proxies", "proxy", "credentials"}
"""Options of a request that authenticate, or are used on this side."""

_AUTHENTICATES = re.compile(
    r".*(?:authori[sz]ation|token|api-?key|cookie|auth|secret|signature|password)", re.IGNORECASE
)
"""Headers whose value says who asks: a secret of the service itself belongs there."""


class Leaving(Functions):
    """The engine, with what is sent."""

    def sent(self, seen: Seen) -> frozenset[Label]:
        """The labels of what a call sends, also deep in lists and objects; what authenticates it is left out."""
        values = list(seen.arguments)
        for name, value in seen.keywords.items():
            if name == "headers":
                values.append(Value(_headers(value)))
            elif name not in _UNTOLD:
                values.append(value)
        return frozenset().union(*(_told(value, 0) for value in values)) | self.bulk(seen.call.line, *_inner(values))

    def adds(self, seen: Seen) -> None:
        """`list.append(value)`, `form.set(name, value)`: what is called holds it from now on."""
        place = seen.call.function
        if not isinstance(place, ir.Attribute) or not isinstance(place.base, (ir.Name, ir.Attribute)):
            return
        if any(_AUTHENTICATES.match(text) for text in seen.at(0).texts) and len(seen.arguments) > 1:
            return
        labels = labels_of(*seen.arguments) | self.bulk(seen.call.line, *_inner([*seen.arguments]))
        if labels and not any(self.is_elsewhere(symbol) for symbol in seen.receiver.symbols):
            self.extend(place.base, Value(as_part(labels)), seen)

    def is_elsewhere(self, symbol: str) -> bool:
        """Whether a symbol is of a library that asks the network: what it is told is not what it holds."""
        root = symbol.partition(".")[0]
        return symbol[0] != "<" and (root in self.knowledge.families or self.knowledge.role(symbol) is not None)

    def extend(self, place: ir.Expression, value: Value, seen: Seen) -> None:
        """What a place holds besides from now on."""
        if isinstance(place, (ir.Name, ir.Attribute, ir.Item)):
            self._assign(place, value, seen.scope, fresh=False)


def _inner(values: list[Value]) -> list[Value]:
    """These values, and what lies in them."""
    found, depth = list(values), 0
    layer = values
    while layer and depth < _DEPTH and len(found) < 1000:
        layer = [each for value in layer for each in (*value.items, *(field for _, field in value.fields))]
        found += layer
        depth += 1
    return found


def _told(value: Value, depth: int) -> frozenset[Label]:
    """The labels of a body, or of a request's options."""
    if not value.fields or depth > _DEPTH:
        return labels_of(value, *value.items)
    told: set[Label] = set()
    untold: set[Label] = set()
    for name, field in value.fields:
        if name == "headers":
            told |= _headers(field)
        elif name not in _UNTOLD:
            told |= _told(field, depth + 1)
            continue
        untold |= field.labels
    return frozenset(told | (value.labels - untold - as_part(frozenset(untold))))


def _headers(value: Value) -> frozenset[Label]:
    """The labels of headers that say something other than who asks."""
    told: set[Label] = set()
    untold: set[Label] = set()
    for name, field in value.fields:
        (untold if _AUTHENTICATES.match(name) else told).update(field.labels)
    return frozenset(told | (value.labels - untold - as_part(frozenset(untold))))

"""What an importing file must know of a source: its summary, name by name."""

import re
from collections import defaultdict
from collections.abc import Iterator

from sekisho.inspection.findings import LITERAL, Export, Origin, Sink, Source
from sekisho.inspection.languages.flow import Engine
from sekisho.inspection.languages.javascript_calls import JAVASCRIPT
from sekisho.inspection.languages.knowledge import FAR, WHOSE
from sekisho.inspection.languages.mentions import handed_on
from sekisho.inspection.languages.python_calls import PYTHON
from sekisho.inspection.languages.telling import CALLERS
from sekisho.inspection.languages.values import NOTHING, PARAMETER, READ, READ_AT_HOME, Label, Value, union

_FAR = FAR | {Source.WHERE, Source.SAVED}
_LEAVES = {Sink.SEND, Sink.MADE, Sink.ASIDE, Sink.NAMED, Sink.RENAMED}
_CLIENT = re.compile(r"\w*(?:Client|Session|Connection|Pool|Bot|API|Api)|client|session|resource|connect")
_MOST = 2000
_TEXT = 2000


def exports(engine: Engine) -> tuple[Export, ...]:
    """The summaries of all names that a source offers, and of which an importing file would read otherwise."""
    names = engine.shared or engine.top.names
    found: list[Export] = []
    members: dict[str, list[tuple[str, Value]]] = defaultdict(list)
    for symbol, value in engine.store.items():
        kind, _, key = symbol.rpartition(".")
        members[kind].append((key, value))
    for name, value in names.items():
        found.append(_export(engine, name, value))
        found.extend(_export(engine, f"{name}.{key}" if name else key, inner) for key, inner in value.fields)
        for symbol in value.symbols:
            if symbol[1:-1] != name:  # a class under another name, such as `default`
                found.extend(_export(engine, f"{name}.{key}" if name else key, each) for key, each in members[symbol])
    for symbol, value in engine.store.items():
        if " " not in symbol:  # what has no name but its place can be asked for by none
            found.append(_export(engine, symbol[1:].replace(">", "", 1), value))
    kept = {each.name: each for each in found if telling(each, secrets=True)}
    return tuple(kept[name] for name in sorted(kept))[:_MOST]


def telling(export: Export, *, secrets: bool) -> bool:
    """Whether an importing file would read differently for knowing this; a way out matters to one with `secrets`."""
    return (
        any(secrets or sink.sink not in _LEAVES for sink in export.sinks)
        or any(handed_on(text) for text in export.texts)
        or any(map(_far, (*export.returns, *export.value)))
        or any(_dangerous(symbol) for symbol in export.symbols)
    )


def _far(origin: Origin) -> bool:
    """Whether where a value comes from matters beyond its file: what was decoded of unknown text and is a part of
    something does not."""
    if origin.source == Source.DECODED and origin.part and origin.detail != LITERAL:
        return False
    if origin.source == Source.MACHINE:
        return origin.detail.startswith(WHOSE)
    return origin.source in _FAR or origin.detail in {READ, READ_AT_HOME}


def _dangerous(symbol: str) -> bool:
    role = PYTHON.role(symbol) or JAVASCRIPT.role(symbol)
    return (role is not None and role.sink is not None) or _is_client(symbol)


def _is_client(symbol: str) -> bool:
    """Whether this is what a library that asks the network makes: `requests.Session`, `boto3.client`."""
    root, _, rest = symbol.partition(".")
    made = _CLIENT.fullmatch(rest.rpartition(".")[2])
    return made is not None and (root in PYTHON.families or root in PYTHON.outlets)


def _export(engine: Engine, name: str, value: Value) -> Export:
    numbers = {engine.number(function) for function in value.functions}
    returned = union(*(engine.returned.get(function, NOTHING) for function in value.functions))
    sinks = {sink for number in numbers for sink in engine.parameter_sinks.get(number, set())}
    return Export(
        name,
        value.symbols,
        tuple(text for text in value.texts if len(text) < _TEXT),
        tuple(sorted(_origin(label, numbers) for label in value.labels if label.source != PARAMETER)),
        tuple(
            sorted(
                {
                    *(_origin(each, numbers) for each in returned.labels if _outside(each, numbers)),
                    *_saved(engine, returned),
                }
            )
        ),
        tuple(sorted(sinks)),
    )


def _saved(engine: Engine, returned: Value) -> Iterator[Origin]:
    """The paths among what a function gives at which it has saved what the network said."""
    for text in returned.texts if engine.written else ():
        for label in engine.written.get(text.removeprefix("./"), ()):
            if label.source == Source.NET:
                yield Origin(Source.SAVED, label.site, part=False, detail=label.detail, parameter=-1)


def _outside(label: Label, numbers: set[int]) -> bool:
    """Whether a label says something to other files. Who looks for its callers does it for itself: loggers do."""
    if label.detail == CALLERS:
        return False
    return label.source != PARAMETER or label.function in numbers


def _origin(label: Label, numbers: set[int]) -> Origin:
    parameter = label.place if label.source == PARAMETER and label.function in numbers else -1
    return Origin(label.source, label.site, label.part, label.detail, parameter)

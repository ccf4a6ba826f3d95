"""What a walk over names picks: a program that takes of the environment what is called a token takes secrets."""

from collections.abc import Iterable, Iterator

from sekisho.inspection.findings import Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.telling import COOKIES, LINES, NAMES, PICKED, SETTINGS, WHOLE, tells
from sekisho.inspection.languages.values import Label, Value

PATTERN = "\0pattern"
"""The field of a regular expression that holds its text."""

_ENTIRE = (SETTINGS, COOKIES)
_DEPTH = 4


def picks_secrets(tests: Iterable[Value], depth: int = 0) -> bool:
    """Whether what a walk asks of each name picks secrets."""
    return any(
        any(map(tells, value.texts))
        or any(tells(text) for function in value.functions for text in _texts(function))
        or (depth < _DEPTH and picks_secrets((*value.items[:64], *(each for _, each in value.fields[:64])), depth + 1))
        for value in tests
    )


def _texts(function: ir.Function) -> Iterator[str]:
    for statement in function.body:
        if isinstance(statement, (ir.Bind, ir.Return, ir.Throw)):
            yield from (each.text for each in parts_of(statement.value) if isinstance(each, ir.Text))


def sifted(value: Value, tests: Iterable[Value]) -> Value:
    """What is left of a walk that asks this of each name."""
    return value._replace(labels=picked(value.labels)) if picks_secrets(tests) else unpicked(value)


def unpicked(value: Value) -> Value:
    """What is left of a walk that picks something else."""
    return value._replace(labels=kept(value.labels), symbols=())


def kept(labels: Iterable[Label]) -> frozenset[Label]:
    """Labels without those of the whole environment or its names."""
    return frozenset(each for each in labels if each.detail not in {WHOLE, NAMES})


def one_of(labels: frozenset[Label]) -> frozenset[Label]:
    """The labels of an element: one line or one setting is not all of them."""
    whole = frozenset(each for each in labels if each.detail.startswith(_ENTIRE))
    if not whole:
        return labels
    lines = (each._replace(source=Source.FILE, detail=LINES) for each in whole if each.detail.startswith(SETTINGS))
    return (labels - whole).union(lines)


def picked(labels: frozenset[Label]) -> frozenset[Label]:
    """The labels of what is taken of single settings because it is called a key."""
    return frozenset(
        each._replace(source=Source.SECRET, detail=PICKED) if each.detail == LINES else each for each in labels
    )


def asked(function: ir.Function, *, answers: bool) -> list[ir.Expression] | None:
    """What a function that is called for each name asks of it; None if it takes every name.

    `answers`: what it returns says whether a name is taken, as in `filter`.
    """
    found: list[ir.Expression] = []
    names = {target.id for target in _names(function.parameters)}
    for statement in function.body:
        if isinstance(statement, ir.Bind) and isinstance(statement.value, ir.Test):
            found += [each for each in (statement.value,) if names & set(_used(each))]
        elif isinstance(statement, ir.Return) and answers:
            found.append(statement.value)
    return found or None


def _names(targets: Iterable[ir.Target]) -> Iterator[ir.Name]:
    for target in targets:
        if isinstance(target, ir.Name):
            yield target
        elif isinstance(target, ir.Pattern):
            yield from _names(inner for _, inner in target.parts)


def _used(expression: ir.Expression) -> Iterator[str]:
    return (each.id for each in parts_of(expression) if isinstance(each, ir.Name))


def parts_of(expression: ir.Expression) -> Iterator[ir.Expression]:
    """The names, texts and patterns in an expression."""
    waiting, seen = [expression], 0
    while waiting and seen < 400:
        each = waiting.pop()
        seen += 1
        match each:
            case ir.Name() | ir.Text():
                yield each
            case ir.Mix("pattern", _):
                yield each
            case ir.Attribute(base, _, _) | ir.Spread(base):
                waiting.append(base)
            case ir.Item(base, key, _):
                waiting += [base] if key is None else [base, key]
            case ir.Call(function, arguments, _, _):
                waiting += [function, *arguments]
            case ir.Mix(_, parts) | ir.Test(parts, _) | ir.Group(parts):
                waiting += parts
            case ir.Closure(function):
                waiting += [s.value for s in function.body if isinstance(s, ir.Return)]

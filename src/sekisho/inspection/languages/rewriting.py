"""A function that is given a transaction, and signs or sends another: with an address of the program's own, sometimes.

Who makes a transaction names the contract it is for. Who is given one signs what was shown.
"""

import re
from collections.abc import Iterator

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.tampering import ADDRESS, Seen, Tampered, address_in, dotted, expressions, within

GIVEN = "a transaction that is given is signed or sent with an address of the program's own"
"""What is said of it: a program may have a reason."""

_TO = re.compile(
    r"(?:pay_?)?to(?:_?addr(?:ess)?)?|recipients?|receiver|dest(?:ination)?(?:_?addr(?:ess)?)?|beneficiary|payee|spender"
    r"|address|to_?pubkey",
    re.IGNORECASE,
)
_RELEASES = re.compile(r"sign|send|execut|submit|broadcast|transfer|pay(?:$|_|[A-Z])|request$", re.IGNORECASE)
_COPIES = {"dict", "copy", "deepcopy", "copy.copy", "copy.deepcopy", "structuredClone", "Object.assign"}
_SYSTEM = re.compile(r"0x(?:0{36,}[0-9a-fA-F]*|[eE]{40})")
"""Addresses of a chain itself, at which nobody has a key."""


def rewritten(module: ir.Module) -> Iterator[Tampered]:
    """The places of a source that change a transaction that a function is given."""
    own = [text for text in module.stands if ADDRESS.fullmatch(text) and not _SYSTEM.fullmatch(text)]
    if not own:
        return
    seen = Seen(module)
    for function in within(module.top):
        given = {name for target in function.parameters for name in _names(target)} - {"self", "this"}
        if not given or not any(isinstance(each, ir.Test) for each in _all(function)):
            continue
        given |= {name for name, value in _bound(function) if any(_is_copy(each, given) for each in _parts(value))}
        changed = {name: line for name, line in _changed(module, seen, function, given) if line}
        for call in (each for each in _all(function) if isinstance(each, ir.Call)):
            if not _RELEASES.search(dotted(call.function).rpartition(".")[2]):
                continue
            told = [*call.arguments, *(value for _, value in call.keywords)]
            names = [each.id for one in told for each in expressions(one) if isinstance(each, ir.Name)]
            line = next((changed[name] for name in names if name in changed), 0)
            line = line or next((at for one in told for each in expressions(one)
                                 if (at := _overridden(module, seen, each, given))), 0)  # fmt: skip
            if line:
                yield Tampered(call.line, line, GIVEN)
                break


def _changed(module: ir.Module, seen: Seen, function: ir.Function, given: set[str]) -> Iterator[tuple[str, int]]:
    """What a function is given, or makes of that, and the line of the address that it then holds."""
    for statement in _statements(function):
        match statement.target:
            case ir.Attribute(base, name, _) | ir.Item(base, ir.Text(name), _) if _root(base) in given:
                if _TO.fullmatch(name):
                    yield _root(base), _own(module, seen, statement.value)
            case ir.Name(name):
                for each in expressions(statement.value):
                    yield name, _overridden(module, seen, each, given)


def _bound(function: ir.Function) -> Iterator[tuple[str, ir.Expression]]:
    for statement in _statements(function):
        if isinstance(statement.target, ir.Name):
            yield statement.target.id, statement.value


def _parts(value: ir.Expression) -> tuple[ir.Expression, ...]:
    return value.parts if isinstance(value, ir.Group) else (value,)


def _is_copy(value: ir.Expression, given: set[str]) -> bool:
    """Whether a value is what a function was given, or a copy of it."""
    match value:
        case ir.Name(name):
            return name in given
        case ir.Record(pairs):
            return any(key is None and _root(each) in given for key, each in pairs)
        case ir.Call(function, arguments, _, _) if dotted(function) in _COPIES:
            return any(_is_copy(each, given) for each in arguments)
    return False


def _overridden(module: ir.Module, seen: Seen, expression: ir.Expression, given: set[str]) -> int:
    """The line of the address in `{...transaction, to: address}`."""
    match expression:
        case ir.Record(pairs):
            spread = any(key is None and _root(value) in given for key, value in pairs)
            told = [(key.text, value) for key, value in pairs if isinstance(key, ir.Text)]
        case ir.Call(ir.Name("dict"), arguments, keywords, _):
            spread, told = any(_root(each) in given for each in arguments), list(keywords)
        case _:
            return 0
    return next((at for key, value in told if spread and _TO.fullmatch(key) and (at := _own(module, seen, value))), 0)


def _own(module: ir.Module, seen: Seen, value: ir.Expression) -> int:
    """The line on which an address stands that a value may be."""
    return next((at for each in expressions(value) if (at := address_in(module, each, seen))), 0)


def _root(expression: ir.Expression) -> str:
    while isinstance(expression, (ir.Attribute, ir.Item)):
        expression = expression.base
    return expression.id if isinstance(expression, ir.Name) else ""


def _names(target: ir.Target) -> Iterator[str]:
    if isinstance(target, ir.Name):
        yield target.id
    elif isinstance(target, ir.Pattern):
        for _, inner in target.parts:
            yield from _names(inner)


def _statements(function: ir.Function) -> Iterator[ir.Bind]:
    for one in within(function):
        yield from (each for each in one.body if isinstance(each, ir.Bind))


def _all(function: ir.Function) -> Iterator[ir.Expression]:
    for one in within(function):
        for statement in one.body:
            if isinstance(statement, (ir.Bind, ir.Return, ir.Throw)):
                yield from expressions(statement.value)

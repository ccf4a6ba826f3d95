"""A program that changes what others sign, send or paste: their function is replaced by one that calls it with an
address of the program's own, or the clipboard is read and written.

Told from the small form alone: who replaces a function and never calls the old one makes a stand-in for a test.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sekisho.inspection.languages import ir

_ADDRESS = re.compile(
    r"0x(?!0{36})[0-9a-fA-F]{40}|(?:bc|tb|ltc)1[02-9ac-hj-np-z]{25,60}|(?=\w*\d)[13LMDT][1-9A-HJ-NP-Za-km-z]{25,34}"
    r"|(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])[1-9A-HJ-NP-Za-km-z]{32,44}"
)
"""Of Ethereum, Bitcoin and its like, Tron, Solana."""

_REPLACED = re.compile(
    r"(?:^|\.)(?:fetch|XMLHttpRequest\.prototype\.(?:open|send)|(?:ethereum|solana|tronWeb|provider|web3|phantom)(?:\.\w+)*"
    r"\.(?:enable|connect|send|on)|(?:\w+\.)+(?:sign(?!at|al|ed|er|if)\w*|send\w*(?:ransaction|ransfer|oins|ayment)\w*|request|transfer|createTransaction|from_seed|writeText))$"
)
_OWN = {"this", "self", "cls", "exports", "module"}
"""What a program sets on itself replaces nothing of others."""

_READS = re.compile(
    r"(?:^|\.)(?:pyperclip\.paste|clipboard\.(?:readText|read|readSync|paste)|clipboardy\.read(?:Sync)?)$"
)
_WRITES = re.compile(
    r"(?:^|\.)(?:pyperclip\.copy|clipboard\.(?:writeText|write|writeSync|copy)|clipboardy\.write(?:Sync)?)$"
)


class Tampered(NamedTuple):
    """Where something is changed, and where the address stands that takes its place."""

    line: int
    address: int
    says: str


def tampered(module: ir.Module) -> Iterator[Tampered]:
    """The places of a source that change what is signed, sent or pasted."""
    address = next((line for text, line in module.stands.items() if _ADDRESS.fullmatch(text)), 0)
    if not address:
        return
    written: dict[str, int] = {}
    read: dict[str, int] = {}
    called: dict[str, int] = {}
    for statement in _statements(module.top):
        value = getattr(statement, "value", None)
        if isinstance(statement, ir.Bind) and isinstance(statement.target, ir.Attribute) and _may_run(statement.value):
            written.setdefault(_dotted(statement.target), statement.target.line)
        if isinstance(statement, ir.Bind) and isinstance(value, ir.Attribute):
            read.setdefault(_dotted(value), value.line)
        for each in _expressions(value) if value is not None else ():
            if isinstance(each, ir.Call):
                read.update({_dotted(kept): kept.line for kept in _kept(each)})
                called.setdefault(_dotted(each.function), each.line)
                if _dotted(each.function) == "setattr" and len(each.arguments) == 3:
                    name = each.arguments[1].text if isinstance(each.arguments[1], ir.Text) else ""
                    written.setdefault(f"{_dotted(each.arguments[0])}.{name}", each.line)
    for name, line in written.items():
        if _REPLACED.search(name) and name in read and name.partition(".")[0] not in _OWN:
            yield Tampered(line, address, f"{name} is replaced by a function that calls it with an address of its own")
    reads = any(map(_READS.search, called))
    for name, line in called.items():
        if reads and _WRITES.search(name):
            yield Tampered(line, address, "what was copied is replaced by an address of its own")


def _kept(call: ir.Call) -> Iterator[ir.Attribute]:
    """The members that a call keeps: those it is given, and the one it binds or calls by way of another object."""
    yield from (each for each in call.arguments if isinstance(each, ir.Attribute))
    match call.function:
        case ir.Attribute(ir.Attribute() as member, "bind" | "call" | "apply", _):
            yield member


def _may_run(value: ir.Expression) -> bool:
    """Whether a function may be what is put there: one as it stands, by its name, or made by a call."""
    return isinstance(value, ir.Closure | ir.Name | ir.Call | ir.Attribute)


def _statements(top: ir.Function) -> Iterator[ir.Statement]:
    waiting = [top]
    while waiting:
        function = waiting.pop()
        yield from function.body
        waiting.extend(function.inner)


def _expressions(root: ir.Expression) -> Iterator[ir.Expression]:
    stack = [root]
    while stack:
        each = stack.pop()
        yield each
        match each:
            case ir.Attribute(base, _, _) | ir.Spread(base):
                stack.append(base)
            case ir.Item(base, key, _):
                stack += [base] if key is None else [base, key]
            case ir.Call(function, arguments, keywords, _):
                stack += [function, *arguments, *(value for _, value in keywords)]
            case ir.Mix(_, parts) | ir.Group(parts) | ir.Test(parts):
                stack += parts
            case ir.Record(pairs):
                stack += [part for pair in pairs for part in pair if part is not None]


def _dotted(expression: ir.Expression) -> str:
    """`window.ethereum.request`, as far as it is made of names."""
    names: list[str] = []
    while isinstance(expression, ir.Attribute | ir.Call):
        if isinstance(expression, ir.Call):
            expression = expression.function
            continue
        names.append(expression.name)
        expression = expression.base
    return ".".join(reversed([*names, expression.id] if isinstance(expression, ir.Name) else names))

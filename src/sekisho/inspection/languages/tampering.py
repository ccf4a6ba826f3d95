"""A program that changes what others sign, send or paste: their function is replaced by one that calls it with an
address of the program's own, or the clipboard is read and written.

Told from the small form alone: who replaces a function and never calls the old one makes a stand-in for a test.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sekisho.inspection.languages import ir

PAYEE = (
    r"(?:0x[0-9a-fA-F]{40}|(?:bc|tb|ltc)1[02-9ac-hj-np-z]{25,60}|[13LMDT][1-9A-HJ-NP-Za-km-z]{25,34}"
    r"|(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])[1-9A-HJ-NP-Za-km-z]{32,44})"
)
"""An address of Ethereum, Bitcoin and its like, Tron, Solana; the prefilter, too, asks whether a file holds one."""

ADDRESS = re.compile(PAYEE)

_REPLACED = re.compile(
    r"(?:^|\.)(?:fetch|XMLHttpRequest\.prototype\.(?:open|send)|(?:ethereum|solana|tronWeb|provider|web3|phantom)(?:\.\w+)*\.\w+"
    r"|(?:\w+\.)+(?:sign\w*|send\w*(?:ransaction|ransfer|oins|ayment)\w*|request|transfer|createTransaction|from_seed|writeText))$"
)
_READS = re.compile(
    r"(?:^|\.)(?:pyperclip\.paste|clipboard\.(?:readText|read|readSync|paste)|clipboardy\.read(?:Sync)?)$"
)
_WRITES = re.compile(
    r"(?:^|\.)(?:pyperclip\.copy|clipboard\.(?:writeText|write|writeSync|copy)|clipboardy\.write(?:Sync)?)$"
)


_FOR_ADDRESSES = re.compile(
    r"0x(?:\[[^\]]{3,12}\]|\\w|\\h)\{40\}|bc1(?:\[|\\w|\()|\[[^\]]*(?:A-HJ-NP-Z|a-km-z)[^\]]*\]\{\d\d(?:,\d\d)?\}"
)
"""Patterns of Ethereum's and Bitcoin's addresses, and of others in base 58."""

_MOST = 64
"""Functions that one which takes another's place may call."""

_SWAPS = {"replace", "replaceAll", "sub", "subn"}


class Tampered(NamedTuple):
    """Where something is changed, and where the address stands that takes its place, or what looks for addresses."""

    line: int
    address: int
    says: str


def tampered(module: ir.Module, text: str) -> Iterator[Tampered]:
    """The places of a source that change what is signed, sent or pasted."""
    if not _FOR_ADDRESSES.search(text) and not any(map(ADDRESS.fullmatch, module.stands)):
        return
    seen = Seen(module)
    for name, line, function in seen.replaced:
        inside = [each for one in seen.reached(function) for each in _expressions_of(one)]
        address = next((at for each in inside if (at := address_in(module, each, seen) or _swaps(each))), 0)
        old = {name, *(saved for saved, of in seen.saved if of == name)}
        calls = (dotted(each.function) for each in inside if isinstance(each, ir.Call))
        if address and any(call in old or call.rpartition(".")[0] in old for call in calls):
            yield Tampered(line, address, f"{name} is replaced by a function that calls it with an address of its own")
    if any(_READS.search(dotted(each.function)) for each in seen.calls):
        for each in seen.calls:
            address = next((at for one in each.arguments if (at := address_in(module, one, seen))), 0)
            if address and _WRITES.search(dotted(each.function)):
                yield Tampered(each.line, address, "what was copied is replaced by an address of its own")


class Seen:
    """What a source replaces by a function of its own, what it keeps under other names, and what it calls."""

    def __init__(self, module: ir.Module) -> None:
        self.saved: list[tuple[str, str]] = []
        self.texts: dict[str, str] = {}
        self.calls: list[ir.Call] = []
        self.functions: dict[str, ir.Function] = {}
        told: list[tuple[str, int, ir.Expression]] = []
        for statement in _statements(module.top):
            if not isinstance(statement, ir.Bind):
                continue
            match statement.target, statement.value:
                case ir.Name(name), ir.Closure(own):
                    self.functions[name] = own
                case ir.Name(name), ir.Text(text):
                    self.texts[name] = text
                case ir.Name(name), (ir.Group() | ir.Record()) as held:
                    parts = held.parts if isinstance(held, ir.Group) else [value for _, value in held.pairs]
                    listed = (each.text for each in parts if isinstance(each, ir.Text))
                    self.texts[name] = next(filter(ADDRESS.fullmatch, listed), "")
                case ir.Name(name), ir.Attribute() as kept:
                    self.saved.append((name, dotted(kept)))
                case ir.Attribute(_, _, line) as target, value:
                    told.append((dotted(target), line, value))
            for each in expressions(statement.value):
                if isinstance(each, ir.Call):
                    self.calls.append(each)
                    if dotted(each.function) == "setattr" and len(each.arguments) == 3:
                        owner, member, value = each.arguments
                        if isinstance(member, ir.Text):
                            told.append((f"{dotted(owner)}.{member.text}", each.line, value))
        self.replaced = [
            (name, line, function)
            for name, line, value in told
            if _REPLACED.search(name) and (function := _function(value, self.functions)) is not None
        ]

    def reached(self, function: ir.Function) -> Iterator[ir.Function]:
        """A function, those within it, and those that it calls by their names."""
        waiting, known = [function], {function}
        while waiting and len(known) < _MOST:
            for one in within(waiting.pop()):
                yield one
                names = {each.function.id for each in _expressions_of(one)
                         if isinstance(each, ir.Call) and isinstance(each.function, ir.Name)}  # fmt: skip
                called = (self.functions[name] for name in sorted(names) if name in self.functions)
                more = [each for each in called if each not in known]
                known.update(more)
                waiting += more


def _function(value: ir.Expression, functions: dict[str, ir.Function]) -> ir.Function | None:
    """The function that a value is, or is made of by a decorator."""
    for each in expressions(value):
        if isinstance(each, ir.Closure):
            return each.function
        if isinstance(each, ir.Name) and each.id in functions:
            return functions[each.id]
    return None


def address_in(module: ir.Module, expression: ir.Expression, seen: Seen) -> int:
    """The line on which an address stands that an expression is; 0 if it is none."""
    text = expression.text if isinstance(expression, ir.Text) else ""
    if isinstance(expression, ir.Item | ir.Attribute):
        expression = expression.base
    if isinstance(expression, ir.Name):
        text = seen.texts.get(expression.id, "")
    return module.stands.get(text, 0) if ADDRESS.fullmatch(text) else 0


def _swaps(expression: ir.Expression) -> int:
    """The line on which whatever looks like an address is replaced; 0 if none is."""
    match expression:
        case ir.Call(ir.Attribute(_, name, _), (ir.Text(text) | ir.Mix("pattern", (ir.Text(text),)), *_), _, line):
            return line if name in _SWAPS and _FOR_ADDRESSES.search(text) else 0
    return 0


def within(function: ir.Function) -> Iterator[ir.Function]:
    waiting = [function]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(one.inner)


def _expressions_of(function: ir.Function) -> Iterator[ir.Expression]:
    for statement in function.body:
        value = getattr(statement, "value", None)
        if value is not None:
            yield from expressions(value)


def _statements(top: ir.Function) -> Iterator[ir.Statement]:
    for function in within(top):
        yield from function.body


def expressions(root: ir.Expression) -> Iterator[ir.Expression]:
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


def dotted(expression: ir.Expression) -> str:
    """`window.ethereum.request`, as far as it is made of names."""
    names: list[str] = []
    while isinstance(expression, ir.Attribute | ir.Call):
        if isinstance(expression, ir.Call):
            expression = expression.function
            continue
        names.append(expression.name)
        expression = expression.base
    return ".".join(reversed([*names, expression.id] if isinstance(expression, ir.Name) else names))

"""What in a source is worth reading at all: whatever may begin or end a flow, by its name."""

from collections import defaultdict

from sekisho.inspection.languages.javascript_calls import JAVASCRIPT
from sekisho.inspection.languages.knowledge import GLOBALS, NAMESPACES, OF_CALLERS, PROGRAMS, RUNNERS, Knowledge, Role
from sekisho.inspection.languages.python_calls import PYTHON
from sekisho.inspection.languages.telling import WALLETS
from sekisho.inspection.languages.ways_out import STORES

_PASSING = frozenset({"pass", "first", "join", "replace", "format", "path", "address", "split", "concat", "of receiver",
                      "reverse", "to string", "element", "dictionary", "bind", "call", "apply method", "pipe", "write",
                      "first callable", "partial", "apply", "bind apply", "got", "measure", "names", "merged",
                      "pattern", "sorted", "reversed", "entries", "values", "own folder", "here", "machine", "chunks",
                      "logged", "temporary", "temporary file", "resolved", "site", "copy stream", "dump", "save",
                      "wraps", "encode", "translate", "defined", ""})  # fmt: skip
"""What calls do that neither begins nor ends a flow: they matter only with what they are given."""

_TELLING_MEMBERS = frozenset({"constructor", "__dict__", "__globals__", "__builtins__", "__subclasses__", "__self__",
                              "expanduser", "write_text", "write_bytes", "cookie", "cookies", "COOKIES"})  # fmt: skip


_KINDS = {"global.Function", "types.FunctionType", "types.CodeType"}
"""Makers of functions that are as often named as a kind of thing."""


class Interest:
    """What may begin or end a flow in one language, by symbol, by the name of a variable and by that of a member."""

    def __init__(self, knowledge: Knowledge) -> None:
        symbols = {symbol for symbol, role in knowledge.roles.items() if matters(role)}
        programs = {symbol for symbol, text in PROGRAMS.items() if text != "."}
        symbols |= {*knowledge.homes, *knowledge.environment, *knowledge.machine, *programs, *NAMESPACES, *OF_CALLERS}
        symbols = {symbol.partition(":")[0] for symbol in symbols}
        led = (*symbols, *knowledge.families, *(each for each in knowledge.outlets if "." in each))
        self._leading = frozenset(before for symbol in led for before in prefixes(symbol))
        self._under: dict[str, set[str]] = defaultdict(set)
        for symbol in self._leading:
            before, _, last = symbol.rpartition(".")
            self._under[before].add(last)
        self._whole = symbols
        self._families = {*knowledge.families, *knowledge.outlets, *STORES, *WALLETS}
        self.runners = frozenset(
            symbol for symbol, role in knowledge.roles.items() if role.sink in RUNNERS and symbol not in _KINDS
        )
        """Functions that run what they are given."""
        self.members = _TELLING_MEMBERS | {name for name, role in knowledge.methods.items() if matters(role)}
        self.known = frozenset({*knowledge.builtins, "module", "exports", "$", "jQuery"})
        self.names = frozenset(name for name in self.known if self.symbol(GLOBALS.get(name, knowledge.prefix + name)))

    def only_under(self, symbols: tuple[str, ...]) -> frozenset[str] | None:
        """The members by which alone these symbols lead to what matters; None if they may matter as they are."""
        found: set[str] = set()
        for symbol in symbols:
            if self.symbol(symbol):
                if symbol in self._whole or symbol not in self._leading or self.in_family(symbol):
                    return None
                found |= self._under[symbol]
        return frozenset(found)

    def symbol(self, symbol: str) -> bool:
        """Whether this, or something under it, may begin or end a flow."""
        if symbol in self._leading or symbol.endswith(".?") or ":" in symbol:
            return True
        return self.in_family(symbol)

    def in_family(self, symbol: str) -> bool:
        """Whether this is of a library that may begin or end a flow, whatever of it is used."""
        root, _, rest = symbol.partition(".")
        package = root if root[:1] == "@" else root.partition("/")[0]
        return not self._families.isdisjoint({symbol, package, root, f"{root}.{rest.partition('.')[0]}"})


def matters(role: Role) -> bool:
    """Whether a call with this role begins or ends a flow, whatever it is given."""
    return role.source is not None or role.sink is not None or role.special not in _PASSING


def prefixes(symbol: str) -> list[str]:
    """`a.b.c`: a, a.b and a.b.c"""
    parts = symbol.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


INTEREST = {each.language: Interest(each) for each in (PYTHON, JAVASCRIPT)}

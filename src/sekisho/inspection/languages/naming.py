"""What symbols stand for, and their members: dotted names of the language, of libraries and of other files."""

import re

from sekisho.inspection.findings import Source
from sekisho.inspection.languages.between import PASSING, is_carried
from sekisho.inspection.languages.knowledge import GLOBALS, OF_CALLERS, PROGRAMS, VISITOR, WHOSE, fact
from sekisho.inspection.languages.learned import Learned
from sekisho.inspection.languages.picking import one_of
from sekisho.inspection.languages.sessions import is_handed_on
from sekisho.inspection.languages.telling import CALLERS, DEPLOYS, GRANT, VARIABLE, is_public, owner
from sekisho.inspection.languages.values import NOTHING, Label, Value, labels_from, union

_FILES = re.compile(r"(?:fs/promises|fs\.promises|fs-extra|graceful-fs|mz/fs)(?=\.|$)")
"""Modules of JavaScript by which files are read and written as by `fs`."""

_DATA = re.compile(r"(\.[^:]+\.json)(?:\.default)?")
"""A table of the input that a program of JavaScript has loaded like a module."""


UP = "\0up"
"""The field of a path that says how many folders up from the program's own file it is."""

_HIGHEST = 12


def without_keys(labels: frozenset[Label]) -> frozenset[Label]:
    """The labels of what a toolchain says of its networks besides the keys."""
    return frozenset(label for label in labels if label.detail != DEPLOYS)


class Named(Learned):
    """What is known, by its names."""

    def named(self, symbol: str) -> Value:
        """What a symbol stands for: what an imported file exports under it, and text that is known."""
        if "fs" in symbol[:11]:
            symbol = _FILES.sub("fs", symbol)
        value = Value(symbols=(symbol,))
        self.noted(symbol)
        export = self.imported.get(symbol)
        if export is not None:
            root = symbol[: len(symbol) - len(export.name)].rstrip(".")
            symbols = (
                f"{root}.{each[1:].replace('>', '')}" if each.startswith("<") else each for each in export.symbols
            )
            value = union(value, Value(labels_from(export.value, {}), export.texts, tuple(symbols)))
        if ":" in symbol and (set_here := self.stored(symbol)) is not None:  # a variable of the environment
            value = union(value, set_here)
        if symbol in PROGRAMS:
            value = value._replace(texts=(PROGRAMS[symbol],))
        if symbol in self.knowledge.homes:
            value = value._replace(texts=("~",))
        data = _DATA.fullmatch(symbol) if ".json" in symbol[-13:] else None
        if data is not None:
            lying = Label(Source.FILE, self.site(self.line), detail=data[1])
            value = value._replace(labels=value.labels | {lying})
        root, _, variable = symbol.partition(":")
        if variable and owner(variable):
            value = value._replace(labels=value.labels | self.by_name(VARIABLE, variable))
        if symbol in OF_CALLERS:
            lies = Label(Source.WHERE, self.site(self.line), detail=CALLERS)
            value = value._replace(labels=value.labels | {lies})
        told = self.knowledge.machine.get(symbol)
        if told == VISITOR:
            value = value._replace(labels=value.labels | {Label(Source.NET, self.site(self.line), detail=VISITOR)})
        elif told is not None:
            about = Label(Source.MACHINE, self.site(self.line), detail=told + fact(symbol) if told == WHOSE else told)
            value = value._replace(labels=value.labels | {about})
        return value

    def up(self, base: Value, levels: int = 1) -> Value:
        """So many folders up from the program's own file (`.`): its own folder still, until it has left the input."""
        before = (base.field(UP) or NOTHING).texts
        up = min(int(before[0]) if before else 0, _HIGHEST) + levels
        left = up > self.site(0).file.count("/") + 1
        texts = tuple(".." if left and text == "." else text for text in base.texts)
        return base._replace(texts=texts, fields=((UP, Value(texts=(str(up),))),))

    def member(self, base: Value, name: str) -> Value:
        """`base.name`"""
        symbols = tuple(self._dotted(symbol, name) for symbol in base.symbols)
        for symbol in symbols:
            self.noted(symbol)
        known = [value for symbol in symbols if symbol[:1] == "<" and (value := self.stored(symbol)) is not None]
        known += [self.named(symbol) for symbol in symbols if self._speaks(symbol)]
        if name == "__call__" and base.symbols:  # `exec.__call__` is `exec`
            return base
        own_file = "." in base.texts or base.field(UP) is not None
        if name == "parent" and own_file:
            return self.up(base)
        if name == "parents" and own_file:
            return Value(items=tuple(self.up(base, levels) for levels in range(1, _HIGHEST)))
        own = base.field(name)
        if own is not None:
            known.append(own)
        if name == "__file__" and self.knowledge.language == "python":  # of a package that is installed
            known += [Value(texts=(f"/site-packages/{each.replace('.', '/')}/__init__.py",)) for each in base.symbols]
        bulk = name == "length" or any(symbol in self.knowledge.environment for symbol in base.symbols)
        labels = frozenset[Label]() if bulk or (own is not None and not base.symbols) else one_of(base.labels)
        if labels and is_public(name):
            labels = frozenset(label for label in labels if label.source != Source.SECRET)
        if labels and not is_carried(name):
            labels = frozenset(label for label in labels if not label.detail.startswith(PASSING))
        if labels and name != "accounts":
            labels = without_keys(labels)
        if labels and not is_handed_on(name):
            labels = frozenset(label for label in labels if label.detail != GRANT)
        return union(Value(labels, symbols=symbols), *known)

    def _speaks(self, symbol: str) -> bool:
        """Whether a symbol is more than its name."""
        knowledge = self.knowledge
        return (
            ":" in symbol
            or symbol in self.imported
            or symbol in PROGRAMS
            or symbol in knowledge.homes
            or symbol in knowledge.machine
            or symbol in OF_CALLERS
        )

    def _dotted(self, symbol: str, name: str) -> str:
        if symbol in self.knowledge.environment and name not in {"get", "copy", "items", "values", "keys"}:
            return f"{symbol}:{name}"
        if name in {"default", "promises"} and self.knowledge.language == "javascript" and not symbol.startswith("."):
            return symbol
        if name in {"__dict__", "__globals__"}:
            return symbol
        if symbol == "global" and name in GLOBALS:
            return GLOBALS[name]
        return f"{symbol}.{name}" if len(symbol) < 200 else symbol

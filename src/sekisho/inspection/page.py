"""One file being read: where facts are collected, and where code within code is read in its turn."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from sekisho.inspection.findings import (
    Export,
    Findings,
    Flow,
    Mark,
    Moment,
    Need,
    Package,
    Passed,
    Shown,
    Sight,
    Sink,
    Site,
    Source,
    Trigger,
    Use,
)
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.calls import Calls
from sekisho.inspection.languages.interest import INTEREST
from sekisho.inspection.languages.javascript_calls import JAVASCRIPT
from sekisho.inspection.languages.javascript_source import lower_javascript
from sekisho.inspection.languages.knowledge import QUEUED
from sekisho.inspection.languages.modules import is_remote_module
from sekisho.inspection.languages.passing import passed_on
from sekisho.inspection.languages.python_calls import PYTHON
from sekisho.inspection.languages.python_source import imports_of, lower_python
from sekisho.inspection.languages.python_tree import lower_broken_python
from sekisho.inspection.languages.queues import accepts_objects
from sekisho.inspection.languages.rewriting import rewritten
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.languages.shell import read_shell
from sekisho.inspection.languages.special_calls import GIVES
from sekisho.inspection.languages.summary import exports
from sekisho.inspection.languages.tampering import tampered
from sekisho.inspection.virtual import Gap

_DEPTH = 4
_UNITS = 300
_LONGEST_SOURCE = 4_000_000
_TEXT = 240

Place = Callable[[int], int]
"""From a line of a text to the line of the file it stands in."""


class Page:
    """A file, and what was found in it so far."""

    def __init__(self, path: str, text: str, imported: Mapping[str, Export]) -> None:
        self.path, self.text, self.imported = path, text, imported
        self.lines = text.split("\n")
        self.triggers: list[Trigger] = []
        self.flows: set[Flow] = set()
        self.sights: set[Sight] = set()
        self.gaps: set[Gap] = set()
        self.uses: set[Use] = set()
        self.exports: tuple[Export, ...] = ()
        self.needs: list[Need] = []
        self.packages: tuple[Package, ...] = ()
        self.asked: set[str] = set()
        self.passed: tuple[Passed, ...] = ()
        self.read_units = 0

    @property
    def name(self) -> str:
        """The last part of the path, in lower case."""
        return self.path.rpartition("/")[2].lower()

    def site(self, line: int, text: str | None = None) -> Site:
        """A place, with its text."""
        if text is None:
            text = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return Site(self.path, line, text[:_TEXT])

    def gap(self, line: int, why: str) -> None:
        """Something that was not understood."""
        self.gaps.add(Gap(self.path, line, why))

    def see(self, mark: Mark, line: int, detail: str = "", unit: str = "") -> None:
        """A mark."""
        self.sights.add(Sight(mark, self.site(line), detail[:400], unit))

    def need(self, name: str, line: int, origin: str = "", under: str = "") -> None:
        """A dependency that is not part of the input; `under`: the name it is imported by, if that is another."""
        self.needs.append(Need(name[:200], origin[:400], self.path, line, under[:200]))

    def trigger(self, when: Moment, by: str, line: int, runs: str, language: str = "shell", *,
                shown: Shown = Shown.OPENLY, whole: bool = False,
                uses: tuple[tuple[str, str], ...] | None = None) -> str:  # fmt: skip
        """Something that runs by itself: `runs` is its text, read as `language`.

        `whole`: it is this file itself. `uses`: `runs` is no command, but means these (how, what).
        """
        unit = "" if whole else f"{len(self.triggers) + 1}:{line}"
        self.triggers.append(Trigger(when, by, self.site(line, " ".join(runs.split())), shown, unit))
        for how, what in uses or ():
            self.uses.add(Use(how, what, line, unit))
        if uses is None and not whole and runs.strip():
            self.code(Embedded(language, runs, line), unit, lambda number: line + number - 1)
        return unit

    def code(self, embedded: Embedded, unit: str, place: Place, depth: int = 0) -> None:
        """Read a text as source, and whatever source is found in it."""
        self.read_units += 1
        if depth > _DEPTH or self.read_units > _UNITS:
            self.gap(embedded.line, "code within code within code: the innermost was not read")
            return
        if len(embedded.text) > _LONGEST_SOURCE:
            self.gap(embedded.line, f"longer than {_LONGEST_SOURCE} characters: not read as code")
            return
        inside = (
            self._shell(embedded, unit, place)
            if embedded.language == "shell"
            else self._source(embedded, unit, place, depth)
        )
        for each in sorted(set(inside)):
            if each.language != embedded.language or each.text != embedded.text:
                line = place(each.line)
                at = self._inner(each, line)
                self.code(each._replace(line=line), unit, at, depth + 1)

    def _inner(self, embedded: Embedded, line: int) -> Place:
        """Lines of code in a here-document or a long string are those of the file, if they stand there as they are."""
        first = embedded.text.split("\n")[0].strip()
        for ahead in range(3):
            if first and 0 < line + ahead <= len(self.lines) and self.lines[line + ahead - 1].strip() == first:
                return lambda number: min(line + ahead + number - 1, len(self.lines))
        return lambda _: line

    def _shell(self, embedded: Embedded, unit: str, place: Place) -> list[Embedded]:
        script = read_shell(embedded.text, lambda number: self.site(place(number)), unit)
        self.sights.update(script.sights)
        self.uses.update(use._replace(line=place(use.line)) for use in script.uses)
        for line, why in script.lost:
            self.gap(place(line), why)
        return script.embedded

    def _source(self, embedded: Embedded, unit: str, place: Place, depth: int) -> list[Embedded]:
        knowledge = PYTHON if embedded.language == "python" else JAVASCRIPT
        module = self._lowered(embedded)
        engine = Calls(module, knowledge, lambda line: self.site(place(line)), unit, self.imported, GIVES)
        engine.run()
        for name, line in module.imports:
            engine.imports(name, line)
        for found in (*tampered(module, embedded.text), *rewritten(module)):
            begun = (self.site(place(found.address)),) if found.address != found.line else ()
            self.sights.add(Sight(Mark.TAMPER, self.site(place(found.line)), found.says, unit, begun))
        pickled = accepts_objects(module, embedded.text) if embedded.language == "python" else 0
        if pickled:
            here = self.site(place(pickled))
            self.flows.add(Flow(Source.NET, here, Sink.DESERIALISE, here, part=False, detail=QUEUED, unit=unit))
        self.flows |= engine.flows
        self.sights |= engine.sights
        self.uses.update(use._replace(line=place(use.line)) for use in engine.uses)
        modules = {name for name, _ in module.imports}
        self.asked |= {symbol for symbol in engine.asked if not modules.isdisjoint(_within(symbol))}
        how = f"import:{knowledge.language}"
        self.uses.update(Use(how, name, place(line), unit) for name, line in module.imports)
        for line, why in engine.lost if depth == 0 or self._parses(embedded) else ():
            self.gap(place(line), why)
        if not unit and depth == 0:
            self.exports = exports(engine)
            self._pass_on(module, knowledge.language)
        return sorted(engine.embedded)

    def _parses(self, embedded: Embedded) -> bool:
        """Whether a text within a source is code as it stands: a template of code is none, and runs nothing yet; one of
        several that may lie where a program is started need be none."""
        if embedded.language != "python":
            return not embedded.perhaps
        try:
            ast.parse(embedded.text)
        except (SyntaxError, ValueError):
            return False
        except (RecursionError, MemoryError):
            return True
        return True

    def imports_only(self, language: str) -> None:
        """A source in which nothing can flow: what it imports is all there is to know, unless that takes it out."""
        module = self._lowered(Embedded(language, self.text, 1), imports_of)
        interest = INTEREST["python" if language == "python" else "javascript"]
        if any(interest.in_family(name) for name, _ in module.imports):
            self.code(Embedded(language, self.text, 1), "", lambda line: line)
            return
        self.asked.update(_imported_names(module, self.text) if language == "python" else ("*",))
        self._pass_on(module, "python" if language == "python" else "javascript")
        how = "import:python" if language == "python" else "import:javascript"
        self.uses.update(Use(how, name, line, "") for name, line in module.imports)
        for name, line in module.imports:
            if is_remote_module(name):
                here = self.site(line)
                self.flows.add(Flow(Source.NET, here, Sink.LOAD, here, True, "", ""))
        for line, why in module.lost:
            self.gap(line, why)

    def _pass_on(self, module: ir.Module, language: str) -> None:
        """What importing files get through this one is asked for in their name."""
        whole = language != "python" or self.name == "__init__.py"  # a package's own names; of others, what `*` gives
        self.passed = tuple(each for each in passed_on(module, language) if whole or each.name == "*")
        for each in self.passed:
            self.asked |= {each.symbol} if each.name == "*" else {each.symbol, f"{each.symbol}.*"}

    def _lowered(self, embedded: Embedded, python: Callable[[str], ir.Module] = lower_python) -> ir.Module:
        if embedded.language != "python":
            return lower_javascript(embedded.text, embedded.language)
        try:
            return python(embedded.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # older or newer Python, or broken
            return lower_broken_python(embedded.text)

    def findings(self, language: str) -> Findings:
        """All of it, in a fixed order."""
        return Findings(
            language,
            tuple(self.triggers),
            tuple(sorted(self.flows)),
            tuple(sorted(self.sights)),
            tuple(sorted(self.gaps)),
            tuple(sorted(self.uses)),
            self.exports,
            tuple(dict.fromkeys(self.needs)),
            self.packages,
            self.passed,
            tuple(sorted(self.asked)),
            next(
                (n for n, line in enumerate(self.lines[:1000], 1) if line.strip() and line.lstrip()[0] not in "#/*"), 1
            ),
        )


_DOTTED = re.compile(r"\b([^\W\d]\w*)((?:\.\w+){1,4})")


def _imported_names(module: ir.Module, text: str) -> Iterator[str]:
    """What a source that was not followed may name of other modules: `a.b` where that stands in its text."""
    functions = [module.top]
    for function in functions:
        functions.extend(function.inner)
    modules = {name for name, _ in module.imports}
    members: dict[str, set[str]] = defaultdict(set)
    for name, dotted in _DOTTED.findall(text):
        members[name].add(dotted)
    for each in (each for function in functions for each in function.body if isinstance(each, ir.Import)):
        yield each.symbol
        if each.symbol.rpartition(".")[0].rstrip(".") in modules or "*" in each.symbol:  # what is imported from it
            yield f"{each.symbol}.*"
        for dotted in members[each.name]:
            parts = dotted.split(".")[1:]
            yield from (".".join((each.symbol, *parts[:count])) for count in range(1, len(parts) + 1))


def _within(symbol: str) -> Iterator[str]:
    """A dotted name, and the modules that it may be a name of."""
    while symbol:
        yield symbol
        symbol = symbol.rpartition(".")[0]
    yield "."

"""From files to a whole: which file a name means, what each trigger reaches, and flows that cross files."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from sekisho.inspection.built import declared
from sekisho.inspection.classify import looks_pickled, may_be_imported
from sekisho.inspection.configs.jetbrains import configuration
from sekisho.inspection.findings import (
    AS_CODE,
    Export,
    Findings,
    Flow,
    Mark,
    Moment,
    Need,
    Sight,
    Sink,
    Site,
    Source,
    Trigger,
    Use,
)
from sekisho.inspection.languages.javascript_calls import JAVASCRIPT
from sekisho.inspection.languages.knowledge import WHOSE
from sekisho.inspection.languages.python_calls import PYTHON
from sekisho.inspection.languages.summary import telling
from sekisho.inspection.languages.temporary import is_within
from sekisho.inspection.named import NAMED, Place, named
from sekisho.inspection.pool import Readers, Task
from sekisho.inspection.resolve import Tree
from sekisho.inspection.virtual import Form, Gap, VirtualFile

_ROUNDS = 10
_PASSES = 3
"""Names are passed on by this many packages, one within the other, in one round."""

_ELSEWHERE = re.compile(
    r"^@|^/(?:usr/|s?bin/|opt/|System/|Applications/|nix/)|^C:[/\\](?:Windows|Program Files)"
    r"|(?:^|/)(?:node_modules|\.?venv)/",
    re.IGNORECASE,
)
"""What is run and never sent: packages by name, programs of the system, what installing puts there."""

_LANGUAGE = {"python": "python", "node": "javascript", "bun": "javascript", "deno": "typescript", "tsx": "typescript",
             "ts-node": "typescript", "sh": "shell", "bash": "shell", "zsh": "shell", "dash": "shell", "ksh": "shell",
             "load": "guess", "exec": "guess", "library": "guess", "import:javascript": "javascript"}  # fmt: skip
_BUNDLED = {"load", "exec", "library", "import:javascript"}
"""Ways to name a file that a bundler may take for its own: a style sheet is none of them a program."""
_SOURCES = {"python", "javascript", "typescript", "tsx", "shell", "notebook"}
_PYTHON_TESTS = {"pytest", "unittest", "tox", "nox"}
SOON = frozenset({Moment.OPEN, Moment.GIT, Moment.INSTALL, Moment.START})
"""Moments that come before anybody has decided to run anything."""


_READABLE = 200_000
"""Bytes of a text that is run as code, up to which it is read as such."""


class Run(NamedTuple):
    """A file that something runs: from where, by what, and what it is."""

    use: Use
    by: str
    target: str


class Reach(NamedTuple):
    """A trigger, and every place it leads to."""

    trigger: Trigger
    places: frozenset[Place]
    missing: tuple[Use, ...]
    """What it would run that is not in the input."""
    ways: Mapping[Place, Site]
    """For each place but the first, where something leads to it."""


class Linked(NamedTuple):
    """The whole input, as rules see it."""

    findings: Mapping[str, Findings]
    reaches: tuple[Reach, ...]
    runs: tuple[Run, ...]
    tree: Tree
    declared: frozenset[str]
    """The machine code that the input, which is a wheel, says it holds."""

    def triggers_of(self, file: str, unit: str) -> tuple[Trigger, ...]:
        """The triggers that lead to a place, the soonest first."""
        found = [reach.trigger for reach in self.reaches if Place(file, unit) in reach.places]
        return tuple(sorted(found, key=lambda each: (_ORDER[each.when], each.site)))

    def beside(self, file: str) -> frozenset[str]:
        """A file, and those that it uses."""
        uses = self.findings[file].uses if file in self.findings else ()
        return frozenset({file, *(target for use in uses for target in self.tree.resolve(file, use))})

    def flows(self) -> Iterator[Flow]:
        """All flows."""
        for found in self.findings.values():
            yield from found.flows

    def sights(self) -> Iterator[Sight]:
        """All marks."""
        for found in self.findings.values():
            yield from found.sights

    def needs(self) -> tuple[Need, ...]:
        """All dependencies outside the input."""
        return tuple(need for found in self.findings.values() for need in found.needs)

    def gaps(self) -> tuple[Gap, ...]:
        """All that was not understood in files."""
        return tuple(gap for found in self.findings.values() for gap in found.gaps)


_ORDER = {moment: place for place, moment in enumerate(Moment)}


def link(files: Sequence[VirtualFile], readers: Readers) -> Linked:
    """Read all files, then again those that import something telling, until nothing new is learned."""
    tree = Tree([file.path for file in files], {file.path: file.target for file in files if file.form is Form.LINK})
    by_path = {file.path: file for file in files}
    findings = dict(zip((file.path for file in files), readers.read([Task(file) for file in files]), strict=True))
    for path, found in findings.items():
        tree.note(path, found.packages)
    known: dict[str, tuple[tuple[str, Export], ...]] = defaultdict(tuple)
    asked: dict[str, set[str]] = defaultdict(set)
    languages: dict[str, str] = {}
    for number in range(_ROUNDS + 1):
        again: dict[str, None] = {}
        for path, language in _languages(findings, tree, by_path):
            if languages.get(path) != language and findings[path].language not in _SOURCES:
                languages[path] = language
                again[path] = None
        offered = {path: _offered(found, known[path]) for path, found in findings.items()}
        passing = [path for path, found in findings.items() if found.passed]
        for path in (*passing * _PASSES, *findings):
            found = findings[path]
            asked[path].update(found.asked)
            secrets = bool(found.passed) or _holds_secrets(found, known[path])
            imported = tuple(sorted(set(_imported(path, found.uses, asked[path], offered, tree, secrets=secrets))))
            if imported != known[path]:
                known[path] = imported
                offered[path] = _offered(found, imported)
                again[path] = None
        if not again:
            break
        if number == _ROUNDS:
            findings.update({path: _unended(findings[path], path) for path in again})
            break
        tasks = [Task(by_path[path], known[path], languages.get(path, "")) for path in again]
        findings.update(zip(again, readers.read(tasks), strict=True))
    runs = tuple(_runs(findings, tree))
    return Linked(findings, tuple(_reaches(findings, tree)), runs, tree, declared(files))


def _unended(found: Findings, path: str) -> Findings:
    """A file that would be read otherwise for what is known by now, had there been another round."""
    return found._replace(gaps=(*found.gaps, Gap(path, 0, "flows across files were not followed to their end")))


def _languages(findings: Mapping[str, Findings], tree: Tree,
               files: Mapping[str, VirtualFile]) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Files that are run, or loaded as objects, as a language their name does not say."""
    for path, found in findings.items():
        for flow in found.flows:
            if flow.source is Source.FILE and flow.detail:
                yield from _read_by(flow, findings, tree, files)
        for use in found.uses:
            language = _LANGUAGE.get(use.how)
            if language:
                for target in tree.resolve(path, use):
                    styled = target.endswith(".css") and use.how in _BUNDLED
                    if (
                        not styled
                        and not target.endswith((".json", ".node", ".wasm"))
                        and (use.how != "import:javascript" or may_be_imported(files[target]))
                    ):
                        yield target, language


def _read_by(flow: Flow, findings: Mapping[str, Findings], tree: Tree,
             files: Mapping[str, VirtualFile]) -> Iterator[tuple[str, str]]:  # fmt: skip
    """The files that a flow begins with, as what it makes of them: a text becomes code, others objects."""
    if flow.sink not in {Sink.CODE, Sink.DESERIALISE}:
        return
    for target in tree.resolve(flow.origin.file, Use("load", flow.detail, 0, "")):
        if flow.sink is Sink.DESERIALISE and looks_pickled(files[target].data):
            yield target, "pickle"
        elif flow.sink is Sink.CODE and findings[target].language == "text" and len(files[target].data) <= _READABLE:
            yield target, AS_CODE + findings[flow.end.file].language


_WHOSE = {name for each in (PYTHON, JAVASCRIPT) for name, told in each.machine.items() if told == WHOSE}


def _holds_secrets(found: Findings, known: tuple[tuple[str, Export], ...]) -> bool:
    """Whether a file reads secrets, asks whose machine this is, or is given such things by what it imports."""
    if not _WHOSE.isdisjoint(found.asked):
        return True
    given = (origin for _, export in known for origin in (*export.returns, *export.value))
    return any(sight.mark is Mark.SECRET for sight in found.sights) or any(
        origin.source in {Source.SECRET, Source.WHERE, Source.MACHINE} for origin in given
    )


def _offered(found: Findings, known: tuple[tuple[str, Export], ...]) -> tuple[Export, ...]:
    """What a file offers: names of its own, and those of others that it passes on."""
    others = []
    for passed in found.passed if known else ():
        start = passed.symbol[:-1] if passed.name == "*" else passed.symbol
        for name, export in known:
            rest = name[len(start) :]
            if name.startswith(start) and (passed.name == "*" or rest[:1] in {"", "."}):
                others.append(export._replace(name=rest if passed.name == "*" else passed.name + rest))
    return (*found.exports, *others) if others else found.exports


def _imported(path: str, uses: Sequence[Use], asked: Set[str], offered: Mapping[str, tuple[Export, ...]], tree: Tree,
              *, secrets: bool) -> Iterator[tuple[str, Export]]:  # fmt: skip
    """What `path` must know of the names it imports from other files, of those it `asked` for."""
    for use in uses:
        if not use.how.startswith("import:"):
            continue
        for target in tree.resolve(path, use):
            if target != path:
                for export in offered[target]:
                    if telling(export, secrets=secrets):
                        joint = "" if use.what.endswith(".") and use.what.strip(".") == "" else "."
                        name = f"{use.what}{joint}{export.name}" if export.name else use.what
                        within = f"{use.what}{joint}{export.name.partition('.')[0]}"
                        if not asked.isdisjoint({name, "*", f"{use.what}{joint}*", within, f"{within}.*"}):
                            yield name, export


def _runs(findings: Mapping[str, Findings], tree: Tree) -> Iterator[Run]:
    for path, found in findings.items():
        for use in found.uses:
            if use.how in _LANGUAGE:
                for target in tree.resolve(path, use):
                    if use.how != "import:javascript" or findings[target].language in _SOURCES:
                        yield Run(use, path, target)


def _reaches(findings: Mapping[str, Findings], tree: Tree) -> Iterator[Reach]:
    tests = sorted({t.site.file for f in findings.values() for t in f.triggers if t.when is Moment.TEST and not t.unit})
    for path, found in findings.items():
        for trigger in found.triggers:
            if trigger.when is Moment.START and _is_idle(path, tree):
                continue
            ways = {Place(path, trigger.unit): trigger.site}
            missing: list[Use] = []
            waiting = list(ways)
            while waiting:
                place = waiting.pop()
                for use in findings[place.file].uses:
                    if use.unit == place.unit:
                        led = [p for p in _next(place.file, use, findings, tree, tests, missing) if p not in ways]
                        ways |= dict.fromkeys(led, Site(place.file, use.line, use.what))
                        waiting += led
            yield Reach(trigger, frozenset(ways), tuple(dict.fromkeys(missing)), ways)


def _is_idle(path: str, tree: Tree) -> bool:
    """Whether a start file lies within a package: no folder of a package is on Python's path by itself."""
    within = path.endswith(("/sitecustomize.py", "/usercustomize.py"))
    return within and any(folder and f"{folder}/__init__.py" in tree.paths for folder in tree.upward(path))


def _next(file: str, use: Use, findings: Mapping[str, Findings], tree: Tree, tests: Sequence[str],
          missing: list[Use]) -> list[Place]:  # fmt: skip
    """Where one use leads."""
    if use.how == "tests":
        python = use.what in _PYTHON_TESTS
        return [Place(each, "") for each in tests if each.endswith(".py") is python]
    if use.how in NAMED:
        return list(named(file, use, findings, tree))
    if use.how == "idea":
        found = [
            Place(path, trigger.unit)
            for path, each in findings.items()
            for trigger in each.triggers
            if trigger.by == configuration(use.what)
        ]
        missing.extend([] if found else [use])
        return found
    targets = tree.resolve(file, use)
    if use.how == "whole":
        return [Place(t, unit) for t in targets for unit in ("", *(each.unit for each in findings[t].triggers))]
    if not targets and use.how in _LANGUAGE and use.how not in {"load", "library", "import:javascript"}:
        missing += [] if _ELSEWHERE.search(use.what) or is_within(use.what) else [use]
    return [Place(target, "") for target in targets]

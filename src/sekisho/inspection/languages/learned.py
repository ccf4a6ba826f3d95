"""What was learned of one source so far: the values of its names and calls, and what is to be told of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from sekisho.inspection.findings import Export, Flow, Mark, ParameterSink, Sight, Sink, Site, Source, Use
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.attention import Attention, Topic
from sekisho.inspection.languages.knowledge import FAR, MEANT, SAVED, Knowledge
from sekisho.inspection.languages.paths import is_secret
from sekisho.inspection.languages.telling import NAMES, by_name
from sekisho.inspection.languages.values import (
    HELD,
    JOINED,
    MADE_OF,
    PARAMETER,
    READ,
    READ_AT_HOME,
    Label,
    Value,
    union,
)

if TYPE_CHECKING:
    from sekisho.inspection.languages.scope import Embedded

_Key = TypeVar("_Key")

_GROWTHS = 4
_ENDS = {READ: Sink.UPLOAD, READ_AT_HOME: Sink.FROM_HOME, MADE_OF: Sink.MADE}
"""Where a parameter ends that is not sent as it is given."""

_SENT = {Sink.SEND, Sink.UPLOAD, Sink.FROM_HOME}
_PASSED_ON = 64
"""Ends that the parameters of one function may have."""

COMMANDS = frozenset({Sink.COMMAND, Sink.WORDS, Sink.LINE})

_RUN = COMMANDS | {Sink.SCRIPT, Sink.CODE, Sink.DESERIALISE, Sink.UNKNOWN, Sink.TEMPLATE}
"""Where it matters whether a path ends, or what lies there."""

_OPEN = COMMANDS | {Sink.SCRIPT}
"""Ends of which a caller may decide."""

_RUN_OR_LOADED = COMMANDS | {Sink.LOAD, Sink.DESERIALISE}
"""Where a path ends, what lies there does too."""


def _awaited(sink: Sink, label: Label, part: bool) -> Sink:
    """Where a parameter ends, as far as its callers decide that. A part of fixed code is no code of its own."""
    if sink not in _OPEN:
        return sink
    if part or label.part:
        return Sink.COMMAND
    if sink is Sink.SCRIPT:
        return sink
    return Sink.LINE if label.detail == JOINED else sink


def _settled(sink: Sink, label: Label, part: bool) -> Sink:
    """Where a value ends that no caller decides of."""
    found = _awaited(sink, label, part)
    return Sink.COMMAND if found in COMMANDS else Sink.CODE if found is Sink.SCRIPT else found


class Learned(Attention):
    """What is known, and who is to read again when it grows."""

    def __init__(self, module: ir.Module, knowledge: Knowledge, site: Callable[[int], Site], unit: str,
                 imported: Mapping[str, Export]) -> None:  # fmt: skip
        super().__init__(module, knowledge, imported)
        self.site, self.unit = site, unit
        self.bound: dict[tuple[ir.Function, int], Value] = {}
        self.returned: dict[ir.Function, Value] = {}
        self.passed: dict[int, Value] = {}
        self.parameter_sinks: dict[int, set[ParameterSink]] = {}
        self.store: dict[str, Value] = {}
        self.written: dict[str, frozenset[Label]] = {}
        self.scripts: dict[str, tuple[str, ...]] = {}
        self.shared: dict[str, Value] = {}
        self.thrown: dict[int, Value] = {}
        self.flows: set[Flow] = set()
        self.sights: set[Sight] = set()
        self.uses: set[Use] = set()
        self.nearby: set[Site] = set()
        """Where the server of the page itself is asked; `distant`: where another may be."""
        self.distant: set[Site] = set()
        self.embedded: set[Embedded] = set()
        self.asked: set[str] = set()
        self.lost: set[tuple[int, str]] = set(module.lost)
        self.telling = False
        self.line = 0
        self._grown: dict[tuple[int, object], int] = {}

    def noted(self, symbol: str) -> None:
        """A name turned up: only where one of a source or sink does is a second round worth its time."""
        self.asked.add(symbol)
        if not self.telling:
            role = self.knowledge.role(symbol)
            sinks = role is not None and role.sink not in {None, Sink.SEND, Sink.LEAD}
            far = role is not None and (role.source in FAR or role.special in {"read", "walk"})
            far = far or symbol.partition(".")[0] in self.knowledge.families
            self.telling = symbol in self.imported or sinks or far

    def stored(self, symbol: str) -> Value | None:
        """What was assigned to a member of a class of this source."""
        self.hear(symbol)
        return self.store.get(symbol)

    def grow(self, table: dict[_Key, Value], key: _Key, value: Value, topic: Topic) -> None:
        """Add to what is known; whoever read this topic reads again.

        Text that is put together in a loop never ends: after a few times only origins and functions are added.
        """
        old = table.get(key)
        new = value if old is None else union(old, value)
        if new is old or new == old:
            return
        times = self._grown[id(table), key] = self._grown.get((id(table), key), 0) + 1
        if old is not None and times > _GROWTHS:
            functions = new.functions if not self.heated.isdisjoint(new.functions) else old.functions
            new = old._replace(labels=new.labels, functions=functions)
            if new == old:
                return
        table[key] = new
        self.moves(topic)
        for function in new.functions:
            self.carriers.setdefault(function, set()).add(topic)
        if self.hot(new):
            self.warm(topic)

    def hit(self, labels: Iterable[Label], sink: Sink, end: Site, *, part: bool = False) -> None:
        """Note that values with these labels end in a sink."""
        for label in labels:
            if label.source == PARAMETER and label.detail == HELD and sink not in _SENT:
                continue
            if label.detail in _ENDS and sink in {Sink.ASIDE, Sink.NAMED, Sink.RENAMED}:
                continue
            if label.source == PARAMETER:
                known = self.parameter_sinks.setdefault(label.function, set())
                ends = _ENDS.get(label.detail, sink) if sink is Sink.SEND else _awaited(sink, label, part)
                lying = label.detail in {READ, READ_AT_HOME} and sink in _RUN
                found = ParameterSink(label.place, ends, end, part or label.part, lying)
                if found not in known and len(known) < _PASSED_ON:
                    known.add(found)
                    self.moves(label.function)
                    self.warm(label.function)
            elif label.source == Source.WHERE and sink in {Sink.UPLOAD, Sink.FROM_HOME} and label.detail != NAMES:
                self.flows.add(Flow(Source.SECRET, label.site, Sink.SEND, end, True, label.detail, self.unit))
            elif label.source == Source.SAVED:
                if sink in _RUN_OR_LOADED and not (part or label.part):
                    at = _settled(sink, label, part)
                    self.flows.add(Flow(Source.NET, label.site, at, end, False, SAVED, self.unit))
            elif sink is Sink.MADE:
                self.hit(() if by_name(label.detail) else (label,), Sink.SEND, end, part=True)
            elif Source(label.source) in MEANT[at := _settled(sink, label, part)]:
                self.flows.add(
                    Flow(Source(label.source), label.site, at, end, part or label.part, label.detail, self.unit)
                )

    def names(self, line: int) -> frozenset[Label]:
        """The label of the names of all variables."""
        return frozenset({Label(Source.WHERE, self.site(line), detail=NAMES)})

    def by_name(self, kind: str, name: str) -> frozenset[Label]:
        """The label of what only its name tells of."""
        self.see(Mark.SECRET, self.line, kind + name)
        return frozenset({Label(Source.SECRET, self.site(self.line), detail=kind + name)})

    def where(self, line: int, texts: Iterable[str]) -> frozenset[Label]:
        """The label of a path at which secrets lie."""
        secret = next((text for text in texts if is_secret(text)), None)
        return frozenset() if secret is None else frozenset({Label(Source.WHERE, self.site(line), detail=secret)})

    def see(self, mark: Mark, line: int, detail: str = "", begun: tuple[Site, ...] = ()) -> None:
        """Note a mark at a line."""
        self.telling = self.telling or mark is Mark.SECRET
        self.sights.add(Sight(mark, self.site(line), detail, self.unit, begun))

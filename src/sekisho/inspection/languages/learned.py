"""What was learned of one source so far: the values of its names and calls, and what is to be told of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from sekisho.inspection.findings import Export, Flow, Mark, ParameterSink, Sight, Sink, Site, Source, Use
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.attention import Attention, Topic
from sekisho.inspection.languages.knowledge import FAR, MEANT, Knowledge
from sekisho.inspection.languages.values import JOINED, PARAMETER, Label, Value, union

if TYPE_CHECKING:
    from sekisho.inspection.languages.scope import Embedded

_Key = TypeVar("_Key")

_GROWTHS = 4
_PASSED_ON = 64
"""Ends that the parameters of one function may have."""

_COMMANDS = frozenset({Sink.COMMAND, Sink.WORDS, Sink.LINE})


def _awaited(sink: Sink, label: Label, part: bool) -> Sink:
    """Where a parameter ends, as far as its callers decide that."""
    if sink not in _COMMANDS:
        return sink
    if part or label.part:
        return Sink.COMMAND
    return Sink.LINE if label.detail == JOINED else sink


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
        self.shared: dict[str, Value] = {}
        self.thrown: dict[int, Value] = {}
        self.flows: set[Flow] = set()
        self.sights: set[Sight] = set()
        self.uses: set[Use] = set()
        self.embedded: set[Embedded] = set()
        self.asked: set[str] = set()
        self.lost: set[tuple[int, str]] = set(module.lost)
        self.telling = False
        self._grown: dict[tuple[int, object], int] = {}

    def noted(self, symbol: str) -> None:
        """A name turned up: only where one of a source or sink does is a second round worth its time."""
        self.asked.add(symbol)
        if not self.telling:
            role = self.knowledge.role(symbol)
            sinks = role is not None and role.sink not in {None, Sink.SEND}
            self.telling = symbol in self.imported or sinks or (role is not None and role.source in FAR)

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
            if label.source == PARAMETER:
                known = self.parameter_sinks.setdefault(label.function, set())
                found = ParameterSink(label.place, _awaited(sink, label, part), end, part or label.part)
                if found not in known and len(known) < _PASSED_ON:
                    known.add(found)
                    self.moves(label.function)
                    self.warm(label.function)
            elif Source(label.source) in MEANT[sink]:
                at = Sink.COMMAND if sink in _COMMANDS else sink
                self.flows.add(
                    Flow(Source(label.source), label.site, at, end, part or label.part, label.detail, self.unit)
                )

    def see(self, mark: Mark, line: int, detail: str = "") -> None:
        """Note a mark at a line."""
        self.sights.add(Sight(mark, self.site(line), detail, self.unit))

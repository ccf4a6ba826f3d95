"""`shipped_object`: a data file that comes with the input names code to run, and is loaded."""

import re
import sys
from collections.abc import Collection, Iterator

from sekisho.inspection.findings import Flow, Mark, Sight, Sink, Site, Source, Use
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Step, StepKind, Verdict, flow_chain, sight_chain
from sekisho.inspection.rules.remote_object import asks_for_old
from sekisho.inspection.virtual import Gap

_OWN, _CLASS, _CODE = 0, 1, 2
"""A class of this input; one of a library; anything else."""

_TELLING = 4
"""Letters of a name that may mean something in any folder."""

_STARTS = re.compile(r"open|command|process|shell|exec|spawn|run|call|eval|load|import|thread|timer|code|func|partial",
                     re.IGNORECASE)  # fmt: skip


def _find(linked: Linked) -> Iterator[Chain]:
    named: dict[str, Sight] = {}
    for sight in linked.sights():
        if sight.mark in {Mark.PICKLE, Mark.WRITTEN, Mark.TAG}:
            kept = named.get(sight.site.file)
            if kept is None or _weight(linked, sight) > _weight(linked, kept):
                named[sight.site.file] = sight
    loaded: set[str] = set()
    for flow in linked.flows():
        old = flow.sink is Sink.OLDER and asks_for_old(linked, flow.end.file)
        if flow.source is Source.FILE and (old or flow.sink in {Sink.DESERIALISE, Sink.TEMPLATE}):
            for target in _targets(linked, flow, named):
                loaded.add(target)
                if target in named:
                    yield _both(linked, flow, named[target])
                elif linked.findings[target].language == "pickle" and linked.findings[target].gaps:
                    yield _unread(linked, flow, linked.findings[target].gaps[0])
    for file, sight in sorted(named.items()):
        calls = sight.mark is Mark.PICKLE or sight.detail.startswith("{")  # a template that reaches for the system
        if file not in loaded and calls and _weight(linked, sight) > _CLASS:
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, f"loading this file calls {sight.detail}")


def _weight(linked: Linked, sight: Sight) -> int:
    """How much what a file names has to say for itself: most, if it is no class, or one that starts things."""
    if sight.mark is Mark.TAG:
        return _CODE
    if _is_own(linked, sight):
        return _OWN
    module, _, name = sight.detail.rpartition(".")
    foreign = module.partition(".")[0] not in sys.stdlib_module_names | {"", "__builtin__"}
    return _CLASS if foreign and re.match(r"_?[A-Z]", name) and not _STARTS.search(name) else _CODE


def _is_own(linked: Linked, sight: Sight) -> bool:
    """Whether what a pickle calls is a class of this input, also if it is packed: code that was read like any other."""
    use = Use("import:python", sight.detail.rpartition(".")[0], 0, "")
    place = sight.site.file
    while place and not linked.tree.resolve(place, use):
        place = place.rpartition("!/")[0]
    return bool(place)


def _targets(linked: Linked, flow: Flow, named: Collection[str]) -> tuple[str, ...]:
    """The file that is loaded; what is in it, if it is an archive (a model of Keras or PyTorch). Of a folder that is
    not known, whichever file of this name says what to call."""
    folder, unknown, name = flow.detail.rpartition("\0/")
    if unknown and not folder and len(name) >= _TELLING:
        return tuple(path for path in named if f"/{path}".endswith(f"/{name}"))
    found = linked.tree.resolve(flow.origin.file, Use("load", flow.detail, 0, "")) if flow.detail else ()
    return (*found, *(inner for each in found for inner in linked.tree.below(f"{each}!")))


def _both(linked: Linked, flow: Flow, sight: Sight) -> Chain:
    grave = _weight(linked, sight) == _CODE
    chain = flow_chain(linked, RULE.id, Verdict.BLOCK if grave else Verdict.REVIEW, flow)
    extra = sight_chain(linked, RULE.id, chain.verdict, sight, f"the file names code to run: {sight.detail}").steps[-1:]
    return chain._replace(steps=(*chain.steps[:-1], *extra, chain.steps[-1]))


def _unread(linked: Linked, flow: Flow, gap: Gap) -> Chain:
    chain = flow_chain(linked, RULE.id, Verdict.REVIEW, flow)
    lost = Step(StepKind.SOURCE, Site(gap.file, gap.line, ""), f"a part of the file could not be read: {gap.why}")
    return chain._replace(steps=(*chain.steps[:-1], lost, chain.steps[-1]))


RULE = Rule(
    "shipped_object",
    "A data file names code, and loading it runs that code",
    "Some data formats (pickle, YAML with Python tags) can contain instructions. A file here does, beyond the plain "
    "values such files usually hold.",
    ASK,
    ("T1027.009", "T1059.006"),
    _find,
)

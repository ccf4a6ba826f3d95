"""`shipped_object`: a data file that comes with the input names code to run, and is loaded."""

from collections.abc import Iterator

from sekisho.inspection.findings import Flow, Mark, Sight, Sink, Source, Use
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, flow_chain, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    named = {sight.site.file: sight for sight in linked.sights() if sight.mark in {Mark.PICKLE, Mark.TAG}}
    loaded: set[str] = set()
    for flow in linked.flows():
        if flow.source is Source.FILE and flow.sink is Sink.DESERIALISE:
            for target in _targets(linked, flow):
                if target in named:
                    loaded.add(target)
                    yield _both(linked, flow, named[target])
    for file, sight in sorted(named.items()):
        if file not in loaded and sight.mark is Mark.PICKLE:
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, f"loading this file calls {sight.detail}")


def _targets(linked: Linked, flow: Flow) -> tuple[str, ...]:
    return linked.tree.resolve(flow.origin.file, Use("load", flow.detail, 0, "")) if flow.detail else ()


def _both(linked: Linked, flow: Flow, sight: Sight) -> Chain:
    chain = flow_chain(linked, RULE.id, Verdict.BLOCK, flow)
    extra = sight_chain(linked, RULE.id, Verdict.BLOCK, sight, f"the file names code to run: {sight.detail}").steps[-1:]
    return chain._replace(steps=(*chain.steps[:-1], *extra, chain.steps[-1]))


RULE = Rule(
    "shipped_object",
    "A data file names code, and loading it runs that code",
    "Some data formats (pickle, YAML with Python tags) can contain instructions. A file here does, beyond the plain "
    "values such files usually hold.",
    ASK,
    ("T1027.009", "T1059.006"),
    _find,
)

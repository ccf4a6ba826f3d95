"""`disguised_program`: a program under the name of a picture, font or other data is run."""

from collections.abc import Iterator

from sekisho.inspection.classify import is_data_name
from sekisho.inspection.findings import Sink, Site, Source, Use
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Step, StepKind, Verdict, flow_chain, when


def _find(linked: Linked) -> Iterator[Chain]:
    for run in linked.runs:
        if is_data_name(run.target):
            sink = Step(StepKind.SINK, Site(run.target, 1, ""), "it is a program under the name of something else")
            start = Step(StepKind.SOURCE, Site(run.by, run.use.line, run.use.what), f"it is run by {run.use.how}")
            yield Chain(RULE.id, Verdict.BLOCK, (*when(linked, run.by, run.use.unit), start, sink))
    for flow in linked.flows():
        if flow.source is Source.FILE and flow.sink is Sink.CODE and flow.detail:
            for target in linked.tree.resolve(flow.origin.file, Use("load", flow.detail, 0, "")):
                if is_data_name(target):
                    yield flow_chain(linked, RULE.id, Verdict.BLOCK, flow)


RULE = Rule(
    "disguised_program",
    "A program is hidden under the name of a picture, font or data file, and run",
    "A file that looks like a font, picture or other data is started as a program. Nobody reviews a font; that is why "
    "the program is there.",
    STOP,
    ("T1036.008", "T1059"),
    _find,
)

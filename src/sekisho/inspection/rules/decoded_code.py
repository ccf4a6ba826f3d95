"""`decoded_code`: text that was made unreadable is decoded and run."""

from collections.abc import Iterator

from sekisho.inspection.findings import BESIDE, LITERAL, MADE, Mark, Sink, Source, Use
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain, is_soon, moment, sight_chain

_ENDS = {Sink.CODE, Sink.COMMAND, Sink.LOAD, Sink.UNKNOWN}


def _find(linked: Linked) -> Iterator[Chain]:
    for flow in linked.flows():
        if flow.source is Source.DECODED and flow.sink in _ENDS and (flow.detail != MADE or flow.sink is Sink.CODE):
            here = flow.detail in {LITERAL, MADE} or (flow.detail == BESIDE and flow.sink is Sink.CODE)
            soon = flow.sink is Sink.CODE and is_soon(linked, flow.end.file, flow.unit)
            whole = (here or soon) and flow.sink not in {Sink.LOAD, Sink.UNKNOWN}
            yield flow_chain(linked, RULE.id, Verdict.BLOCK if whole else Verdict.REVIEW, flow)
        if flow.source is Source.DECODED and flow.sink is Sink.DESERIALISE and flow.detail == LITERAL:
            yield flow_chain(linked, RULE.id, Verdict.REVIEW, flow)
    for sight in linked.sights():
        foreign = linked.findings[sight.site.file].language.startswith("foreign:")
        if sight.mark is Mark.DECODE_RUN and (foreign or moment(linked, sight.site.file, sight.unit) is not None):
            soon = is_soon(linked, sight.site.file, sight.unit)
            here = sight.detail == "literal" or bool(
                sight.detail and linked.tree.resolve(sight.site.file, Use("load", sight.detail, 0, ""))
            )
            verdict = Verdict.BLOCK if soon or here else Verdict.REVIEW
            yield sight_chain(linked, RULE.id, verdict, sight, "hidden text is decoded and run")


RULE = Rule(
    "decoded_code",
    "Hidden text is decoded and run",
    "A piece of the program is stored so that nobody can read it (base64, compression, numbers), and is turned "
    "back into "
    "code only to be run. Honest programs have no reason to hide what they do from their reader.",
    STOP,
    ("T1140", "T1027.013"),
    _find,
)

"""`persistence`: something arranges to run again after a restart."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Sink, Source
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, sight_chain

_WORSE = {Mark.FETCH_RUN, Mark.DECODE_RUN, Mark.DISGUISED}


def _find(linked: Linked) -> Iterator[Chain]:
    worse = {sight.site.file for sight in linked.sights() if sight.mark in _WORSE}
    worse |= {
        f.end.file for f in linked.flows() if f.source in {Source.NET, Source.DECODED} and f.sink is not Sink.SEND
    }
    for sight in linked.sights():
        if sight.mark is Mark.PERSIST and linked.findings[sight.site.file].language != "pth":
            verdict = Verdict.BLOCK if sight.site.file in worse else Verdict.REVIEW
            yield sight_chain(linked, RULE.id, verdict, sight, f"this runs again by itself later: {sight.detail}")


RULE = Rule(
    "persistence",
    "Something arranges to be run again later",
    "The program writes itself, or something else, to a place from which the system starts it again (log-in, schedule, "
    "shell profile). A coding test has no need of that.",
    ASK,
    ("T1547", "T1543", "T1053.003", "T1546.004"),
    _find,
)

"""`remote_object`: what the network answers is deserialised by something that can run code."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Sink, Source
from sekisho.inspection.languages.knowledge import INDIRECT, QUEUED, SAVED
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, flow_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for flow in linked.flows():
        unsafe = flow.sink is Sink.DESERIALISE or (flow.sink is Sink.OLDER and asks_for_old(linked, flow.end.file))
        if flow.source is Source.NET and unsafe and flow.detail not in INDIRECT:  # a cache holds what was put there
            usual = flow.detail in {SAVED, QUEUED}  # data sets come like that, too, and a queue may be one's own
            verdict = Verdict.REVIEW if usual else Verdict.BLOCK
            yield flow_chain(linked, RULE.id, verdict, flow)


def asks_for_old(linked: Linked, file: str) -> bool:
    """Whether the package of a file asks for a version from before the loader was safe."""
    folders = {f"{folder}/package.json".lstrip("/") for folder in linked.tree.upward(file)}
    return any(sight.mark is Mark.OLD and sight.site.file in folders for sight in linked.sights())


RULE = Rule(
    "remote_object",
    "Data from a server is read in a way that lets it run code",
    "The program fetches data and reads it with a loader (pickle, unsafe YAML and the like) that carries out "
    "instructions "
    "found in the data. It looks like reading a file; it is running what the server sends.",
    STOP,
    ("T1105", "T1059.006"),
    _find,
)

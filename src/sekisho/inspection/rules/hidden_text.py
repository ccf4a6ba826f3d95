"""`hidden_text`: a reader of the source would not see what the machine reads."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, moment, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is Mark.DECEIVE or (
            sight.mark in {Mark.HIDE, Mark.OBFUSCATED} and moment(linked, sight.site.file, sight.unit) is not None
        ):
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, sight.detail)


RULE = Rule(
    "hidden_text",
    "The source hides something from its reader",
    "Text is placed where no reader looks (far to the right, in invisible characters, in an odd encoding), or is "
    "scrambled "
    "by a tool made for that. What it says to a person and to the machine differ.",
    ASK,
    ("T1027", "T1564"),
    _find,
)

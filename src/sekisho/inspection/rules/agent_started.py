"""`agent_started`: a program starts a coding assistant without its guard, or sends it looking for secrets."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, is_soon, moment, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is not Mark.AGENT:
            continue
        reached = moment(linked, sight.site.file, sight.unit)
        seeks = "secrets" in sight.detail
        if reached in {None, Moment.PUSH} and not seeks:
            continue  # nothing here starts it, or somebody else's server does
        triggers = linked.triggers_of(sight.site.file, sight.unit)
        by_itself = any(trigger.by.startswith("editor extension, as soon as") for trigger in triggers)
        worst = seeks or by_itself or is_soon(linked, sight.site.file, sight.unit)
        yield sight_chain(linked, RULE.id, Verdict.BLOCK if worst else Verdict.REVIEW, sight, sight.detail)


RULE = Rule(
    "agent_started",
    "A coding assistant is started and turned on the user",
    "The program starts an assistant that is installed on this machine, lets it act without a question, or tells it to "
    "search the user's files. The assistant does the work of the malware, which then holds none of it.",
    STOP,
    ("T1059", "T1083", "T1552"),
    _find,
)

"""`remote_control`: somebody elsewhere is let in, or says what is run."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, is_soon, moment, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        reached = moment(linked, sight.site.file, sight.unit)
        if sight.mark is Mark.OBEY:
            yield sight_chain(linked, RULE.id, Verdict.BLOCK, sight, sight.detail)
        elif sight.mark is Mark.DOOR and reached not in {None, Moment.PUSH}:
            soon = is_soon(linked, sight.site.file, sight.unit)
            yield sight_chain(linked, RULE.id, Verdict.BLOCK if soon else Verdict.REVIEW, sight, sight.detail)


RULE = Rule(
    "remote_control",
    "Somebody elsewhere is let in",
    "A shell, a debugger or a tunnel is opened to another machine. Whoever sits there can do on this one whatever its "
    "user can, now and until it is closed.",
    STOP,
    ("T1059.004", "T1219", "T1572"),
    _find,
)

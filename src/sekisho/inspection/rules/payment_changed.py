"""`payment_changed`: what is signed, sent or pasted is changed on its way."""

import re
from collections.abc import Iterator

from sekisho.inspection.findings import Mark
from sekisho.inspection.languages.rewriting import GIVEN
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import STOP, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    for sight in linked.sights():
        if sight.mark is Mark.TAMPER:
            doubtful = bool(re.match(r"\w\.", sight.detail))  # a name of one letter, as in a bundle, may be anybody's
            doubtful = doubtful or sight.detail == GIVEN
            yield sight_chain(linked, RULE.id, Verdict.REVIEW if doubtful else Verdict.BLOCK, sight, sight.detail)


RULE = Rule(
    "payment_changed",
    "What is signed, sent or pasted is changed on its way",
    "A function of a wallet, of the browser or of a library is replaced by one that calls it with another address, or "
    "an address in the clipboard is replaced, or a transaction gets another one on its way to be signed. Money goes to "
    "whoever wrote this, and the screen shows something else.",
    STOP,
    ("T1565.002", "T1115"),
    _find,
)

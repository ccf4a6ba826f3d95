"""`other_packages`: packages are taken from another registry than the usual one, while installing runs scripts."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    installs = any(reach.trigger.when is Moment.INSTALL for reach in linked.reaches)
    for sight in linked.sights():
        if sight.mark is Mark.REDIRECT and (sight.detail.startswith(("registry", "packages from")) or
                                            (installs and " from http" in sight.detail)):  # fmt: skip
            yield sight_chain(
                linked, RULE.id, Verdict.REVIEW, sight, f"what is installed comes from elsewhere: {sight.detail}"
            )


RULE = Rule(
    "other_packages",
    "Packages come from somewhere unusual",
    "Installing takes packages from a server of somebody's choosing instead of the public registry. What they "
    "contain was "
    "not read.",
    ASK,
    ("T1195.001",),
    _find,
)

"""`other_packages`: packages are taken from another registry than the usual one, while installing runs scripts."""

from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.link import SOON, Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    installs = any(reach.trigger.when is Moment.INSTALL for reach in linked.reaches)
    for sight in linked.sights():
        triggers = linked.triggers_of(sight.site.file, sight.unit) if sight.mark is Mark.BRINGS else ()
        if any(each.when in SOON and not each.by.startswith("dev container (") for each in triggers):
            says = f"a package is installed for the whole machine, beside what was asked for: {sight.detail}"
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, says)
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

"""`other_packages`: packages are taken from another registry than the usual one, while installing runs scripts."""

import re
from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Moment, Sight
from sekisho.inspection.link import SOON, Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Verdict, sight_chain


def _find(linked: Linked) -> Iterator[Chain]:
    installs = any(reach.trigger.when is Moment.INSTALL for reach in linked.reaches)
    for sight in linked.sights():
        if sight.mark is Mark.BRINGS and not _is_asked_for(linked, sight):
            says = f"a package that nothing here asks for is installed: {sight.detail}"
            yield sight_chain(linked, RULE.id, Verdict.REVIEW, sight, says)
        if sight.mark is Mark.REDIRECT and (sight.detail.startswith(("registry", "packages from")) or
                                            (installs and " from http" in sight.detail)):  # fmt: skip
            yield sight_chain(
                linked, RULE.id, Verdict.REVIEW, sight, f"what is installed comes from elsewhere: {sight.detail}"
            )


def _is_asked_for(linked: Linked, sight: Sight) -> bool:
    """Whether somebody decides to install this, or it is a dependency by its name."""
    triggers = linked.triggers_of(sight.site.file, sight.unit)
    unasked = any(each.when in SOON and not each.by.startswith("dev container (") for each in triggers)
    told = {need.name for need in linked.needs()}
    named = {re.sub(r"(?<=.)@[^/]*$", "", word) for word in sight.detail.removesuffix(" for the whole machine").split()}
    return not unasked or named <= told


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

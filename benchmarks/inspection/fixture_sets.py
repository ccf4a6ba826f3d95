"""Our hostile fixtures and their twins, of every set, in one form. None is malware: what is caught of them is no recall
of malware, and is never called so.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import inspection
from inspection.rules.development import CAUGHT, LEFT
from sekisho.inspection.rules.chain import Verdict
from support.inspection import Files


class Place(NamedTuple):
    """A line that a right answer names."""

    file: str
    line: int


class Fixture(NamedTuple):
    """A small project. `kind` is the rule it was written for, or the letter of its class in the taxonomy.

    For a hostile one `verdict` is the mildest right answer; for an honest one the gravest that is no false alarm.
    """

    name: str
    kind: str
    family: str
    files: Files
    verdict: Verdict
    places: tuple[Place, ...] = ()


class Pairs(NamedTuple):
    """A set: what is hostile, and the honest look-alikes."""

    hostile: tuple[Fixture, ...]
    honest: tuple[Fixture, ...]


def development() -> Pairs:
    """What the rules were written with."""
    hostile = tuple(
        Fixture(claim, rule, rule, each.files, Verdict(each.verdict), (Place(*each.place),))
        for rule, claim, each in CAUGHT
    )
    honest = tuple(Fixture(claim, rule, rule, files, Verdict.NO_CHAIN_FOUND) for rule, claim, files in LEFT)
    return Pairs(hostile, honest)


def written_apart(name: str) -> Pairs:
    """A set by somebody who had not read the rules. Raises FileNotFoundError where it does not exist."""
    if not Path(inspection.__path__[0], name).is_dir():
        raise FileNotFoundError(f"there is no {name} set in this tree")
    from inspection.fixtures import cases  # noqa: PLC0415 - it comes with the sets

    hostile, honest = [], []
    for case in cases(name):
        kind, places = case.classes[0], (case.source, case.sink)
        named = tuple(Place(place.path, place.line) for place in places)
        hostile.append(Fixture(case.ident, kind, case.family, case.project.files, Verdict(case.verdict), named))
        honest.append(Fixture(case.ident, kind, case.family, case.twin.files, Verdict(case.twin_verdict)))
    return Pairs(tuple(hostile), tuple(honest))


SETS: Mapping[str, Callable[[], Pairs]] = {
    "development": development,
    "validation": lambda: written_apart("validation"),
    "locked": lambda: written_apart("locked"),
}
"""The locked set is read once for a release, and reported as it falls."""

GRAVITY = (Verdict.NO_CHAIN_FOUND, Verdict.REVIEW, Verdict.BLOCK)


def at_least_as_grave(verdict: Verdict, asked: Verdict) -> bool:
    """Whether an answer is as grave as another, or graver."""
    return GRAVITY.index(verdict) >= GRAVITY.index(asked)

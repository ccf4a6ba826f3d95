"""`near_names`: a dependency is called almost like a well-known package, or stands under its name, and is not it."""

from collections.abc import Iterator
from functools import cache

from sekisho.inspection.findings import Need, Site
from sekisho.inspection.link import Linked
from sekisho.inspection.rules.chain import ASK, Chain, Rule, Step, StepKind, Verdict
from sekisho.inspection.rules.known_packages import KEEPERS, NODE, PYTHON

_SHORTEST = 6
"""Letters: shorter names are near each other by chance."""


def _find(linked: Linked) -> Iterator[Chain]:
    told: set[str] = set()
    for need in linked.needs():
        known = _known(need)
        near = nearly(need.name, known) if not need.origin and need.name not in told else ""
        if near or (need.name not in told and _stands_for_another(need)):
            told.add(need.name)
            says = f"the package {need.name!r} is asked for: the well-known one is {near or need.under!r}"
            yield Chain(RULE.id, Verdict.REVIEW, (Step(StepKind.SINK, Site(need.file, need.line, need.name), says),))


def _stands_for_another(need: Need) -> bool:
    """Whether a package of nobody's known scope is installed under the name of a library that is given keys."""
    of_nobody = need.name[:1] != "@" and need.name not in NODE
    return need.under in KEEPERS and of_nobody and "node_modules/" not in need.file


def _known(need: Need) -> frozenset[str]:
    name = need.file.rpartition("/")[2]
    if "node_modules/" in need.file or not name.endswith((".json", ".txt", ".toml", ".in", ".cfg")):
        return frozenset()
    return NODE if name.endswith(".json") else PYTHON


def nearly(name: str, known: frozenset[str]) -> str:
    """The known name that is one letter away from this one, or one swap or separator; nothing if it is known itself."""
    plain = _plain(name)
    by_plain = _by_plain(known)
    if plain in by_plain or len(plain) < _SHORTEST or len(plain) > 60:
        return ""
    return next((by_plain[each] for each in _edits(plain) if each in by_plain and len(each) >= _SHORTEST), "")


@cache
def _by_plain(known: frozenset[str]) -> dict[str, str]:
    return {_plain(each): each for each in sorted(known)}


def _plain(name: str) -> str:
    """Without case, and with one separator: registries take those as the same, or as near enough."""
    return name.lower().replace("_", "-").replace(".", "-")


_KEYS = ("1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE = ("aeiouy", "il1j", "o0", "s5", "b6", "g9q", "z2", "mn", "uv", "vw", "ckq", "sz", "dt", "bp", "fv", "gj")


@cache
def _taken_for(letter: str) -> tuple[str, ...]:
    """The letters that are typed, read or heard for this one: by their keys, their looks and their sounds."""
    found = {each for group in _ALIKE if letter in group for each in group}
    for upper, lower in ((row, _KEYS[at + 1] if at + 1 < len(_KEYS) else "") for at, row in enumerate(_KEYS)):
        for row, other in ((upper, upper), (upper, lower), (lower, upper)):
            if letter in row:
                place = row.index(letter)
                found.update(other[max(0, place - 1) : place + 2])
    return tuple(sorted(found - {letter}))


def _edits(name: str) -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
    for at in range(len(name) + 1):
        head, tail = name[:at], name[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _taken_for(tail[0]))
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in letters)
    yield name.replace("-", "")


RULE = Rule(
    "near_names",
    "A package is called almost like a well-known one",
    "A dependency differs by one letter from a package that everyone knows. Such names are registered so that people "
    "install them by mistake, or do not notice the difference when they read.",
    ASK,
    ("T1195.001", "T1036.005"),
    _find,
)

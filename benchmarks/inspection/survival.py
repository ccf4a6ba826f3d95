"""Whether what is noticed is still noticed after one change that keeps what it does: a line for each change.

    python benchmarks/inspection/survival.py [--seed N] [set ...]        the development and the validation set

Changes of words are made in every program of a fixture, those of layout in programs that nothing else calls into, those
of the project everywhere. "as grave": the verdict did not become milder.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from fixture_sets import SETS, Fixture, at_least_as_grave
from rates import at_least

from inspection.mutations import JAVASCRIPT, PLACES, PYTHON
from inspection.operators import javascript_layout, javascript_words, python_layout, python_words
from inspection.operators.projects import REARRANGEMENTS, Rearrangement, raw
from inspection.operators.shape import Operator
from sekisho.inspection.intake.gather import gather_bytes
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
from sekisho.inspection.rules.chain import Verdict
from support.inspection import Files, Here, inspected

COSTLY, COSTLY_TRIED = re.compile(r"\d MB"), 6
"""Changes that make files of many megabytes are tried on so many fixtures of each set, drawn by the seed."""

SCRIPTS = (".js", ".mjs", ".cjs")

ABOUT_LOOKS = {"hidden_text", "automatic_start", "H"}
"""Kinds of fixtures whose point is how a file looks or is called: only the place of the whole project is changed."""

LIMIT = 0.85
"""The share that is to be noticed after any single change."""


class Change(NamedTuple):
    """One change: of what kind of input it is, its name, and what it does to a project."""

    kind: str
    name: str
    make: Rearrangement


class Tally(NamedTuple):
    """How one change ended on the fixtures that it changed and that were noticed before."""

    change: Change
    tried: int
    noticed: int
    as_grave: int
    lost: tuple[str, ...]


def verdict(files: Files) -> Verdict:
    """The answer; an archive is read as one."""
    names = list(files)
    if len(names) == 1 and names[0].endswith((".zip", ".gz")):
        read = gather_bytes(names[0], raw(files)[names[0]])
        return judge(read.files, read.gaps, link(read.files, Here())).verdict
    return inspected(files).verdict


def words(suffixes: tuple[str, ...], operator: Operator) -> Rearrangement:
    """A change of words, in every program of a project."""

    def make(files: Files, dice: random.Random) -> Files | None:
        changed: dict[str, str | bytes] = dict(files)
        for name, data in raw(files).items():
            if name.endswith(suffixes):
                changed[name] = operator(data.decode(errors="surrogateescape"), dice) or files[name]
        return changed if changed != dict(files) else None

    return make


def layout(suffix: str, operator: Operator) -> Rearrangement:
    """A change of layout, in every program that nothing else calls into."""

    def make(files: Files, dice: random.Random) -> Files | None:
        texts = {name: data.decode(errors="surrogateescape") for name, data in raw(files).items()}
        changed: dict[str, str | bytes] = dict(files)
        for name, text in texts.items():
            if name.endswith(suffix) and _stands_alone(name, texts):
                changed[name] = operator(text, dice) or files[name]
        return changed if changed != dict(files) else None

    return make


def _stands_alone(name: str, texts: Mapping[str, str]) -> bool:
    """Whether no other program names this one, and it calls all that it defines itself."""
    stem = re.escape(PurePosixPath(name).stem)
    programs = (text for other, text in texts.items() if other != name and other.endswith((".py", *SCRIPTS, ".ts")))
    defined = re.findall(r"^(?:async )?(?:def|class|function) (\w+)", texts[name], re.MULTILINE)
    return not any(re.search(rf"\b{stem}\b", text) for text in programs) and all(
        len(re.findall(rf"\b{each}\b", texts[name])) > 1 for each in defined
    )


def moved(place: str) -> Rearrangement:
    """A whole project in another folder."""
    folder = place.rpartition("/")[0]
    return lambda files, _: {f"{folder}/{name}": data for name, data in files.items()}


def seedless(change: Callable[[str], str]) -> Operator:
    """A change that draws nothing, as one that may."""
    return lambda source, _: change(source)


def changes() -> Iterator[Change]:
    """All of them."""
    for name, rearrangement in REARRANGEMENTS.items():
        yield Change(
            "place" if name.startswith(("as it is", "in a ", "with ignore")) else "project", name, rearrangement
        )
    for place in PLACES:
        yield Change("place", f"in {place.rpartition('/')[0]}/", moved(place))
    yield from _of("python", ".py", (".py",), PYTHON, python_words.WORDS, python_layout.LAYOUT)
    yield from _of("javascript", ".js", SCRIPTS, JAVASCRIPT, javascript_words.WORDS, javascript_layout.LAYOUT)


def _of(kind: str, suffix: str, suffixes: tuple[str, ...], tested: Mapping[str, Callable[[str], str]],
        by_words: Mapping[str, Operator], by_layout: Mapping[str, Operator]) -> Iterator[Change]:  # fmt: skip
    for name, change in tested.items():
        if name != "as it is":
            yield Change(kind, name, layout(suffix, seedless(change)))
    for name, operator in by_words.items():
        # Other files of a project may use the names of this one.
        yield Change(kind, name, layout(suffix, operator) if name == "names changed" else words(suffixes, operator))
    for name, operator in by_layout.items():
        yield Change(kind, name, layout(suffix, operator))


def tally(change: Change, noticed: list[tuple[Fixture, Verdict]], seed: int) -> Tally:
    """One change on every fixture that was noticed before."""
    tried = still = grave = 0
    lost = []
    order, most = noticed, len(noticed)
    if COSTLY.search(change.name):
        pick = random.Random(f"{seed} {change.name}")  # noqa: S311 - the same in every run
        order, most = pick.sample(noticed, len(noticed)), COSTLY_TRIED
    for fixture, before in order:
        dice = random.Random(f"{seed} {change.kind} {change.name} {fixture.name}")  # noqa: S311 - as above
        kept = fixture.kind in ABOUT_LOOKS and change.kind != "place"
        files = None if kept or tried >= most else change.make(fixture.files, dice)
        if files is None:
            continue
        after = verdict(files)
        tried += 1
        still += after is not Verdict.NO_CHAIN_FOUND
        grave += at_least_as_grave(after, before)
        if after is Verdict.NO_CHAIN_FOUND:
            lost.append(fixture.name)
    return Tally(change, tried, still, grave, tuple(lost))


def table(name: str, seed: int) -> None:
    """The table of one set, its worst changes last."""
    hostile = SETS[name]().hostile
    answers = [(fixture, verdict(fixture.files)) for fixture in hostile]
    noticed = [(fixture, found) for fixture, found in answers if found is not Verdict.NO_CHAIN_FOUND]
    print(f"{name}: {len(noticed)} of {len(hostile)} noticed before any change; seed {seed}")
    print(f"{'kind':<12}{'change':<42}{'changed':>8}{'noticed':>9}{'share':>8}{'as grave':>10}   lost")
    tallies = [each for change in changes() if (each := tally(change, noticed, seed)).tried]
    for each in tallies:
        lost = "; ".join(each.lost[:3]) + (f"; and {len(each.lost) - 3} more" if len(each.lost) > 3 else "")
        print(f"{each.change.kind:<12}{each.change.name:<42}{each.tried:>8}{each.noticed:>9}"
              f"{each.noticed / each.tried:>8.0%}{each.as_grave:>10}   {lost}")  # fmt: skip
    tried, still = sum(each.tried for each in tallies), sum(each.noticed for each in tallies)
    below = [each.change.name for each in tallies if each.noticed < LIMIT * each.tried]
    print(f"{len(tallies)} changes, {tried} changed fixtures: {at_least(still, tried)} noticed; "
          f"below {LIMIT:.0%}: {', '.join(below) or 'none'}\n")  # fmt: skip


def main() -> None:
    """A table for each set that was asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("sets", nargs="*", metavar="set", help=", ".join(SETS))
    given = asked.parse_args()
    for name in given.sets or ("development", "validation"):
        try:
            table(name, given.seed)
        except FileNotFoundError as why:
            print(f"LEFT OUT: {why}", file=sys.stderr)


if __name__ == "__main__":
    main()

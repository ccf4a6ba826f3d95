"""Sekisho beside GuardDog, Bandit and Semgrep, on the same fixtures and the same honest packages, in one run.

    python benchmarks/inspection/compare.py [scanner ...]

Sekisho's rules were written with the development set, so that set says little about the others; the validation set was
written by somebody who had not read the rules. The honest packages are 40 of the list, evenly spaced among those of at
most 5 MB, so that a run ends within the hour.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from fixture_sets import SETS, Fixture
from packages import trees
from rates import at_least, at_most
from scanners import SCANNERS, Folders, asked

from inspection.operators.projects import raw
from sekisho.inspection.rules.chain import Verdict

SAMPLE, LARGEST = 40, 5_000_000


class Column(NamedTuple):
    """One thing to be asked about: folders that are hostile, or folders that are not."""

    title: str
    folders: Folders
    hostile: bool


def laid_out(root: Path, title: str, fixtures: tuple[Fixture, ...]) -> Folders:
    """Each fixture as a folder of its own."""
    folders = {}
    for number, fixture in enumerate(fixtures):
        folder = folders[f"{number}: {fixture.name}"] = root / f"{title.replace(' ', '-')}-{number}"
        for name, data in raw(fixture.files).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return folders


def sample() -> Folders:
    """Honest packages, evenly spaced in the list."""
    small = [
        (package.name, folder)
        for package, folder in trees()
        if sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= LARGEST
    ]
    return dict(small[place * len(small) // SAMPLE] for place in range(SAMPLE))


def columns(root: Path) -> Iterator[Column]:
    """The sets that are there, hostile and honest, and the packages."""
    for name in ("development", "validation"):
        try:
            pairs = SETS[name]()
        except FileNotFoundError as why:
            print(f"LEFT OUT: {why}", file=sys.stderr)
            continue
        yield Column(name, laid_out(root, name, pairs.hostile), hostile=True)
        # A twin that deserves a REVIEW accuses nobody of a mistake.
        honest = tuple(each for each in pairs.honest if each.verdict is Verdict.NO_CHAIN_FOUND)
        yield Column(f"{name} twins", laid_out(root, f"{name} twins", honest), hostile=False)
    yield Column("honest packages", sample(), hostile=False)


def main() -> None:
    """A table for each column: what every scanner flags, at each of its grades."""
    chosen = sys.argv[1:] or list(SCANNERS)
    with TemporaryDirectory() as root:
        for column in columns(Path(root)):
            print(f"{column.title}: {len(column.folders)}, {'all to be' if column.hostile else 'none to be'} flagged")
            for name in chosen:
                for grade, flagged in asked(name, column.folders).items():
                    told = (at_least if column.hostile else at_most)(len(flagged), len(column.folders))
                    named = "" if column.hostile else "   " + ", ".join(sorted(flagged)[:8])
                    print(f"  {grade:<36}{told}{named}", flush=True)
            print()


if __name__ == "__main__":
    main()

"""Files a second and memory on 5,000 files of 17 KB on average, beside GuardDog and Bandit.

    python benchmarks/inspection/speed.py [--rounds N] [--files N]

The files are drawn from the honest packages, each at most 1 MB, and keep their folders. All programs read the same tree
in turn, round by round; figures are medians, and ratios are taken within a round, as other work may slow a machine.
Seconds of processors are less disturbed by it than those of the clock. Bandit reads the Python files alone, and is
counted by those alone.
"""

import argparse
import random
import shutil
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from environments import NoEnvironment, programs_of
from packages import trees
from processes import Ended, run

MEAN, LARGEST = 17_000, 1_000_000
SUFFIXES = (".py", ".js", ".cjs", ".mjs", ".ts")


class Source(NamedTuple):
    """A file of an honest package: where it is, where it goes, and its bytes."""

    path: Path
    name: str
    size: int


def sources() -> list[Source]:
    """All programs among the honest packages."""
    found = []
    for package, folder in trees():
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and not path.name.endswith(".d.ts") and path.is_file() and not path.is_symlink():
                size = path.stat().st_size
                if 0 < size <= LARGEST:
                    found.append(Source(path, f"{package.name}/{path.relative_to(folder)}", size))
    return found


def drawn(found: list[Source], count: int) -> list[Source]:
    """So many of them, whose mean is about MEAN: small and large ones are mixed in the share that gives it."""
    dice = random.Random(1)  # noqa: S311 - the same files in every run
    dice.shuffle(found)
    large, small = ([each for each in found if (each.size >= MEAN) == wanted] for wanted in (True, False))
    means = [statistics.mean(each.size for each in part) for part in (large, small)]
    share = (MEAN - means[1]) / (means[0] - means[1])
    chosen = large[: round(count * share)] + small[: count - round(count * share)]
    dice.shuffle(chosen)
    return chosen


def laid_out(chosen: list[Source], root: Path) -> Path:
    """A tree of them."""
    for each in chosen:
        target = root / each.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(each.path, target)
    return root


def told(chosen: list[Source]) -> str:
    """What was drawn."""
    sizes = [each.size for each in chosen]
    kinds = ", ".join(f"{sum(each.path.suffix == suffix for each in chosen)} {suffix}" for suffix in SUFFIXES)
    return (f"{len(chosen)} files ({kinds}), {sum(sizes) / 1e6:.1f} MB, mean {statistics.mean(sizes) / 1e3:.1f} KB, "
            f"largest {max(sizes) / 1e3:.0f} KB")  # fmt: skip


def ours(folder: Path) -> Ended:
    """Sekisho, by its command line."""
    return run([sys.executable, "-P", "-m", "sekisho", "inspect", "--format", "json", str(folder)])


def guarddog(folder: Path) -> Ended:
    """GuardDog, as one package of PyPI, in its sandbox."""
    command = [str(programs_of("guarddog") / "guarddog"), "pypi", "scan", str(folder), "--output-format", "json"]
    return run(command)


def bandit(folder: Path) -> Ended:
    """Bandit, on the Python files."""
    return run([str(programs_of("bandit") / "bandit"), "--quiet", "--format", "json", "--recursive", str(folder)])


OTHERS: tuple[tuple[str, Callable[[Path], Ended]], ...] = (("GuardDog 3.2.0", guarddog), ("Bandit 1.9.4", bandit))


class Spent(NamedTuple):
    """What one program spent, round by round, on so many files."""

    name: str
    files: int
    rounds: list[Ended]

    def rate(self, by: str) -> list[float]:
        """Files a second, of the clock (`seconds`) or of processors (`cpu`), in each round."""
        return [self.files / getattr(each, by) for each in self.rounds]


def side_by_side(folder: Path, chosen: list[Source], rounds: int) -> None:
    """The table of programs."""
    python = sum(each.path.suffix == ".py" for each in chosen)
    spent = [Spent("Sekisho", len(chosen), [])]
    for name, _ in OTHERS:
        spent.append(Spent(name, python if name.startswith("Bandit") else len(chosen), []))
    for _ in range(rounds):
        for each, program in zip(spent, (ours, *(program for _, program in OTHERS)), strict=True):
            try:
                each.rounds.append(program(folder))
            except NoEnvironment as why:
                print(f"LEFT OUT {each.name}: {why}", file=sys.stderr)
    print(f"{'':<16}{'files':>7}{'seconds':>9}{'files/s':>9}{'files/CPU s':>13}{'peak MiB':>10}{'ours, files/s':>16}"
          f"{'per CPU s':>11}{'memory':>8}")  # fmt: skip
    own = spent[0]
    for each in (each for each in spent if each.rounds):
        seconds, peak = (statistics.median(getattr(one, of) for one in each.rounds) for of in ("seconds", "peak"))
        ratios = [
            statistics.median(a / b for a, b in zip(own.rate(by), each.rate(by), strict=True))
            for by in ("seconds", "cpu")
        ]
        memory = statistics.median(a.peak / b.peak for a, b in zip(own.rounds, each.rounds, strict=True))
        print(f"{each.name:<16}{each.files:>7}{seconds:>9.1f}{statistics.median(each.rate('seconds')):>9.0f}"
              f"{statistics.median(each.rate('cpu')):>13.0f}{peak:>10.0f}{ratios[0]:>15.2f}x{ratios[1]:>10.2f}x"
              f"{memory:>7.2f}x")  # fmt: skip


def main() -> None:
    """Draw, lay out, measure, print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--files", type=int, default=5_000)
    given = asked.parse_args()
    chosen = drawn(sources(), given.files)
    print(f"{told(chosen)}; medians of {given.rounds}")
    with TemporaryDirectory() as home:
        side_by_side(laid_out(chosen, Path(home)), chosen, given.rounds)


if __name__ == "__main__":
    main()

"""False alarms on honest packages: how many of each group get BLOCK or REVIEW, by which rule, and where.

With names of packages or groups as arguments, those alone. Bounds are one-sided, at 95 %.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from packages import Package, packages, trees
from rates import at_most

from sekisho.inspection.inspect import inspect
from sekisho.inspection.judge import Inspection
from sekisho.inspection.report.words import place
from sekisho.inspection.rules.chain import Verdict
from sekisho.inspection.text import shown


class Row(NamedTuple):
    """One package, read."""

    package: Package
    answer: Inspection
    seconds: float


def read(package: Package, folder: Path) -> Row:
    """Inspect one package, and say on the error output what came of it: the whole list takes a while."""
    started = time.perf_counter()
    row = Row(package, inspect(folder), time.perf_counter() - started)
    print(f"{row.seconds:7.1f} s  {package.name:<24}{row.answer.verdict}", *alarms(row), sep="\n", file=sys.stderr)
    return row


def table(rows: list[Row]) -> None:
    """A line for each group, and one for all."""
    print(f"{'group':<14}{'packages':>8}   {'BLOCK':<28}{'BLOCK or REVIEW':<28}{'bytes understood':>16}")
    groups = list(dict.fromkeys(row.package.group for row in rows))
    for group in [*groups, "all"]:
        chosen = [row for row in rows if group in {row.package.group, "all"}]
        blocked = sum(row.answer.verdict is Verdict.BLOCK for row in chosen)
        alarms = sum(row.answer.verdict is not Verdict.NO_CHAIN_FOUND for row in chosen)
        read, understood = (sum(getattr(row.answer.coverage, of) for row in chosen) for of in ("bytes", "understood"))
        count = len(chosen)
        print(f"{group:<14}{count:>8}   {at_most(blocked, count):<28}{at_most(alarms, count):<28}"
              f"{understood / max(1, read):>16.1%}")  # fmt: skip


def alarms(row: Row) -> Iterator[str]:
    """Every rule that gave BLOCK or REVIEW, with its first place; the gap of the input where no rule did."""
    if row.answer.verdict is not Verdict.NO_CHAIN_FOUND and not row.answer.chains:
        yield f"REVIEW  {row.package.name:<22} {'(gap)':<16} {shown(row.answer.gaps[0].why)}"
    counted = Counter((chain.verdict, chain.rule) for chain in row.answer.chains)
    for (verdict, rule), count in counted.items():
        chain = next(each for each in row.answer.chains if (each.verdict, each.rule) == (verdict, rule))
        more = f" and {count - 1} more" if count > 1 else ""
        yield f"{verdict.upper():<7} {row.package.name:<22} {rule:<16} {place(chain.steps[-1].site)}{more}"


def main() -> None:
    """Read them all; print the table, then the alarms."""
    named = set(sys.argv[1:])
    chosen = tuple(each for each in packages() if not named or named & {each.name, each.group})
    started = time.perf_counter()
    rows = [read(package, folder) for package, folder in trees(chosen)]
    table(rows)
    print()
    for row in sorted(rows, key=lambda each: list(Verdict).index(each.answer.verdict)):
        for line in alarms(row):
            print(line)
    size = sum(row.answer.coverage.bytes for row in rows) / 1e6
    files = sum(row.answer.coverage.files for row in rows)
    print(f"\n{files:,} files, {size:,.0f} MB in {time.perf_counter() - started:,.0f} s")


if __name__ == "__main__":
    main()

"""What is caught of our own fixtures, and how many honest twins are not left alone: by rule or class, and by set.

    python benchmarks/inspection/recall.py                 the development and the validation set
    python benchmarks/inspection/recall.py locked          the set that is opened once for a release

"as asked": the verdict is at least as grave as the manifest's; "at its lines": chains name every line it names.
Bounds are one-sided, at 95 %, and say how far so small a set can be trusted, not how the world is.
"""

import sys
from typing import NamedTuple

from fixture_sets import SETS, Fixture, Place, at_least_as_grave
from rates import at_least, at_most

from sekisho.inspection.rules.chain import Verdict
from support.inspection import inspected


class Answer(NamedTuple):
    """What was said of one fixture."""

    fixture: Fixture
    verdict: Verdict
    rules: tuple[str, ...]
    at_its_lines: bool

    @property
    def as_asked(self) -> bool:
        """At least as grave as the manifest asks."""
        return at_least_as_grave(self.verdict, self.fixture.verdict)


def ask(fixture: Fixture) -> Answer:
    """Inspect one fixture."""
    found = inspected(fixture.files)
    named = {Place(step.site.file, step.site.line) for chain in found.chains for step in chain.steps}
    rules = tuple(dict.fromkeys(chain.rule for chain in found.chains))
    return Answer(fixture, found.verdict, rules, set(fixture.places) <= named)


def row(name: str, hostile: list[Answer], honest: list[Answer]) -> str:
    """One line of the table."""
    caught = sum(answer.verdict is not Verdict.NO_CHAIN_FOUND for answer in hostile)
    counts = (
        len(hostile),
        sum(answer.verdict is Verdict.BLOCK for answer in hostile),
        caught,
        sum(answer.as_asked for answer in hostile),
        sum(answer.at_its_lines for answer in hostile),
        len(honest),
        sum(accused(answer) for answer in honest),
    )
    return f"{name:<18}" + "".join(f"{count:>14}" for count in counts)


def accused(answer: Answer) -> bool:
    """Whether a twin got a graver verdict than it deserves."""
    return answer.verdict is not answer.fixture.verdict and answer.as_asked


def table(name: str) -> None:
    """The table of one set; the bounds; what was missed, and which twin was not left alone."""
    pairs = SETS[name]()
    hostile, honest = ([ask(fixture) for fixture in fixtures] for fixtures in pairs)
    heads = ("hostile", "BLOCK", "BLOCK+REVIEW", "as asked", "at its lines", "twins", "twins accused")
    print(f"{name:<18}" + "".join(f"{head:>14}" for head in heads))
    for kind in sorted({fixture.kind for fixture in pairs.hostile}):
        print(row(kind, *([a for a in answers if a.fixture.kind == kind] for answers in (hostile, honest))))
    print(row("all", hostile, honest))
    count = len(hostile)
    print(f"BLOCK+REVIEW: {at_least(sum(a.verdict is not Verdict.NO_CHAIN_FOUND for a in hostile), count)}; "
          f"as asked: {at_least(sum(a.as_asked for a in hostile), count)}; "
          f"twins accused: {at_most(sum(map(accused, honest)), len(honest))}")  # fmt: skip
    for answer in hostile:
        if not answer.as_asked or not answer.at_its_lines:
            wrong = "other lines" if answer.as_asked else "missed" if not answer.rules else "milder"
            print(f"  {wrong:<12} {told(answer)}")
    for answer in honest:
        if accused(answer):
            print(f"  {'accused':<12} {told(answer)}")
    print()


def told(answer: Answer) -> str:
    """A fixture and what was said of it."""
    fixture = answer.fixture
    return f"{fixture.kind}, {fixture.name} ({fixture.family}): {answer.verdict} {', '.join(answer.rules)}"


def main() -> None:
    """A table for each set that was asked for."""
    for name in sys.argv[1:] or ("development", "validation"):
        try:
            table(name)
        except FileNotFoundError as why:
            print(f"LEFT OUT: {why}", file=sys.stderr)


if __name__ == "__main__":
    main()

"""`inspect PATH` and `inspect baseline`: read a path, tell the answer, accept what somebody has looked at."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sekisho.cli.console import write
from sekisho.files import read_file, replace
from sekisho.inspection.baseline import MAX_BYTES, accept, outside, read_baseline, write_baseline
from sekisho.inspection.inspect import inspect_intake
from sekisho.inspection.intake.gather import Intake, gather
from sekisho.inspection.judge import Inspection
from sekisho.inspection.report.document import as_json
from sekisho.inspection.report.html import as_html
from sekisho.inspection.report.sarif import as_sarif
from sekisho.inspection.report.words import tell
from sekisho.inspection.rules.chain import Verdict
from sekisho.inspection.virtual import plain

FOUND = 1
"""Exit status: a chain, or something nobody can answer for."""


class Told(StrEnum):
    """How the answer is told."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    HTML = "html"


class FailOn(StrEnum):
    """From which verdict on the exit status is 1."""

    BLOCK = "block"
    REVIEW = "review"


Input = Annotated[Path, typer.Argument(metavar="PATH", help="A folder, a file, an archive, or a bare repository.")]
Form = Annotated[Told, typer.Option("--format", help="How to tell the answer.")]
Worst = Annotated[FailOn, typer.Option("--fail-on", help="From which verdict on to end with status 1.")]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", help="What you have looked at and accept; not within what is inspected.")
]
Workers = Annotated[int | None, typer.Option(min=1, max=64, help="How many workers read at once.")]


def read_path(
    path: Input,
    told: Form = Told.TEXT,
    fail_on: Worst = FailOn.REVIEW,
    baseline: Baseline = None,
    sarif: Annotated[Path | None, typer.Option("--sarif", help="Write SARIF here as well.")] = None,
    workers: Workers = None,
) -> None:
    """Say what would run, when, and where remote content becomes code. Nothing in PATH is executed or asked."""
    accepted = read_accepted(baseline, path)
    found = answer(gather(path), accepted, workers)
    if sarif is not None:
        replace(sarif, as_sarif(found).encode())
    finish(found, plain(path.resolve().name), told, fail_on)


def accept_all(
    path: Input,
    out: Annotated[Path, typer.Option("--out", help="The baseline, a new file; not within PATH.")],
    workers: Workers = None,
) -> None:
    """Write a baseline that accepts all that is found now. Read the report first: it says what you accept."""
    outside(out, path)
    read = gather(path)
    found = answer(read, frozenset(), workers)
    for line in tell(found):
        typer.echo(line)
    write(write_baseline(found, read.files), out)


def read_accepted(baseline: Path | None, tree: Path | None) -> frozenset[str]:
    """The keys in a baseline that lies outside `tree`, if any. Raises BaselineInside, MalformedBaseline."""
    if baseline is None:
        return frozenset()
    if tree is not None:
        outside(baseline, tree)
    return read_baseline(read_file(baseline, MAX_BYTES))


def answer(read: Intake, accepted: frozenset[str], workers: int | None) -> Inspection:
    """Inspect what was gathered, and set apart what is accepted."""
    found = inspect_intake(read, workers)
    return accept(found, read.files, accepted) if accepted else found


def finish(found: Inspection, name: str, told: Told, fail_on: FailOn) -> None:
    """Tell the answer for an input of this name, and end with its status."""
    if told is Told.JSON:
        typer.echo(as_json(found))
    elif told is Told.SARIF:
        typer.echo(as_sarif(found))
    elif told is Told.HTML:
        typer.echo(as_html(found, name))
    else:
        for line in tell(found):
            typer.echo(line)
    if fails(found, fail_on):
        raise typer.Exit(FOUND)


def fails(found: Inspection, fail_on: FailOn) -> bool:
    """Whether a verdict is bad enough to stop."""
    return found.verdict is Verdict.BLOCK or (fail_on is FailOn.REVIEW and found.verdict is Verdict.REVIEW)

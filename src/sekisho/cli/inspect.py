"""`inspect`: read a "coding test" before anyone runs it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sekisho.inspection.inspect import inspect as run_inspection
from sekisho.inspection.judge import Inspection
from sekisho.inspection.report.document import as_json
from sekisho.inspection.report.sarif import as_sarif
from sekisho.inspection.report.words import tell
from sekisho.inspection.rules.chain import Verdict

FOUND = 1
"""Exit status: a chain, or something nobody can answer for."""


class Told(StrEnum):
    """How the answer is told."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


class FailOn(StrEnum):
    """From which verdict on the exit status is 1."""

    BLOCK = "block"
    REVIEW = "review"


def inspect(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder, a file, an archive, or a bare repository.")],
    told: Annotated[Told, typer.Option("--format", help="How to tell the answer.")] = Told.TEXT,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="From which verdict on to end with status 1.")] = (
        FailOn.REVIEW
    ),
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="How many workers read at once.")] = None,
) -> None:
    """Say what would run, when, and where remote content becomes code. Nothing in PATH is executed or asked."""
    found = run_inspection(path, workers=workers)
    if told is Told.JSON:
        typer.echo(as_json(found))
    elif told is Told.SARIF:
        typer.echo(as_sarif(found))
    else:
        for line in tell(found):
            typer.echo(line)
    if fails(found, fail_on):
        raise typer.Exit(FOUND)


def fails(found: Inspection, fail_on: FailOn) -> bool:
    """Whether a verdict is bad enough to stop."""
    return found.verdict is Verdict.BLOCK or (fail_on is FailOn.REVIEW and found.verdict is Verdict.REVIEW)

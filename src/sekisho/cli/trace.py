"""`sekisho trace`: where stolen coins went."""

import os
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from sekisho.cli.console import REFUSED, styled
from sekisho.cli.trace_import import import_
from sekisho.cli.trace_patterns import owner, patterns
from sekisho.cli.trace_run import run, verify_report
from sekisho.cli.trace_simulate import simulate
from sekisho.files import replace
from sekisho.replay.trail import follow

trace = typer.Typer(
    name="trace",
    help="Follow stolen coins: import blocks, trace, report, verify.",
    no_args_is_help=True,
    add_completion=False,
)


def demo(
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the outcome here as JSON.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="An empty folder for the chain, the store and the report; a new one if not given."),
    ] = None,
) -> None:
    """Simulate a theft, import its chain, follow it by six methods, and open the report."""
    folder = Path(tempfile.mkdtemp(prefix="sekisho-trace-")) if out is None else out
    trail = follow(folder, styled)
    if json_file is not None:
        replace(json_file, trail.as_json().encode())
    typer.echo(f"\n  the report                {trail.report}")
    typer.echo(f"  recompute it              sekisho trace verify {trail.report} --store {folder / 'store'} \\")
    typer.echo(f"                              --stop {folder / 'services.csv'}")
    if sys.stdout.isatty() and (sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ):
        webbrowser.open(trail.report.absolute().as_uri())
    if not trail.as_it_must:
        raise typer.Exit(REFUSED)


trace.command("import")(import_)
trace.command()(run)
trace.command("verify")(verify_report)
trace.command()(patterns)
trace.command("cluster")(owner)
trace.command()(simulate)
trace.command()(demo)

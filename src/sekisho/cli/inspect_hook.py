"""`inspect hook` and `inspect pack`: before a commit or a push."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from sekisho.cli.inspect_read import Baseline, FailOn, Form, Told, Workers, Worst, answer, finish, read_accepted
from sekisho.inspection.fetch.clone import LIMITS, MAX_PACK
from sekisho.inspection.fetch.pack import read_pack
from sekisho.inspection.hooks import Hook, script
from sekisho.inspection.pushed import started
from sekisho.inspection.report.push import tell_push
from sekisho.inspection.virtual import UnjudgeableInput


def print_hook(
    when: Annotated[Hook, typer.Argument(metavar="pre-commit|pre-push", help="When git shall ask.")],
    fail_on: Worst = FailOn.BLOCK,
    baseline: Baseline = None,
) -> None:
    """Print a hook for git: `sekisho inspect hook pre-push > .git/hooks/pre-push`, then `chmod +x` it."""
    options = ["--fail-on", str(fail_on)]
    if baseline is not None:
        options += ["--baseline", str(baseline.absolute())]
    typer.echo(script(when, [sys.executable, "-P", "-m", "sekisho"], options), nl=False)


def read_stdin(
    name: Annotated[str, typer.Argument(metavar="OBJECT", help="The commit, tag or tree in it (40 hex digits).")],
    push: Annotated[
        bool, typer.Option("--push", help="Tell first what a push starts, and with which secrets.")
    ] = False,
    told: Form = Told.TEXT,
    fail_on: Worst = FailOn.REVIEW,
    baseline: Baseline = None,
    workers: Workers = None,
) -> None:
    """Inspect a pack of git's, from standard input: what the hooks do."""
    accepted = read_accepted(baseline, Path.cwd())
    if not re.fullmatch(r"[0-9a-f]{40}", name):
        raise UnjudgeableInput(ascii(name), "it is no name of an object of git's")
    pack = sys.stdin.buffer.read(MAX_PACK + 1)
    if len(pack) > MAX_PACK:
        raise UnjudgeableInput(name, f"its pack is longer than {MAX_PACK} bytes")
    fetched = read_pack(pack, name, LIMITS)
    found = answer(fetched.intake, accepted, workers)
    if push and told is Told.TEXT:
        for line in tell_push(started(found, fetched.tree)):
            typer.echo(line)
    finish(found, name, told, fail_on)

"""`inspect clone`: fetch without git and without a checkout, into memory, and read first."""

from pathlib import Path
from typing import Annotated

import typer

from sekisho.cli.console import note
from sekisho.cli.inspect_read import Baseline, FailOn, Form, Told, Workers, Worst, answer, finish, read_accepted
from sekisho.inspection.fetch.clone import clone
from sekisho.inspection.fetch.lay import lay
from sekisho.inspection.rules.chain import Verdict


def clone_first(
    url: Annotated[str, typer.Argument(metavar="URL", help="https://host/path of a repository that anybody may read.")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A new folder for its files, written unless BLOCK.")
    ] = None,
    ref: Annotated[str, typer.Option("--ref", help="A branch or tag; what HEAD names if not given.")] = "",
    private: Annotated[bool, typer.Option("--private", help="The server may be in a private network.")] = False,
    told: Form = Told.TEXT,
    fail_on: Worst = FailOn.REVIEW,
    baseline: Baseline = None,
    workers: Workers = None,
) -> None:
    """Fetch a repository into memory and inspect it. The files are written to DIR only if nothing blocks."""
    accepted = read_accepted(baseline, folder)
    fetched = clone(url, ref, private=private)
    found = answer(fetched.intake, accepted, workers)
    if folder is not None and found.verdict is Verdict.BLOCK:
        note(f"{folder} was not written")
    elif folder is not None:
        left = lay(fetched.tree, folder)
        note(f"wrote {folder}: its files alone, none executable" + (f", without {len(left)} links" if left else ""))
    finish(found, url, told, fail_on)

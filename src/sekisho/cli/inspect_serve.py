"""`inspect serve`: a page to drop a file on."""

from typing import Annotated

import typer

from sekisho.cli.console import note
from sekisho.cli.inspect_read import Workers
from sekisho.inspection.serve import Server


def serve(
    host: Annotated[str, typer.Option(help="Where to listen, and the name it is asked by; this machine alone.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8790,
    workers: Workers = None,
) -> None:
    """Show a page to drop a file on, to this machine alone. Nothing that is dropped is stored."""
    with Server(host, port, workers=workers) as running:
        note(f"open http://{host}:{running.port}/ and drop a file there; Ctrl-C ends it")
        running.serve_forever()

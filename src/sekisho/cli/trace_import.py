"""`trace import`: blocks and loose transactions into a store."""

from pathlib import Path
from types import TracebackType
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sekisho.bitcoin.network import Network
from sekisho.chain.importer import Imported, import_files
from sekisho.cli.console import fail, note


def import_(
    store: Annotated[Path, typer.Option("--store", metavar="S", help="The store's folder; it is made if need be.")],
    network: Annotated[Network, typer.Option("--network", help="Which bitcoin.")] = Network.MAIN,
    blocks: Annotated[
        list[Path] | None,
        typer.Option(
            "--blocks",
            metavar="DIR|FILE",
            help="Bitcoin Core's blocks folder, blk files, or files of one raw block each.",
        ),
    ] = None,
    spent: Annotated[
        list[Path] | None,
        typer.Option(
            "--spent", metavar="FILE", help="The coins a raw block spends: one for each raw block file, in order."
        ),
    ] = None,
    tx: Annotated[
        list[Path] | None,
        typer.Option(
            "--tx", metavar="FILE", help="Loose transactions: one in hex, or one or a list in Esplora's JSON."
        ),
    ] = None,
) -> None:
    """Bring a store up to what these files hold. Run it again to follow the tip; killed, it goes on where it was."""
    if not blocks and not tx:
        fail("nothing to import: give --blocks or --tx")
    for path in (*(blocks or ()), *(spent or ()), *(tx or ())):
        if not path.exists():
            fail(f"{path} is not there")
    with _Bar() as bar:
        done = import_files(store, network, blocks=blocks or (), spent=spent or (), loose=tx or (), progress=bar)
    _tell(done)


def _tell(done: Imported) -> None:
    for each in done.dropped:
        note(str(each))
    if done.rolled_back:
        note(f"{done.rolled_back:,} blocks rolled back: another branch took their place")
    counts = done.counts
    typer.echo(
        f"{done.blocks:,} blocks imported; the store holds {counts.blocks:,} blocks, "
        f"{counts.transactions:,} transactions, {counts.outputs:,} outputs, {counts.scripts:,} scripts"
    )
    typer.echo(f"tip: {done.tip}" if done.tip.height >= 0 else "no block yet")


class _Bar:
    """Bytes, rate and time left, on standard error, where that is a terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("looking through files", total=None)

    def __enter__(self) -> "_Bar":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def scanned(self, files: int, of: int) -> None:
        """See chain.importer.Progress."""
        self._bar.update(self._task, description=f"looking through files: {files} of {of}")

    def begin(self, size: int) -> None:
        """See chain.importer.Progress."""
        self._bar.reset(self._task, total=size, description="blocks")

    def went_on(self, size: int, height: int) -> None:
        """See chain.importer.Progress."""
        self._bar.update(self._task, advance=size, description=f"block {height:,}")

    def writes_parquet(self) -> None:
        """See chain.importer.Progress."""
        self._bar.reset(self._task, total=None, description="writing Parquet")

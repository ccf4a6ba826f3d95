"""`trace simulate`: a chain with thefts in it, and the truth about them; or the DMM theft with a made-up sequel."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import btc
from sekisho.cli.console import fail, note
from sekisho.files import write_new
from sekisho.replay import laundering as dmm_run
from sekisho.replay.simulation.services import KnownService, known_services, services_file
from sekisho.replay.simulation.settings import Settings
from sekisho.replay.simulation.simulate import simulate as write_chain
from sekisho.replay.simulation.truth import Truth, truth_file

TRUTH, SERVICES, TRANSACTIONS = "truth.json", "services.csv", "transactions.json"
"""The files beside the blocks; and the loose transactions of `--dmm`."""

_USUAL = Settings()


def simulate(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder to be made, or an empty one.")],
    seed: Annotated[
        int | None, typer.Option(help=f"The same seed, the same bytes; {_USUAL.seed} if not given.")
    ] = None,
    blocks: Annotated[int | None, typer.Option(help=f"How many; {_USUAL.blocks} if not given.")] = None,
    megabytes: Annotated[int | None, typer.Option(help=f"Of blocks, about; {_USUAL.megabytes} if not given.")] = None,
    thefts: Annotated[int | None, typer.Option(help=f"0 to 5; {_USUAL.thefts} if not given.")] = None,
    overtaken: Annotated[int | None, typer.Option(help="So many blocks at the end lose to a longer branch.")] = None,
    *,
    dmm: Annotated[bool, typer.Option("--dmm", help="Instead: the DMM theft, and a made-up laundering run.")] = False,
) -> None:
    """Write a simulated regtest chain, each block validated by Bitcoin Core, and what is true of it."""
    given = {"seed": seed, "blocks": blocks, "megabytes": megabytes, "thefts": thefts, "overtaken": overtaken}
    wanted = {name: value for name, value in given.items() if value is not None}
    if dmm and wanted:
        fail(f"--dmm is always the same: it takes no --{next(iter(wanted))}")
    settings = Settings(**wanted)
    if out.exists() and any(out.iterdir()):
        fail(f"{out} is not empty; nothing was written")
    out.mkdir(parents=True, exist_ok=True)
    if dmm:
        _write_dmm(out)
    else:
        _write_chain(out, settings)


def _write_chain(out: Path, settings: Settings) -> None:
    with Progress(
        TextColumn("blocks"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not Console(stderr=True).is_terminal,
    ) as progress:
        bar = progress.add_task("blocks", total=settings.blocks)
        truth = write_chain(out, settings, lambda height: progress.update(bar, completed=height))
    write_new(out / TRUTH, truth_file(truth))
    write_new(out / SERVICES, services_file(known_services(truth), Network.REGTEST, "simulated"))
    _tell(out, truth)


def _tell(out: Path, truth: Truth) -> None:
    typer.echo(f"{truth.tip.height} blocks, {len(truth.transactions):,} transactions, all validated by Bitcoin Core")
    for theft in truth.thefts:
        for seed in theft.seeds:
            typer.echo(f"{theft.label}: {btc(seed.sats)} from {theft.victim}: {theft.label}@{seed.outpoint}")
    note(f"wrote {out / 'blocks'}, {out / TRUTH} and {out / SERVICES}")


def _write_dmm(out: Path) -> None:
    run = dmm_run.laundering()
    services = (
        KnownService("made-up exchange", "exchange", run.exchange),
        KnownService("made-up vault", "bridge", run.vault),
    )
    write_new(out / TRANSACTIONS, dmm_run.laundering_file(run))
    write_new(out / SERVICES, services_file(services, Network.MAIN, "made up"))
    stolen = run.steps[0].transaction.coin(0)
    typer.echo(f"the theft from DMM Bitcoin: {btc(stolen.sats)}: dmm@{stolen.outpoint}")
    typer.echo(f"{len(run.steps) - 1} transactions after it, every one made up: they say `sekisho: synthetic`")
    note(f"wrote {out / TRANSACTIONS} and {out / SERVICES}")

"""The `sekisho` command. Exit status everywhere: 0 yes, 1 refused, 2 no answer."""

import sqlite3

import typer

from sekisho.cli import homes, payments, people
from sekisho.cli.console import fail
from sekisho.errors import SekishoError

app = typer.Typer(
    help="A payment leaves only if it is the payment that was asked for.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(homes.demo)
app.command()(homes.init)
app.command()(homes.status)
app.add_typer(people.device, name="device")
app.add_typer(people.roster, name="roster")
app.add_typer(people.policy, name="policy")
app.add_typer(people.wallet, name="wallet")
app.add_typer(payments.request, name="request")
app.command()(payments.approve)
app.command()(payments.reject)
app.command()(payments.check)
app.command()(payments.cosign)
app.command()(homes.freeze)
app.command()(homes.thaw)


def main() -> None:
    """Run the command line: whatever goes wrong is one line on standard error, and status 2."""
    try:
        app()
    except SekishoError as why:
        fail(str(why))
    except sqlite3.Error as why:
        fail(f"the checkpoint's database cannot be used: {why}")
    except OSError as why:
        fail(f"{why.filename or 'a file'}: {why.strerror or why}")
    except KeyboardInterrupt:
        fail("stopped; nothing is half-done")

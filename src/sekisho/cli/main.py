"""The `sekisho` command. Exit status everywhere: 0 yes, 1 refused, 2 no answer."""

import sqlite3

import typer
from typer._click import Command, Context
from typer._click.exceptions import NoArgsIsHelpError, UsageError
from typer.core import TyperGroup

from sekisho.cli import evidence, homes, payments, people
from sekisho.cli.console import NO_ANSWER, fail
from sekisho.errors import SekishoError

_INTERRUPTED = 130
"""What typer makes of a Ctrl-C."""


class _Rooms(TyperGroup):
    """Loads tracing and inspection where they are asked for: a payment does not wait for their compilers."""

    def list_commands(self, ctx: Context) -> list[str]:
        return [*super().list_commands(ctx), "trace", "inspect"]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        match cmd_name:
            case "trace":
                from sekisho.cli.trace import trace  # noqa: PLC0415

                return typer.main.get_command(trace)
            case "inspect":
                from sekisho.cli.inspect import inspect  # noqa: PLC0415

                return typer.main.get_command(inspect)
        return super().get_command(ctx, cmd_name)


app = typer.Typer(
    cls=_Rooms,
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
app.add_typer(evidence.evidence, name="evidence")
app.add_typer(evidence.log, name="log")
app.add_typer(evidence.witness, name="witness")


def main() -> None:
    """Run the command line: whatever goes wrong is one line on standard error, and status 2."""
    try:
        status = app(prog_name="sekisho", standalone_mode=False)
    except NoArgsIsHelpError as why:
        why.show()
        raise SystemExit(NO_ANSWER) from why
    except UsageError as why:
        hint = f" (see `{why.ctx.command_path} --help`)" if why.ctx else ""
        fail(why.format_message() + hint)
    except SekishoError as why:
        fail(str(why))
    except sqlite3.Error as why:
        fail(f"the checkpoint's database cannot be used: {why}")
    except OSError as why:
        fail(f"{why.filename or 'a file'}: {why.strerror or why}")
    except typer.Abort:
        fail("stopped; nothing is half-done")
    except Exception as why:  # noqa: BLE001  # the last resort: no traceback reaches a user
        fail(f"no answer, by a fault of ours: {type(why).__name__}: {why}; please report it")
    if status == _INTERRUPTED:
        fail("stopped; nothing is half-done")
    raise SystemExit(status or 0)

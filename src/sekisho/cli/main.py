"""The `sekisho` command. Exit status everywhere: 0 yes, 1 refused, 2 no answer."""

import io
import sqlite3
import sys

import typer
from typer._click import Command, Context
from typer._click.exceptions import NoArgsIsHelpError, UsageError
from typer.core import TyperGroup

from sekisho.cli.console import NO_ANSWER, fail
from sekisho.errors import SekishoError

_INTERRUPTED = 130
"""What typer makes of a Ctrl-C."""


class _Rooms(TyperGroup):
    """Loads each room where it is asked for: a payment does not wait for tracing, nor inspection for wallets."""

    def list_commands(self, ctx: Context) -> list[str]:
        return [*_checkpoint().list_commands(ctx), "trace", "inspect"]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        match cmd_name:
            case "trace":
                from sekisho.cli.trace import trace  # noqa: PLC0415

                return typer.main.get_command(trace)
            case "inspect":
                from sekisho.cli.inspect import inspect  # noqa: PLC0415

                return typer.main.get_command(inspect)
        return _checkpoint().get_command(ctx, cmd_name)


def _checkpoint() -> TyperGroup:
    from sekisho.cli.checkpoint import checkpoint  # noqa: PLC0415

    return typer.main.get_group(checkpoint)


app = typer.Typer(cls=_Rooms, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def sekisho() -> None:
    """A payment leaves only if it is the payment that was asked for."""


def main() -> None:
    """Run the command line: whatever goes wrong is one line on standard error, and status 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file's name, or a sign the terminal lacks, must not lose an answer
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = app(prog_name="sekisho", standalone_mode=False)
    except NoArgsIsHelpError as why:
        why.show()
        raise SystemExit(NO_ANSWER) from why
    except UsageError as why:
        hint = f" (see `{why.ctx.command_path} --help`)" if why.ctx else ""
        fail(why.format_message() + hint)
    except SystemExit as why:  # whoever was reading has gone (`| head`): half an answer is none, and never a no
        raise SystemExit(NO_ANSWER) from why
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

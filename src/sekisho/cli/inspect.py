"""`sekisho inspect`: read a "coding test" before anyone runs it."""

import typer
from typer._click import Context
from typer.core import TyperGroup

from sekisho.cli.inspect_clone import clone_first
from sekisho.cli.inspect_hook import print_hook, read_stdin
from sekisho.cli.inspect_read import accept_all, read_path
from sekisho.cli.inspect_serve import serve

_PATH = "PATH"
"""The command that is meant where none is named."""


class _Doors(TyperGroup):
    """`inspect PATH` inspects; whatever is no command's name is a path (`./serve` is one as well)."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [_PATH, *args]
        return super().parse_args(ctx, args)


inspect = typer.Typer(
    name="inspect",
    cls=_Doors,
    help='Say what a "coding test" would run, and when, before anyone opens it. Nothing of it is executed or unpacked.',
    no_args_is_help=True,
    add_completion=False,
    subcommand_metavar="PATH | COMMAND [ARGS]...",
)
inspect.command(_PATH)(read_path)
inspect.command("baseline")(accept_all)
inspect.command("clone")(clone_first)
inspect.command()(serve)
inspect.command("hook")(print_hook)
inspect.command("pack")(read_stdin)

"""What every command shares: reading files, asking for a passphrase, telling a verdict."""

import json
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sekisho.errors import SekishoError
from sekisho.files import read_file, write_new
from sekisho.verdicts import Fact, Reason

MAX_INPUT = 30_000_000
"""A PSBT of the greatest length, in base64."""

REFUSED = 1
"""Exit status: the answer is no."""

NO_ANSWER = 2
"""Exit status: no answer was reached."""


class Format(StrEnum):
    """How a verdict is told."""

    TEXT = "text"
    JSON = "json"


class NoPassphrase(SekishoError):
    """A sealed file, and nobody to ask for its passphrase."""

    def __init__(self) -> None:
        super().__init__("set SEKISHO_PASSPHRASE, give --passphrase-file, or run at a terminal to be asked")


class EmptyPassphrase(SekishoError):
    """No passphrase at all protects nothing."""

    def __init__(self) -> None:
        super().__init__("the passphrase is empty")


class UnreadablePassphrase(SekishoError):
    """A passphrase that is no text: guessing at it could make two of them one."""

    def __init__(self) -> None:
        super().__init__("the passphrase is not UTF-8 text")


Home = Annotated[Path, typer.Option("--home", help="The checkpoint's home.")]
WalletFile = Annotated[Path, typer.Option("--wallet", help="The wallet file (TOML).")]
RequestFile = Annotated[Path, typer.Option("--request", help="The payment request (JSON).")]
Approvals = Annotated[list[Path] | None, typer.Option("--approval", help="A signed statement; give it once for each.")]
DeviceFile = Annotated[Path, typer.Option("--device", help="Your sealed device file.")]
PassphraseFile = Annotated[Path | None, typer.Option("--passphrase-file", help="A file whose first line it is.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where to write it; standard output if not given.")]
Told = Annotated[Format, typer.Option("--format", help="How to tell the verdict.")]


def read(path: Path, limit: int = MAX_INPUT) -> bytes:
    """A file, or standard input for `-`, of at most `limit` bytes."""
    if str(path) == "-":
        return sys.stdin.buffer.read(limit + 1)
    return read_file(path, limit)


def write(data: bytes, out: Path | None) -> None:
    """Write a new file, or to standard output."""
    if out is None or str(out) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_new(out, data)
        note(f"wrote {out}")


def note(line: str) -> None:
    """Say something beside the result: on standard error. What a terminal would obey is spelt out: it may come from a
    name that a stranger chose."""
    typer.echo("".join(each if each.isprintable() else ascii(each)[1:-1] for each in line), err=True)


def passphrase(file: Path | None, *, new: bool = False) -> str:
    """The passphrase: from a file, the environment, or the person at the terminal (asked twice for a new one)."""
    if file is not None:
        text = read_file(file, 10_000).decode("utf-8", "surrogateescape").partition("\n")[0]
    elif "SEKISHO_PASSPHRASE" in os.environ:
        text = os.environ["SEKISHO_PASSPHRASE"]
    elif sys.stdin.isatty():
        text = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
    else:
        raise NoPassphrase
    if not text:
        raise EmptyPassphrase
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnreadablePassphrase from None  # whose text would show a piece of it
    return text


def tell(reasons: Sequence[Reason], told: Format, yes: str, **facts: Fact | None) -> None:
    """Say a verdict with all its reasons; where there are any, the program ends with status 1."""
    if told is Format.JSON:
        rows: list[dict[str, Fact]] = [{"code": reason.code, **reason.facts()} for reason in reasons]
        document = {"verdict": "refused" if reasons else "allowed", "reasons": rows} | facts
        typer.echo(json.dumps(document, indent=2))
    elif reasons:
        typer.echo("refused")
        for reason in reasons:
            typer.echo(f"  {reason.code}: {reason}")
    else:
        typer.echo(yes)
    if reasons:
        raise typer.Exit(REFUSED)


def styled(line: str) -> None:
    """Print a line of a story: `## ` begins a heading, `+ ` good news, `! ` bad, `* ` a reason's code."""
    match line[:2]:
        case "##":
            typer.secho(line[3:], bold=True)
        case "+ ":
            typer.secho(line[2:], fg=typer.colors.GREEN)
        case "! ":
            typer.secho(line[2:], fg=typer.colors.RED, bold=True)
        case "* ":
            typer.secho(f"  {line[2:]}", bold=True)
        case _:
            typer.echo(line)


def fail(why: str) -> NoReturn:
    """Say in one line why there is no answer, and end with status 2."""
    note("sekisho: " + " ".join(why.split()))
    raise SystemExit(NO_ANSWER)

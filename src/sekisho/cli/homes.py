"""`init`, `status`, `freeze`, `thaw`, `demo`: a checkpoint's life."""

from pathlib import Path
from typing import Annotated

import typer

from sekisho.approvals.device import open_device
from sekisho.approvals.statement import Statement, parse_signed_statement
from sekisho.bitcoin.wallet import parse_wallet
from sekisho.checkpoint.cosign import utc_now
from sekisho.checkpoint.freeze import freeze as put_freeze
from sekisho.checkpoint.freeze import new_order, parse_order
from sekisho.checkpoint.freeze import thaw as lift_freeze
from sekisho.checkpoint.home import Founding, cosigner_position, open_home, open_key_file
from sekisho.checkpoint.home import init as make_home
from sekisho.checkpoint.memory import seconds
from sekisho.checkpoint.statute import policy_in_force, roster_in_force, wallets_in_force
from sekisho.cli.console import (
    REFUSED,
    Format,
    Home,
    Out,
    PassphraseFile,
    Told,
    fail,
    note,
    passphrase,
    read,
    styled,
    tell,
    write,
)
from sekisho.cli.people import guard_lines
from sekisho.files import replace
from sekisho.replay.story import tell as tell_story
from sekisho.requests.request import show_time
from sekisho.verdicts import Refused


def init(
    home: Annotated[Path, typer.Argument(metavar="HOME", help="A folder that does not exist yet.")],
    roster: Annotated[Path, typer.Option(help="The first roster.")],
    roster_hash: Annotated[str, typer.Option(help="Its hash, as everyone on it told you in person.")],
    policy: Annotated[Path, typer.Option(help="The first policy.")],
    wallet: Annotated[Path, typer.Option(help="The wallet to guard.")],
    cosigner: Annotated[Path, typer.Option(help="The cosigner's sealed key (`device cosigner`).")],
    approval: Annotated[list[Path], typer.Option("--approval", help="A signed statement; give it once for each.")],
    unguarded: Annotated[
        bool, typer.Option("--unguarded", help="Even if others can spend at once without it.")
    ] = False,
    origin: Annotated[
        str | None, typer.Option(help="The log's name: a URL without scheme; made up if not given.")
    ] = None,
    head_file: Annotated[
        Path | None, typer.Option(help="Where to keep the log's newest head; HOME.head if not given.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    told: Told = Format.TEXT,
) -> None:
    """Make a checkpoint: roster signed by everyone on it, policy and wallet by the policy_admins."""
    secret = passphrase(passphrase_file)
    founding = Founding(
        roster=read(roster),
        roster_hash=roster_hash,
        policy=read(policy),
        wallet=read(wallet),
        statements=tuple(parse_signed_statement(read(each)) for each in approval),
        unguarded=unguarded,
        origin=origin,
        head_file=None if head_file is None else str(head_file.absolute()),
    )
    refused = make_home(home, founding, cosigner, secret, seconds(utc_now()))
    if refused is None:
        source = parse_wallet(founding.wallet)
        for line in guard_lines(source, cosigner_position(source, open_key_file(cosigner, secret))):
            note(line)
    tell(refused.reasons if refused else (), told, f"made {home}")


def status(home: Home) -> None:
    """Say what is in force, whether the checkpoint is frozen, and whether its log is whole and up to date."""
    state = open_home(home)
    roster, policy = roster_in_force(state), policy_in_force(state)
    typer.echo(f"roster   version {roster.version}  {roster.digest.hex()}")
    typer.echo(f"policy   version {policy.version}  {policy.digest.hex()}")
    for wallet in wallets_in_force(state):
        typer.echo(f"wallet   {wallet.name}  {wallet.id.hex()}")
    freezes = state.database.execute("SELECT digest, person FROM freezes WHERE thawed IS NULL").fetchall()
    for digest, person in freezes:
        typer.echo(f"frozen   by {person}  {digest.hex()}")
    state.head_file.check(state.log)
    newest = state.log.verify()
    if newest is not None:
        typer.echo(f"log      {newest.number + 1} entries, whole  root {newest.root.hex()}")
    if freezes:
        raise typer.Exit(REFUSED)


def freeze(
    device: Annotated[Path | None, typer.Option("--device", help="Your sealed device file.")] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="The checkpoint's home, if it is on this machine.")
    ] = None,
    order: Annotated[Path | None, typer.Option(help="A freeze order signed elsewhere.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the signed order here, to be carried there.")] = None,
    passphrase_file: PassphraseFile = None,
    told: Told = Format.TEXT,
) -> None:
    """Stop all signing at once. Any one person on the roster may."""
    if (order is None) == (device is None) or (home is None) == (out is None):
        fail("give --device with --home (freeze here) or --out (sign an order), or --order with --home")
    if order is not None:
        first, _, second = read(order).partition(b"\n")
        stop, signed = parse_order(first), parse_signed_statement(second.strip())
    else:
        assert device is not None
        stop = new_order(utc_now())
        signed = open_device(device, passphrase(passphrase_file)).sign(Statement.FREEZE, stop.digest)
    if home is None:
        write(stop.raw + b"\n" + signed.raw + b"\n", out)
        return
    outcome = put_freeze(open_home(home), stop, signed, utc_now)
    refused = outcome.reasons if isinstance(outcome, Refused) else ()
    tell(refused, told, f"frozen: thaw it with {stop.digest.hex()}", freeze=stop.digest.hex())


def thaw(
    freeze: Annotated[
        str, typer.Argument(metavar="FREEZE", help="The freeze's hash, as `freeze` and `status` say it.")
    ],
    home: Annotated[Path | None, typer.Option("--home", help="The checkpoint's home: lift the freeze.")] = None,
    approval: Annotated[
        list[Path] | None, typer.Option("--approval", help="A signed statement; once for each.")
    ] = None,
    device: Annotated[
        Path | None, typer.Option("--device", help="Instead: sign for the thaw with your device.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    out: Out = None,
    told: Told = Format.TEXT,
) -> None:
    """Lift a freeze, with the policy_admin quorum: sign with --device, then give the statements with --home."""
    try:
        digest = bytes.fromhex(freeze)
    except ValueError:
        digest = b""
    if len(digest) != 32 or (home is None) == (device is None):
        fail("give the freeze's 64 hex digits, and either --home or --device")
    if device is not None:
        write(open_device(device, passphrase(passphrase_file)).sign(Statement.THAW, digest).raw, out)
        return
    assert home is not None
    signed = [parse_signed_statement(read(each)) for each in approval or []]
    outcome = lift_freeze(open_home(home), digest, signed, utc_now)
    refused = outcome.reasons if isinstance(outcome, Refused) else ()
    tell(refused, told, f"thawed at {show_time(utc_now())}")


def demo(
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the outcome here as JSON.")] = None,
    evidence: Annotated[Path | None, typer.Option(help="Write the honest payment's evidence bundle here.")] = None,
    trust: Annotated[Path | None, typer.Option(help="Write the trust file to check it with here.")] = None,
) -> None:
    """Replay the DMM theft on an embedded chain: unguarded, then guarded."""
    outcome = tell_story(styled)
    for path, raw in ((evidence, outcome.honest.evidence), (trust, outcome.honest.trust)):
        if path is not None:
            replace(path, raw)
    if evidence is not None and trust is not None:
        typer.echo(f"  check it anywhere         sekisho evidence verify {evidence} --trust {trust}")
    if json_file is not None:
        replace(json_file, outcome.as_json().encode())
    if not outcome.as_it_must:
        raise typer.Exit(REFUSED)

"""`device`, `roster`, `policy`, `wallet`: who may do what, and what is in force."""

from pathlib import Path
from typing import Annotated

import typer

from sekisho.approvals.device import SoftwareDevice, new_device, open_device
from sekisho.approvals.enrol import Enrolment, device_entry, person_entry, roster_head
from sekisho.approvals.roster import MAX_ROSTER_BYTES, Role, parse_people, parse_roster
from sekisho.approvals.statement import Statement, parse_signed_statement
from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.guards import recovery_positions, ways_without
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.wallet import Branch, Wallet, parse_wallet
from sekisho.checkpoint.coins import parse_coins
from sekisho.checkpoint.cosign import utc_now
from sekisho.checkpoint.home import check_guarded, new_key_file, open_cosigner, open_home
from sekisho.checkpoint.memory import import_coins, seconds
from sekisho.checkpoint.statute import Document, adopt, policy_document, roster_document, wallet_document
from sekisho.cli.console import (
    DeviceFile,
    Format,
    Home,
    Out,
    PassphraseFile,
    Told,
    fail,
    note,
    passphrase,
    read,
    tell,
    write,
)
from sekisho.files import read_file, replace
from sekisho.verdicts import Refused

device = typer.Typer(help="Devices that sign: yours, and the cosigner's key.", no_args_is_help=True)
roster = typer.Typer(help="Who there is, and with which devices.", no_args_is_help=True)
policy = typer.Typer(help="What may leave, when and how fast.", no_args_is_help=True)
wallet = typer.Typer(help="Which wallet is guarded, and by whom.", no_args_is_help=True)

RELYING_PARTY = "approve.sekisho.example"
_Document = Annotated[Path, typer.Argument(metavar="FILE", help="The file.")]
_Statements = Annotated[list[Path], typer.Option("--approval", help="A signed statement; give it once for each.")]


@device.command("new")
def device_new(
    out: Annotated[Path, typer.Option(help="Where to write the sealed device.")],
    relying_party: Annotated[str, typer.Option(help="As on the roster.")] = RELYING_PARTY,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make a software device for yourself. Put it on the roster with `roster add`."""
    made = new_device(relying_party, f"https://{relying_party}")
    made.save(out, passphrase(passphrase_file, new=True))
    note(f"wrote {out}")


@device.command("cosigner")
def device_cosigner(
    network: Annotated[Network, typer.Option(help="Where the wallet is.")],
    out: Annotated[Path, typer.Option(help="Where to write the sealed key.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make the cosigner's key, and print it as it goes into the wallet's descriptor."""
    key = new_key_file(out, passphrase(passphrase_file, new=True), network)
    typer.echo(f"{key.expression}/<0;1>/*")
    note(f"wrote {out}")


@roster.command("add")
def roster_add(
    path: Annotated[Path, typer.Argument(metavar="ROSTER", help="The roster file; made if it is not there.")],
    device: DeviceFile,
    person: Annotated[str, typer.Option(help="The person's id.")],
    organisation: Annotated[str, typer.Option(help="The organisation they belong to.")],
    site: Annotated[str, typer.Option(help="Where the device is kept.")],
    role: Annotated[list[Role], typer.Option(help="What they may do; once for each role.")],
    name: Annotated[str | None, typer.Option(help="Their name, as people know it.")] = None,
    device_id: Annotated[str | None, typer.Option(help="A name for the device.")] = None,
    network: Annotated[Network, typer.Option(help="For a new roster.")] = Network.MAIN,
    admins: Annotated[int, typer.Option(min=1, help="For a new roster: how many policy_admins must sign.")] = 1,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write a person and their device into a roster file. Nothing takes effect until it is signed and adopted."""
    opened = open_device(device, passphrase(passphrase_file))
    enrolment = Enrolment(person, name or person, organisation, tuple(role), device_id or f"{person}-1", site)
    head = roster_head(network, opened.relying_party, [opened.origin], 1, admins)
    before = read_file(path, MAX_ROSTER_BYTES) if path.exists() else head.encode()
    entry = (person_entry(enrolment) + device_entry(enrolment, opened)).encode(errors="surrogateescape")
    if f'\nid = "{person}"\n'.encode(errors="surrogateescape") in before:
        fail(f"{person} is on the roster already; add a device under that person by hand")
    parse_people(before + entry)
    replace(path, before + entry)
    note(f"wrote {path}; it now names {person}")


@roster.command("hash")
def roster_hash(path: _Document) -> None:
    """Print the hash that `init` asks for. Compare it with everyone in person."""
    typer.echo(parse_roster(read(path)).digest.hex())


@roster.command("sign")
def roster_sign(path: _Document, device: DeviceFile, passphrase_file: PassphraseFile = None, out: Out = None) -> None:
    """Sign a roster, so that it may take effect."""
    _sign(Statement.ROSTER, roster_document(read(path)), device, passphrase_file, out)


@roster.command("adopt")
def roster_adopt(path: _Document, home: Home, approval: _Statements, told: Told = Format.TEXT) -> None:
    """Put a new version of the roster in force."""
    _adopt(roster_document(read(path)), home, approval, told)


@policy.command("sign")
def policy_sign(path: _Document, device: DeviceFile, passphrase_file: PassphraseFile = None, out: Out = None) -> None:
    """Sign a policy, so that it may take effect."""
    _sign(Statement.POLICY, policy_document(read(path)), device, passphrase_file, out)


@policy.command("adopt")
def policy_adopt(path: _Document, home: Home, approval: _Statements, told: Told = Format.TEXT) -> None:
    """Put a new version of the policy in force; whatever was approved under the old one is void."""
    _adopt(policy_document(read(path)), home, approval, told)


@wallet.command("sign")
def wallet_sign(path: _Document, device: DeviceFile, passphrase_file: PassphraseFile = None, out: Out = None) -> None:
    """Sign a wallet, so that the checkpoint may guard it."""
    _sign(Statement.WALLET, wallet_document(read(path)), device, passphrase_file, out)


@wallet.command("adopt")
def wallet_adopt(
    path: _Document,
    home: Home,
    approval: _Statements,
    unguarded: Annotated[
        bool, typer.Option("--unguarded", help="Even if others can spend at once without the cosigner.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    told: Told = Format.TEXT,
) -> None:
    """Guard one more wallet."""
    raw = read(path)
    key = open_cosigner(home, passphrase(passphrase_file))
    check_guarded(parse_wallet(raw), key, seconds(utc_now()), unguarded=unguarded)
    _adopt(wallet_document(raw), home, approval, told)


@wallet.command("coins")
def wallet_coins(path: _Document, coins: Annotated[Path, typer.Option(help="COINS.json")], home: Home) -> None:
    """Tell the checkpoint which coins the wallet holds, by your own node: what `sweep` is measured against."""
    source, named = parse_wallet(read(path)), parse_coins(read(coins))
    state = open_home(home)
    with state.turn(), state.transaction():
        receipt = import_coins(state, source, named, seconds(utc_now()))
    typer.echo(f"{len(named)} coins noted as log entry {receipt.number}")


@wallet.command("show")
def wallet_show(
    path: _Document,
    addresses: Annotated[int, typer.Option(min=0, max=1000, help="How many addresses of each branch.")] = 0,
    cosigner: Annotated[int, typer.Option(min=0, help="The cosigner's place among the keys.")] = 0,
) -> None:
    """Show a wallet: its id, its keys, its addresses, and who could spend without the cosigner."""
    source = parse_wallet(read(path))
    if cosigner >= len(source.key_texts):
        fail(f"the descriptor has {len(source.key_texts)} keys; --cosigner counts from 0")
    typer.echo(f"{source.name} on {source.network}, {source.kind}")
    typer.echo(f"id {source.id.hex()}")
    recovery = recovery_positions(source)
    for place, key in enumerate(source.key_texts):
        role = "cosigner" if place == cosigner else "recovery" if place in recovery else "person"
        typer.echo(f"key {place} ({role}) {key.expression}{key.suffix}")
    for line in guard_lines(source, cosigner):
        typer.echo(line)
    for branch in Branch:
        for index in range(addresses if source.ranged else min(addresses, 1 if branch is Branch.CHANGE else 0)):
            shown = show_address(source.script(branch, index).script_pubkey, source.network)
            typer.echo(f"{branch.name.lower()} {index} {shown}")


def guard_lines(source: Wallet, cosigner: int) -> tuple[str, ...]:
    """Who can spend without the cosigner, and from when, in words."""
    ways = ways_without(source, cosigner)
    if not ways:
        return ("no way to spend without the cosigner",)
    lines = []
    for way in ways:
        lines.append(f"without the cosigner: {way}")
        if way.older is not None:
            lines.append(f"  a coin mined at height H is unguarded from height H + {way.older} on")
    return tuple(lines)


def _sign(
    statement: Statement, document: Document, device: Path, passphrase_file: Path | None, out: Path | None
) -> None:
    note(f"{document.kind} {document.digest.hex()}")
    opened: SoftwareDevice = open_device(device, passphrase(passphrase_file))
    write(opened.sign(statement, document.digest).raw, out)


def _adopt(document: Document, home: Path, approval: list[Path], told: Format) -> None:
    signed = [parse_signed_statement(read(each)) for each in approval]
    state = open_home(home)
    with state.turn(), state.transaction():
        outcome = adopt(state, document, signed, seconds(utc_now()))
    refused = outcome.reasons if isinstance(outcome, Refused) else ()
    tell(refused, told, f"{document.kind} {document.digest.hex()} is in force", digest=document.digest.hex())

"""`evidence`, `log`, `witness`: what an outsider can check, and who else remembers."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from sekisho.approvals.sealed import seal, unseal
from sekisho.bitcoin.transaction import parse_transaction
from sekisho.checkpoint.audit import Findings, StepFails, audit
from sekisho.checkpoint.bundle import MAX_BUNDLE_BYTES
from sekisho.checkpoint.collect import collect
from sekisho.checkpoint.cosign import utc_now
from sekisho.checkpoint.happenings import happenings
from sekisho.checkpoint.home import LOG_FOLDER, open_cosigner, open_home, open_publisher
from sekisho.checkpoint.memory import seconds
from sekisho.checkpoint.outward import publish
from sekisho.checkpoint.statute import policy_in_force, roster_in_force
from sekisho.checkpoint.trust import Trust, parse_trust, show_trust
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
    write,
)
from sekisho.cli.page import page
from sekisho.evidence.keys import KeyType, SecretKeys, is_key_name, parse_key
from sekisho.evidence.log import LogBroken
from sekisho.evidence.monitor import LogFails, Seen, follow, parse_seen, show_seen, stale, verify
from sekisho.evidence.proof import witnessed
from sekisho.evidence.publish import Folder
from sekisho.evidence.serve import server
from sekisho.evidence.tiles import MalformedTile, MissingTile
from sekisho.evidence.web import fetcher, post
from sekisho.evidence.witness import COSIGNATURES, Witness
from sekisho.files import read_file, replace, write_new
from sekisho.requests.create import show_request
from sekisho.requests.request import parse_request

evidence = typer.Typer(help="What an outsider can check about a payment, offline.", no_args_is_help=True)
log = typer.Typer(help="The published log.", no_args_is_help=True)
witness = typer.Typer(help="Remember how far somebody else's log had come.", no_args_is_help=True)

_Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="The evidence bundle.")]
_Trust = Annotated[Path, typer.Option("--trust", help="What you take as given (TRUST.toml).")]
_Store = Annotated[Path, typer.Argument(metavar="STORE", help="The witness's folder.")]

_WITNESS_KEY, _WITNESS_STORE = "witness.key", "witness.db"
_WITNESS_PURPOSE = "sekisho/witness-key/v1"


@evidence.command("write")
def evidence_write(
    home: Home,
    request: Annotated[Path, typer.Option(help="The payment request that was served.")],
    tx: Annotated[Path | None, typer.Option(help="The finished transaction in hex, if you have it.")] = None,
    passphrase_file: PassphraseFile = None,
    out: Out = None,
) -> None:
    """Write the evidence bundle of a payment that was co-signed."""
    final = None if tx is None else parse_transaction(_hex(read(tx)))
    secret = passphrase(passphrase_file)
    digest = parse_request(read(request)).digest
    state = open_home(home)
    with state.turn():
        bundle = collect(state, open_publisher(home, secret), open_cosigner(home, secret), digest, final)
    write(bundle, out)


@evidence.command("trust")
def evidence_trust(home: Home, passphrase_file: PassphraseFile = None, out: Out = None) -> None:
    """Write the trust file that fits a home: its roster's hash, its log, its witnesses. Compare it in person."""
    state, publisher = open_home(home), open_publisher(home, passphrase(passphrase_file))
    policy = policy_in_force(state)
    lines = [f"log {publisher.keys.public(kind)}" for kind in (KeyType.ED25519, KeyType.COSIGNATURE_ML_DSA_44)]
    lines.append(policy.witnesses.text if policy.witnesses else "quorum none")
    write(show_trust(policy.network, roster_in_force(state).digest, "\n".join(lines)), out)


@evidence.command("verify")
def evidence_verify(bundle: _Bundle, trust: _Trust, told: Told = Format.TEXT) -> None:
    """Rebuild the verdict from the bundle's bytes alone, and say what was shown."""
    given = parse_trust(read(trust))
    try:
        found = audit(read(bundle, MAX_BUNDLE_BYTES), given)
    except StepFails as why:
        document = {"verdict": "refused", "step": why.number, "name": why.name, "why": why.why}
        typer.echo(json.dumps(document, indent=2) if told is Format.JSON else str(why))
        raise typer.Exit(REFUSED) from why
    if told is Format.JSON:
        steps = [{"step": step.number, "name": step.name, "shown": step.shown} for step in found.steps]
        document = {"verdict": "allowed", "steps": steps, "on_record": found.on_record, "trust": given.digest.hex()}
        typer.echo(json.dumps(document, indent=2))
    else:
        _tell(found, given)


@evidence.command("show")
def evidence_show(
    bundle: _Bundle,
    trust: _Trust,
    html: Annotated[Path | None, typer.Option(help="Write a page here that holds everything it shows.")] = None,
) -> None:
    """Check a bundle and show what it is about: on the terminal, or as a page."""
    given = parse_trust(read(trust))
    try:
        found = audit(read(bundle, MAX_BUNDLE_BYTES), given)
    except StepFails as why:
        typer.echo(str(why))
        raise typer.Exit(REFUSED) from why
    if html is not None:
        write(page(found, given), html)
    for line in show_request(found.case.request):
        typer.echo(line)
    _tell(found, given)


@log.command("verify")
def log_verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The published log.")],
    trust: Annotated[Path | None, typer.Option(help="Check the head's signatures against this as well.")] = None,
) -> None:
    """Recompute a published log from its entries to its root."""
    witnesses = None if trust is None else parse_trust(read(trust)).witnesses
    if not folder.is_dir():
        fail(f"{folder} is no folder")
    try:
        with typer.progressbar(length=1_000, label="entries", file=sys.stderr) as bar:
            found = verify(
                Folder(folder).fetch, witnesses, lambda done, whole: bar.update(1_000 * done // whole - bar.pos)
            )
    except (LogFails, MalformedTile, MissingTile) as why:
        typer.echo(str(why))
        raise typer.Exit(REFUSED) from why
    typer.echo(f"{found.head.origin}: {found.head.size} entries lead to the root in the head")
    if witnesses is not None:
        seen = witnessed(found, witnesses)
        typer.echo(f"signed by the log; cosigned by {', '.join(seen) or 'no witness'}")
        if not witnesses.met_by(seen.keys()):
            typer.echo("which is no quorum")
            raise typer.Exit(REFUSED)


@log.command("monitor")
def log_monitor(
    places: Annotated[
        list[str], typer.Argument(metavar="DIR|URL...", help="Where the log is served; all are compared.")
    ],
    trust: _Trust,
    state: Annotated[Path, typer.Option(help="Where the monitor keeps how far it came.")],
    home: Annotated[Path | None, typer.Option(help="Your own home: look into the entries as well.")] = None,
    split: Annotated[Path, typer.Option(help="Where to write two heads that cannot both be true.")] = Path("split.txt"),
    stale_hours: Annotated[int, typer.Option(min=1, help="When a witness counts as stale.")] = 24,
    webhook: Annotated[str | None, typer.Option(help="POST alerts here as JSON.")] = None,
) -> None:
    """Look once at a log: read what is new, compare, and alert. Run it from a timer."""
    witnesses = parse_trust(read(trust)).witnesses
    before = parse_seen(read(state)) if state.exists() else None
    alerts: list[str] = []
    kept: bytes | None = None
    try:
        seen, splits = follow({place: fetcher(place) for place in places}, witnesses, before)
    except (LogFails, MalformedTile, MissingTile) as why:
        alerts.append(str(why))
    else:
        for each in splits:
            replace(split, each.raw)
            alerts.append(f"split view: two heads of {each.one.head.origin} cannot both be true; see {split}")
        oldest = seconds(utc_now()) - 3600 * stale_hours
        alerts += [f"witness {name} has not cosigned the head" for name in stale(seen.checkpoint, witnesses, oldest)]
        whole = home is None or _looked_into(home, before, seen, alerts)
        if whole and not splits:
            kept = show_seen(seen)
            typer.echo(f"{seen.checkpoint.head.origin}: {seen.frontier.size} entries")
    for alert in alerts:
        typer.echo(f"alert: {alert}")
    if alerts and webhook is not None:
        post(webhook, json.dumps({"alerts": alerts}).encode())
    if kept is not None:  # what nobody took is told again the next time
        replace(state, kept)
    if alerts:
        raise typer.Exit(REFUSED)


def _looked_into(home: Path, before: Seen | None, seen: Seen, alerts: list[str]) -> bool:
    """Add what the new entries say to the alerts; whether they could all be read."""
    try:
        for each in happenings(open_home(home).log, before.frontier.size if before else 0, seen.frontier.size):
            alerts.append(each)  # one by one: those before a broken entry are told
    except LogBroken as why:
        alerts.append(str(why))
        return False
    return True


@log.command("publish")
def log_publish(home: Home, passphrase_file: PassphraseFile = None) -> None:
    """Publish a home's log as it stands, its head cosigned anew by the policy's witnesses. Run it from a timer: between
    payments nothing else does, and a head grows stale."""
    state, publisher = open_home(home), open_publisher(home, passphrase(passphrase_file))
    with state.turn():
        witnesses = policy_in_force(state).witnesses
        done = publish(state, publisher, witnesses, utc_now)
    typer.echo(f"{done.checkpoint.head.size} entries; cosigned by {', '.join(done.seen) or 'no witness'}")
    for name, why in done.missing:
        typer.echo(f"missing: {name}: {why}")
    if witnesses is not None and not witnesses.met_by(frozenset(done.seen)):
        typer.echo("which is no quorum")
        raise typer.Exit(REFUSED)


@log.command("rebuild")
def log_rebuild(home: Home, passphrase_file: PassphraseFile = None) -> None:
    """Write a home's published log anew from its database."""
    state, publisher = open_home(home), open_publisher(home, passphrase(passphrase_file))
    with state.turn():
        head = publisher.rebuild(state.log, seconds(utc_now())).head
    typer.echo(f"wrote {home / LOG_FOLDER}: {head.size} entries")


@witness.command("new")
def witness_new(
    store: _Store,
    name: Annotated[str, typer.Option(help="The witness's name: a URL without scheme, like witness.example/w1.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make a witness: its keys and its store. Prints its keys: a policy's `witness` line names one of them."""
    if not is_key_name(name) or len(name.encode()) > 255:
        fail("a witness's name is 1 to 255 bytes without spaces and plus signs")
    secret = passphrase(passphrase_file, new=True)
    store.mkdir(mode=0o700, exist_ok=True)
    seed = os.urandom(32)
    write_new(store / _WITNESS_KEY, seal(name.encode() + b"\x00" + seed, secret, _WITNESS_PURPOSE), 0o600)
    for kind in COSIGNATURES:
        typer.echo(str(SecretKeys(name, seed).public(kind)))
    note(f"wrote {store}")


@witness.command("follow")
def witness_follow(
    store: _Store,
    vkey: Annotated[str, typer.Argument(metavar="VKEY", help="The log's key, as `evidence trust` writes it.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Cosign heads of this log from now on."""
    opened = _witness(store, passphrase_file)
    opened.follow(parse_key(vkey))
    opened.close()
    typer.echo(f"following {parse_key(vkey).name}")


@witness.command("serve")
def witness_serve(
    store: _Store,
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where to listen.")] = "127.0.0.1:8200",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Answer C2SP tlog-witness requests until stopped."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        fail("--listen is HOST:PORT")
    made = server(_witness(store, passphrase_file), host, int(port))
    note(f"listening on {made.server_address[0]!s}:{made.server_address[1]}")
    made.serve_forever()


def _witness(store: Path, passphrase_file: Path | None) -> Witness:
    raw = unseal(read_file(store / _WITNESS_KEY, 10_000), passphrase(passphrase_file), _WITNESS_PURPOSE)
    name, _, seed = raw.partition(b"\x00")
    return Witness(store / _WITNESS_STORE, SecretKeys(name.decode(), seed), lambda: int(time.time()))


def _tell(found: Findings, trust: Trust) -> None:
    for step in found.steps:
        typer.echo(f"({step.number}) {step.name}: {step.shown}")
    typer.echo("on the checkpoint's record alone:")
    for line in found.on_record:
        typer.echo(f"  {line}")
    typer.echo(f"trusted: {trust.digest.hex()}")


def _hex(raw: bytes) -> bytes:
    try:
        return bytes.fromhex(raw.decode("ascii").strip())
    except ValueError:
        fail("the transaction's file holds no hex")

"""`request`, `approve`, `reject`, `check`, `cosign`: the way of one payment."""

import getpass
import re
import secrets
from pathlib import Path
from typing import Annotated

import typer

from sekisho.approvals.device import open_device
from sekisho.approvals.roster import parse_roster
from sekisho.approvals.statement import Statement
from sekisho.bitcoin.guards import recovery_positions
from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.psbt.reader import parse_psbt
from sekisho.bitcoin.psbt.records import decode_psbt_file
from sekisho.bitcoin.sats import parse_sats
from sekisho.bitcoin.transaction import MalformedTransaction, Transaction, parse_transaction
from sekisho.bitcoin.wallet import parse_wallet
from sekisho.checkpoint.coins import coins_of, parse_coins
from sekisho.checkpoint.compare import GAP, compare
from sekisho.checkpoint.cosign import Checkpoint, utc_now
from sekisho.checkpoint.decide import read as read_case
from sekisho.checkpoint.home import open_cosigner, open_home, open_publisher
from sekisho.checkpoint.signable import disagreements
from sekisho.checkpoint.spend import Spend
from sekisho.cli.console import (
    Approvals,
    DeviceFile,
    Format,
    Home,
    Out,
    PassphraseFile,
    RequestFile,
    Told,
    WalletFile,
    fail,
    note,
    passphrase,
    read,
    tell,
    write,
)
from sekisho.files import write_new
from sekisho.policy.policy import parse_policy
from sekisho.requests.create import new_request, parse_expiry, parse_pay_file, parse_payee, show_request
from sekisho.requests.request import parse_request
from sekisho.verdicts import Reason, Refused

request = typer.Typer(help="Ask for a payment.", no_args_is_help=True)

RequestArgument = Annotated[Path, typer.Argument(metavar="REQUEST", help="The payment request (JSON).")]


@request.command("new")
def new(
    wallet: WalletFile,
    max_fee: Annotated[str, typer.Option(metavar="SATS", help="The highest fee you allow.")],
    pay: Annotated[list[str] | None, typer.Option(metavar="ADDRESS=SATS", help="A payee; once for each.")] = None,
    pay_file: Annotated[Path | None, typer.Option(help="Payees as CSV with the header address,sats.")] = None,
    expires: Annotated[str, typer.Option(help="A lifetime (+30m, +2h, +1d) or a time in UTC.")] = "+2h",
    roster: Annotated[Path | None, typer.Option(help="The roster in force.")] = None,
    policy: Annotated[Path | None, typer.Option(help="The policy in force.")] = None,
    requester: Annotated[str | None, typer.Option(help="Your id on the roster; your login name if not given.")] = None,
    id: Annotated[str | None, typer.Option(help="A name for the request; made up if not given.")] = None,  # noqa: A002
    purpose: Annotated[str, typer.Option(help="What the approvers should know.")] = "payment",
    replaces: Annotated[Path | None, typer.Option(help="The request this one would replace.")] = None,
    out: Out = None,
) -> None:
    """Write a payment request. Without roster and policy it can be checked, never co-signed."""
    source = parse_wallet(read(wallet))
    payees = [parse_payee(text, source.network) for text in pay or []]
    if pay_file is not None:
        payees += parse_pay_file(read(pay_file).decode("utf-8", "replace"), source.network)
    created = utc_now()
    made = new_request(
        id=id or f"pay-{created:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        requester=requester or _login(),
        network=source.network,
        wallet=source.id,
        payees=payees,
        fee_max=parse_sats(max_fee),
        created=created,
        expires=parse_expiry(expires, created),
        purpose=purpose,
        roster=None if roster is None else parse_roster(read(roster)).digest,
        policy=None if policy is None else parse_policy(read(policy)).digest,
        replaces=None if replaces is None else parse_request(read(replaces)).digest,
    )
    write(made.raw, out)


@request.command("sign")
def sign(path: RequestArgument, device: DeviceFile, passphrase_file: PassphraseFile = None, out: Out = None) -> None:
    """Sign a request you ask for."""
    _say(Statement.REQUEST, path, device, passphrase_file, out)


@request.command("show")
def show(path: RequestArgument) -> None:
    """Show a request as it should be read before signing: every address whole, every amount exact."""
    for line in show_request(parse_request(read(path))):
        typer.echo(line)


def approve(path: RequestArgument, device: DeviceFile, passphrase_file: PassphraseFile = None, out: Out = None) -> None:
    """Approve a request: read it first."""
    _say(Statement.APPROVAL, path, device, passphrase_file, out)


def reject(path: RequestArgument, device: DeviceFile, passphrase_file: PassphraseFile = None, out: Out = None) -> None:
    """Reject a request: a case that it is given with is refused. It is not remembered; a freeze is."""
    _say(Statement.REJECTION, path, device, passphrase_file, out)


def check(
    wallet: WalletFile,
    request: RequestFile,
    psbt: Annotated[Path | None, typer.Option(help="The PSBT, binary or base64; - for standard input.")] = None,
    tx: Annotated[Path | None, typer.Option(help="Instead: a finished transaction in hex.")] = None,
    coins: Annotated[Path | None, typer.Option(help="With --tx: the coins it spends (JSON).")] = None,
    told: Told = Format.TEXT,
) -> None:
    """Compare alone: is this transaction what was asked for? No clock, no policy, no approvals, nothing remembered."""
    asked, source = parse_request(read(request)), parse_wallet(read(wallet))
    reasons: tuple[Reason, ...]
    if psbt is not None and tx is None and coins is None:
        value = parse_psbt(decode_psbt_file(read(psbt)))
        compared = read_case(asked, value, source, recovery_positions(source), -1)
        reasons = (*disagreements(value), *compared.reasons)
        transaction = value.unsigned
    elif psbt is None and tx is not None and coins is not None:
        transaction = _hex_transaction(read(tx))
        spend = Spend(transaction, coins_of(transaction, parse_coins(read(coins))), frozenset(range(GAP)))
        reasons = compare(asked, source, spend).reasons
    else:
        fail("give --psbt, or --tx together with --coins")
    tell(
        reasons,
        told,
        "allowed: it is the payment that was asked for",
        request=asked.digest.hex(),
        txid=show_txid(transaction.txid),
    )


def cosign(
    home: Home,
    request: RequestFile,
    psbt: Annotated[Path, typer.Option(help="The PSBT, binary or base64; - for standard input.")],
    out: Annotated[Path, typer.Option(help="Where to write the co-signed PSBT.")],
    approval: Approvals = None,
    passphrase_file: PassphraseFile = None,
    told: Told = Format.TEXT,
) -> None:
    """Decide on a payment, record the decision, and co-sign it if it is allowed."""
    raw = decode_psbt_file(read(psbt))
    if out.exists():
        fail(f"{out} exists already; nothing was decided")
    state = open_home(home)
    secret = passphrase(passphrase_file)
    key = open_cosigner(home, secret)
    answer = Checkpoint(state, key, open_publisher(home, secret)).cosign(
        read(request), [read(each) for each in approval or []], raw
    )
    if answer.psbt is not None:
        write_new(out, answer.psbt)
    tell(
        answer.verdict.reasons if isinstance(answer.verdict, Refused) else (),
        told,
        f"allowed: co-signed as log entry {answer.receipt.number}, written to {out}",
        request=answer.request.digest.hex(),
        txid=show_txid(parse_psbt(raw).unsigned.txid),
        log_entry=answer.receipt.number,
    )


def _say(statement: Statement, path: Path, device: Path, passphrase_file: Path | None, out: Path | None) -> None:
    asked = parse_request(read(path))
    for line in show_request(asked):
        note(line)
    signed = open_device(device, passphrase(passphrase_file)).sign(statement, asked.digest)
    write(signed.raw, out)


def _login() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = ""
    return re.sub(r"[^a-z0-9._-]", "", name.lower()).lstrip("._-") or "requester"


def _hex_transaction(raw: bytes) -> Transaction:
    try:
        return parse_transaction(bytes.fromhex(raw.decode("ascii").strip()))
    except ValueError as why:
        raise MalformedTransaction("the file holds no hex") from why

"""Making a request, and showing one to the person who is about to sign it."""

import csv
import io
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from sekisho.bitcoin.address import parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import Sats, btc, parse_sats
from sekisho.errors import SekishoError
from sekisho.requests.request import MalformedRequest, Payee, PaymentRequest, checked, parse_time, show_time

_LIFETIME = re.compile(r"\+([1-9][0-9]{0,4})([mhd])", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class MalformedPayee(SekishoError):
    """Text that does not name a payee and an amount."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"{text[:100]!r} is not ADDRESS=SATS: {why}")
        self.text, self.why = text, why


def new_request(  # noqa: PLR0913 - the fields of a request
    *,
    id: str,  # noqa: A002 - the field's name in the format
    requester: str,
    network: Network,
    wallet: bytes,
    payees: Sequence[Payee],
    fee_max: Sats,
    created: datetime,
    expires: datetime,
    purpose: str,
    roster: bytes | None = None,
    policy: bytes | None = None,
    replaces: bytes | None = None,
) -> PaymentRequest:
    """A new request with a fresh nonce. Raises MalformedRequest when the fields make none."""
    request = PaymentRequest(
        id=id,
        requester=requester,
        network=network,
        wallet=wallet,
        payees=tuple(payees),
        fee_max=fee_max,
        created=created.astimezone(UTC).replace(microsecond=0),
        expires=expires.astimezone(UTC).replace(microsecond=0),
        nonce=secrets.token_bytes(16),
        purpose=purpose,
        roster=roster,
        policy=policy,
        replaces=replaces,
    )
    return checked(request)


def parse_payee(text: str, network: Network) -> Payee:
    """Read ADDRESS=SATS. Raises MalformedPayee."""
    address, equals, amount = text.partition("=")
    if not equals:
        raise MalformedPayee(text, "there is no =")
    try:
        return Payee(address, parse_address(address, network), parse_sats(amount))
    except SekishoError as why:
        raise MalformedPayee(text, str(why)) from why


def parse_pay_file(text: str, network: Network) -> tuple[Payee, ...]:
    """Read a CSV file with the columns `address,sats` (and that header). Raises MalformedPayee."""
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(rows, None)
        if header != ["address", "sats"]:
            raise MalformedPayee(",".join(header or []), "the first line must be `address,sats`")
        return tuple(_row(row, network) for row in rows if row)
    except csv.Error as why:
        raise MalformedPayee(f"line {rows.line_num}", str(why)) from why


def parse_expiry(text: str, created: datetime) -> datetime:
    """Read a time (YYYY-MM-DDTHH:MM:SSZ) or a lifetime such as +2h, +30m or +1d. Raises MalformedRequest."""
    match = _LIFETIME.fullmatch(text)
    if match is None:
        if text.startswith("+"):
            raise MalformedRequest(f"{text[:20]!r} is not a lifetime like +2h, +30m or +1d")
        return parse_time(text)
    return created + int(match[1]) * _UNITS[match[2]]


def show_request(request: PaymentRequest) -> Iterator[str]:
    """The request line by line, as a person should read it before signing: every address whole, every amount exact."""
    yield f"Payment request {request.id}"
    yield f"  digest     {request.digest.hex()}"
    yield f"  requester  {request.requester}"
    yield f"  from       wallet {request.wallet.hex()} on {request.network}"
    for payee in request.payees:
        yield f"  pays       {payee.address}"
        yield f"             {payee.sats} sats ({btc(payee.sats)})"
    yield f"  in all     {request.total} sats ({btc(request.total)}) to {len(request.payees)} payees"
    yield f"  fee        at most {request.fee_max} sats"
    yield f"  valid      {show_time(request.created)} to {show_time(request.expires)}"
    for name, value in (("roster", request.roster), ("policy", request.policy)):
        yield f"  {name:<10} {value.hex() if value else 'none: it can be checked, never co-signed'}"
    if request.replaces is not None:
        yield f"  replaces   {request.replaces.hex()}"
    yield f"  purpose    {request.purpose}"


def _row(row: list[str], network: Network) -> Payee:
    if len(row) != 2:
        raise MalformedPayee(",".join(row), "a line must hold an address and an amount")
    return parse_payee("=".join(row), network)

"""The payment request: the one statement of what was asked for."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sekisho.bitcoin.address import MalformedAddress, parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import AmountOutOfRange, MalformedAmount, Sats, parse_sats, sats
from sekisho.bitcoin.script import Script
from sekisho.errors import SekishoError
from sekisho.requests.canonical import Json, NotCanonical, canonical, digest, parse_canonical

REQUEST_TYPE = "sekisho/payment-request/v1"

MAX_REQUEST_BYTES = 1_000_000
"""A request for ten thousand payees is about 900 kB; a standard transaction (400,000 weight) holds some 3,000."""

MAX_TEXT = 280
"""Characters in `purpose`: what a person reads before signing."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NONCE = re.compile(r"[0-9a-f]{32}", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)

_REQUIRED = {"type", "id", "requester", "network", "wallet", "payees", "fee_max_sats", "created", "expires", "nonce",
             "purpose"}  # fmt: skip
_OPTIONAL = {"roster", "policy", "replaces"}


class MalformedRequest(SekishoError):
    """Bytes that are not a payment request."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a payment request: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Payee:
    """Someone to be paid. The address is what people read; the script is what is compared."""

    address: str
    script: Script
    sats: Sats


@dataclass(frozen=True)
class PaymentRequest:
    """Who pays whom, how much, at most which fee, until when.

    `wallet`, `roster`, `policy` and `replaces` are SHA-256 digests (32 bytes). Without `roster` and `policy` a request
    can be checked, never co-signed. Times are UTC, whole seconds. Identical payees are allowed: a batch may pay one
    address twenty times.
    """

    id: str
    requester: str
    network: Network
    wallet: bytes
    payees: tuple[Payee, ...]
    fee_max: Sats
    created: datetime
    expires: datetime
    nonce: bytes
    purpose: str
    roster: bytes | None = None
    policy: bytes | None = None
    replaces: bytes | None = None

    @property
    def total(self) -> Sats:
        """What all payees together are to receive."""
        return Sats(sum(payee.sats for payee in self.payees))

    @property
    def lifetime(self) -> timedelta:
        """How long the request may be acted on."""
        return self.expires - self.created

    @cached_property
    def raw(self) -> bytes:
        """The canonical bytes: the file, and what the digest is over."""
        document: dict[str, Json] = {
            "type": REQUEST_TYPE,
            "id": self.id,
            "requester": self.requester,
            "network": self.network.value,
            "wallet": self.wallet.hex(),
            "payees": [{"address": payee.address, "sats": str(payee.sats)} for payee in self.payees],
            "fee_max_sats": str(self.fee_max),
            "created": show_time(self.created),
            "expires": show_time(self.expires),
            "nonce": self.nonce.hex(),
            "purpose": self.purpose,
        }
        for name, value in (("roster", self.roster), ("policy", self.policy), ("replaces", self.replaces)):
            if value is not None:
                document[name] = value.hex()
        return canonical(document)

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the type, a zero byte and the canonical bytes: the request's name everywhere."""
        return digest(REQUEST_TYPE, self.raw)


def parse_request(raw: bytes) -> PaymentRequest:
    """Read a request from its canonical bytes. Raises MalformedRequest, and nothing else, whatever the bytes."""
    try:
        document = parse_canonical(raw, MAX_REQUEST_BYTES)
    except NotCanonical as why:
        raise MalformedRequest(why.why) from why
    missing, unknown = _REQUIRED - document.keys(), document.keys() - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise MalformedRequest(f"missing {sorted(missing)}, unknown {sorted(unknown)}")
    if document["type"] != REQUEST_TYPE:
        raise MalformedRequest("of another type or version")
    try:
        network = Network(_text(document, "network"))
    except ValueError as why:
        raise MalformedRequest("network is none of " + ", ".join(Network)) from why
    return checked(
        PaymentRequest(
            id=_text(document, "id"),
            requester=_text(document, "requester"),
            network=network,
            wallet=_hash(document, "wallet"),
            payees=_payees(document["payees"], network),
            fee_max=_amount(document["fee_max_sats"], "fee_max_sats"),
            created=parse_time(_text(document, "created")),
            expires=parse_time(_text(document, "expires")),
            nonce=bytes.fromhex(_matching(document, "nonce", _NONCE)),
            purpose=_text(document, "purpose"),
            roster=_hash(document, "roster") if "roster" in document else None,
            policy=_hash(document, "policy") if "policy" in document else None,
            replaces=_hash(document, "replaces") if "replaces" in document else None,
        )
    )


def checked(request: PaymentRequest) -> PaymentRequest:
    """Hold a request, read or newly made, to the rules that no single field shows. Raises MalformedRequest."""
    for name, value in (("id", request.id), ("requester", request.requester)):
        if _ID.fullmatch(value) is None:
            raise MalformedRequest(f"{name} must be 1 to 64 letters, digits, dots, dashes or underscores")
    if not request.payees:
        raise MalformedRequest("it pays nobody")
    if any(payee.sats == 0 for payee in request.payees):
        raise MalformedRequest("a payee who receives nothing")
    if len(request.purpose) > MAX_TEXT:
        raise MalformedRequest(f"purpose is longer than {MAX_TEXT} characters")
    try:
        sats(request.total + request.fee_max)
        size = len(request.raw)
    except (AmountOutOfRange, NotCanonical) as why:
        raise MalformedRequest(str(why)) from why
    if size > MAX_REQUEST_BYTES:
        raise MalformedRequest(f"{size} bytes, more than {MAX_REQUEST_BYTES}")
    if request.expires <= request.created:
        raise MalformedRequest("it expires before it is created")
    return request


def show_time(moment: datetime) -> str:
    """A UTC time as it stands in every file: YYYY-MM-DDTHH:MM:SSZ."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def parse_time(text: str) -> datetime:
    """Read YYYY-MM-DDTHH:MM:SSZ. Raises MalformedRequest."""
    try:
        if _TIME.fullmatch(text) is None:
            raise MalformedRequest(f"{text[:40]!r} is not a time like 2024-05-31T04:12:00Z")
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as why:
        raise MalformedRequest(f"{text[:40]!r} is not a time that exists") from why


def _text(document: dict[str, Json], name: str) -> str:
    value = document[name]
    if not isinstance(value, str):
        raise MalformedRequest(f"{name} is not text")
    return value


def _matching(document: dict[str, Json], name: str, pattern: re.Pattern[str]) -> str:
    value = _text(document, name)
    if pattern.fullmatch(value) is None:
        raise MalformedRequest(f"{name} must match {pattern.pattern}")
    return value


def _hash(document: dict[str, Json], name: str) -> bytes:
    return bytes.fromhex(_matching(document, name, _HASH))


def _amount(value: Json, name: str) -> Sats:
    if not isinstance(value, str):
        raise MalformedRequest(f"{name} is not text")
    try:
        return parse_sats(value)
    except (MalformedAmount, AmountOutOfRange) as why:
        raise MalformedRequest(str(why)) from why


def _payees(value: Json, network: Network) -> tuple[Payee, ...]:
    if not isinstance(value, list):
        raise MalformedRequest("payees is not a list")
    payees = []
    for entry in value:
        if not isinstance(entry, dict) or entry.keys() != {"address", "sats"}:
            raise MalformedRequest("a payee is an address and sats, nothing else")
        address = _text(entry, "address")
        try:
            script = parse_address(address, network)
        except MalformedAddress as why:
            raise MalformedRequest(str(why)) from why
        payees.append(Payee(address, script, _amount(entry["sats"], "sats")))
    return tuple(payees)

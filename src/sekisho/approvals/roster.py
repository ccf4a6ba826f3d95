"""The roster: who there is, what each may do, and with which devices."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from sekisho.approvals.quorum import Attribute, Quorum
from sekisho.approvals.statement import MalformedStatement, decode
from sekisho.bitcoin.network import Network
from sekisho.errors import SekishoError
from sekisho.requests.canonical import digest, visible
from sekisho.toml import MalformedToml, read_toml

ROSTER_TYPE = "sekisho/roster/v1"
MAX_ROSTER_BYTES = 200_000

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_RP = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?", re.ASCII)


class MalformedRoster(SekishoError):
    """Bytes that are not a roster."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a roster: {why}")
        self.why = why


class Role(StrEnum):
    """What a person may do."""

    REQUESTER = "requester"
    APPROVER = "approver"
    POLICY_ADMIN = "policy_admin"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Device:
    """An enrolled authenticator. One device may hold several credentials: they share its id and count once."""

    id: str
    credential_id: bytes
    public_key: bytes
    """P-256, compressed (SEC 1, section 2.3.3)."""
    maker: str
    site: str

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (ES256, DER) by this device is over `message`."""
        try:
            self._key.verify(signature, message, _ES256)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _key(self) -> ec.EllipticCurvePublicKey:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.public_key)


_ES256 = ec.ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, in one organisation."""

    id: str
    name: str
    organisation: str
    roles: frozenset[Role]
    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person, and the device they signed with."""

    person: Person
    device: Device


@dataclass(frozen=True)
class Roster:
    """Everyone, as a quorum signed it."""

    version: int
    digest: bytes
    """SHA-256 of the type, a zero byte and the file's exact bytes: the roster's name everywhere."""
    network: Network
    relying_party: str
    """The WebAuthn relying-party id that is used for approvals and nothing else."""
    origins: frozenset[str]
    people: tuple[Person, ...]
    admins: Quorum = field(repr=False)
    """Who may put a roster, policy or wallet in force, and lift a freeze."""

    @cached_property
    def _holders(self) -> dict[bytes, Signatory]:
        return {device.credential_id: Signatory(person, device) for person in self.people for device in person.devices}

    def holder(self, credential_id: bytes) -> Signatory | None:
        """Whose credential this is; None for nobody's."""
        return self._holders.get(credential_id)

    def having(self, role: Role) -> frozenset[str]:
        """The ids of everyone with a role."""
        return frozenset(person.id for person in self.people if role in person.roles)


def parse_roster(raw: bytes) -> Roster:
    """Read a roster file (TOML, docs/formats.md). Raises MalformedRoster, and nothing else, whatever the bytes."""
    table = _table(raw)
    if table.text("type") != ROSTER_TYPE:
        raise MalformedRoster("of another type or version")
    version = table.integer("version")
    if table.peek("network") not in Network.__members__.values():
        raise MalformedRoster("network is none of " + ", ".join(Network))
    network = Network(table.text("network"))
    relying_party = table.matching("relying_party", _RP)
    origins = table.texts("origins")
    if not origins or not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise MalformedRoster("origins must be a list like https://approve.example, without path")
    people = _people(table)
    admins = _admins(table.table("policy_admin"), people)
    table.end()
    return Roster(version, digest(ROSTER_TYPE, raw), network, relying_party, frozenset(origins), people, admins)


def parse_people(raw: bytes) -> tuple[Person, ...]:
    """Whom a roster file names that is still being written, and need not name enough yet. Raises MalformedRoster."""
    return _people(_table(raw))


def _table(raw: bytes) -> "_Table":
    try:
        return _Table("", read_toml(raw, MAX_ROSTER_BYTES))
    except MalformedToml as why:
        raise MalformedRoster(why.why) from why


def _people(table: "_Table") -> tuple[Person, ...]:
    people = tuple(_person(each) for each in table.tables("person"))
    _unique(people)
    return people


def _person(table: "_Table") -> Person:
    names = table.texts("roles")
    unknown = [name for name in names if name not in Role.__members__.values()]
    if unknown or not names or len(set(names)) < len(names):
        raise MalformedRoster("roles must be some of " + ", ".join(Role))
    person = Person(
        id=table.matching("id", _ID),
        name=table.text("name"),
        organisation=table.matching("organisation", _ID),
        roles=frozenset(map(Role, names)),
        devices=tuple(_device(each) for each in table.tables("device")),
    )
    table.end()
    return person


def _device(table: "_Table") -> Device:
    try:
        credential = decode(table.text("credential"))
        public_key = decode(table.text("public_key"))
    except MalformedStatement as why:
        raise MalformedRoster(why.why) from why
    device = Device(
        table.matching("id", _ID), credential, public_key, table.matching("maker", _ID), table.matching("site", _ID)
    )
    table.end()
    if not 16 <= len(credential) <= 1023:  # WebAuthn Level 3, section 4, "Credential ID"
        raise MalformedRoster("a credential id has 16 to 1023 bytes")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    except ValueError as why:
        raise MalformedRoster("a public key that is no point of P-256") from why
    if len(public_key) != 33:
        raise MalformedRoster("a public key is given compressed, in 33 bytes")
    return device


def _admins(table: "_Table", people: tuple[Person, ...]) -> Quorum:
    threshold, distinct = table.integer("threshold"), []
    demands = table.table("distinct") if table.peek("distinct") is not None else None
    if demands is not None:
        distinct = [(each, demands.integer(each)) for each in Attribute if demands.peek(each) is not None]
        demands.end()
    table.end()
    group = frozenset(person.id for person in people if Role.POLICY_ADMIN in person.roles)
    if not threshold <= len(group) or any(number > threshold for _, number in distinct):
        raise MalformedRoster(f"{len(group)} people are policy_admin; a threshold of {threshold} can never be met")
    return Quorum(threshold, group, tuple(distinct))


def _unique(people: tuple[Person, ...]) -> None:
    if not people:
        raise MalformedRoster("it names nobody")
    devices = [device for person in people for device in person.devices]
    for what, values in (
        ("person", [person.id for person in people]),
        ("credential", [device.credential_id.hex() for device in devices]),
        ("public key", [device.public_key.hex() for device in devices]),
    ):
        if twice := next((value for value in values if values.count(value) > 1), None):
            raise MalformedRoster(f"{what} {twice[:16]} stands in it twice")
    owners: dict[str, str] = {}
    for person in people:
        for device in person.devices:
            if owners.setdefault(device.id, person.id) != person.id:
                raise MalformedRoster(f"device {device.id} belongs to two people")


class _Table:
    """One TOML table, emptied key by key; `end` refuses what nobody took. Raises MalformedRoster."""

    def __init__(self, where: str, members: Mapping[str, object]) -> None:
        self._where, self._members = where, dict(members)

    def peek(self, key: str) -> object:
        return self._members.get(key)

    def _take(self, key: str) -> object:
        if key not in self._members:
            raise MalformedRoster(f"{self._where}{key} is missing")
        return self._members.pop(key)

    def text(self, key: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not 0 < len(value) <= 2000 or not visible(value):
            raise MalformedRoster(f"{self._where}{key} must be text that can be seen")
        return value

    def matching(self, key: str, pattern: re.Pattern[str]) -> str:
        value = self.text(key)
        if pattern.fullmatch(value) is None:
            raise MalformedRoster(f"{self._where}{key} must match {pattern.pattern}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise MalformedRoster(f"{self._where}{key} must be a list of texts")
        return tuple(value)

    def integer(self, key: str) -> int:
        value = self._take(key)
        if type(value) is not int or not 1 <= value <= 1_000_000_000:
            raise MalformedRoster(f"{self._where}{key} must be a whole number from 1")
        return value

    def table(self, key: str) -> "_Table":
        value = self._take(key)
        if not isinstance(value, dict):
            raise MalformedRoster(f"{self._where}{key} must be a table")
        return _Table(f"{key}.", value)

    def tables(self, key: str) -> "tuple[_Table, ...]":
        value = self._members.pop(key, [])
        if not isinstance(value, list):
            raise MalformedRoster(f"{self._where}{key} must be a list of tables")
        rows = [_Table(f"{key}[{number}].", each) for number, each in enumerate(value, 1) if isinstance(each, dict)]
        if len(rows) < len(value):
            raise MalformedRoster(f"{self._where}{key} must be a list of tables")
        return tuple(rows)

    def end(self) -> None:
        if self._members:
            raise MalformedRoster(f"unknown key {self._where}{min(self._members)}")

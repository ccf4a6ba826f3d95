"""Who plays: the people of the exchange and its wallet vendor, their devices, and the roster they all signed."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from sekisho.approvals.device import SoftwareDevice
from sekisho.approvals.enrol import Enrolment, device_entry, person_entry, roster_head
from sekisho.approvals.roster import Role, Roster, parse_roster
from sekisho.approvals.statement import SignedStatement, Statement
from sekisho.bitcoin.network import Network
from sekisho.requests.request import PaymentRequest

RELYING_PARTY = "approve.exchange.example"
ORIGIN = "https://approve.exchange.example"

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def device(name: str) -> SoftwareDevice:
    """A device whose key follows from its name: the same in every run, and fit for nothing else."""
    secret = int.from_bytes(sha256(f"sekisho replay device {name}".encode()).digest(), "big") % (_P256_ORDER - 1) + 1
    return SoftwareDevice(sha256(f"credential {name}".encode()).digest(), secret, RELYING_PARTY, ORIGIN)


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody, with the names of their devices."""

    id: str
    name: str
    organisation: str
    site: str
    roles: tuple[Role, ...]
    devices: tuple[str, ...]


PLAYERS = (
    Player("rie", "Rie, treasury", "exchange", "tokyo", (Role.REQUESTER,), ("rie-key",)),
    Player("aya", "Aya, treasury", "exchange", "tokyo", (Role.APPROVER,), ("aya-key", "aya-spare")),
    Player("ben", "Ben, security", "exchange", "osaka", (Role.APPROVER,), ("ben-key",)),
    Player("chie", "Chie, vendor's control room", "vendor", "nagoya", (Role.APPROVER,), ("chie-key",)),
    Player("pia", "Pia, risk", "exchange", "tokyo", (Role.POLICY_ADMIN, Role.APPROVER), ("pia-key",)),
    Player("sam", "Sam, vendor's risk", "vendor", "nagoya", (Role.POLICY_ADMIN,), ("sam-key",)),
    Player("uta", "Uta, audit", "auditor", "kyoto", (Role.AUDITOR,), ("uta-key",)),
)


@dataclass(frozen=True)
class Cast:
    """The players on one network, as version `version` of their roster names them."""

    network: Network
    version: int = 1
    players: tuple[Player, ...] = PLAYERS
    admins: int = 2

    @cached_property
    def roster_file(self) -> bytes:
        """The roster as a file."""
        parts = [roster_head(self.network, RELYING_PARTY, [ORIGIN], self.version, self.admins)]
        for player in self.players:
            for number, name in enumerate(player.devices):
                enrolment = Enrolment(player.id, player.name, player.organisation, player.roles, name, player.site)
                parts.append(device_entry(enrolment, device(name)) if number else person_entry(enrolment))
                if not number:
                    parts.append(device_entry(enrolment, device(name)))
        return "".join(parts).encode()

    @cached_property
    def roster(self) -> Roster:
        """The roster as a value."""
        return parse_roster(self.roster_file)

    def sign(self, statement: Statement, digest: bytes, *people: str) -> tuple[SignedStatement, ...]:
        """What these people say, each with their first device."""
        first = {player.id: player.devices[0] for player in self.players}
        return tuple(device(first[person]).sign(statement, digest) for person in people)

    def approved(self, request: PaymentRequest, *people: str) -> tuple[SignedStatement, ...]:
        """The requester's signature under a request, and these people's approvals."""
        asked = self.sign(Statement.REQUEST, request.digest, request.requester)
        return (*asked, *self.sign(Statement.APPROVAL, request.digest, *people))

    def founding(self, policy: bytes, wallet: bytes) -> tuple[SignedStatement, ...]:
        """Everyone's signature under the first roster, and the policy_admins' under the first policy and wallet."""
        everyone = [player.id for player in self.players]
        admins = [player.id for player in self.players if Role.POLICY_ADMIN in player.roles]
        return (
            *self.sign(Statement.ROSTER, self.roster.digest, *everyone),
            *self.sign(Statement.POLICY, policy, *admins),
            *self.sign(Statement.WALLET, wallet, *admins),
        )

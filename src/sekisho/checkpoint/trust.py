"""TRUST.toml: what somebody who checks evidence takes as given. Everything else must follow from the bytes."""

from dataclasses import dataclass

from sekisho.bitcoin.network import Network
from sekisho.errors import SekishoError
from sekisho.evidence.keys import KeyType, VerifierKey
from sekisho.evidence.quorum import MalformedWitnessPolicy, WitnessPolicy, parse_witness_policy
from sekisho.requests.canonical import digest
from sekisho.toml import MalformedToml, read_toml

TRUST_TYPE = "sekisho/trust/v1"
MAX_TRUST_BYTES = 500_000

_KEYS = {"type", "network", "roster", "tlog_policy"}


class MalformedTrust(SekishoError):
    """Bytes that are not a trust file."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a trust file: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Trust:
    """A network, a roster that everyone on it read out, and the log with its witnesses."""

    network: Network
    roster: bytes
    """The digest of a roster; later ones must follow from it by its own quorum."""
    witnesses: WitnessPolicy
    """One log, its Ed25519 key first, and the witnesses that must have seen its head."""
    digest: bytes
    """SHA-256 of the type, a zero byte and the file's exact bytes: say which trust file you used."""

    @property
    def log(self) -> VerifierKey:
        """The log's Ed25519 key, which signs its heads and its evidence."""
        return next(each.key for each in self.witnesses.logs if each.key.type is KeyType.ED25519)


def show_trust(network: Network, roster: bytes, tlog_policy: str) -> bytes:
    """A trust file. What the policy's people wrote in comments stays text: TOML gives two characters a meaning."""
    written = tlog_policy.strip().replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'type = "{TRUST_TYPE}"\nnetwork = "{network}"\nroster = "{roster.hex()}"\ntlog_policy = """\n{written}\n"""\n'
    ).encode()


def parse_trust(raw: bytes) -> Trust:
    """Read a trust file. Raises MalformedTrust, and nothing else, whatever the bytes."""
    try:
        members = read_toml(raw, MAX_TRUST_BYTES)
    except MalformedToml as why:
        raise MalformedTrust(why.why) from why
    texts = {name: value for name, value in members.items() if isinstance(value, str)}
    if texts.keys() != _KEYS or members.keys() != _KEYS or texts["type"] != TRUST_TYPE:
        raise MalformedTrust("it must hold type, network, roster and tlog_policy, as text")
    try:
        network, roster = Network(texts["network"]), bytes.fromhex(texts["roster"])
        witnesses = parse_witness_policy(texts["tlog_policy"])
    except MalformedWitnessPolicy as why:
        raise MalformedTrust(str(why)) from why
    except ValueError as why:
        raise MalformedTrust("network is none, or roster is not hex") from why
    keys = [each.key for each in witnesses.logs]
    if len(roster) != 32 or len({each.name for each in keys}) != 1 or not any(_signs_text(each) for each in keys):
        raise MalformedTrust("roster has 64 hex digits; one log is named, with its Ed25519 key")
    return Trust(network, roster, witnesses, digest(TRUST_TYPE, raw))


def _signs_text(key: VerifierKey) -> bool:
    return key.type is KeyType.ED25519

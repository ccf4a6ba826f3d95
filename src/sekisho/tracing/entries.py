"""What a file of labels tells, in whichever format: services where a trace stops, and labels of everybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sekisho.bitcoin.address import MalformedAddress, parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.errors import SekishoError
from sekisho.tracing.services import Service, StopList

SERVICES = frozenset(
    {
        "atm",
        "bridge",
        "broker",
        "exchange",
        "gambling",
        "hosted_wallet",
        "market",
        "marketplace",
        "miner",
        "mining_pool",
        "mixing_service",
        "payment_processor",
        "pool",
        "service",
        "wallet_service",
    }
)
"""Categories of businesses that put many people's coins together, so that what enters is not what leaves.

Words as GraphSense's TagPacks use them, and ours. With any other category, or none, an entry is a label: coins of a
thief, a victim or a sanctioned person are followed on.
"""

LONGEST_TEXT = 500
"""Characters of a name, a category or a source."""


class MalformedStopList(SekishoError):
    """Bytes that are not a list of services and labels."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a list of services: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list, before its address is looked at."""

    name: str
    category: str
    address: str
    """Empty where the script is told."""
    script: Script | None
    cluster: bool
    since: int | None
    """Seconds since 1970, as in `Service`."""
    until: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Label:
    """What a list says of a script that is no service's: a thief, a scam, a sanctioned person."""

    name: str
    category: str
    script: Script
    source: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An entry whose address is none of this network: its checksum is wrong, or it belongs elsewhere."""

    name: str
    address: str
    why: str


@dataclass(frozen=True, slots=True)
class ListRead:
    """A file that was read whole."""

    stop_list: StopList
    labels: tuple[Label, ...]
    passed_over: tuple[PassedOver, ...]
    """To be shown: an entry one believes to be in force, and is not."""
    other_currencies: int
    """Entries for other currencies, which are not ours to judge."""


def sort_out(name: str, raw: bytes, entries: Iterable[Entry], network: Network, other_currencies: int = 0) -> ListRead:
    """Tell services from labels, and both from entries whose address is none of `network`."""
    services: list[Service] = []
    labels: list[Label] = []
    passed_over: list[PassedOver] = []
    for entry in entries:
        try:
            script = entry.script if entry.script is not None else parse_address(entry.address, network)
        except MalformedAddress as why:
            passed_over.append(PassedOver(entry.name, entry.address, why.why))
            continue
        if entry.category in SERVICES:
            services.append(
                Service(entry.name, entry.category, script, entry.cluster, entry.since, entry.until, entry.source)
            )
        else:
            labels.append(Label(entry.name, entry.category, script, entry.source))
    stop_list = StopList(name, sha256(raw).digest(), tuple(services))
    return ListRead(stop_list, tuple(labels), tuple(passed_over), other_currencies)


def checked_text(text: str, what: str) -> str:
    """Text that shows as it is stored. Raises MalformedStopList."""
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise MalformedStopList(f"a {what} is too long, or holds characters that cannot be seen")
    return text


def parse_moment(text: str) -> int:
    """Read YYYY-MM-DD, the beginning of that day, or YYYY-MM-DDTHH:MM:SSZ; UTC, after 1970 began.

    Raises MalformedStopList.
    """
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        seconds = int(moment.timestamp())
        if seconds > 0 and moment.strftime(form) == text:
            return seconds
    raise MalformedStopList(f"{text[:40]!r} is not a day like 2024-05-31 or a time like 2024-05-31T04:12:00Z")

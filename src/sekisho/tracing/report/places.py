"""Where the money is: ends gathered by place, for the tables of the page."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sekisho.tracing.case import End, Method, Status
from sekisho.tracing.report.dossier import Dossier, EndKey, key_of

TITLES = {
    Status.UNSPENT: "Unspent",
    Status.SERVICE: "Paid to services",
    Status.FEES: "Paid to miners as fees",
    Status.DESTROYED: "Destroyed",
    Status.COINJOIN: "Entered CoinJoins",
    Status.UNKNOWN: "Unknown",
    Status.BELOW_THRESHOLD: "Below the threshold",
    Status.MINED: "Mined",
}

MEANINGS = {
    Status.SERVICE: "These outputs belong to businesses named on the stop lists. What a business then does with the "
    "coins is not on the chain: it pools its customers' money, so its later payments say nothing about this case. Who "
    "the customer was stands in its books. Ask it: a request for each is below.",
    Status.FEES: "A transaction pays its miner by leaving part of its inputs unassigned. The miner is as a rule no "
    "party to the theft.",
    Status.DESTROYED: "Nobody can ever spend these, not even the thief.",
    Status.COINJOIN: "These amounts entered transactions that several owners made together so that nobody can tell "
    "whose coin became whose. The trace was told to stop there.",
    Status.UNKNOWN: "Here the blocks at hand do not tell how much some input held, so that no method can be reckoned. "
    "Import more of the chain and trace again.",
    Status.BELOW_THRESHOLD: "These outputs hold fewer stolen satoshis than the threshold that was asked for, and were "
    "not followed. They may have moved since.",
    Status.MINED: "These satoshis were made here, as a miner's reward.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One address, service or other place, with all that ended there in one way."""

    name: str
    detail: str
    """What else is known of it: a service's category and source."""
    sats: int
    convention: int
    """Of these, by convention only."""
    since: int | None
    """The earliest block time at which some of it arrived."""
    ends: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """One end, and how many satoshis each method puts there."""

    place: str
    end: End
    by_method: tuple[int, ...]
    """In the order of the dossier's traces."""
    least: int
    """Of the methods that keep amounts."""
    most: int


def places(dossier: Dossier, status: Status) -> tuple[Place, ...]:
    """All places of one status, the largest first."""
    grouped: dict[tuple[str, str], list[End]] = defaultdict(list)
    for end in dossier.told.ends:
        if end.status is status:
            service = dossier.service(end)
            detail = f"{service.category}; source: {service.source}" if service else ""
            grouped[dossier.place(end), detail].append(end)
    made = [_place(name, detail, ends) for (name, detail), ends in grouped.items()]
    return tuple(sorted(made, key=lambda place: (-place.sats, place.name)))


def _place(name: str, detail: str, ends: list[End]) -> Place:
    times = [end.time for end in ends if end.time is not None]
    total, convention = sum(end.sats for end in ends), sum(end.sats for end in ends if end.convention_only)
    return Place(name, detail, total, convention, min(times, default=None), tuple(ends))


def spreads(dossier: Dossier) -> tuple[Spread, ...]:
    """Every end that a method which keeps amounts reaches, the largest first. Those by poison alone are left out."""
    sums: list[Counter[EndKey]] = []
    example: dict[EndKey, End] = {}
    for trace in dossier.traces:
        counts: Counter[EndKey] = Counter()
        for end in trace.ends:
            counts[key_of(end)] += end.sats
            example.setdefault(key_of(end), end)
        sums.append(counts)
    keeps = [number for number, trace in enumerate(dossier.traces) if trace.parameters.method is not Method.POISON]
    made = []
    for key, end in example.items():
        amounts = tuple(counts[key] for counts in sums)
        kept = [amounts[number] for number in keeps]
        if any(kept):
            made.append(Spread(dossier.place(end), end, amounts, min(kept), max(kept)))
    return tuple(sorted(made, key=lambda each: (-each.most, each.place, str(each.end.outpoint), each.end.txid)))


def agreed(found: tuple[Spread, ...]) -> int:
    """How many satoshis every method that keeps amounts puts at the same ends."""
    return sum(each.least for each in found)

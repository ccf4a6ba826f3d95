"""When it happened: the hops of a trace gathered into at most a few dozen stretches of time."""

from collections import Counter
from dataclasses import dataclass

from sekisho.tracing.case import Status
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.places import TITLES
from sekisho.tracing.report.words import counted, money, when

_MOST = 40
_UNITS = (600, 3600, 6 * 3600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400, 3650 * 86_400)
"""Seconds: ten minutes, an hour, a quarter day, a day, a week, a month, a year, ten years."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What happened in some stretch of time."""

    begins: str
    """Of its first block, UTC."""
    transactions: int
    moved: int
    """Stolen satoshis that the largest of its transactions moved."""
    events: tuple[str, ...]


def timeline(dossier: Dossier) -> tuple[Stretch, ...]:
    """The stretches in which something happened, oldest first. What is in no block has no time and is left out."""
    hops = [(hop.time, hop) for hop in dossier.told.hops if hop.time is not None]
    ends = [(end.time, end) for end in dossier.told.ends if end.time is not None]
    times = sorted(time for time, _ in [*hops, *ends])
    if not times:
        return ()
    unit = next((unit for unit in _UNITS if len({time // unit for time in times}) <= _MOST), _UNITS[-1])
    made = []
    for number in sorted({time // unit for time in times}):
        inside = [hop for time, hop in hops if time // unit == number]
        came: Counter[Status] = Counter()
        for time, end in ends:
            if time // unit == number:
                came[end.status] += end.sats
        mixes = Counter(hop.mix for hop in inside if hop.mix is not None)
        events = [f"{counted(count, 'CoinJoin')} ({kind})" for kind, count in sorted(mixes.items())]
        events += [f"{TITLES[status].lower()}: {money(came[status])}" for status in Status if came[status]]
        moved = max((sum(t.sats for each in hop.inputs for t in each.taints) for hop in inside), default=0)
        first = next(time for time in times if time // unit == number)
        made.append(Stretch(when(first)[:16], len(inside), moved, tuple(events)))
    return tuple(made)

"""The question and the answer, in sentences anybody can read, and the totals behind them."""

from dataclasses import dataclass

from sekisho.bitcoin.sats import btc
from sekisho.tracing.case import Method, Status
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.places import TITLES, agreed, places, spreads
from sekisho.tracing.report.rules import METHODS
from sekisho.tracing.report.words import counted, listed, money, newest, share, shown
from sekisho.tracing.trace import Trace

_IN_SENTENCE = {
    Status.SERVICE: "to services",
    Status.FEES: "to miners as fees",
    Status.DESTROYED: "destroyed",
    Status.COINJOIN: "into CoinJoins",
    Status.UNKNOWN: "into transactions with unknown inputs",
    Status.BELOW_THRESHOLD: "in amounts too small to follow",
}


@dataclass(frozen=True, slots=True)
class Total:
    """The satoshis of one status, and how the methods spread over it."""

    status: Status
    title: str
    sats: int
    convention: int
    ends: int
    by_method: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands at the top of the page."""

    title: str
    question: str
    answer: tuple[str, ...]
    totals: tuple[Total, ...]
    seeded: int
    convention: int
    methods: tuple[str, ...]
    """Names of the traces side by side."""
    agreed: int
    reached: int
    """By poison: outputs that could hold some of it."""


def summary(dossier: Dossier) -> Summary:
    """The summary of a case."""
    trace = dossier.told
    totals = tuple(_total(dossier, status) for status in Status)
    convention = sum(end.sats for end in trace.ends if end.convention_only)
    agreement = agreed(spreads(dossier))
    poison = next((each for each in dossier.traces if each.parameters.method is Method.POISON), None)
    return Summary(
        "Where the stolen bitcoin came from" if trace.parameters.backward else "Where the stolen bitcoin went",
        _question(trace),
        _answer(dossier, totals, convention, agreement),
        tuple(total for total in totals if any(total.by_method) or total.ends),
        trace.seeded,
        convention,
        tuple(METHODS[each.parameters.method].id for each in dossier.traces),
        agreement,
        0 if poison is None else len({end.outpoint for end in poison.ends if end.outpoint is not None}),
    )


def _total(dossier: Dossier, status: Status) -> Total:
    ends = [end for end in dossier.told.ends if end.status is status]
    by_method = tuple(sum(end.sats for end in each.ends if end.status is status) for each in dossier.traces)
    convention = sum(end.sats for end in ends if end.convention_only)
    return Total(status, TITLES[status], sum(end.sats for end in ends), convention, len(ends), by_method)


def _question(trace: Trace) -> str:
    coins, labels = len(trace.seeds), sorted({seed.label for seed in trace.seeds})
    named = f" ({listed([shown(label) for label in labels])})" if labels != ["theft"] else ""
    asked = "Where did it come from" if trace.parameters.backward else "Where is it"
    return (
        f"{btc(trace.seeded)} in {counted(coins, 'output')} {'is' if coins == 1 else 'are'} named as stolen{named}. "
        f"{asked}, on the {trace.network} chain {newest(trace.tip)}?"
    )


def _answer(dossier: Dossier, totals: tuple[Total, ...], convention: int, agreement: int) -> tuple[str, ...]:
    trace = dossier.told
    if trace.parameters.method is Method.POISON:
        return _reach(trace, totals)
    whole = trace.seeded
    if trace.parameters.backward:
        mined = sum(total.sats for total in totals if total.status is Status.MINED)
        first = (
            f"By {METHODS[trace.parameters.method].title}, {btc(mined)} ({share(mined, whole)}) comes from miners' "
            f"rewards, and {btc(whole - mined)} ({share(whole - mined, whole)}) from beyond the blocks at hand."
        )
    else:
        first = _forward(dossier, totals, whole)
    return (first, _caution(whole, convention), *_agreement(dossier, whole, agreement))


def _forward(dossier: Dossier, totals: tuple[Total, ...], whole: int) -> str:
    unspent = sum(total.sats for total in totals if total.status is Status.UNSPENT)
    where = counted(len(places(dossier, Status.UNSPENT)), "address", "addresses")
    gone = [total for total in totals if total.status in _IN_SENTENCE and total.sats]
    method = METHODS[dossier.told.parameters.method].title
    first = f"By {method}, {btc(unspent)} ({share(unspent, whole)}) lies unspent at {where}"
    if not unspent:
        first = f"By {method}, none of it lies unspent"
    if not gone:
        return f"{first}, and nothing has left our sight."
    lost = sum(total.sats for total in gone)
    ways = listed([f"{money(total.sats)} {_IN_SENTENCE[total.status]}" for total in gone])
    return f"{first}; {btc(lost)} ({share(lost, whole)}) has left our sight: {ways}."


def _caution(whole: int, convention: int) -> str:
    if not convention:
        return "None of it passed through a CoinJoin, so none of it stands here by convention only."
    return (
        f"{btc(convention)} ({share(convention, whole)}) passed through CoinJoins: where that money is said to be is a "
        "convention and no finding of fact."
    )


def _agreement(dossier: Dossier, whole: int, agreement: int) -> tuple[str, ...]:
    methods = [each for each in dossier.traces if each.parameters.method is not Method.POISON]
    if len(methods) < 2:
        return ()
    return (
        f"{btc(agreement)} ({share(agreement, whole)}) ends in the same place by every one of {len(methods)} methods.",
    )


def _reach(trace: Trace, totals: tuple[Total, ...]) -> tuple[str, ...]:
    outputs = len({end.outpoint for end in trace.ends if end.outpoint is not None})
    unspent = sum(total.ends for total in totals if total.status is Status.UNSPENT)
    return (
        f"Some of it can have reached {counted(outputs, 'output')}, {unspent:,} of which are unspent; through no other "
        "output can it have gone.",
        "Poison counts whole every output that any stolen satoshi could have reached, so its sums are no amounts of "
        "stolen money.",
    )

"""A trace told in a report, beside the same trace made again: what differs."""

from collections import Counter
from collections.abc import Iterator

from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.tracing.report.recorded import Link
from sekisho.tracing.report.told import Told, ToldEnd


def differences(told: Told, again: Told) -> Iterator[str]:
    """One line for each thing that the report says otherwise than the trace made again."""
    method = told.parameters.method
    for name, ours, theirs in (
        ("network", again.network, told.network),
        ("parameters", again.parameters, told.parameters),
        ("tip", again.tip, told.tip),
        ("seeds", again.seeds, told.seeds),
        ("lists", again.lists, told.lists),
    ):
        if ours != theirs:
            yield f"{method}: the report's {name} are not those that were traced"
    yield from (f"{method}: {line}" for line in _ends(told.ends, again.ends))
    if told.totals != again.totals:
        yield f"{method}: the totals are not the sums of the ends"
    if told.conserved != again.conserved:
        yield f"{method}: the report says conserved: {_yes(told.conserved)}, here {_yes(again.conserved)}"
    if told.transactions != again.transactions:
        yield f"{method}: the report counts {told.transactions:,} transactions, here {again.transactions:,}"


def broken_link(told: tuple[Link, ...], again: tuple[Link, ...]) -> Iterator[str]:
    """The first hop at which the hash chains part."""
    for number, (ours, theirs) in enumerate(zip(again, told, strict=False), 1):
        if ours != theirs:
            yield f"hop {number}, transaction {show_txid(Txid(ours.txid))}: its link of the hash chain is another"
            return
    if len(told) != len(again):
        yield f"the report has {len(told):,} hops, here {len(again):,}"


def _ends(told: tuple[ToldEnd, ...], again: tuple[ToldEnd, ...]) -> Iterator[str]:
    if told == again:
        return
    missing, surplus = Counter(again) - Counter(told), Counter(told) - Counter(again)
    for each in missing:
        yield f"the report lacks: {_say(each)}"
    for each in surplus:
        yield f"the report has, and the chain has not: {_say(each)}"
    if not missing and not surplus:
        yield "the ends stand in another order"


def _say(told: ToldEnd) -> str:
    end = told.end
    where = f"fees of {show_txid(Txid(end.txid))}" if end.outpoint is None else str(end.outpoint)
    return f"{end.sats:,} sat {end.status} at {where}"


def _yes(value: bool | None) -> str:
    return {True: "true", False: "false", None: "null"}[value]

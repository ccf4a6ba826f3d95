"""Requests to hold what arrived: one for each service, and one to everybody for what lies unspent."""

from dataclasses import dataclass

from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.bitcoin.sats import btc
from sekisho.chain.chain import NO_TIP
from sekisho.tracing.case import End, Method, Status
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.places import Place, places
from sekisho.tracing.report.rules import METHODS
from sekisho.tracing.report.words import counted, listed, newest, shown, when

_MOST = 500
"""Outputs named in one letter. The JSON and CSV name all."""


@dataclass(frozen=True, slots=True)
class FreezeRequest:
    """A letter, ready to be sent."""

    addressee: str
    text: str


def freeze_requests(dossier: Dossier) -> tuple[FreezeRequest, ...]:
    """The letters of a forward trace, those about most money first. A backward trace asks nobody to hold anything."""
    if dossier.told.parameters.backward:
        return ()
    made = [
        FreezeRequest(place.name, _letter(dossier, place, place.name, _SERVICE_ASK))
        for place in places(dossier, Status.SERVICE)
    ]
    lying = places(dossier, Status.UNSPENT)
    if lying:
        ends = tuple(sorted((end for place in lying for end in place.ends), key=lambda end: -end.sats))
        convention = sum(place.convention for place in lying)
        whole = Place("", "", sum(place.sats for place in lying), convention, None, ends)
        addressee = "exchanges and other services (unspent coins)"
        made.append(FreezeRequest(addressee, _letter(dossier, whole, addressee, _UNSPENT_ASK)))
    return tuple(made)


_SERVICE_ASK = (
    "1. Hold what is left of these deposits, up to the amounts below, before it can be withdrawn.",
    "2. Keep all records of the accounts they were credited to: identity documents, log-ins and devices, trades, and",
    "   withdrawals on any chain with their destinations.",
    "3. Tell us whether the addresses below are yours. If one is not, say so: our source for that is named above.",
    "4. Name whom a court order for these records should be served on.",
)

_UNSPENT_ASK = (
    "1. Watch the outputs below. None of them has been spent as of the block named above.",
    "2. If coins from one of them arrive, hold them, up to the amount below, before they can be withdrawn or traded.",
    "3. Keep the records of the account they were credited to, and tell us.",
)


def _letter(dossier: Dossier, place: Place, addressee: str, ask: tuple[str, ...]) -> str:
    trace, method = dossier.told, dossier.told.parameters.method
    lines = [
        *(["SYNTHETIC EXERCISE: THIS IS NOT A REAL CASE", ""] if dossier.synthetic else []),
        f"To: {addressee}",
        "Subject: stolen bitcoin, request to hold funds and keep records",
        "",
        f"Stolen: {btc(trace.seeded)}, from {_seeds(dossier)}.",
        f"Traced by: {METHODS[method].title}, on the {trace.network} chain {newest(trace.tip)}",
        *([] if trace.tip == NO_TIP else [f"  (block hash {trace.tip.hash[::-1].hex()})"]),
        *([f"You are named as: {place.detail}."] if place.detail else []),
        "",
        _amount(method, place),
        "",
        "We ask you to:",
        *ask,
        "",
        "Satoshis stolen | by convention only | time (UTC) | height | output | address",
        *(_line(dossier, end) for end in place.ends[:_MOST]),
    ]
    if len(place.ends) > _MOST:
        lines.append(
            f"and {counted(len(place.ends) - _MOST, 'output')} more: see the data that comes with this letter."
        )
    lines += [
        "",
        "Amounts are what the method's rule assigns. Where coins of several owners meet in one transaction, other",
        "accepted rules may assign other amounts; the report compares six. Anybody with a copy of the chain can trace",
        "again: sekisho trace verify REPORT --store STORE",
    ]
    return "\n".join(lines) + "\n"


def _amount(method: Method, place: Place) -> str:
    outputs = counted(len(place.ends), "output")
    if method is Method.POISON:
        return f"{outputs} below can be reached from the theft. Poison says nothing about amounts."
    if not place.convention:
        return f"{btc(place.sats)} ({place.sats:,} sat) in {outputs}. None of it passed through a CoinJoin."
    return (
        f"{btc(place.sats)} ({place.sats:,} sat) in {outputs}. Of this {btc(place.convention)} "
        f"({place.convention:,} sat) passed\nthrough a CoinJoin: it is assigned by convention only, and may be "
        "somebody else's."
    )


def _seeds(dossier: Dossier) -> str:
    named = [f"{seed.outpoint} ({shown(seed.label)})" for seed in dossier.told.seeds[:5]]
    more = len(dossier.told.seeds) - len(named)
    return listed([*named, *([f"{more:,} more"] if more else [])])


def _line(dossier: Dossier, end: End) -> str:
    output = show_txid(Txid(end.txid)) if end.outpoint is None else str(end.outpoint)
    cells = (
        f"{end.sats:,}",
        "yes" if end.convention_only else "no",
        when(end.time) or "in no block",
        "" if end.height is None else str(end.height),
        output,
        dossier.address(end),
    )
    return " | ".join(cells)

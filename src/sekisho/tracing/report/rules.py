"""Every rule a report quotes, by its id: what it says in plain words. The ids stand beside each hop they "
"decided."""

from dataclasses import dataclass

from sekisho.tracing.case import FollowFees, Method, Mix, Parameters
from sekisho.tracing.trace import Hop


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of tracing."""

    id: str
    title: str
    text: str


METHODS = {
    Method.POISON: Rule(
        "poison",
        "Poison",
        "If any stolen satoshi enters a transaction, everything that leaves it counts as reached. The figures grow "
        "at every step and count honest money too. They are the outer border of where stolen money can be, and no "
        "amount that anybody took or owes.",
    ),
    Method.HAIRCUT: Rule(
        "haircut",
        "Haircut (pro rata)",
        "Every output of a transaction, and its fee, holds the same stolen share as all inputs together. With X "
        "stolen satoshis among V, an output of o satoshis gets X * o / V, rounded down. Satoshis that rounding "
        "leaves over go one each to the largest remainders; among equal remainders the lower-numbered output first, "
        "the fee last.",
    ),
    Method.FIFO: Rule(
        "fifo",
        "FIFO (first in, first out)",
        "The satoshis of all inputs are laid in one row, in the order in which the transaction lists them. The "
        "first output takes its amount from the beginning of the row, the next output goes on from there, and what "
        "is left at the end is the fee. A stolen satoshi goes wherever its place in the row goes. The rule is that "
        "of Clayton's Case (1816), as Anderson and others applied it to bitcoin (2018).",
    ),
    Method.LIFO: Rule(
        "lifo",
        "LIFO (last in, first out)",
        "As FIFO, but outputs are filled from the end of the row: the last satoshi that came in is the first that "
        "goes out. What is left for the fee lies at the beginning of the row.",
    ),
    Method.LIFO_MIRROR: Rule(
        "lifo-mirror",
        "LIFO, mirrored",
        "As FIFO, but the last output is filled first, from the beginning of the row. Some published tools mean "
        "this by LIFO; it gives other results, so it stands here beside the other.",
    ),
    Method.TIHO: Rule(
        "tiho",
        "TIHO (taint in, highest out)",
        "The stolen satoshis fill the largest output first, then the next largest, until none is left; among equal "
        "amounts the lower-numbered output comes first. Only what no output can hold falls to the fee.",
    ),
}

_COMMON = (
    Rule(
        "seed",
        "What was stolen",
        "A seed is the first so many satoshis of one output. If stolen satoshis had already arrived in that output, "
        "they stay, and the seed adds only what room is left: no output ever holds more stolen satoshis than it "
        "has.",
    ),
    Rule(
        "labels",
        "Several thefts",
        "Every theft keeps its label. Where two meet, the earlier theft is reckoned first and the later one with "
        "the room that it left.",
    ),
    Rule(
        "conservation",
        "Nothing lost, nothing invented",
        "In every transaction the stolen satoshis that leave, fee included, are exactly those that entered. Poison "
        "alone does not keep this rule.",
    ),
    Rule(
        "fee",
        "Fees",
        "What a transaction pays to the miner is a part of it like an output, and stands last. Stolen satoshis in "
        "it end as paid to miners.",
    ),
    Rule(
        "follow-fees",
        "Fees followed into the coinbase",
        "Stolen satoshis paid as fees are followed into the miner's own transaction, whose inputs are the block's "
        "subsidy and its fees in the order of the transactions. What the miner did not claim is destroyed.",
    ),
    Rule(
        "mix",
        "CoinJoins",
        "In a CoinJoin several owners pay at once so that nobody can tell whose coin became whose. The method's "
        "arithmetic still gives an answer there, but that answer is a convention. Everything after it is marked so.",
    ),
    Rule(
        "mix-stop",
        "Stopping at CoinJoins",
        "Stolen satoshis that enter a CoinJoin end there.",
    ),
    Rule(
        "stop-list",
        "Services",
        "An output paid to a script on a stop list ends there, while tracing and not afterwards, unless the same "
        "service is also a payer of the transaction. The chain cannot show what a service does for which customer.",
    ),
    Rule(
        "threshold",
        "Small amounts",
        "An output with fewer stolen satoshis than the threshold is not followed.",
    ),
    Rule(
        "unspendable",
        "Destroyed",
        "An output that no one can ever spend (OP_RETURN, a script that is too long, an overwritten coinbase) "
        "destroys what it holds.",
    ),
    Rule(
        "unknown",
        "Unknown inputs",
        "Where the amount of an input is not known, no method can be reckoned. What enters such a transaction ends "
        "there.",
    ),
    Rule(
        "backward",
        "Backward",
        "The same rules turned round: from an output back to the inputs it was paid from. Haircut divides over the "
        "inputs by their amounts. What leads to a coinbase was mined there.",
    ),
)

RULES = (*METHODS.values(), *_COMMON)


def rules_of(parameters: Parameters, hop: Hop) -> tuple[str, ...]:
    """The ids of the rules that decided a hop."""
    found = [METHODS[parameters.method].id]
    taints = [taint for portion in (*hop.inputs, *hop.outputs) for taint in portion.taints]
    if parameters.method is not Method.POISON:
        found.append("conservation")
    if parameters.backward:
        found.append("backward")
    if len({taint.label for taint in taints}) > 1:
        found.append("labels")
    if hop.fee_taints:
        found.append("fee" if parameters.follow_fees is None else "follow-fees")
    if hop.mix:
        found.append("mix" if parameters.mix is Mix.FOLLOW else "mix-stop")
    return tuple(found)


def parameters_in_words(parameters: Parameters) -> tuple[tuple[str, str], ...]:
    """What was asked of the trace, one line each."""
    fees = {
        None: "they end as paid to miners",
        FollowFees.FEES_FIRST: "followed into the coinbase, fees before subsidy",
        FollowFees.SUBSIDY_FIRST: "followed into the coinbase, subsidy before fees",
    }
    mixes = {Mix.FOLLOW: "followed, and marked by convention only", Mix.STOP: "the trail ends there"}
    return (
        ("Direction", "backward, to where it came from" if parameters.backward else "forward, to where it went"),
        ("CoinJoins", mixes[parameters.mix]),
        ("Stolen satoshis in fees", fees[parameters.follow_fees]),
        ("Last height", "the tip" if parameters.until is None else f"{parameters.until:,}"),
        ("Threshold", f"{parameters.min_sats:,} sat" if parameters.min_sats else "none: every satoshi is followed"),
    )

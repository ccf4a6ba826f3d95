"""JoinMarket: a taker pays makers for mixing with him. Everyone receives one equal amount, and has change."""

from sekisho.bitcoin.sats import btc
from sekisho.bitcoin.script import script_type
from sekisho.tracing.patterns.balance import Balance, Terms, balance
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding
from sekisho.tracing.patterns.shape import Shape, carries_data

RULE = "joinmarket"

EARNS_AT_LEAST = 5_000
EARNS_OF_DENOMINATION = 500
"""A maker is expected to earn no more than this many satoshis, or the five hundredth part of the denomination."""

COINS_EACH = 2
"""With more inputs a participant some balance by chance: then it is a hint."""

COINS_SEARCHED = 4
"""With more a participant, a search that was given up says nothing."""

MAKER_PAYS = 1_000
"""What a maker may add to the miner's fee; satoshis (the default of early versions)."""


def find(shape: Shape) -> Finding | None:
    """Say whether it looks like one.

    One repeated amount, k times, and k other outputs, or k - 1 where the taker swept his coins; all coins in one form,
    all outputs too but one, which may pay somebody else. The inputs must balance: each maker gets back a little more
    than he brought, and the taker pays. Guards: with two participants it has the shape of a Stonewall payment, where
    one wallet imitates a mix: it is called one only if somebody must have earned something.A business's equal payouts
    do not balance, if they are few coins; with some more the rule gives a hint rather than none: to miss a mix makes a
    false exact link, to see one too many only marks a path.
    """
    equal, change = shape.repeats, len(shape.others)
    if change not in (equal, equal - 1) or shape.payers < equal or shape.reuses_a_script or carries_data(shape):
        return None
    if len(shape.input_types) > 1 or _foreign_outputs(shape) > 1 or len(set(shape.others)) < change:
        return None
    earns = max(EARNS_AT_LEAST, shape.denomination // EARNS_OF_DENOMINATION)
    leader_pays = shape.fee + (equal - 1) * earns
    if max(shape.inputs) > shape.denomination + max(shape.others) + leader_pays:
        return None
    shares = [shape.denomination + amount for amount in shape.others] + [shape.denomination] * (equal - change)
    terms = Terms(earns, MAKER_PAYS, leader_pays, leader_takes_all=True, someone_earns=equal == 2)
    found = balance(shape.inputs, shares, equal - change, terms)
    if found is Balance.NONE or (equal == 2 and _everyone_pays(shape, shares)):
        return None
    if found is Balance.GIVEN_UP and len(shape.inputs) > COINS_SEARCHED * equal:
        return None
    sure = found is Balance.FOUND and equal > 2 and len(shape.inputs) <= COINS_EACH * equal
    return Finding(
        RULE,
        Confidence.MEDIUM if sure else Confidence.LOW,
        f"Looks like a JoinMarket mix of {equal} participants: each received {btc(shape.denomination)}"
        + (", and the inputs balance." if found is Balance.FOUND else "; there are too many inputs to balance them."),
        (
            Fact("denomination", shape.denomination),
            Fact("participants", equal),
            Fact("change-outputs", change),
            Fact("balance", found.value),
        ),
        shape.candidates,
    )


def _everyone_pays(shape: Shape, shares: list[int]) -> bool:
    """Whether the inputs balance too if nobody earns, and each pays a part of the miner's fee."""
    terms = Terms(0, shape.fee, shape.fee, leader_takes_all=False, someone_earns=False)
    return balance(shape.inputs, shares, 0, terms) is Balance.FOUND


def _foreign_outputs(shape: Shape) -> int:
    return sum(script_type(script) not in shape.input_types for script in shape.output_scripts)

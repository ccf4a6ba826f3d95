"""Some other mix: equal outputs for several payers, by no scheme we know."""

from sekisho.bitcoin.sats import btc
from sekisho.tracing.patterns.balance import Balance, Terms, balance
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding
from sekisho.tracing.patterns.shape import Shape, carries_data

RULE = "equal-outputs"

LEAST_EQUAL = 3

COINS_EACH = 3
"""Inputs a payer at most: more balance by chance."""

COORDINATOR = 20
"""A coordinator's output holds at most this part of the sum of the equal outputs: the twentieth."""


def find(shape: Shape) -> Finding | None:
    """Say whether it could be one.

    Three equal outputs or more, as many different scripts among the inputs, at most one other output for each and one
    for a coordinator. Guard: the inputs, three a payer at most, must balance, every payer getting back what he brought
    less his part of the fee. Equal payouts of a business have one payer, whose inputs fall into no such groups; where
    the search is given up, it is called none.
    """
    equal = shape.repeats
    if equal < LEAST_EQUAL or shape.payers < equal or shape.reuses_a_script or carries_data(shape):
        return None
    if len(shape.inputs) > COINS_EACH * equal or not _balances(shape):
        return None
    return Finding(
        RULE,
        Confidence.LOW,
        f"Could be a mix: {equal} outputs hold {btc(shape.denomination)} each, "
        f"and the {len(shape.inputs)} inputs balance for {equal} payers.",
        (
            Fact("denomination", shape.denomination),
            Fact("equal-outputs", equal),
            Fact("inputs", len(shape.inputs)),
            Fact("other-outputs", len(shape.others)),
        ),
        shape.candidates,
    )


def _balances(shape: Shape) -> bool:
    if _search(shape, list(shape.others), shape.fee):
        return True
    if not shape.others:
        return False
    smallest = min(shape.others)
    if smallest * COORDINATOR > shape.denomination * shape.repeats:
        return False
    rest = sorted(shape.others)[1:]
    return _search(shape, rest, shape.fee + smallest)


def _search(shape: Shape, change: list[int], paid: int) -> bool:
    changeless = shape.repeats - len(change)
    if changeless < 0:
        return False
    shares = [shape.denomination + amount for amount in change] + [shape.denomination] * changeless
    terms = Terms(0, paid, paid, leader_takes_all=False, someone_earns=False)
    return balance(shape.inputs, shares, changeless, terms) is Balance.FOUND

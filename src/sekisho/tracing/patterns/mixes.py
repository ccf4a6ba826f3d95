"""Whether a transaction is a mix (CoinJoin), and which kind."""

from sekisho.chain.chain import ChainTransaction
from sekisho.tracing.patterns import equal_outputs, joinmarket, wasabi_1, wasabi_2, whirlpool
from sekisho.tracing.patterns.finding import Finding
from sekisho.tracing.patterns.shape import shape_of

_KINDS = (whirlpool.find, wasabi_2.find, wasabi_1.find, joinmarket.find, equal_outputs.find)
"""The strictest rule first: the first that answers is believed."""


def find_mix(transaction: ChainTransaction) -> Finding | None:
    """The mix it is; None for what is none, or cannot be judged because a coin it spends is unknown.

    A transaction alone decides: no height, no other transaction, so the answer is the same on every network.
    """
    shape = shape_of(transaction)
    if shape is None:
        return None
    return next((found for rule in _KINDS if (found := rule(shape)) is not None), None)


def classify(transaction: ChainTransaction) -> str | None:
    """The name of the kind of mix: whirlpool, wasabi-2, wasabi-1, joinmarket or equal-outputs. None: no mix."""
    found = find_mix(transaction)
    return None if found is None else found.rule

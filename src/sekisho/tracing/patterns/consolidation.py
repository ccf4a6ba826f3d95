"""Consolidation: somebody puts many of his coins together into one."""

from sekisho.bitcoin.sats import btc
from sekisho.chain.chain import ChainTransaction
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding

RULE = "consolidation"

LEAST_INPUTS = 5


def find(transaction: ChainTransaction) -> Finding | None:
    """Say whether it is one: five inputs or more, and one output.

    Guard: a payment of all a wallet holds, to somebody else, has the same shape. Only where the output goes back to a
    script of the inputs is the confidence high.
    """
    inputs = len(transaction.inputs)
    if inputs < LEAST_INPUTS or len(transaction.outputs) != 1:
        return None
    output = transaction.outputs[0]
    scripts = {coin.script for coin in transaction.inputs if coin.script is not None}
    returned = output.script in scripts
    return Finding(
        RULE,
        Confidence.HIGH if returned else Confidence.LOW,
        f"{inputs} coins became one of {btc(output.sats)}"
        + (", at an address they came from." if returned else ": their owner's still, or a payment of all he had."),
        (Fact("inputs", inputs), Fact("input-scripts", len(scripts)), Fact("sats", output.sats)),
    )

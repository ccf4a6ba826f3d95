"""Fan-out: one payer, many outputs. A business pays its customers, or somebody shares out his own coins."""

from sekisho.bitcoin.script import script_type
from sekisho.chain.chain import ChainTransaction
from sekisho.chain.columns import TxFlag
from sekisho.tracing.patterns import dust, whirlpool_tx0
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding, spendable_outputs
from sekisho.tracing.patterns.mixes import classify

RULE = "fan-out"

LEAST_OUTPUTS = 10
OUTPUTS_EACH = 5
"""For each input there must be as many outputs as this."""

FEW_AMOUNTS = 4
"""Where outputs share amounts four to one, they were cut, not asked for."""


def find(transaction: ChainTransaction) -> Finding | None:
    """Say whether it is one: ten outputs that hold money or more, five for each input.

    Guards: outputs that carry data and dust do not count; mixes, a Tx0 and coinbases (pools pay miners so) are none.
    Which of the two it is shows in the outputs: customers ask for different amounts at all forms of address; somebody's
    own coins are alike.
    """
    money = [output for at in spendable_outputs(transaction) if (output := transaction.outputs[at]).sats > dust.MOST]
    if len(money) < LEAST_OUTPUTS or len(money) < OUTPUTS_EACH * len(transaction.inputs):
        return None
    if TxFlag.COINBASE in transaction.flags or classify(transaction) is not None:
        return None
    if whirlpool_tx0.find(transaction) is not None:
        return None
    forms, amounts = {script_type(output.script) for output in money}, {output.sats for output in money}
    if FEW_AMOUNTS * (len(amounts) - 1) <= len(money) and len(forms) == 1:
        likely, confidence = "split", Confidence.MEDIUM
        sentence = f"One payer cut his coins into {len(money)} outputs that are alike."
    elif len(forms) > 1 and 2 * len(amounts) > len(money):
        likely, confidence = "payout", Confidence.HIGH
        sentence = f"One payer paid {len(money)} outputs of different amounts and forms, as businesses pay customers."
    else:
        likely, confidence = "unclear", Confidence.LOW
        sentence = f"One payer paid {len(money)} outputs: others, or himself."
    return Finding(
        RULE,
        confidence,
        sentence,
        (
            Fact("outputs", len(money)),
            Fact("inputs", len(transaction.inputs)),
            Fact("amounts", len(amounts)),
            Fact("forms", len(forms)),
            Fact("likely", likely),
        ),
    )

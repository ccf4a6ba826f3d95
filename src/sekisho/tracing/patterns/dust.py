"""Dust: tiny amounts sent to other people's addresses, so that their wallets spend them beside other coins."""

from sekisho.bitcoin.script import ScriptType, script_type
from sekisho.chain.chain import ChainTransaction
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding, is_data

RULE = "dust"

MOST = 1_000
"""Satoshis; spending such an output costs about as much as it holds."""

MANY = 10


def find(transaction: ChainTransaction) -> Finding | None:
    """Say whether it sends dust: outputs of at most 1,000 sats at scripts that are not the payer's, and other outputs.

    Guards: tokens and inscriptions sit on such amounts (546, 330 and 294 sats). A transaction that carries data, pays a
    bare script, spends dust itself or has nothing but dust is one of those.
    """
    own = {coin.script for coin in transaction.inputs}
    small = [at for at, each in enumerate(transaction.outputs) if each.sats <= MOST and each.script not in own]
    if not small or len(small) == len(transaction.outputs) or not transaction.inputs:
        return None
    if any(is_data(each.script) or script_type(each.script) is ScriptType.OTHER for each in transaction.outputs):
        return None
    if any(coin.sats is not None and coin.sats <= MOST for coin in transaction.inputs):
        return None
    returned = any(each.script in own for each in transaction.outputs)
    return Finding(
        RULE,
        Confidence.MEDIUM if len(small) >= MANY or returned else Confidence.LOW,
        f"{len(small)} of {len(transaction.outputs)} outputs hold at most {MOST} sats: "
        "if they are spent beside other coins, those show their owner. Taint does not follow from them.",
        (
            Fact("dust-outputs", len(small)),
            Fact("largest", max(transaction.outputs[at].sats for at in small)),
            Fact("change-returned", "yes" if returned else "no"),
        ),
    )

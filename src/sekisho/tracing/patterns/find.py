"""Every pattern that one transaction shows."""

from sekisho.chain.chain import ChainTransaction
from sekisho.tracing.patterns import consolidation, dust, fan_out, thorchain, whirlpool_tx0
from sekisho.tracing.patterns.finding import Finding
from sekisho.tracing.patterns.mixes import find_mix

_OTHERS = (whirlpool_tx0.find, thorchain.find, consolidation.find, fan_out.find, dust.find)


def find_patterns(transaction: ChainTransaction) -> tuple[Finding, ...]:
    """What the rules find in a transaction alone. A mix is nothing else beside."""
    mix = find_mix(transaction)
    if mix is not None:
        return (mix,)
    return tuple(found for rule in _OTHERS if (found := rule(transaction)) is not None)

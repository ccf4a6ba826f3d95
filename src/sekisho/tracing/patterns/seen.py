"""All that the rules have to say about one transaction, alone or in a chain."""

from dataclasses import dataclass

from sekisho.chain.chain import Chain, ChainTransaction
from sekisho.tracing.patterns import whirlpool_tx0
from sekisho.tracing.patterns.change import ChangeGuess, guess_change
from sekisho.tracing.patterns.find import find_patterns
from sekisho.tracing.patterns.finding import Finding
from sekisho.tracing.patterns.peel_chain import PeelChain, find_peel_chain
from sekisho.tracing.patterns.shape import could_be_mix


@dataclass(frozen=True, slots=True)
class Seen:
    """A transaction and what was found in it."""

    transaction: ChainTransaction
    findings: tuple[Finding, ...]
    peel_chain: PeelChain | None
    """None too where there is no chain to look at."""
    change: ChangeGuess | None
    mix_unjudged: bool
    """It could be a mix, but spends coins nobody told us of."""

    @property
    def anything(self) -> bool:
        """Whether there is something to look at; a guess at change is nothing."""
        return bool(self.findings) or self.peel_chain is not None or self.mix_unjudged


def look_at(transaction: ChainTransaction) -> Seen:
    """What a transaction shows by itself."""
    unknown = any(coin.sats is None for coin in transaction.inputs)
    return Seen(
        transaction,
        find_patterns(transaction),
        None,
        guess_change(transaction),
        unknown and could_be_mix(transaction),
    )


def look_in_chain(chain: Chain, tx: int) -> Seen:
    """What transaction `tx` shows with those before and after it."""
    alone = look_at(chain.transaction(tx))
    findings = tuple(
        whirlpool_tx0.look_forward(chain, tx, each) if each.rule == whirlpool_tx0.RULE else each
        for each in alone.findings
    )
    return Seen(alone.transaction, findings, find_peel_chain(chain, tx), alone.change, alone.mix_unjudged)

"""Which output is likely the payer's change. A guess, shown as one: it merges no clusters and moves no taint."""

from dataclasses import dataclass
from enum import StrEnum

from sekisho.bitcoin.script import script_type
from sekisho.chain.chain import ChainTransaction
from sekisho.tracing.patterns.finding import Confidence, spendable_outputs
from sekisho.tracing.patterns.mixes import classify

RULE = "change"

ROUND = 10_000
"""Satoshis: amounts that people type are multiples of this; change is none, but by chance once in 10,000."""


class Reason(StrEnum):
    """What speaks for an output."""

    RETURNED = "its script paid for the transaction too"
    FORM = "it alone has the form of the inputs"
    NOT_ROUND = "every other amount is round"


@dataclass(frozen=True, slots=True)
class ChangeGuess:
    """An output, and what speaks for it."""

    output: int
    reasons: tuple[Reason, ...]
    confidence: Confidence


def guess_change(transaction: ChainTransaction) -> ChangeGuess | None:
    """The output that is likely change; None where nothing speaks for one, or several are spoken for.

    Two outputs at least that hold money; mixes have no one payer, so there is nothing to guess.
    """
    money = spendable_outputs(transaction)
    if len(money) < 2 or not transaction.inputs or classify(transaction) is not None:
        return None
    spoken: dict[int, list[Reason]] = {}
    for reason, outputs in _signs(transaction, money):
        if len(outputs) == 1:
            spoken.setdefault(outputs[0], []).append(reason)
    if len(spoken) != 1:
        return None
    ((output, reasons),) = spoken.items()
    sure = Reason.RETURNED in reasons
    confidence = Confidence.HIGH if sure else Confidence.MEDIUM if len(reasons) > 1 else Confidence.LOW
    return ChangeGuess(output, tuple(reasons), confidence)


def _signs(transaction: ChainTransaction, money: tuple[int, ...]) -> tuple[tuple[Reason, list[int]], ...]:
    outputs = transaction.outputs
    own = {coin.script for coin in transaction.inputs if coin.script is not None}
    forms = {script_type(script) for script in own}
    returned = [at for at in money if outputs[at].script in own]
    alike = [at for at in money if script_type(outputs[at].script) in forms]
    uneven = [at for at in money if outputs[at].sats % ROUND]
    return ((Reason.RETURNED, returned), (Reason.FORM, alike), (Reason.NOT_ROUND, uneven))

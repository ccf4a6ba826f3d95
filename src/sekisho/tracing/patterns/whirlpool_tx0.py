"""Whirlpool's Tx0: the transaction by which somebody cuts his coins to a pool's size before they are mixed."""

from collections import Counter
from dataclasses import replace

from sekisho.bitcoin.sats import btc
from sekisho.bitcoin.script import Script, ScriptType, script_type
from sekisho.chain.chain import Chain, ChainTransaction
from sekisho.chain.columns import UNSPENDABLE
from sekisho.tracing.patterns import whirlpool
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding, is_data, pushed_data
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.patterns.whirlpool import LARGEST_SURPLUS, POOLS

RULE = "whirlpool-tx0"

LEAST_SURPLUS = 100
LARGEST_CHANGE = 2
FEE_LEAST, FEE_MOST = 7, 60
"""The coordinator's fee in four-hundredths of the pool's amount: 3.5 to 5 percent, halved by a discount or tripled."""


def find(transaction: ChainTransaction) -> Finding | None:
    """Say whether it is one. No link is broken here: all outputs but the fee belong to whoever paid the inputs.

    One output that carries data; equal P2WPKH outputs of a pool's amount and a little more; one output as large as the
    coordinator's fee; two others at most. Guards: all of that together, and what it carries is no text (bridges' memos
    are); where only one output is cut, the confidence falls.
    """
    carriers = [output for output in transaction.outputs if is_data(output.script)]
    money = [output for output in transaction.outputs if not is_data(output.script)]
    if len(carriers) != 1 or not transaction.inputs or _is_text(carriers[0].script):
        return None
    cut = Counter(output.sats for output in money if script_type(output.script) is ScriptType.P2WPKH)
    for pool in POOLS:
        fits = [
            (count, amount) for amount, count in cut.items() if pool + LEAST_SURPLUS <= amount <= pool + LARGEST_SURPLUS
        ]
        if not fits:
            continue
        count, amount = max(fits)
        rest = [output.sats for output in money if output.sats != amount]
        fees = [each for each in rest if FEE_LEAST * pool <= 400 * each <= FEE_MOST * pool]
        if fees and len(rest) <= 1 + LARGEST_CHANGE:
            return Finding(
                RULE,
                Confidence.MEDIUM if count > 1 else Confidence.LOW,
                f"Looks like a Whirlpool Tx0: one owner cut his coins into {count} of {btc(amount)} "
                f"for the pool of {btc(pool)}. These outputs are still his.",
                (Fact("pool", pool), Fact("premix-outputs", count), Fact("premix-amount", amount)),
            )
    return None


def _is_text(script: Script) -> bool:
    carried = pushed_data(script)
    return carried is not None and all(0x20 <= byte < 0x7F for byte in carried)


def look_forward(chain: Chain, tx: int, found: Finding) -> Finding:
    """What was found in transaction `tx`, sure where an output that was cut is spent by a Whirlpool mix."""
    cut = next(fact.value for fact in found.facts if fact.name == "premix-amount")
    spenders = {
        int(chain.columns.out_spender[txo]) for txo in chain.outputs_of(tx) if chain.columns.out_sats[txo] == cut
    }
    mixed = sum(classify(chain.transaction(spender)) == whirlpool.RULE for spender in spenders if spender < UNSPENDABLE)
    facts = (*found.facts, Fact("mixes-entered", mixed))
    return replace(found, facts=facts, confidence=Confidence.HIGH if mixed else found.confidence)

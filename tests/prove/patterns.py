"""Precision and recall of every rule on a simulated chain, whose truth is known; and on payouts drawn at random."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.chain.chain import Chain, ChainTransaction
from sekisho.chain.columns import TxFlag
from sekisho.chain.importer import import_files
from sekisho.chain.store import open_store
from sekisho.replay.simulation.settings import Settings
from sekisho.replay.simulation.simulate import simulate
from sekisho.replay.simulation.truth import MIXES, Kind, Labelled, Truth
from sekisho.tracing.clusters import NOBODY, cluster
from sekisho.tracing.patterns import consolidation, dust, equal_outputs, fan_out, thorchain, whirlpool_tx0
from sekisho.tracing.patterns.change import guess_change
from sekisho.tracing.patterns.find import find_patterns
from sekisho.tracing.patterns.finding import Confidence
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.patterns.peel_chain import find_peel_chain
from support.shapes import shaped

_RULES = {
    Kind.WASABI_1: "wasabi-1",
    Kind.WASABI_2: "wasabi-2",
    Kind.WHIRLPOOL: "whirlpool",
    Kind.JOINMARKET: "joinmarket",
    Kind.WHIRLPOOL_TX0: whirlpool_tx0.RULE,
    Kind.CONSOLIDATION: consolidation.RULE,
    Kind.DUST: dust.RULE,
    Kind.BRIDGE: thorchain.RULE,
}
"""The rule that should find each kind, and nothing else."""

_MANY_OUTPUTS = frozenset({Kind.PAYOUT, Kind.EQUAL_PAYOUT, Kind.FAN_OUT, Kind.SPLIT})
"""What a fan-out may be in truth."""


@dataclass(frozen=True, slots=True)
class Score:
    """How often a rule was right, wrong, and silent where it should have spoken."""

    name: str
    right: int
    wrong: int
    missed: int
    mistaken: tuple[str, ...] = ()
    """What the wrong ones were in truth."""

    def __str__(self) -> str:
        precision = f"{self.right / (self.right + self.wrong):7.2%}" if self.right + self.wrong else "      -"
        recall = f"{self.right / (self.right + self.missed):7.2%}" if self.right + self.missed else "      -"
        wrong = f"   taken for it: {', '.join(self.mistaken)}" if self.mistaken else ""
        return (
            f"{self.name:<24}precision {precision}  recall {recall}   "
            f"{self.right} right, {self.wrong} wrong, {self.missed} missed{wrong}"
        )


@dataclass(frozen=True, slots=True)
class Payouts:
    """Payouts drawn at random, and what they were taken for."""

    least: int
    most: int
    """Coins that were spent."""
    drawn: int
    taken: tuple[str, ...]

    def __str__(self) -> str:
        kinds = f": {', '.join(sorted(set(self.taken)))}" if self.taken else ""
        coins = f"{self.least:>2} to {self.most:>2} coins"
        return f"payouts, {coins}  {len(self.taken)} of {self.drawn} taken for mixes{kinds}"


def run(folder: Path, settings: Settings, trials: int, seed: int) -> Iterator[Score | Payouts]:
    """Simulate a chain, import it, and score every rule on it; then draw `trials` payouts of each size."""
    truth = simulate(folder / "chain", settings)
    import_files(folder / "store", Network.REGTEST, blocks=[folder / "chain" / "blocks"])
    yield from measure(open_store(folder / "store"), truth)
    yield from payouts(random.Random(seed), trials)


def measure(chain: Chain, truth: Truth) -> Iterator[Score]:
    """The scores of every rule, of peel chains, of clusters and of guesses at change."""
    numbers = {txid.tobytes(): tx for tx, txid in enumerate(chain.columns.txid)}
    seen = [(each, chain.transaction(numbers[each.txid])) for each in truth.transactions]
    said = [{found.rule for found in find_patterns(transaction)} for _, transaction in seen]
    kinds = [each.kind for each in truth.transactions]
    mixes = {_RULES[kind] for kind in MIXES} | {equal_outputs.RULE}
    yield _score("any mix", kinds, MIXES, [bool(rules & mixes) for rules in said])
    for kind, rule in _RULES.items():
        yield _score(rule, kinds, {kind}, [rule in rules for rules in said])
    yield _score(equal_outputs.RULE, kinds, frozenset(), [equal_outputs.RULE in rules for rules in said])
    wide = [len(transaction.outputs) >= fan_out.LEAST_OUTPUTS for _, transaction in seen]
    yield _score(
        "fan-out, 10 or more",
        [kind for kind, many in zip(kinds, wide, strict=True) if many],
        _MANY_OUTPUTS,
        [fan_out.RULE in rules for rules, many in zip(said, wide, strict=True) if many],
    )
    yield from _peels(chain, truth, numbers)
    yield _merges(chain, truth)
    yield _change(seen)


def _score(name: str, kinds: Sequence[Kind], wanted: Set[Kind], said: Sequence[bool]) -> Score:
    right = sum(kind in wanted and found for kind, found in zip(kinds, said, strict=True))
    mistaken = Counter(kind.value for kind, found in zip(kinds, said, strict=True) if found and kind not in wanted)
    return Score(name, right, mistaken.total(), sum(kind in wanted for kind in kinds) - right, tuple(sorted(mistaken)))


def _peels(chain: Chain, truth: Truth, numbers: dict[bytes, int]) -> Iterator[Score]:
    """The outputs that are followed, against what is change in truth; and hops, against chains that were made as such.

    Whoever pays twice with his change makes hops too: they are right by the first score and wrong by the second.
    """
    change = {each.txid: each.change for each in truth.transactions}
    links = {(a, b) for each in truth.peel_chains for a, b in pairwise(each.hops)}
    done: set[int] = set()
    hops: dict[Confidence, list[tuple[bytes, bytes, int]]] = {each: [] for each in Confidence}
    for tx in sorted(numbers.values()):
        peels = None if tx in done else find_peel_chain(chain, tx)
        if peels is None:
            continue
        done.update(hop.transaction for hop in peels.hops)
        hops[peels.confidence] += [
            (a.txid, b.txid, a.carried.vout) for a, b in pairwise(peels.hops) if a.carried is not None
        ]
    every = [hop for found in hops.values() for hop in found]
    right = sum(change.get(txid) == vout for txid, _, vout in every)
    yield Score("peels: change followed", right, len(every) - right, 0)
    for confidence, found in hops.items():
        made = sum((a, b) in links for a, b, _ in found)
        yield Score(f"peels: hops, {confidence}", made, len(found) - made, len(links) - made)


def _merges(chain: Chain, truth: Truth) -> Score:
    """Merges of scripts, against who owns them; missed are those it would take to unite all that an owner spent."""
    clusters = cluster(chain)
    owner = {
        number: actor.name
        for actor in truth.actors
        for script in actor.scripts
        if (number := chain.find_script(script)) is not None
    }
    joined = np.flatnonzero(clusters.towards != NOBODY).tolist()
    right = sum(owner.get(script) == owner.get(int(clusters.towards[script])) for script in joined)
    columns = chain.columns
    spent = {
        int(columns.out_script[txo])
        for tx in np.flatnonzero((columns.tx_flags & int(TxFlag.COINBASE | TxFlag.OUTSIDE)) == 0).tolist()
        for txo in columns.in_prev[columns.tx_first_in[tx] : columns.tx_first_in[tx + 1]].tolist()
    }
    owners = [owner[script] for script in spent if script in owner]
    return Score("clusters (merges)", right, len(joined) - right, len(owners) - len(set(owners)) - right)


def _change(seen: Sequence[tuple[Labelled, ChainTransaction]]) -> Score:
    guesses = [(guess_change(transaction), each.change) for each, transaction in seen if each.change is not None]
    right = sum(guess is not None and guess.output == change for guess, change in guesses)
    silent = sum(guess is None for guess, _ in guesses)
    return Score("change (guesses)", right, len(guesses) - right - silent, silent)


def payouts(dice: random.Random, trials: int) -> Iterator[Payouts]:
    """A business pays some customers the same, and as many others as a mix would have change: hard to tell from one."""
    for least, most in ((2, 5), (6, 10), (11, 20), (21, 40)):
        kinds = [classify(_payout(dice, dice.randint(least, most))) for _ in range(trials)]
        yield Payouts(least, most, trials, tuple(kind for kind in kinds if kind is not None))


def _payout(dice: random.Random, coins: int) -> ChainTransaction:
    equal = dice.randint(2, min(coins, 8))
    inputs = [int(10 ** dice.uniform(5, 9)) for _ in range(coins)]
    fee = dice.randrange(2_000, 40_000)
    total = sum(inputs) - fee
    amount = int(total * dice.uniform(0.3, 0.9)) // equal // 1_000 * 1_000
    left = total - equal * amount
    cuts = sorted(dice.sample(range(1, left), dice.choice((equal, equal - 1)) - 1))
    rest = [b - a for a, b in pairwise([0, *cuts, left])]
    return shaped(inputs, [amount] * equal + rest)

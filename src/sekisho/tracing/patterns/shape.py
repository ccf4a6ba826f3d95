"""What every rule for mixes asks of a transaction, counted once."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script, ScriptType, script_type
from sekisho.chain.chain import ChainTransaction
from sekisho.chain.columns import TxFlag
from sekisho.tracing.patterns.finding import Candidates, is_data

LARGEST_DUST = 2_730
"""Amounts up to this one are repeated for technical reasons: 546 and 2,730 sats carry tokens (Omni, Counterparty)."""

MANY_INPUTS = 15
"""With so many inputs a transaction may be a mix though most of its outputs differ: Wasabi 2 has many amounts."""


@dataclass(frozen=True)
class Shape:
    """A transaction that could be a mix, with every input known."""

    inputs: tuple[int, ...]
    """Satoshis, in order."""
    input_scripts: tuple[Script, ...]
    outputs: tuple[int, ...]
    output_scripts: tuple[Script, ...]
    denomination: int
    """The amount above `LARGEST_DUST` that most outputs hold; the larger of two that are repeated alike."""
    repeats: int
    """How many outputs hold it: two at least."""

    @cached_property
    def input_types(self) -> frozenset[ScriptType]:
        """The forms of the coins that are spent."""
        return frozenset(map(script_type, self.input_scripts))

    @cached_property
    def output_types(self) -> frozenset[ScriptType]:
        """The forms of the outputs."""
        return frozenset(map(script_type, self.output_scripts))

    @cached_property
    def payers(self) -> int:
        """How many different scripts the inputs have."""
        return len(set(self.input_scripts))

    @cached_property
    def others(self) -> tuple[int, ...]:
        """The amounts of the outputs that do not hold the denomination, in order."""
        return tuple(amount for amount in self.outputs if amount != self.denomination)

    @cached_property
    def fee(self) -> int:
        """What the miner takes."""
        return sum(self.inputs) - sum(self.outputs)

    @cached_property
    def reuses_a_script(self) -> bool:
        """Whether a script stands at two outputs, or at an input and an output. A mix undoes itself by that."""
        distinct = set(self.output_scripts)
        return len(distinct) < len(self.output_scripts) or not distinct.isdisjoint(self.input_scripts)

    @property
    def fundable(self) -> bool:
        """Whether the inputs can be shared out among as many payers as outputs hold the denomination.

        An input that holds as much serves one payer, whatever it holds; smaller ones must be put together.
        """
        large = sum(amount >= self.denomination for amount in self.inputs)
        small = sum(amount for amount in self.inputs if amount < self.denomination)
        return large + small // self.denomination >= self.repeats

    @cached_property
    def candidates(self) -> tuple[Candidates, ...]:
        """A set for each amount that several outputs hold, the largest set first."""
        places: dict[int, list[int]] = {}
        for at, amount in enumerate(self.outputs):
            places.setdefault(amount, []).append(at)
        everyone = tuple(range(len(self.inputs)))
        sets = [Candidates(everyone, tuple(where), Sats(amount)) for amount, where in places.items() if len(where) > 1]
        return tuple(sorted(sets, key=lambda each: (-each.size, -each.sats)))


def could_be_mix(transaction: ChainTransaction) -> bool:
    """The condition that every mix we know the shape of fulfils, from amounts alone.

    Two inputs and three outputs at least, and an amount above `LARGEST_DUST` that k >= 2 outputs share, where either
    there are k inputs or more, and the outputs number 3 k at most; or there are `MANY_INPUTS` inputs or more.
    `prefilter.py` asks the same of a whole chain.
    """
    inputs, outputs = len(transaction.inputs), len(transaction.outputs)
    if inputs < 2 or outputs < 3:
        return False
    counts = Counter(output.sats for output in transaction.outputs if output.sats > LARGEST_DUST)
    repeats = max(counts.values(), default=0)
    return repeats >= 2 and (inputs >= MANY_INPUTS or (inputs >= repeats and outputs <= 3 * repeats))


def shape_of(transaction: ChainTransaction) -> Shape | None:
    """The shape; None for what cannot be a mix, or spends a coin that nobody told us of."""
    if TxFlag.COINBASE in transaction.flags or not could_be_mix(transaction):
        return None
    known = [
        (coin.sats, coin.script) for coin in transaction.inputs if coin.sats is not None and coin.script is not None
    ]
    if len(known) < len(transaction.inputs):
        return None
    counts = Counter(output.sats for output in transaction.outputs if output.sats > LARGEST_DUST)
    repeats, denomination = max((count, amount) for amount, count in counts.items())
    return Shape(
        tuple(amount for amount, _ in known),
        tuple(script for _, script in known),
        tuple(output.sats for output in transaction.outputs),
        tuple(output.script for output in transaction.outputs),
        denomination,
        repeats,
    )


def carries_data(shape: Shape) -> bool:
    """Whether an output only carries data: tokens and bridges do that, mixes never."""
    return any(map(is_data, shape.output_scripts))

"""Wasabi 2 (WabiSabi, since June 2022): many amounts at once, all from one list of denominations."""

from collections import Counter

from sekisho.bitcoin.sats import MAX_MONEY
from sekisho.bitcoin.script import ScriptType
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding
from sekisho.tracing.patterns.shape import MANY_INPUTS, Shape

RULE = "wasabi-2"

SMALLEST = 5_000
"""Satoshis; no denomination is smaller."""


def _denominations() -> tuple[frozenset[int], frozenset[int]]:
    def powers(base: int) -> list[int]:
        return [each for each in (base**exponent for exponent in range(60)) if each <= MAX_MONEY]

    odd = {each * factor for base, factors in ((2, (1,)), (3, (1, 2))) for each in powers(base) for factor in factors}
    plain = {each * factor for each in powers(10) for factor in (1, 2, 5)}
    return frozenset(each for each in odd | plain if each >= SMALLEST), frozenset(plain)


DENOMINATIONS, PLAIN = _denominations()
"""2^n, 3^n, 2 x 3^n, 10^n, 2 x 10^n and 5 x 10^n satoshis; and the last three, which people pay to each other too."""

TIERS = 3
"""Different amounts that two outputs or more share."""


def find(shape: Shape) -> Finding | None:
    """Say whether it is one.

    15 inputs or more, P2WPKH and P2TR only, inputs and outputs in descending order, more than four fifths of the
    outputs in denominations, three amounts or more shared. Guards: a business's round payouts are all in plain
    denominations, and its coins come from few addresses: no script may hold more than a tenth of the inputs.
    """
    counts = Counter(shape.outputs)
    standard = [amount for amount in shape.outputs if amount in DENOMINATIONS]
    tiers = sum(counts[amount] > 1 for amount in counts.keys() & DENOMINATIONS)
    most_of_one = Counter(shape.input_scripts).most_common(1)[0][1]
    if (
        len(shape.inputs) < MANY_INPUTS
        or not (shape.input_types | shape.output_types) <= {ScriptType.P2WPKH, ScriptType.P2TR}
        or list(shape.inputs) != sorted(shape.inputs, reverse=True)
        or list(shape.outputs) != sorted(shape.outputs, reverse=True)
        or 5 * len(standard) <= 4 * len(shape.outputs)
        or PLAIN.issuperset(standard)
        or tiers < TIERS
        or 10 * most_of_one > max(len(shape.inputs), 10)
    ):
        return None
    return Finding(
        RULE,
        Confidence.HIGH,
        f"A Wasabi 2 mix: {len(standard)} of {len(shape.outputs)} outputs hold standard amounts, "
        f"and {tiers} of these amounts are shared by several outputs.",
        (
            Fact("inputs", len(shape.inputs)),
            Fact("outputs", len(shape.outputs)),
            Fact("in-denominations", len(standard)),
            Fact("tiers", tiers),
        ),
        shape.candidates,
    )

"""Whirlpool: Samourai's mixes, and Ashigaru's after them. As many inputs as outputs, all outputs one pool's amount."""

from sekisho.bitcoin.sats import btc
from sekisho.bitcoin.script import ScriptType
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding
from sekisho.tracing.patterns.shape import Shape

RULE = "whirlpool"

POOLS = (100_000, 1_000_000, 2_500_000, 5_000_000, 25_000_000, 50_000_000)
"""Satoshis: Samourai's 0.001, 0.01, 0.05 and 0.5 BTC, Ashigaru's 0.025 and 0.25."""

SIZES = range(5, 11)
"""Inputs, and outputs: five at first, more since 2023."""

LARGEST_SURPLUS = 110_000
"""What a coin that enters a pool holds beside the pool's amount, to pay the miner; satoshis."""


def find(shape: Shape) -> Finding | None:
    """Say whether it is one.

    Native segwit only; every input either holds the pool's amount (it was mixed before) or a little more, at least one
    of each. Guard: the amounts of the inputs are as bound as those of the outputs, which no payout's are.
    """
    pool, size = shape.denomination, len(shape.outputs)
    again = sum(amount == pool for amount in shape.inputs)
    if (
        pool not in POOLS
        or size not in SIZES
        or shape.repeats != size
        or len(shape.inputs) != size
        or shape.payers < size
        or shape.reuses_a_script
        or shape.input_types | shape.output_types != {ScriptType.P2WPKH}
        or not 1 <= again < size
        or not all(pool <= amount <= pool + LARGEST_SURPLUS for amount in shape.inputs)
    ):
        return None
    return Finding(
        RULE,
        Confidence.HIGH,
        f"A Whirlpool mix: {size} coins of {btc(pool)} came out of {size} inputs, {again} of them mixed before.",
        (Fact("pool", pool), Fact("outputs", size), Fact("mixed-before", again)),
        shape.candidates,
    )

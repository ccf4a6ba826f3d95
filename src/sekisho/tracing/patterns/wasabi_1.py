"""Wasabi 1 (2018 to 2022): one coordinator, many people, outputs of about 0.1 BTC."""

from sekisho.bitcoin.address import parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import btc
from sekisho.bitcoin.script import ScriptType
from sekisho.tracing.patterns.finding import Confidence, Fact, Finding
from sekisho.tracing.patterns.shape import Shape

RULE = "wasabi-1"

LEAST, MOST = 8_000_000, 12_000_000
"""The denomination, in satoshis: it moved a little with every round."""

LEAST_EQUAL = 10
LEAST_EQUAL_TO_COORDINATOR = 3

COORDINATORS = frozenset(
    parse_address(address, Network.MAIN)
    for address in ("bc1qs604c7jv6amk4cxqlnvuxv26hv3e48cds4m0ew", "bc1qa24tsgchvuxsaccp8vrnkfd85hrcpafg20kmjw")
)
"""Where fees went until about block 610,000; later ones went to addresses used once."""


def find(shape: Shape) -> Finding | None:
    """Say whether it is one.

    Native segwit only, and as many inputs as equal outputs at least. A known coordinator among the outputs is enough
    then, whatever the height; without one there must be ten equal outputs of about 0.1 BTC and two others. Guards, for
    businesses that pay out many times 0.1 BTC: no script is used twice, no two equal outputs could be paid by one
    input only, and the outputs that are not equal are change, so they do not outnumber two for each equal one.
    """
    coordinated = not COORDINATORS.isdisjoint(shape.output_scripts)
    equal = shape.repeats
    if (
        shape.input_types | shape.output_types != {ScriptType.P2WPKH}
        or len(shape.inputs) < equal
        or not shape.fundable
        or len(shape.others) > 2 * equal
    ):
        return None
    if not coordinated:
        unique = sum(shape.others.count(amount) == 1 for amount in shape.others)
        by_amount = LEAST <= shape.denomination <= MOST and equal >= LEAST_EQUAL and unique >= 2
        if not by_amount or shape.reuses_a_script or shape.payers < equal:
            return None
    elif equal < LEAST_EQUAL_TO_COORDINATOR:
        return None
    return Finding(
        RULE,
        Confidence.HIGH if coordinated else Confidence.MEDIUM,
        f"A Wasabi 1 mix: {equal} outputs of {btc(shape.denomination)} each came out of {len(shape.inputs)} inputs"
        + (", and its coordinator was paid." if coordinated else "."),
        (
            Fact("denomination", shape.denomination),
            Fact("equal-outputs", equal),
            Fact("inputs", len(shape.inputs)),
            Fact("coordinator-paid", "yes" if coordinated else "not seen"),
        ),
        shape.candidates,
    )

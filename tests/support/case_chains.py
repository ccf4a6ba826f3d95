"""Small chains with everything in them that a trace can meet, for Hypothesis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.chain import Chain
from sekisho.chain.columns import UNKNOWN_SATS
from sekisho.tracing.case import FollowFees, Method, Mix, Parameters, Seed
from support.chains import FIRST_TIME, SPACING, address_script, chain_of, coinbase, out, pay
from support.naive_trace import Listed

FIRST_HEIGHT = 4_500
"""On regtest a block may create 4 satoshis there: amounts stay so small that each can have its place in a list."""
SUBSIDY = 4
DATA = Script(b"\x6a\x01x")
OUTSIDE = tuple(OutPoint(Txid(bytes([number]) * 32), number) for number in range(1, 6))


@dataclass
class _Growing:
    """A chain that is being made up."""

    unit: int
    coins: list[tuple[OutPoint, int]]
    """What can be spent."""
    told: dict[OutPoint, TxOutput]
    blocks: list[list[Transaction]]


@st.composite
def chains(draw: st.DrawFn, unit: int = 1, most: int = 14) -> Chain:
    """A chain of a few blocks on regtest whose money comes from outside; amounts are multiples of `unit`."""
    growing = _Growing(unit, [], {}, [])
    for outpoint in OUTSIDE:
        known = draw(st.integers(0, 9)) > 0
        amount = draw(st.integers(0, most)) * unit if known else UNKNOWN_SATS
        growing.told[outpoint] = TxOutput(Sats(amount), address_script(draw(st.integers(0, 7))))
        growing.coins.append((outpoint, amount))
    for number in range(draw(st.integers(1, 5))):
        growing.blocks.append(_block(draw, growing, FIRST_HEIGHT + number))
    loose = [_transaction(draw, growing)[0] for _ in range(draw(st.integers(0, 2)))]
    told = {outpoint: output for outpoint, output in growing.told.items() if output.sats != UNKNOWN_SATS}
    loose = [each for each in loose if each is not None]
    return chain_of(growing.blocks, loose=loose, first_height=FIRST_HEIGHT, told=told)


def _block(draw: st.DrawFn, growing: _Growing, height: int) -> list[Transaction]:
    made = [_transaction(draw, growing) for _ in range(draw(st.integers(0, 5)))]
    transactions = [transaction for transaction, _ in made if transaction is not None]
    if transactions and draw(st.integers(0, 9)) == 0:
        return transactions  # this chain does not hold the block's coinbase
    claim = SUBSIDY + sum(fee for _, fee in made)
    first = draw(st.integers(0, claim))
    second = draw(st.integers(0, claim - first))
    scripts = draw(st.lists(st.integers(0, 7), min_size=2, max_size=2))
    mined = coinbase(height, (first, scripts[0]), (second, scripts[1]))
    growing.coins += [(out(mined, vout), output.sats) for vout, output in enumerate(mined.outputs)]
    return [mined, *transactions]


def _transaction(draw: st.DrawFn, growing: _Growing) -> tuple[Transaction | None, int]:
    """Some transaction over coins that are there, and its fee; none where nothing is left to spend."""
    if not growing.coins:
        return None, 0
    count = draw(st.integers(1, min(3, len(growing.coins))))
    spends = [growing.coins.pop(draw(st.integers(0, len(growing.coins) - 1))) for _ in range(count)]
    known = [sats for _, sats in spends if sats != UNKNOWN_SATS]
    left, outputs = sum(known), list[tuple[int, int] | TxOutput]()
    for _ in range(draw(st.integers(1, 4))):
        sats = draw(st.integers(0, left // growing.unit)) * growing.unit
        left -= sats
        data = draw(st.integers(0, 11)) == 0
        outputs.append(TxOutput(Sats(sats), DATA) if data else (sats, draw(st.integers(0, 7))))
    made = pay([outpoint for outpoint, _ in spends], *outputs)
    growing.coins += [
        (out(made, vout), output.sats) for vout, output in enumerate(made.outputs) if output.script != DATA
    ]
    return made, left if len(known) == len(spends) else 0


@st.composite
def cases(draw: st.DrawFn, chain: Chain, most_labels: int = 3) -> tuple[Seed, ...]:
    """Some stolen coins of a chain, whole or in part."""
    values = chain.columns.out_sats.tolist()
    known = [txo for txo, sats in enumerate(values) if sats != UNKNOWN_SATS]
    made = {}
    for _ in range(draw(st.integers(1, 4))):
        txo = known[draw(st.integers(0, len(known) - 1))]
        label = f"theft {draw(st.integers(1, most_labels))}"
        sats = values[txo] if draw(st.booleans()) else draw(st.integers(min(1, values[txo]), values[txo]))
        made[label, txo] = Seed(label, chain.outpoint(txo), txo, Sats(sats))
    return tuple(made.values())


@st.composite
def parameters(draw: st.DrawFn, method: Method) -> Parameters:
    """Some way to follow forward."""
    return Parameters(
        method,
        mix=draw(st.sampled_from(Mix)),
        until=draw(st.none() | st.integers(FIRST_HEIGHT, FIRST_HEIGHT + 5)),
        follow_fees=draw(st.none() | st.sampled_from(FollowFees)),
        min_sats=Sats(draw(st.sampled_from([0, 0, 0, 2, 4]))),
    )


@st.composite
def lists(draw: st.DrawFn, chain: Chain) -> tuple[Listed, ...]:
    """A stop list over the scripts of a chain, in rows ascending by script; mostly with few rows."""
    scripts = sorted(set(chain.columns.out_script.tolist()))
    times = st.integers(FIRST_TIME + SPACING * FIRST_HEIGHT, FIRST_TIME + SPACING * (FIRST_HEIGHT + 5))
    rows = [
        Listed(
            draw(st.sampled_from(scripts)),
            draw(st.integers(0, 1)),
            draw(st.just(0) | times),
            draw(st.just(1 << 62) | times),
        )
        for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3])))
    ]
    return tuple(sorted(rows, key=lambda row: row.script))


def earlier(seeds: Sequence[Seed], chain: Chain, parameters: Parameters) -> Parameters:
    """The same, but looking at least as far as every seed."""
    if parameters.until is None:
        return parameters
    heights = [chain.when(chain.creator(seed.txo))[0] for seed in seeds]
    if None in heights:
        return replace(parameters, until=None)
    return replace(parameters, until=max(parameters.until, *(height for height in heights if height is not None)))

"""Chains drawn by Hypothesis, and chains compared."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.assemble import KnownBlock
from sekisho.chain.chain import Chain
from support.chains import FIRST_TIME, SPACING, address_script, chain_of, coinbase


def known(blocks: Sequence[Sequence[Transaction]], first: int = 1) -> list[KnownBlock]:
    """Blocks as `chain_of` would name them."""
    heights = range(first, first + len(blocks))
    return [
        KnownBlock(height, sha256d(b"block %d" % height), FIRST_TIME + SPACING * height, tuple(block))
        for height, block in zip(heights, blocks, strict=True)
    ]


def same(mine: Chain, theirs: Chain) -> None:
    """Insist that two chains agree in every column."""
    for name, column in mine.columns._asdict().items():
        wanted = getattr(theirs.columns, name)
        assert (column.dtype, column.shape) == (wanted.dtype, wanted.shape), name
        assert np.array_equal(column, wanted), name
    assert (mine.network, mine.tip) == (theirs.network, theirs.tip)


@dataclass(frozen=True)
class Drawn:
    """A chain."""

    blocks: tuple[tuple[Transaction, ...], ...]
    loose: tuple[Transaction, ...]
    told: dict[OutPoint, TxOutput]
    first_height: int

    @property
    def plain(self) -> Chain:
        """The chain, put together in plain Python."""
        return chain_of(self.blocks, loose=self.loose, first_height=self.first_height, told=self.told)

    @property
    def known(self) -> list[KnownBlock]:
        """Its blocks, loose transactions last."""
        blocks = [replace(block, told=self.told) for block in known(self.blocks, self.first_height)]
        return blocks + ([KnownBlock(None, b"", 7, self.loose, self.told)] if self.loose else [])


SCRIPTS = st.one_of(
    st.integers(0, 5).map(address_script),
    st.just(Script(b"")),
    st.just(Script(b"\x6a\x01\x02")),
    st.just(Script(b"\x51" * 10_001)),
    st.binary(max_size=9).map(Script),
)


@st.composite
def chains(draw: st.DrawFn) -> Drawn:
    """Chains with in-block parents, coins from outside (told or not), dead outputs, many versions and locktimes."""
    first_height = draw(st.sampled_from([0, 1, 100]))
    coins: dict[OutPoint, int] = {}
    told: dict[OutPoint, TxOutput] = {}
    blocks, foreign = [], 0
    for number in range(draw(st.integers(1, 5))):
        mined = coinbase(first_height + number, *_outputs(draw, 50))
        block = [mined]
        for _ in range(draw(st.integers(0, 4))):
            spends, value, unknown = [], 0, False
            for outpoint in draw(st.lists(st.sampled_from(sorted(coins)), unique=True, max_size=3)) if coins else []:
                spends.append(outpoint)
                value += coins.pop(outpoint)
            if first_height and (not spends or draw(st.booleans())):
                foreign += 1
                coin = OutPoint(Txid(sha256d(b"outside %d" % foreign)), draw(st.integers(0, 3)))
                spends.append(coin)
                if draw(st.booleans()):
                    told[coin] = TxOutput(Sats(draw(st.integers(0, 40))), draw(SCRIPTS))
                    value += told[coin].sats
                else:
                    unknown = True
            if not spends:
                continue
            inputs = tuple(
                TxInput(
                    each, draw(st.sampled_from([0xFFFFFFFF, 0xFFFFFFFE, 3])), b"", draw(st.sampled_from([(), (b"w",)]))
                )
                for each in spends
            )
            made = Transaction(
                draw(st.sampled_from([1, 2, 3, -1])),
                inputs,
                _outputs(draw, value + (20 if unknown else 0)),
                draw(st.sampled_from([0, 0, 9])),
            )
            _add(coins, made)
            block.append(made)
        _add(coins, mined, dead=first_height + number == 0)  # no block spends its own coinbase
        blocks.append(tuple(block))
    loose: tuple[Transaction, ...] = ()
    if first_height and draw(st.booleans()):
        loose, blocks = blocks[-1][1:], [*blocks[:-1], blocks[-1][:1]]
    return Drawn(tuple(blocks), loose, told, first_height)


def _outputs(draw: st.DrawFn, most: int) -> tuple[TxOutput, ...]:
    made = []
    for _ in range(draw(st.integers(1, 4))):
        amount = draw(st.integers(0, most))
        most -= amount
        made.append(TxOutput(Sats(amount), draw(SCRIPTS)))
    return tuple(made)


def _add(coins: dict[OutPoint, int], made: Transaction, *, dead: bool = False) -> None:
    for vout, output in enumerate(made.outputs):
        if not (dead or output.script[:1] == b"\x6a" or len(output.script) > 10_000):
            coins[OutPoint(made.txid, vout)] = output.sats

"""Chains put together by the builder equal those put together in plain Python, column by column."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.assemble import KnownBlock, assemble
from sekisho.chain.chain import Chain
from sekisho.chain.columns import UNSPENDABLE, UNSPENT
from sekisho.chain.unfit import BadSpend, BadSum, OutOfOrder
from support.chains import FIRST_TIME, SPACING, address_script, chain_of, coinbase, out, pay

OUTSIDE = OutPoint(Txid(b"\x77" * 32), 5)


def known(blocks: Sequence[Sequence[Transaction]], first: int = 1) -> list[KnownBlock]:
    heights = range(first, first + len(blocks))
    return [
        KnownBlock(height, sha256d(b"block %d" % height), FIRST_TIME + SPACING * height, tuple(block))
        for height, block in zip(heights, blocks, strict=True)
    ]


def same(mine: Chain, theirs: Chain) -> None:
    for name, column in mine.columns._asdict().items():
        wanted = getattr(theirs.columns, name)
        assert (column.dtype, column.shape) == (wanted.dtype, wanted.shape), name
        assert np.array_equal(column, wanted), name
    assert (mine.network, mine.tip) == (theirs.network, theirs.tip)


@dataclass(frozen=True)
class Drawn:
    blocks: tuple[tuple[Transaction, ...], ...]
    loose: tuple[Transaction, ...]
    told: dict[OutPoint, TxOutput]
    first_height: int


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
        _add(coins, mined, dead=first_height + number == 0)
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


@given(chains())
def test_every_column_equals_the_plain_chain(drawn: Drawn):
    theirs = chain_of(drawn.blocks, loose=drawn.loose, first_height=drawn.first_height, told=drawn.told)
    blocks = [replace(block, told=drawn.told) for block in known(drawn.blocks, drawn.first_height)]
    if drawn.loose:
        blocks.append(KnownBlock(None, b"", 7, drawn.loose, drawn.told))
    same(assemble(Network.REGTEST, blocks, theirs.tip, complete=drawn.first_height == 0), theirs)


def test_scripts_are_found_by_their_bytes():
    mined = coinbase(1, *((1, number) for number in range(3_000)))
    plain = chain_of([[mined]])
    chain = assemble(Network.REGTEST, known([[mined]]), plain.tip, complete=True)
    assert [chain.find_script(address_script(number)) for number in range(3_000)] == list(range(3_000))
    assert chain.find_script(address_script(3_001)) is None
    assert chain.find_script(Script(b"")) is None


def refused(*blocks: Sequence[Transaction], complete: bool = False) -> BadSpend | BadSum:
    with pytest.raises((BadSpend, BadSum)) as why:
        assemble(Network.REGTEST, known(blocks), chain_of([]).tip, complete=complete)
    assert isinstance(why.value, BadSpend | BadSum)
    return why.value


MINED = coinbase(1, (50, 1))


def test_a_coin_is_spent_once():
    first, second = pay([out(MINED)], (50, 2)), pay([out(MINED)], (49, 2))
    assert "spent already" in str(refused([MINED], [coinbase(2, (50, 1)), first, second]))
    assert "spent already" in str(refused([MINED, first], [coinbase(2, (50, 1)), second]))


def test_a_coin_from_outside_is_spent_once():
    first, second = pay([OUTSIDE], (50, 2)), pay([OUTSIDE], (49, 2))
    assert "spent already" in str(refused([MINED, first, second]))
    assert "spent already" in str(refused([MINED, first], [coinbase(2, (50, 1)), second]))


def test_a_chain_from_genesis_has_no_coins_from_outside():
    assert "no transaction of the chain makes" in str(refused([MINED, pay([OUTSIDE], (1, 1))], complete=True))


def test_an_output_that_its_transaction_lacks_cannot_be_spent():
    assert "no transaction" in str(refused([MINED, pay([out(MINED, 1)], (1, 1))]))
    assert "no transaction" in str(refused([MINED], [pay([out(MINED, 1)], (1, 1))]))


def test_parents_come_first():
    parent = pay([out(MINED)], (50, 2))
    assert "later transaction" in str(refused([MINED, pay([out(parent)], (50, 3)), parent]))


def test_nothing_pays_more_than_it_spends():
    why = refused([MINED, pay([out(MINED)], (51, 2))])
    assert isinstance(why, BadSum)
    assert why.transaction == 1


@pytest.mark.parametrize("amount", [-1, 21 * 10**14 + 1, 2**63 - 1, -(2**63)])
def test_amounts_lie_in_range(amount: int):
    assert isinstance(refused([coinbase(1, (amount, 1))]), BadSum)
    assert isinstance(refused([coinbase(1, (1, 1), (amount, 1))]), BadSum)


def test_blocks_ascend():
    block = known([[MINED]])[0]
    with pytest.raises(OutOfOrder):
        assemble(Network.REGTEST, [block, block], chain_of([]).tip)


def test_a_coinbase_that_comes_again_kills_the_coin_of_the_first():
    blocks = known([[MINED], [MINED], [coinbase(3, (50, 1)), pay([out(MINED)], (50, 2))]])
    chain = assemble(Network.REGTEST, blocks, chain_of([]).tip, complete=True)
    assert list(chain.columns.out_spender) == [UNSPENDABLE, 3, UNSPENT, UNSPENT]

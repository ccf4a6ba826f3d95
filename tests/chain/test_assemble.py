"""Chains put together by the builder equal those put together in plain Python, column by column."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.assemble import assemble, new_table, parsed_of, told_of
from sekisho.chain.builder import Builder, Place
from sekisho.chain.columns import UNSPENDABLE, UNSPENT
from sekisho.chain.growing import Counts, Growing, Memory
from sekisho.chain.unfit import BadSpend, BadSum, GreedyCoinbase, OutOfOrder
from support.chains import address_script, chain_of, coinbase, out, pay
from support.drawn import Drawn, chains, known, same

OUTSIDE = OutPoint(Txid(b"\x77" * 32), 5)


@given(chains())
def test_every_column_equals_the_plain_chain(drawn: Drawn):
    theirs = drawn.plain
    same(assemble(Network.REGTEST, drawn.known, theirs.tip, complete=drawn.first_height == 0), theirs)


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


def test_no_block_spends_its_own_coinbase():
    assert "coinbase of the same block" in str(refused([MINED, pay([out(MINED)], (50, 2))]))


def test_a_coin_is_spent_once():
    first, second = pay([out(MINED)], (50, 2)), pay([out(MINED)], (49, 2))
    assert "spent already" in str(refused([MINED], [coinbase(2, (50, 1)), first, second]))
    assert "spent already" in str(refused([MINED], [coinbase(2, (50, 1)), first], [coinbase(3, (25, 1)), second]))


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
    why = refused([MINED], [coinbase(2, (50, 1)), pay([out(MINED)], (51, 2))])
    assert isinstance(why, BadSum)
    assert why.transaction == 1


@pytest.mark.parametrize("amount", [-1, 21 * 10**14 + 1, 2**63 - 1, -(2**63)])
def test_amounts_lie_in_range(amount: int):
    assert isinstance(refused([coinbase(1, (amount, 1))]), BadSum)
    assert isinstance(refused([coinbase(1, (1, 1), (amount, 1))]), BadSum)
    assert isinstance(refused([coinbase(1, (21 * 10**14, 1), (1, 1))]), BadSum)


@pytest.mark.parametrize("amounts", [(21 * 10**14 + 1,), (-2,), (21 * 10**14, 1)])
def test_coins_that_are_told_lie_in_range_too(amounts: tuple[int, ...]):
    coins = [OutPoint(OUTSIDE.txid, vout) for vout in range(len(amounts))]
    told = {coin: TxOutput(Sats(amount), address_script(1)) for coin, amount in zip(coins, amounts, strict=True)}
    blocks = [replace(each, told=told) for each in known([[MINED, pay(coins, (1, 1))]])]
    with pytest.raises(BadSum, match="out of range"):
        assemble(Network.REGTEST, blocks, chain_of([]).tip)


def test_blocks_ascend():
    block = known([[MINED]])[0]
    with pytest.raises(OutOfOrder):
        assemble(Network.REGTEST, [block, block], chain_of([]).tip)


def test_a_coinbase_that_comes_again_kills_the_coin_of_the_first():
    blocks = known([[MINED], [MINED], [coinbase(3, (50, 1)), pay([out(MINED)], (50, 2))]])
    chain = assemble(Network.REGTEST, blocks, chain_of([]).tip, complete=True)
    assert list(chain.columns.out_spender) == [UNSPENDABLE, 3, UNSPENT, UNSPENT]
    blocks = known([[MINED], [coinbase(2, (50, 1)), pay([out(MINED)], (50, 2))], [MINED]])
    chain = assemble(Network.REGTEST, blocks, chain_of([]).tip, complete=True)
    assert list(chain.columns.out_spender) == [2, UNSPENT, UNSPENT, UNSPENT]


def test_what_is_told_of_a_coin_must_be_what_the_chain_says():
    blocks = known([[MINED], [coinbase(2, (50, 1)), pay([out(MINED)], (50, 2))]])
    told = {out(MINED): TxOutput(Sats(51), address_script(1))}
    with pytest.raises(BadSpend, match="holds another amount"):
        assemble(Network.REGTEST, [blocks[0], replace(blocks[1], told=told)], chain_of([]).tip)


@pytest.mark.parametrize("script", [b"\x6a\x01\x02", b"\x51" * 10_001])
def test_what_nobody_can_spend_is_not_spent(script: bytes):
    mined = coinbase(1, TxOutput(Sats(50), Script(script)))
    assert "cannot be spent" in str(refused([mined], [pay([out(mined)], (50, 2))]))


def test_a_transaction_whose_coin_has_no_known_value_may_pay_anything():
    blocks = [[MINED], [pay([OUTSIDE, out(MINED)], (10**9, 2))]]
    chain = assemble(Network.REGTEST, known(blocks), chain_of([]).tip)
    assert chain.transaction(2).fee is None


@pytest.mark.parametrize(("height", "allowed"), [(1, 50 * COIN), (149, 50 * COIN), (150, 25 * COIN), (9_600, 0)])
def test_a_coinbase_takes_no_more_than_subsidy_and_fees(height: int, allowed: int):
    for extra in (0, 7):
        builder = Builder(Network.REGTEST, Growing(Memory(), Counts()), new_table(), complete=False)
        told = {OUTSIDE: TxOutput(Sats(40), address_script(1))} if extra else {}
        rest = (pay([OUTSIDE], (33, 2)),) if extra else ()
        for amount in (allowed + extra + 1, allowed + extra):
            block = (coinbase(height, (amount, 1)), *rest)
            raw, parsed = parsed_of(block, bytes(32), 0)
            if amount > allowed + extra:
                with pytest.raises(GreedyCoinbase):
                    builder.add(Place(height), raw, parsed, told_of(block, told))
                assert builder.counts == Counts()
            else:
                builder.add(Place(height), raw, parsed, told_of(block, told))

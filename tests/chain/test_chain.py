"""A chain finds what it holds, and says so of what it does not."""

import pytest

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import TxOutput
from sekisho.chain.chain import NotInChain
from sekisho.chain.columns import UNSPENDABLE, UNSPENT
from support.chains import address_script, chain_of, coinbase, out, pay

OUTSIDE = OutPoint(Txid(b"\x77" * 32), 5)


def test_every_output_is_found_by_name_and_has_that_name():
    mined = coinbase(1, (50, 1))
    payment = pay([out(mined)], (20, 2), (29, 1))
    chain = chain_of([[mined], [coinbase(2, (50, 1)), payment]])
    for txo in range(len(chain.columns.out_sats)):
        assert chain.find_output(chain.outpoint(txo)) == txo
    assert chain.outpoint(3) == out(payment, 1)
    assert chain.output(3) == TxOutput(Sats(29), address_script(1))
    assert chain.find_script(address_script(2)) == 1
    assert chain.find_script(address_script(3)) is None


def test_a_transaction_is_seen_with_what_it_spends():
    mined = coinbase(1, (50, 1))
    payment = pay([out(mined), OUTSIDE], (20, 2), (36, 1))
    chain = chain_of([[mined], [payment]], told={OUTSIDE: TxOutput(Sats(7), address_script(9))})
    seen = chain.transaction(chain.find(payment.txid)[0])
    assert [(coin.outpoint, coin.sats, coin.script) for coin in seen.inputs] == [
        (out(mined), 50, address_script(1)),
        (OUTSIDE, 7, address_script(9)),
    ]
    assert (seen.height, seen.fee) == (2, 1)
    assert chain.find_output(OUTSIDE) == chain.columns.outside_txo[0]


def test_what_nobody_told_stays_unknown():
    payment = pay([OUTSIDE], (20, 2))
    chain = chain_of([[payment]])
    seen = chain.transaction(chain.find(payment.txid)[0])
    assert (seen.inputs[0].sats, seen.inputs[0].script, seen.fee) == (None, None, None)
    assert chain.find(Txid(bytes(32))) == ()  # what stands for those outside is no transaction


def test_what_is_not_there_is_an_error():
    mined = coinbase(1, (50, 1))
    chain = chain_of([[mined]])
    assert chain.find(Txid(bytes(32))) == ()
    for outpoint in (OUTSIDE, out(mined, 1)):
        with pytest.raises(NotInChain):
            chain.find_output(outpoint)


def test_a_coinbase_that_came_twice_is_found_twice_and_its_first_coin_is_dead():
    twice = coinbase(1, (50, 1))
    chain = chain_of([[twice], [twice]])
    assert chain.find(twice.txid) == (0, 1)
    assert [int(each) for each in chain.columns.out_spender] == [UNSPENDABLE, UNSPENT]


def test_every_transaction_is_found_in_whatever_block():
    mined = coinbase(1, *((50, number) for number in range(60)))
    blocks = [[mined]] + [[pay([out(mined, at)], (50, at)) for at in range(5 * row, 5 * row + 5)] for row in range(12)]
    loose = [pay([out(blocks[1][0])], (49, 7))]
    chain = chain_of(blocks, loose=loose)
    held = [each for block in blocks for each in block] + loose
    assert [chain.find(each.txid) for each in held] == [(tx,) for tx in range(len(held))]
    assert chain.find(pay([out(mined)], (1, 1)).txid) == ()

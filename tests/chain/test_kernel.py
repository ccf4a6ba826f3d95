"""The embedded chain is Bitcoin Core's: it refuses what consensus refuses, and keeps standing."""

from pathlib import Path

import pytest

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, Transaction, TxInput, TxOutput
from sekisho.chain.kernel import COINBASE_MATURITY, BlockRefused, RegtestChain, mined, verifies
from sekisho.replay.facts import stolen_coins, theft
from support.tamper import replace_tx

ANYONE = Script(b"\x51")


def spend(coin: Coin, *sats: int) -> Transaction:
    """Spend a coin that anyone may spend."""
    outputs = tuple(TxOutput(Sats(each), Script(b"\x6a\x01\x00")) for each in sats)
    return Transaction(2, (TxInput(coin.outpoint, 0xFFFFFFFF),), outputs, 0)


def test_a_coin_is_spent_once_and_not_for_more_than_it_holds() -> None:
    with RegtestChain() as chain:
        first = chain.mine(1, ANYONE)[0].transactions[0].coin(0)
        chain.mine(COINBASE_MATURITY, ANYONE)
        with pytest.raises(BlockRefused):
            chain.accept([spend(first, first.sats + 1)])
        honest = spend(first, 10 * COIN, 40 * COIN)
        block = chain.accept([honest])
        assert chain.holds(honest.txid, block.height)
        assert not chain.holds(honest.txid, block.height - 1)
        with pytest.raises(BlockRefused):
            chain.accept([spend(first, COIN)])
        assert chain.mine(1, ANYONE)[0].height == block.height + 1


def test_an_immature_coinbase_and_a_coin_that_is_not_are_refused() -> None:
    with RegtestChain() as chain:
        young = chain.mine(1, ANYONE)[0].transactions[0].coin(0)
        with pytest.raises(BlockRefused):
            chain.accept([spend(young, COIN)])
        nowhere = Coin(OutPoint(young.outpoint.txid, 7), Sats(COIN), ANYONE)
        with pytest.raises(BlockRefused):
            chain.accept([spend(nowhere, COIN)])


def test_the_interpreter_accepts_the_theft_and_nothing_near_it() -> None:
    transaction, coins = theft(), stolen_coins()
    assert verifies(transaction, coins)
    (paid,) = transaction.outputs
    assert not verifies(replace_tx(transaction, outputs=(TxOutput(Sats(paid.sats - 1), paid.script),)), coins)
    dearer = (Coin(coins[0].outpoint, Sats(coins[0].sats + 1), coins[0].script), *coins[1:])
    assert not verifies(transaction, dearer)


def test_a_branch_with_more_work_takes_over(tmp_path: Path) -> None:
    with RegtestChain(tmp_path) as chain:
        chain.mine(2, ANYONE)
        fork = chain.tip
        chain.mine(1, ANYONE)
        ours = chain.tip
        first = mined(fork, 3, script=Script(b"\x52"))
        chain.submit(first)
        assert (chain.height, chain.tip) == (3, ours)
        second = mined(sha256d(first[:80]), 4)
        chain.submit(second)
        assert (chain.height, chain.tip) == (4, sha256d(second[:80]))
    assert {each.name for each in (tmp_path / "blocks").iterdir()} >= {"blk00000.dat", "rev00000.dat"}


def test_what_is_no_block_is_refused() -> None:
    with RegtestChain() as chain:
        for raw in (b"", bytes(80), mined(bytes(32), 1), mined(chain.tip, 1)[:-1]):
            with pytest.raises(BlockRefused):
                chain.submit(raw)
        assert chain.height == 0

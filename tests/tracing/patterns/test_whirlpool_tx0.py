"""Whirlpool's Tx0, which breaks no link."""

import pytest

from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import TxOutput
from sekisho.chain.columns import TxFlag
from sekisho.tracing.patterns.finding import Confidence
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.patterns.whirlpool_tx0 import find, look_forward
from support.chains import chain_of, coinbase, out, pay
from support.shapes import data, p2pkh, shaped

POOL = 1_000_000
CUT = POOL + 5_000
FEE = 50_000
PAYLOAD = [data(bytes(64))]


def tx0(count: int, *change: int, fee: int = FEE, amount: int = CUT) -> list[int]:
    """The outputs of one that cuts `count` coins; the data stands first."""
    return [0, fee, *[amount] * count, *change]


@pytest.mark.parametrize("change", [(), (3_456_789,), (3_456_789, 40_000_000)])
def test_it_is_found_with_its_pool(change: tuple[int, ...]) -> None:
    transaction = shaped([60_000_000], tx0(9, *change), output_scripts=PAYLOAD)
    found = find(transaction)
    assert found is not None
    assert {fact.name: fact.value for fact in found.facts} == {
        "pool": POOL,
        "premix-outputs": 9,
        "premix-amount": CUT,
    }
    assert found.candidates == ()
    assert classify(transaction) is None


def test_a_single_coin_cut_is_a_hint_only() -> None:
    found = find(shaped([2_000_000], tx0(1, 900_000), output_scripts=PAYLOAD))
    assert found is not None
    assert found.confidence is Confidence.LOW


@pytest.mark.parametrize(
    "transaction",
    {
        "a coinbase": shaped([], tx0(9), output_scripts=PAYLOAD, flags=TxFlag.COINBASE),
        "no data": shaped([60_000_000], tx0(9)[1:]),
        "a deposit to a bridge": shaped([3_000_000], tx0(1), output_scripts=[data(b"=:e:0x" + b"ab" * 20)]),
        "no fee of that size": shaped([60_000_000], tx0(9, fee=200_000), output_scripts=PAYLOAD),
        "exactly the pool's amount": shaped([60_000_000], tx0(9, amount=POOL), output_scripts=PAYLOAD),
        "another amount": shaped([60_000_000], tx0(9, amount=1_200_000), output_scripts=PAYLOAD),
        "customers of a business": shaped([60_000_000], tx0(9, 1, 2, 3), output_scripts=PAYLOAD),
        "another form of address": shaped(
            [60_000_000], tx0(2), output_scripts=[*PAYLOAD, p2pkh(0), p2pkh(1), p2pkh(2)]
        ),
    }.items(),
    ids=lambda each: each[0],
)
def test_what_is_none_is_not_called_one(transaction: tuple[str, object]) -> None:
    assert find(transaction[1]) is None


def test_it_is_sure_where_a_cut_coin_entered_a_mix() -> None:
    coins = coinbase(1, (60_000_000, 1), *[(POOL, 10 + at) for at in range(4)])
    first = pay([out(coins)], TxOutput(Sats(0), PAYLOAD[0]), (FEE, 2), *[(CUT, 20 + at) for at in range(3)])
    mix = pay([out(first, 2), *[out(coins, at) for at in range(1, 5)]], *[(POOL, 40 + at) for at in range(5)])
    for spends in ([], [mix]):
        chain = chain_of([[coins], [coinbase(2, (1, 9)), first, *spends]])
        (tx,) = chain.find(first.txid)
        found = find(chain.transaction(tx))
        assert found is not None
        seen = look_forward(chain, tx, found)
        assert ("mixes-entered", len(spends)) in seen.facts
        assert seen.confidence is (Confidence.HIGH if spends else Confidence.MEDIUM)

"""What holds for every kind of mix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.chain.chain import ChainTransaction, SpentCoin
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.patterns.prefilter import possible_mixes
from sekisho.tracing.patterns.shape import could_be_mix
from support.chains import chain_of, coinbase, out, pay
from support.shapes import HONEST, real, shaped

REAL_MIXES = {
    "wabisabi-coinjoin": "wasabi-2",
    "whirlpool-coinjoin": "whirlpool",
    "joinmarket-coinjoin": "joinmarket",
}

_AMOUNTS = st.sampled_from([546, 2_730, 2_731, 5_000_000, 10_000_000, 10_000_001, 9_999_000, 4_000_000, 1_000_000])


@pytest.mark.parametrize("name", REAL_MIXES)
def test_real_mixes_are_found_by_kind(name: str) -> None:
    assert classify(real(name)) == REAL_MIXES[name]


@pytest.mark.parametrize("name", HONEST)
def test_real_payments_are_not_called_mixes(name: str) -> None:
    assert classify(real(name)) is None


def test_a_mix_whose_coins_are_not_all_known_is_not_judged() -> None:
    whole = shaped([1_000_000] * 2 + [1_005_000] * 3, [1_000_000] * 5)
    unknown = SpentCoin(OutPoint(Txid(bytes(32)), 0), None, None)
    part = ChainTransaction(whole.txid, None, None, whole.flags, (*whole.inputs[1:], unknown), whole.outputs)
    assert classify(whole) == "whirlpool"
    assert classify(part) is None


@given(st.lists(_AMOUNTS, min_size=1, max_size=18), st.lists(_AMOUNTS, min_size=1, max_size=18))
def test_every_mix_fulfils_the_condition_that_is_asked_first(inputs: list[int], outputs: list[int]) -> None:
    transaction = shaped(sorted(inputs, reverse=True), sorted(outputs, reverse=True))
    assert classify(transaction) is None or could_be_mix(transaction)


@given(st.lists(st.tuples(st.integers(1, 16), st.lists(_AMOUNTS, min_size=1, max_size=12)), min_size=1, max_size=6))
def test_a_chain_is_asked_the_same_as_one_transaction(shapes: list[tuple[int, list[int]]]) -> None:
    funding = [coinbase(at + 1, *[(Sats(10**8), 1)] * inputs) for at, (inputs, _) in enumerate(shapes)]
    payments = [
        pay([out(coins, vout) for vout in range(len(coins.outputs))], *[(amount, 2) for amount in outputs])
        for coins, (_, outputs) in zip(funding, shapes, strict=True)
    ]
    chain = chain_of([[each] for each in funding] + [[coinbase(99, (1, 1)), *payments]])
    count = len(chain.columns.txid)
    wanted = [tx for tx in range(count) if could_be_mix(chain.transaction(tx))]
    assert possible_mixes(chain.columns, 0, count).tolist() == wanted
    assert possible_mixes(chain.columns, 1, count - 1).tolist() == [tx for tx in wanted if 1 <= tx < count - 1]

"""Backward: where coins came from, and that both directions tell the same."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import TxOutput
from sekisho.chain.chain import Chain
from sekisho.chain.columns import UNKNOWN_SATS
from sekisho.tracing.case import Method, Mix, Parameters, Seed, Status
from sekisho.tracing.run import parse_seed, trace
from sekisho.tracing.services import Stops
from sekisho.tracing.trace import Trace
from support.case_chains import cases, chains
from support.chains import address_script, chain_of, coinbase, out, pay

ONE, TWO = coinbase(1, (6, 1)), coinbase(2, (4, 2))
JOINED = pay([out(ONE), out(TWO)], (7, 3), (2, 4))
CHAIN = chain_of([[ONE], [TWO], [coinbase(3, (0, 9)), JOINED]])

BACK = {  # what 7 satoshis of the first output came from: of the first coin, and of the second
    Method.FIFO: (6, 1),
    Method.LIFO: (3, 4),
    Method.LIFO_MIRROR: (4, 3),
    Method.HAIRCUT: (4, 3),
    Method.POISON: (6, 4),
}


def whole_output(chain: Chain, txo: int, label: str = "theft") -> Seed:
    return Seed(label, chain.outpoint(txo), txo, Sats(int(chain.columns.out_sats[txo])))


@pytest.mark.parametrize("method", BACK)
def test_one_transaction_read_backward(method: Method) -> None:
    traced = trace(CHAIN, parse_seed(str(out(JOINED)), CHAIN), Parameters(method, backward=True), hops=True)
    assert [(end.outpoint, end.sats, end.status) for end in traced.ends] == [
        (out(ONE), BACK[method][0], Status.MINED),
        (out(TWO), BACK[method][1], Status.MINED),
    ]
    assert [hop.txid for hop in traced.hops] == [JOINED.txid]
    assert [sum(taint.sats for taint in each.taints) for each in traced.hops[0].inputs] == list(BACK[method])


def test_a_coin_from_outside_is_where_the_way_back_ends() -> None:
    outside = OutPoint(Txid(bytes([7]) * 32), 3)
    spend = pay([outside], (5, 1))
    chain = chain_of([[coinbase(1, (0, 9)), spend]], told={outside: TxOutput(Sats(5), address_script(8))})
    (end,) = trace(chain, parse_seed(str(out(spend)), chain), Parameters(Method.FIFO, backward=True)).ends
    assert (end.txid, end.outpoint, end.status, end.height) == (outside.txid, outside, Status.UNKNOWN, None)


def test_a_transaction_with_an_unknown_input_ends_the_way_back_at_its_output() -> None:
    outside = OutPoint(Txid(bytes([7]) * 32), 3)
    spend = pay([outside, out(ONE)], (5, 1))
    chain = chain_of([[ONE], [coinbase(2, (0, 9)), spend]])
    (end,) = trace(chain, parse_seed(str(out(spend)), chain), Parameters(Method.FIFO, backward=True)).ends
    assert (end.outpoint, end.sats, end.status) == (out(spend), 5, Status.UNKNOWN)


def test_a_coin_of_a_service_ends_the_way_back() -> None:
    number = CHAIN.find_script(address_script(2))
    assert number is not None
    stops = Stops(*(np.array([value], np.int64) for value in (number, 1, 0, 1 << 62)))
    traced = trace(CHAIN, parse_seed(str(out(JOINED)), CHAIN), Parameters(Method.FIFO, backward=True), stops)
    assert [(end.outpoint, end.status) for end in traced.ends] == [
        (out(ONE), Status.MINED),
        (out(TWO), Status.SERVICE),
    ]


def test_a_mix_marks_or_ends_the_way_back() -> None:
    coins = [coinbase(height, (40_000, height)) for height in (1, 2)]
    mixed = pay([out(coin) for coin in coins], (30_000, 3), (30_000, 4), (20_000, 5))
    chain = chain_of([*([coin] for coin in coins), [coinbase(3, (0, 9)), mixed]])
    for mix, status in ((Mix.FOLLOW, Status.MINED), (Mix.STOP, Status.COINJOIN)):
        asked = Parameters(Method.FIFO, backward=True, mix=mix)
        traced = trace(chain, parse_seed(str(out(mixed, 1)), chain), asked, classify=lambda _: "mix")
        assert [(end.outpoint, end.sats) for end in traced.ends] == [(out(coins[0]), 10_000), (out(coins[1]), 20_000)]
        assert {(end.status, end.convention_only) for end in traced.ends} == {(status, True)}


def known(chain: Chain) -> bool:
    return UNKNOWN_SATS not in chain.columns.out_sats.tolist()


def sources(chain: Chain) -> list[int]:
    """Outputs whose transaction spends nothing: mined, or from outside."""
    makers = [chain.creator(txo) for txo in range(len(chain.columns.out_sats))]
    return [txo for txo, tx in enumerate(makers) if not chain.transaction(tx).inputs]


def reached(traced: Trace, outpoint: OutPoint) -> int:
    return sum(end.sats for end in traced.ends if end.outpoint == outpoint)


@pytest.mark.parametrize("method", [Method.FIFO, Method.LIFO, Method.LIFO_MIRROR])
@settings(max_examples=80)
@given(data=st.data())
def test_what_went_from_one_coin_to_another_came_from_it(method: Method, data: st.DataObject) -> None:
    chain = data.draw(chains(most=9))
    assume(known(chain))
    for source in sources(chain):
        forward = trace(chain, [whole_output(chain, source)], Parameters(method))
        for target in {end.outpoint for end in forward.ends if end.outpoint}:
            back = trace(chain, [whole_output(chain, chain.find_output(target))], Parameters(method, backward=True))
            assert reached(back, chain.outpoint(source)) == reached(forward, target)


@settings(max_examples=80)
@given(data=st.data())
def test_pro_rata_both_directions_agree_within_a_satoshi_per_output_touched(data: st.DataObject) -> None:
    chain = data.draw(chains(most=9))
    assume(known(chain))
    for source in sources(chain):
        forward = trace(chain, [whole_output(chain, source)], Parameters(Method.HAIRCUT), hops=True)
        for target in {end.outpoint for end in forward.ends if end.outpoint}:
            asked = Parameters(Method.HAIRCUT, backward=True)
            back = trace(chain, [whole_output(chain, chain.find_output(target))], asked, hops=True)
            touched = sum(len(hop.outputs) + 1 for hop in forward.hops) + sum(len(hop.inputs) for hop in back.hops)
            assert abs(reached(back, chain.outpoint(source)) - reached(forward, target)) <= touched


@pytest.mark.parametrize("method", BACK)
@given(data=st.data())
def test_the_way_back_loses_and_invents_nothing(method: Method, data: st.DataObject) -> None:
    chain = data.draw(chains())
    traced = trace(chain, data.draw(cases(chain)), Parameters(method, backward=True), hops=True)
    assert traced.conserved is (None if method is Method.POISON else True)
    assert len(traced.hops) == traced.transactions
    for hop in traced.hops if method is not Method.POISON else ():
        arrived = sum(taint.sats for each in hop.outputs for taint in each.taints)
        assert sum(taint.sats for each in hop.inputs for taint in each.taints) >= arrived

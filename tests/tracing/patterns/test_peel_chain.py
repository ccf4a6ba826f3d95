"""Peel chains: followed while one output goes on alike, forwards and backwards, and no further."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.outpoint import OutPoint, show_txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.chain import Chain
from sekisho.tracing.patterns.finding import Confidence
from sekisho.tracing.patterns.peel_chain import PeelChain, Stop, find_peel_chain
from support.block_300025 import block_300025
from support.chains import chain_of, coinbase, out, pay
from support.shapes import data

REAL = (
    "6a35e64848fe1e1e648d9e807be052dd7c2961fa0f0b5c5cc67cc30a661f999b",
    "1ba9cc851eac434b0b49e3e1d86f2a37655984027de510e88a863aa5cfed88b9",
    "f13bb8680c8e11b04d4be6f370d7db0ffcdab6be951d9fa934efde0dd7ba4ce4",
    "14d50f114e8a7e0bc96f5457988a93a2dde60d79e752495192c14a9678aa2666",
)


@pytest.mark.parametrize("txid", REAL)
def test_four_hops_in_block_300025_are_found_from_each_of_them(txid: str) -> None:
    chain = block_300025()
    (tx,) = chain.find(OutPoint(bytes.fromhex(txid)[::-1], 0).txid)
    found = find_peel_chain(chain, tx)
    assert found is not None
    assert tuple(show_txid(hop.txid) for hop in found.hops) == REAL
    assert [hop.peeled_sats for hop in found.hops] == [222_750_000, 2_000_000_000, 104_000_000, None]
    assert found.peeled == 2_326_750_000
    assert (found.begins, found.ends, found.confidence) == (Stop.OUTSIDE, Stop.UNSPENT, Confidence.LOW)


def peels(hops: int, coin: OutPoint, sats: int, *, change_at: int = 0, version: int = 2) -> list[Transaction]:
    """A peel chain that begins with a coin."""
    made = []
    for hop in range(hops):
        sats -= 1_000
        outputs = [(sats - 50, 1_000 + hop), (900 - hop, 5_000 + hop)]
        sats -= 50
        made.append(pay([coin], *(outputs if change_at == 0 else outputs[::-1]), version=version))
        coin = out(made[-1], change_at)
    return made


COIN = coinbase(1, (10_000_000, 1))


def follow(chain: Chain, transaction: Transaction) -> PeelChain | None:
    (tx,) = chain.find(transaction.txid)
    return find_peel_chain(chain, tx)


@given(st.integers(3, 12), st.integers(0, 1), st.data())
def test_every_hop_is_found_from_any_of_them(hops: int, change_at: int, more: st.DataObject) -> None:
    made = peels(hops, out(COIN), 10_000_000, change_at=change_at)
    chain = chain_of([[COIN], *([coinbase(at + 2, (1, 2)), each] for at, each in enumerate(made))])
    found = follow(chain, more.draw(st.sampled_from(made)))
    assert found is not None
    assert [hop.txid for hop in found.hops] == [each.txid for each in made]
    assert [hop.carried for hop in found.hops[:-1]] == [out(each, change_at) for each in made[:-1]]
    assert found.hops[-1].carried is None
    assert found.confidence is {0: Confidence.LOW, 1: Confidence.MEDIUM, 2: Confidence.HIGH}[(hops >= 6) + (hops >= 10)]


def test_two_payments_in_a_row_are_none() -> None:
    made = peels(2, out(COIN), 10_000_000)
    assert follow(chain_of([[COIN], [coinbase(2, (1, 2)), *made]]), made[0]) is None


def test_it_ends_where_both_outputs_go_on_alike() -> None:
    made = peels(5, out(COIN), 10_000_000)
    rival = pay([out(made[2], 1)], (100, 71), (200, 72))
    chain = chain_of([[COIN], [coinbase(2, (1, 2)), *made, rival]])
    found = follow(chain, made[0])
    assert found is not None
    assert [hop.txid for hop in found.hops] == [each.txid for each in made[:3]]
    assert found.ends is Stop.AMBIGUOUS
    assert follow(chain, made[4]) is None  # two hops behind the fork


def test_a_spender_of_another_version_is_another_wallet() -> None:
    made = peels(4, out(COIN), 10_000_000)
    other = peels(3, out(made[-1]), 9_000_000, version=1)
    chain = chain_of([[COIN], [coinbase(2, (1, 2)), *made, *other]])
    found = follow(chain, made[1])
    assert found is not None
    assert [hop.txid for hop in found.hops] == [each.txid for each in made]
    assert found.ends is Stop.UNLIKE
    later = follow(chain, other[0])
    assert later is not None
    assert (later.begins, len(later.hops)) == (Stop.UNLIKE, 3)


def test_the_payment_may_be_spent_by_another_wallet() -> None:
    made = peels(4, out(COIN), 10_000_000)
    payee = pay([out(made[1], 1)], (100, 71), (200, 72), version=1)
    found = follow(chain_of([[COIN], [coinbase(2, (1, 2)), *made, payee]]), made[3])
    assert found is not None
    assert len(found.hops) == 4


@pytest.mark.parametrize(("paid", "confidence"), [(5_000, Confidence.LOW), (500, Confidence.MEDIUM)])
def test_where_more_is_paid_the_confidence_is_lower(paid: int, confidence: Confidence) -> None:
    coin, made = out(COIN), []
    for hop in range(12):
        made.append(pay([coin], (1_000 - hop, 30 + hop), (paid, 60 + hop)))
        coin = out(made[-1])
    found = follow(chain_of([[COIN], [coinbase(2, (1, 2)), *made]]), made[0])
    assert found is not None
    assert found.confidence is confidence


def test_a_transaction_of_another_shape_is_none() -> None:
    """Five outputs; a coinbase; and payments of which one output carries data, and so pays nobody."""
    fan = pay([out(COIN)], *[(100, number) for number in range(5)])
    memos, coin = [], out(fan)
    for number in range(4):
        memos.append(pay([coin], (90 - number, 30 + number), TxOutput(Sats(0), data(b"memo"))))
        coin = out(memos[-1])
    chain = chain_of([[COIN], [coinbase(2, (1, 2)), fan, *memos]])
    assert follow(chain, fan) is None
    assert follow(chain, memos[0]) is None
    assert follow(chain, COIN) is None

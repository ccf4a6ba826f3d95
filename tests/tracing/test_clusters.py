"""Clusters: common inputs merge, mixes and guesses do not, and every merge names its transaction."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.chain import Chain
from sekisho.tracing.clusters import Clusters, Merge, cluster
from sekisho.tracing.patterns.mixes import classify
from support.chains import address_script, chain_of, coinbase, out, pay

ANCHOR = Script(bytes.fromhex("51024e73"))


def number(chain: Chain, address: int) -> int:
    """The number of some address's script."""
    found = chain.find_script(address_script(address))
    assert found is not None
    return found


def together(chain: Chain, clusters: Clusters, *addresses: int) -> bool:
    """Whether these are known to have one owner."""
    return len({int(clusters.of[number(chain, each)]) for each in addresses}) == 1


FUNDING = coinbase(1, (10_000, 1), (10_000, 2), (10_000, 3), (10_000, 4))


def test_what_is_spent_together_is_merged_and_payees_are_not() -> None:
    spend = pay([out(FUNDING, 0), out(FUNDING, 1)], (15_000, 5), (4_000, 6))
    chain = chain_of([[FUNDING], [coinbase(2, (1, 9)), spend]])
    clusters = cluster(chain)
    assert together(chain, clusters, 1, 2)
    for other in (3, 4, 5, 6):
        assert not together(chain, clusters, 1, other)


def test_change_that_returns_merges_nothing_by_itself() -> None:
    spend = pay([out(FUNDING, 0)], (3_000, 5), (6_000, 2))
    chain = chain_of([[FUNDING], [coinbase(2, (1, 9)), spend]])
    assert not together(chain, cluster(chain), 1, 2)


def test_why_tells_each_transaction_between() -> None:
    first = pay([out(FUNDING, 0), out(FUNDING, 1)], (9_000, 2), (9_000, 5))
    second = pay([out(first, 0), out(FUNDING, 2)], (18_000, 6))
    chain = chain_of([[FUNDING], [coinbase(2, (1, 9)), first], [coinbase(3, (1, 9)), second]])
    clusters = cluster(chain)
    a, b, c, other = (number(chain, each) for each in (1, 2, 3, 4))
    (tx,) = chain.find(first.txid)
    (later,) = chain.find(second.txid)
    assert clusters.why(a, c) == (Merge(a, b, tx), Merge(b, c, later))
    assert clusters.why(c, a) == (Merge(c, b, later), Merge(b, a, tx))
    assert clusters.why(a, a) == ()
    assert clusters.why(a, other) == ()
    assert clusters.members(c).tolist() == sorted([a, b, c])


def mix_of(people: int) -> tuple[Transaction, Transaction]:
    """Coins of different people, and the Whirlpool mix that spends them."""
    pool = 1_000_000
    coins = coinbase(1, *[(pool + 5_000 * (at > 0), at) for at in range(people)])
    return coins, pay([out(coins, at) for at in range(people)], *[(pool, 100 + at) for at in range(people)])


def test_a_mix_merges_nothing() -> None:
    coins, mix = mix_of(5)
    chain = chain_of([[coins], [coinbase(2, (1, 9_999)), mix]])
    (tx,) = chain.find(mix.txid)
    assert classify(chain.transaction(tx)) == "whirlpool"
    assert cluster(chain).of.tolist() == list(range(len(cluster(chain).of)))


def test_what_could_be_a_mix_of_unknown_coins_merges_nothing() -> None:
    """A partial chain: three of the coins come from outside, and nobody told what they hold."""
    _, mix = mix_of(5)
    known = coinbase(1, (1_000_000, 0), (1_005_000, 1))
    spends = [out(known, 0), out(known, 1), *[each.outpoint for each in mix.inputs[2:]]]
    part = pay(spends, *[(1_000_000, 100 + at) for at in range(5)])
    chain = chain_of([[known], [coinbase(2, (1, 9_999)), part]], first_height=500)
    assert not together(chain, cluster(chain), 0, 1)


def test_coins_nobody_told_us_of_and_scripts_nobody_owns_merge_nothing() -> None:
    outside = coinbase(1, (5, 1), (5, 2))
    anchors = coinbase(3, (10_000, 1), TxOutput(Sats(240), ANCHOR), (10_000, 2))
    first = pay([out(anchors, 0), out(anchors, 1), out(outside, 0)], TxOutput(Sats(300), ANCHOR), (9_000, 5))
    second = pay([out(anchors, 2), out(first, 0), out(outside, 1)], (10_000, 6))
    chain = chain_of([[anchors], [coinbase(4, (1, 9)), first, second]], first_height=500)
    assert not together(chain, cluster(chain), 1, 2)


def naive(spends: list[list[int]]) -> list[set[int]]:
    """Sets of addresses, merged one spend after another."""
    sets: list[set[int]] = []
    for spent in spends:
        touching = [each for each in sets if each & set(spent)]
        sets = [each for each in sets if not each & set(spent)] + [set(spent).union(*touching)]
    return sets


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 14), min_size=1, max_size=5), min_size=1, max_size=12))
def test_it_agrees_with_merging_sets_and_its_reasons_hold(spends: list[list[int]]) -> None:
    coins = [coinbase(at + 1, *[(1_000, address) for address in spent], (1, 500)) for at, spent in enumerate(spends)]
    payments = [
        pay([out(made, vout) for vout in range(len(spent))], (1_000, 600))
        for made, spent in zip(coins, spends, strict=True)
    ]
    chain = chain_of([[each] for each in coins] + [[coinbase(99, (1, 500)), *payments]])
    clusters = cluster(chain)
    sets = naive(spends)
    used = sorted({address for spent in spends for address in spent})
    for a in used:
        for b in used:
            same = any(a in each and b in each for each in sets)
            assert together(chain, clusters, a, b) == same
            path = clusters.why(number(chain, a), number(chain, b))
            assert bool(path) == (same and a != b)
            here = number(chain, a)
            for merge in path:
                scripts = {coin.script for coin in chain.transaction(merge.transaction).inputs}
                assert merge.script == here
                assert {chain.script(merge.script), chain.script(merge.other)} <= scripts
                here = merge.other
            assert here == (number(chain, b) if path else number(chain, a))

"""A chain grown at a server gives what the whole chain gives."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.bitcoin.network import Network
from sekisho.chain.chain import Chain
from sekisho.chain.columns import TxFlag
from sekisho.chain.remote.grow import Start, Wanted, WrongNetwork, grow
from sekisho.chain.remote.http import ServerFails
from support.chains import address_script
from support.published_chain import PublishedChain
from support.random_chains import random_blocks
from support.remotes import WAYS, forward, grown, peeled, quiet, reach, served


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=25)
@given(st.integers(0, 2**64))
def test_what_grows_from_a_seed_is_what_the_whole_chain_holds(way: str, number: int) -> None:
    random = Random(number)
    published = PublishedChain(random_blocks(random))
    txids = [each.txid for block in published.blocks[1:] for each in block.transactions]
    start = Start(tuple(sorted(set(random.choices(txids, k=random.randint(1, 3))))), ())
    assert reach(grown(published, way, start), start) == reach(published.whole(), start)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=10)
@given(st.integers(0, 2**64))
def test_whole_blocks_and_makers_are_fetched_where_they_are_wanted(way: str, number: int) -> None:
    random = Random(number)
    published = PublishedChain(random_blocks(random))
    whole = published.whole()
    last = published.blocks[-1].txids[-1]

    def wants(chain: Chain) -> Wanted:
        """The block of each transaction met, and whatever made what those met spend."""
        known = [tx for tx in range(len(chain.columns.txid)) if not chain.columns.tx_flags[tx] & TxFlag.OUTSIDE]
        spent = {coin.outpoint.txid for tx in known for coin in chain.transaction(tx).inputs}
        return Wanted(frozenset(), frozenset(spent), whole_blocks=True)

    chain = grown(published, way, Start((last,), ()), wants)
    held = [tx for tx in range(len(chain.columns.txid)) if not chain.columns.tx_flags[tx] & TxFlag.OUTSIDE]
    blocks = {chain.transaction(tx).height for tx in held}
    assert [chain.transaction(tx) for tx in held] == [
        each for each in map(whole.transaction, range(len(whole.columns.txid))) if each.height in blocks
    ]
    assert not any(chain.columns.tx_flags & TxFlag.OUTSIDE)


def test_every_payment_to_a_script_is_found_over_all_pages() -> None:
    published = PublishedChain(peeled(60))
    start = Start((), (address_script(7),))
    met = reach(grown(published, "esplora", start), start)
    assert met == reach(published.whole(), start)
    assert len(met.met) == 60


@pytest.mark.parametrize("way", [each for each in WAYS if each != "esplora"])
def test_a_node_says_that_it_cannot_look_for_scripts(way: str) -> None:
    with pytest.raises(ServerFails, match="name transactions, or use a store"):
        grown(PublishedChain(peeled(2)), way, Start((), (address_script(7),)))


@pytest.mark.parametrize("way", WAYS)
def test_another_network_is_refused_before_anything_is_fetched(way: str) -> None:
    start = Start((), ())
    with (
        served(WAYS[way](PublishedChain(peeled(1))), way) as source,
        pytest.raises(WrongNetwork, match="does not have the chain of main"),
    ):
        grow(source, Network.MAIN, start, forward(start), quiet)

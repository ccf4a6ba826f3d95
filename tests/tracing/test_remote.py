"""A trace at a server gives, to the last hop, what the same trace gives on the whole chain."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.sats import Sats
from sekisho.tracing.case import FollowFees, Method, Mix, Parameters
from sekisho.tracing.remote import Kind, Remote, remote_chain
from sekisho.tracing.seeds import MalformedSeed
from sekisho.tracing.trace import Trace
from support.published_chain import PublishedChain
from support.random_chains import random_blocks
from support.remotes import WAYS, peeled, quiet
from support.serving import serving
from support.traced import BACKWARD, FORWARD, comparable, traces_of


def remote_traces(
    published: PublishedChain, way: str, seeds: Sequence[str], parameters: Sequence[Parameters]
) -> list[Trace]:
    """The same through a stand-in."""
    traces = traces_of(seeds, parameters)
    with serving(WAYS[way](published)) as url:
        named = url.replace("://", "://user:password@") if way.startswith("rpc") else url
        kind = Kind.ESPLORA if way == "esplora" else Kind.NODE
        return traces(remote_chain(Remote(kind, named), Network.REGTEST, seeds, traces, quiet))


def random_seeds(published: PublishedChain, random: Random) -> list[str]:
    """One to three thefts, of whole transactions, outputs, or parts of outputs."""
    made = [each for block in published.blocks[1:] for each in block.transactions]
    seeds = []
    for number in range(random.randint(1, 3)):
        stolen = random.choice(made)
        vout = random.randrange(len(stolen.outputs))
        value = stolen.outputs[vout].sats
        forms = ["", f":{vout}", f":{vout}={random.randint(1, value)}" if value else ""]
        seeds.append(f"theft {number % 2}@{show_txid(stolen.txid)}{random.choice(forms)}")
    return seeds


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=12)
@given(st.integers(0, 2**64))
def test_all_methods_end_the_same_as_on_the_whole_chain(way: str, number: int) -> None:
    random = Random(number)
    published = PublishedChain(random_blocks(random))
    seeds = random_seeds(published, random)
    more = Parameters(
        random.choice(list(Method)),
        mix=random.choice(list(Mix)),
        min_sats=Sats(random.choice((0, 1, 50))),
        until=random.choice((None, None, len(published.blocks))),
    )
    for parameters in ([*FORWARD, more], BACKWARD):
        expected = comparable(traces_of(seeds, parameters)(published.whole()))
        assert comparable(remote_traces(published, way, seeds, parameters)) == expected


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=8)
@given(st.integers(0, 2**64), st.sampled_from(FollowFees))
def test_fees_are_followed_into_coinbases_as_on_the_whole_chain(way: str, number: int, order: FollowFees) -> None:
    random = Random(number)
    published = PublishedChain(random_blocks(random))
    seeds = random_seeds(published, random)
    parameters = [replace(each, follow_fees=order) for each in FORWARD]
    expected = comparable(traces_of(seeds, parameters)(published.whole()))
    assert comparable(remote_traces(published, way, seeds, parameters)) == expected


def test_an_address_as_seed_finds_every_output_paid_to_it() -> None:
    published = PublishedChain(peeled(30))
    script = published.blocks[2].transactions[1].outputs[0].script
    seeds = [str(show_address(script, Network.REGTEST))]
    expected = comparable(traces_of(seeds, FORWARD)(published.whole()))
    assert expected[0].seeded == 3_000
    assert comparable(remote_traces(published, "esplora", seeds, FORWARD)) == expected


OF_ANOTHER_NETWORK = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


@pytest.mark.parametrize("seed", ["", "nonsense", "theft@" + "0" * 63, "a:0", OF_ANOTHER_NETWORK])
def test_a_seed_that_names_nothing_is_refused_before_any_server_is_asked(seed: str) -> None:
    with pytest.raises(MalformedSeed):
        remote_chain(Remote(Kind.ESPLORA, "http://127.0.0.1:1"), Network.REGTEST, [seed], lambda _: (), quiet)

"""A chain that changes while it is read gives one chain or another, never a mixture."""

from dataclasses import dataclass

import pytest

from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.chain.remote.grow import Start
from sekisho.chain.remote.http import ServerFails
from sekisho.chain.remote.source import Reorganised
from support.chains import coinbase, out, pay
from support.esplora_server import EsploraStandIn
from support.published_chain import PublishedChain
from support.remotes import WAYS, StandIn, grown_at, peeled, reach
from support.serving import Reply


@dataclass
class Moving:
    """A server whose chain becomes another one just before its n-th answer."""

    stand_in: StandIn
    after: PublishedChain
    moment: int
    answered: int = 0

    def __call__(self, verb: str, path: str, body: bytes, login: str) -> Reply:
        self.answered += 1
        if self.answered == self.moment:
            self.stand_in.chain = self.after
        return self.stand_in(verb, path, body, login)


def branch() -> PublishedChain:
    """What `peeled(6)` might have become: from height 5 on other blocks, and the coins go elsewhere."""
    stem = peeled(6)[:4]
    elsewhere = pay([out(stem[-1][1], 1)], (77, 9), (500_000, 8))
    empty = [[coinbase(height, (5_000, 4))] for height in (5, 6)]
    return PublishedChain([*stem, *empty, [coinbase(7, (1, 1)), elsewhere]])


@pytest.mark.parametrize("way", WAYS)
def test_a_reorganisation_at_any_moment_gives_one_chain_or_the_other_and_never_a_mixture(way: str) -> None:
    before, after = PublishedChain(peeled(6)), branch()
    start = Start((before.blocks[1].txids[0],), ())
    truths = [reach(each.whole(), start) for each in (before, after)]
    seen = set()
    for moment in range(60):
        try:
            chain = grown_at(Moving(WAYS[way](before), after, moment), way, start)
        except ServerFails:
            continue  # a block or transaction that it had just named is gone
        found = truths.index(reach(chain, start))
        assert chain.tip == (before, after)[found].tip
        seen.add(found)
    assert seen == {0, 1}


def test_a_chain_that_never_stands_still_is_given_up() -> None:
    stand_in = EsploraStandIn(PublishedChain(peeled(3)))
    tips = [PublishedChain([[coinbase(height, (number, 1))] for height in range(1, 5)]).tip for number in (1, 2)]

    def lie(path: str, body: bytes) -> bytes:
        """At each look the block at height 4 is another one."""
        if path == "/block-height/4":
            tips.reverse()
            return show_txid(Txid(tips[0].hash)).encode()
        return body

    stand_in.spoil = lie
    start = Start((stand_in.chain.blocks[1].txids[0],), ())
    with pytest.raises(Reorganised):
        grown_at(stand_in, "esplora", start)


@pytest.mark.parametrize("way", WAYS)
def test_blocks_that_come_while_it_is_read_do_not_count(way: str) -> None:
    blocks = peeled(6)
    before, after = PublishedChain(blocks[:4]), PublishedChain(blocks)
    start = Start((before.blocks[1].txids[0],), ())
    moving = Moving(WAYS[way](before), after, 9)
    chain = grown_at(moving, way, start)
    assert moving.answered > 9
    assert chain.tip == before.tip
    assert reach(chain, start) == reach(before.whole(), start)

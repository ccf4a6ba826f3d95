"""A regtest chain that Bitcoin Core wrote once, for many tests."""

import pbk
import pytest

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.sats import COIN
from sekisho.bitcoin.script import Script
from sekisho.chain.kernel import COINBASE_MATURITY, RegtestChain, mined
from support.datfiles import ANYONE, Made, core_chain, core_coins, records, spend


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Some 130 blocks: empty ones, spending ones, branches that lost, and at the end invalid ones with most work."""
    path = tmp_path_factory.mktemp("made")
    with RegtestChain(path) as chain:
        coins = [block.transactions[0].coin(0) for block in chain.mine(COINBASE_MATURITY + 10, ANYONE)]
        split = spend(coins[:1], 10 * COIN, 20 * COIN, 20 * COIN)
        chain.accept([split, spend([split.coin(1), split.coin(2)], 39 * COIN)], ANYONE)
        fork, height = chain.tip, chain.height + 1
        chain.accept([spend([split.coin(0)], 9 * COIN), spend(coins[1:3], COIN, 99 * COIN)])
        lost = chain.tip
        first = mined(fork, height, [spend(coins[1:3], COIN, 49 * COIN), spend([split.coin(0)], COIN)])
        chain.submit(first)
        chain.submit(mined(sha256d(first[:80]), height + 1))
        assert chain.tip != lost
        for coin in coins[3:7]:
            chain.accept([spend([coin], 50 * COIN)], ANYONE)
        many = spend(coins[8:9], *[10_000] * 260)  # a count of more than one byte
        chain.accept([many])
        chain.accept([spend([many.coin(vout)], 9_000) for vout in range(260)])
        chain.submit(mined(fork, height, script=Script(b"\x53")))
        chain.mine(5, ANYONE)
        invalid = mined(chain.tip, chain.height + 1, [spend(coins[7:8], 60 * COIN)])
        chain._manager.process_block_header(pbk.BlockHeader(invalid[:80]))
        for raw in (mined(sha256d(invalid[:80]), chain.height + 2), invalid):  # Core keeps both, and connects neither
            chain.submit(raw)
        active = core_chain(chain)
        told = [core_coins(chain, height) for height in range(1, chain.height + 1)]
    return Made(path, active, [[], *told], records(path, "blk00000.dat"), records(path, "rev00000.dat", 32))

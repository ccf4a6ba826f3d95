"""Everything that can be asked of a trace forward, for tests that put one engine beside another."""

from random import Random

import numpy as np

from sekisho.bitcoin.sats import Sats
from sekisho.chain.chain import Chain, ChainTransaction
from sekisho.tracing.case import FollowFees, Method, Mix, Parameters, Seed
from sekisho.tracing.services import Stops

VARIANTS = {
    "plain": Parameters(Method.FIFO),
    "stopped at mixes": Parameters(Method.FIFO, mix=Mix.STOP),
    "up to a height": Parameters(Method.FIFO, until=5),
    "with fees first": Parameters(Method.FIFO, follow_fees=FollowFees.FEES_FIRST),
    "with the subsidy first": Parameters(Method.FIFO, follow_fees=FollowFees.SUBSIDY_FIRST),
    "above a threshold": Parameters(Method.FIFO, min_sats=Sats(40)),
}


def random_cases(random: Random, chain: Chain, most_height: int, count: int) -> list[list[Seed]]:
    """Cases of one to three seeds, some of them a part of a coin, under two labels."""
    sats = chain.columns.out_sats.tolist()
    able = [
        txo for txo, held in enumerate(sats) if held > 0 and (chain.when(chain.creator(txo))[0] or 0) <= most_height
    ]
    return [
        [
            Seed(random.choice("ab"), chain.outpoint(txo), txo, Sats(random.choice((sats[txo], 1 + sats[txo] // 3))))
            for txo in random.sample(able, k=min(len(able), random.randint(1, 3)))
        ]
        for _ in range(count)
    ]


def random_stops(random: Random, chain: Chain) -> Stops:
    """Some scripts as services: two rows for one, and one with dates."""
    scripts = sorted(random.sample(range(len(chain.columns.script_start) - 1), k=2))
    rows = [(script, number, 0, 1 << 62) for number, script in enumerate(scripts)]
    rows[0] = (scripts[0], 0, 0, 1_700_000_000 + 600 * 6)
    return Stops(*(np.ascontiguousarray(np.array(rows, np.int64)[:, at]) for at in range(4)))


def even(transaction: ChainTransaction) -> str | None:
    """Calls half of what could be a mix a mix."""
    return "even" if transaction.txid[0] % 2 == 0 else None

"""`make bench`: how fast taint is followed, beside a bare pass that looks up what every input spends, in the same run.

The chains are made up: 2.6 inputs and 2.8 outputs a transaction as on the main chain, and the age of a coin when it is
spent is even on a logarithmic scale. Rates are inputs plus outputs a second of one core's time. BENCH_OUTPUTS says how
large the largest chain is (10^7 if it says nothing).
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from sekisho.chain.columns import I64, UNSPENT
from sekisho.compiled import compiled
from sekisho.tracing.frontier import follow
from sekisho.tracing.methods.desk import FIFO, HAIRCUT, LIFO, LIFO_MIRROR, POISON, TIHO
from sekisho.tracing.question import FAULT, NO_FEES, SEED_TX, TALLIES, Question, Rules
from sekisho.tracing.slab import Slab, block_rows
from sekisho.tracing.sweep import Sweep

LARGEST = int(os.environ.get("BENCH_OUTPUTS", "10000000"))
SMALLEST = 100_000
TRANSACTIONS_A_BLOCK = 2_500
ROUNDS = 3

METHODS = {
    "poison": POISON,
    "haircut": HAIRCUT,
    "tiho": TIHO,
    "fifo": FIFO,
    "lifo": LIFO,
    "lifo-mirror": LIFO_MIRROR,
}

# The whole of Bitcoin, early 2026: Bitcoin Core 31's chain parameters, and outputs and inputs counted at 916,874.
OUTPUTS, INPUTS, TRANSACTIONS = 3.65e9, 3.47e9, 1.316e9
SINCE_JUNE_2024 = 0.23
"""The share of all transactions after the theft from DMM Bitcoin."""


@compiled
def _grow(
    blocks: int, first_tx: I64, first_out: I64, first_in: I64, sats: I64, spender: I64, prev: I64
) -> tuple[int, int, int]:
    """Make up `blocks` blocks; returns how many transactions, outputs and inputs there are."""
    np.random.seed(7)
    tx, txo, place = 0, 0, 0
    for block in range(blocks):
        first_tx[block] = tx
        for number in range(TRANSACTIONS_A_BLOCK):
            first_out[tx], first_in[tx] = txo, place
            value = 5_000_000_000 if number == 0 else 0
            for _ in range(0 if number == 0 else _some(2.64)):
                coin = _unspent(spender, txo)
                if coin >= 0:
                    prev[place] = coin
                    spender[coin] = tx
                    value += sats[coin]
                    place += 1
            outputs = _some(2.77)
            value -= value // 10_000
            for output in range(outputs):
                share = value if output == outputs - 1 else int(value * np.random.random())
                sats[txo] = share
                value -= share
                txo += 1
            tx += 1
    first_tx[blocks], first_out[tx], first_in[tx] = tx, txo, place
    return tx, txo, place


@compiled
def _unspent(spender: I64, txo: int) -> int:
    """A coin before `txo` that nobody spent yet: an age, and the next one that is older; -1 if none is near."""
    if txo < 2:
        return -1
    coin = txo - int(np.exp(np.random.random() * np.log(txo)))
    for near in range(coin, max(coin - 1_000, -1), -1):
        if spender[near] == UNSPENT:
            return near
    return -1


@compiled
def _some(mean: float) -> int:
    """One or more, and `mean` in the middle."""
    count = 1
    while np.random.random() > 1 / mean and count < 50:
        count += 1
    return count


@compiled
def bare(slab: Slab) -> int:
    """The floor: what every input spends and every output holds, added up."""
    total = 0
    for place in range(len(slab.in_prev)):
        total += slab.out_sats[slab.in_prev[place]]
    for txo in range(len(slab.out_sats)):
        total += slab.out_sats[txo]
    return total


class Made(NamedTuple):
    """A made-up chain."""

    slab: Slab
    size: int
    """Inputs plus outputs."""


def made(outputs: int) -> Made:
    """A chain of about this many outputs."""
    blocks = max(1, int(outputs / (TRANSACTIONS_A_BLOCK * 2.75)))
    most, room = blocks * TRANSACTIONS_A_BLOCK, int(outputs * 1.15) + 100_000
    first_tx, first_out, first_in = (np.zeros(count + 1, np.int64) for count in (blocks, most, most))
    sats, prev = np.zeros(room, np.int64), np.zeros(room, np.int64)
    spender = np.full(room, UNSPENT, np.int64)
    txs, txos, places = _grow(blocks, first_tx, first_out, first_in, sats, spender, prev)
    heights = np.arange(blocks, dtype=np.uint32)
    flags = np.zeros(txs, np.uint16)
    flags[first_tx[:-1]] = 1
    slab = Slab(
        0,
        0,
        block_rows(first_tx.astype(np.uint32), heights, heights),
        flags,
        first_out,
        first_in,
        sats[:txos].copy(),
        spender[:txos].astype(np.uint32),
        np.zeros(txos, np.uint32),
        prev[:places].copy(),
        np.empty(0, np.int64),
        np.empty(0, np.uint32),
    )
    for array in slab[2:]:
        array.setflags(write=False)
    return Made(slab, txos + places)


def asked(slab: Slab, method: int, coins: I64, cases: I64) -> Question:
    """A question: these outputs were stolen, each with a label of its own in one of these cases."""
    makers = np.searchsorted(slab.tx_first_out, coins, side="right") - 1
    labels = np.arange(len(coins)) if len(cases) == len(coins) else np.zeros(len(coins), np.int64)
    seeds = np.column_stack([coins, makers, labels, slab.out_sats[coins]]).astype(np.int64)
    rules = Rules(method, False, False, 0, len(slab.tx_flags), NO_FEES, 210_000, False)
    return Question(rules, seeds, cases, np.empty((0, 2), np.int64), np.empty((0, 4), np.int64))


def swept(slab: Slab, question: Question) -> Sweep:
    """One pass; the ends that are left are no part of it."""
    state = Sweep(question)
    state.advance(slab)
    return state


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def little(slab: Slab, count: int) -> I64:
    """So many coins, spread over the last tenth of the chain."""
    outputs = len(slab.out_sats)
    return np.linspace(outputs * 0.9, outputs * 0.99, count).astype(np.int64)


def everything(slab: Slab) -> I64:
    """Every output of every coinbase: nothing stays clean."""
    coinbases = slab.blocks[:-1, 0]
    return np.concatenate([np.arange(slab.tx_first_out[tx], slab.tx_first_out[tx + 1]) for tx in coinbases.tolist()])


def sizes() -> Iterator[int]:
    """10^5, 10^6 and so on."""
    size = SMALLEST
    while size <= LARGEST:
        yield size
        size *= 10


def touched(chain: Made, question: Question) -> float:
    """Which share of the transactions that a pass looks at taint goes through."""
    state = swept(chain.slab, question)
    return int(state.finish().tally[TALLIES + 1]) / (len(chain.slab.tx_flags) - int(question.seeds[0, SEED_TX]))


def print_rates(chain: Made, floor: float) -> dict[str, float]:
    """A line a method: passes over coins that lie still, over a few that move, and with everything tainted.

    Those that move are one of the first fiftieth; poison and haircut would taint all that comes after it, so theirs is
    the first of the last tenth.
    """
    slab, rates = chain.slab, dict[str, float]()
    one, all_of_it = np.zeros(1, np.int64), everything(slab)
    early = int(slab.tx_first_out[slab.blocks[len(slab.blocks) // 50, 0]])
    still = early + int(np.argmax(slab.out_spender[early:] == UNSPENT))
    print("million inputs + outputs a second (their ratio to the bare pass)")
    print("method         untouched        a coin that moves: goes through    all tainted")
    for name, method in METHODS.items():
        moving = int(little(slab, 1)[0]) if method in (POISON, HAIRCUT) else early
        row = []
        for coins in (np.array([still]), np.array([moving]), all_of_it):
            question = asked(slab, method, coins, one)
            size = int(chain.size * (1 - coins[0] / len(slab.out_sats)))
            row.append(size / seconds(lambda question=question: swept(slab, question), 2))
        share = touched(chain, asked(slab, method, np.array([moving]), one))
        cells = [f"{rate / 1e6:6.1f} ({rate / floor:.3f})" for rate in row]
        print(f"{name:12} {cells[0]:>15} {cells[1]:>15} {share:21.1%} {cells[2]:>18}")
        rates[name], rates[f"{name} little"] = row[2], row[1]
    return rates


def print_cases(chain: Made) -> None:
    """Many cases in one pass: the last tenth of the chain for haircut, half of it for fifo."""
    slab = chain.slab
    print("cases in one pass                k = 1        10       100     100 cases cost")
    for name in ("fifo", "haircut"):
        spent = []
        for count in (1, 10, 100):
            coins = little(slab, count) if name == "haircut" else little(slab, count) // 2
            question = asked(slab, METHODS[name], coins, np.arange(count))
            spent.append(seconds(lambda question=question: swept(slab, question), 2))
        print(f"{name:24} {spent[0]:10.3f} s {spent[1]:7.3f} s {spent[2]:7.3f} s {spent[2] / spent[0]:10.1f} times one")


def print_frontier(chain: Made) -> None:
    """One case of a thousand coins (haircut: of ten late ones): transactions a second, and how long it takes."""
    slab = chain.slab
    print("one case by the frontier    transactions     seconds   million a second")
    for name in ("fifo", "tiho", "haircut"):
        coins = (
            little(slab, 10) if name == "haircut" else np.arange(0, len(slab.out_sats) // 2, len(slab.out_sats) // 2000)
        )
        question = asked(slab, METHODS[name], coins, np.zeros(1, np.int64))
        found = follow(slab, question)
        if found.tally[FAULT]:
            sys.exit("the frontier failed")
        spent = seconds(lambda question=question: follow(slab, question), 2)
        passed = int(found.tally[TALLIES + 1])
        print(f"{name:24} {passed:15,} {spent:11.3f} {passed / spent / 1e6:12.2f}")


def print_whole(rates: dict[str, float]) -> None:
    """What these rates come to for the whole of Bitcoin."""
    size = OUTPUTS + INPUTS
    read = (8 * INPUTS + 16 * TRANSACTIONS + 8 * OUTPUTS + 4 * OUTPUTS) / 1e9
    print(f"the whole of Bitcoin (computed): {OUTPUTS / 1e9} G outputs + {INPUTS / 1e9} G inputs, one core")
    for name in METHODS:
        full, few = rates[name], rates[f"{name} little"]
        print(f"  {name:12} all tainted: {size / 1e9:.2f} G / {full / 1e6:.1f} M/s = {size / full:.0f} s; ", end="")
        late = size / few * SINCE_JUNE_2024
        print(f"one coin: / {few / 1e6:.1f} M/s = {size / few:.0f} s, {late:.0f} s since June 2024")
    print(f"  columns: 8 B an input, 16 B a transaction, 12 B an output = {read:.0f} GB, at 3 GB/s {read / 3:.0f} s")
    heads, live = 4 * OUTPUTS / 1e9, 0.167e9 * 24 / 1e9
    print(f"  memory: 4 B an output = {heads:.1f} GB; 24 B a tainted unspent output, {live:.1f} GB if all 167 M are")
    print("  marks: BlockSci 10.3 s for every input and output of 2017's chain, about a quarter of this, on 8 vCPU;")
    print(
        "  a thesis of 2021 3.76 s a FIFO case of 3,265 edges; 32 GB of memory, where BlockSci's layout would need 135"
    )


def main() -> None:
    """Print growth first, then the rest for the largest chain."""
    tiny = made(SMALLEST).slab
    for method in METHODS.values():
        swept(tiny, asked(tiny, method, little(tiny, 1), np.zeros(1, np.int64)))
        follow(tiny, asked(tiny, method, little(tiny, 1), np.zeros(1, np.int64)))
    bare(tiny)
    chain, floor = Made(tiny, 0), 0.0
    print(
        "    outputs       bare    haircut, all tainted    fifo, all tainted      (million inputs + outputs a second)"
    )
    for size in sizes():
        chain = made(size)
        floor = chain.size / seconds(lambda slab=chain.slab: bare(slab))
        rates = []
        for method in (HAIRCUT, FIFO):
            question = asked(chain.slab, method, everything(chain.slab), np.zeros(1, np.int64))
            rates.append(chain.size / seconds(lambda q=question, slab=chain.slab: swept(slab, q), 2))
        print(f"{size:11,} {floor / 1e6:10.1f} {rates[0] / 1e6:19.1f} {rates[1] / 1e6:20.1f}")
    rates_of_all = print_rates(chain, floor)
    print_cases(chain)
    print_frontier(chain)
    print_whole(rates_of_all)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"peak memory of this run: {peak / 1e9:.2f} GB")


if __name__ == "__main__":
    main()

"""From what an engine found to a trace: names for numbers, ends in order, and the arithmetic of every hop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Chain
from sekisho.chain.columns import I64, NO_HEIGHT, TxFlag
from sekisho.tracing.case import End, FollowFees, Method, Parameters
from sekisho.tracing.fees import fee_of, subsidy_of
from sekisho.tracing.question import (
    AMOUNT,
    ENTRIES,
    KIND,
    MADE,
    MADE_EARLIER,
    NO_OUTPUT,
    PASSED,
    STATUSES,
    TALLIES,
    TX,
    TXO,
    WHOSE,
    Found,
)
from sekisho.tracing.seeds import Case
from sekisho.tracing.slab import Slab, whole
from sekisho.tracing.trace import Hop, ListUsed, Portion, Taint, Trace

WITH_PLACES = frozenset({Method.FIFO, Method.LIFO, Method.LIFO_MIRROR})

FEE_VOUT = 0xFFFFFFFF
"""In the outpoint of a fee, or of the subsidy (with a txid of zeros), where a coinbase takes it as an input."""
NO_TXID = Txid(bytes(32))


def halving_of(network: Network) -> int:
    """Blocks between halvings of the subsidy."""
    return 150 if network is Network.REGTEST else 210_000


@dataclass(frozen=True)
class Asked:
    """What a trace was asked, apart from its seeds."""

    chain: Chain
    parameters: Parameters
    lists: tuple[ListUsed, ...]
    cases: int
    """How many were traced together."""
    mixes: Mapping[int, str | None]
    """The kind of each transaction that was asked about."""


def trace_of(asked: Asked, case: Case, first_label: int, found: Found, number: int) -> Trace:
    """The trace of case `number`, whose labels are counted from `first_label` in what was found."""
    labels, passed = len(case.labels), int(found.tally[number - asked.cases])
    journal = found.journal[: found.tally[ENTRIES]]
    ends = journal[journal[:, KIND] >= 0]
    own = ends[(ends[:, WHOSE] >> 1 >= first_label) & (ends[:, WHOSE] >> 1 < first_label + labels)]
    seeded = found.tally[TALLIES + first_label : TALLIES + first_label + labels]
    return Trace(
        asked.chain.network,
        asked.parameters,
        asked.lists,
        asked.chain.tip,
        case.seeds,
        Sats(int(seeded.sum())),
        tuple(_ends(asked, case.labels, first_label, own)),
        _conserved(asked.parameters.method, own, seeded, first_label),
        tuple(_hops(asked, case.labels, journal[(journal[:, KIND] == PASSED) | (journal[:, KIND] == MADE)])),
        passed,
    )


def _conserved(method: Method, ends: I64, seeded: I64, first_label: int) -> bool | None:
    """Whether the ends of every label add up to what its seeds added."""
    if method is Method.POISON:
        return None
    sums = np.zeros(len(seeded), np.int64)
    np.add.at(sums, (ends[:, WHOSE] >> 1) - first_label, ends[:, AMOUNT])
    return bool((sums == seeded).all())


def _ends(asked: Asked, labels: Sequence[str], first_label: int, rows: I64) -> Iterator[End]:
    """The ends in order, one for all the pieces that agree in all but their place."""
    if not len(rows):
        return
    rows = _with_makers(asked.chain, rows)
    rows = rows[np.lexsort((rows[:, KIND], rows[:, WHOSE], rows[:, TXO], rows[:, TX]))]
    names = rows[:, [KIND, TX, TXO, WHOSE]]
    begins = np.flatnonzero(np.concatenate(([True], (names[1:] != names[:-1]).any(axis=1))))
    sums = np.add.reduceat(rows[:, AMOUNT], begins)
    made = [
        _end(asked, labels[(tag >> 1) - first_label], tx, txo, sats, tag & 1, status)
        for (status, tx, txo, tag), sats in zip(names[begins].tolist(), sums.tolist(), strict=True)
    ]
    yield from sorted(made, key=_place)


def _with_makers(chain: Chain, rows: I64) -> I64:
    """Ends of a sweep name no transaction where they are unspent: it is the one that made the output."""
    nameless = rows[:, TX] == MADE_EARLIER
    made = rows.copy()
    made[nameless, TX] = np.searchsorted(chain.columns.tx_first_out, rows[nameless, TXO], side="right") - 1
    return made


def _place(end: End) -> tuple[int, bytes, int, str, bool, str]:
    height = NO_HEIGHT if end.height is None else end.height
    vout = 1 << 32 if end.outpoint is None else end.outpoint.vout
    return height, end.txid, vout, end.label, end.convention_only, end.status


def _end(asked: Asked, label: str, tx: int, txo: int, sats: int, convention: int, status: int) -> End:
    chain = asked.chain
    outpoint = None if txo == NO_OUTPUT else chain.outpoint(txo)
    script = None if txo == NO_OUTPUT else chain.script(int(chain.columns.out_script[txo]))
    if chain.columns.tx_flags[tx] & TxFlag.OUTSIDE and outpoint is not None:
        txid, height, time = outpoint.txid, None, None
    else:
        txid = chain.txid(tx)
        height, time = chain.when(tx)
    return End(txid, outpoint, script, Sats(sats), STATUSES[status], bool(convention), height, time, label)


def _hops(asked: Asked, labels: Sequence[str], log: I64) -> Iterator[Hop]:
    """Every transaction that taint went through, with what was tainted before and behind it."""
    with_places = asked.parameters.method in WITH_PLACES
    coins: dict[int, tuple[Taint, ...]] = {}
    fees: dict[int, tuple[Taint, ...]] = {}
    passed = []
    for kind, tx, txo, start, sats, tag in log.tolist():
        if kind == PASSED:
            passed.append(tx)
            continue
        taint = Taint(labels[tag >> 1], bool(tag & 1), Sats(sats), Sats(start) if with_places else None)
        into, key = (fees, tx) if txo == NO_OUTPUT else (coins, txo)
        into[key] = (*into.get(key, ()), taint)
    slab = whole(asked.chain.columns)
    for tx in passed:
        yield _hop(asked, slab, tx, coins, fees)


def _hop(
    asked: Asked, slab: Slab, tx: int, coins: Mapping[int, tuple[Taint, ...]], fees: Mapping[int, tuple[Taint, ...]]
) -> Hop:
    chain, columns = asked.chain, asked.chain.columns
    spent = columns.in_prev[columns.tx_first_in[tx] : columns.tx_first_in[tx + 1]].tolist()
    if columns.tx_flags[tx] & TxFlag.COINBASE:
        inputs = tuple(_taken(asked, slab, tx, fees))
    else:
        inputs = tuple(_portion(chain, txo, coins) for txo in spent)
    outputs = tuple(_portion(chain, txo, coins) for txo in chain.outputs_of(tx))
    fee = Sats(sum(each.sats for each in inputs) - sum(each.sats for each in outputs))
    height, time = chain.when(tx)
    return Hop(chain.txid(tx), height, time, inputs, outputs, fee, fees.get(tx, ()), asked.mixes.get(tx))


def _portion(chain: Chain, txo: int, coins: Mapping[int, tuple[Taint, ...]]) -> Portion:
    output = chain.output(txo)
    return Portion(chain.outpoint(txo), output.sats, output.script, coins.get(txo, ()))


def _taken(asked: Asked, slab: Slab, coinbase: int, fees: Mapping[int, tuple[Taint, ...]]) -> Iterator[Portion]:
    """What a coinbase takes, in order: the subsidy, and every fee of its block."""
    chain = asked.chain
    block = chain.block_of(coinbase)
    height = int(chain.columns.block_height[block])
    subsidy = Portion(OutPoint(NO_TXID, FEE_VOUT), Sats(subsidy_of(height, halving_of(chain.network))), Script(b""), ())
    if asked.parameters.follow_fees is FollowFees.SUBSIDY_FIRST:
        yield subsidy
    for tx in range(coinbase + 1, int(chain.columns.block_first_tx[block + 1])):
        yield Portion(OutPoint(chain.txid(tx), FEE_VOUT), Sats(fee_of(slab, tx)), Script(b""), fees.get(tx, ()))
    if asked.parameters.follow_fees is FollowFees.FEES_FIRST:
        yield subsidy

"""What is asked, and what is found, as compiled functions see it."""

from typing import NamedTuple

import numpy as np

from sekisho.bitcoin.sats import MAX_MONEY
from sekisho.chain.columns import I64
from sekisho.compiled import compiled
from sekisho.tracing.case import Status
from sekisho.tracing.services import Stops

MOST = MAX_MONEY

STATUSES = tuple(Status)
UNSPENT_END = STATUSES.index(Status.UNSPENT)
SERVICE_END = STATUSES.index(Status.SERVICE)
DESTROYED_END = STATUSES.index(Status.DESTROYED)
FEES_END = STATUSES.index(Status.FEES)
BELOW_END = STATUSES.index(Status.BELOW_THRESHOLD)
COINJOIN_END = STATUSES.index(Status.COINJOIN)
UNKNOWN_END = STATUSES.index(Status.UNKNOWN)
MINED_END = STATUSES.index(Status.MINED)

NO_FEES, FEES_FIRST, SUBSIDY_FIRST = range(3)


class Rules(NamedTuple):
    """How to follow, in numbers."""

    method: int
    """As in `methods.desk`."""
    stop_at_mix: bool
    ask_mixes: bool
    """Whether transactions that could be mixes are to be told of."""
    min_sats: int
    end_tx: int
    """This transaction and those after it are not looked at."""
    follow_fees: int
    halving: int
    """Blocks between halvings of the subsidy."""


class SeedRows(NamedTuple):
    """Seeds, ascending by output and label."""

    txo: I64
    tx: I64
    """The transaction that made the output."""
    label: I64
    sats: I64
    case_of: I64
    """The case of each label."""


class Mixes(NamedTuple):
    """What is known of transactions that could be mixes, ascending."""

    asked: I64
    mixes: I64
    """Those of them that are mixes."""


class Question(NamedTuple):
    """All that is asked."""

    rules: Rules
    stops: Stops
    seeds: SeedRows
    mixes: Mixes


class Step(NamedTuple):
    """One transaction that is worked out."""

    tx: int
    block: int
    """The row of its block in the slab."""
    laid: int
    """How many rows of taint are laid for it."""
    total: int
    """What its sources hold together."""
    mixed: bool
    """It is a mix."""
    takes_fees: bool
    """It is a coinbase whose sources are fees and the subsidy."""


ENDS, LOGGED, MET, FEE_ROWS, FAULT, FAULT_TX = range(6)
"""In `Found.counts`: how many rows of each array count; what went wrong, and where."""
NO_FAULT, NOT_CONSERVED, IMPOSSIBLE = range(3)

NO_OUTPUT = -1
"""In place of an output: the fee, or what a miner did not claim."""
MADE_EARLIER = -1
"""In place of the transaction of an end: it is unspent, and the transaction that made the output is to be looked up."""
PASSED = -2
"""In `Found.log`, in place of an output: taint went through this transaction."""


class Found(NamedTuple):
    """What a trace has found so far."""

    ends: I64
    """(rows, 5): transaction, output, satoshis, tag, status"""
    log: I64
    """(rows, 5): transaction, output, start, satoshis, tag. Only where hops are asked for."""
    met: I64
    """Transactions that could be mixes and were not asked about."""
    fees: I64
    """(rows, 4): transaction, start in its fee, satoshis, tag: fees of this block that wait for its coinbase."""
    seeded: I64
    """What the seeds of each label added."""
    passed: I64
    """How many transactions the taint of each case went through."""
    counts: I64


@compiled
def nothing_found(labels: int, cases: int, logged: bool) -> Found:
    """The beginning of a trace."""
    return Found(
        np.empty((256, 5), np.int64),
        np.empty((256 if logged else 0, 5), np.int64),
        np.empty(256, np.int64),
        np.empty((256, 4), np.int64),
        np.zeros(labels, np.int64),
        np.zeros(cases, np.int64),
        np.zeros(6, np.int64),
    )


@compiled
def longer(rows: I64, count: int, more: int) -> I64:
    """The same rows with room for `more` behind the first `count`."""
    if count + more <= len(rows):
        return rows
    made = np.empty((max(count + more, 2 * len(rows)), rows.shape[1]), np.int64)
    made[:count] = rows[:count]
    return made


@compiled
def with_space(found: Found, rows: int) -> Found:
    """The same findings, with room for this many more of each kind."""
    counts, met = found.counts, found.met
    if counts[MET] == len(met):
        met = np.empty(2 * len(met), np.int64)
        met[: counts[MET]] = found.met
    return Found(
        longer(found.ends, counts[ENDS], rows),
        longer(found.log, counts[LOGGED], rows + 1) if len(found.log) else found.log,
        met,
        longer(found.fees, counts[FEE_ROWS], rows),
        found.seeded,
        found.passed,
        counts,
    )


@compiled
def end(found: Found, tx: int, txo: int, sats: int, tag: int, status: int) -> None:
    """Note where some taint is."""
    row = found.counts[ENDS]
    found.ends[row, 0] = tx
    found.ends[row, 1] = txo
    found.ends[row, 2] = sats
    found.ends[row, 3] = tag
    found.ends[row, 4] = status
    found.counts[ENDS] = row + 1


@compiled
def note(found: Found, tx: int, txo: int, start: int, sats: int, tag: int) -> None:
    """Note what a hop did, where hops are asked for."""
    if len(found.log) == 0:
        return
    row = found.counts[LOGGED]
    found.log[row, 0] = tx
    found.log[row, 1] = txo
    found.log[row, 2] = start
    found.log[row, 3] = sats
    found.log[row, 4] = tag
    found.counts[LOGGED] = row + 1


@compiled
def is_in(numbers: I64, wanted: int) -> bool:
    """Whether a number is among ascending ones."""
    at = np.searchsorted(numbers, wanted)
    return bool(at < len(numbers) and numbers[at] == wanted)

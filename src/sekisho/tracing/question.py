"""What is asked, and what is found, as compiled functions see it."""

from typing import NamedTuple

from sekisho.bitcoin.sats import MAX_MONEY
from sekisho.chain.columns import I64
from sekisho.compiled import inlined
from sekisho.tracing.case import Status

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
    log_hops: bool


SEED_TXO, SEED_TX, SEED_LABEL, SEED_SATS = range(4)
"""Columns of `Question.seeds`: an output, the transaction that made it, the label, and how much of it."""

ASKED_TX, IS_MIX = range(2)
"""Columns of `Question.mixes`: a transaction that could be a mix, and 1 where it is one."""

SCRIPT, ENTITY, SINCE, UNTIL = range(4)
"""Columns of `Question.stops`, as in `Stops`."""


class Question(NamedTuple):
    """All that is asked."""

    rules: Rules
    seeds: I64
    """(seeds, 4), ascending by output and label"""
    case_of: I64
    """The case of each label."""
    mixes: I64
    """(transactions, 2), ascending: what is known"""
    stops: I64
    """(rows, 4), ascending by script"""


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
    first_seed: int
    """Which rows of the seeds are outputs of it: from this one up to `end_seed`."""
    end_seed: int


NO_OUTPUT = -1
"""In place of an output: the fee, or what a miner did not claim."""
MADE_EARLIER = -1
"""In place of the transaction of an end: it is unspent, and the transaction that made the output is to be looked up."""

KIND, TX, TXO, STARTS, AMOUNT, WHOSE = range(6)
"""Columns of `Work.journal`; WHOSE is a tag."""
PASSED, MADE, MET = -1, -2, -3
"""Kinds that are no end (an end's kind is its status): taint went through a transaction; it made these rows; and the
transaction could be a mix and was not asked about."""

ENTRIES, FEE_ROWS, WAITING, FAULT, FAULT_TX, AT_TX, AT_BLOCK, DUE, NEED_ROWS, NEED_TARGETS, TALLIES = range(11)
"""In `Work.tally`: how many rows of the journal, of the fees and of the heap count; what went wrong, and where; where
the engine stands, and whether a coinbase is due that takes fees; for how much there was no room. Behind them, what the
seeds of each label added, and how many transactions each case went through."""
NO_FAULT, NOT_CONSERVED, IMPOSSIBLE = range(3)


class Found(NamedTuple):
    """What a trace has found."""

    journal: I64
    """(rows, 6)"""
    tally: I64


@inlined
def note(journal: I64, tally: I64, kind: int, tx: int, txo: int, start: int, sats: int, tag: int) -> None:
    """Write an entry into the journal, which has space for it."""
    write(journal, tally[ENTRIES], kind, tx, txo, start, sats, tag)
    tally[ENTRIES] += 1


@inlined
def write(rows: I64, row: int, kind: int, tx: int, txo: int, start: int, sats: int, tag: int) -> None:
    """Write one row as the journal has them."""
    rows[row, KIND] = kind
    rows[row, TX] = tx
    rows[row, TXO] = txo
    rows[row, STARTS] = start
    rows[row, AMOUNT] = sats
    rows[row, WHOSE] = tag


@inlined
def fail(tally: I64, fault: int, tx: int) -> None:
    """Note what went wrong: the engine stops there."""
    tally[FAULT] = fault
    tally[FAULT_TX] = tx


@inlined
def count_passed(tally: I64, laid: I64, count: int, case_of: I64) -> None:
    """Count a transaction for each case whose taint goes through it; rows are in order of cases."""
    last = -1
    for row in range(count):
        case = case_of[laid[row, 2] >> 1]
        if case != last:
            tally[TALLIES + len(case_of) + case] += 1
            last = case


@inlined
def first_at_least(rows: I64, column: int, wanted: int) -> int:
    """The first row whose number in a column is `wanted` or more; rows ascend by that column."""
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        if rows[middle, column] < wanted:
            low = middle + 1
        else:
            high = middle
    return low

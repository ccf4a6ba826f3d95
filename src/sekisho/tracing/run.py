"""The door of this room: ask where stolen coins went."""

from collections.abc import Callable, Sequence

import numpy as np

from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.chain.chain import Chain, ChainTransaction
from sekisho.chain.columns import I64
from sekisho.errors import SekishoError
from sekisho.tracing.backward import trace_back
from sekisho.tracing.case import FollowFees, Method, Mix, Parameters, Seed
from sekisho.tracing.frontier import follow
from sekisho.tracing.methods import desk
from sekisho.tracing.outcome import Asked, halving_of, trace_of
from sekisho.tracing.question import (
    ENTRIES,
    FAULT,
    FAULT_TX,
    FEES_FIRST,
    KIND,
    MET,
    NO_FEES,
    NOT_CONSERVED,
    SUBSIDY_FIRST,
    TX,
    Found,
    Question,
    Rules,
)
from sekisho.tracing.seeds import Case, ordered, parse_seed, seed_rows
from sekisho.tracing.services import Stops
from sekisho.tracing.slab import whole
from sekisho.tracing.sweep import sweep
from sekisho.tracing.trace import ListUsed, Trace

__all__ = ["Classify", "parse_seed", "trace", "trace_many"]

Classify = Callable[[ChainTransaction], str | None]
"""Says which kind of mix a transaction is; None for none."""

Engine = Callable[[Sequence[Question]], Sequence[Found]]
"""Answers questions, each on its own."""

_METHODS = {
    Method.POISON: desk.POISON,
    Method.HAIRCUT: desk.HAIRCUT,
    Method.TIHO: desk.TIHO,
    Method.FIFO: desk.FIFO,
    Method.LIFO: desk.LIFO,
    Method.LIFO_MIRROR: desk.LIFO_MIRROR,
}
_FEES = {None: NO_FEES, FollowFees.FEES_FIRST: FEES_FIRST, FollowFees.SUBSIDY_FIRST: SUBSIDY_FIRST}


class NoWayBack(SekishoError):
    """What was asked cannot be read backward."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} cannot be traced backward: it does not say where a satoshi came from")
        self.what = what


class SeedTooLate(SekishoError):
    """A stolen coin that was made after the last block that is looked at."""

    def __init__(self, outpoint: OutPoint, until: int) -> None:
        super().__init__(f"coin {outpoint} was made after height {until}, where the trace ends")
        self.outpoint, self.until = outpoint, until


class ImpossibleTransaction(SekishoError):
    """A transaction that pays more than it has, or holds more than there can be."""

    def __init__(self, txid: Txid) -> None:
        super().__init__(f"transaction {show_txid(txid)} moves amounts that cannot be")
        self.txid = txid


class TaintNotConserved(SekishoError):
    """Taint was lost or invented in a transaction: a fault of ours, so nothing is answered."""

    def __init__(self, txid: Txid) -> None:
        super().__init__(f"taint does not add up in transaction {show_txid(txid)}")
        self.txid = txid


def _stop_rows(stops: Stops | None) -> I64:
    return np.empty((0, len(Stops._fields)), np.int64) if stops is None else np.column_stack(stops)


def trace(
    chain: Chain,
    seeds: Sequence[Seed],
    parameters: Parameters,
    stops: Stops | None = None,
    lists: tuple[ListUsed, ...] = (),
    classify: Classify | None = None,
    *,
    hops: bool = False,
) -> Trace:
    """Follow one case. Looks only at transactions that taint reaches.

    `stops` are the services of `lists` in the numbers of this chain. Without `classify` no transaction is taken for a
    mix. Raises NoSeeds, SeedTooLate, NoWayBack, ImpossibleTransaction, TaintNotConserved.
    """
    case = ordered(seeds)
    question = _question(chain, [case], parameters, stops, ask_mixes=classify is not None, log_hops=hops)
    slab, engine = whole(chain.columns), trace_back if parameters.backward else follow
    (found,), mixes = _until_known(chain, [question], lambda asked: [engine(slab, each) for each in asked], classify)
    return trace_of(Asked(chain, parameters, lists, 1, mixes), case, 0, found, 0)


def trace_many(
    chain: Chain,
    cases: Sequence[Sequence[Seed]],
    parameters: Parameters,
    stops: Stops | None = None,
    lists: tuple[ListUsed, ...] = (),
    classify: Classify | None = None,
) -> tuple[Trace, ...]:
    """Follow many cases in one pass over the chain, each as if it were alone: as `trace` of each, without hops.

    Backward they are traced one by one. Raises as `trace`.
    """
    if parameters.backward:
        return tuple(trace(chain, seeds, parameters, stops, lists, classify) for seeds in cases)
    if not cases:
        return ()
    slab = whole(chain.columns)
    return trace_groups(
        chain, [cases], parameters, stops, lists, classify, lambda asked: [sweep((slab,), each) for each in asked]
    )


def trace_groups(
    chain: Chain,
    groups: Sequence[Sequence[Sequence[Seed]]],
    parameters: Parameters,
    stops: Stops | None,
    lists: tuple[ListUsed, ...],
    classify: Classify | None,
    engine: Engine,
) -> tuple[Trace, ...]:
    """Follow cases forward as `trace_many` does, each group of them as a question of its own to the engine."""
    known = [[ordered(seeds) for seeds in group] for group in groups]
    questions = [
        _question(chain, group, parameters, stops, ask_mixes=classify is not None, log_hops=False) for group in known
    ]
    answers, mixes = _until_known(chain, questions, engine, classify)
    traces = []
    for group, found in zip(known, answers, strict=True):
        asked, first_label = Asked(chain, parameters, lists, len(group), mixes), 0
        for number, case in enumerate(group):
            traces.append(trace_of(asked, case, first_label, found, number))
            first_label += len(case.labels)
    return tuple(traces)


def _question(
    chain: Chain, cases: Sequence[Case], parameters: Parameters, stops: Stops | None, *, ask_mixes: bool, log_hops: bool
) -> Question:
    """What is asked of an engine, before anything is known of mixes."""
    rows, case_of = seed_rows(chain, cases)
    rules = _rules(chain, parameters, ask_mixes=ask_mixes, log_hops=log_hops)
    for case in cases:
        _check_seeds(chain, case.seeds, parameters, rules)
    return Question(rules, rows, case_of, _mix_rows({}), _stop_rows(stops))


def _rules(chain: Chain, parameters: Parameters, *, ask_mixes: bool, log_hops: bool) -> Rules:
    columns = chain.columns
    end_tx = len(columns.txid)
    if parameters.until is not None:
        blocks = int(np.searchsorted(columns.block_height, parameters.until, side="right"))
        end_tx = int(columns.block_first_tx[blocks])
    if parameters.backward and parameters.method is Method.TIHO:
        raise NoWayBack("tiho")
    if parameters.backward and parameters.follow_fees is not None:
        raise NoWayBack("a fee inside a coinbase")
    return Rules(
        _METHODS[parameters.method],
        parameters.mix is Mix.STOP,
        ask_mixes,
        parameters.min_sats,
        end_tx,
        _FEES[parameters.follow_fees],
        halving_of(chain.network),
        log_hops,
    )


def _check_seeds(chain: Chain, seeds: Sequence[Seed], parameters: Parameters, rules: Rules) -> None:
    for seed in seeds:
        if parameters.until is not None and chain.creator(seed.txo) >= rules.end_tx:
            raise SeedTooLate(seed.outpoint, parameters.until)


def _until_known(
    chain: Chain, questions: Sequence[Question], engine: Engine, classify: Classify | None
) -> tuple[tuple[Found, ...], dict[int, str | None]]:
    """Ask the engine until it meets no transaction that could be a mix and was not asked about.

    Its last answer to each question is as if all had been known beforehand.
    """
    kinds: dict[int, str | None] = {}
    answers: dict[int, Found] = {}
    waiting = list(range(len(questions)))
    while waiting:
        known = _mix_rows(kinds)
        found = engine([questions[number]._replace(mixes=known) for number in waiting])
        answers.update(zip(waiting, found, strict=True))
        met = {number: _met(chain, answers[number]) for number in waiting}
        if classify is None:
            break
        kinds |= {tx: classify(chain.transaction(tx)) for tx in set().union(*met.values())}
        waiting = [number for number in waiting if met[number]]
    return tuple(answers[number] for number in range(len(questions))), kinds


def _met(chain: Chain, found: Found) -> set[int]:
    """The transactions that could be mixes and were not asked about."""
    _raise_fault(chain, found)
    journal = found.journal[: found.tally[ENTRIES]]
    return set(journal[journal[:, KIND] == MET, TX].tolist())


def _mix_rows(kinds: dict[int, str | None]) -> I64:
    return np.array(sorted((tx, kind is not None) for tx, kind in kinds.items()), np.int64).reshape(-1, 2)


def _raise_fault(chain: Chain, found: Found) -> None:
    fault = int(found.tally[FAULT])
    if fault:
        txid = chain.txid(int(found.tally[FAULT_TX]))
        raise TaintNotConserved(txid) if fault == NOT_CONSERVED else ImpossibleTransaction(txid)

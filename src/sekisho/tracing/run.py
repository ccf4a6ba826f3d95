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
from sekisho.tracing.seeds import ordered, parse_seed, seed_rows
from sekisho.tracing.services import Stops
from sekisho.tracing.slab import whole
from sekisho.tracing.sweep import sweep
from sekisho.tracing.trace import ListUsed, Trace

__all__ = ["Classify", "parse_seed", "trace", "trace_many"]

Classify = Callable[[ChainTransaction], str | None]
"""Says which kind of mix a transaction is; None for none."""

Engine = Callable[[I64], Found]
"""Traces, with what is known of transactions that could be mixes."""

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
    rows, case_of = seed_rows(chain, [case])
    rules = _rules(chain, parameters, ask_mixes=classify is not None, log_hops=hops)
    _check_seeds(chain, case.seeds, parameters, rules)
    slab, listed = whole(chain.columns), _stop_rows(stops)
    engine = trace_back if parameters.backward else follow
    found, mixes = _until_known(
        chain, lambda known: engine(slab, Question(rules, rows, case_of, known, listed)), classify
    )
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
    known = [ordered(seeds) for seeds in cases]
    rows, case_of = seed_rows(chain, known)
    rules = _rules(chain, parameters, ask_mixes=classify is not None, log_hops=False)
    for case in known:
        _check_seeds(chain, case.seeds, parameters, rules)
    slab, listed = whole(chain.columns), _stop_rows(stops)
    found, mixes = _until_known(
        chain, lambda known: sweep((slab,), Question(rules, rows, case_of, known, listed)), classify
    )
    asked, traces, first_label = Asked(chain, parameters, lists, len(cases), mixes), [], 0
    for number, case in enumerate(known):
        traces.append(trace_of(asked, case, first_label, found, number))
        first_label += len(case.labels)
    return tuple(traces)


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


def _until_known(chain: Chain, engine: Engine, classify: Classify | None) -> tuple[Found, dict[int, str | None]]:
    """Run the engine until it meets no transaction that could be a mix and was not asked about.

    The last run is as if all had been known beforehand.
    """
    kinds: dict[int, str | None] = {}
    while True:
        known = np.array(sorted((tx, kind is not None) for tx, kind in kinds.items()), np.int64).reshape(-1, 2)
        found = engine(known)
        _raise_fault(chain, found)
        journal = found.journal[: found.tally[ENTRIES]]
        met = set(journal[journal[:, KIND] == MET, TX].tolist())
        if classify is None or not met:
            return found, kinds
        kinds |= {tx: classify(chain.transaction(tx)) for tx in met}


def _raise_fault(chain: Chain, found: Found) -> None:
    fault = int(found.tally[FAULT])
    if fault:
        txid = chain.txid(int(found.tally[FAULT_TX]))
        raise TaintNotConserved(txid) if fault == NOT_CONSERVED else ImpossibleTransaction(txid)

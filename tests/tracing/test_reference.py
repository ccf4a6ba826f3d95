"""Both engines against a slow and obvious reference, over random chains."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.chain.chain import Chain, ChainTransaction
from sekisho.tracing.case import End, Method, Parameters, Seed, Status
from sekisho.tracing.frontier import follow
from sekisho.tracing.patterns.shape import could_be_mix
from sekisho.tracing.question import ENTRIES, KIND, UNSPENT_END, Found, Question
from sekisho.tracing.run import trace, trace_groups, trace_many
from sekisho.tracing.seeds import ordered
from sekisho.tracing.services import Stops
from sekisho.tracing.slab import whole
from sekisho.tracing.sweep import sweep
from support.case_chains import cases, chains, earlier, lists, parameters
from support.naive_trace import Listed, Walk

Told = tuple[bytes, str, int, Status, bool, str]
Rows = list[list[int]]


def told(ends: Iterable[End]) -> list[Told]:
    """Ends as facts that compare."""
    return sorted((e.txid, str(e.outpoint), e.sats, e.status, e.convention_only, e.label) for e in ends)


def walked(walk: Walk) -> list[Told]:
    """The ends of a reference, in the same facts."""
    chain, made = walk.chain, list[Told]()
    for ((tx, txo), (label, convention), status), sats in walk.ends.items():
        outpoint = None if txo is None else chain.outpoint(txo)
        outside = outpoint is not None and tx == chain.creator(txo or 0) and chain.txid(tx) == bytes(32)
        txid = outpoint.txid if outside and outpoint else chain.txid(tx)
        made.append((txid, str(outpoint), sats, status, convention, label))
    return sorted(made)


def stops_of(listed: tuple[Listed, ...]) -> Stops:
    """A stop list in columns."""
    columns = [[row.script, row.entity, row.since, row.until] for row in listed]
    return Stops(*np.array(columns, np.int64).reshape(-1, 4).T)


def walk(
    chain: Chain,
    seeds: tuple[Seed, ...],
    asked: Parameters,
    listed: tuple[Listed, ...] = (),
    is_mix: Callable[[int], bool] = lambda _: False,
) -> Walk:
    case = ordered(seeds)
    return Walk(chain, case.labels, case.seeds, asked, listed, is_mix).run()


@pytest.mark.parametrize("method", Method)
@given(data=st.data())
def test_both_engines_say_what_the_reference_says(method: Method, data: st.DataObject) -> None:
    chain = data.draw(chains())
    seeds, listed = data.draw(cases(chain)), data.draw(lists(chain))
    asked = earlier(seeds, chain, data.draw(parameters(method)))
    expected = walk(chain, seeds, asked, listed)
    alone = trace(chain, seeds, asked, stops_of(listed), hops=True)
    (swept,) = trace_many(chain, [seeds], asked, stops_of(listed))
    assert told(alone.ends) == walked(expected)
    assert alone.transactions == len(expected.passed) == len(alone.hops)
    assert alone.seeded == sum(expected.seeded.values())
    assert alone.conserved is (None if method is Method.POISON else True)
    assert swept.ends == alone.ends
    assert (swept.seeded, swept.transactions, swept.conserved) == (alone.seeded, alone.transactions, alone.conserved)


@pytest.mark.parametrize("method", Method)
@settings(max_examples=60)
@given(data=st.data())
def test_cases_in_one_sweep_know_nothing_of_each_other(method: Method, data: st.DataObject) -> None:
    chain = data.draw(chains())
    many = data.draw(st.lists(cases(chain), min_size=2, max_size=4))
    listed = data.draw(lists(chain))
    asked = earlier([seed for seeds in many for seed in seeds], chain, data.draw(parameters(method)))
    together = trace_many(chain, many, asked, stops_of(listed))
    assert together == tuple(trace(chain, seeds, asked, stops_of(listed)) for seeds in many)


@pytest.mark.parametrize("method", Method)
@settings(max_examples=20)
@given(data=st.data())
def test_a_sweep_that_is_to_tell_hops_notes_what_the_frontier_notes(method: Method, data: st.DataObject) -> None:
    chain = data.draw(chains())
    seeds, slab = data.draw(cases(chain)), whole(chain.columns)
    noted = list[Rows]()

    def engine(asked: Sequence[Question]) -> list[Found]:
        (question,) = (each._replace(rules=each.rules._replace(log_hops=True)) for each in asked)
        found = [sweep([slab], question), follow(slab, question)]
        noted.extend(sorted(each.journal[: each.tally[ENTRIES]].tolist()) for each in found)
        return found[:1]

    trace_groups(chain, [[seeds]], Parameters(method), None, (), None, engine)
    swept, followed = ([row for row in rows if row[KIND] != UNSPENT_END] for rows in noted)  # told in other words
    assert swept == followed


@pytest.mark.parametrize("method", Method)
@settings(max_examples=50)
@given(data=st.data())
def test_mixes_are_marked_or_end_the_trail_as_the_reference_says(method: Method, data: st.DataObject) -> None:
    chain = data.draw(chains(unit=1_000, most=8))
    seeds = data.draw(cases(chain))
    asked = earlier(seeds, chain, data.draw(parameters(method)))
    salt = data.draw(st.integers(0, 1))

    def classify(transaction: ChainTransaction) -> str | None:
        return "mix" if could_be_mix(transaction) and transaction.txid[0] % 2 != salt else None

    alone = trace(chain, seeds, asked, classify=classify)
    expected = walk(chain, seeds, asked, is_mix=lambda tx: classify(chain.transaction(tx)) is not None)
    assert told(alone.ends) == walked(expected)
    assert trace_many(chain, [seeds], asked, classify=classify) == (alone,)


@pytest.mark.parametrize("method", [Method.POISON, Method.HAIRCUT, Method.TIHO])
@given(data=st.data())
def test_amounts_near_all_the_money_there_is_lose_nothing(method: Method, data: st.DataObject) -> None:
    chain = data.draw(chains(unit=data.draw(st.integers(10**13, 29 * 10**12)), most=14))
    seeds = data.draw(cases(chain))
    asked = Parameters(method)
    alone = trace(chain, seeds, asked)
    assert told(alone.ends) == walked(walk(chain, seeds, asked))
    assert trace_many(chain, [seeds], asked) == (alone,)

"""A store's Parquet files, read piece by piece, are the chain; and a sweep over the pieces is a sweep over it."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings

from sekisho.tracing import partitions as reading
from sekisho.tracing.case import Method, Mix, Parameters, Status
from sekisho.tracing.partitions import DamagedParquet, StaleParquet, partitions, slabs
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.question import Found, Question
from sekisho.tracing.run import parse_seed, trace, trace_groups, trace_many
from sekisho.tracing.slab import whole
from sekisho.tracing.sweep import sweep
from support.cases import small_case
from support.chains import out
from support.drawn import Drawn, chains, known
from support.questions import VARIANTS, even, random_cases, random_stops
from support.random_chains import random_blocks
from support.stored import store_of


@given(chains())
@settings(max_examples=25)
def test_the_pieces_put_together_are_the_columns(drawn: Drawn):
    with tempfile.TemporaryDirectory() as folder, patch.object(reading, "_LEAST", 3):
        store = Path(folder)
        chain = store_of(store, drawn.known)
        pieces = list(slabs(store, partitions(store, chain)))
        wanted, columns = whole(chain.columns), chain.columns
        assert np.array_equal(
            np.concatenate([*(each.blocks[:-1] for each in pieces), wanted.blocks[-1:]]), wanted.blocks
        )
        for name in ("tx_flags", "out_sats", "out_script", "in_prev"):
            assert np.array_equal(np.concatenate([getattr(each, name) for each in pieces]), getattr(wanted, name)), name
        dead = np.concatenate([each.out_spender for each in pieces]) == reading.UNSPENDABLE
        assert np.array_equal(dead, columns.out_spender == reading.UNSPENDABLE)
        assert np.array_equal(np.concatenate([each.in_sats for each in pieces]), columns.out_sats[columns.in_prev])
        assert np.array_equal(np.concatenate([each.in_script for each in pieces]), columns.out_script[columns.in_prev])
        begun = 0
        for each in pieces:
            here = slice(each.first_tx, int(each.blocks[-1, 0]) + 1)
            assert np.array_equal(each.tx_first_out, columns.tx_first_out[here])
            assert np.array_equal(each.tx_first_in + begun, columns.tx_first_in[here])
            assert each.first_out == each.tx_first_out[0]
            begun += len(each.in_prev)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("method", Method)
def test_a_sweep_over_the_pieces_is_a_sweep_over_the_chain(tmp_path: Path, method: Method, variant: str):
    random = Random(variant)
    for number in range(3):
        store = tmp_path / str(number)
        chain = store_of(store, known(random_blocks(random, 12)))
        stops, cases = random_stops(random, chain), random_cases(random, chain, 4, 5)
        parameters = replace(VARIANTS[variant], method=method)
        with patch.object(reading, "_LEAST", 4):
            parts = partitions(store, chain)
            found = trace_groups(
                chain,
                [cases[:2], cases[2:]],
                parameters,
                stops,
                (),
                even,
                lambda asked, store=store, parts=parts: [sweep(slabs(store, parts), each) for each in asked],
            )
        assert found == trace_many(chain, cases, parameters, stops, (), even)


@pytest.mark.parametrize("mix", Mix)
@pytest.mark.parametrize("method", Method)
def test_every_group_is_asked_again_when_it_meets_a_mix(tmp_path: Path, method: Method, mix: Mix):
    case = small_case()
    chain, parameters = store_of(tmp_path, known(case.blocks)), Parameters(method, mix=mix)
    (theft,), (clean,) = case.blocks[:2]
    cases = [parse_seed(str(each), chain) for each in (out(theft), out(clean), out(clean, 5))]
    parts, passes = partitions(tmp_path, chain), []

    def engine(asked: Sequence[Question]) -> list[Found]:
        passes.append(len(asked))
        return [sweep(slabs(tmp_path, parts), each) for each in asked]

    found = trace_groups(chain, [[each] for each in cases], parameters, None, (), classify, engine)
    assert found == tuple(trace(chain, each, parameters, classify=classify) for each in cases)
    assert [any(end.convention_only or end.status is Status.COINJOIN for end in each.ends) for each in found] == [
        True,
        True,
        False,
    ]
    assert passes == [3, 2]


def test_files_of_another_chain_are_not_read(tmp_path: Path):
    random = Random(1)
    chain = store_of(tmp_path / "mine", known(random_blocks(random)))
    store_of(tmp_path / "other", known(random_blocks(random)))
    shutil.rmtree(tmp_path / "mine" / "parquet")
    with pytest.raises(StaleParquet):
        partitions(tmp_path / "mine", chain)
    shutil.copytree(tmp_path / "other" / "parquet", tmp_path / "mine" / "parquet")
    with pytest.raises(StaleParquet):
        partitions(tmp_path / "mine", chain)


def test_other_loose_transactions_are_another_chain(tmp_path: Path):
    blocks = random_blocks(Random(4))
    first, *loose = blocks[-1]
    mine, other = (
        store_of(tmp_path / name, Drawn((*map(tuple, blocks[:-1]), (first,)), tuple(kept), {}, 1).known)
        for name, kept in (("mine", loose), ("other", loose[:-1]))
    )
    assert partitions(tmp_path / "mine", mine)[-1].name == "loose"
    with pytest.raises(StaleParquet):
        partitions(tmp_path / "other", mine)
    with pytest.raises(StaleParquet):
        partitions(tmp_path / "mine", other)


@pytest.mark.parametrize("table", ["block", "tx", "out", "in"])
@pytest.mark.parametrize("size", [0, 40, -60])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, table: str, size: int):
    chain = store_of(tmp_path, known(random_blocks(Random(2))))
    parts = partitions(tmp_path, chain)
    path = tmp_path / "parquet" / table / "0000000000.parquet"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedParquet, match=f"cannot read .*{table}/0000000000.parquet: "):
        list(slabs(tmp_path, parts))


def test_a_file_with_too_few_rows_is_damaged(tmp_path: Path):
    chain = store_of(tmp_path / "mine", known(random_blocks(Random(4))))
    store_of(tmp_path / "less", known(random_blocks(Random(4))[:1]))
    shutil.copy(tmp_path / "less/parquet/out/0000000000.parquet", tmp_path / "mine/parquet/out/0000000000.parquet")
    with pytest.raises(DamagedParquet, match="fewer rows"):
        list(slabs(tmp_path / "mine", partitions(tmp_path / "mine", chain)))

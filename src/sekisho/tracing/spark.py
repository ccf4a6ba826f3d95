"""The same traces on Apache Spark, for when one machine is outgrown (docs/spark.md).

The store's Parquet files and the cases are spread over the cluster, a sweep is not: taint goes from block to block.
Each task takes a group of cases through the whole chain, with the same compiled engine, and hands back what it found in
numbers; the driver, which has the store open, looks up their names, and asks again where a task met possible mixes.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sekisho.chain.columns import I64
from sekisho.chain.store import open_store
from sekisho.errors import SekishoError
from sekisho.tracing.case import Parameters, Seed
from sekisho.tracing.partitions import Partition, partitions, slabs
from sekisho.tracing.question import AMOUNT, ENTRIES, KIND, SEED_TX, Found, Question
from sekisho.tracing.run import Classify, trace_groups, trace_many
from sekisho.tracing.services import Stops
from sekisho.tracing.sweep import sweep
from sekisho.tracing.trace import ListUsed, Trace

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyspark.sql import SparkSession

_COLUMNS = ("question", "row", "kind", "tx", "txo", "start", "sats", "tag")
"""Of what a task hands back: `Found.journal`; and behind it `Found.tally`, in `sats`, with _TALLY as its kind."""

_SCHEMA = ", ".join(f"{name} long" for name in _COLUMNS)
_TALLY = -9
_BATCH = 1 << 16


class NoSpark(SekishoError):
    """Spark is not installed."""

    def __init__(self) -> None:
        super().__init__("Spark is not installed: `make spark` or `pip install sekisho[spark]`, and Java 17")


class SparkFailed(SekishoError):
    """Spark did not start, or did not finish: no Java, no such cluster, a task that died."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Spark failed: {why}")
        self.why = why


def trace_on_spark(
    store: Path,
    cases: Sequence[Sequence[Seed]],
    parameters: Parameters,
    stops: Stops | None = None,
    lists: tuple[ListUsed, ...] = (),
    classify: Classify | None = None,
    *,
    master: str,
) -> tuple[Trace, ...]:
    """Follow many cases as `trace_many` does, on the cluster at `master` (`local[2]`: two tasks on this machine).

    Every machine of the cluster finds the store at the same path. A session that this process has already is used,
    whatever its master. Backward, where a trace needs no pass over the chain, this machine does it alone.
    Raises as `trace_many` and `open_store`; StaleParquet, DamagedParquet, NoSpark, SparkFailed.
    """
    chain = open_store(store)
    if parameters.backward:
        return trace_many(chain, cases, parameters, stops, lists, classify)
    if not cases:
        return ()
    parts = partitions(store, chain)
    with _errors_as_ours():
        session = _session(master)
        groups = _groups(cases, session.sparkContext.defaultParallelism)
    engine = partial(_answers, session, store.absolute(), parts)
    return trace_groups(chain, groups, parameters, stops, lists, classify, engine)


@contextmanager
def _errors_as_ours() -> Iterator[None]:
    """Spark's errors, and that it is not there, as ours."""
    try:
        from pyspark.core.context import Py4JError  # noqa: PLC0415 (an extra)
        from pyspark.errors import PySparkException  # noqa: PLC0415
    except ImportError as why:
        raise NoSpark from why
    try:
        yield
    except (PySparkException, Py4JError) as why:
        raise SparkFailed(_line(why)) from why


def _session(master: str) -> "SparkSession":
    """The session of this process."""
    from pyspark.sql import SparkSession  # noqa: PLC0415

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    options = {
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
    }
    if master.startswith("local"):  # nobody else has business with it
        options |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return SparkSession.builder.appName("sekisho").master(master).config(map=options).getOrCreate()


def _groups(cases: Sequence[Sequence[Seed]], most: int) -> list[Sequence[Sequence[Seed]]]:
    """Cut the cases into at most so many groups, in order and as even as can be."""
    count = min(len(cases), most)
    edges = [len(cases) * number // count for number in range(count + 1)]
    return [cases[begin:end] for begin, end in pairwise(edges)]


def _answers(
    session: "SparkSession", store: Path, parts: tuple[Partition, ...], asked: Sequence[Question]
) -> list[Found]:
    """Answer each question in a task of its own."""
    work = partial(_answer_some, store, parts, tuple(asked))
    with _errors_as_ours():
        rows = session.range(0, len(asked), 1, len(asked)).mapInPandas(work, _SCHEMA).toArrow()
    return _founds(rows, len(asked))


def _answer_some(
    store: Path, parts: tuple[Partition, ...], asked: tuple[Question, ...], numbers: Iterator["pd.DataFrame"]
) -> Iterator["pd.DataFrame"]:
    """What a task does: sweep for each question whose number it is given."""
    import pandas as pd  # noqa: PLC0415

    for frame in numbers:
        for number in frame["id"]:
            question = asked[number]
            first, end = int(question.seeds[0, SEED_TX]), question.rules.end_tx
            on_the_way = [each for each in parts if each.end_tx > first and each.first_tx < end]
            rows = _rows(number, sweep(slabs(store, on_the_way), question))
            for start in range(0, len(rows), _BATCH):
                yield pd.DataFrame(rows[start : start + _BATCH], columns=list(_COLUMNS))


def _rows(number: int, found: Found) -> I64:
    """What was found, in rows of `_COLUMNS`."""
    entries = int(found.tally[ENTRIES])
    rows = np.zeros((entries + len(found.tally), len(_COLUMNS)), np.int64)
    rows[:, 0], rows[:, 1] = number, np.arange(len(rows))
    rows[:entries, 2:] = found.journal[:entries]
    rows[entries:, 2 + KIND], rows[entries:, 2 + AMOUNT] = _TALLY, found.tally
    return rows


def _founds(table: "pa.Table", count: int) -> list[Found]:
    """What was found for each question, from the rows of all tasks, in whatever order they came."""
    rows = np.column_stack([table[name].to_numpy() for name in _COLUMNS]).astype(np.int64)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    edges = np.searchsorted(rows[:, 0], np.arange(count + 1))
    return [_found(rows[begin:end, 2:]) for begin, end in pairwise(edges)]


def _found(rows: I64) -> Found:
    entries = int((rows[:, KIND] != _TALLY).sum())
    return Found(rows[:entries], rows[entries:, AMOUNT])


def _line(why: Exception) -> str:
    """The last line of what went wrong: of a task's error, the error itself."""
    lines = [line.strip() for line in str(why).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(why).__name__

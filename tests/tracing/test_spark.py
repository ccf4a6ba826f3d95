"""On Spark, every trace is that of the embedded engine. One session serves all tests: `local[2]`."""

import importlib.util
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import typer
from typer.testing import CliRunner

from sekisho.bitcoin.network import Network
from sekisho.chain.importer import import_files
from sekisho.chain.store import open_store
from sekisho.cli.trace_run import run
from sekisho.replay.simulation.services import known_services, services_file
from sekisho.replay.simulation.settings import Settings
from sekisho.replay.simulation.simulate import simulate
from sekisho.tracing.bench import bench_of
from sekisho.tracing.case import Method, Mix, Parameters, Status
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.run import trace_many
from sekisho.tracing.spark import NoSpark, SparkFailed, trace_on_spark
from sekisho.tracing.stop_lists import parse_stop_list
from support.drawn import known
from support.questions import VARIANTS, even, random_cases, random_stops
from support.random_chains import random_blocks
from support.stored import SPAN, store_of

MASTER = "local[2]"

pytestmark = pytest.mark.xdist_group("spark")
needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="needs Spark and Java 17: make spark",
)


@needs_spark
@pytest.mark.parametrize("method", Method)
def test_traces_of_random_chains_are_those_of_the_embedded_engine(tmp_path: Path, method: Method):
    random = Random(method)
    chain = store_of(tmp_path, known(random_blocks(random, 12)))
    stops = random_stops(random, chain)
    for variant in VARIANTS.values():
        cases = random_cases(random, chain, 4, 5)
        parameters = replace(variant, method=method)
        found = trace_on_spark(tmp_path, cases, parameters, stops, (), even, master=MASTER)
        assert found == trace_many(chain, cases, parameters, stops, (), even)
    assert any(each.ends for each in found)


class Simulated:
    """A simulated chain with two thefts, in a store."""

    def __init__(self, folder: Path) -> None:
        truth = simulate(folder, Settings(seed=3, blocks=210, megabytes=1, thefts=2))
        self.store = folder / "store"
        import_files(self.store, Network.REGTEST, blocks=[folder / "blocks"])
        services = services_file(known_services(truth), Network.REGTEST, "simulated")
        listed = parse_stop_list("services.csv", services, Network.REGTEST).stop_list
        self.bench = bench_of(open_store(self.store), (listed,))
        self.cases = [
            [seed for each in theft.seeds for seed in self.bench.seeds(f"{theft.label}@{each.outpoint}")]
            for theft in truth.thefts
        ]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return Simulated(tmp_path_factory.mktemp("simulated"))


@needs_spark
@pytest.mark.parametrize("mix", Mix)
@pytest.mark.parametrize("method", Method)
def test_traces_of_a_simulated_chain_are_those_of_the_embedded_engine(simulated: Simulated, method: Method, mix: Mix):
    bench, parameters = simulated.bench, Parameters(method, mix=mix)
    found = trace_on_spark(
        simulated.store, simulated.cases, parameters, bench.stops, bench.used, classify, master=MASTER
    )
    assert found == trace_many(bench.chain, simulated.cases, parameters, bench.stops, bench.used, classify)
    assert found == tuple(bench.trace(seeds, parameters, hops=False) for seeds in simulated.cases)
    met = Status.COINJOIN if mix is Mix.STOP else Status.SERVICE
    assert any(end.status is met for each in found for end in each.ends)


@needs_spark
def test_backward_and_without_cases_it_is_the_same(tmp_path: Path):
    random = Random(5)
    chain = store_of(tmp_path, known(random_blocks(random, 12)))
    cases, parameters = random_cases(random, chain, 9, 2), Parameters(Method.FIFO, backward=True)
    assert trace_on_spark(tmp_path, cases, parameters, master=MASTER) == trace_many(chain, cases, parameters)
    assert trace_on_spark(tmp_path, [], Parameters(Method.FIFO), master=MASTER) == ()


@needs_spark
def test_what_a_task_cannot_read_is_one_line(tmp_path: Path):
    random = Random(6)
    chain = store_of(tmp_path, known(random_blocks(random, 12)))
    (tmp_path / "parquet" / "out" / "0000000000.parquet").write_bytes(b"PAR1")
    with pytest.raises(SparkFailed, match=r"cannot read .*out/0000000000\.parquet") as caught:
        trace_on_spark(tmp_path, random_cases(random, chain, SPAN - 1, 2), Parameters(Method.FIFO), master=MASTER)
    assert "\n" not in str(caught.value)


@needs_spark
def test_the_command_writes_the_same_json(simulated: Simulated):
    app = typer.Typer()
    app.command()(run)
    asked = ["--store", str(simulated.store), "--method", "fifo", "--format", "json"]
    asked += [part for seed in simulated.cases[0] for part in ("--seed", str(seed.outpoint))]
    embedded, spark = (
        CliRunner().invoke(app, [*asked, *more]) for more in ([], ["--engine", "spark", "--master", MASTER])
    )
    assert (embedded.exit_code, spark.exit_code) == (0, 0)
    assert spark.stdout == embedded.stdout


@pytest.mark.parametrize("more", [["--store", "S", "--format", "html"], ["--esplora", "http://localhost"]])
def test_what_spark_cannot_tell_is_refused_at_once(more: list[str]):
    app = typer.Typer()
    app.command()(run)
    said = CliRunner().invoke(app, ["--engine", "spark", "--seed", "00" * 32, *more])
    assert said.exit_code == 2
    assert "Spark traces a --store" in said.output


def test_without_spark_one_line_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    random = Random(7)
    chain = store_of(tmp_path, known(random_blocks(random, 12)))
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    monkeypatch.setitem(sys.modules, "pyspark.core.context", None)
    with pytest.raises(NoSpark, match=r"make spark.*sekisho\[spark\]"):
        trace_on_spark(tmp_path, random_cases(random, chain, 9, 2), Parameters(Method.FIFO), master=MASTER)

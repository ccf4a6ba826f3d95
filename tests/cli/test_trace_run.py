"""`trace run` and `trace verify`: a store in, a report out, and whether it is true."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.transaction import Transaction
from sekisho.chain.assemble import parsed_of, told_of
from sekisho.chain.builder import Place
from sekisho.chain.store import Store
from sekisho.tracing.case import Method
from sekisho.tracing.report.document import parse_report
from sekisho.tracing.report.told import tell
from support.cases import EXCHANGE, small_case
from support.chains import FIRST_TIME, SPACING, out, pay
from support.command import Said, sekisho

CASE = small_case(synthetic=True)
SEED = str(CASE.seeds[0][1])


def trace(*arguments: str | Path) -> Said:
    return sekisho("trace", *arguments)


def put(path: Path, blocks: tuple[tuple[Transaction, ...], ...], first: int = 1) -> None:
    with Store(path, Network.REGTEST) as store:
        for height, block in enumerate(blocks, first):
            raw, parsed = parsed_of(block, bytes([height]) * 32, FIRST_TIME + SPACING * height)
            store.add(Place(height, whole=False), raw, parsed, told_of(block, {}))
        store.commit()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case") / "store"
    put(path, CASE.blocks)
    return path


@pytest.fixture(scope="module")
def stop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lists") / "exchanges.json"
    address = show_address(EXCHANGE, Network.REGTEST)
    service = {"name": "Example Exchange", "category": "exchange", "address": address, "source": "a test"}
    path.write_text(json.dumps({"services": [service]}))
    return path


@pytest.fixture(scope="module")
def reports(store: Path, stop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    folder = tmp_path_factory.mktemp("reports")
    made = {}
    for form in ("json", "html"):
        made[form] = folder / f"report.{form}"
        said = trace("run", "--store", store, "--seed", SEED, "--stop", stop, "--format", form, "--out", made[form])
        assert said.status == 0, said.err
    return made


def test_all_methods_come_as_json(reports: dict[str, Path]):
    traces = parse_report(reports["json"].read_bytes())
    assert [each.parameters.method for each in traces] == list(Method)
    fifo = traces[2]
    assert set(fifo.ends) == set(tell(CASE.trace(Method.FIFO)).ends)  # the mix is found by its shape
    assert {str(status): amount for status, amount in fifo.totals if amount} == {
        "unspent": 699_999_000,
        "service": 300_000_000,
        "fees": 1000,
    }
    assert fifo.lists[0].name == "exchanges.json"


@pytest.mark.parametrize("form", ["json", "html"])
def test_an_honest_report_is_the_same(reports: dict[str, Path], store: Path, stop: Path, form: str):
    said = trace("verify", reports[form], "--store", store, "--stop", stop)
    assert (said.status, said.out[:9]) == (0, "the same:")


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_report_stays_true_when_the_chain_has_grown(reports: dict[str, Path], tmp_path: Path, stop: Path, form: str):
    spent = pay([out(CASE.blocks[4][1])], (10_000, 7))  # what was unspent moves on
    put(tmp_path / "grown", (*CASE.blocks, (spent,)))
    assert trace("verify", reports[form], "--store", tmp_path / "grown", "--stop", stop).status == 0


def test_a_report_that_was_changed_differs_in_one_line(
    reports: dict[str, Path], store: Path, stop: Path, tmp_path: Path
):
    changed = tmp_path / "changed.json"
    changed.write_text(reports["json"].read_text().replace('"sats": "300000000"', '"sats": "299999999"', 1))
    said = trace("verify", changed, "--store", store, "--stop", stop)
    assert said.status == 1
    assert said.out.startswith("differs: ")
    assert said.out.count("\n") == 1


def test_without_its_stop_list_nobody_can_say(reports: dict[str, Path], store: Path):
    said = trace("verify", reports["json"], "--store", store)
    assert said.no_answer
    assert "cannot be judged here: give its stop list" in said.err


def test_without_a_format_a_screenful_is_told(store: Path, stop: Path):
    said = trace("run", "--store", store, "--seed", SEED, "--stop", stop)
    assert said.status == 0
    assert "10 BTC in 1 output, regtest up to block 5" in said.out
    assert "Paid to services" in said.out
    assert "largest ends by fifo" in said.out


def test_csv_and_graphml_go_to_standard_output(store: Path):
    one = ("run", "--store", store, "--seed", f"heist@{SEED}=1000", "--method", "lifo", "--format")
    rows = list(csv.DictReader(io.StringIO(trace(*one, "csv").out, newline="")))
    assert {row["label"] for row in rows} == {"heist"}
    assert sum(int(row["sats"]) for row in rows) == 1000
    assert Xml.fromstring(trace(*one, "graphml").out).tag.endswith("graphml")


def test_the_page_says_that_the_trail_is_made_up(reports: dict[str, Path]):
    assert b"Synthetic, not the real trail" in reports["html"].read_bytes()


def test_backward_every_method_but_tiho_answers(store: Path):
    coin = str(out(CASE.blocks[4][0], 1))
    said = trace("run", "--store", store, "--seed", coin, "--backward", "--format", "json")
    assert said.status == 0
    traces = parse_report(said.out.encode())
    assert [each.parameters.method for each in traces] == [each for each in Method if each is not Method.TIHO]


def test_an_unknown_input_ends_with_status_1(tmp_path: Path):
    (theft,), *_ = CASE.blocks
    stranger = out(pay([out(theft)], (5, 5)))
    put(tmp_path / "partial", ((theft,), (pay([out(theft), stranger], (1000, 9)),)))
    said = trace("run", "--store", tmp_path / "partial", "--seed", SEED, "--method", "fifo", "--format", "json")
    assert said.status == 1
    assert json.loads(said.out)["totals"]["unknown"] == str(10**9)


def test_one_source_must_be_named_and_graphml_takes_one_method(store: Path):
    assert trace("run", "--seed", SEED).no_answer
    assert trace("run", "--seed", SEED, "--store", store, "--esplora", "http://127.0.0.1:1").no_answer
    assert trace("run", "--seed", SEED, "--store", store, "--format", "graphml").no_answer
    late = trace("run", "--seed", str(out(CASE.blocks[4][0])), "--store", store, "--until", "3", "--method", "fifo")
    assert late.no_answer
    assert "was made after height 3" in late.err

"""`sekisho trace demo`: the theft is followed to the satoshi, and what it went through is found."""

import json
from pathlib import Path

import pytest

from support.command import Said, sekisho


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Said, Path]:
    """One run of the demo, and its folder."""
    folder = tmp_path_factory.mktemp("demo")
    return sekisho("trace", "demo", "--json", folder / "demo.json", "--out", folder / "trail"), folder


def test_every_satoshi_is_accounted_for_by_every_method(told: tuple[Said, Path]) -> None:
    said, folder = told
    assert (said.status, said.err) == (0, "")
    document = json.loads((folder / "demo.json").read_text())
    stolen = int(document["theft"]["sats"])
    assert [each["method"] for each in document["traces"]] == [
        *("poison", "haircut", "fifo", "lifo", "lifo-mirror", "tiho"),
    ]
    for each in document["traces"]:
        held = sum(map(int, each["totals"].values()))
        assert held > stolen if each["method"] == "poison" else held == stolen
        assert each["conserved"] is (None if each["method"] == "poison" else True)


def test_mixes_and_the_peel_chain_are_found(told: tuple[Said, Path]) -> None:
    document = json.loads((told[1] / "demo.json").read_text())
    mixes, peels = document["mixes"], document["peel_chain"]
    assert mixes["found"] == mixes["there"] > 0
    assert mixes["wrong"] == peels["wrong"] == 0
    assert 2 * peels["found"] > peels["hops"] > 0
    assert mixes["met_by_taint"] > 0


def test_the_report_it_writes_can_be_recomputed(told: tuple[Said, Path]) -> None:
    trail = told[1] / "trail"
    said = sekisho(
        *("trace", "verify", trail / "report.html", "--store", trail / "store", "--stop", trail / "services.csv")
    )
    assert said.status == 0, said.out + said.err


def test_a_folder_in_use_is_not_written_to(told: tuple[Said, Path]) -> None:
    said = sekisho("trace", "demo", "--out", told[1] / "trail")
    assert said.status == 2
    assert said.err.count("\n") == 1

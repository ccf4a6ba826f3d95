"""`sekisho trace simulate`: what it writes, what it says, and one line for whatever is wrong."""

import json
from pathlib import Path

import pytest

from sekisho.chain.esplora_json import parse_esplora_transactions
from support.command import sekisho, unchanged


def test_a_chain_its_truth_and_a_stop_list_are_written(tmp_path: Path) -> None:
    out = tmp_path / "chain"
    said = sekisho("trace", "simulate", "--out", out, "--blocks", "200", "--megabytes", "1", "--seed", "5")
    assert said.status == 0
    truth = json.loads((out / "truth.json").read_text())
    outpoint = truth["thefts"][0]["seeds"][0]["outpoint"]
    assert f"theft-1: 449.9 BTC from exchange-1: theft-1@{outpoint}" in said.out
    assert said.out.startswith("200 blocks, ")
    assert {each.name for each in (out / "blocks").iterdir()} >= {"blk00000.dat", "rev00000.dat", "xor.dat"}
    name, category, address, cluster, _ = (out / "services.csv").read_text().splitlines()[1].split(",")
    assert (name, category, cluster) == ("exchange-1", "exchange", "true")
    assert address in truth["actors"][[each["name"] for each in truth["actors"]].index("exchange-1")]["hot"]


def test_the_dmm_theft_and_its_made_up_sequel_are_written(tmp_path: Path) -> None:
    said = sekisho("trace", "simulate", "--dmm", "--out", tmp_path / "dmm")
    assert said.status == 0
    assert "4,502.9 BTC" in said.out
    assert "every one made up" in said.out
    told = parse_esplora_transactions((tmp_path / "dmm" / "transactions.json").read_bytes())
    assert len(told) > 15
    assert (tmp_path / "dmm" / "services.csv").read_text().startswith("name,category,address,cluster,source\nmade-up")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--blocks", "10"),
        ("--megabytes", "100000"),
        ("--thefts", "9"),
        ("--overtaken", "101"),
        ("--seed", "x"),
        ("--dmm", "--seed", "1"),
        ("--what",),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with unchanged(tmp_path):
        assert sekisho("trace", "simulate", "--out", tmp_path / "chain", *arguments).no_answer


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with unchanged(tmp_path):
        assert sekisho("trace", "simulate", "--out", tmp_path).no_answer
        assert sekisho("trace", "simulate", "--out", tmp_path / "mine").no_answer
        assert sekisho("trace", "simulate", "--dmm", "--out", tmp_path).no_answer

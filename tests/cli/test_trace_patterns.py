"""`trace patterns` and `trace cluster`, on real transactions and a real block."""

import json
from pathlib import Path

import pytest

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import show_txid
from sekisho.chain.esplora_json import parse_esplora_transaction
from support.block_300025 import block_300025, stored_300025
from support.command import Said, sekisho
from support.shapes import HONEST
from support.shared import shared

FIRST_HOP = "6a35e64848fe1e1e648d9e807be052dd7c2961fa0f0b5c5cc67cc30a661f999b"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds block 300,025 alone."""
    path = tmp_path_factory.mktemp("store") / "S"
    stored_300025(path)
    return path


def real(name: str) -> Path:
    """The file of a real transaction."""
    return shared(f"data/coinjoin/esplora/{name}.json")


def document(said: Said) -> dict[str, list[dict[str, object]]]:
    """What JSON it printed."""
    found: dict[str, list[dict[str, object]]] = json.loads(said.out)
    return found


@pytest.mark.parametrize(
    ("name", "rule"),
    [("wabisabi-coinjoin", "wasabi-2"), ("whirlpool-coinjoin", "whirlpool"), ("joinmarket-coinjoin", "joinmarket")],
)
def test_a_real_mix_is_found_with_its_candidates(name: str, rule: str) -> None:
    said = sekisho("trace", "patterns", "--tx", real(name))
    assert said.status == 1
    assert f"  {rule} (" in said.out
    assert "any may belong to any who paid in" in said.out
    (transaction,) = document(sekisho("trace", "patterns", "--tx", real(name), "--format", "json"))["transactions"]
    (finding,) = transaction["findings"]
    assert finding["rule"] == rule
    assert all(each["size"] == len(each["outputs"]) > 1 for each in finding["candidates"])


@pytest.mark.parametrize("name", HONEST)
def test_what_is_no_mix_is_not_called_one(name: str) -> None:
    said = sekisho("trace", "patterns", "--tx", real(name))
    rules = {line.split()[0] for line in said.out.splitlines()[1:]}
    expected = {"batch-withdrawal-143": {"fan-out"}, "dust-attack-555": {"dust"}}.get(name, set())
    assert rules & {"fan-out", "dust", "whirlpool", "joinmarket", "wasabi-1", "wasabi-2", "equal-outputs"} == expected
    assert said.status == (1 if expected else 0)


def test_a_transaction_in_hex_is_read_and_what_cannot_be_judged_is_said(tmp_path: Path) -> None:
    told = parse_esplora_transaction(real("whirlpool-coinjoin").read_bytes())
    file = tmp_path / "tx.hex"
    file.write_text(told.transaction.serialize().hex() + "\n")
    said = sekisho("trace", "patterns", "--tx", file)
    assert said.out.splitlines()[0] == show_txid(told.transaction.txid)
    assert "not judged" in said.out
    assert said.status == 1


def test_the_four_hops_of_block_300025_are_found(store: Path) -> None:
    said = sekisho("trace", "patterns", FIRST_HOP, "--store", store)
    assert said.status == 1
    assert "peel-chain (low): 4 hops, 23.2675 BTC peeled" in said.out
    (transaction,) = document(sekisho("trace", "patterns", FIRST_HOP, "--store", store, "--format", "json"))[
        "transactions"
    ]
    peels = transaction["peel_chain"]
    assert [hop["txid"][:8] for hop in peels["hops"]] == ["6a35e648", "1ba9cc85", "f13bb868", "14d50f11"]
    assert peels["peeled_sats"] == "2326750000"
    assert peels["ends"] == "unspent"


def test_an_address_has_those_it_was_spent_with_and_the_transaction_that_shows_it(store: Path) -> None:
    chain = block_300025()
    transactions = map(chain.transaction, range(len(chain.columns.txid)))
    spend = next(each for each in transactions if len({coin.script for coin in each.inputs}) > 3)
    first, second = (show_address(coin.script, Network.MAIN) for coin in spend.inputs[:2])
    said = sekisho("trace", "cluster", first, second, "--store", store)
    assert said.status == 1
    assert said.out.splitlines()[0] == "one owner"
    assert said.out.splitlines()[1].endswith(show_txid(spend.txid))
    listed = sekisho("trace", "cluster", first, "--store", store, "--format", "json")
    assert listed.status == 1
    assert {first, second} <= set(json.loads(listed.out)["scripts"])
    both = json.loads(sekisho("trace", "cluster", first, second, "--store", store, "--format", "json").out)
    assert both["same_owner"] is True
    assert both["why"][-1]["txid"] == show_txid(spend.txid)


WRONG = {
    "nothing to look at": [],
    "a txid and no store": [FIRST_HOP],
    "no txid": ["6a35", "--store", "{store}"],
    "a txid of no transaction": ["00" * 32, "--store", "{store}"],
    "a store that is none": [FIRST_HOP, "--store", "{nowhere}"],
    "a file that is not there": ["--tx", "{nowhere}"],
    "a file of something else": ["--tx", "{text}"],
    "JSON of something else": ["--tx", "{json}"],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_one_line(name: str, store: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    (tmp_path / "json").write_text('{"txid": 1}')
    places = {"store": store, "nowhere": tmp_path / "no", "text": tmp_path / "text", "json": tmp_path / "json"}
    said = sekisho("trace", "patterns", *(each.format(**places) for each in WRONG[name]))
    assert said.no_answer


def test_an_address_of_nobody_is_one_line(store: Path) -> None:
    assert sekisho("trace", "cluster", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "--store", store).no_answer
    assert sekisho("trace", "cluster", "nothing", "--store", store).no_answer

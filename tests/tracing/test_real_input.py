"""Transactions of the real chain, through the command line, with the figures they must give."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.command import sekisho
from support.shared import shared

PEEL = "6a35e64848fe1e1e648d9e807be052dd7c2961fa0f0b5c5cc67cc30a661f999b"
LAST = "14d50f114e8a7e0bc96f5457988a93a2dde60d79e752495192c14a9678aa2666"
THEFT = "975ec405ac9dc9fa5ab8009d94d6a1fe31dff8a8127ea90d023104e52754e4d7"
LOOT = 450_290_000_000
METHODS = ["poison", "haircut", "fifo", "lifo", "lifo-mirror", "tiho"]


def trace(*arguments: str | Path, status: int = 0) -> list[dict[str, object]]:
    """The traces that `trace run` tells as JSON."""
    said = sekisho("trace", "run", *arguments, "--format", "json")
    assert said.status == status, said.err
    told = json.loads(said.out)
    return told.get("traces", [told])


@pytest.fixture(scope="module")
def block_300025(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one block of 2014, with the coins it spends."""
    folder, store = shared("data/blocks"), tmp_path_factory.mktemp("real") / "store"
    said = sekisho(
        *("trace", "import", "--store", store, "--blocks", folder / "mainnet_300025.raw"),
        *("--spent", folder / "mainnet_300025_undo.raw"),
    )
    assert said.status == 0, said.err
    return store


def test_the_fees_of_block_300025_reach_its_miner_to_the_satoshi(block_300025):
    from sekisho.chain.store import open_store  # noqa: PLC0415

    chain = open_store(block_300025)
    seen = [chain.transaction(tx) for tx in range(2, len(chain.columns.txid))]  # behind the stand-in and the coinbase
    assert sum(each.fee for each in seen) == 7_773_345
    assert sum(len(each.inputs) for each in seen) == 1_427


def test_four_hops_from_6a35e648_are_conserved_by_every_method(block_300025):
    traces = trace("--store", block_300025, "--seed", PEEL, "--method", "all")
    assert [each["method"] for each in traces] == METHODS
    for each in traces:
        assert (
            each["transactions"] == 3
        )  # the seed's own transaction carries nothing: it is where the coins were stolen
        assert each["totals"]["unspent"] == "97802740148"
        assert each["totals"]["fees"] == "30000"
        assert each["conserved"] is (None if each["method"] == "poison" else True)
    last = next(end for end in traces[2]["ends"] if end["outpoint"] == f"{LAST}:1")
    assert (last["sats"], last["status"], last["height"]) == ("95176000148", "unspent", 300_025)


def test_the_peel_from_6a35e648_is_found(block_300025):
    said = sekisho("trace", "patterns", PEEL, "--store", block_300025, "--format", "json")
    assert said.status == 1
    assert re.findall(r'"txid": "([0-9a-f]{8})', said.out)
    assert "4 hops" in sekisho("trace", "patterns", PEEL, "--store", block_300025).out


def test_coins_from_outside_a_partial_chain_can_be_followed_and_are_where_backward_ends(block_300025):
    (forward,) = trace("--store", block_300025, "--seed", f"{LAST}:1", "--method", "fifo", "--backward", status=1)
    assert {end["status"] for end in forward["ends"]} == {"unknown"}
    (end,) = forward["ends"]
    (back,) = trace("--store", block_300025, "--seed", end["outpoint"], "--method", "fifo")
    assert any(each["outpoint"] == f"{LAST}:1" and each["sats"] == "95176000148" for each in back["ends"])


@dataclass(frozen=True)
class Dmm:
    store: Path
    folder: Path


@pytest.fixture(scope="module")
def dmm(tmp_path_factory: pytest.TempPathFactory) -> Dmm:
    """The theft from DMM Bitcoin, and a made-up laundering after it."""
    folder = tmp_path_factory.mktemp("dmm")
    assert sekisho("trace", "simulate", "--dmm", "--out", folder / "run").status == 0
    said = sekisho("trace", "import", "--store", folder / "store", "--tx", folder / "run" / "transactions.json")
    assert said.status == 0, said.err
    return Dmm(folder / "store", folder / "run")


def test_every_satoshi_of_the_dmm_theft_is_somewhere(dmm):
    stop = ("--stop", dmm.folder / "services.csv")
    for each in trace("--store", dmm.store, "--seed", f"dmm@{THEFT}:0", "--method", "all", *stop):
        held = sum(int(end["sats"]) for end in each["ends"])
        assert held >= LOOT if each["method"] == "poison" else held == LOOT
        assert each["totals"]["service"] != "0"
        assert any(end["convention_only"] for end in each["ends"])


def test_the_real_thief_and_the_made_up_run_are_told_apart_on_the_page(dmm, tmp_path):
    seed = ("--store", dmm.store, "--seed", f"dmm@{THEFT}:0", "--stop", dmm.folder / "services.csv")
    page = tmp_path / "report.html"
    assert sekisho("trace", "run", *seed, "--format", "html", "--out", page).status == 0
    assert "synthetic" in page.read_text().lower()
    said = sekisho("trace", "verify", page, "--store", dmm.store, "--stop", dmm.folder / "services.csv")
    assert said.status == 0, said.out + said.err
    page.write_text(page.read_text().replace('"sats":"450290000000"', '"sats":"450290000001"'))
    said = sekisho("trace", "verify", page, "--store", dmm.store, "--stop", dmm.folder / "services.csv")
    assert said.status != 0


def test_the_theft_itself_and_the_coins_it_spends_are_real_files(dmm, tmp_path):
    folder = shared("data/dmm")
    store = tmp_path / "store"
    files = ("--tx", folder / "theft_tx.json", "--tx", folder / "funding_tx.json")
    assert sekisho("trace", "import", "--store", store, *files).status == 0
    funding = "c03acb80562302248f8be621e765315345a85cd3856bf49583e97b0428342908"
    (found,) = trace("--store", store, "--seed", funding, "--method", "fifo")
    held = {end["outpoint"]: end["sats"] for end in found["ends"] if end["status"] == "unspent"}
    assert held[f"{THEFT}:0"] == str(LOOT)
    assert found["totals"]["fees"] == "10000000"  # 0.1 BTC


MIXES = {
    "bare-multisig": None,
    "batch-withdrawal-143": None,
    "dust-attack-555": None,
    "joinmarket-coinjoin": "joinmarket",
    "simple-legacy-p2pkh": None,
    "taproot-script-path": None,
    "wabisabi-coinjoin": "wasabi-2",
    "whirlpool-coinjoin": "whirlpool",
}


@pytest.mark.parametrize(("name", "kind"), MIXES.items())
def test_mixes_are_found_by_kind_and_nothing_else_is_called_one(name, kind):
    said = sekisho("trace", "patterns", "--tx", shared(f"data/coinjoin/esplora/{name}.json"), "--format", "json")
    rules = set(re.findall(r'"rule": "([a-z0-9-]+)"', said.out))
    every = {"joinmarket", "wasabi-1", "wasabi-2", "whirlpool", "equal-outputs"}
    assert rules & every == ({kind} if kind else set())


def test_tag_packs_are_stop_lists_and_say_what_they_pass_over(block_300025):
    packs = sorted(shared("data/tagpacks").glob("*.yaml"))
    assert len(packs) == 12
    stops = [part for pack in packs for part in ("--stop", pack)]
    said = sekisho(
        "trace", "run", "--store", block_300025, "--seed", PEEL, "--method", "fifo", "--format", "json", *stops
    )
    assert said.status == 0, said.err
    assert said.err.count("its checksum is wrong") == 2
    assert [each["name"] for each in json.loads(said.out)["lists"]] == [pack.name for pack in packs]

"""`sekisho trace import`: what it says, and one line for whatever is wrong."""

from pathlib import Path

import pytest

from sekisho.bitcoin.hashes import sha256d
from sekisho.chain.kernel import RegtestChain, mined
from sekisho.chain.store import open_store
from support.chains import pay
from support.command import sekisho
from support.mining import mine, raw_blocks, write_raw


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("core")
    with RegtestChain(folder) as chain:
        mine(chain, 105)
        write_raw(folder, raw_blocks(chain))
    return folder


def test_an_import_says_what_the_store_holds(core: Path, tmp_path: Path) -> None:
    store = tmp_path / "S"
    said = sekisho("trace", "import", "--store", store, "--network", "regtest", "--blocks", core / "blocks")
    assert said.status == 0
    chain = open_store(store)
    first, second = said.out.splitlines()
    assert first.startswith(
        f"106 blocks imported; the store holds 106 blocks, {len(chain.columns.txid)} transactions, "
    )
    assert second == f"tip: 105 {chain.tip.hash[::-1].hex()}"
    del chain
    said = sekisho("trace", "import", "--store", store, "--network", "regtest", "--blocks", core / "blocks")
    assert said.out.startswith("0 blocks imported; the store holds 106 blocks")


def test_rolled_back_blocks_and_dropped_transactions_are_told(core: Path, tmp_path: Path) -> None:
    store, alone = tmp_path / "S", ("trace", "import", "--network", "regtest", "--store")
    raw = sorted(core.glob("*.raw"))
    given = [part for path in raw for part in ("--blocks", path)]
    assert sekisho(*alone, store, *given).status == 0
    loose = pay([], (0, 1))
    (tmp_path / "loose.hex").write_text("00")
    said = sekisho(*alone, store, "--tx", tmp_path / "loose.hex")
    assert (said.status, said.err.count("\n")) == (2, 1)
    assert "loose.hex holds no loose transaction" in said.err
    tip = open_store(store).columns.block_hash[104].tobytes()
    branch = []
    for height in (105, 106):
        (tmp_path / f"{height}.raw").write_bytes(mined(tip, height, script=loose.outputs[0].script))
        branch += ["--blocks", tmp_path / f"{height}.raw"]
        tip = sha256d((tmp_path / f"{height}.raw").read_bytes()[:80])
    said = sekisho(*alone, store, *branch)
    assert said.status == 0
    assert "1 blocks rolled back" in said.err
    assert "tip: 106" in said.out


def test_what_is_wrong_is_one_line_and_status_2(core: Path, tmp_path: Path) -> None:
    store, blocks = tmp_path / "S", core / "blocks"
    (tmp_path / "broken.raw").write_bytes((core / "block00105.raw").read_bytes()[:-1])
    (tmp_path / "empty").mkdir()
    for arguments, told in (
        ((), "nothing to import"),
        (("--blocks", tmp_path / "nowhere"), "nowhere is not there"),
        (("--blocks", tmp_path / "empty"), "holds no file of blocks"),
        (("--blocks", tmp_path / "broken.raw"), "broken.raw is damaged at byte"),
        (
            (
                "--blocks",
                core / "block00003.raw",
                "--spent",
                core / "block00003.raw",
                "--spent",
                core / "block00004.raw",
            ),
            "2 files of spent coins",
        ),
    ):
        said = sekisho("trace", "import", "--store", store, "--network", "regtest", *arguments)
        assert (said.status, said.out, said.err.count("\n")) == (2, "", 1), arguments
        assert told in said.err
    assert sekisho("trace", "import", "--store", store, "--network", "regtest", "--blocks", blocks).status == 0
    said = sekisho("trace", "import", "--store", store, "--blocks", blocks)
    assert said.status == 2
    assert "is of network regtest, not main" in said.err

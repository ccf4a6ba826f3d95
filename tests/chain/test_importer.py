"""What an import brings is what Bitcoin Core says, however it was interrupted."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import duckdb
import numpy as np
import pytest

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.chain.blockfiles.datfile import DamagedFile
from sekisho.chain.chain import Chain
from sekisho.chain.columns import UNSPENDABLE, UNSPENT, TxFlag
from sekisho.chain.importer import KNOWN_COUNTS, DoesNotConnect, Imported, Quiet, WrongCount, import_files
from sekisho.chain.kernel import RegtestChain, mined
from sekisho.chain.sources import UnpairedSpent
from sekisho.chain.store import open_store
from sekisho.chain.unfit import BadSpend
from support.drawn import same
from support.mining import ANYONE, SeenTransaction, mine, raw_blocks, seen, write_raw
from support.shared import shared

BLOCKS = 130


class Mined:
    """A chain on disk, and what Bitcoin Core says of it."""

    def __init__(self, folder: Path) -> None:
        with RegtestChain(folder) as chain:
            mine(chain, BLOCKS)
            self.seen, self.raw = seen(chain), raw_blocks(chain)
        self.blocks = folder / "blocks"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mined:
    return Mined(tmp_path_factory.mktemp("mined"))


def imported(store: Path, *blocks: Path, **more: list[Path]) -> Imported:
    return import_files(store, Network.REGTEST, blocks=blocks, **more)


def agree(chain: Chain, blocks: list[tuple[bytes, list[SeenTransaction]]]) -> None:
    """Every block, transaction, input value and coin is what Bitcoin Core says."""
    assert [each.tobytes() for each in chain.columns.block_hash] == [block_hash for block_hash, _ in blocks]
    assert list(chain.columns.block_height) == list(range(len(blocks)))
    tx, unspent = 0, {}
    for row, (_, transactions) in enumerate(blocks):
        assert chain.columns.block_first_tx[row + 1] - chain.columns.block_first_tx[row] == len(transactions)
        for told in transactions:
            mine = chain.transaction(tx)
            assert mine.txid == told.txid
            assert [(each.outpoint, each.sats, each.script) for each in mine.inputs] == list(told.inputs)
            assert [(each.sats, each.script) for each in mine.outputs] == list(told.outputs)
            for each in told.inputs:
                assert chain.columns.out_spender[unspent.pop(each.outpoint)] == tx
            for vout, txo in enumerate(chain.outputs_of(tx)):
                unspent[OutPoint(told.txid, vout)] = txo
            tx += 1
    assert tx == len(chain.columns.txid)
    for txo in unspent.values():
        dead = txo == 0 or chain.output(txo).script[:1] == b"\x6a"
        assert chain.columns.out_spender[txo] == (UNSPENDABLE if dead else UNSPENT)


def test_all_of_it_is_what_bitcoin_core_says(made: Mined, tmp_path: Path):
    done = imported(tmp_path, made.blocks)
    assert (done.blocks, done.rolled_back, done.tip.height) == (BLOCKS + 1, 0, BLOCKS)
    chain = open_store(tmp_path)
    assert chain.complete
    agree(chain, made.seen)


def test_the_same_comes_out_without_undo_data_and_from_raw_blocks(made: Mined, tmp_path: Path):
    imported(tmp_path / "with", made.blocks)
    bare = tmp_path / "bare"
    shutil.copytree(made.blocks, bare, ignore=shutil.ignore_patterns("rev*"))
    imported(tmp_path / "without", bare)
    raw = tmp_path / "raw"
    raw.mkdir()
    imported(tmp_path / "one by one", *reversed(write_raw(raw, made.raw)))
    imported(tmp_path / "single file", made.blocks / "blk00000.dat")
    wanted = open_store(tmp_path / "with")
    for other in ("without", "one by one", "single file"):
        same(open_store(tmp_path / other), wanted)


def held(store: Path) -> dict[Path, bytes]:
    """A store's files, without what was seen of Core's: that notes which of them have rested since."""
    files = (path for path in store.rglob("*") if path.is_file() and "scans" not in path.parts)
    return {path: path.read_bytes() for path in files}


def test_a_second_import_changes_nothing(made: Mined, tmp_path: Path):
    imported(tmp_path, made.blocks)
    before = held(tmp_path)
    assert imported(tmp_path, made.blocks).blocks == 0
    assert before == held(tmp_path)


def test_the_tip_is_followed_and_a_reorganised_one_rolled_back(tmp_path: Path):
    store = tmp_path / "store"
    with RegtestChain(tmp_path / "core") as chain:
        mine(chain, 105)
        imported(store, tmp_path / "core" / "blocks")
        for depth in (1, 2, 30, 100):
            fork = chain._manager.get_active_chain().block_tree_entries[chain.height - depth]
            tip, height = bytes(fork.block_hash), fork.height
            for number in range(depth + 1):
                block = mined(tip, height + 1 + number, script=Script(b"\x51" * (depth % 50 + 2)))
                chain.submit(block)
                tip = sha256d(block[:80])
            assert chain.tip == tip
            done = imported(store, tmp_path / "core" / "blocks")
            assert (done.rolled_back, done.blocks, done.tip.hash) == (depth, depth + 1, tip)
            agree(open_store(store), seen(chain))
            fresh = tmp_path / f"fresh{depth}"
            imported(fresh, tmp_path / "core" / "blocks")
            same(open_store(store), open_store(fresh))
            mine_more(chain, 3)
            imported(store, tmp_path / "core" / "blocks")


def mine_more(chain: RegtestChain, count: int) -> None:
    for _ in range(count):
        chain.accept((), ANYONE)


def test_a_shorter_chain_of_another_folder_takes_nothing_away(made: Mined, tmp_path: Path):
    imported(tmp_path / "store", made.blocks)
    with RegtestChain(tmp_path / "other") as chain:
        chain.mine(3, Script(b"\x52"))
    done = imported(tmp_path / "store", tmp_path / "other" / "blocks")
    assert (done.blocks, done.rolled_back, done.tip.height) == (0, 0, BLOCKS)


class Killed(BaseException):
    """Not one of ours: what a signal does."""


class Killer(Quiet):
    """Ends an import at some height."""

    def __init__(self, height: int) -> None:
        self._height = height

    def went_on(self, size: int, height: int) -> None:
        if height == self._height:
            raise Killed


@pytest.mark.parametrize("height", [0, 1, 104, BLOCKS])
def test_an_import_that_was_killed_is_continued(height: int, made: Mined, tmp_path: Path):
    with pytest.raises(Killed):
        import_files(tmp_path, Network.REGTEST, blocks=[made.blocks], progress=Killer(height), batch=2_000)
    assert len(open_store(tmp_path).columns.block_height) <= height
    imported(tmp_path, made.blocks)
    agree(open_store(tmp_path), made.seen)


def places(made: Mined) -> Iterator[tuple[int, int]]:
    """Where blocks lie in the file: (offset, size)."""
    key = (made.blocks / "xor.dat").read_bytes()
    raw = (made.blocks / "blk00000.dat").read_bytes()
    clear = bytes(byte ^ key[at % 8] for at, byte in enumerate(raw[:200_000]))
    for block in made.raw:
        yield clear.index(block), len(block)


def test_a_damaged_file_is_one_error_and_nothing_of_it_is_kept(made: Mined, tmp_path: Path):
    broken = tmp_path / "blocks"
    shutil.copytree(made.blocks, broken)
    at, size = list(places(made))[120]
    raw = bytearray((broken / "blk00000.dat").read_bytes())
    raw[at + size - 10] ^= 1
    (broken / "blk00000.dat").write_bytes(raw)
    with pytest.raises(DamagedFile, match=r"blk00000\.dat is damaged at byte"):
        import_files(tmp_path / "store", Network.REGTEST, blocks=[broken], batch=2_000)
    assert not (tmp_path / "store").exists()
    imported(tmp_path / "store", made.blocks)
    agree(open_store(tmp_path / "store"), made.seen)


def test_what_came_from_good_files_stays(made: Mined, tmp_path: Path):
    paths = write_raw(tmp_path, made.raw)
    paths[120].write_bytes(made.raw[120][:-1])
    with pytest.raises(DamagedFile) as why:
        imported(tmp_path / "store", *paths)
    assert why.value.path == paths[120]
    agree(open_store(tmp_path / "store"), made.seen[:120])


def test_blocks_that_do_not_connect_are_refused(made: Mined, tmp_path: Path):
    paths = write_raw(tmp_path, made.raw)
    imported(tmp_path / "store", *paths[:100])
    with pytest.raises(DoesNotConnect):
        imported(tmp_path / "store", paths[110])
    with RegtestChain() as chain:
        chain.mine(105, Script(b"\x52"))
        foreign = raw_blocks(chain)
    for height in (100, 99):  # above the tip, and in its place
        (tmp_path / "foreign.raw").write_bytes(foreign[height])
        with pytest.raises(DoesNotConnect):
            imported(tmp_path / "store", tmp_path / "foreign.raw")
    agree(open_store(tmp_path / "store"), made.seen[:100])


def test_the_main_chain_must_have_as_many_transactions_as_bitcoin_core_knows(made: Mined, tmp_path: Path):
    count = sum(len(block) for _, block in made.seen[:121])
    with patch.dict(KNOWN_COUNTS, {Network.REGTEST: {120: count + 1}}), pytest.raises(WrongCount, match="height 120"):
        imported(tmp_path, made.blocks)
    assert len(open_store(tmp_path).columns.block_height) == 0
    with patch.dict(KNOWN_COUNTS, {Network.REGTEST: {120: count}}):
        imported(tmp_path, made.blocks)
    agree(open_store(tmp_path), made.seen)


def test_a_partial_chain_has_coins_from_outside(made: Mined, tmp_path: Path):
    paths = write_raw(tmp_path, made.raw)
    imported(tmp_path / "store", *paths[110:115], *paths[120:])
    chain = open_store(tmp_path / "store")
    assert not chain.complete
    assert list(chain.columns.block_height) == [*range(110, 115), *range(120, BLOCKS + 1)]
    real = [tx for tx in range(len(chain.columns.txid)) if not chain.columns.tx_flags[tx] & TxFlag.OUTSIDE]
    told = [each for row in chain.columns.block_height for each in made.seen[row][1]]
    held = {each.txid for each in told}
    for tx, wanted in zip(real, told, strict=True):
        mine = chain.transaction(tx)
        assert [each.outpoint for each in mine.inputs] == [each.outpoint for each in wanted.inputs]
        for coin, each in zip(mine.inputs, wanted.inputs, strict=True):
            assert coin.sats == (each.sats if each.outpoint.txid in held else None)


def test_spent_coins_are_told_beside_a_raw_block(made: Mined, tmp_path: Path):
    paths = write_raw(tmp_path, made.raw)
    coins = tmp_path / "spent"
    inputs = [each for transaction in made.seen[125][1] for each in transaction.inputs]
    coins.write_bytes(
        b"".join(each.sats.to_bytes(8, "little") + bytes([len(each.script)]) + each.script for each in inputs)
    )
    imported(tmp_path / "store", paths[125], spent=[coins])
    chain = open_store(tmp_path / "store")
    mine = [each for tx in range(len(chain.columns.txid)) for each in chain.transaction(tx).inputs]
    assert [(each.outpoint, each.sats, each.script) for each in mine] == inputs
    del chain
    with pytest.raises(UnpairedSpent):
        imported(tmp_path / "store", paths[126], paths[127], spent=[coins])
    coins.write_bytes(coins.read_bytes()[:-1])
    with pytest.raises(DamagedFile, match="spent"):
        imported(tmp_path / "other", paths[125], spent=[coins])


def free_coin(made: Mined) -> tuple[OutPoint, int]:
    """An output that nobody spends and anybody can."""
    spent = {each.outpoint for _, block in made.seen for transaction in block for each in transaction.inputs}
    for _, block in reversed(made.seen):
        for transaction in block[1:]:
            outpoint = OutPoint(transaction.txid, 0)
            if outpoint not in spent and transaction.outputs[0][0]:
                return outpoint, transaction.outputs[0][0]
    raise LookupError


def spending(outpoint: OutPoint, amount: int, script: Script = ANYONE) -> Transaction:
    return Transaction(2, (TxInput(outpoint, 0xFFFFFFFF),), (TxOutput(Sats(amount), script),), 0)


def test_loose_transactions_stand_at_the_end_until_a_block_holds_them(made: Mined, tmp_path: Path):
    coin, amount = free_coin(made)
    parent = spending(coin, amount - 10)
    child = spending(OutPoint(parent.txid, 0), amount - 20)
    (tmp_path / "child.hex").write_text(child.serialize().hex() + "\n")
    (tmp_path / "parent.hex").write_text(parent.serialize().hex())
    paths = write_raw(tmp_path, made.raw)
    store = tmp_path / "store"
    imported(store, *paths[:129])
    imported(store, loose=[tmp_path / "child.hex", tmp_path / "parent.hex"])
    chain = open_store(store)
    assert [chain.txid(len(chain.columns.txid) - back) for back in (2, 1)] == [parent.txid, child.txid]
    assert chain.transaction(len(chain.columns.txid) - 1).height is None
    assert chain.tip.height == 128
    del chain
    imported(store, *paths[129:])
    chain = open_store(store)
    assert [chain.txid(len(chain.columns.txid) - back) for back in (2, 1)] == [parent.txid, child.txid]
    assert chain.columns.out_spender[chain.find_output(coin)] == len(chain.columns.txid) - 2
    del chain
    last = tmp_path / "next.raw"
    last.write_bytes(mined(made.seen[-1][0], BLOCKS + 1, (parent,)))
    done = imported(store, last)
    assert [each.txid for each in done.dropped] == [parent.txid]
    chain = open_store(store)
    assert chain.txid(len(chain.columns.txid) - 1) == child.txid
    assert chain.find(parent.txid) == (len(chain.columns.txid) - 2,)


def test_a_loose_transaction_that_spends_a_spent_coin_is_refused(made: Mined, tmp_path: Path):
    coin = made.seen[125][1][1].inputs[0]
    (tmp_path / "bad.hex").write_text(spending(coin.outpoint, 1).serialize().hex())
    imported(tmp_path / "store", made.blocks)
    with pytest.raises(BadSpend, match="is spent already"):
        imported(tmp_path / "store", loose=[tmp_path / "bad.hex"])
    agree(open_store(tmp_path / "store"), made.seen)


def test_a_loose_transaction_whose_coin_a_block_spends_is_dropped(made: Mined, tmp_path: Path):
    coin, amount = free_coin(made)
    (tmp_path / "loose.hex").write_text(spending(coin, amount - 10).serialize().hex())
    store = tmp_path / "store"
    imported(store, made.blocks, loose=[tmp_path / "loose.hex"])
    last = tmp_path / "next.raw"
    last.write_bytes(mined(made.seen[-1][0], BLOCKS + 1, (spending(coin, amount - 30),)))
    assert ["spent already" in str(each) for each in imported(store, last).dropped] == [True]
    assert open_store(store).tip.height == BLOCKS + 1


def query(store: Path, sql: str) -> list[tuple[object, ...]]:
    return duckdb.sql(sql.replace("@", f"{store}/parquet")).fetchall()


def test_duckdb_finds_the_same_spends_by_a_plain_join(made: Mined, tmp_path: Path):
    imported(tmp_path, made.blocks)
    rows = query(
        tmp_path,
        """SELECT o.txo, i.tx, o.unspendable, o.sats, s.bytes FROM '@/out/*.parquet' o
           LEFT JOIN '@/in/*.parquet' i USING (txo) JOIN '@/script/*.parquet' s ON s.script = o.script
           ORDER BY o.txo""",
    )
    chain = open_store(tmp_path)
    columns = chain.columns
    wanted = [UNSPENDABLE if dead else UNSPENT if tx is None else tx for _, tx, dead, _, _ in rows]
    assert wanted == columns.out_spender.tolist()
    assert [txo for txo, *_ in rows] == list(range(len(columns.out_sats)))
    assert [(sats, script) for *_, sats, script in rows] == [
        (chain.output(txo).sats, chain.output(txo).script) for txo in range(len(columns.out_sats))
    ]
    inputs = query(
        tmp_path,
        """SELECT i.sats, i.script, o.sats, o.script FROM '@/in/*.parquet' i
           JOIN '@/out/*.parquet' o USING (txo)""",
    )
    assert len(inputs) == len(columns.in_prev)
    assert all(each[:2] == each[2:] for each in inputs)
    blocks = query(tmp_path, "SELECT height, hash, txs FROM '@/block/*.parquet' ORDER BY height")
    assert blocks == [(height, block_hash, len(rows)) for height, (block_hash, rows) in enumerate(made.seen)]
    by_tx = query(tmp_path, "SELECT tx, txid, outs, ins FROM '@/tx/*.parquet' ORDER BY tx")
    flat = [each for _, block in made.seen for each in block]
    assert by_tx == [(tx, each.txid, len(each.outputs), len(each.inputs)) for tx, each in enumerate(flat)]


def test_parquet_follows_rollbacks_and_loose_transactions(made: Mined, tmp_path: Path):
    coin, amount = free_coin(made)
    (tmp_path / "loose.hex").write_text(spending(coin, amount - 10).serialize().hex())
    store = tmp_path / "store"
    imported(store, made.blocks, loose=[tmp_path / "loose.hex"])
    parts = {path.name for path in (store / "parquet" / "tx").iterdir()}
    assert parts == {"0000000000.parquet", "loose.parquet"}
    (store / "parquet" / "tx" / "0000990000.parquet").write_bytes(b"left behind")
    last = tmp_path / "next.raw"
    last.write_bytes(mined(made.seen[-1][0], BLOCKS + 1, (spending(coin, amount - 30),)))
    imported(store, last)
    assert {path.name for path in (store / "parquet" / "tx").iterdir()} == {"0000000000.parquet"}
    assert query(store, "SELECT max(height), count(*) FROM '@/tx/*.parquet'") == [
        (BLOCKS + 1, len(open_store(store).columns.txid))
    ]


def test_a_real_block_has_its_fees_to_the_satoshi(tmp_path: Path):
    folder = shared("data/blocks")
    import_files(
        tmp_path,
        Network.MAIN,
        blocks=[folder / "mainnet_300025.raw"],
        spent=[folder / "mainnet_300025_undo.raw"],
    )
    chain = open_store(tmp_path)
    assert (chain.tip.height, len(chain.columns.in_prev)) == (300_025, 1_427)
    fees = [chain.transaction(tx).fee for tx in range(len(chain.columns.txid)) if chain.columns.tx_flags[tx] & 3 == 0]
    assert sum(fee for fee in fees if fee is not None) == 7_773_345
    assert None not in fees
    assert np.all(np.diff(chain.columns.script_start) >= 0)

"""Bitcoin Core's own block and undo files: the chain in them is the one Bitcoin Core follows."""

import os
import random
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pbk
import pytest

from prove.chain_fuzz import framed
from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import COIN
from sekisho.bitcoin.script import Script
from sekisho.chain.blockfiles.datfile import NO_KEY, DamagedFile
from sekisho.chain.blockfiles.folder import BlockFolder, NoBlockFiles
from sekisho.chain.blockfiles.scan import NOTHING, MalformedScan, parse_scan, show_scan
from sekisho.chain.headers import GENESIS, work_of
from sekisho.chain.kernel import COINBASE_MATURITY, RegtestChain, mined
from support.blocks import block_of
from support.chains import coinbase
from support.datfiles import (
    ANYONE,
    Made,
    core_chain,
    core_coins,
    hashes_of,
    key_of,
    read_chain,
    records,
    regtest,
    rewritten,
    spend,
)


def same_as_core(folder: BlockFolder, made: Made) -> None:
    """The folder holds Core's active chain, block by block and coin by coin."""
    found = folder.scan()
    best = folder.best_chain(found)
    assert (hashes_of(folder, found), best.complete) == (made.active, True)
    for read, own, coins in zip(read_chain(folder), made.active, made.coins, strict=True):
        assert read.parsed.hash == own
        transactions = pbk.Block(read.raw.tobytes()).transactions
        assert [bytes(each.txid) for each in transactions] == [row.tobytes() for row in read.parsed.txid]
        spent = read.spent
        assert spent is not None
        text, starts = spent.script_bytes.tobytes(), spent.script_start.tolist()
        scripts = [text[start:end] for start, end in pairwise(starts)]
        assert list(zip(spent.height.tolist(), spent.sats.tolist(), scripts, strict=True)) == coins


def test_the_chain_in_the_files_is_the_one_core_follows(made: Made) -> None:
    assert len(made.blocks) > len(made.active) + 3
    assert key_of(made.path) != NO_KEY
    same_as_core(regtest(made.path), made)


@pytest.mark.parametrize("key", [NO_KEY, b"\x01\x02\x03\x04\x05\x06\x07\xff"], ids=["no key", "another key"])
def test_with_another_key_or_none_the_chain_is_the_same(made: Made, tmp_path: Path, key: bytes) -> None:
    same_as_core(regtest(rewritten(tmp_path, (made.blocks, made.undo), key=key)), made)


@pytest.mark.parametrize("seed", range(5))
def test_records_may_lie_in_any_order_in_any_file(made: Made, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    file_of = {sha256d(record[8:88]): dice.randrange(3) for record in made.blocks}
    sibling_files = {record[12:44]: file_of[sha256d(record[8:88])] for record in made.blocks}
    parts: list[tuple[list[bytes], list[bytes]]] = [([], []), ([], []), ([], [])]
    for record in dice.sample(made.blocks, len(made.blocks)):
        parts[sibling_files[record[12:44]]][0].append(record)  # siblings share a file, so that any order can be undone
    for record in dice.sample(made.undo, len(made.undo)):
        (parent,) = (each for each in sibling_files if sha256d(each + record[8:-32]) == record[-32:])
        parts[sibling_files[parent]][1].append(record)
    same_as_core(regtest(rewritten(tmp_path, *parts)), made)


def test_siblings_that_look_alike_share_undo_data_until_a_child_decides(tmp_path: Path) -> None:
    with RegtestChain(tmp_path) as chain:
        chain.mine(3, ANYONE)
        fork = chain.tip
        chain.mine(1, ANYONE)
        other = mined(fork, chain.height, script=Script(b"\x53"))
        chain.submit(other)
        assert hashes_of(regtest(tmp_path)) == core_chain(chain)
        chain.submit(mined(sha256d(other[:80]), chain.height + 1))
        assert hashes_of(regtest(tmp_path)) == core_chain(chain)
        assert sha256d(other[:80]) in core_chain(chain)


@pytest.mark.parametrize("turned", [False, True], ids=["as connected", "the other way round"])
@pytest.mark.parametrize("start", [0, 50], ids=["whole", "partial"])
def test_siblings_that_look_alike_have_their_own_coins(tmp_path: Path, turned: bool, start: int) -> None:
    with RegtestChain(tmp_path / "made") as chain:
        first = chain.mine(COINBASE_MATURITY + 3, ANYONE)[0].transactions[0].coin(0)
        split = spend([first], 20 * COIN, 30 * COIN)
        chain.accept([split])
        fork, height = chain.tip, chain.height + 1
        chain.accept([spend([split.coin(0)], COIN)])
        other = mined(fork, height, [spend([split.coin(1)], COIN)])
        chain.submit(other)
        chain.submit(mined(sha256d(other[:80]), height + 1))
        blocks, undo = records(tmp_path / "made", "blk00000.dat"), records(tmp_path / "made", "rev00000.dat", 32)
        active = core_chain(chain)
        assert core_coins(chain, height) == [(height - 1, 30 * COIN, ANYONE)]
    if turned:
        undo[-3], undo[-2] = undo[-2], undo[-3]
    folder = regtest(rewritten(tmp_path / "again", (blocks[start:], undo[max(0, start - 1) :])))
    assert hashes_of(folder) == active[start:]
    spent = list(read_chain(folder))[-2].spent
    assert spent is not None
    assert spent.sats.tolist() == [30 * COIN]


@pytest.mark.parametrize("depth", [1, 2, 7])
def test_a_branch_that_won_is_followed(tmp_path: Path, depth: int) -> None:
    with RegtestChain(tmp_path) as chain:
        chain.mine(5, ANYONE)
        fork, height = chain.tip, chain.height
        chain.mine(depth, ANYONE)
        found = regtest(tmp_path).scan()
        for number in range(1, depth + 2):
            raw = mined(fork, height + number, script=Script(b"\x53"))
            chain.submit(raw)
            fork = sha256d(raw[:80])
        assert chain.height == height + depth + 1
        assert hashes_of(regtest(tmp_path), regtest(tmp_path).scan(found)) == core_chain(chain)


@pytest.mark.parametrize("first", [True, False])
def test_a_block_that_lies_twice_counts_where_its_undo_data_is(made: Made, tmp_path: Path, first: bool) -> None:
    """As after a crash, when Bitcoin Core fetched it again."""
    again = [each for each in made.blocks if sha256d(each[8:88]) in made.active[40:60]]
    files = ((made.blocks, made.undo), (again, []))
    assert hashes_of(regtest(rewritten(tmp_path, *(files if first else files[::-1])))) == made.active


def test_work_decides_and_not_how_many_blocks_there_are(tmp_path: Path) -> None:
    first = block_of([coinbase(1, (COIN, 1))])
    heavy = block_of([coinbase(2, (COIN, 2))], sha256d(first[:80]), 0x1F7FFFFF)
    light = [first]
    for height in range(2, 6):
        light.append(block_of([coinbase(height, (COIN, 3))], sha256d(light[-1][:80])))
    path = rewritten(tmp_path, ([framed(each) for each in (*light, heavy)], ()))
    (path / "blocks" / "rev00000.dat").unlink()
    assert hashes_of(regtest(path)) == [sha256d(each[:80]) for each in (first, heavy)]
    assert [work_of(bits) for bits in (0x207FFFFF, 0x1F7FFFFF, 0x1D00FFFF)] == [2, 512, 0x1_0001_0001]


def test_blocks_without_their_ancestors_are_a_partial_chain(made: Made, tmp_path: Path) -> None:
    start = made.active[50]
    kept = [each for each in made.blocks if sha256d(each[8:88]) not in made.active[:50]]
    undo = [
        each for each in made.undo if not any(sha256d(hash_ + each[8:-32]) == each[-32:] for hash_ in made.active[:49])
    ]
    folder = regtest(rewritten(tmp_path, (kept, undo)))
    assert folder.best_chain(folder.scan()).complete is False
    assert hashes_of(folder)[0] == start
    assert hashes_of(folder) == made.active[50:]


def test_without_any_undo_file_every_block_counts(made: Made, tmp_path: Path) -> None:
    valid = [each for each in made.blocks if sha256d(each[8:88]) in made.active]
    path = rewritten(tmp_path, (valid, ()))
    (path / "blocks" / "rev00000.dat").unlink()
    assert hashes_of(regtest(path)) == made.active
    assert [read.spent is None for read in read_chain(regtest(path))] == [bool(coins) for coins in made.coins]


def test_files_can_be_chosen_by_number(made: Made, tmp_path: Path) -> None:
    path = rewritten(tmp_path, (made.blocks[:40], made.undo[:39]), (made.blocks[40:], made.undo[39:]))
    folder = BlockFolder(path / "blocks", Network.REGTEST, [0])
    assert hashes_of(folder) == made.active[:40]
    with pytest.raises(NoBlockFiles):
        BlockFolder(path / "blocks", Network.REGTEST, [7])


def old(path: Path) -> None:
    """Make every file look as if nothing had changed for long."""
    for each in (path / "blocks").iterdir():
        os.utime(each, ns=(10**18, 10**18))


def test_a_second_scan_reads_only_what_changed(made: Made, tmp_path: Path) -> None:
    path = rewritten(tmp_path, (made.blocks[:40], made.undo[:39]), (made.blocks[40:], ()))
    folder, blocks = regtest(path), path / "blocks" / "blk00000.dat"
    old(path)
    first = folder.scan()
    assert hashes_of(folder, first) == hashes_of(folder, folder.scan(first)) == made.active[:40]
    blocks.write_bytes(bytes(blocks.stat().st_size))
    with pytest.raises(DamagedFile):
        folder.scan(first)
    old(path)
    assert hashes_of(folder, folder.scan(first)) == made.active[:40]
    with pytest.raises(DamagedFile):
        folder.scan(first._replace(key=b"another!"))
    (path / "blocks" / "rev00001.dat").write_bytes(b"".join(made.undo[39:]) + bytes(100))
    assert hashes_of(folder, folder.scan(first)) == made.active


def test_a_file_that_was_just_written_or_is_the_newest_is_read_again(made: Made, tmp_path: Path) -> None:
    """A file's time may be too coarse to show a second change at once, and nodes write to the newest file."""
    path = rewritten(tmp_path, (made.blocks[:40], made.undo[:39]), (made.blocks[40:], made.undo[39:]))
    folder, blocks = regtest(path), path / "blocks"
    first = folder.scan()
    size = (blocks / "rev00000.dat").stat().st_size
    (blocks / "rev00000.dat").write_bytes(b"".join(made.undo[:20]).ljust(size, b"\x00"))
    assert hashes_of(folder, folder.scan(first)) == made.active[:21]
    (blocks / "rev00000.dat").write_bytes(b"".join(made.undo[:39]).ljust(size, b"\x00"))
    old(path)
    first = folder.scan()
    newest = (blocks / "rev00001.dat").stat().st_size
    (blocks / "rev00001.dat").write_bytes(bytes(newest))
    old(path)
    assert hashes_of(folder, folder.scan(first)) == made.active[:40]


def test_a_scan_can_be_kept_as_bytes(made: Made) -> None:
    found = regtest(made.path).scan()
    raw = show_scan(found)
    again = parse_scan(raw)
    assert (again.key, again.files.tobytes(), again.blocks.tobytes()) == (
        found.key,
        found.files.tobytes(),
        found.blocks.tobytes(),
    )
    assert parse_scan(show_scan(NOTHING)).key == b""
    changed = raw[:500] + bytes([raw[500] ^ 1]) + raw[501:]
    for wrong in (b"", raw[:-1], raw + b"\x00", changed, raw[:30]):
        with pytest.raises(MalformedScan):
            parse_scan(wrong)


def test_while_a_node_writes_the_chain_only_grows(tmp_path: Path) -> None:
    with RegtestChain(tmp_path) as chain:
        folder, found = regtest(tmp_path), None
        for _ in range(5):
            chain.mine(3, ANYONE)
            found = folder.scan(found) if found else folder.scan()
            assert hashes_of(folder, found) == core_chain(chain)


def test_the_constants_of_each_network_are_cores() -> None:
    kinds = {
        Network.MAIN: pbk.ChainType.MAINNET,
        Network.TESTNET4: pbk.ChainType.TESTNET_4,
        Network.SIGNET: pbk.ChainType.SIGNET,
        Network.REGTEST: pbk.ChainType.REGTEST,
    }
    with TemporaryDirectory() as name:
        for network, kind in kinds.items():
            path = Path(name, network)
            options = pbk.ContextOptions()
            options.set_chainparams(pbk.ChainParameters(kind))
            manager = pbk.ChainstateManagerOptions(pbk.Context(options), str(path), str(path / "blocks"))
            manager.update_block_tree_db_in_memory(True)
            manager.update_chainstate_db_in_memory(True)
            chain = pbk.ChainstateManager(manager)
            assert bytes(chain.best_entry.block_hash) == GENESIS[network]
            folder = BlockFolder(path / "blocks", network)
            assert hashes_of(folder) == [GENESIS[network]]
            del chain

"""Bitcoin Core's own block and undo files: the chain in them is the one Bitcoin Core follows."""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pbk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin, Transaction, TxInput, TxOutput
from sekisho.chain.blockfiles.best import GENESIS
from sekisho.chain.blockfiles.datfile import NO_KEY, DamagedFile
from sekisho.chain.blockfiles.folder import BlockFolder, NoBlockFiles, ReadBlock
from sekisho.chain.blockfiles.scan import NOTHING, MalformedScan, Scan, parse_scan, show_scan
from sekisho.chain.kernel import COINBASE_MATURITY, RegtestChain, mined
from sekisho.errors import SekishoError
from sekisho.files import UnreadableFile

ANYONE = Script(b"\x51")
REGTEST_GENESIS = bytes.fromhex(GENESIS[Network.REGTEST])[::-1]


def spend(coins: Sequence[Coin], *sats: int) -> Transaction:
    """Spend coins that anyone may spend."""
    inputs = tuple(TxInput(each.outpoint, 0xFFFFFFFF) for each in coins)
    return Transaction(2, inputs, tuple(TxOutput(Sats(each), ANYONE) for each in sats), 0)


def hashes_of(folder: BlockFolder, found: Scan | None = None) -> list[bytes]:
    """The best chain, by its hashes."""
    found = found or folder.scan()
    return [found.blocks["hash"][row].tobytes() for row in folder.best_chain(found).rows]


def read_chain(folder: BlockFolder) -> Iterator[ReadBlock]:
    found = folder.scan()
    for row in folder.best_chain(found).rows:
        yield folder.read(folder.place(found, int(row)))


def core_chain(chain: RegtestChain) -> list[bytes]:
    """The active chain by its hashes, as Bitcoin Core has it in memory."""
    entries = chain._manager.get_active_chain().block_tree_entries
    return [bytes(entries[height].block_hash) for height in range(chain.height + 1)]


def regtest(path: Path) -> BlockFolder:
    return BlockFolder(path / "blocks", Network.REGTEST)


def key_of(path: Path) -> bytes:
    return (path / "blocks" / "xor.dat").read_bytes()


def xored(data: bytes, key: bytes) -> bytes:
    return (np.frombuffer(data, np.uint8) ^ np.resize(np.frombuffer(key, np.uint8), len(data))).tobytes()


def records(path: Path, name: str, behind: int = 0) -> list[bytes]:
    """The records of a file, framed, in the clear."""
    clear, found, at = xored((path / "blocks" / name).read_bytes(), key_of(path)), [], 0
    while clear[at : at + 4] == b"\xfa\xbf\xb5\xda":
        end = at + 8 + int.from_bytes(clear[at + 4 : at + 8], "little") + behind
        found.append(clear[at:end])
        at = end
    return found


def rewritten(
    path: Path, *files: tuple[Sequence[bytes], Sequence[bytes]], key: bytes = NO_KEY, room: int = 5000
) -> Path:
    """A folder with other files: for each the records of blocks and of undo data, and blank room behind them."""
    blocks = path / "blocks"
    blocks.mkdir(parents=True)
    for number, (some, undo) in enumerate(files):
        (blocks / f"blk{number:05d}.dat").write_bytes(xored(b"".join(some), key) + bytes(room))
        (blocks / f"rev{number:05d}.dat").write_bytes(xored(b"".join(undo), key) + bytes(room))
    if key != NO_KEY:
        (blocks / "xor.dat").write_bytes(key)
    return path


class Made(NamedTuple):
    """A chain that Bitcoin Core wrote: its folder, the active chain, and what Core says of each block's coins."""

    path: Path
    active: list[bytes]
    coins: list[list[tuple[int, int, bytes]]]
    blocks: list[bytes]
    undo: list[bytes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """125 blocks: empty ones, spending ones, two branches that lost, and at the end an invalid block with most work."""
    path = tmp_path_factory.mktemp("made")
    with RegtestChain(path) as chain:
        coins = [block.transactions[0].coin(0) for block in chain.mine(COINBASE_MATURITY + 10, ANYONE)]
        split = spend(coins[:1], 10 * COIN, 20 * COIN, 20 * COIN)
        chain.accept([split, spend([split.coin(1), split.coin(2)], 39 * COIN)], ANYONE)
        fork, height = chain.tip, chain.height + 1
        chain.accept([spend([split.coin(0)], 9 * COIN), spend(coins[1:3], COIN, 99 * COIN)])
        lost = chain.tip
        first = mined(fork, height, [spend(coins[1:3], COIN, 49 * COIN), spend([split.coin(0)], COIN)])
        chain.submit(first)
        chain.submit(mined(sha256d(first[:80]), height + 1))
        assert chain.tip != lost
        for coin in coins[3:7]:
            chain.accept([spend([coin], 50 * COIN)], ANYONE)
        chain.submit(mined(fork, height, script=Script(b"\x53")))
        chain.mine(5, ANYONE)
        invalid = mined(chain.tip, chain.height + 1, [spend(coins[7:8], 60 * COIN)])
        chain._manager.process_block_header(pbk.BlockHeader(invalid[:80]))
        for raw in (mined(sha256d(invalid[:80]), chain.height + 2), invalid):  # Core keeps both, and connects neither
            chain.submit(raw)
        active = core_chain(chain)
        told = [core_coins(chain, height) for height in range(1, chain.height + 1)]
    return Made(path, active, [[], *told], records(path, "blk00000.dat"), records(path, "rev00000.dat", 32))


def core_coins(chain: RegtestChain, height: int) -> list[tuple[int, int, bytes]]:
    """The coins that a block spends, as Bitcoin Core reads them: height, value, script."""
    entry = chain._manager.get_active_chain().block_tree_entries[height]
    return [
        (coin.confirmation_height, coin.output.amount, bytes(coin.output.script_pubkey))
        for transaction in chain._manager.block_spent_outputs[entry].transactions
        for coin in transaction.coins
    ]


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
            assert bytes(chain.best_entry.block_hash)[::-1].hex() == GENESIS[network]
            folder = BlockFolder(path / "blocks", network)
            assert [own[::-1].hex() for own in hashes_of(folder)] == [GENESIS[network]]
            del chain


class Damage(NamedTuple):
    """What was done to a folder, and where the error must point."""

    name: str
    offset: int
    why: str


def offset_of(parts: Sequence[bytes], number: int) -> int:
    return sum(map(len, parts[:number]))


def flipped(parts: Sequence[bytes], number: int, at: int) -> list[bytes]:
    """The records with one bit changed."""
    record = bytearray(parts[number])
    record[at] ^= 1
    return [*parts[:number], bytes(record), *parts[number + 1 :]]


def damaged(made: Made, path: Path, blocks: Sequence[bytes], undo: Sequence[bytes], room: int = 5000) -> DamagedFile:
    """The one error of reading this folder whole."""
    folder = regtest(rewritten(path, (blocks, undo), room=room))
    with pytest.raises(DamagedFile) as caught:
        list(read_chain(folder))
    return caught.value


def test_a_record_that_is_none_is_damage(made: Made, tmp_path: Path) -> None:
    for number, (at, change) in enumerate({"magic": 1, "length": 4}.items()):
        error = damaged(made, tmp_path / str(number), flipped(made.blocks, 60, change), made.undo)
        assert error.path.name == "blk00000.dat", at
        assert offset_of(made.blocks, 60) <= error.offset <= offset_of(made.blocks, 61) + 1, at


def test_a_header_or_a_count_that_is_none_is_damage(made: Made, tmp_path: Path) -> None:
    bits = damaged(made, tmp_path / "bits", flipped(made.blocks, 60, 8 + 75), made.undo)
    assert (bits.path.name, bits.offset) == ("blk00000.dat", offset_of(made.blocks, 60) + 8)
    count = damaged(made, tmp_path / "count", [*made.blocks[:60], zeroed(made.blocks[60], 88)], made.undo[:60])
    assert (count.path.name, count.offset) == ("blk00000.dat", offset_of(made.blocks, 60) + 88)


def test_a_gap_in_a_folder_that_begins_with_genesis_is_damage(made: Made, tmp_path: Path) -> None:
    """On regtest every second header with a changed bit still has enough work."""
    gap = damaged(made, tmp_path, [*made.blocks[:60], *made.blocks[61:]], [*made.undo[:59], *made.undo[60:]])
    assert (gap.path.name, gap.offset) == ("blk00000.dat", offset_of(made.blocks, 60))
    assert gap.why == "the block before this one is in no file"


def zeroed(record: bytes, at: int) -> bytes:
    return record[:at] + b"\x00" + record[at + 1 :]


def test_a_record_beyond_the_end_of_the_file_is_damage(made: Made, tmp_path: Path) -> None:
    cut = [*made.blocks[:60], made.blocks[60][:-1]]
    error = damaged(made, tmp_path / "blk", cut, made.undo[:60], room=0)
    assert (error.path.name, error.offset, error.why) == (
        "blk00000.dat",
        offset_of(cut, 60),
        "a record runs past the end of the file",
    )


def test_a_changed_transaction_is_damage(made: Made, tmp_path: Path) -> None:
    error = damaged(made, tmp_path, flipped(made.blocks, 60, 8 + 80 + 60), made.undo)
    assert error.path.name == "blk00000.dat"
    assert offset_of(made.blocks, 60) < error.offset < offset_of(made.blocks, 61)


def test_changed_undo_data_is_damage(made: Made, tmp_path: Path) -> None:
    spending = next(number for number, each in enumerate(made.undo) if len(each) > 50)
    for at in (8, 11, len(made.undo[spending]) - 20):
        error = damaged(made, tmp_path / str(at), made.blocks, flipped(made.undo, spending, at))
        assert (error.path.name, error.offset) == ("rev00000.dat", offset_of(made.undo, spending) + 8)
    error = damaged(made, tmp_path / "magic", made.blocks, flipped(made.undo, spending, 0))
    assert (error.path.name, error.offset) == ("rev00000.dat", offset_of(made.undo, spending))


def test_undo_data_changed_after_the_scan_is_damage(made: Made, tmp_path: Path) -> None:
    folder = regtest(rewritten(tmp_path, (made.blocks, made.undo)))
    found = folder.scan()
    row = next(int(row) for row in folder.best_chain(found).rows if found.blocks["undo_size"][row] > 5)
    place = folder.place(found, row)
    undo = tmp_path / "blocks" / "rev00000.dat"
    raw = bytearray(undo.read_bytes())
    raw[place.undo_at + place.undo_size - 1] ^= 1
    undo.write_bytes(raw)
    with pytest.raises(DamagedFile, match="checksum"):
        folder.read(place)
    blocks = tmp_path / "blocks" / "blk00000.dat"
    blocks.write_bytes(made.blocks[0] * (blocks.stat().st_size // len(made.blocks[0])))
    with pytest.raises(DamagedFile):
        folder.read(place)


def test_a_file_of_undo_data_that_is_gone_is_damage(made: Made, tmp_path: Path) -> None:
    path = rewritten(tmp_path, (made.blocks[:40], made.undo[:39]), (made.blocks[40:], made.undo[39:]))
    (path / "blocks" / "rev00000.dat").unlink()
    with pytest.raises(DamagedFile, match=r"rev00000\.dat is damaged at byte 0: no undo data of block"):
        hashes_of(regtest(path))


def test_a_key_of_another_length_is_damage(made: Made, tmp_path: Path) -> None:
    path = rewritten(tmp_path, (made.blocks, made.undo))
    (path / "blocks" / "xor.dat").write_bytes(b"1234567")
    with pytest.raises(DamagedFile, match=r"xor\.dat"):
        regtest(path)


def test_a_folder_that_is_none_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        BlockFolder(tmp_path / "nowhere", Network.REGTEST)
    with pytest.raises(NoBlockFiles):
        BlockFolder(tmp_path, Network.REGTEST)


@pytest.mark.parametrize("key", [NO_KEY, b"keykeyke"], ids=["no key", "key"])
def test_what_a_node_is_just_writing_is_no_damage(made: Made, tmp_path: Path, key: bytes) -> None:
    """Bitcoin Core writes from the front into space that it took before, and which it does not XOR."""
    block, undo = made.blocks[60], made.undo[58]
    for number, (part, rest) in enumerate([(8, 0), (88, 0), (len(block) - 1, 0), (len(block), 0), (len(block), 9)]):
        blocks = [*made.blocks[:60], block[:part]]
        folder = regtest(rewritten(tmp_path / f"{part} {rest}", (blocks, [*made.undo[:58], undo[:rest]]), key=key))
        assert hashes_of(folder) == made.active[:59], number
    almost = [*made.undo[:58], undo[:-9]]
    assert hashes_of(regtest(rewritten(tmp_path / "undo", (made.blocks[:60], almost), key=key))) == made.active[:59]


def test_what_a_crash_left_behind_the_newest_block_is_no_damage(made: Made, tmp_path: Path) -> None:
    """A node killed at a bad moment writes on from an earlier place; until it gets there, old bytes lie behind."""
    behind = [*made.blocks[:60], made.blocks[70][50:], made.blocks[71]]
    assert hashes_of(regtest(rewritten(tmp_path, (behind, made.undo[:59])))) == made.active[:60]


@given(st.data())
def test_any_bytes_in_the_files_give_a_chain_or_our_error(data: st.DataObject) -> None:
    piece = st.sampled_from([*PIECES, b"\x00" * 40, b"\xfa\xbf\xb5\xda"]) | st.binary(max_size=100)
    pieces = st.lists(piece, max_size=6)
    with TemporaryDirectory() as name:
        files = [(data.draw(pieces), data.draw(pieces)) for _ in range(data.draw(st.integers(1, 2)))]
        with suppress(SekishoError):
            list(
                read_chain(
                    regtest(rewritten(Path(name), *files, key=data.draw(st.sampled_from([NO_KEY, b"keykeyke"]))))
                )
            )


PIECES = [
    b"\xfa\xbf\xb5\xda" + len(raw).to_bytes(4, "little") + raw
    for raw in (mined(REGTEST_GENESIS, 1), mined(REGTEST_GENESIS, 1, script=Script(b"\x53")))
] + [b"\xfa\xbf\xb5\xda\x01\x00\x00\x00\x00" + sha256d(REGTEST_GENESIS + b"\x00")]

"""Damage in block and undo files is one clear error; what a node is writing is none."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.chain.blockfiles.datfile import NO_KEY, DamagedFile
from sekisho.chain.blockfiles.folder import BlockFolder, NoBlockFiles
from sekisho.chain.importer import import_files
from sekisho.chain.kernel import mined
from sekisho.chain.store import open_store
from sekisho.errors import SekishoError
from sekisho.files import UnreadableFile
from support.datfiles import REGTEST_GENESIS, Made, hashes_of, read_chain, regtest, rewritten


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


def test_undo_data_of_no_bytes_is_damage(made: Made, tmp_path: Path) -> None:
    nothing = made.undo[0][:4] + bytes(4) + sha256d(REGTEST_GENESIS)
    error = damaged(made, tmp_path, made.blocks, [*made.undo[:60], nothing, *made.undo[60:]])
    assert (error.path.name, error.offset) == ("rev00000.dat", offset_of(made.undo, 60))


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


def test_another_block_where_a_scan_saw_one_is_damage(made: Made, tmp_path: Path) -> None:
    folder = regtest(rewritten(tmp_path, (made.blocks, made.undo)))
    found = folder.scan()
    place = folder.place(found, 5)
    other = next(each for each in made.blocks[6:] if len(each) == len(made.blocks[5]))
    blocks = tmp_path / "blocks" / "blk00000.dat"
    raw = blocks.read_bytes()
    blocks.write_bytes(raw.replace(made.blocks[5], other))
    with pytest.raises(DamagedFile, match="another block lies here"):
        folder.read(place)


def test_nothing_is_kept_of_a_file_with_a_block_that_does_not_fit(made: Made, tmp_path: Path) -> None:
    """Without undo data nobody can tell that the newest block was never connected: it pays more than it spends."""
    blocks = rewritten(tmp_path, (made.blocks[:60], ()), (made.blocks[60:], ())) / "blocks"
    for undo in blocks.glob("rev*"):
        undo.unlink()
    with pytest.raises(DamagedFile, match=r"blk00001\.dat .*pays more than it spends"):
        import_files(tmp_path / "store", Network.REGTEST, blocks=[blocks], batch=1_000)
    assert [each.tobytes() for each in open_store(tmp_path / "store").columns.block_hash] == made.active[:60]


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

"""A store holds what was committed, whatever happened since."""

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.assemble import KnownBlock, parsed_of, told_of
from sekisho.chain.builder import Place
from sekisho.chain.columns import NO_HEIGHT, UNSPENDABLE, UNSPENT
from sekisho.chain.head import DamagedStore, NoStore, OtherStore
from sekisho.chain.mapped import SLOTS, StoreBusy
from sekisho.chain.store import Store, open_store
from sekisho.chain.unfit import BadSpend, UnfitBlock
from support.chains import address_script, chain_of, coinbase, out, pay
from support.drawn import Drawn, chains, known, same


def put(store: Store, block: KnownBlock, *, whole: bool = False) -> None:
    loose = block.height is None
    raw, parsed = parsed_of(block.transactions, bytes(32) if loose else block.hash, 0 if loose else block.time)
    place = Place(NO_HEIGHT if block.height is None else block.height, whole=whole)
    store.add(place, raw, parsed, told_of(block.transactions, block.told))


def abandon(store: Store) -> None:
    """What a kill leaves: the files as they are, and the lock free."""
    store._lock.release()


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def check(path: Path, blocks: list[KnownBlock], drawn: Drawn) -> None:
    """The store holds exactly these blocks of the drawn chain."""
    whole = [block for block in blocks if block.height is not None]
    plain = chain_of(
        [block.transactions for block in whole],
        loose=[transaction for block in blocks if block.height is None for transaction in block.transactions],
        first_height=drawn.first_height,
        told=drawn.told,
    )
    chain = open_store(path)
    if whole:
        same(chain, plain)
    assert all(
        chain.find_script(plain.script(number)) == number for number in range(len(plain.columns.script_start) - 1)
    )


@settings(max_examples=20)
@given(chains(), st.data())
def test_what_was_committed_is_there_after_cuts_kills_and_errors(drawn: Drawn, data: st.DataObject):
    with tempfile.TemporaryDirectory() as made:
        path, blocks = Path(made), drawn.known
        committed = 0
        for _ in range(4):
            ending = data.draw(st.sampled_from(["closed", "killed", "cut", "cut and killed"]))
            store = Store(path, Network.REGTEST).__enter__()
            have = committed
            if ending.startswith("cut"):
                have = committed = data.draw(st.integers(0, committed))
                store.cut(have)
            for block in blocks[have : data.draw(st.integers(have, len(blocks)))]:
                put(store, block)
                have += 1
                if data.draw(st.booleans()):
                    store.commit()
                    committed = have
            if ending.endswith("killed"):
                abandon(store)
            else:
                store.__exit__(None, None, None)
            check(path, blocks[:committed], drawn)


MINED = coinbase(1, (50, 1))
SPENT = pay([out(MINED)], (20, 2), (30, 3))


def test_a_block_that_does_not_fit_leaves_nothing(folder: Path):
    first, second, bad = known([[MINED], [coinbase(2, (50, 1)), SPENT], [coinbase(3, (50, 9)), SPENT]])

    def imported() -> None:
        with Store(folder, Network.REGTEST) as store:
            put(store, first)
            store.commit()
            put(store, second)
            put(store, bad)

    with pytest.raises(BadSpend):
        imported()
    same(open_store(folder), chain_of([[MINED]]))
    with Store(folder, Network.REGTEST) as store:
        put(store, second)
        with pytest.raises(UnfitBlock):
            put(store, bad)
        store.commit()
    same(open_store(folder), chain_of([[MINED], [coinbase(2, (50, 1)), SPENT]]))


OUTSIDE = OutPoint(Txid(b"\x77" * 32), 5)
WIDE = coinbase(1, (20, 1), (30, 2))
THIRD = coinbase(3, (50, 1))
DOES_NOT_FIT = {
    "a coin that is spent": [THIRD, pay([OUTSIDE, out(WIDE, 1), out(WIDE, 0)], (1, 1))],
    "more paid than is there": [THIRD, pay([out(WIDE, 1)], (30, 1)), pay([OUTSIDE], (9, 1))],
    "a coin that is not": [THIRD, pay([OUTSIDE, out(WIDE, 1)], (30, 1)), pay([out(WIDE, 2)], (9, 1))],
    "a coinbase that takes too much": [coinbase(3, (50 * COIN + 9, 1)), pay([OUTSIDE, out(WIDE, 1)], (30, 1))],
}


@pytest.mark.parametrize("bad", DOES_NOT_FIT.values(), ids=DOES_NOT_FIT)
def test_what_a_block_spent_that_does_not_fit_can_be_spent_by_one_that_does(folder: Path, bad: list[Transaction]):
    told = {OUTSIDE: TxOutput(Sats(8), address_script(3))}
    good = [
        [WIDE],
        [coinbase(2, (50, 1)), pay([out(WIDE, 0)], (20, 3))],
        [THIRD, pay([OUTSIDE, out(WIDE, 1)], (38, 4))],
    ]
    *first, last = (replace(each, told=told) for each in known(good))
    with Store(folder, Network.REGTEST) as store:
        for block in first:
            put(store, block)
        spenders = store.builder.growing.used().out_spender.copy()
        for _ in range(2):
            with pytest.raises(UnfitBlock):
                put(store, replace(last, transactions=tuple(bad)), whole=True)
            assert np.array_equal(store.builder.growing.used().out_spender, spenders)
        put(store, last)
        store.commit()
    same(open_store(folder), chain_of(good, told=told))


def test_what_a_killed_import_spent_is_unspent_again(folder: Path):
    first, second = known([[WIDE], [coinbase(2, (50, 1)), pay([out(WIDE, 0)], (20, 3))]])
    with Store(folder, Network.REGTEST) as store:
        put(store, first)
        store.commit()
    store = Store(folder, Network.REGTEST).__enter__()
    put(store, second)
    abandon(store)
    same(open_store(folder), chain_of([[WIDE]]))


def test_a_coin_of_a_block_that_went_away_is_one_from_outside(folder: Path):
    gone = pay([out(WIDE, 0), OUTSIDE], (20, 3))
    after = [[WIDE], [coinbase(2, (50, 2)), pay([out(gone), OUTSIDE], (20, 4))]]
    with Store(folder, Network.REGTEST) as store:
        for block in known([[WIDE], [coinbase(2, (50, 1)), gone]]):
            put(store, block)
        store.cut(1)
        put(store, known(after)[1])
        store.commit()
    same(open_store(folder), chain_of(after))


def test_a_coinbase_overwritten_by_a_block_that_went_away_lives_again(folder: Path):
    first, second = known([[MINED], [MINED]])
    for kill in (False, True):
        with Store(folder, Network.REGTEST) as store:
            if not store.committed.blocks:
                put(store, first)
                store.commit()
        store = Store(folder, Network.REGTEST).__enter__()
        put(store, second)
        assert list(store.builder.growing.used().out_spender) == [UNSPENDABLE, UNSPENT]
        if kill:
            abandon(store)
        else:
            store.commit()
            store.cut(1)
            store.__exit__(None, None, None)
        assert list(open_store(folder).columns.out_spender) == [UNSPENT]


def test_nobody_writes_while_somebody_reads(folder: Path):
    with Store(folder, Network.REGTEST) as store:
        put(store, known([[MINED]])[0])
        store.commit()
        with pytest.raises(StoreBusy, match="an import is writing it"):
            open_store(folder)
        with pytest.raises(StoreBusy), Store(folder, Network.REGTEST):
            pass
    spender = open_store(folder).columns.out_spender  # one array is enough to hold it
    other = open_store(folder)
    with pytest.raises(StoreBusy, match="somebody reads"), Store(folder, Network.REGTEST):
        pass
    del other, spender
    with Store(folder, Network.REGTEST) as store:
        assert store.tip.height == 1


def test_columns_of_a_reader_cannot_be_written(folder: Path):
    with Store(folder, Network.REGTEST) as store:
        put(store, known([[MINED]])[0])
        store.commit()
    for column in open_store(folder).columns:
        assert not column.flags.writeable
        assert column.flags.c_contiguous


def test_another_network_or_format_is_refused(folder: Path):
    with Store(folder, Network.REGTEST):
        pass
    with pytest.raises(OtherStore, match="network regtest, not main"), Store(folder, Network.MAIN):
        pass
    head = json.loads((folder / "store.json").read_text())
    (folder / "store.json").write_text(json.dumps(head | {"format": "sekisho/store/9"}))
    for use in (lambda: open_store(folder), lambda: Store(folder, Network.REGTEST).__enter__()):
        with pytest.raises(OtherStore, match="format sekisho/store/9"):
            use()


def test_a_folder_without_a_store_is_no_store(folder: Path):
    with pytest.raises(NoStore):
        open_store(folder)
    (folder / "letters.txt").write_text("mine")
    with pytest.raises(DamagedStore), Store(folder, Network.REGTEST):
        pass
    assert sorted(each.name for each in folder.iterdir()) == ["letters.txt", "lock"]


@pytest.mark.parametrize("size", [0, 8, 4096, 8191, 8193])
def test_a_table_of_scripts_that_was_cut_off_is_an_error(tmp_path: Path, size: int) -> None:
    """At a power of two it passed for a smaller table: most addresses had never been seen."""
    with Store(tmp_path / "s", Network.REGTEST) as store:
        put(store, known([[MINED]])[0])
        store.commit()
    os.truncate(tmp_path / "s" / "columns" / SLOTS, size)
    with pytest.raises(DamagedStore, match=SLOTS):
        open_store(tmp_path / "s")
    with pytest.raises(DamagedStore, match=SLOTS):
        Store(tmp_path / "s", Network.REGTEST).__enter__()


@given(st.data())
@settings(max_examples=20)
def test_a_damaged_store_is_an_error(data: st.DataObject):
    with tempfile.TemporaryDirectory() as made:
        path = Path(made)
        with Store(path, Network.REGTEST) as store:
            for block in known([[MINED], [coinbase(2, (50, 1)), SPENT]]):
                put(store, block)
            store.commit()
        victim = data.draw(st.sampled_from([*(path / "columns").iterdir(), path / "store.json"]))
        size = victim.stat().st_size
        if victim.name == "store.json":
            raw = bytearray(victim.read_bytes())
            raw[data.draw(st.integers(0, size - 1))] = data.draw(st.sampled_from(b'{}[]",:09ax\xff'))
            victim.write_bytes(raw)
        elif size:
            with victim.open("r+b") as file:
                file.truncate(data.draw(st.integers(0, size - 1)))
            if victim.name != "block_first_script":  # readers have no use for it
                with pytest.raises(DamagedStore):
                    open_store(path)
            with pytest.raises(DamagedStore):
                Store(path, Network.REGTEST).__enter__()
            return
        try:
            chain = open_store(path)
        except (DamagedStore, OtherStore):
            return
        assert np.all(chain.columns.out_sats >= 0)

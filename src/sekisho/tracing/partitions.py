"""A store's Parquet files as slabs, one after another: a whole chain goes through little memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sekisho.chain import parquet
from sekisho.chain.chain import Chain
from sekisho.chain.columns import I64, NO_HEIGHT, U32, UNKNOWN_SATS, UNSPENDABLE, UNSPENT, fixed
from sekisho.errors import SekishoError
from sekisho.tracing.slab import Slab, block_rows

_LEAST = 1 << 18
"""Transactions in a slab, where there are so many."""


class StaleParquet(SekishoError):
    """Parquet files that do not hold the chain of the columns beside them: an import was killed in between."""

    def __init__(self, store: Path) -> None:
        super().__init__(f"the Parquet files of {store} are not those of its chain: run `sekisho trace import` again")
        self.store = store


class DamagedParquet(SekishoError):
    """A Parquet file that cannot be read."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"cannot read {path}: {why}")
        self.path, self.why = path, why


class Partition(NamedTuple):
    """Neighbouring blocks: one file of each table."""

    name: str
    first_tx: int
    end_tx: int


def partitions(store: Path, chain: Chain) -> tuple[Partition, ...]:
    """The partitions of a store, in order of the chain that its columns hold. Raises StaleParquet, DamagedParquet."""
    folder, columns = store / "parquet", chain.columns
    found, block = [], 0
    for name in sorted(parquet.partitions(folder)):  # digits stand before "loose"
        rows = _read(folder, "block", name, ["hash", "first_tx"])
        end = block + len(rows)
        first_tx = columns.block_first_tx[block : end + 1]
        if (
            _bytes(rows, "hash") != columns.block_hash[block:end].tobytes()
            or _u32(rows, "first_tx").tolist() != first_tx[:-1].tolist()
        ):
            raise StaleParquet(store)
        found.append(Partition(name, int(first_tx[0]), int(first_tx[-1])))
        block = end
    if block < len(columns.block_height):
        raise StaleParquet(store)
    if found and found[-1].name == parquet.LOOSE:  # its block has no hash that would tell what is in it
        txids = columns.txid[found[-1].first_tx :]
        if _bytes(_read(folder, "tx", parquet.LOOSE, ["txid"]), "txid") != txids.tobytes():
            raise StaleParquet(store)
    return tuple(found)


def slabs(store: Path, wanted: Iterable[Partition]) -> Iterator[Slab]:
    """The blocks of partitions that follow each other, a few at a time. Raises DamagedParquet."""
    folder = store / "parquet"
    for partition in wanted:
        blocks = _read(folder, "block", partition.name, ["height", "time", "first_tx", "txs"])
        tx = _Rows(folder, "tx", partition.name, ["flags", "first_out", "outs", "first_in", "ins"])
        out = _Rows(folder, "out", partition.name, ["sats", "script", "unspendable"])
        spent = _Rows(folder, "in", partition.name, ["txo", "sats", "script"])
        for begin, end in _stretches(_u32(blocks, "txs")):
            yield _slab(blocks.slice(begin, end - begin), tx, out, spent)


def _stretches(txs: U32) -> Iterator[tuple[int, int]]:
    """Cut blocks with these numbers of transactions into pieces, each with enough of them, or the last."""
    begin, held = 0, 0
    for block, count in enumerate(txs.tolist(), 1):
        held += count
        if held >= _LEAST or block == len(txs):
            yield begin, block
            begin, held = block, 0


class _Rows:
    """The rows of a file, from the first to the last."""

    def __init__(self, folder: Path, table: str, name: str, columns: list[str]) -> None:
        self._path = _path(folder, table, name)
        self._batches = _batches(self._path, columns)
        self._held: list[pa.Table] = []

    def take(self, count: int) -> pa.Table:
        """The next rows. Raises DamagedParquet."""
        held = sum(map(len, self._held))
        while held < count or not self._held:
            batch = next(self._batches, None)
            if batch is None:
                raise DamagedParquet(self._path, "it has fewer rows than the transactions need")
            self._held.append(batch)
            held += len(batch)
        rows = pa.concat_tables(self._held)
        self._held = [rows.slice(count)]
        return rows.slice(0, count)


def _batches(path: Path, columns: list[str]) -> Iterator[pa.Table]:
    """A file's rows, in pieces; at first none, in their shape."""
    try:
        with pq.ParquetFile(path) as file:
            yield file.schema_arrow.empty_table().select(columns)
            for batch in file.iter_batches(columns=columns):
                yield pa.Table.from_batches([batch])
    except (OSError, KeyError, pa.ArrowException) as why:
        raise DamagedParquet(path, _line(why)) from why


def _read(folder: Path, table: str, name: str, columns: list[str]) -> pa.Table:
    """Some columns of a whole file."""
    return pa.concat_tables(_batches(_path(folder, table, name), columns))


def _slab(blocks: pa.Table, tx_rows: _Rows, out_rows: _Rows, in_rows: _Rows) -> Slab:
    """These blocks, with the rows that come next in the other tables."""
    block_first_tx = _edges(blocks, "first_tx", "txs")
    first_tx = int(block_first_tx[0])
    tx = tx_rows.take(int(block_first_tx[-1]) - first_tx)
    tx_first_out, tx_first_in = _edges(tx, "first_out", "outs"), _edges(tx, "first_in", "ins")
    out = out_rows.take(int(tx_first_out[-1] - tx_first_out[0]))
    spent = in_rows.take(int(tx_first_in[-1] - tx_first_in[0]))
    return Slab(
        first_tx=first_tx,
        first_out=int(tx_first_out[0]),
        blocks=block_rows(block_first_tx.astype(np.uint32), _u32(blocks, "height", NO_HEIGHT), _u32(blocks, "time")),
        tx_flags=fixed(tx["flags"].to_numpy().astype(np.uint16)),
        tx_first_out=fixed(tx_first_out),
        tx_first_in=fixed(tx_first_in - tx_first_in[0]),
        out_sats=fixed(_i64(out, "sats", UNKNOWN_SATS)),
        out_spender=fixed(np.where(out["unspendable"].to_numpy(), UNSPENDABLE, UNSPENT).astype(np.uint32)),
        out_script=fixed(_u32(out, "script")),
        in_prev=fixed(_i64(spent, "txo")),
        in_sats=fixed(_i64(spent, "sats", UNKNOWN_SATS)),
        in_script=fixed(_u32(spent, "script")),
    )


def _edges(rows: pa.Table, first: str, count: str) -> I64:
    """Where each row's things begin, and where those of the last end."""
    begins = _i64(rows, first)
    return np.append(begins, begins[-1:] + _i64(rows, count)[-1:])


def _i64(rows: pa.Table, name: str, null: int = 0) -> I64:
    """A column, with a number in place of nulls."""
    column: I64 = rows[name].cast(pa.int64()).fill_null(null).to_numpy()
    return column


def _u32(rows: pa.Table, name: str, null: int = 0) -> U32:
    return _i64(rows, name, null).astype(np.uint32)


def _bytes(rows: pa.Table, name: str) -> bytes:
    """A column of hashes, end to end."""
    return b"".join(rows[name].to_pylist())


def _path(folder: Path, table: str, name: str) -> Path:
    return folder / table / f"{name}.parquet"


def _line(why: Exception) -> str:
    return " ".join(str(why).split())[:200]

"""The chain as Parquet, for other engines: partitions by height, written anew where they changed (docs/store.md)."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sekisho.chain.columns import NO_HEIGHT, U8, UNKNOWN_SATS, UNSPENDABLE, Columns
from sekisho.chain.mapped import StoreUnusable
from sekisho.files import replace

SPAN = 10_000
"""Blocks by height in one partition."""

FORMAT = "sekisho/parquet/2"
LOOSE = "loose"
"""The partition of loose transactions: the last one."""

_MANIFEST = "manifest.json"
_GROUP = 1 << 18
"""Transactions, or scripts, in one row group."""


_REPEATED = ["height", "flags", "outs", "ins", "vout"]
"""Columns of few different values."""


class Partition(NamedTuple):
    """Neighbouring blocks, and the scripts that first appear in them."""

    name: str
    blocks: range
    scripts: range
    identity: str
    """Another one where any of its rows would be another."""


class Step(NamedTuple):
    """The rows of one row group."""

    columns: Columns
    blocks: range
    transactions: range
    scripts: range


def write_parquet(store: Path, columns: Columns, first_script: list[int]) -> int:
    """Bring the Parquet files of a store up to its columns. How many partitions were written.

    `first_script` tells for each block its first script, and at the end how many there are. Raises StoreUnusable,
    UnwritableFile.
    """
    folder = store / "parquet"
    wanted = {each.name: each for each in _partitions(columns, first_script)}
    try:
        for table in TABLES:
            (folder / table).mkdir(parents=True, exist_ok=True)
        known = partitions(folder)
        right = {name: each.identity for name, each in wanted.items() if known.get(name) == each.identity}
        if right.keys() == wanted.keys() == known.keys():
            return 0
        _tell(folder, right)  # a file that is not named here is written anew, or removed
        for table in TABLES:
            for path in (folder / table).iterdir():
                if path.name.removesuffix(".parquet") not in right:
                    path.unlink()
        for name in wanted.keys() - right.keys():
            for table in TABLES:
                _write(folder / table / f"{name}.parquet", table, columns, wanted[name])
        _tell(folder, {name: each.identity for name, each in wanted.items()})
    except OSError as why:
        raise StoreUnusable(folder, why.strerror or str(why)) from why
    return len(wanted) - len(right)


def _partitions(columns: Columns, first_script: list[int]) -> Iterator[Partition]:
    heights = columns.block_height
    start = 0
    while start < len(heights):
        first = int(heights[start])
        loose = first == NO_HEIGHT
        end = len(heights) if loose else int(np.searchsorted(heights, min(first // SPAN * SPAN + SPAN, NO_HEIGHT)))
        named = columns.txid[int(columns.block_first_tx[start]) :] if loose else columns.block_hash[start:end]
        name = LOOSE if loose else f"{first // SPAN * SPAN:010d}"
        numbers = (start, end, int(columns.block_first_tx[start]), first_script[start], first_script[end])
        yield Partition(
            name, range(start, end), range(first_script[start], first_script[end]), _identity(named, numbers)
        )
        start = end


def _identity(named: U8, numbers: tuple[int, ...]) -> str:
    return hashlib.sha256(FORMAT.encode() + repr(numbers).encode() + named.tobytes()).hexdigest()


def partitions(folder: Path) -> dict[str, str]:
    """The identities of the partitions that are there whole, by name; none where nobody can tell."""
    path = folder / _MANIFEST
    try:
        told: object = json.loads(path.read_bytes()) if path.exists() else {}
    except ValueError:
        return {}
    if not isinstance(told, dict) or told.get("format") != FORMAT or not isinstance(told.get("partitions"), dict):
        return {}
    names = {str(name): str(identity) for name, identity in told["partitions"].items()}
    return {
        name: identity
        for name, identity in names.items()
        if all((folder / table / f"{name}.parquet").exists() for table in TABLES)
    }


def _tell(folder: Path, identities: dict[str, str]) -> None:
    document = {"format": FORMAT, "partitions": dict(sorted(identities.items()))}
    replace(folder / _MANIFEST, json.dumps(document, indent=1).encode())


def _write(path: Path, table: str, columns: Columns, partition: Partition) -> None:
    scratch = path.with_suffix(".part")
    schema, rows = TABLES[table]
    with pq.ParquetWriter(scratch, schema, compression="zstd", use_dictionary=_REPEATED) as writer:
        for step in _steps(columns, partition):
            writer.write_table(pa.table(rows(step), schema=schema))
    scratch.replace(path)


def _steps(columns: Columns, partition: Partition) -> Iterator[Step]:
    first = int(columns.block_first_tx[partition.blocks.start])
    last = int(columns.block_first_tx[partition.blocks.stop])
    blocks, scripts, start = partition.blocks, partition.scripts, first
    while start < last or scripts or blocks:
        end = min(start + _GROUP, last)
        yield Step(columns, blocks, range(start, end), scripts[:_GROUP])
        blocks, scripts, start = range(0), scripts[_GROUP:], end


def _blocks(step: Step) -> list[pa.Array]:
    columns, rows = step.columns, slice(step.blocks.start, step.blocks.stop)
    heights, first = columns.block_height[rows], columns.block_first_tx[rows]
    ends = columns.block_first_tx[step.blocks.start + 1 : step.blocks.stop + 1]
    hashes = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), len(heights), [None, pa.py_buffer(_flat(columns.block_hash[rows]))]
    )
    return [
        pa.array(heights, mask=heights == NO_HEIGHT),
        hashes,
        pa.array(columns.block_time[rows]),
        pa.array(first),
        pa.array(ends - first),
    ]


def _transactions(step: Step) -> list[pa.Array]:
    columns, tx = step.columns, step.transactions
    rows = slice(tx.start, tx.stop)
    numbers = np.arange(tx.start, tx.stop, dtype=np.uint32)
    heights = columns.block_height[np.searchsorted(columns.block_first_tx, numbers, side="right") - 1]
    edges = slice(tx.start, tx.stop + 1)
    outputs, inputs = columns.tx_first_out[edges], columns.tx_first_in[edges]
    txids = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), len(tx), [None, pa.py_buffer(_flat(columns.txid[rows]))]
    )
    return [
        pa.array(numbers),
        txids,
        pa.array(heights, mask=heights == NO_HEIGHT),
        pa.array(columns.tx_flags[rows]),
        pa.array(outputs[:-1]),
        pa.array(np.diff(outputs).astype(np.uint32)),
        pa.array(inputs[:-1]),
        pa.array(np.diff(inputs).astype(np.uint32)),
    ]


def _outputs(step: Step) -> list[pa.Array]:
    columns, tx = step.columns, step.transactions
    edges = columns.tx_first_out[tx.start : tx.stop + 1]
    rows = slice(int(edges[0]), int(edges[-1]))
    txo = np.arange(rows.start, rows.stop, dtype=np.int64)
    sats = columns.out_sats[rows]
    return [
        pa.array(txo),
        pa.array(np.repeat(np.arange(tx.start, tx.stop, dtype=np.uint32), np.diff(edges))),
        pa.array((txo - np.repeat(edges[:-1], np.diff(edges))).astype(np.uint32)),
        pa.array(sats, mask=sats == UNKNOWN_SATS),
        pa.array(columns.out_script[rows]),
        pa.array(columns.out_spender[rows] == UNSPENDABLE),
    ]


def _inputs(step: Step) -> list[pa.Array]:
    columns, tx = step.columns, step.transactions
    edges = columns.tx_first_in[tx.start : tx.stop + 1]
    rows = slice(int(edges[0]), int(edges[-1]))
    spent = columns.in_prev[rows]
    sats = columns.out_sats[spent]
    return [
        pa.array(np.arange(rows.start, rows.stop, dtype=np.int64)),
        pa.array(np.repeat(np.arange(tx.start, tx.stop, dtype=np.uint32), np.diff(edges))),
        pa.array(spent),
        pa.array(sats, mask=sats == UNKNOWN_SATS),
        pa.array(columns.out_script[spent]),
    ]


def _scripts(step: Step) -> list[pa.Array]:
    columns, scripts = step.columns, step.scripts
    starts = columns.script_start[scripts.start : scripts.stop + 1]
    raw = columns.script_bytes[int(starts[0]) : int(starts[-1])] if len(scripts) else columns.script_bytes[:0]
    offsets = pa.py_buffer(np.ascontiguousarray(starts - starts[0]))
    texts = pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(scripts), [None, offsets, pa.py_buffer(_flat(raw))])
    return [pa.array(np.arange(scripts.start, scripts.stop, dtype=np.uint32)), texts]


def _outside(step: Step) -> list[pa.Array]:
    columns, edges = step.columns, step.columns.tx_first_out
    bounds = (edges[step.transactions.start], edges[step.transactions.stop])
    start, end = (int(each) for each in np.searchsorted(columns.outside_txo, bounds))
    rows = slice(start, end)
    txids = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(32), end - start, [None, pa.py_buffer(_flat(columns.outside_txid[rows]))]
    )
    return [pa.array(columns.outside_txo[rows]), txids, pa.array(columns.outside_vout[rows])]


def _flat(column: U8) -> U8:
    return np.ascontiguousarray(column).reshape(-1)


def _schema(**fields: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in fields.items()])


_HASH = pa.binary(32)

TABLES: dict[str, tuple[pa.Schema, Callable[[Step], list[pa.Array]]]] = {
    "block": (
        _schema(height=pa.uint32(), hash=_HASH, time=pa.uint32(), first_tx=pa.uint32(), txs=pa.uint32()),
        _blocks,
    ),
    "tx": (
        _schema(
            tx=pa.uint32(),
            txid=_HASH,
            height=pa.uint32(),
            flags=pa.uint16(),
            first_out=pa.int64(),
            outs=pa.uint32(),
            first_in=pa.int64(),
            ins=pa.uint32(),
        ),
        _transactions,
    ),
    "out": (
        _schema(
            txo=pa.int64(),
            tx=pa.uint32(),
            vout=pa.uint32(),
            sats=pa.int64(),
            script=pa.uint32(),
            unspendable=pa.bool_(),
        ),
        _outputs,
    ),
    "in": (
        _schema(txi=pa.int64(), tx=pa.uint32(), txo=pa.int64(), sats=pa.int64(), script=pa.uint32()),
        _inputs,
    ),
    "script": (_schema(script=pa.uint32(), bytes=pa.large_binary()), _scripts),
    "outside": (_schema(txo=pa.int64(), txid=_HASH, vout=pa.uint32()), _outside),
}
"""The tables: their columns, and how to fill a row group."""

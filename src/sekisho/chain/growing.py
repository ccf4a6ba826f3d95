"""Columns while they grow: arrays with room behind what is used, in memory or in a store's files."""

from typing import NamedTuple, Protocol

import numpy as np

from sekisho.chain.columns import I64, U8, U16, U32, U64, Columns

Column = U8 | U16 | U32 | U64 | I64


class Counts(NamedTuple):
    """How many rows of each kind there are. What lies behind them in an array does not exist."""

    blocks: int = 0
    transactions: int = 0
    outputs: int = 0
    inputs: int = 0
    scripts: int = 0
    script_bytes: int = 0
    outside: int = 0
    """Coins from outside."""

    def plus(self, more: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(mine + theirs for mine, theirs in zip(self, more, strict=True)))


class Shape(NamedTuple):
    """What a column is made of."""

    dtype: str
    counted: str
    """The field of `Counts` that says how many rows are used."""
    more: int = 0
    """Rows beyond that count."""
    width: int = 0
    """Elements in a row; 0 where a row is one plain number."""

    def rows(self, counts: Counts) -> int:
        """How many rows are used."""
        return int(getattr(counts, self.counted)) + self.more


SHAPES = {
    "block_height": Shape("<u4", "blocks"),
    "block_hash": Shape("|u1", "blocks", width=32),
    "block_time": Shape("<u4", "blocks"),
    "block_first_tx": Shape("<u4", "blocks", 1),
    "txid": Shape("|u1", "transactions", width=32),
    "tx_flags": Shape("<u2", "transactions"),
    "tx_first_out": Shape("<i8", "transactions", 1),
    "tx_first_in": Shape("<i8", "transactions", 1),
    "out_sats": Shape("<i8", "outputs"),
    "out_spender": Shape("<u4", "outputs"),
    "out_script": Shape("<u4", "outputs"),
    "in_prev": Shape("<i8", "inputs"),
    "script_start": Shape("<i8", "scripts", 1),
    "script_bytes": Shape("|u1", "script_bytes"),
    "sorted_prefix": Shape("<u8", "transactions"),
    "sorted_tx": Shape("<u4", "transactions"),
    "outside_txo": Shape("<i8", "outside"),
    "outside_txid": Shape("|u1", "outside", width=32),
    "outside_vout": Shape("<u4", "outside"),
    "block_first_script": Shape("<u4", "blocks", 1),
}
"""Every column by its name; the last one is the store's own, the others those of `Columns`."""


class Shelf(Protocol):
    """Where columns are kept."""

    def room(self, name: str, shape: Shape, rows: int) -> Column:
        """The column with room for at least `rows` rows and all it held before; zeros where nothing was written."""
        ...


class Memory:
    """A shelf that ends with the program."""

    def __init__(self) -> None:
        self._kept: dict[str, Column] = {}

    def room(self, name: str, shape: Shape, rows: int) -> Column:
        """See Shelf."""
        old = self._kept.get(name)
        if old is None or len(old) < rows:
            room = max(rows, 64) if old is None else max(rows, 2 * len(old))
            new = np.zeros((room, shape.width) if shape.width else room, np.dtype(shape.dtype))
            if old is not None:
                new[: len(old)] = old
            self._kept[name] = new
        return self._kept[name]


class Growing:
    """All columns of a chain that grows. `columns` are longer than what `counts` says is used."""

    def __init__(self, shelf: Shelf, counts: Counts) -> None:
        self._shelf = shelf
        self.counts = counts
        self._make(counts)

    def reserve(self, more: Counts) -> None:
        """Make room for these rows behind those in use."""
        wanted = self.counts.plus(more)
        if any(SHAPES[name].rows(wanted) > rows for name, rows in self._room.items()):
            self._make(wanted)

    def used(self) -> Columns:
        """The columns cut to what is used: views, not copies."""
        cut = {name: column[: SHAPES[name].rows(self.counts)] for name, column in self.columns._asdict().items()}
        return self.columns._replace(**cut)

    def _make(self, counts: Counts) -> None:
        made = {name: self._shelf.room(name, shape, shape.rows(counts)) for name, shape in SHAPES.items()}
        self._room = {name: len(column) for name, column in made.items()}
        self.block_first_script: U32 = made.pop("block_first_script").view(np.uint32)
        self.columns = Columns._make(made.values())

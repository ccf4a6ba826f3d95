"""Which scripts have one owner: those that were spent together, and the transaction that showed it for every merge.

Whoever signs for several coins in one transaction holds the keys of all. Mixes are left out, for there many people
sign. Nothing else merges: neither a guess which output is change, nor an amount, nor a time.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sekisho.chain.chain import Chain, ChainTransaction, spent_coin
from sekisho.chain.columns import I64, U8, U16, U32, UNKNOWN_SATS, TxFlag
from sekisho.chain.flags import NO_COIN
from sekisho.compiled import compiled
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.patterns.prefilter import possible_mixes

SHORTEST = 22
"""Bytes of a script that can belong to somebody: a shorter one holds no hash or key (OP_TRUE, pay-to-anchor)."""

NOBODY = -1
"""In `towards`: a cluster's first script, from which no step leads on."""

_NO_INPUTS = int(TxFlag.COINBASE | TxFlag.OUTSIDE)


class Merge(NamedTuple):
    """Two scripts of one owner, and the transaction that spent both. Numbers in the chain."""

    script: int
    other: int
    transaction: int


@dataclass(frozen=True)
class Clusters:
    """The owners of a chain's scripts."""

    of: I64
    """For each script its cluster: the smallest script number in it."""
    towards: I64
    """For each script the next one on the way to its cluster's root, or NOBODY: a tree of the merges that counted."""
    through: I64
    """The transaction that spent both."""

    def members(self, script: int) -> I64:
        """The scripts of the owner of `script`, ascending."""
        found: I64 = np.flatnonzero(self.of == self.of[script])
        return found

    def why(self, script: int, other: int) -> tuple[Merge, ...]:
        """The merges that lead from one script to the other; nothing where their owners are not known to be one."""
        if self.of[script] != self.of[other]:
            return ()
        there, back = self._to_root(script), self._to_root(other)
        met = {step: at for at, step in enumerate(back)}
        shared = next(at for at, step in enumerate(there) if step in met)
        path = there[: shared + 1] + back[: met[there[shared]]][::-1]
        return tuple(self._merge(a, b) for a, b in pairwise(path))

    def _to_root(self, script: int) -> list[int]:
        path = [script]
        while self.towards[path[-1]] != NOBODY:
            path.append(int(self.towards[path[-1]]))
        return path

    def _merge(self, script: int, other: int) -> Merge:
        holder = script if self.towards[script] == other else other
        return Merge(script, other, int(self.through[holder]))


def cluster(chain: Chain) -> Clusters:
    """The clusters of a chain: common inputs, without mixes."""
    columns = chain.columns
    of, towards, through = _unite_all(
        _left_out(chain),
        columns.tx_flags,
        columns.tx_first_in,
        columns.in_prev,
        columns.out_sats,
        columns.out_script,
        columns.script_start,
    )
    return Clusters(of, towards, through)


def _left_out(chain: Chain) -> U8:
    """One for each transaction that merges nothing: mixes, and what could be one but spends coins nobody told us of."""
    columns = chain.columns
    marks = np.zeros(len(columns.txid), np.uint8)
    for tx in possible_mixes(columns, 0, len(columns.txid)).tolist():
        transaction = _unnamed(chain, tx)
        unknown = any(coin.sats is None for coin in transaction.inputs)
        if unknown or classify(transaction) is not None:
            marks[tx] = 1
    return marks


def _unnamed(chain: Chain, tx: int) -> ChainTransaction:
    """A transaction without place and without names of its coins, by which no mix is told: to find names takes most of
    the time that a transaction takes."""
    made = chain.outputs_of(tx)
    return ChainTransaction(
        chain.txid(tx),
        None,
        None,
        TxFlag(int(chain.columns.tx_flags[tx])),
        tuple(spent_coin(NO_COIN, coin) for coin in chain.outputs(chain.coins_of(tx))),
        chain.outputs(np.arange(made.start, made.stop)),
    )


@compiled
def _root(parent: I64, script: int) -> int:
    while parent[script] != script:
        parent[script] = parent[parent[script]]
        script = parent[script]
    return script


@compiled
def _turn(towards: I64, through: I64, script: int) -> None:
    """Make `script` the root of its tree of merges: every step on its way to the old root is turned round."""
    before, transaction = NOBODY, 0
    while script != NOBODY:
        after, used = int(towards[script]), int(through[script])
        towards[script], through[script] = before, transaction
        before, transaction, script = script, used, after


@compiled
def _unite(parent: I64, size: I64, towards: I64, through: I64, a: int, b: int, tx: int) -> None:
    """Merge two scripts, the smaller cluster into the larger: so each is turned round few times."""
    root_a, root_b = _root(parent, a), _root(parent, b)
    if root_a == root_b:
        return
    if size[root_a] > size[root_b]:
        root_a, root_b, a, b = root_b, root_a, b, a
    _turn(towards, through, a)
    towards[a], through[a] = b, tx
    parent[root_a] = root_b
    size[root_b] += size[root_a]


@compiled
def _owned(txo: int, out_sats: I64, out_script: U32, script_start: I64) -> int:
    """The script of an output that somebody owns; NOBODY for others, and for coins nobody told us of."""
    script = np.int64(out_script[txo])
    if out_sats[txo] == UNKNOWN_SATS or script_start[script + 1] - script_start[script] < SHORTEST:
        return NOBODY
    return int(script)


@compiled
def _unite_all(
    left_out: U8,
    tx_flags: U16,
    tx_first_in: I64,
    in_prev: I64,
    out_sats: I64,
    out_script: U32,
    script_start: I64,
) -> tuple[I64, I64, I64]:
    scripts = len(script_start) - 1
    parent, size = np.arange(scripts), np.ones(scripts, np.int64)
    towards, through = np.full(scripts, NOBODY), np.zeros(scripts, np.int64)
    for tx in range(len(left_out)):
        if left_out[tx] or np.int64(tx_flags[tx]) & _NO_INPUTS:
            continue
        first = NOBODY
        for at in range(tx_first_in[tx], tx_first_in[tx + 1]):
            script = _owned(in_prev[at], out_sats, out_script, script_start)
            if script == NOBODY:
                continue
            if first == NOBODY:
                first = script
            else:
                _unite(parent, size, towards, through, first, script, tx)
    smallest = np.full(scripts, scripts)
    for script in range(scripts):
        root = _root(parent, script)
        smallest[root] = min(smallest[root], script)
    for script in range(scripts):
        size[script] = smallest[_root(parent, script)]
    return size, towards, through

"""Which transactions of a chain could be mixes, compiled: the few that the rules must then look at one by one."""

import numpy as np

from sekisho.chain.columns import I64, Columns
from sekisho.compiled import compiled
from sekisho.tracing.patterns.shape import LARGEST_DUST, MANY_INPUTS


@compiled
def may_be_mix(tx: int, first_in: I64, first_out: I64, out_sats: I64) -> bool:
    """`could_be_mix`, asked of transaction `tx`; the arrays are those of `Columns`."""
    inputs = first_in[tx + 1] - first_in[tx]
    outputs = first_out[tx + 1] - first_out[tx]
    if inputs < 2 or outputs < 3:
        return False
    amounts = np.sort(out_sats[first_out[tx] : first_out[tx + 1]])
    most, run = 0, 0
    for at in range(outputs):
        run = run + 1 if at and amounts[at] == amounts[at - 1] else 1
        if amounts[at] > LARGEST_DUST and run > most:
            most = run
    return most >= 2 and (inputs >= MANY_INPUTS or (inputs >= most and outputs <= 3 * most))


@compiled
def _mark(start: int, end: int, first_in: I64, first_out: I64, out_sats: I64) -> I64:
    found = np.empty(end - start, np.int64)
    size = 0
    for tx in range(start, end):
        if may_be_mix(tx, first_in, first_out, out_sats):
            found[size] = tx
            size += 1
    return found[:size]


def possible_mixes(columns: Columns, start: int, end: int) -> I64:
    """The transactions from `start` up to `end` that fulfil `could_be_mix`, ascending."""
    return _mark(start, end, columns.tx_first_in, columns.tx_first_out, columns.out_sats)

"""Which transactions could be mixes, compiled: the few that the rules must then look at one by one."""

import numpy as np

from sekisho.chain.columns import I64, Columns
from sekisho.compiled import compiled, compiled_part
from sekisho.tracing.patterns.shape import LARGEST_DUST, MANY_INPUTS


@compiled_part
def may_be_mix(inputs: int, outputs: I64) -> bool:
    """`could_be_mix` of a transaction with so many inputs, whose outputs hold these amounts."""
    if inputs < 2 or len(outputs) < 3:
        return False
    amounts = np.sort(outputs)
    most, run = 0, 0
    for at in range(len(amounts)):
        run = run + 1 if at and amounts[at] == amounts[at - 1] else 1
        if amounts[at] > LARGEST_DUST and run > most:
            most = run
    return most >= 2 and (inputs >= MANY_INPUTS or (inputs >= most and len(amounts) <= 3 * most))


@compiled
def _mark(start: int, end: int, first_in: I64, first_out: I64, out_sats: I64) -> I64:
    found = np.empty(end - start, np.int64)
    size = 0
    for tx in range(start, end):
        if may_be_mix(first_in[tx + 1] - first_in[tx], out_sats[first_out[tx] : first_out[tx + 1]]):
            found[size] = tx
            size += 1
    return found[:size]


def possible_mixes(columns: Columns, start: int, end: int) -> I64:
    """The transactions from `start` up to `end` that fulfil `could_be_mix`, ascending."""
    return _mark(start, end, columns.tx_first_in, columns.tx_first_out, columns.out_sats)

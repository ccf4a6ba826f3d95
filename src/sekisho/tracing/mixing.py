"""Which of the transactions that taint meets could be a mix: the few that are worth a closer look."""

import numpy as np

from sekisho.chain.columns import I64, TxFlag
from sekisho.compiled import compiled_part, inlined
from sekisho.tracing.question import ASKED_TX, IS_MIX, MET, NO_OUTPUT, Question, first_at_least, note
from sekisho.tracing.slab import Slab
from sekisho.tracing.work import Work

COINBASE = int(TxFlag.COINBASE)

LARGEST_DUST = 2_730
MANY_INPUTS = 15
"""As `patterns.shape.could_be_mix`, whose condition this is; a test holds one against the other."""


@compiled_part
def could_be_mix(inputs: int, outputs: I64) -> bool:
    """Whether amounts alone leave it possible: one above dust is repeated, and there are inputs enough for that."""
    if inputs < 2 or len(outputs) < 3:
        return False
    ordered = np.sort(outputs)
    repeats, run = 0, 1
    for place in range(1, len(ordered)):
        run = run + 1 if ordered[place] == ordered[place - 1] else 1
        if run > repeats and ordered[place] > LARGEST_DUST:
            repeats = run
    return repeats >= 2 and (inputs >= MANY_INPUTS or (inputs >= repeats and len(outputs) <= 3 * repeats))


@inlined
def is_mix(slab: Slab, asked: Question, work: Work, tx: int, inputs: int, outputs: I64) -> bool:
    """Whether `tx` is known to be a mix. One that could be and was never asked about is noted and taken for none."""
    if not asked.rules.ask_mixes or slab.tx_flags[tx - slab.first_tx] & COINBASE:
        return False
    return _is_mix(asked.mixes, work.journal, work.tally, tx, inputs, outputs)


@compiled_part
def _is_mix(mixes: I64, journal: I64, tally: I64, tx: int, inputs: int, outputs: I64) -> bool:
    if not could_be_mix(inputs, outputs):
        return False
    row = first_at_least(mixes, ASKED_TX, tx)
    if row < len(mixes) and mixes[row, ASKED_TX] == tx:
        return bool(mixes[row, IS_MIX] == 1)
    note(journal, tally, MET, tx, NO_OUTPUT, 0, 0, 0)
    return False

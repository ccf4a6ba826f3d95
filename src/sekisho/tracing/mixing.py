"""Which of the transactions that taint meets are mixes, and which are still to be asked about."""

from sekisho.chain.columns import I64, TxFlag
from sekisho.compiled import compiled_part, inlined
from sekisho.tracing.patterns.prefilter import may_be_mix
from sekisho.tracing.question import ASKED_TX, IS_MIX, MET, NO_OUTPUT, Question, first_at_least, note
from sekisho.tracing.slab import Slab
from sekisho.tracing.work import Work

COINBASE = int(TxFlag.COINBASE)


@inlined
def is_mix(slab: Slab, asked: Question, work: Work, tx: int, inputs: int, outputs: I64) -> bool:
    """Whether `tx` is known to be a mix. One that could be and was never asked about is noted and taken for none."""
    if not asked.rules.ask_mixes or slab.tx_flags[tx - slab.first_tx] & COINBASE:
        return False
    return _is_mix(asked.mixes, work.journal, work.tally, tx, inputs, outputs)


@compiled_part
def _is_mix(mixes: I64, journal: I64, tally: I64, tx: int, inputs: int, outputs: I64) -> bool:
    if not may_be_mix(inputs, outputs):
        return False
    row = first_at_least(mixes, ASKED_TX, tx)
    if row < len(mixes) and mixes[row, ASKED_TX] == tx:
        return bool(mixes[row, IS_MIX] == 1)
    note(journal, tally, MET, tx, NO_OUTPUT, 0, 0, 0)
    return False

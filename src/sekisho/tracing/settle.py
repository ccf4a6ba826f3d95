"""One transaction, forward: what came in goes out, seeds are added, and what ends here ends.

Both engines call `settle`, each with the rows it laid on the desk, and keep what is left there afterwards.
"""

import numpy as np

from sekisho.chain.columns import I64, NO_HEIGHT, UNSPENDABLE
from sekisho.compiled import compiled_part, inlined
from sekisho.tracing.listed import pays_service
from sekisho.tracing.methods.carry import carry
from sekisho.tracing.methods.desk import (
    OFFSET,
    POISON,
    ROOM,
    SATS,
    START,
    TAG,
    TARGET,
    in_order,
    make,
)
from sekisho.tracing.question import (
    BELOW_END,
    COINJOIN_END,
    DESTROYED_END,
    FEE_ROWS,
    FEES_END,
    IMPOSSIBLE,
    MADE,
    MOST,
    NO_FEES,
    NO_OUTPUT,
    NOT_CONSERVED,
    PASSED,
    SERVICE_END,
    Question,
    Rules,
    Step,
    count_passed,
    fail,
    note,
    write,
)
from sekisho.tracing.seeding import add_seeds, is_seed
from sekisho.tracing.slab import HEIGHT, TIME, Slab
from sekisho.tracing.work import Work

GOES_ON = -1


@inlined
def settle(slab: Slab, asked: Question, work: Work, step: Step) -> None:
    """Carry the rows that are laid through a transaction. What goes on is left in `work.made`, by output."""
    method, case_of, at = asked.rules.method, asked.case_of, step.tx - slab.first_tx
    first_txo = slab.tx_first_out[at]
    targets = slab.tx_first_out[at + 1] - first_txo + 1
    fee = step.total
    for target in range(targets - 1):
        sats = slab.out_sats[first_txo - slab.first_out + target]
        work.marks[ROOM, target] = sats
        fee -= sats
    work.marks[ROOM, targets - 1] = fee
    if step.laid and (fee < 0 or step.total > MOST):
        fail(work.tally, IMPOSSIBLE, step.tx)
        return
    laid = in_order(work.laid, step.laid, method, case_of)
    count_passed(work.tally, work.laid, laid, case_of)
    if not carry(work, laid, targets, method, False, step.total, case_of):
        fail(work.tally, NOT_CONSERVED, step.tx)
        return
    add_seeds(work, asked, step.first_seed, step.end_seed, first_txo, targets)
    if asked.rules.log_hops:
        _note_rows(work.journal, work.tally, work.made, work.marks[OFFSET, targets], step.tx, first_txo, targets, laid)
    _judge_fee(work, asked.rules, step, slab.blocks[step.block, HEIGHT] == NO_HEIGHT, targets)
    _judge_outputs(slab, asked, work, step)


@compiled_part
def _note_rows(
    journal: I64, tally: I64, made: I64, rows: int, tx: int, first_txo: int, targets: int, laid: int
) -> None:
    """Note what was made, for hops."""
    if laid:
        note(journal, tally, PASSED, tx, NO_OUTPUT, 0, 0, 0)
    for row in range(rows):
        txo = NO_OUTPUT if made[row, TARGET] == targets - 1 else first_txo + made[row, TARGET]
        note(journal, tally, MADE, tx, txo, made[row, START], made[row, SATS], made[row, TAG])


@inlined
def _judge_fee(work: Work, rules: Rules, step: Step, loose: bool, targets: int) -> None:
    """End what went to the fee, or let it wait for the block's coinbase; what that does not claim is destroyed."""
    made, journal, tally = work.made, work.journal, work.tally
    waits = not step.takes_fees and rules.follow_fees != NO_FEES and not loose
    for row in range(work.marks[OFFSET, targets - 1], work.marks[OFFSET, targets]):
        start, sats, tag = made[row, START], made[row, SATS], made[row, TAG]
        if step.mixed and rules.stop_at_mix:
            note(journal, tally, COINJOIN_END, step.tx, NO_OUTPUT, start, sats, tag)
        elif waits:
            write(work.fees, tally[FEE_ROWS], FEES_END, step.tx, NO_OUTPUT, start, sats, tag)
            tally[FEE_ROWS] += 1
        else:
            note(journal, tally, DESTROYED_END if step.takes_fees else FEES_END, step.tx, NO_OUTPUT, start, sats, tag)


@inlined
def _judge_outputs(slab: Slab, asked: Question, work: Work, step: Step) -> None:
    """End what ends at an output, and close ranks of what goes on: `work.made` and OFFSET then hold only that."""
    made, marks, case_of = work.made, work.marks, asked.case_of
    first_txo = slab.tx_first_out[step.tx - slab.first_tx]
    outputs = slab.tx_first_out[step.tx - slab.first_tx + 1] - first_txo
    kept, row = 0, 0
    for target in range(outputs):
        rows_end = marks[OFFSET, target + 1]
        marks[OFFSET, target] = kept
        if row == rows_end:
            continue
        txo = first_txo + target
        fate = fate_of(slab, asked, step.tx, step.block, step.mixed, txo)
        while row < rows_end:
            case = case_of[made[row, TAG] >> 1]
            case_end = end_of_case(made, row, rows_end, case_of)
            own = fate
            if own == GOES_ON and is_below(made, row, case_end, marks[ROOM, target], asked.rules):
                own = BELOW_END
            if own != GOES_ON and own != DESTROYED_END and is_seed(asked.seeds, case_of, txo, case):  # noqa: PLR1714
                own = GOES_ON
            while row < case_end:
                start, sats, tag = made[row, START], made[row, SATS], made[row, TAG]
                if own == GOES_ON:
                    kept = make(made, kept, start, sats, tag, target)
                else:
                    note(work.journal, work.tally, own, step.tx, txo, start, sats, tag)
                row += 1
    marks[OFFSET, outputs] = kept


@inlined
def fate_of(slab: Slab, asked: Question, tx: int, block: int, mixed: bool, txo: int) -> int:
    """What becomes of any taint in an output: GOES_ON, or where it ends.

    Where nobody can spend the output, that is so whatever else is. For the rest, a seed's own output goes on: somebody
    said that these coins were stolen, whoever is listed there.
    """
    here, at = txo - slab.first_out, tx - slab.first_tx
    if slab.out_spender[here] == UNSPENDABLE:
        return DESTROYED_END
    if mixed and asked.rules.stop_at_mix:
        return COINJOIN_END
    if len(asked.stops):
        script, time = int(np.int64(slab.out_script[here])), slab.blocks[block, TIME]
        if pays_service(asked.stops, script, slab, slab.tx_first_in[at], slab.tx_first_in[at + 1], time):
            return SERVICE_END
    return GOES_ON


@inlined
def end_of_case(made: I64, row: int, rows_end: int, case_of: I64) -> int:
    """Where the rows end that are of the same case as `row`."""
    if len(case_of) == 1:
        return rows_end
    case = case_of[made[row, TAG] >> 1]
    while row < rows_end and case_of[made[row, TAG] >> 1] == case:
        row += 1
    return row


@inlined
def is_below(made: I64, begin: int, rows_end: int, value: int, rules: Rules) -> bool:
    """Whether these rows, all of one case and output, are too little to follow; poison taints all of its `value`."""
    if rules.min_sats == 0:
        return False
    sats = 0
    for row in range(begin, rows_end):
        sats += made[row, SATS]
    return bool((value if rules.method == POISON else sats) < rules.min_sats)

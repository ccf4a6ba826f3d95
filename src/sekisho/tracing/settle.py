"""One transaction, forward: what came in goes out, seeds are added, and what ends here ends.

Both engines call `settle`, each with the rows it laid on the desk, and keep what is left there afterwards.
"""

import numpy as np

from sekisho.chain.columns import I64, NO_HEIGHT, UNSPENDABLE
from sekisho.compiled import compiled
from sekisho.tracing.listed import pays_service
from sekisho.tracing.methods.carry import carry
from sekisho.tracing.methods.desk import POISON, SATS, START, TAG, TARGET, Desk, in_order, rows_made, with_room
from sekisho.tracing.question import (
    BELOW_END,
    COINJOIN_END,
    DESTROYED_END,
    FAULT,
    FAULT_TX,
    FEE_ROWS,
    FEES_END,
    IMPOSSIBLE,
    MOST,
    NO_FEES,
    NO_OUTPUT,
    NOT_CONSERVED,
    PASSED,
    SERVICE_END,
    Found,
    Question,
    Rules,
    Step,
    end,
    note,
    with_space,
)
from sekisho.tracing.seeding import add_seeds, is_seed, seeds_between
from sekisho.tracing.slab import Slab, time_of

GOES_ON = -1


@compiled
def fail(found: Found, fault: int, tx: int) -> None:
    """Note what went wrong: the engine stops there."""
    found.counts[FAULT] = fault
    found.counts[FAULT_TX] = tx


@compiled
def settle(slab: Slab, asked: Question, desk: Desk, found: Found, step: Step) -> tuple[Desk, Found]:
    """Carry the rows that are laid through a transaction. What goes on is left in `desk.made`, by output."""
    rules, seeds, tx = asked.rules, asked.seeds, step.tx
    at = tx - slab.first_tx
    first_txo, end_txo = slab.tx_first_out[at], slab.tx_first_out[at + 1]
    targets = end_txo - first_txo + 1
    laid = in_order(desk, step.laid, rules.method, seeds.case_of)
    desk = with_room(desk, targets, rows_made(desk.laid, laid, rules.method, targets, seeds.case_of))
    fee = step.total
    for target in range(targets - 1):
        desk.room[target] = slab.out_sats[first_txo - slab.first_out + target]
        fee -= desk.room[target]
    desk.room[targets - 1] = fee
    if laid:
        if fee < 0 or step.total > MOST:
            fail(found, IMPOSSIBLE, tx)
            return desk, found
        count_passed(found, desk, laid, seeds.case_of)
        made = carry(desk, laid, targets, rules.method, False, step.total, seeds.case_of)
        if made < 0:
            fail(found, NOT_CONSERVED, tx)
            return desk, found
    else:
        desk.offset[: targets + 1] = 0
    first_seed, end_seed = seeds_between(seeds, first_txo, end_txo)
    if first_seed < end_seed:
        desk = add_seeds(desk, found, seeds, first_seed, end_seed, first_txo, targets, rules.method)
    found = with_space(found, desk.offset[targets])
    if laid:
        note(found, tx, PASSED, 0, 0, 0)
    _note_all(desk, found, tx, first_txo, targets)
    _judge_outputs(slab, asked, desk, found, step, first_seed < end_seed)
    _judge_fee(slab, rules, desk, found, step, targets)
    return desk, found


@compiled
def count_passed(found: Found, desk: Desk, laid: int, case_of: I64) -> None:
    """Count the transaction for each case whose taint goes through it; rows are in order of cases."""
    last = -1
    for row in range(laid):
        case = case_of[desk.laid[row, TAG] >> 1]
        if case != last:
            found.passed[case] += 1
            last = case


@compiled
def _note_all(desk: Desk, found: Found, tx: int, first_txo: int, targets: int) -> None:
    if len(found.log) == 0:
        return
    for row in range(desk.offset[targets]):
        target = desk.made[row, TARGET]
        txo = NO_OUTPUT if target == targets - 1 else first_txo + target
        note(found, tx, txo, desk.made[row, START], desk.made[row, SATS], desk.made[row, TAG])


@compiled
def _judge_outputs(slab: Slab, asked: Question, desk: Desk, found: Found, step: Step, seeded: bool) -> None:
    """End what ends at an output, and close ranks of what goes on: `desk.made` and `desk.offset` then hold only that.

    Where the fee's rows begin is left in `desk.order[0]`; they stay where they are.
    """
    at = step.tx - slab.first_tx
    first_txo = slab.tx_first_out[at]
    outputs = slab.tx_first_out[at + 1] - first_txo
    case_of = asked.seeds.case_of
    kept, row = 0, 0
    for target in range(outputs):
        rows_end = desk.offset[target + 1]
        desk.offset[target] = kept
        if row == rows_end:
            continue
        txo = first_txo + target
        fate = _fate(slab, asked, step, txo)
        while row < rows_end:
            case_end = _end_of_case(desk, row, rows_end, case_of)
            own = fate
            if own == GOES_ON and asked.rules.min_sats:
                own = below(desk, asked.rules, row, case_end, target)
            if seeded and own > DESTROYED_END and is_seed(asked.seeds, txo, case_of[desk.made[row, TAG] >> 1]):
                own = GOES_ON
            for each in range(row, case_end):
                if own == GOES_ON:
                    if kept < each:
                        desk.made[kept] = desk.made[each]
                    kept += 1
                else:
                    end(found, step.tx, txo, desk.made[each, SATS], desk.made[each, TAG], own)
            row = case_end
    desk.order[0] = row
    desk.offset[outputs] = kept


@compiled
def _fate(slab: Slab, asked: Question, step: Step, txo: int) -> int:
    """What becomes of any taint in an output: GOES_ON, or where it ends.

    Where nobody can spend the output, that is so whatever else is. For the rest, a seed's own output goes on: somebody
    said that these coins were stolen, whoever is listed there.
    """
    here, at = txo - slab.first_out, step.tx - slab.first_tx
    if slab.out_spender[here] == UNSPENDABLE:
        return DESTROYED_END
    if step.mixed and asked.rules.stop_at_mix:
        return COINJOIN_END
    if len(asked.stops.script) and pays_service(
        asked.stops,
        int(np.int64(slab.out_script[here])),
        slab,
        slab.tx_first_in[at],
        slab.tx_first_in[at + 1],
        time_of(slab, step.block),
    ):
        return SERVICE_END
    return GOES_ON


@compiled
def _end_of_case(desk: Desk, row: int, rows_end: int, case_of: I64) -> int:
    """Where the rows end that are of the same case as `row`."""
    case = case_of[desk.made[row, TAG] >> 1]
    while row < rows_end and case_of[desk.made[row, TAG] >> 1] == case:
        row += 1
    return row


@compiled
def below(desk: Desk, rules: Rules, begin: int, rows_end: int, target: int) -> int:
    """BELOW_END where these rows, all of one case and output, are too little to follow; poison taints all of it."""
    sats = desk.room[target] if rules.method == POISON else 0
    if rules.method != POISON:
        for row in range(begin, rows_end):
            sats += desk.made[row, SATS]
    return BELOW_END if sats < rules.min_sats else GOES_ON


@compiled
def _judge_fee(slab: Slab, rules: Rules, desk: Desk, found: Found, step: Step, targets: int) -> None:
    """End what went to the fee, or let it wait for the block's coinbase. `desk.order[0]`: where its rows begin."""
    waits = not step.takes_fees and rules.follow_fees != NO_FEES and slab.block_height[step.block] != NO_HEIGHT
    for row in range(desk.order[0], desk.offset[targets]):
        sats, tag = desk.made[row, SATS], desk.made[row, TAG]
        if step.mixed and rules.stop_at_mix:
            end(found, step.tx, NO_OUTPUT, sats, tag, COINJOIN_END)
        elif waits:
            kept = found.counts[FEE_ROWS]
            found.fees[kept, 0] = step.tx
            found.fees[kept, 1] = desk.made[row, START]
            found.fees[kept, 2] = sats
            found.fees[kept, 3] = tag
            found.counts[FEE_ROWS] += 1
        else:
            end(found, step.tx, NO_OUTPUT, sats, tag, DESTROYED_END if step.takes_fees else FEES_END)

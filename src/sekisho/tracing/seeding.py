"""What a seed adds to the taint that has arrived in its output.

What has arrived stays; a seed adds only what is left: its first satoshis that are not yet tainted, for the methods that
give every satoshi a place, and as many as the output still has room for, for the others. Seeds of one output come in
order of theft.
"""

from sekisho.chain.columns import I64
from sekisho.compiled import compiled_part, inlined
from sekisho.tracing.methods.desk import FIRST_WITH_PLACES, OFFSET, POISON, ROOM, SATS, START, TAG, TARGET, make
from sekisho.tracing.question import SEED_LABEL, SEED_SATS, SEED_TXO, TALLIES, Question, first_at_least
from sekisho.tracing.work import Work


@inlined
def end_of_seeds(seeds: I64, first: int, end_txo: int) -> int:
    """Where the seeds end that are outputs before `end_txo`, from `first` on."""
    while first < len(seeds) and seeds[first, SEED_TXO] < end_txo:
        first += 1
    return first


@inlined
def add_seeds(work: Work, asked: Question, first: int, end: int, first_txo: int, targets: int) -> None:
    """Add the seeds `first` to `end`, outputs from `first_txo` on, to what was made; `targets` counts the fee too."""
    if first < end:
        method, seeds = asked.rules.method, asked.seeds[first:end]
        _add_seeds(work.made, work.marks, seeds, asked.case_of, first_txo, targets, method, work.tally)


@compiled_part
def _add_seeds(
    made: I64, marks: I64, seeds: I64, case_of: I64, first_txo: int, targets: int, method: int, tally: I64
) -> None:
    """All these seeds are outputs of the transaction, and there is room for what they add."""
    before = made[: marks[OFFSET, targets]].copy()
    rows, seed, taken = 0, 0, 0
    for target in range(targets):
        begin = rows
        while taken < marks[OFFSET, target + 1]:
            each = before[taken]
            rows = make(made, rows, each[START], each[SATS], each[TAG], target)
            taken += 1
        while seed < len(seeds) and seeds[seed, SEED_TXO] == first_txo + target:
            rows = _add(made, begin, rows, seeds[seed], case_of, marks[ROOM, target], method, tally)
            seed += 1
        for row in range(begin, rows):
            made[row, TARGET] = target
        marks[OFFSET, target + 1] = rows


@compiled_part
def _add(made: I64, begin: int, end: int, seed: I64, case_of: I64, value: int, method: int, tally: I64) -> int:
    """Add one seed to the rows of its output, which are `begin` to `end`; returns their new end."""
    label, sats = seed[SEED_LABEL], min(seed[SEED_SATS], value)
    while begin < end and case_of[made[begin, TAG] >> 1] < case_of[label]:
        begin += 1
    own_end = begin
    while own_end < end and case_of[made[own_end, TAG] >> 1] == case_of[label]:
        own_end += 1
    if method >= FIRST_WITH_PLACES:
        return _add_places(made, begin, own_end, end, 2 * label, sats, tally)
    at, here = begin, 0
    for row in range(begin, own_end):
        here += made[row, SATS]
        if made[row, TAG] < 2 * label:
            at = row + 1
    added = sats if method == POISON else min(sats, value - here)
    if at < own_end and made[at, TAG] >> 1 == label:  # the label itself has arrived
        if method == POISON:
            made[at, TAG] = 2 * label
            return end
        if made[at, TAG] == 2 * label:
            made[at, SATS] += added
            tally[TALLIES + label] += added
            return end
    if added <= 0 and method != POISON:
        return end
    tally[TALLIES + label] += added
    return _insert(made, at, end, 0, value if method == POISON else added, 2 * label)


@compiled_part
def _add_places(made: I64, begin: int, own_end: int, end: int, tag: int, sats: int, tally: I64) -> int:
    """Taint what is clean of the first `sats` satoshis; rows of the case are `begin` to `own_end`, by place."""
    at, row = 0, begin
    while at < sats:
        gap_end = min(made[row, START], sats) if row < own_end else sats
        if gap_end > at:
            tally[TALLIES + (tag >> 1)] += gap_end - at
            end = _insert(made, row, end, at, gap_end - at, tag)
            own_end += 1
            row += 1
        at = sats
        if row < own_end:
            at = made[row, START] + made[row, SATS]
            row += 1
    return _joined(made, begin, own_end, end)


@compiled_part
def _joined(made: I64, begin: int, own_end: int, end: int) -> int:
    """Make one row of those that touch and are the same."""
    kept = begin
    for row in range(begin, end):
        start, sats, tag = made[row, START], made[row, SATS], made[row, TAG]
        before = kept - 1
        same = begin < kept and row < own_end and made[before, TAG] == tag
        if same and made[before, START] + made[before, SATS] == start:
            made[before, SATS] += sats
        else:
            kept = make(made, kept, start, sats, tag, made[row, TARGET])
    return kept


@compiled_part
def _insert(made: I64, at: int, end: int, start: int, sats: int, tag: int) -> int:
    """Make a row at this place, and move those behind it; returns their new end."""
    for row in range(end, at, -1):
        make(made, row, made[row - 1, START], made[row - 1, SATS], made[row - 1, TAG], made[row - 1, TARGET])
    make(made, at, start, sats, tag, 0)
    return end + 1


@compiled_part
def is_seed(seeds: I64, case_of: I64, txo: int, case: int) -> bool:
    """Whether an output is a seed of this case."""
    seed = first_at_least(seeds, SEED_TXO, txo)
    while seed < len(seeds) and seeds[seed, SEED_TXO] == txo:
        if case_of[seeds[seed, SEED_LABEL]] == case:
            return True
        seed += 1
    return False

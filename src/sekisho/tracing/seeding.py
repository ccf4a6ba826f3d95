"""What a seed adds to the taint that has arrived in its output.

What has arrived stays; a seed adds only what is left: its first satoshis that are not yet tainted, for the methods that
give every satoshi a place, and as many as the output still has room for, for the others. Seeds of one output come in
order of theft.
"""

import numpy as np

from sekisho.chain.columns import I64
from sekisho.compiled import compiled
from sekisho.tracing.methods.desk import FIRST_WITH_PLACES, POISON, SATS, START, TAG, TARGET, Desk, with_room
from sekisho.tracing.question import Found, SeedRows


@compiled
def add_seeds(
    desk: Desk, found: Found, seeds: SeedRows, first: int, end: int, first_txo: int, targets: int, method: int
) -> Desk:
    """Add the seeds `first` to `end`, all of one transaction, to the rows made for its outputs."""
    made = desk.offset[targets]
    desk = with_room(desk, targets, made + (end - first) * (made + 2))
    rows = desk.spare
    written, seed, begun = 0, first, 0
    for target in range(targets):
        begin = written
        ended = desk.offset[target + 1]
        for row in range(begun, ended):
            rows[written] = desk.made[row]
            written += 1
        begun = ended
        while seed < end and seeds.txo[seed] == first_txo + target:
            before = written
            written = _add(rows, begin, written, seeds, seed, desk.room[target], method, found)
            for row in range(before, written):
                rows[row, TARGET] = target
            seed += 1
        desk.offset[target + 1] = written
    desk.made[:written] = rows[:written]
    return desk


@compiled
def _add(rows: I64, begin: int, end: int, seeds: SeedRows, seed: int, value: int, method: int, found: Found) -> int:
    """Add one seed to the rows of its output, which are `begin` to `end`; returns their new end."""
    label, sats, case_of = seeds.label[seed], min(seeds.sats[seed], value), seeds.case_of
    case = case_of[label]
    while begin < end and case_of[rows[begin, TAG] >> 1] < case:
        begin += 1
    own_end = begin
    while own_end < end and case_of[rows[own_end, TAG] >> 1] == case:
        own_end += 1
    if method >= FIRST_WITH_PLACES:
        return _add_places(rows, begin, own_end, end, 2 * label, sats, found)
    at, here = begin, 0
    for row in range(begin, own_end):
        here += rows[row, SATS]
        if rows[row, TAG] < 2 * label:
            at = row + 1
    if method == POISON:
        return _add_poison(rows, at, end, label, sats, value, found)
    added = min(sats, value - here)
    if added > 0:
        found.seeded[label] += added
        if at < end and rows[at, TAG] == 2 * label:
            rows[at, SATS] += added
        else:
            end = _insert(rows, at, end, 0, added, 2 * label)
    return end


@compiled
def _add_poison(rows: I64, at: int, end: int, label: int, sats: int, value: int, found: Found) -> int:
    """Taint the whole output, for certain; `at` is where the label stands or would stand."""
    if at < end and rows[at, TAG] == 2 * label:
        return end
    if at < end and rows[at, TAG] == 2 * label + 1:
        rows[at, TAG] = 2 * label
        return end
    found.seeded[label] += sats
    return _insert(rows, at, end, 0, value, 2 * label)


@compiled
def _add_places(rows: I64, begin: int, own_end: int, end: int, tag: int, sats: int, found: Found) -> int:
    """Taint what is clean of the first `sats` satoshis; rows of the case are `begin` to `own_end`, by place."""
    at, row = 0, begin
    while at < sats:
        next_start = rows[row, START] if row < own_end else sats
        gap_end = min(next_start, sats)
        if gap_end > at:
            found.seeded[tag >> 1] += gap_end - at
            end = _insert(rows, row, end, at, gap_end - at, tag)
            own_end += 1
            row += 1
        if row < own_end:
            at = rows[row, START] + rows[row, SATS]
            row += 1
        else:
            at = sats
    return _joined(rows, begin, own_end, end)


@compiled
def _joined(rows: I64, begin: int, own_end: int, end: int) -> int:
    """Make one row of those that touch and are the same."""
    kept = begin
    for row in range(begin, end):
        before = kept - 1
        if (
            begin < kept
            and row < own_end
            and rows[before, TAG] == rows[row, TAG]
            and rows[before, START] + rows[before, SATS] == rows[row, START]
        ):
            rows[before, SATS] += rows[row, SATS]
        else:
            rows[kept] = rows[row]
            kept += 1
    return kept


@compiled
def _insert(rows: I64, at: int, end: int, start: int, sats: int, tag: int) -> int:
    for row in range(end, at, -1):
        rows[row] = rows[row - 1]
    rows[at, START] = start
    rows[at, SATS] = sats
    rows[at, TAG] = tag
    return end + 1


@compiled
def seeds_between(seeds: SeedRows, first_txo: int, end_txo: int) -> tuple[int, int]:
    """Which seeds are outputs from `first_txo` up to `end_txo`."""
    return int(np.searchsorted(seeds.txo, first_txo)), int(np.searchsorted(seeds.txo, end_txo))


@compiled
def is_seed(seeds: SeedRows, txo: int, case: int) -> bool:
    """Whether an output is a seed of this case."""
    seed = np.searchsorted(seeds.txo, txo)
    while seed < len(seeds.txo) and seeds.txo[seed] == txo:
        if seeds.case_of[seeds.label[seed]] == case:
            return True
        seed += 1
    return False

"""Services in a trace: whether an output pays one."""

import numpy as np

from sekisho.compiled import compiled
from sekisho.tracing.services import Stops
from sekisho.tracing.slab import Slab, spent_script


@compiled
def first_row(stops: Stops, script: int) -> int:
    """The first row of a script, or of the next one that is listed."""
    return int(np.searchsorted(stops.script, script))


@compiled
def is_listed(stops: Stops, script: int, time: int) -> bool:
    """Whether a script is a service's at this time."""
    row = first_row(stops, script)
    while row < len(stops.script) and stops.script[row] == script:
        if stops.since[row] <= time < stops.until[row]:
            return True
        row += 1
    return False


@compiled
def _spends_of(stops: Stops, entity: int, slab: Slab, first_in: int, end_in: int, time: int) -> bool:
    """Whether one of these inputs is a coin of this entity."""
    for at in range(first_in, end_in):
        script = spent_script(slab, at)
        row = first_row(stops, script)
        while row < len(stops.script) and stops.script[row] == script:
            if stops.entity[row] == entity and stops.since[row] <= time < stops.until[row]:
                return True
            row += 1
    return False


@compiled
def pays_service(stops: Stops, script: int, slab: Slab, first_in: int, end_in: int, time: int) -> bool:
    """Whether an output with this script hands coins to a service that does not spend coins in the same transaction.

    The change of a service's own payout is no exit: coins were its own before.
    """
    row = first_row(stops, script)
    while row < len(stops.script) and stops.script[row] == script:
        if stops.since[row] <= time < stops.until[row] and not _spends_of(
            stops, stops.entity[row], slab, first_in, end_in, time
        ):
            return True
        row += 1
    return False

"""Services in a trace: whether an output pays one."""

from sekisho.chain.columns import I64
from sekisho.compiled import compiled_part
from sekisho.tracing.question import ENTITY, SCRIPT, SINCE, UNTIL, first_at_least
from sekisho.tracing.slab import Slab, spent_script

ANY = -1


@compiled_part
def is_listed(stops: I64, script: int, time: int, entity: int) -> bool:
    """Whether a script is a service's at this time: that of `entity`, or ANY."""
    row = first_at_least(stops, SCRIPT, script)
    while row < len(stops) and stops[row, SCRIPT] == script:
        own = stops[row, ENTITY] if entity == ANY else entity
        if own == stops[row, ENTITY] and stops[row, SINCE] <= time < stops[row, UNTIL]:
            return True
        row += 1
    return False


@compiled_part
def pays_service(stops: I64, script: int, slab: Slab, first_in: int, end_in: int, time: int) -> bool:
    """Whether an output with this script hands coins to a service that does not spend coins in the same transaction.

    The change of a service's own payout is no exit: coins were its own before.
    """
    row = first_at_least(stops, SCRIPT, script)
    while row < len(stops) and stops[row, SCRIPT] == script:
        if stops[row, SINCE] <= time < stops[row, UNTIL]:
            at = first_in
            while at < end_in and not is_listed(stops, spent_script(slab, at), time, stops[row, ENTITY]):
                at += 1
            if at == end_in:
                return True
        row += 1
    return False

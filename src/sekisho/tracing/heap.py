"""What waits to be looked at, the earliest transaction first: a binary heap in an array."""

from sekisho.chain.columns import I64
from sekisho.compiled import compiled_part

NEXT, TXO, FIRST = range(3)
"""The transaction that comes next, the coin it is looked at for, and where the coin's taint lies in the pool."""


@compiled_part
def _before(heap: I64, one: int, other: int) -> bool:
    if heap[one, NEXT] != heap[other, NEXT]:
        return bool(heap[one, NEXT] < heap[other, NEXT])
    return bool(heap[one, TXO] < heap[other, TXO])


@compiled_part
def _swap(heap: I64, one: int, other: int) -> None:
    for column in range(3):
        heap[one, column], heap[other, column] = heap[other, column], heap[one, column]


@compiled_part
def push(heap: I64, count: int, tx: int, txo: int, first: int) -> int:
    """Add an entry to a heap of `count`, which has room for it; returns the new count."""
    heap[count, NEXT], heap[count, TXO], heap[count, FIRST] = tx, txo, first
    at = count
    while at > 0 and _before(heap, at, (at - 1) // 2):
        _swap(heap, at, (at - 1) // 2)
        at = (at - 1) // 2
    return count + 1


@compiled_part
def pop(heap: I64, count: int) -> int:
    """Remove the first entry of a heap that is not empty; returns the new count."""
    count -= 1
    for column in range(3):
        heap[0, column] = heap[count, column]
    at = 0
    while True:
        least, child = at, 2 * at + 1
        if child < count and _before(heap, child, least):
            least = child
        if child + 1 < count and _before(heap, child + 1, least):
            least = child + 1
        if least == at:
            return count
        _swap(heap, at, least)
        at = least

"""What waits to be looked at, the earliest transaction first: a binary heap in `Work.heap`."""

from sekisho.chain.columns import I64
from sekisho.compiled import inlined
from sekisho.tracing.question import WAITING
from sekisho.tracing.work import Work

NEXT, TXO, FIRST = range(3)
"""The transaction that comes next, the coin it is looked at for, and where the coin's taint lies in the pool."""

WAKE = -1
"""In place of a coin: look at this transaction, for it made a seed."""


@inlined
def _before(heap: I64, one: int, other: int) -> bool:
    if heap[one, NEXT] != heap[other, NEXT]:
        return bool(heap[one, NEXT] < heap[other, NEXT])
    return bool(heap[one, TXO] < heap[other, TXO])


@inlined
def _swap(heap: I64, one: int, other: int) -> None:
    for column in range(3):
        heap[one, column], heap[other, column] = heap[other, column], heap[one, column]


@inlined
def push(work: Work, tx: int, txo: int, first: int) -> None:
    """Add an entry; there is room for it."""
    heap, at = work.heap, work.tally[WAITING]
    work.tally[WAITING] += 1
    heap[at, NEXT], heap[at, TXO], heap[at, FIRST] = tx, txo, first
    while at > 0 and _before(heap, at, (at - 1) // 2):
        _swap(heap, at, (at - 1) // 2)
        at = (at - 1) // 2


@inlined
def _pop(work: Work) -> None:
    """Remove the first entry of a heap that is not empty."""
    heap = work.heap
    work.tally[WAITING] -= 1
    count, at = work.tally[WAITING], 0
    for column in range(3):
        heap[0, column] = heap[count, column]
    while True:
        least, child = at, 2 * at + 1
        if child < count and _before(heap, child, least):
            least = child
        if child + 1 < count and _before(heap, child + 1, least):
            least = child + 1
        if least == at:
            return
        _swap(heap, at, least)
        at = least


@inlined
def pop_next(work: Work) -> int:
    """Take all entries of the first transaction; returns how many coins are in `work.coins` then, ascending."""
    heap, coins, tally = work.heap, work.coins, work.tally
    tx, count = heap[0, NEXT], 0
    while tally[WAITING] and heap[0, NEXT] == tx:
        if heap[0, TXO] != WAKE:
            for column in range(3):
                coins[count, column] = heap[0, column]
            count += 1
        _pop(work)
    return count


@inlined
def put_back(work: Work, coins: int, tx: int) -> None:
    """Let coins that were taken, and their transaction, come up once more."""
    push(work, tx, WAKE, 0)
    for coin in range(coins):
        push(work, tx, work.coins[coin, TXO], work.coins[coin, FIRST])

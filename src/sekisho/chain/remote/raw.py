"""A whole block as its bytes, and the coins it spends as Bitcoin Core's REST interface serves them."""

from collections.abc import Callable

from sekisho.bitcoin.transaction import MalformedTransaction, Transaction, TxOutput, read_output, read_transaction
from sekisho.bitcoin.wire import Reader
from sekisho.chain.headers import HEADER_BYTES
from sekisho.errors import SekishoError

_LEAST_TRANSACTION = 60
_LEAST_OUTPUT = 9


def transactions_of(raw: bytes, fails: Callable[[str], SekishoError]) -> tuple[Transaction, ...]:
    """The transactions of a block. Raises what `fails` makes of the reason, and nothing else, whatever the bytes."""
    reader = Reader(raw, MalformedTransaction)
    try:
        reader.take(HEADER_BYTES)
        found = tuple(read_transaction(reader) for _ in range(reader.count(_LEAST_TRANSACTION)))
        reader.end()
    except MalformedTransaction as why:
        raise fails(f"a block is {why}") from why
    return found


def spent_of(
    raw: bytes, transactions: tuple[Transaction, ...], fails: Callable[[str], SekishoError]
) -> tuple[tuple[TxOutput, ...], ...]:
    """The coins that each of a block's transactions spends (Bitcoin Core, rest.cpp, `spenttxouts`): none for the first.

    Raises what `fails` makes of the reason, and nothing else.
    """
    reader = Reader(raw, MalformedTransaction)
    try:
        rows = [tuple(read_output(reader) for _ in range(reader.count(_LEAST_OUTPUT))) for _ in range(reader.count(1))]
        reader.end()
    except MalformedTransaction as why:
        raise fails(f"the coins a block spends are {why}") from why
    wanted = [0, *(len(each.inputs) for each in transactions[1:])]
    if list(map(len, rows)) != wanted:
        raise fails("the coins a block spends are not as many as its inputs")
    return tuple(rows)

"""A whole block as its bytes, and the coins it spends as Bitcoin Core's REST interface serves them."""

from collections.abc import Callable

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.bitcoin.transaction import MalformedTransaction, Transaction, TxOutput, read_output, read_transaction
from sekisho.bitcoin.wire import Reader
from sekisho.chain.remote.source import Block, has_work, merkle_root
from sekisho.errors import SekishoError

HEADER_BYTES = 80

_LEAST_TRANSACTION = 60
_LEAST_OUTPUT = 9


def check_header(raw: bytes, hash_: bytes, fails: Callable[[str], SekishoError]) -> None:
    """Insist that these bytes begin with the header of the block called `hash_`, and that it has the work it claims."""
    name = show_txid(Txid(hash_))
    if len(raw) < HEADER_BYTES or sha256d(raw[:HEADER_BYTES]) != hash_:
        raise fails(f"what it gives as block {name} does not hash to that")
    if not has_work(hash_, int.from_bytes(raw[72:76], "little")):
        raise fails(f"block {name} does not have the work it claims")


def block_of(raw: bytes, height: int) -> Block:
    """The block whose header these bytes begin with."""
    header = raw[:HEADER_BYTES]
    return Block(height, sha256d(header), int.from_bytes(header[68:72], "little"), header[36:68])


def transactions_of(raw: bytes, fails: Callable[[str], SekishoError]) -> tuple[Transaction, ...]:
    """The transactions of a block, which its header names. Raises what `fails` makes of the reason, nothing else."""
    reader = Reader(raw, MalformedTransaction)
    try:
        root = reader.take(HEADER_BYTES)[36:68]
        found = tuple(read_transaction(reader) for _ in range(reader.count(_LEAST_TRANSACTION)))
        reader.end()
    except MalformedTransaction as why:
        raise fails(f"a block is {why}") from why
    if not found or not all(each.inputs for each in found) or merkle_root([each.txid for each in found]) != root:
        raise fails("the transactions of a block are not those its header names")
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

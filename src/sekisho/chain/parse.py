"""A block's bytes, read in compiled code: every transaction, its txid, the merkle root and the proof of work."""

from typing import Final, NamedTuple

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import MAX_MONEY
from sekisho.chain.columns import I64, U8, U16, U32, U64, TxFlag
from sekisho.chain.headers import HEADER_BYTES, BadHeader, parse_header
from sekisho.chain.parsed import ParsedBlock
from sekisho.chain.reading import ENDS_EARLY, READING_FAULTS, compact, copied, count_of, little, sized
from sekisho.chain.sha256 import merkle_root, padded, sha256d_into, sha256d_two, short_blocks
from sekisho.compiled import compiled, compiled_in_place
from sekisho.errors import SekishoError

MAX_BLOCK_BYTES = 4_000_000
"""Bitcoin Core, consensus/consensus.h: MAX_BLOCK_SERIALIZED_SIZE."""

LEAST_TRANSACTION: Final = 60
"""Bytes: version, one input, one output, locktime."""
_LEAST_INPUT: Final = 41
_LEAST_OUTPUT: Final = 9

_NO_INPUTS: Final = 11
_NO_OUTPUTS: Final = 12
_NO_WITNESS: Final = 13
_BAD_AMOUNT: Final = 14
_NO_COINBASE: Final = 15
_LATE_COINBASE: Final = 16

_FAULTS: Final = READING_FAULTS | {
    _NO_INPUTS: "a transaction has no inputs",
    _NO_OUTPUTS: "a transaction has no outputs",
    _NO_WITNESS: "a transaction says it has a witness and has none",
    _BAD_AMOUNT: "an amount is below 0 or above 21 million bitcoin",
    _NO_COINBASE: "its first transaction is no coinbase",
    _LATE_COINBASE: "a transaction after the first spends no coin",
}

_COINBASE: Final = int(TxFlag.COINBASE)
_SEGWIT: Final = int(TxFlag.SEGWIT)
_VERSION_2: Final = int(TxFlag.VERSION_2)
_VERSION_OTHER: Final = int(TxFlag.VERSION_OTHER)
_LOCKTIME: Final = int(TxFlag.LOCKTIME)
_NOT_FINAL: Final = int(TxFlag.NOT_FINAL)
_REPLACEABLE: Final = int(TxFlag.REPLACEABLE)


class MalformedBlock(SekishoError):
    """Bytes that are not one whole block, or not the block that its header names."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(f"not a block: {why} (at byte {at})")
        self.at, self.why = at, why


class _Marks(NamedTuple):
    """Where each transaction's parts lie in the block's bytes."""

    start: I64
    """One element more than transactions: the next one's start is where this one ends."""
    witness: I64
    """Where its witness begins; its locktime where it has none."""
    inputs: I64
    """How many; the coinbase's too."""
    outputs: I64


class _Rows(NamedTuple):
    """A block's transactions as rows."""

    txid: U8
    flags: U16
    first_out: I64
    first_in: I64
    sats: I64
    script_at: I64
    script_length: I64
    in_txid: U8
    in_vout: I64
    prefix: U64


def parse_block(raw: bytes | memoryview | U8, network: Network) -> ParsedBlock:
    """Read one whole block and nothing else: header, proof of work, transactions (BIP-144), merkle root.

    Lengths are in their shortest form, amounts in range, the first transaction and no other is a coinbase, and the list
    of transactions is the only one with this merkle root (CVE-2012-2459). Scripts, signatures and whether the coins
    exist are not looked at. Raises MalformedBlock, and nothing else, whatever the bytes.
    """
    data = _bytes_of(raw)
    if len(data) > MAX_BLOCK_BYTES:
        raise MalformedBlock(MAX_BLOCK_BYTES, f"{len(data)} bytes is more than a block can hold")
    try:
        header = parse_header(data[:HEADER_BYTES].tobytes(), network)
    except BadHeader as why:
        raise MalformedBlock(0, why.why) from why
    fault, at, marks = _measure(data)
    if fault:
        raise MalformedBlock(at, _FAULTS[fault])
    if at != len(data):
        raise MalformedBlock(at, f"{len(data) - at} bytes too many")
    fault, at, rows = _read(data, marks)
    if fault:
        raise MalformedBlock(at, _FAULTS[fault])
    root, twice = merkle_root(rows.txid)
    if root.tobytes() != header.merkle_root:
        raise MalformedBlock(36, "its merkle root is not that of its transactions")
    if twice:
        raise MalformedBlock(36, "its merkle root is that of a shorter list of transactions, too")
    order = _sorted(rows.prefix)
    return ParsedBlock(
        hash=header.hash,
        previous=header.previous,
        time=header.time,
        bits=header.bits,
        txid=rows.txid,
        tx_flags=rows.flags,
        tx_first_out=rows.first_out,
        tx_first_in=rows.first_in,
        out_sats=rows.sats,
        out_script_at=rows.script_at,
        out_script_length=rows.script_length,
        in_txid=rows.in_txid[: rows.first_in[-1]],
        in_vout=rows.in_vout[: rows.first_in[-1]],
        sorted_prefix=rows.prefix[order],
        sorted_tx=order.astype(np.uint32),
    )


def _bytes_of(raw: bytes | memoryview | U8) -> U8:
    """The bytes as an array of the one type that compiled functions are made for."""
    data = np.frombuffer(raw, np.uint8)
    data.setflags(write=False)
    return data


def _sorted(prefix: U64) -> I64:
    """The order of the prefixes; equal ones stay as they stand."""
    order = np.argsort(prefix)
    ascending = prefix[order]
    if (ascending[1:] == ascending[:-1]).any():  # so rare that the slower sort costs nothing
        order = np.argsort(prefix, kind="stable")
    return order


@compiled_in_place
def _skip_inputs(raw: U8, at: int, count: int) -> tuple[int, int]:
    for _ in range(count):
        if len(raw) - at < _LEAST_INPUT:
            return ENDS_EARLY, at
        fault, _, after = sized(raw, at + 36)
        if fault:
            return fault, after
        at = after + 4
    return 0, at


@compiled_in_place
def _skip_outputs(raw: U8, at: int, count: int) -> tuple[int, int]:
    for _ in range(count):
        if len(raw) - at < _LEAST_OUTPUT:
            return ENDS_EARLY, at
        amount = little(raw, at, 8)
        if amount < 0 or amount > MAX_MONEY:
            return _BAD_AMOUNT, at
        fault, _, after = sized(raw, at + 8)
        if fault:
            return fault, after
        at = after
    return 0, at


@compiled_in_place
def _skip_witnesses(raw: U8, at: int, inputs: int) -> tuple[int, int]:
    start, items = at, 0
    for _ in range(inputs):
        fault, count, at = count_of(raw, at, 1)
        if fault:
            return fault, at
        items += count
        for _ in range(count):
            fault, _, at = sized(raw, at)
            if fault:
                return fault, at
    return (0 if items else _NO_WITNESS), (at if items else start)


@compiled_in_place
def _is_segwit(raw: U8, start: int) -> bool:
    return bool(raw[start + 4] == 0 and raw[start + 5] == 1)


@compiled_in_place
def _skip_transaction(raw: U8, start: int) -> tuple[int, int, int, int, int]:
    """Fault, where it ends (or is wrong), where its witness begins, how many inputs and outputs."""
    if len(raw) - start < LEAST_TRANSACTION:
        return ENDS_EARLY, start, 0, 0, 0
    segwit = _is_segwit(raw, start)
    fault, inputs, at = count_of(raw, start + (6 if segwit else 4), _LEAST_INPUT)
    if fault == 0 and inputs == 0:
        return _NO_INPUTS, start + 4, 0, 0, 0
    if fault == 0:
        fault, at = _skip_inputs(raw, at, inputs)
    if fault:
        return fault, at, 0, 0, 0
    fault, outputs, at = count_of(raw, at, _LEAST_OUTPUT)
    if fault == 0 and outputs == 0:
        return _NO_OUTPUTS, at, 0, 0, 0
    if fault == 0:
        fault, at = _skip_outputs(raw, at, outputs)
    if fault:
        return fault, at, 0, 0, 0
    witness = at
    if segwit:
        fault, at = _skip_witnesses(raw, at, inputs)
    if fault == 0 and len(raw) - at < 4:
        fault = ENDS_EARLY
    return fault, (at if fault else at + 4), witness, inputs, outputs


@compiled
def _measure(raw: U8) -> tuple[int, int, _Marks]:
    """Fault, where the last transaction ends (or what is wrong stands), and where everything lies."""
    fault, count, at = count_of(raw, HEADER_BYTES, LEAST_TRANSACTION)
    if fault == 0 and count == 0:
        fault = _NO_COINBASE
    if fault:
        count = 0
    starts, witnesses = np.empty(count + 1, np.int64), np.empty(count, np.int64)
    inputs, outputs = np.empty(count, np.int64), np.empty(count, np.int64)
    marks = _Marks(starts, witnesses, inputs, outputs)
    for tx in range(count):
        starts[tx] = at
        fault, at, witnesses[tx], inputs[tx], outputs[tx] = _skip_transaction(raw, at)
        if fault:
            return fault, at, marks
    starts[count] = at
    return fault, at, marks


@compiled_in_place
def _is_zero(txid: U8) -> bool:
    for byte in txid:  # noqa: SIM110 (numba compiles no generator)
        if byte:
            return False
    return True


@compiled_in_place
def _read_inputs(raw: U8, at: int, first: int, count: int, txid: U8, vout: I64) -> tuple[int, int, int]:
    """Write the outpoints from row `first` on; give where the inputs end, how many spend no coin, lowest sequence."""
    none, lowest = 0, 0xFFFFFFFF
    for row in range(first, first + count):
        copied(raw, at, at + 32, txid[row], 0)
        vout[row] = little(raw, at + 32, 4)
        if vout[row] == 0xFFFFFFFF and _is_zero(txid[row]):
            none += 1
        _, _, at = sized(raw, at + 36)
        lowest = min(lowest, little(raw, at, 4))
        at += 4
    return at, none, lowest


@compiled_in_place
def _read_outputs(raw: U8, at: int, first: int, count: int, sats: I64, script_at: I64, script_length: I64) -> None:
    for row in range(first, first + count):
        sats[row] = little(raw, at, 8)
        _, script_length[row], after = sized(raw, at + 8)
        script_at[row] = after - script_length[row]
        at = after


@compiled_in_place
def _without_witness(raw: U8, marks: _Marks, tx: int, message: U8, at: int) -> int:
    """Copy to `at` what a txid is the hash of (BIP-141: version, inputs, outputs, locktime); how many blocks it is."""
    start, end = marks.start[tx], marks.start[tx + 1]
    skipped = start + (6 if _is_segwit(raw, start) else 4)
    behind = copied(raw, start, start + 4, message, at)
    behind = copied(raw, skipped, marks.witness[tx], message, behind)
    return padded(message, at, copied(raw, end - 4, end, message, behind) - at)


@compiled_in_place
def _hash(raw: U8, marks: _Marks, message: U8, states: U32, short: U8, rows: _Rows) -> None:
    """Write every txid and its prefix. The last but one are scratch."""
    count, half = len(marks.inputs), len(message) // 2
    for tx in range(0, count - 1, 2):
        blocks = _without_witness(raw, marks, tx, message, 0)
        others = _without_witness(raw, marks, tx + 1, message, half)
        sha256d_two(message, blocks, half, others, states, short, rows.txid, tx)
    if count % 2:
        blocks = _without_witness(raw, marks, count - 1, message, 0)
        sha256d_into(message, 0, blocks, states, short, rows.txid[count - 1])
    for tx in range(count):
        prefix = 0
        for byte in range(8):
            prefix = prefix << 8 | int(np.int64(rows.txid[tx, byte]))
        rows.prefix[tx] = np.uint64(prefix)


@compiled_in_place
def _flags(version: int, locktime: int, lowest_sequence: int) -> int:
    flags = 0
    if version == 2:
        flags |= _VERSION_2
    elif version != 1:
        flags |= _VERSION_OTHER
    if locktime:
        flags |= _LOCKTIME
    if lowest_sequence < 0xFFFFFFFF:
        flags |= _NOT_FINAL
    if lowest_sequence < 0xFFFFFFFE:
        flags |= _REPLACEABLE
    return flags


def _read(raw: U8, marks: _Marks) -> tuple[int, int, _Rows]:
    """The rows of a block that `_measure` found whole: fault, where, rows."""
    count, inputs, outputs = len(marks.inputs), int(marks.inputs.sum()), int(marks.outputs.sum())
    rows = _Rows(
        np.empty((count, 32), np.uint8),
        np.empty(count, np.uint16),
        np.zeros(count + 1, np.int64),
        np.zeros(count + 1, np.int64),
        np.empty(outputs, np.int64),
        np.empty(outputs, np.int64),
        np.empty(outputs, np.int64),
        np.empty((inputs, 32), np.uint8),
        np.empty(inputs, np.int64),
        np.empty(count, np.uint64),
    )
    fault, at = _read_rows(raw, marks, rows)
    if fault == 0:
        longest = int(np.diff(marks.start).max(initial=0))
        _hash(raw, marks, np.empty(2 * (longest + 72), np.uint8), np.empty(16, np.uint32), short_blocks(), rows)
    return fault, at, rows


@compiled_in_place
def _read_rows(raw: U8, marks: _Marks, rows: _Rows) -> tuple[int, int]:
    """Write all but the txids: fault, and where."""
    for tx in range(len(marks.inputs)):
        start, end = marks.start[tx], marks.start[tx + 1]
        segwit = _is_segwit(raw, start)
        _, spends, at = compact(raw, start + (6 if segwit else 4))
        first = rows.first_in[tx]
        at, none, lowest = _read_inputs(raw, at, first, spends, rows.in_txid, rows.in_vout)
        if tx == 0 and (none != 1 or spends != 1):
            return _NO_COINBASE, start
        if tx > 0 and none > 0:
            return _LATE_COINBASE, start
        rows.first_in[tx + 1] = first + (spends if tx > 0 else 0)
        _, pays, at = compact(raw, at)
        out = rows.first_out[tx]
        _read_outputs(raw, at, out, pays, rows.sats, rows.script_at, rows.script_length)
        rows.first_out[tx + 1] = out + pays
        flags = _flags(little(raw, start, 4), little(raw, end - 4, 4), lowest)
        rows.flags[tx] = flags | (_SEGWIT if segwit else 0) | (_COINBASE if tx == 0 else 0)
    return 0, 0

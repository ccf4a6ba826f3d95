"""Writes a block's amounts behind the chain's and marks what it spends, checking every sum: compiled."""

from typing import NamedTuple

import numpy as np

from sekisho.bitcoin.sats import MAX_MONEY
from sekisho.chain.columns import I64, U8, U16, U32, UNKNOWN_SATS, UNSPENDABLE, UNSPENT, Columns, TxFlag
from sekisho.chain.resolve import FOREIGN, OK, OUT_OF_RANGE, SPENT_TWICE, TOLD_OTHERWISE, TOO_MUCH, Here
from sekisho.compiled import compiled_in_place

MAX_SCRIPT = 10_000
"""Longer scripts cannot be spent (Bitcoin Core, script/script.h)."""

_OP_RETURN = 0x6A
_COINBASE = int(TxFlag.COINBASE)


class Outputs(NamedTuple):
    """The outputs of the block being added, and its flags."""

    flags: U16
    sats: I64
    raw: U8
    script_at: I64
    script_length: I64


class Base(NamedTuple):
    """Where the block's rows begin in the chain's columns, the stand-in for outside transactions before them."""

    transaction: int
    foreign: int
    """The first coin from outside."""
    output: int
    input: int


class Sums(NamedTuple):
    """How it went, and what was counted."""

    code: int
    """One of `resolve`."""
    where: int
    """The input, or for sums and amounts the transaction, where it went wrong."""
    fees: int
    claimed: int
    """By the coinbase."""
    known: bool
    """Whether every coin spent has a known value."""


class Spending(NamedTuple):
    """What one transaction spends, and how that went."""

    code: int
    row: int
    """The input where it went wrong; behind the last one if it did not."""
    brought: int
    known: bool
    foreign: int
    """The next coin from outside."""


@compiled_in_place
def _is_dead(outputs: Outputs, row: int) -> bool:
    length = outputs.script_length[row]
    return bool(length > MAX_SCRIPT or (length > 0 and outputs.raw[outputs.script_at[row]] == _OP_RETURN))


@compiled_in_place
def release(spender: U32, place: I64, end: int) -> None:
    """Make unspent again what the first `end` inputs of a block that does not fit had spent."""
    for row in range(end):
        if place[row] >= 0:
            spender[place[row]] = np.uint32(UNSPENT)


@compiled_in_place
def _spend(columns: Columns, base: Base, here: Here, tx: int, place: I64, told: I64, foreign: int) -> Spending:
    """Mark what one transaction spends."""
    sats, spender = columns.out_sats, columns.out_spender
    brought, known = 0, True
    for row in range(here.first_in[tx], here.first_in[tx + 1]):
        txo = place[row]
        if txo == FOREIGN:
            txo = foreign
            sats[txo] = told[row]
            spender[txo] = np.uint32(UNSPENT)
            foreign += 1
        elif txo < FOREIGN:
            txo = base.output + FOREIGN - 1 - txo
        value = sats[txo]
        if np.int64(spender[txo]) != UNSPENT:
            return Spending(SPENT_TWICE, row, brought, known, foreign)
        if value != UNKNOWN_SATS and told[row] != UNKNOWN_SATS and told[row] != value:
            return Spending(TOLD_OTHERWISE, row, brought, known, foreign)
        if value == UNKNOWN_SATS:
            known = False
        elif value < 0 or value > MAX_MONEY or brought + value > MAX_MONEY:
            return Spending(OUT_OF_RANGE, row, brought, known, foreign)
        else:
            brought += value
        spender[txo] = np.uint32(base.transaction + tx)
        columns.in_prev[base.input + row] = txo
    return Spending(OK, here.first_in[tx + 1], brought, known, foreign)


@compiled_in_place
def _pay(columns: Columns, base: Base, here: Here, tx: int, outputs: Outputs, genesis: bool) -> int:
    """Write the outputs of one transaction. What they hold together; -1 where that cannot be."""
    paid = 0
    for row in range(here.first_out[tx], here.first_out[tx + 1]):
        value = outputs.sats[row]
        if value < 0 or value > MAX_MONEY or paid + value > MAX_MONEY:
            return -1
        paid += value
        columns.out_sats[base.output + row] = value
        columns.out_spender[base.output + row] = np.uint32(
            UNSPENDABLE if genesis or _is_dead(outputs, row) else UNSPENT
        )
    return paid


@compiled_in_place
def settle(columns: Columns, base: Base, here: Here, outputs: Outputs, place: I64, told: I64, genesis: bool) -> Sums:
    """Write the block's outputs, inputs and coins from outside; mark what it spends.

    `told` are the amounts of the coins it spends, UNKNOWN_SATS where nobody tells. If anything is wrong, nothing in use
    is changed: what lies behind the columns in use does not exist.
    """
    foreign = base.foreign
    fees, claimed, known = 0, 0, True
    for tx in range(len(here.txid)):
        spending = _spend(columns, base, here, tx, place, told, foreign)
        foreign = spending.foreign
        paid = _pay(columns, base, here, tx, outputs, genesis)
        code = spending.code
        is_coinbase = np.int64(outputs.flags[tx]) & _COINBASE != 0
        if code == OK and paid < 0:
            code = OUT_OF_RANGE
        elif code == OK and spending.known and not is_coinbase and paid > spending.brought:
            code = TOO_MUCH
        if code != OK:
            release(columns.out_spender, place, spending.row)
            return Sums(code, spending.row if code in (SPENT_TWICE, TOLD_OTHERWISE) else tx, 0, 0, False)
        known = known and spending.known
        if is_coinbase:
            claimed += paid
        elif spending.known:
            fees += spending.brought - paid
    return Sums(OK, -1, fees, claimed, known)


@compiled_in_place
def take_back(columns: Columns, start: int, end: int, outputs: int) -> None:
    """Make unspent again what the inputs from `start` to `end` spend, as far as it is among the first `outputs`."""
    for row in range(start, end):
        txo = columns.in_prev[row]
        if txo < outputs:
            columns.out_spender[txo] = np.uint32(UNSPENT)

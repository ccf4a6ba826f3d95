"""The one place where blocks become columns: numbers what is in them, and finds what every input spends."""

import secrets
from typing import NamedTuple

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.chain.columns import I64, NO_HEIGHT, U8, U32, UNKNOWN_SATS, UNSPENDABLE, UNSPENT, TxFlag, fixed
from sekisho.chain.growing import Counts, Growing
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.chain.resolve import (
    FOREIGN,
    LATER,
    OK,
    OUT_OF_RANGE,
    SPENT_TWICE,
    TOLD_OTHERWISE,
    TOO_MUCH,
    Here,
    Index,
    anywhere,
    put_in_index,
    resolve,
    words,
)
from sekisho.chain.scripts import Ranges, ScriptTable, Texts
from sekisho.chain.settle import MAX_SCRIPT, Base, Outputs, Sums, release, settle, take_back
from sekisho.chain.unfit import BadSpend, BadSum, GreedyCoinbase, OutOfOrder

BIP34_FOR_ALL = 230_000
"""Above this no coinbase of the main chain can have the txid of an earlier one: it would have to name its height."""

_HALVING = {Network.REGTEST: 150}
_HALVING_ELSEWHERE = 210_000
_SMALLEST_INDEX = 1024
_WHY = {
    LATER: "a later transaction of the block makes",
    SPENT_TWICE: "is spent already or cannot be spent",
    TOLD_OTHERWISE: "holds another amount than the undo data says",
}


def subsidy(network: Network, height: int) -> Sats:
    """What a block at this height may create (Bitcoin Core, GetBlockSubsidy)."""
    halvings = height // _HALVING.get(network, _HALVING_ELSEWHERE)
    return Sats(0 if halvings >= 64 else (50 * COIN) >> halvings)


class Place(NamedTuple):
    """Where a block stands."""

    height: int
    """NO_HEIGHT for loose transactions."""
    whole: bool = True
    """False where it may lack transactions, so that nobody knows its fees."""


class Builder:
    """Puts block after block behind the columns. Whatever it refuses leaves them as they were."""

    def __init__(self, network: Network, growing: Growing, scripts: ScriptTable, *, complete: bool) -> None:
        self.network, self.growing, self.scripts, self.complete = network, growing, scripts, complete
        self._index: Index | None = None
        self._indexed = 0
        self._coinbases = self._early_coinbases()
        self._outside: set[OutPoint] | None = None

    @property
    def counts(self) -> Counts:
        """How much is in use."""
        return self.growing.counts

    @property
    def height(self) -> int:
        """Of the newest block; -1 where there is none."""
        blocks = self.counts.blocks
        return int(self.growing.columns.block_height[blocks - 1]) if blocks else -1

    def holds(self, txid: Txid) -> bool:
        """Whether any block has this transaction."""
        columns = self.growing.columns
        return anywhere(columns, words(columns.txid), self.counts.blocks, words(np.frombuffer(txid, np.uint8)), 0) >= 0

    def add(self, place: Place, raw: U8, block: ParsedBlock, spent: SpentCoins | None) -> None:
        """Put one block behind all others; `raw` is what it was parsed from, `spent` what is told of its inputs.

        Raises UnfitBlock (BadSpend, BadSum, GreedyCoinbase, OutOfOrder).
        """
        if place.height <= self.height:
            raise OutOfOrder(_told(place), self.height)
        spent = spent or _nothing_told(len(block.in_vout))
        here, outputs = _here(block, spent), _outputs(block, raw)
        spends = self._resolve(place, here)
        self._refuse_own_coinbase(place, here, block, spends)
        foreign = np.flatnonzero(spends == FOREIGN)
        self._refuse_second_spend(place, here, foreign, spent)
        stand_in = 1 if len(foreign) else 0
        self._reserve(block, spent, len(foreign))
        base = Base(
            self.counts.transactions + stand_in,
            self.counts.outputs,
            self.counts.outputs + len(foreign),
            self.counts.inputs,
        )
        sums = settle(self.growing.columns, base, here, outputs, spends, fixed(spent.sats), place.height == 0)
        self._judge(place, here, sums, spends)
        scripts = self._number_scripts(outputs, spent, foreign, base)
        self._write_names(place, block, here, foreign, base)
        more = Counts(
            1,
            stand_in + len(block.txid),
            len(foreign) + len(block.out_sats),
            len(block.in_vout),
            outside=len(foreign),
        )
        grown = self.counts.plus(more)._replace(
            scripts=scripts, script_bytes=int(self.growing.columns.script_start[scripts])
        )
        self._bury_overwritten(place, base.transaction)
        self.growing.counts = grown
        self.growing.block_first_script[grown.blocks] = scripts
        self._keep_indexed()

    def cut(self, blocks: int) -> None:
        """Take away all but the first blocks: the columns are then as they were before the others came."""
        if blocks >= self.counts.blocks:
            return
        old, left = self.counts, self.counts_at(blocks)
        columns = self.growing.columns
        take_back(columns, left.inputs, old.inputs, left.outputs)
        self.scripts.cut(self._texts(), old.scripts, left.scripts)
        self.growing.counts = left
        self._index = self._outside = None
        self._coinbases = self._early_coinbases()
        if int(columns.block_height[blocks]) < BIP34_FOR_ALL:
            self.revive()

    def counts_at(self, blocks: int) -> Counts:
        """What was in use when there were only the first blocks."""
        columns = self.growing.columns
        transactions = int(columns.block_first_tx[blocks])
        outputs = int(columns.tx_first_out[transactions])
        scripts = int(self.growing.block_first_script[blocks])
        return Counts(
            blocks,
            transactions,
            outputs,
            int(columns.tx_first_in[transactions]),
            scripts,
            int(columns.script_start[scripts]),
            int(np.searchsorted(columns.outside_txo[: self.counts.outside], outputs)),
        )

    def revive(self) -> None:
        """Make coinbase outputs spendable again which only a block that is no longer here had overwritten (BIP-30)."""
        columns = self.growing.columns
        seen: dict[bytes, int] = {}
        for tx in self._coinbase_rows():
            seen[columns.txid[tx].tobytes()] = int(tx)
        for tx in seen.values():
            start, end = int(columns.tx_first_out[tx]), int(columns.tx_first_out[tx + 1])
            if tx == 0 and int(columns.block_height[0]) == 0:
                continue
            for txo in start + np.flatnonzero(columns.out_spender[start:end] == UNSPENDABLE):
                if not self._is_dead(int(txo)):
                    columns.out_spender[txo] = UNSPENT

    def _is_dead(self, txo: int) -> bool:
        columns = self.growing.columns
        number = int(columns.out_script[txo])
        start, end = int(columns.script_start[number]), int(columns.script_start[number + 1])
        return end - start > MAX_SCRIPT or (end > start and int(columns.script_bytes[start]) == 0x6A)

    def _resolve(self, place: Place, here: Here) -> I64:
        loose = place.height == NO_HEIGHT
        if self._index is None and not loose and bool((here.heights <= 0).any()):
            self._make_index()
        index = self._index or _NO_INDEX
        spends = np.empty(len(here.in_vout), np.int64)
        columns, blocks = self.growing.columns, self.counts.blocks
        code, row = resolve(columns, words(columns.txid), blocks, index, here, place.height, loose, spends)
        if code != OK:
            raise self._bad_spend(place, here, row, _WHY.get(code, "no transaction of the chain makes"))
        if self.complete and not loose and (outside := np.flatnonzero(spends == FOREIGN)).size:
            raise self._bad_spend(place, here, int(outside[0]), "no transaction of the chain makes")
        return spends

    def _refuse_own_coinbase(self, place: Place, here: Here, block: ParsedBlock, spends: I64) -> None:
        """A coinbase takes its own block's fees: nothing in the block comes after it (by consensus, for 100 blocks)."""
        if not int(block.tx_flags[0]) & TxFlag.COINBASE:
            return
        made_here = FOREIGN - 1 - spends
        own = np.flatnonzero((made_here >= 0) & (made_here < block.tx_first_out[1]))
        if own.size:
            raise self._bad_spend(place, here, int(own[0]), "the coinbase of the same block makes")

    def _refuse_second_spend(self, place: Place, here: Here, foreign: I64, spent: SpentCoins) -> None:
        """Undo data comes from a node that looked itself; what others say may spend a coin from outside twice."""
        told = [int(row) for row in foreign if spent.height[row] <= 0]
        if not told:
            return
        if self._outside is None:
            columns, count = self.growing.columns, self.counts.outside
            self._outside = {
                OutPoint(Txid(txid.tobytes()), int(vout))
                for txid, vout in zip(columns.outside_txid[:count], columns.outside_vout[:count], strict=True)
            }
        fresh: set[OutPoint] = set()
        for row in told:
            coin = _coin(here, row)
            if coin in self._outside or coin in fresh:
                raise self._bad_spend(place, here, row, _WHY[SPENT_TWICE])
            fresh.add(coin)
        self._outside |= fresh

    def _reserve(self, block: ParsedBlock, spent: SpentCoins, foreign: int) -> None:
        outputs = foreign + len(block.out_sats)
        texts = int(block.out_script_length.sum()) + (len(spent.script_bytes) if foreign else 0)
        self.growing.reserve(Counts(1, 1 + len(block.txid), outputs, len(block.in_vout), outputs, texts, foreign))
        self.scripts.reserve(self.counts.scripts + outputs)

    def _judge(self, place: Place, here: Here, sums: Sums, spends: I64) -> None:
        if sums.code in (SPENT_TWICE, TOLD_OTHERWISE):
            self._forget_outside(here, spends)
            raise self._bad_spend(place, here, sums.where, _WHY[sums.code])
        if sums.code in (OUT_OF_RANGE, TOO_MUCH):
            self._forget_outside(here, spends)
            why = "pays more than it spends" if sums.code == TOO_MUCH else "has an amount out of range"
            raise BadSum(_told(place), sums.where, why)
        if place.whole and place.height != NO_HEIGHT and sums.known:
            allowed = Sats(subsidy(self.network, place.height) + sums.fees)
            if sums.claimed > allowed:
                release(self.growing.columns.out_spender, spends, len(spends))
                self._forget_outside(here, spends)
                raise GreedyCoinbase(place.height, Sats(sums.claimed), allowed)

    def _forget_outside(self, here: Here, spends: I64) -> None:
        if self._outside is not None:
            self._outside -= {_coin(here, int(row)) for row in np.flatnonzero(spends == FOREIGN)}

    def _number_scripts(self, outputs: Outputs, spent: SpentCoins, foreign: I64, base: Base) -> int:
        columns, texts, count = self.growing.columns, self._texts(), self.counts.scripts
        if len(foreign):
            starts = spent.script_start[foreign]
            theirs = Ranges(fixed(spent.script_bytes), fixed(starts), fixed(spent.script_start[foreign + 1] - starts))
            count = self.scripts.number(texts, count, theirs, columns.out_script[base.foreign : base.output])
        own = Ranges(outputs.raw, outputs.script_at, outputs.script_length)
        return self.scripts.number(texts, count, own, columns.out_script[base.output : base.output + len(own.at)])

    def _write_names(self, place: Place, block: ParsedBlock, here: Here, foreign: I64, base: Base) -> None:
        columns, counts = self.growing.columns, self.counts
        start, end, row = base.transaction, base.transaction + len(block.txid), counts.blocks
        if len(foreign):
            columns.txid[counts.transactions] = 0
            columns.tx_flags[counts.transactions] = int(TxFlag.OUTSIDE)
            columns.sorted_prefix[counts.transactions] = 0
            columns.sorted_tx[counts.transactions] = counts.transactions
            columns.tx_first_out[start] = base.output
            columns.tx_first_in[start] = base.input
            coins = slice(counts.outside, counts.outside + len(foreign))
            columns.outside_txo[coins] = np.arange(base.foreign, base.output)
            columns.outside_txid[coins] = block.in_txid[foreign]
            columns.outside_vout[coins] = here.in_vout[foreign]
        columns.txid[start:end] = block.txid
        columns.tx_flags[start:end] = block.tx_flags
        columns.tx_first_out[start : end + 1] = block.tx_first_out + base.output
        columns.tx_first_in[start : end + 1] = block.tx_first_in + base.input
        columns.sorted_prefix[start:end] = block.sorted_prefix
        columns.sorted_tx[start:end] = block.sorted_tx + np.uint32(start)
        columns.block_height[row] = place.height
        columns.block_hash[row] = np.frombuffer(block.hash, np.uint8)
        columns.block_time[row] = block.time
        columns.block_first_tx[row + 1] = end

    def _bury_overwritten(self, place: Place, coinbase: int) -> None:
        """The coins of a coinbase whose txid comes again can never be spent (BIP-30)."""
        columns = self.growing.columns
        if place.height >= BIP34_FOR_ALL or not int(columns.tx_flags[coinbase]) & TxFlag.COINBASE:
            return
        txid = columns.txid[coinbase].tobytes()
        older = self._coinbases.get(txid)
        self._coinbases[txid] = coinbase
        if older is not None:
            coins = columns.out_spender[int(columns.tx_first_out[older]) : int(columns.tx_first_out[older + 1])]
            coins[coins == UNSPENT] = UNSPENDABLE

    def _coinbase_rows(self) -> U32:
        """The coinbases of early blocks."""
        columns, blocks = self.growing.columns, self.counts.blocks
        early = int(np.searchsorted(columns.block_height[:blocks], BIP34_FOR_ALL))
        first = columns.block_first_tx[:early].copy()
        if self.counts.transactions:
            first += (columns.tx_flags[first] & TxFlag.OUTSIDE != 0).astype(np.uint32)
            first = first[columns.tx_flags[first] & TxFlag.COINBASE != 0]
        return first

    def _early_coinbases(self) -> dict[bytes, int]:
        columns = self.growing.columns
        return {columns.txid[tx].tobytes(): int(tx) for tx in self._coinbase_rows()}

    def _make_index(self) -> None:
        columns, transactions = self.growing.columns, self.counts.transactions
        self._index = _index_for(transactions)
        # Where every input must be found, one that spends a spent coin is an error with and without its transaction.
        self._indexed = put_in_index(self._index, columns, words(columns.txid), 0, transactions, self.complete)

    def _keep_indexed(self) -> None:
        """Take the newest block into the index, if there is one."""
        if self._index is None:
            return
        columns, counts = self.growing.columns, self.counts
        start = int(columns.block_first_tx[counts.blocks - 1])
        if 2 * (self._indexed + counts.transactions - start) > len(self._index.slots):
            self._make_index()
        else:
            self._indexed += put_in_index(self._index, columns, words(columns.txid), start, counts.transactions, False)

    def _texts(self) -> Texts:
        return Texts(self.growing.columns.script_start, self.growing.columns.script_bytes)

    def _bad_spend(self, place: Place, here: Here, row: int, why: str) -> BadSpend:
        transaction = int(np.searchsorted(here.first_in, row, side="right")) - 1
        return BadSpend(_told(place), transaction, _coin(here, row), why)


def _index_for(transactions: int) -> Index:
    size = _SMALLEST_INDEX
    while size < 4 * transactions:
        size *= 2
    return Index(np.zeros(size, np.uint32), np.frombuffer(secrets.token_bytes(16), np.uint64))


_NO_INDEX = _index_for(0)


def _here(block: ParsedBlock, spent: SpentCoins) -> Here:
    return Here(
        words(fixed(block.txid)),
        fixed(block.tx_first_out),
        fixed(block.tx_first_in),
        words(fixed(block.in_txid)),
        fixed(block.in_vout),
        fixed(spent.height),
        fixed(block.sorted_prefix),
        fixed(block.sorted_tx),
    )


def _outputs(block: ParsedBlock, raw: U8) -> Outputs:
    return Outputs(
        fixed(block.tx_flags),
        fixed(block.out_sats),
        fixed(raw),
        fixed(block.out_script_at),
        fixed(block.out_script_length),
    )


def _nothing_told(inputs: int) -> SpentCoins:
    unknown = np.full(inputs, -1, np.int64)
    return SpentCoins(
        unknown, np.full(inputs, UNKNOWN_SATS, np.int64), np.zeros(inputs + 1, np.int64), np.empty(0, np.uint8)
    )


def _told(place: Place) -> int | None:
    return None if place.height == NO_HEIGHT else place.height


def _coin(here: Here, row: int) -> OutPoint:
    return OutPoint(Txid(here.in_txid[row].tobytes()), int(here.in_vout[row]))

"""Who spends a coin, where no index tells: every block is read, from the one that made the coin up to the tip."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.chain.chain import Tip
from sekisho.chain.headers import HEADER_BYTES
from sekisho.chain.parse import MalformedBlock, parse_block
from sekisho.chain.parsed import ParsedBlock
from sekisho.chain.remote.source import Block, Found, Reorganised, Spends
from sekisho.errors import SekishoError

Watch = Callable[[str], None]
"""Is told, in words, how far things are."""


@dataclass(frozen=True, slots=True)
class BlockReader:
    """Where a scan gets its blocks."""

    name: str
    """Of the server."""
    fails: Callable[[str], SekishoError]
    network: Network
    hash_at: Callable[[int], bytes]
    raw: Callable[[bytes], bytes]
    pick: Callable[[Block, bytes, tuple[int, ...]], tuple[Found, ...]]
    """Of a block and its bytes the transactions at these positions."""

    def parsed(self, raw: bytes, hash_: bytes) -> ParsedBlock:
        """The block called `hash_`, which these bytes are."""
        name = show_txid(Txid(hash_))
        if sha256d(raw[:HEADER_BYTES]) != hash_:
            raise self.fails(f"what it gives as block {name} does not hash to that")
        try:
            return parse_block(raw, self.network)
        except MalformedBlock as why:
            raise self.fails(f"what it gives as block {name} is {why}") from why


class Scan:
    """Goes through the chain once, and stops wherever something is found: what is found makes new coins to look for."""

    def __init__(self, reader: BlockReader, watch: Watch) -> None:
        self._reader, self._watch = reader, watch
        self._tip: Tip | None = None
        self._next: dict[OutPoint, int] = {}
        """The first height at which a coin was not looked for yet."""
        self._last: _Read | None = None

    def spenders(self, coins: Mapping[OutPoint, int], tip: Tip) -> Spends:
        """As `Source.spenders`. Raises Reorganised where a block does not follow the one before it."""
        if tip != self._tip:
            self._next, self._tip, self._last = {}, tip, None
        for coin, made in coins.items():
            self._next.setdefault(coin, made)
        while (height := min((self._next[coin] for coin in coins), default=tip.height + 1)) <= tip.height:
            due = frozenset(coin for coin in coins if self._next[coin] == height)
            self._watch(f"block {height:,} of {tip.height:,}: who spends {len(coins):,} coins?")
            read = self._block(height, tip)
            for coin in due:
                self._next[coin] = height + 1
            if positions := read.spending(due):
                found = self._reader.pick(read.block, read.raw, positions)
                spent = {coin for each in found for coin in each.spends()}
                return Spends(found, frozenset(due & spent))
        return Spends((), frozenset(coins))

    def _block(self, height: int, tip: Tip) -> "_Read":
        last = self._last
        if last is not None and last.block.height == height:
            return last
        name = self._reader.hash_at(height)
        raw = self._reader.raw(name)
        parsed = self._reader.parsed(raw, name)
        follows = last is None or last.block.height + 1 != height or parsed.previous == last.block.hash
        if not follows or (height == tip.height and name != tip.hash):
            raise Reorganised(self._reader.name)
        self._last = _Read(Block(height, name, parsed.time, raw[36:68]), raw, parsed)
        return self._last


class _Read(NamedTuple):
    """A block that was read."""

    block: Block
    raw: bytes
    parsed: ParsedBlock

    def spending(self, coins: frozenset[OutPoint]) -> tuple[int, ...]:
        """The positions of its transactions that spend some of these coins."""
        parsed = self.parsed
        wanted = np.unique(np.array([int.from_bytes(coin.txid[:8], "little") for coin in coins], np.uint64))
        starts = np.ascontiguousarray(parsed.in_txid[:, :8]).view("<u8").reshape(-1)
        spends = [
            place
            for place in np.flatnonzero(np.isin(starts, wanted)).tolist()
            if OutPoint(Txid(parsed.in_txid[place].tobytes()), int(parsed.in_vout[place])) in coins
        ]
        return tuple(sorted(set((np.searchsorted(parsed.tx_first_in, spends, side="right") - 1).tolist())))

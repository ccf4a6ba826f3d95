"""Who spends a coin, where no index tells: every block is read, from the one that made the coin up to the tip."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.chain.chain import Tip
from sekisho.chain.remote.raw import block_of, check_header
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
    hash_at: Callable[[int], bytes]
    raw: Callable[[bytes], bytes]
    spending: Callable[[Block, bytes, frozenset[OutPoint]], tuple[Found, ...]]
    """Of a block and its bytes the transactions that spend some of these coins."""


class Scan:
    """Goes through the chain once, and stops wherever something is found: what is found makes new coins to look for."""

    def __init__(self, reader: BlockReader, watch: Watch) -> None:
        self._reader, self._watch = reader, watch
        self._tip: Tip | None = None
        self._next: dict[OutPoint, int] = {}
        """The first height at which a coin was not looked for yet."""
        self._last: tuple[Block, bytes] | None = None
        """The newest block that was read, and its bytes."""

    def spenders(self, coins: Mapping[OutPoint, int], tip: Tip) -> Spends:
        """As `Source.spenders`. Raises Reorganised where a block does not follow the one before it."""
        if tip != self._tip:
            self._next, self._tip, self._last = {}, tip, None
        for coin, made in coins.items():
            self._next.setdefault(coin, made)
        while (height := min((self._next[coin] for coin in coins), default=tip.height + 1)) <= tip.height:
            due = frozenset(coin for coin in coins if self._next[coin] == height)
            self._watch(f"block {height:,} of {tip.height:,}: who spends {len(coins):,} coins?")
            block, raw = self._block(height, tip)
            for coin in due:
                self._next[coin] = height + 1
            if _mentions(raw, due) and (found := self._reader.spending(block, raw, due)):
                spent = {coin for each in found for coin in each.spends()}
                return Spends(found, frozenset(due & spent))
        return Spends((), frozenset(coins))

    def _block(self, height: int, tip: Tip) -> tuple[Block, bytes]:
        last = self._last
        if last is not None and last[0].height == height:
            return last
        name = self._reader.hash_at(height)
        raw = self._reader.raw(name)
        check_header(raw, name, self._reader.fails)
        follows = last is None or last[0].height + 1 != height or raw[4:36] == last[0].hash
        if not follows or (height == tip.height and name != tip.hash):
            raise Reorganised(self._reader.name)
        self._last = (block_of(raw, height), raw)
        return self._last


def _mentions(raw: bytes, coins: frozenset[OutPoint]) -> bool:
    """Whether a block's bytes hold the name of one of these coins, as every spend of it does."""
    return any(coin.txid + coin.vout.to_bytes(4, "little") in raw for coin in coins)

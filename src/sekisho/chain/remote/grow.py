"""A chain that grows as it is traced: little more than taint meets is fetched, and the ordinary engines run on it.

What is known is put together as a chain in memory, and traced. Every coin that ends there as unspent is asked about at
the server; who spends it is added, with the coins it spends, and so are some that spend on from there; all is traced
again, until nothing new is met. So there is no second engine, and the result is that of the whole chain: what a trace
does not meet does not count in it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.sats import MAX_MONEY
from sekisho.bitcoin.script import Script
from sekisho.chain.assemble import KnownBlock, assemble
from sekisho.chain.chain import Chain, Tip
from sekisho.chain.headers import GENESIS
from sekisho.chain.remote.http import ServerFails
from sekisho.chain.remote.scan import Watch
from sekisho.chain.remote.source import Block, Found, Reorganised, Source
from sekisho.errors import SekishoError

MOST_TRANSACTIONS = 100_000
"""More than this is a case for a store: all of it is traced anew whenever something is found."""

LEAST_AHEAD = 32
"""Transactions that are fetched ahead of the trace, at least; otherwise as many as are known."""

ATTEMPTS = 3
"""How often a trace begins again because the chain was reorganised under it."""

TWICE_MINED = frozenset(
    {
        "d5d27987d2a3dfc724e359870c6644b40e497bdc0589a033220fe15429d88599",
        "e3bf3d07d4b0375638d5f1db5255fe07ba2c4cb067cd81b84ee974b6585fb468",
    }
)
"""The two coinbases of mainnet that stand in two blocks each (BIP-30): no server can say which one is meant."""


class WrongNetwork(SekishoError):
    """A server whose chain is not the one that was asked for."""

    def __init__(self, server: str, network: Network) -> None:
        super().__init__(f"{server} does not have the chain of {network}: its first block is another one")
        self.server, self.network = server, network


class TooFarSpread(SekishoError):
    """A trace that meets more transactions than should be fetched one by one."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the trace meets more than {most:,} transactions: import the blocks and trace in a store")
        self.most = most


class Ambiguous(SekishoError):
    """A transaction that stands in the chain twice."""

    def __init__(self, txid: Txid) -> None:
        super().__init__(f"{show_txid(txid)} stands in two blocks (BIP-30): only a store tells them apart")
        self.txid = txid


@dataclass(frozen=True, slots=True)
class Start:
    """Where a chain begins to grow."""

    txids: tuple[Txid, ...]
    scripts: tuple[Script, ...]
    """Every transaction that pays to one of them is fetched."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a trace would like to know of a chain that is not all there."""

    spenders: frozenset[OutPoint]
    """Coins that nothing known spends."""
    makers: frozenset[Txid]
    """Transactions whose outputs are spent by known ones."""
    whole_blocks: bool
    """Whether the blocks that are met are needed with all their transactions, as fees followed into coinbases are."""


def grow(source: Source, network: Network, start: Start, wants: Callable[[Chain], Wanted], watch: Watch) -> Chain:
    """A chain that holds whatever `wants` asks for, as it was at its tip: transactions in no block do not count.

    `wants` is asked again whenever the chain has grown. Raises ServerFails, WrongNetwork, TooFarSpread, Ambiguous, and
    Reorganised where the server's chain does not stand still.
    """
    if source.hashes_at([0]) != (GENESIS[network],):
        raise WrongNetwork(source.name, network)
    for _ in range(ATTEMPTS):
        try:
            return _Growing(source, network, watch).whole(start, wants)
        except Reorganised:
            watch("the chain was reorganised: once more from the start")
    raise Reorganised(source.name)


class _Growing:
    """What is known of a chain whose newest block is `tip`."""

    def __init__(self, source: Source, network: Network, watch: Watch) -> None:
        self._source, self._network, self._watch = source, network, watch
        self._tip: Tip = source.tip()
        self._known: dict[Txid, Found] = {}
        self._blocks: dict[int, Block] = {}
        self._settled: set[OutPoint] = set()
        self._whole: set[int] = set()

    def whole(self, start: Start, wants: Callable[[Chain], Wanted]) -> Chain:
        """Grow until nothing is wanted. Raises Reorganised when the blocks that were met do not form one chain."""
        self._add(self._source.transactions(start.txids))
        for script in start.scripts:
            self._add(self._source.paying(script))
        chain = self._chain()
        while self._learn(wants(chain)):
            chain = self._chain()
        heights = (*self._blocks, self._tip.height)
        hashes = (*(block.hash for block in self._blocks.values()), self._tip.hash)
        if self._source.hashes_at(heights) != hashes:
            raise Reorganised(self._source.name)
        return chain

    def _learn(self, wanted: Wanted) -> bool:
        """Ask for what is wanted; whether anything new was found."""
        before = len(self._known)
        missing = sorted(wanted.makers - self._known.keys())
        if missing:
            self._add(self._source.transactions(missing))
        if wanted.whole_blocks:
            for height in sorted(self._blocks.keys() - self._whole):
                self._add(self._source.whole(self._blocks[height]))
                self._whole.add(height)
        coins = {
            coin: self._known[coin.txid].block.height
            for coin in sorted(wanted.spenders - self._settled)
            if coin.txid in self._known
        }
        # tracing anew for each step of a long chain would cost its square: look ahead, but never further than back
        while coins and len(self._known) < before + max(before, LEAST_AHEAD):
            self._watch(f"{len(self._known):,} transactions met: who spends {len(coins):,} coins?")
            found, settled = self._source.spenders(coins, self._tip)
            made = {coin: each.block.height for each in found for coin in _coins_of(each)}
            self._add(found)
            self._settled |= settled
            coins = {coin: height for coin, height in (coins | made).items() if coin not in self._settled}
        return len(self._known) > before

    def _add(self, found: Iterable[Found]) -> None:
        for each in found:
            txid, block = each.transaction.txid, each.block
            if self._network is Network.MAIN and show_txid(txid) in TWICE_MINED:
                raise Ambiguous(txid)
            if block.height > self._tip.height or self._blocks.setdefault(block.height, block) != block:
                raise Reorganised(self._source.name)
            self._check_amounts(each)
            self._known.setdefault(txid, each)
        if len(self._known) > MOST_TRANSACTIONS:
            raise TooFarSpread(MOST_TRANSACTIONS)

    def _check_amounts(self, found: Found) -> None:
        made, spent = found.transaction.outputs, found.spent
        possible = all(0 <= each.sats <= MAX_MONEY for each in (*made, *spent))
        if not possible or (spent and sum(each.sats for each in made) > sum(each.sats for each in spent)):
            raise self._lie(found, "makes more than it spends")

    def _chain(self) -> Chain:
        rows: dict[int, list[Found]] = {}
        for each in self._known.values():
            self._check_parents(each)
            rows.setdefault(each.block.height, []).append(each)
        blocks = [_known_block(sorted(rows[height], key=lambda each: each.position)) for height in sorted(rows)]
        return assemble(self._network, blocks, self._tip)

    def _check_parents(self, found: Found) -> None:
        """Insist that a known transaction holds what is told of its coins, and stands before those that spend them."""
        for outpoint, coin in found.spends().items():
            parent = self._known.get(outpoint.txid)
            if parent is None:
                continue
            outputs = parent.transaction.outputs
            if outpoint.vout >= len(outputs) or outputs[outpoint.vout] != coin:
                raise self._lie(found, f"does not spend what {outpoint} is")
            if (parent.block.height, parent.position) >= (found.block.height, found.position):
                raise self._lie(found, f"stands before {outpoint}, which it spends")

    def _lie(self, found: Found, why: str) -> ServerFails:
        return ServerFails(self._source.name, f"as it tells it, {show_txid(found.transaction.txid)} {why}")


def _coins_of(found: Found) -> Iterable[OutPoint]:
    """The coins it makes that somebody may spend."""
    for vout, output in enumerate(found.transaction.outputs):
        if not output.script.startswith(b"\x6a"):
            yield OutPoint(found.transaction.txid, vout)


def _known_block(found: Sequence[Found]) -> KnownBlock:
    told = {name: coin for each in found for name, coin in each.spends().items()}
    block = found[0].block
    return KnownBlock(block.height, block.hash, block.time, tuple(each.transaction for each in found), told)

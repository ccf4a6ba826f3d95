"""A chain behind an Esplora HTTP API (Blockstream's, mempool.space's, or one's own)."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http import HTTPStatus
from typing import TypeVar

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Tip
from sekisho.chain.esplora_json import (
    EsploraTransaction,
    MalformedEsplora,
    parse_esplora_transaction,
    parse_esplora_transactions,
)
from sekisho.chain.remote.http import Server
from sekisho.chain.remote.source import (
    MAX_HEIGHT,
    Block,
    Found,
    Reorganised,
    Spends,
    block_told,
    is_list_of,
    root_above,
)
from sekisho.chain.remote.told import Told, told

_Asked = TypeVar("_Asked")
_Value = TypeVar("_Value")

AT_ONCE = 8
"""Requests under way at the same time: what public servers bear from one address."""

PAGE = 25
"""Transactions on one page."""

MAX_PAGES = 4000
"""Of one script: more payments than this need a store."""

_DEEPEST = 32
"""No block has a merkle branch this long."""


class Esplora:
    """A server that speaks Esplora's API. Every answer is checked as far as it can be (`source`)."""

    def __init__(self, server: Server, network: Network) -> None:
        self._server, self.name, self._network = server, str(server), network
        self._blocks: dict[bytes, Block] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="esplora")

    def close(self) -> None:
        """Ask no more."""
        self._pool.shutdown(cancel_futures=True)

    def tip(self) -> Tip:
        """The newest block."""
        named = self._text("/blocks/tip/hash")
        return Tip(self._block(self._hash(named)).height, self._hash(named))

    def hashes_at(self, heights: Sequence[int]) -> tuple[bytes, ...]:
        """The hash of the block at each height, in hashing order. Raises Reorganised where there is none any more."""
        return self._all(self._hash_at, heights)

    def transactions(self, txids: Sequence[Txid]) -> tuple[Found, ...]:
        """These transactions, each in the block that holds it."""
        return self._all(self._transaction, txids)

    def paying(self, script: Script) -> tuple[Found, ...]:
        """Every transaction in a block that pays to a script."""
        name, last, found = sha256(script).hexdigest(), "", list[EsploraTransaction]()
        for _ in range(MAX_PAGES):
            page = self._several(f"/scripthash/{name}/txs/chain{last}")
            if not page:
                break
            found += page
            last = f"/{show_txid(page[-1].transaction.txid)}"
        else:
            raise self._server.fails(f"more than {MAX_PAGES * PAGE} transactions of one script: use a store")
        paying = {
            each.transaction.txid: each
            for each in found
            if any(output.script == script for output in each.transaction.outputs)
        }
        return self._all(self._placed, tuple(paying.values()))

    def spenders(self, coins: Mapping[OutPoint, int], tip: Tip) -> Spends:
        """Who spends these coins; all are settled at once."""
        asked: dict[Txid, list[OutPoint]] = {}
        for each in coins:
            asked.setdefault(each.txid, []).append(each)
        told_of = [pair for pairs in self._all(self._spends_of, tuple(asked.values())) for pair in pairs]
        spending = {coin: txid for coin, txid, height in told_of if height <= tip.height}
        found = self.transactions(sorted(set(spending.values())))
        spent = {each.transaction.txid: each.spends() for each in found}
        for coin, txid in spending.items():
            if coin not in spent[txid]:
                raise self._server.fails(f"{show_txid(txid)} does not spend {coin}, as it said")
        return Spends(found, frozenset(coins))

    def whole(self, block: Block) -> tuple[Found, ...]:
        """Every transaction of a block."""
        name = show_txid(Txid(block.hash))
        count = self._json(f"/block/{name}").member("tx_count").whole(1, 1_000_000)
        pages = self._all(lambda start: self._several(f"/block/{name}/txs/{start}"), range(0, count, PAGE))
        told_of = [each for page in pages for each in page]
        if not is_list_of([each.transaction.txid for each in told_of], block.root):
            raise self._server.fails(f"the transactions of block {name} are not those its header names")
        return tuple(self._found(each, block, position) for position, each in enumerate(told_of))

    def _transaction(self, txid: Txid) -> Found:
        raw = self._get(f"/tx/{show_txid(txid)}")
        try:
            read = parse_esplora_transaction(raw)
        except MalformedEsplora as why:
            raise self._server.fails(str(why)) from why
        if read.transaction.txid != txid:
            raise self._server.fails(f"asked for {show_txid(txid)}, it gives {show_txid(read.transaction.txid)}")
        return self._placed(read)

    def _placed(self, read: EsploraTransaction) -> Found:
        """The transaction at its place in its block, which the merkle branch proves."""
        name = show_txid(read.transaction.txid)
        if read.block is None:
            raise self._server.fails(f"transaction {name} is in no block yet")
        block = self._block(read.block.hash)
        proof = self._json(f"/tx/{name}/merkle-proof")
        branch = [each.hash() for each in proof.member("merkle").rows()]
        position = proof.member("pos").whole(0, 1_000_000)
        if len(branch) > _DEEPEST or root_above(read.transaction.txid, position, branch) != block.root:
            raise self._server.fails(f"transaction {name} is not in the block it names")
        if position >> len(branch) or block.height != read.block.height:
            raise self._server.fails(f"it contradicts itself about where {name} is")
        return self._found(read, block, position)

    def _found(self, read: EsploraTransaction, block: Block, position: int) -> Found:
        spent = tuple(each for each in read.spent if each is not None)
        if len(spent) < len(read.spent):
            raise self._server.fails(f"it does not tell which coins {show_txid(read.transaction.txid)} spends")
        return Found(read.transaction, spent, block, position)

    def _spends_of(self, coins: list[OutPoint]) -> list[tuple[OutPoint, Txid, int]]:
        """Of these coins of one transaction those that are spent in blocks: by whom, and at which height."""
        name = show_txid(coins[0].txid)
        if len(coins) == 1:
            rows = {coins[0].vout: self._json(f"/tx/{name}/outspend/{coins[0].vout}")}
        else:
            rows = dict(enumerate(self._json(f"/tx/{name}/outspends").rows()))
        found = []
        for coin in coins:
            if coin.vout not in rows:
                raise self._server.fails(f"it tells of only {len(rows)} outputs of {name}")
            row = rows[coin.vout]
            if not row.member("spent").flag():
                continue
            status = row.member("status")
            if status.member("confirmed").flag():
                found.append((coin, row.member("txid").hash(), status.member("block_height").whole(0, MAX_HEIGHT)))
        return found

    def _block(self, hash_: bytes) -> Block:
        if hash_ not in self._blocks:
            told_of = self._json(f"/block/{show_txid(Txid(hash_))}")
            bits = told_of.member("bits").whole(0, 2**32 - 1)
            self._blocks[hash_] = block_told(
                told_of, hash_, self._network, told_of.member("height"), told_of.member("timestamp"), bits
            )
        return self._blocks[hash_]

    def _hash_at(self, height: int) -> bytes:
        answer = self._server.get(f"/block-height/{height}")
        if answer.status == HTTPStatus.NOT_FOUND:
            raise Reorganised(self.name)
        return self._hash(self._plain(answer.body, f"block-height/{height}"))

    def _hash(self, text: str) -> bytes:
        return Told(text, "a block's hash", self._server.fails).hash()

    def _several(self, path: str) -> tuple[EsploraTransaction, ...]:
        raw = self._get(path)
        try:
            return () if raw.strip() == b"[]" else parse_esplora_transactions(raw)
        except MalformedEsplora as why:
            raise self._server.fails(str(why)) from why

    def _json(self, path: str) -> Told:
        return told(self._get(path), path, self._server.fails)

    def _text(self, path: str) -> str:
        return self._plain(self._get(path), path)

    def _plain(self, raw: bytes, what: str) -> str:
        try:
            return raw.decode("ascii").strip()
        except UnicodeDecodeError as why:
            raise self._server.fails(f"{what} is not text") from why

    def _get(self, path: str) -> bytes:
        answer = self._server.get(path)
        if answer.status == HTTPStatus.NOT_FOUND:
            raise self._server.fails(f"it has no {path}")
        if answer.status != HTTPStatus.OK:
            raise self._server.fails(f"it answers {answer.status} to {path}")
        return answer.body

    def _all(self, ask: Callable[[_Asked], _Value], about: Sequence[_Asked]) -> tuple[_Value, ...]:
        """Ask about each, several at a time; the answers in the order of the questions."""
        return tuple(self._pool.map(ask, about))

"""A chain behind Bitcoin Core's REST interface (`-rest`, version 30 and later), which needs no password."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Tip
from sekisho.chain.remote.core import listed
from sekisho.chain.remote.http import Server
from sekisho.chain.remote.raw import spent_of, transactions_of
from sekisho.chain.remote.scan import BlockReader, Scan, Watch
from sekisho.chain.remote.source import MAX_HEIGHT, Block, Found, Reorganised, Spends
from sekisho.chain.remote.told import Told, told


class CoreRest:
    """A node asked by REST. Every answer is checked as far as it can be (`source`).

    Transactions are found by txid through `-txindex`; spenders by reading every block from the coin to the tip.
    """

    def __init__(self, server: Server, network: Network, watch: Watch) -> None:
        self._server, self.name, self._network = server, str(server), network
        self._whole: tuple[bytes, tuple[Found, ...]] = (b"", ())
        """The newest block that was read whole."""
        self._reader = BlockReader(self.name, server.fails, network, self._hash_at, self._raw, self._pick)
        self._scan = Scan(self._reader, watch)

    def close(self) -> None:
        """Ask no more."""

    def tip(self) -> Tip:
        """The newest block."""
        said = self._json("/rest/chaininfo.json")
        return Tip(said.member("blocks").whole(0, MAX_HEIGHT), said.member("bestblockhash").hash())

    def hashes_at(self, heights: Sequence[int]) -> tuple[bytes, ...]:
        """The hash of the block at each height, in hashing order. Raises Reorganised where there is none any more."""
        return tuple(map(self._hash_at, heights))

    def transactions(self, txids: Sequence[Txid]) -> tuple[Found, ...]:
        """These transactions, each in the block that holds it."""
        return tuple(map(self._transaction, txids))

    def paying(self, script: Script) -> tuple[Found, ...]:
        """A node has no index of scripts: always ServerFails."""
        raise self._server.fails(
            f"a node cannot say who paid to script {script.hex()}: name transactions, or use a store"
        )

    def spenders(self, coins: Mapping[OutPoint, int], tip: Tip) -> Spends:
        """Who spends these coins: those of the first block that spends some."""
        return self._scan.spenders(coins, tip)

    def whole(self, block: Block) -> tuple[Found, ...]:
        """Every transaction of a block."""
        if self._whole[0] != block.hash:
            raw = self._raw(block.hash)
            self._reader.parsed(raw, block.hash)
            self._whole = (block.hash, self._read(raw, block))
        return self._whole[1]

    def _transaction(self, txid: Txid) -> Found:
        name = show_txid(txid)
        answer = self._server.get(f"/rest/tx/{name}.json")
        if answer.status == HTTPStatus.NOT_FOUND:
            raise self._server.fails(f"it has no transaction {name}; it may know it if it is started with -txindex")
        said = self._said(answer.status, answer.body, f"transaction {name}")
        if said.member("blockhash").absent:
            raise self._server.fails(f"transaction {name} is in no block yet")
        hash_ = said.member("blockhash").hash()
        for each in self.whole(self._block(hash_)):
            if each.transaction.txid == txid:
                return each
        raise self._server.fails(f"{name} is not in the block it names")

    def _block(self, hash_: bytes) -> Block:
        block, _ = listed(self._json(f"/rest/block/notxdetails/{show_txid(Txid(hash_))}.json"), hash_, self._network)
        return block

    def _hash_at(self, height: int) -> bytes:
        answer = self._server.get(f"/rest/blockhashbyheight/{height}.json")
        if answer.status == HTTPStatus.NOT_FOUND:
            raise Reorganised(self.name)
        return self._said(answer.status, answer.body, f"the hash of block {height}").member("blockhash").hash()

    def _raw(self, hash_: bytes) -> bytes:
        return self._get(f"/rest/block/{show_txid(Txid(hash_))}.bin")

    def _read(self, raw: bytes, block: Block) -> tuple[Found, ...]:
        transactions = transactions_of(raw, self._server.fails)
        spent = spent_of(
            self._get(f"/rest/spenttxouts/{show_txid(Txid(block.hash))}.bin"), transactions, self._server.fails
        )
        return tuple(
            Found(each, coins, block, at) for at, (each, coins) in enumerate(zip(transactions, spent, strict=True))
        )

    def _pick(self, block: Block, raw: bytes, positions: tuple[int, ...]) -> tuple[Found, ...]:
        if self._whole[0] != block.hash:
            self._whole = (block.hash, self._read(raw, block))
        return tuple(self._whole[1][at] for at in positions)

    def _json(self, path: str) -> Told:
        answer = self._server.get(path)
        return self._said(answer.status, answer.body, path)

    def _get(self, path: str) -> bytes:
        answer = self._server.get(path)
        self._good(answer.status, path)
        return answer.body

    def _said(self, status: int, body: bytes, what: str) -> Told:
        self._good(status, what)
        return told(body, what, self._server.fails)

    def _good(self, status: int, what: str) -> None:
        if status == HTTPStatus.NOT_FOUND:
            raise self._server.fails(f"it has no {what} (is it version 30 or later, started with -rest?)")
        if status != HTTPStatus.OK:
            raise self._server.fails(f"it answers {status} to {what}")

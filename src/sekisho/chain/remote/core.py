"""A chain behind Bitcoin Core's RPC. btcd, which knows fewer calls, serves as well."""

from collections.abc import Mapping, Sequence
from itertools import islice

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import MalformedTransaction, Transaction, TxOutput, parse_transaction
from sekisho.chain.chain import Tip
from sekisho.chain.flags import NO_COIN
from sekisho.chain.remote.raw import transactions_of
from sekisho.chain.remote.rpc import UNKNOWN_METHOD, CallFails, Rpc
from sekisho.chain.remote.scan import BlockReader, Scan, Watch
from sekisho.chain.remote.source import MAX_HEIGHT, Block, Found, Reorganised, Spends, block_told, is_list_of
from sekisho.chain.remote.told import Told

_COINS_AT_ONCE = 100
_BLOCKS_KEPT = 64
_WITH_COINS = 2
"""The verbosity of `getrawtransaction` that tells the coins spent, from Bitcoin Core 25 on; before, it is just true."""
_WHOLE_WITH_COINS = 3
"""And that of `getblock`, from Bitcoin Core 23 on."""


class CoreRpc:
    """A node asked by RPC. Every answer is checked as far as it can be (`source`).

    Transactions are found by txid through `-txindex`, spenders through `-txospenderindex` (version 31), or else by
    reading every block from the coin to the tip.
    """

    def __init__(self, rpc: Rpc, network: Network, watch: Watch) -> None:
        self._rpc, self._server, self._network = rpc, rpc.server, network
        self.name = str(rpc.server)
        self._blocks: dict[bytes, tuple[Block, tuple[Txid, ...]]] = {}
        self._indexes = self._synced()
        reader = BlockReader(self.name, self._server.fails, network, self._hash_at, self._raw, self._pick)
        self._scan = Scan(reader, watch)

    def close(self) -> None:
        """Ask no more."""

    def tip(self) -> Tip:
        """The newest block."""
        said = self._rpc.call("getblockchaininfo")
        return Tip(said.member("blocks").whole(0, MAX_HEIGHT), said.member("bestblockhash").hash())

    def hashes_at(self, heights: Sequence[int]) -> tuple[bytes, ...]:
        """The hash of the block at each height, in hashing order. Raises Reorganised where there is none any more."""
        return tuple(map(self._hash_at, heights))

    def transactions(self, txids: Sequence[Txid]) -> tuple[Found, ...]:
        """These transactions, each in the block that holds it."""
        return tuple(self._transaction(each, None) for each in txids)

    def paying(self, script: Script) -> tuple[Found, ...]:
        """A node has no index of scripts: always ServerFails."""
        raise self._server.fails(
            f"a node cannot say who paid to script {script.hex()}: name transactions, or use a store"
        )

    def spenders(self, coins: Mapping[OutPoint, int], tip: Tip) -> Spends:
        """Who spends these coins: all are settled at once where there is an index, otherwise those of one block."""
        if "txospenderindex" not in (self._indexes or ()):
            return self._scan.spenders(coins, tip)
        rest = iter(coins)
        spending: dict[Txid, bytes] = {}
        while some := tuple(islice(rest, _COINS_AT_ONCE)):
            spending |= self._spending_by_index(some)
        found = tuple(self._transaction(txid, block) for txid, block in spending.items())
        return Spends(tuple(each for each in found if each.block.height <= tip.height), frozenset(coins))

    def whole(self, block: Block) -> tuple[Found, ...]:
        """Every transaction of a block."""
        said = self._rpc.call("getblock", show_txid(Txid(block.hash)), _WHOLE_WITH_COINS)
        rows = said.member("tx" if said.member("rawtx").absent else "rawtx")  # the latter from btcd
        found = [self._read(row) for row in rows.rows()]
        if not is_list_of([transaction.txid for transaction, _ in found], block.root):
            rows.wrong("holds other transactions than the block's header names")
        return tuple(Found(transaction, spent, block, at) for at, (transaction, spent) in enumerate(found))

    def _synced(self) -> frozenset[str] | None:
        """The indexes that the node keeps and that are complete; None for one that is not Bitcoin Core."""
        try:
            said = self._rpc.call("getindexinfo")
        except CallFails as why:
            if why.code == UNKNOWN_METHOD:
                return None
            raise
        names = ("txindex", "txospenderindex")
        told = ((name, said.member(name)) for name in names)
        return frozenset(name for name, each in told if not each.absent and each.member("synced").flag())

    def _spending_by_index(self, coins: tuple[OutPoint, ...]) -> dict[Txid, bytes]:
        """Of these coins those spent in blocks: by whom, and in which block."""
        asked = [{"txid": show_txid(each.txid), "vout": each.vout} for each in coins]
        rows = self._rpc.call("gettxspendingprevout", asked, {"mempool_only": False}).rows()
        if len(rows) != len(coins):
            raise self._server.fails(f"asked for {len(coins)} coins, it tells of {len(rows)}")
        spending: dict[Txid, bytes] = {}
        for coin, row in zip(coins, rows, strict=True):
            if OutPoint(row.member("txid").hash(), row.member("vout").whole(0, 2**32 - 1)) != coin:
                row.wrong(f"is not about {coin}")
            block = row.member("blockhash")
            if not block.absent:  # otherwise unspent, or spent in the mempool alone
                spending[row.member("spendingtxid").hash()] = block.hash()
        return spending

    def _transaction(self, txid: Txid, within: bytes | None) -> Found:
        """A transaction in its block; `within` that block where no index of transactions is needed to find it."""
        said, transaction, spent = self._fetched(txid, within)
        if said.member("blockhash").absent:
            raise self._server.fails(f"transaction {show_txid(txid)} is in no block yet")
        return self._placed(transaction, spent, said.member("blockhash").hash())

    def _fetched(self, txid: Txid, within: bytes | None) -> tuple[Told, Transaction, tuple[TxOutput, ...]]:
        said = self._told(txid, within)
        transaction, spent = self._read(said)
        if transaction.txid != txid:
            said.wrong(f"is {show_txid(transaction.txid)}, not {show_txid(txid)}")
        return said, transaction, spent

    def _told(self, txid: Txid, within: bytes | None) -> Told:
        place = () if within is None or self._indexes is None else (show_txid(Txid(within)),)  # btcd takes no block
        try:
            return self._rpc.call("getrawtransaction", show_txid(txid), _WITH_COINS, *place)
        except CallFails as why:
            hint = "" if "txindex" in (self._indexes or ()) else "; it may know it if it is started with -txindex"
            raise self._server.fails(f"it has no transaction {show_txid(txid)} ({why.why}){hint}") from why

    def _placed(self, transaction: Transaction, spent: tuple[TxOutput, ...], hash_: bytes) -> Found:
        block, txids = self._block(hash_)
        if transaction.txid not in txids:
            raise self._server.fails(f"{show_txid(transaction.txid)} is not in the block it names")
        return Found(transaction, spent, block, txids.index(transaction.txid))

    def _read(self, said: Told) -> tuple[Transaction, tuple[TxOutput, ...]]:
        """A transaction as `getrawtransaction` tells it, and the coins it spends."""
        transaction = self._parsed(said.member("hex"))
        if transaction.inputs[0].outpoint == NO_COIN:
            return transaction, ()
        rows = said.member("vin").rows()
        if len(rows) != len(transaction.inputs):
            said.wrong("has not as many inputs as its bytes")
        coins = (
            self._coin(each.outpoint, row.member("prevout")) for each, row in zip(transaction.inputs, rows, strict=True)
        )
        return transaction, tuple(coins)

    def _coin(self, outpoint: OutPoint, told: Told) -> TxOutput:
        """The coin behind an input, as it is told beside it; where it is not, from the transaction that made it."""
        if not told.absent:
            return TxOutput(told.member("value").bitcoins(), Script(told.member("scriptPubKey").member("hex").hex()))
        parent = self._parsed(self._told(outpoint.txid, None).member("hex"))
        if parent.txid != outpoint.txid or outpoint.vout >= len(parent.outputs):
            raise self._server.fails(f"what it gives as {show_txid(outpoint.txid)} does not have output {outpoint}")
        return parent.outputs[outpoint.vout]

    def _parsed(self, told: Told) -> Transaction:
        try:
            transaction = parse_transaction(told.hex())
        except MalformedTransaction as why:
            told.wrong(f"is {why}")
        if not transaction.inputs:
            told.wrong("is a transaction without inputs")
        return transaction

    def _block(self, hash_: bytes) -> tuple[Block, tuple[Txid, ...]]:
        """A block and the txids in it, which its header names."""
        if hash_ not in self._blocks:
            if len(self._blocks) == _BLOCKS_KEPT:
                del self._blocks[next(iter(self._blocks))]
            self._blocks[hash_] = listed(self._rpc.call("getblock", show_txid(Txid(hash_)), 1), hash_, self._network)
        return self._blocks[hash_]

    def _hash_at(self, height: int) -> bytes:
        try:
            return self._rpc.call("getblockhash", height).hash()
        except CallFails as why:
            raise Reorganised(self.name) from why

    def _raw(self, hash_: bytes) -> bytes:
        return self._rpc.call("getblock", show_txid(Txid(hash_)), 0).hex()

    def _pick(self, block: Block, raw: bytes, positions: tuple[int, ...]) -> tuple[Found, ...]:
        transactions = transactions_of(raw, self._server.fails)
        found = []
        for at in positions:
            _, transaction, spent = self._fetched(transactions[at].txid, block.hash)
            found.append(Found(transaction, spent, block, at))
        return tuple(found)


def listed(said: Told, hash_: bytes, network: Network) -> tuple[Block, tuple[Txid, ...]]:
    """A block as `getblock` with verbosity 1 tells it, and the txids in it, which its header names."""
    bits = said.member("bits").hex()
    if len(bits) != 4:
        said.member("bits").wrong("is not a target of four bytes")
    block = block_told(said, hash_, network, said.member("height"), said.member("time"), int.from_bytes(bits, "big"))
    txids = tuple(each.hash() for each in said.member("tx").rows())
    if not is_list_of(txids, block.root):
        said.wrong("names other transactions than its header")
    return block, txids

"""A stand-in for an Esplora server, written from its documentation (API.md): it serves a `PublishedChain`."""

from dataclasses import dataclass, field
from hashlib import sha256

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.transaction import Transaction, TxOutput
from support.chains import NO_COIN
from support.published_chain import BITS, PublishedBlock, PublishedChain
from support.serving import Reply, Spoil, as_told, document, hex_of


@dataclass
class EsploraStandIn:
    """An Esplora server."""

    chain: PublishedChain
    spoil: Spoil = as_told
    asked: list[str] = field(default_factory=list)

    def __call__(self, _verb: str, path: str, _body: bytes, _login: str) -> Reply:
        self.asked.append(path)
        words = path.strip("/").split("/")
        found = self._answer(words)
        return Reply(404, b"not found") if found is None else Reply(200, self.spoil(path, found))

    def _answer(self, words: list[str]) -> bytes | None:
        match words:
            case ["blocks", "tip", "hash"]:
                return hex_of(self.chain.tip.hash).encode()
            case ["block-height", height]:
                known = int(height) < len(self.chain.blocks)
                return hex_of(self.chain.blocks[int(height)].hash).encode() if known else None
            case ["block", name, *rest]:
                block = self.chain.named(bytes.fromhex(name)[::-1])
                return None if block is None else self._block(block, rest)
            case ["tx", name, *rest]:
                txid = Txid(bytes.fromhex(name)[::-1])
                return self._of_transaction(txid, rest) if txid in self.chain.places else None
            case ["scripthash", name, "txs", "chain", *last]:
                return self._history(name, last)
            case _:
                return None

    def _block(self, block: PublishedBlock, rest: list[str]) -> bytes | None:
        match rest:
            case []:
                return document(
                    {
                        "id": hex_of(block.hash),
                        "height": block.height,
                        "version": block.version,
                        "timestamp": block.time,
                        "tx_count": len(block.transactions),
                        "merkle_root": hex_of(block.root),
                        "previousblockhash": hex_of(block.previous) if block.height else None,
                        "nonce": block.nonce,
                        "bits": BITS,
                    }
                )
            case ["txs", start]:
                return document([self._told(each) for each in block.transactions[int(start) : int(start) + 25]])
            case _:
                return None

    def _of_transaction(self, txid: Txid, rest: list[str]) -> bytes | None:
        height, position = self.chain.places[txid]
        transaction = self.chain.transaction(txid)
        match rest:
            case []:
                return document(self._told(transaction) | {"status": self._status(height)})
            case ["merkle-proof"]:
                branch = [hex_of(each) for each in branch_of(self.chain.blocks[height].txids, position)]
                return document({"block_height": height, "merkle": branch, "pos": position})
            case ["outspends"]:
                return document([self._outspend(OutPoint(txid, at)) for at in range(len(transaction.outputs))])
            case ["outspend", vout]:
                return document(self._outspend(OutPoint(txid, int(vout))))
            case _:
                return None

    def _outspend(self, coin: OutPoint) -> dict[str, object]:
        txid = self.chain.spender.get(coin)
        if txid is None:
            return {"spent": False}
        vin = [each.outpoint for each in self.chain.transaction(txid).inputs].index(coin)
        status = self._status(self.chain.places[txid][0])
        return {"spent": True, "txid": show_txid(txid), "vin": vin, "status": status}

    def _status(self, height: int) -> dict[str, object]:
        block = self.chain.blocks[height]
        return {
            "confirmed": True,
            "block_height": height,
            "block_hash": hex_of(block.hash),
            "block_time": block.time,
        }

    def _history(self, name: str, last: list[str]) -> bytes:
        """Newest first, 25 on a page, whatever pays to the script or spends from it."""
        met = [
            each
            for block in reversed(self.chain.blocks)
            for each in reversed(block.transactions)
            if any(sha256(out.script).hexdigest() == name for out in (*each.outputs, *self.chain.spent(each)))
        ]
        start = 1 + [show_txid(each.txid) for each in met].index(last[0]) if last else 0
        page = met[start : start + 25]
        return document([self._told(each) | {"status": self._status(self.chain.places[each.txid][0])} for each in page])

    def _told(self, transaction: Transaction) -> dict[str, object]:
        spent: list[TxOutput | None] = [*self.chain.spent(transaction)] or [None]
        return {
            "txid": show_txid(transaction.txid),
            "version": transaction.version,
            "locktime": transaction.locktime,
            "vin": [
                {
                    "txid": show_txid(each.outpoint.txid),
                    "vout": each.outpoint.vout,
                    "prevout": None if coin is None else _esplora_output(coin),
                    "scriptsig": each.script_sig.hex(),
                    "is_coinbase": each.outpoint == NO_COIN,
                    "sequence": each.sequence,
                }
                | ({"witness": [item.hex() for item in each.witness]} if each.witness else {})
                for each, coin in zip(transaction.inputs, spent, strict=True)
            ],
            "vout": [_esplora_output(each) for each in transaction.outputs],
        }


def _esplora_output(output: TxOutput) -> dict[str, object]:
    return {"scriptpubkey": output.script.hex(), "value": output.sats}


def branch_of(txids: tuple[Txid, ...], position: int) -> list[bytes]:
    """The merkle branch of the transaction at `position`."""
    row: list[bytes] = list(txids)
    branch = []
    while len(row) > 1:
        if len(row) % 2:
            row.append(row[-1])
        branch.append(row[position ^ 1])
        row = [sha256d(row[at] + row[at + 1]) for at in range(0, len(row), 2)]
        position >>= 1
    return branch

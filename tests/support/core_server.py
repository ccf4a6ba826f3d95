"""A stand-in for Bitcoin Core's RPC and REST, written from their documentation: it serves a `PublishedChain`.

What is served is what `help` of each call and doc/REST-interface.md tell; `gettxspendingprevout` as of version 31.
"""

import json
from dataclasses import dataclass, field

from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.sats import COIN
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.bitcoin.wire import compact_size, sized
from support.published_chain import BITS, PublishedBlock, PublishedChain
from support.serving import Reply, Spoil, as_told, document, hex_of


@dataclass
class CoreStandIn:
    """Bitcoin Core with `-rest`, by RPC and REST. `spender_index` is version 31's, `plain` knows what btcd knows."""

    chain: PublishedChain
    spender_index: bool = True
    tx_index: bool = True
    plain: bool = False
    login: str = "Basic dXNlcjpwYXNzd29yZA=="  # user:password
    spoil: Spoil = as_told
    asked: list[str] = field(default_factory=list)

    def __call__(self, verb: str, path: str, body: bytes, login: str) -> Reply:
        if verb == "GET":
            self.asked.append(path)
            found = self._rest(path)
            return Reply(404, b"Not found") if found is None else Reply(200, self.spoil(path, found))
        if login != self.login:
            return Reply(401, b"")
        asked = json.loads(body)
        method, parameters = asked["method"], asked["params"]
        self.asked.append(method)
        try:
            result = self._call(method, parameters)
        except _Fails as why:
            return Reply(500, document({"result": None, "error": {"code": why.code, "message": why.text}, "id": 1}))
        if isinstance(result, str | int):
            return Reply(200, self.spoil(method, document({"result": result, "error": None, "id": asked["id"]})))
        # amounts as Bitcoin Core writes them: plain decimals of bitcoins, which a float would not keep
        text = json.dumps({"result": result, "error": None, "id": asked["id"]})
        return Reply(200, self.spoil(method, _unquoted(text).encode()))

    def _call(self, method: str, parameters: list[object]) -> object:
        match method, parameters:
            case "getblockchaininfo", []:
                return self._info()
            case "getblockhash", [int(height)]:
                if height >= len(self.chain.blocks):
                    raise _Fails(-8, "Block height out of range")
                return hex_of(self.chain.blocks[height].hash)
            case "getblock", [str(name), int(verbosity)]:
                return self._block(name, verbosity)
            case "getrawtransaction", [str(name), int(), *place]:
                return self._transaction(name, place)
            case "getindexinfo", [] if not self.plain:
                kept = {"txindex": self.tx_index, "txospenderindex": self.spender_index}
                height = self.chain.tip.height
                return {name: {"synced": True, "best_block_height": height} for name, there in kept.items() if there}
            case "gettxspendingprevout", [list(coins), {"mempool_only": False}] if self.spender_index:
                return [self._spending(each) for each in coins]
            case _:
                raise _Fails(-32601, "Method not found")

    def _info(self) -> dict[str, object]:
        return {
            "chain": "regtest",
            "blocks": self.chain.tip.height,
            "bestblockhash": hex_of(self.chain.tip.hash),
        }

    def _block(self, name: str, verbosity: int) -> object:
        block = self.chain.named(bytes.fromhex(name)[::-1])
        if block is None:
            raise _Fails(-5, "Block not found")
        return block.raw.hex() if verbosity == 0 else self._listed(block, whole=verbosity > 1)

    def _listed(self, block: PublishedBlock, *, whole: bool) -> dict[str, object]:
        told = {
            "hash": hex_of(block.hash),
            "confirmations": self.chain.tip.height - block.height + 1,
            "height": block.height,
            "version": block.version,
            "merkleroot": hex_of(block.root),
            "time": block.time,
            "nonce": block.nonce,
            "bits": f"{BITS:08x}",
            "rawtx" if whole and self.plain else "tx": [
                self._told(each) if whole else show_txid(each.txid) for each in block.transactions
            ],
        }
        return told | ({"previousblockhash": hex_of(block.previous)} if block.height else {})

    def _transaction(self, name: str, place: list[object]) -> dict[str, object]:
        txid = Txid(bytes.fromhex(name)[::-1])
        if self.plain and place:
            raise _Fails(-1, "wrong number of params")
        if txid not in self.chain.places or not (self.tx_index or place):
            raise _Fails(-5, "No such mempool transaction. Use -txindex")
        block = self.chain.blocks[self.chain.places[txid][0]]
        if place and place[0] != hex_of(block.hash):
            raise _Fails(-5, "No such transaction found in the provided block")
        return self._told(self.chain.transaction(txid)) | {"blockhash": hex_of(block.hash)}

    def _told(self, transaction: Transaction) -> dict[str, object]:
        coins = self.chain.spent(transaction)
        vin: list[dict[str, object]] = [{"coinbase": transaction.inputs[0].script_sig.hex()}]
        if coins:
            vin = [{"txid": show_txid(each.outpoint.txid), "vout": each.outpoint.vout} for each in transaction.inputs]
            if not self.plain:
                vin = [
                    each | {"prevout": {"value": _bitcoins(coin), "scriptPubKey": {"hex": coin.script.hex()}}}
                    for each, coin in zip(vin, coins, strict=True)
                ]
        return {"txid": show_txid(transaction.txid), "hex": transaction.serialize().hex(), "vin": vin}

    def _spending(self, asked: dict[str, object]) -> dict[str, object]:
        name, vout = asked["txid"], asked["vout"]
        assert isinstance(name, str)
        assert isinstance(vout, int)
        txid = self.chain.spender.get(OutPoint(Txid(bytes.fromhex(name)[::-1]), vout))
        if txid is None:
            return asked
        block = self.chain.blocks[self.chain.places[txid][0]]
        return asked | {"spendingtxid": show_txid(txid), "blockhash": hex_of(block.hash)}

    def _rest(self, path: str) -> bytes | None:
        match path.removeprefix("/rest/").replace(".", "/").split("/"):
            case ["chaininfo", "json"]:
                return document(self._info())
            case ["blockhashbyheight", height, "json"]:
                known = int(height) < len(self.chain.blocks)
                return document({"blockhash": hex_of(self.chain.blocks[int(height)].hash)}) if known else None
            case ["block" | "spenttxouts" as kind, *words, name, ending]:
                block = self.chain.named(bytes.fromhex(name)[::-1])
                return None if block is None else self._rest_block(block, (kind, *words, ending))
            case ["tx", name, "json"]:
                if not self.tx_index or Txid(bytes.fromhex(name)[::-1]) not in self.chain.places:
                    return None
                return _unquoted(json.dumps(self._transaction(name, []))).encode()
            case _:
                return None

    def _rest_block(self, block: PublishedBlock, form: tuple[str, ...]) -> bytes | None:
        match form:
            case ("block", "notxdetails", "json"):
                return document(self._listed(block, whole=False))
            case ("block", "bin"):
                return block.raw
            case ("spenttxouts", "bin"):
                return self._undo(block)
            case _:
                return None

    def _undo(self, block: PublishedBlock) -> bytes:
        rows = [self.chain.spent(each) for each in block.transactions]
        parts = [compact_size(len(rows))]
        for row in rows:
            parts.append(compact_size(len(row)))
            parts += (each.sats.to_bytes(8, "little") + sized(each.script) for each in row)
        return b"".join(parts)


class _Fails(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def _bitcoins(coin: TxOutput) -> str:
    return f"BTC{coin.sats // COIN}.{coin.sats % COIN:08d}"


def _unquoted(text: str) -> str:
    """Amounts without their quotes, as numbers."""
    parts = text.split('"BTC')
    return parts[0] + "".join(each.replace('"', "", 1) for each in parts[1:])

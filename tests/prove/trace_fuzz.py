"""Parsers of what tracing reads from strangers, each with a valid input."""

import json
from collections.abc import Callable

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.script import Script
from sekisho.chain.esplora_json import parse_esplora_transactions
from sekisho.tracing.case import Method
from sekisho.tracing.patterns.thorchain import parse_memo
from sekisho.tracing.report.document import show_report
from sekisho.tracing.report.recorded import parse_recorded
from sekisho.tracing.report.told import tell
from sekisho.tracing.stop_lists import parse_stop_list
from support.cases import small_case
from support.chains import pay

ADDRESS = "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P"

TAGPACK = f"""title: t
creator: c
label: Example
currency: BTC
category: exchange
tags:
- address: {ADDRESS}
"""

LISTS = {
    "list.yaml": TAGPACK.encode(),
    "list.toml": f'[[service]]\nname = "a"\ncategory = "exchange"\naddress = "{ADDRESS}"\n'.encode(),
    "list.json": f'{{"services":[{{"name":"a","category":"exchange","address":"{ADDRESS}"}}]}}'.encode(),
    "list.csv": f"name,category,address\na,exchange,{ADDRESS}\n".encode(),
}


def esplora() -> bytes:
    """The payment of one coin nobody told of, as an Esplora server tells it."""
    paid = pay([OutPoint(Txid(bytes(31) + b"\x01"), 0)], (1, 1))
    coin, output = paid.inputs[0], paid.outputs[0]
    told = {
        "txid": show_txid(paid.txid),
        "version": paid.version,
        "locktime": paid.locktime,
        "vin": [
            {
                "txid": show_txid(coin.outpoint.txid),
                "vout": coin.outpoint.vout,
                "prevout": None,
                "scriptsig": coin.script_sig.hex(),
                "sequence": coin.sequence,
                "is_coinbase": False,
            }
        ],
        "vout": [{"scriptpubkey": output.script.hex(), "value": output.sats}],
        "status": {"confirmed": False},
    }
    return json.dumps(told).encode()


def trace_targets() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Every one of them."""

    def reader(name: str) -> Callable[[bytes], object]:
        return lambda raw: parse_stop_list(name, raw, Network.MAIN)

    told = [tell(small_case().trace(method)) for method in Method]
    return {
        "Esplora's JSON": (esplora(), parse_esplora_transactions),
        "THORChain memo": (b"\x6a\x10=:ETH.ETH:0x12345", lambda raw: parse_memo(Script(raw))),
        "trace report": (show_report(told), parse_recorded),
    } | {f"stop {name}": (raw, reader(name)) for name, raw in LISTS.items()}

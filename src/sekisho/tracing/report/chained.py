"""The hash chain over the hops of a trace: whoever traces again gets the same last link, or finds where it broke.

Link 0 is SHA-256 of `sekisho/trace-hops/v1`. Each next is SHA-256 of the link before and one hop, written as JSON with
sorted keys, no spaces, ASCII only, and text for every number: {"fee", "fee_taints", "in", "method", "out", "txid"}.
"""

import json
from hashlib import sha256

from sekisho.bitcoin.outpoint import show_txid
from sekisho.tracing.case import Method
from sekisho.tracing.report.fields import Json
from sekisho.tracing.trace import Hop, Portion, Taint

_START = sha256(b"sekisho/trace-hops/v1").digest()


def links(method: Method, hops: tuple[Hop, ...]) -> tuple[bytes, ...]:
    """One link for each hop, each over all before it."""
    made, last = [], _START
    for hop in hops:
        last = sha256(last + _hop(method, hop)).digest()
        made.append(last)
    return tuple(made)


def last_link(method: Method, hops: tuple[Hop, ...]) -> bytes:
    """What names the whole chain."""
    made = links(method, hops)
    return made[-1] if made else _START


def _hop(method: Method, hop: Hop) -> bytes:
    value: Json = {
        "txid": show_txid(hop.txid),
        "method": str(method),
        "in": [_portion(each) for each in hop.inputs],
        "out": [_portion(each) for each in hop.outputs],
        "fee": str(hop.fee),
        "fee_taints": [_taint(each) for each in hop.fee_taints],
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _portion(portion: Portion) -> Json:
    taints: list[Json] = [_taint(each) for each in portion.taints]
    return {"outpoint": str(portion.outpoint), "sats": str(portion.sats), "taints": taints}


def _taint(taint: Taint) -> Json:
    start = "" if taint.start is None else str(taint.start)
    return [taint.label, "convention" if taint.convention_only else "", str(taint.sats), start]

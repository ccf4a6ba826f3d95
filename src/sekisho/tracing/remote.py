"""A trace without an import: its chain is fetched from a node or an Esplora API while it is traced."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sekisho.bitcoin.address import MalformedAddress, parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Chain
from sekisho.chain.remote.core import CoreRpc
from sekisho.chain.remote.esplora import Esplora
from sekisho.chain.remote.grow import Start, Wanted, grow
from sekisho.chain.remote.http import Server, parse_place
from sekisho.chain.remote.rest import CoreRest
from sekisho.chain.remote.rpc import Rpc, with_cookie
from sekisho.chain.remote.scan import Watch
from sekisho.tracing.case import Status
from sekisho.tracing.seeds import MalformedSeed
from sekisho.tracing.trace import Trace


class Kind(StrEnum):
    """What a server speaks."""

    NODE = "node"
    """Bitcoin Core: RPC where a user and password are given, otherwise REST."""
    ESPLORA = "esplora"


@dataclass(frozen=True, slots=True)
class Remote:
    """A server to trace at."""

    kind: Kind
    url: str
    """`http[s]://[user:password@]host[:port][/path]`; never shown."""
    cookie: Path | None = None
    """The file in which Bitcoin Core leaves a password."""

    def __repr__(self) -> str:
        return f"Remote({self.kind})"


def remote_chain(
    remote: Remote,
    network: Network,
    seeds: Sequence[str],
    traces: Callable[[Chain], Sequence[Trace]],
    watch: Watch,
) -> Chain:
    """The part of a server's chain that these traces meet, on which they give what they give on the whole chain.

    `seeds` are as on the command line; `traces` resolves them in the chain it is given, and is called again whenever
    that has grown. Progress goes to `watch`, in words. Raises what `grow` raises, NotAServer, MalformedSeed.
    """
    start = _start(seeds, network)
    with closing(_source(remote, network, watch)) as source:
        return grow(source, network, start, lambda chain: wanted(traces(chain)), watch)


def wanted(traces: Sequence[Trace]) -> Wanted:
    """What these traces ask for: forward who spends what is left unspent, backward who made what was spent."""
    left, met = set[OutPoint](), set[Txid]()
    for trace in traces:
        for end in trace.ends:
            if end.outpoint is None:
                continue
            if end.status is Status.UNSPENT:
                left.add(end.outpoint)
            elif end.status is Status.UNKNOWN and trace.parameters.backward:
                met.add(end.outpoint.txid)
    follows_fees = any(trace.parameters.follow_fees is not None for trace in traces)
    return Wanted(frozenset(left), frozenset(met), follows_fees)


def _source(remote: Remote, network: Network, watch: Watch) -> CoreRpc | CoreRest | Esplora:
    place = parse_place(remote.url)
    if remote.cookie is not None:
        place = with_cookie(place, remote.cookie)
    server = Server(place)
    if remote.kind is Kind.ESPLORA:
        return Esplora(server, network)
    return CoreRest(server, network, watch) if place.login is None else CoreRpc(Rpc(server), network, watch)


def _start(seeds: Sequence[str], network: Network) -> Start:
    """What seeds name: `[LABEL@]TXID[:VOUT][=SATS]`, or an address in place of the transaction."""
    txids, scripts = list[Txid](), list[Script]()
    for each in seeds:
        name = each.rpartition("@")[2].partition("=")[0]
        txid = name.partition(":")[0]
        if len(txid) == 64 and set(txid) <= set("0123456789abcdef"):
            txids.append(Txid(bytes.fromhex(txid)[::-1]))
        else:
            try:
                scripts.append(parse_address(name, network))
            except MalformedAddress as why:
                raise MalformedSeed(each, f"neither txid, outpoint nor address ({why})") from why
    return Start(tuple(dict.fromkeys(txids)), tuple(dict.fromkeys(scripts)))

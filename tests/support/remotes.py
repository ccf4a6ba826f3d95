"""A chain grown at each stand-in there is, and the simplest trace there is, to see that what grew is enough."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.transaction import Transaction
from sekisho.chain.chain import Chain, ChainTransaction
from sekisho.chain.columns import UNSPENT, TxFlag
from sekisho.chain.remote.core import CoreRpc
from sekisho.chain.remote.esplora import Esplora
from sekisho.chain.remote.grow import Start, Wanted, grow
from sekisho.chain.remote.http import Server, parse_place
from sekisho.chain.remote.rest import CoreRest
from sekisho.chain.remote.rpc import Rpc
from support.chains import coinbase, out, pay
from support.core_server import CoreStandIn
from support.esplora_server import EsploraStandIn
from support.published_chain import PublishedChain
from support.serving import Answering, serving

StandIn = EsploraStandIn | CoreStandIn
WAYS: dict[str, Callable[[PublishedChain], StandIn]] = {
    "esplora": EsploraStandIn,
    "rpc with an index of spenders": CoreStandIn,
    "rpc that reads every block": lambda chain: CoreStandIn(chain, spender_index=False),
    "rpc of btcd": lambda chain: CoreStandIn(chain, spender_index=False, plain=True),
    "rest": CoreStandIn,
}


def quiet(_said: str) -> None:
    """Nobody watches."""


def source_at(url: str, way: str) -> CoreRpc | CoreRest | Esplora:
    """A client of a stand-in, without patience between tries."""
    login = "user:password@" if way.startswith("rpc") else ""
    server = Server(parse_place(url.replace("://", f"://{login}")), wait=lambda _seconds: None)
    if way == "esplora":
        return Esplora(server, Network.REGTEST)
    return CoreRest(server, Network.REGTEST, quiet) if way == "rest" else CoreRpc(Rpc(server), Network.REGTEST, quiet)


@dataclass(frozen=True)
class Reach:
    """What can be reached from some transactions: the simplest trace there is."""

    met: frozenset[ChainTransaction]
    unspent: frozenset[OutPoint]


def reach(chain: Chain, start: Start) -> Reach:
    """Follow every output of the transactions where it begins, and of those that pay to one of its scripts."""
    numbers = {chain.find_script(each) for each in start.scripts} - {None}
    waiting = [chain.find(txid)[0] for txid in start.txids]
    waiting += [chain.creator(txo) for txo, script in enumerate(chain.columns.out_script) if script in numbers]
    met, unspent = set[int](), set[OutPoint]()
    while waiting:
        tx = waiting.pop()
        if tx in met or chain.columns.tx_flags[tx] & TxFlag.OUTSIDE:
            continue
        met.add(tx)
        for txo in chain.outputs_of(tx):
            spender = int(chain.columns.out_spender[txo])
            if spender < UNSPENT - 1:
                waiting.append(spender)
            elif spender == UNSPENT:
                unspent.add(chain.outpoint(txo))
    return Reach(frozenset(map(chain.transaction, met)), frozenset(unspent))


def forward(start: Start, *, whole_blocks: bool = False) -> Callable[[Chain], Wanted]:
    """Wants to know who spends whatever is reached."""
    return lambda chain: Wanted(reach(chain, start).unspent, frozenset(), whole_blocks)


def grown(chain: PublishedChain, way: str, start: Start, wants: Callable[[Chain], Wanted] | None = None) -> Chain:
    """The part of a chain that grows from `start`, through a stand-in."""
    return grown_at(WAYS[way](chain), way, start, wants)


def grown_at(answering: Answering, way: str, start: Start, wants: Callable[[Chain], Wanted] | None = None) -> Chain:
    """The same, through a server that may do anything."""
    with served(answering, way) as source:
        return grow(source, Network.REGTEST, start, wants or forward(start), quiet)


@contextmanager
def served(answering: Answering, way: str) -> Iterator[CoreRpc | CoreRest | Esplora]:
    """A client of a server that stands as long as the context."""
    with serving(answering) as url, closing(source_at(url, way)) as source:
        yield source


def peeled(payments: int) -> list[list[Transaction]]:
    """A theft from the first coinbase, and then one peel a block, each with a payment to the same address."""
    first = coinbase(1, (1_000_000, 1))
    blocks, left = [[first]], out(first)
    for height in range(2, payments + 2):
        peel = pay([left], (100, 7), (1_000_000 - 150 * (height - 1), 2))
        blocks.append([coinbase(height, (5_000, 3)), peel])
        left = out(peel, 1)
    return blocks

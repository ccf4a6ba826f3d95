"""The DMM theft traced through its made-up sequel: every satoshi of 4,502.9 BTC is somewhere, by every method."""

import pytest

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.transaction import TxOutput
from sekisho.chain.assemble import KnownBlock, assemble
from sekisho.chain.chain import Chain, Tip
from sekisho.replay.laundering import PARTS, laundering
from sekisho.replay.simulation.services import KnownService, services_file
from sekisho.tracing.case import Method, Parameters, Status
from sekisho.tracing.clusters import cluster
from sekisho.tracing.patterns.find import find_patterns
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.run import parse_seed, trace
from sekisho.tracing.stop_lists import parse_stop_list, stops
from sekisho.tracing.trace import ListUsed

RUN = laundering()
THEFT = RUN.steps[0].transaction.coin(0)
SERVICES = (KnownService("exchange", "exchange", RUN.exchange), KnownService("vault", "bridge", RUN.vault))


@pytest.fixture(scope="module")
def chain() -> Chain:
    """The run in no block, as an import of its file leaves it."""
    told = {coin.outpoint: TxOutput(coin.sats, coin.script) for step in RUN.steps for coin in step.coins}
    loose = KnownBlock(None, bytes(32), 0, tuple(step.transaction for step in RUN.steps), told)
    return assemble(Network.MAIN, [loose], Tip(0, bytes(32)))


@pytest.mark.parametrize("method", [each for each in Method if each is not Method.POISON])
def test_every_stolen_satoshi_is_found(chain: Chain, method: Method) -> None:
    read = parse_stop_list("services.csv", services_file(SERVICES, Network.MAIN, "made up"), Network.MAIN)
    assert (len(read.stop_list.services), read.passed_over) == (2, ())
    lists = (ListUsed(read.stop_list.name, read.stop_list.sha256),)
    found = trace(
        chain,
        parse_seed(f"dmm@{THEFT.outpoint}", chain),
        Parameters(method),
        stops(chain, [read.stop_list], cluster(chain)),
        lists,
        classify,
    )
    assert found.seeded == 450_290_000_000
    assert found.conserved is True
    assert sum(end.sats for end in found.ends) == 450_290_000_000
    assert {end.status for end in found.ends} >= {Status.UNSPENT, Status.SERVICE, Status.FEES}
    assert any(end.convention_only for end in found.ends)
    untouched = [end for end in found.ends if end.txid == RUN.step("the split to ten addresses").transaction.txid]
    assert sum(end.outpoint is not None for end in untouched) == PARTS - 4


def test_patterns_are_found_where_they_were_put(chain: Chain) -> None:
    rules = {step.what: set[str]() for step in RUN.steps}
    for step in RUN.steps:
        (number,) = chain.find(step.transaction.txid)
        rules[step.what] |= {each.rule for each in find_patterns(chain.transaction(number))}
    assert rules["a mix"] == {"wasabi-2"}
    assert rules["a deposit to a bridge"] >= {"thorchain"}
    assert rules["the theft (real)"] <= {"consolidation"}

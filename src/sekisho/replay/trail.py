"""A theft on a simulated chain, followed: what the trace finds, held against what is true."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.bitcoin.sats import Sats, btc
from sekisho.chain.chain import Chain
from sekisho.chain.importer import import_files
from sekisho.chain.store import open_store
from sekisho.files import write_new
from sekisho.replay.simulation.services import known_services, services_file
from sekisho.replay.simulation.settings import Settings
from sekisho.replay.simulation.simulate import simulate
from sekisho.replay.simulation.truth import MIXES, Theft, Truth
from sekisho.tracing.bench import bench_of
from sekisho.tracing.case import Method, Mix, Parameters
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.patterns.peel_chain import find_peel_chain
from sekisho.tracing.patterns.prefilter import possible_mixes
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.page import show_page
from sekisho.tracing.report.told import totals
from sekisho.tracing.stop_lists import parse_stop_list
from sekisho.tracing.trace import Trace

Say = Callable[[str], None]
"""Prints one line: `## ` begins a heading, `+ ` good news, `! ` bad."""

SETTINGS = Settings()
"""Small enough for a minute, large enough for every kind of transaction."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many of the things that are there were found, and how many that are not."""

    true: int
    found: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Trail:
    """How it ended."""

    truth: Truth
    theft: Theft
    traces: tuple[Trace, ...]
    mixes: Found
    """In the whole chain."""
    mixes_met: int
    """By the taint."""
    peels: Found
    """Hops of the thief's longest peel chain."""
    report: Path

    @property
    def as_it_must(self) -> bool:
        """Every satoshi is accounted for, and mixes and the peel chain were found."""
        conserved = all(each.conserved is not False for each in self.traces)
        return conserved and self.mixes_met > 0 and self.mixes.found > 0 and self.peels.found > 0

    def as_json(self) -> str:
        """The outcome as one JSON document; amounts are decimal strings of satoshis."""
        document = {
            "version": 1,
            "chain": {
                "network": str(Network.REGTEST),
                "height": self.truth.tip.height,
                "transactions": len(self.truth.transactions) + self.truth.tip.height + 1,
            },
            "theft": {
                "label": self.theft.label,
                "txid": show_txid(self.theft.txid),
                "sats": str(sum(each.sats for each in self.theft.seeds)),
            },
            "traces": [
                {
                    "method": str(each.parameters.method),
                    "transactions": each.transactions,
                    "conserved": each.conserved,
                    "totals": {str(status): str(amount) for status, amount in totals(each.ends)},
                }
                for each in self.traces
            ],
            "mixes": {
                "there": self.mixes.true,
                "found": self.mixes.found,
                "wrong": self.mixes.wrong,
                "met_by_taint": self.mixes_met,
            },
            "peel_chain": {"hops": self.peels.true, "found": self.peels.found, "wrong": self.peels.wrong},
            "report": str(self.report),
        }
        return json.dumps(document, indent=2) + "\n"


def follow(folder: Path, say: Say) -> Trail:
    """Simulate, import, trace by every method, look for patterns and write the report, all in `folder`."""
    say("## 1. A chain, through Bitcoin Core's own validation")
    truth = simulate(folder, SETTINGS)
    theft = truth.thefts[0]
    stolen = Sats(sum(each.sats for each in theft.seeds))
    say(f"  {truth.tip.height:,} blocks of exchanges, users, miners and mixes; {theft.victim} loses {btc(stolen)}")
    say("## 2. Import")
    done = import_files(folder / "store", Network.REGTEST, blocks=[folder / "blocks"])
    say(
        f"  {done.counts.transactions:,} transactions, {done.counts.outputs:,} outputs, {done.counts.scripts:,} scripts"
    )
    chain = open_store(folder / "store")
    say("## 3. The theft, by six methods")
    services = services_file(known_services(truth), Network.REGTEST, "simulated")
    write_new(folder / "services.csv", services)
    listed = parse_stop_list("services.csv", services, Network.REGTEST).stop_list
    bench = bench_of(chain, (listed,))
    seeds = [seed for each in theft.seeds for seed in bench.seeds(f"{theft.label}@{each.outpoint}")]
    told = bench.trace(seeds, Parameters(Method.FIFO), hops=True)
    others = [bench.trace(seeds, Parameters(each), hops=False) for each in Method if each is not Method.FIFO]
    traces = tuple(sorted((told, *others), key=lambda each: list(Method).index(each.parameters.method)))
    for each in traces:
        say(_line(each))
    strict = bench.trace(seeds, replace(told.parameters, mix=Mix.STOP), hops=False)
    by_convention = sum(end.sats for end in told.ends if end.convention_only)
    say(f"  by fifo {btc(by_convention)} are where they are by convention only: they passed through a mix")
    say(f"  stopped at the mixes instead, fifo leaves {btc(_sum(strict, 'coinjoin'))} there")
    say("## 4. What it went through")
    mixes, met = _mixes(chain, truth), sum(hop.mix is not None for hop in told.hops)
    say(f"+   {mixes.found} of {mixes.true} mixes in the chain found, {mixes.wrong} wrongly; {met} met by the taint")
    peels = _peels(chain, truth, theft)
    say(f"+   {peels.found} of {peels.true} hops of the thief's longest peel chain found, {peels.wrong} wrongly")
    report = folder / "report.html"
    write_new(report, show_page(Dossier(told, tuple(others), {each.script: each for each in bench.services(traces)})))
    return Trail(truth, theft, traces, mixes, met, peels, report)


def _line(trace: Trace) -> str:
    parts = ", ".join(f"{status} {btc(amount)}" for status, amount in totals(trace.ends) if amount)
    return f"  {trace.parameters.method:<12} {parts}"


def _sum(trace: Trace, status: str) -> Sats:
    return Sats(sum(end.sats for end in trace.ends if end.status == status))


def _mixes(chain: Chain, truth: Truth) -> Found:
    """Mixes of the whole chain, as the rules see them and as they are."""
    true = {each.txid for each in truth.transactions if each.kind in MIXES}
    candidates = possible_mixes(chain.columns, 0, len(chain.columns.txid))
    called = {chain.txid(int(tx)) for tx in candidates if classify(chain.transaction(int(tx))) is not None}
    return Found(len(true), len(true & called), len(called - true))


def _peels(chain: Chain, truth: Truth, theft: Theft) -> Found:
    """The thief's longest peel chain, asked for at its middle."""
    hops: tuple[Txid, ...] = max(
        (each.hops for each in truth.peel_chains if each.actor == theft.thief), key=len, default=()
    )
    if not hops:
        return Found(0, 0, 0)
    peels = find_peel_chain(chain, chain.find(hops[len(hops) // 2])[0])
    found = {hop.txid for hop in peels.hops} if peels else set()
    return Found(len(hops), len(found & set(hops)), len(found - set(hops)))

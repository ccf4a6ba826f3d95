"""`trace run`, `trace verify`: where stolen coins went, and whether a report says so truly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import sats
from sekisho.chain.chain import Chain
from sekisho.chain.store import open_store
from sekisho.cli.console import REFUSED, fail, note, write
from sekisho.files import read_file
from sekisho.tracing.bench import Bench, bench_of
from sekisho.tracing.case import FollowFees, Method, Mix, Parameters, Status
from sekisho.tracing.patterns.mixes import classify
from sekisho.tracing.remote import Kind, Remote, remote_chain
from sekisho.tracing.report.document import show_report
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.graph import show_graph
from sekisho.tracing.report.page import show_page
from sekisho.tracing.report.recorded import MAX_REPORT, parse_recorded
from sekisho.tracing.report.table import show_table
from sekisho.tracing.report.terminal import show_terminal
from sekisho.tracing.report.told import tell
from sekisho.tracing.report.verify import Again, verify
from sekisho.tracing.services import StopList
from sekisho.tracing.spark import trace_on_spark
from sekisho.tracing.stop_lists import MAX_LIST_BYTES, parse_stop_list
from sekisho.tracing.trace import Trace

TOLD = Method.FIFO
"""The method a page is written in where all were asked for: the oldest that courts know (Clayton's Case, 1816)."""


class Asked(StrEnum):
    """The methods, or all of them."""

    POISON = "poison"
    HAIRCUT = "haircut"
    FIFO = "fifo"
    LIFO = "lifo"
    LIFO_MIRROR = "lifo-mirror"
    TIHO = "tiho"
    ALL = "all"


class ReportFormat(StrEnum):
    """How a trace is told."""

    JSON = "json"
    CSV = "csv"
    GRAPHML = "graphml"
    HTML = "html"


class Engine(StrEnum):
    """Where the work is done."""

    EMBEDDED = "embedded"
    SPARK = "spark"


@dataclass(frozen=True)
class Question:
    """What `trace run` was asked, before there is a chain."""

    seeds: tuple[str, ...]
    parameters: Parameters
    """With the first method."""
    methods: tuple[Method, ...]
    lists: tuple[StopList, ...]
    hops: bool
    """Whether the first method's hops are wanted."""

    def traces(self, chain: Chain) -> tuple[Trace, ...]:
        """A trace by each method, the first method's first."""
        bench = bench_of(chain, self.lists)
        seeds = [each for text in self.seeds for each in bench.seeds(text)]
        first = self.parameters.method
        return tuple(bench.trace(seeds, each, self.hops and each.method is first) for each in self._each())

    def traces_on_spark(self, chain: Chain, store: Path, master: str) -> tuple[Trace, ...]:
        """The same without hops, from the store's Parquet files."""
        bench = bench_of(chain, self.lists)
        seeds = [each for text in self.seeds for each in bench.seeds(text)]
        return tuple(
            trace_on_spark(store, [seeds], each, bench.stops, bench.used, classify, master=master)[0]
            for each in self._each()
        )

    def _each(self) -> tuple[Parameters, ...]:
        first = self.parameters.method
        order = (first, *(method for method in self.methods if method is not first))
        return tuple(replace(self.parameters, method=method) for method in order)


_Stop = Annotated[
    list[Path] | None, typer.Option("--stop", metavar="LIST", help="A stop list or TagPack; give it once for each.")
]


def run(
    seed: Annotated[
        list[str],
        typer.Option(metavar="[LABEL@]TXID[:VOUT][=SATS]|ADDRESS", help="What was stolen; give it once for each."),
    ],
    store: Annotated[Path | None, typer.Option(help="The store that `trace import` made.")] = None,
    node: Annotated[str | None, typer.Option(metavar="URL", help="A node's RPC or REST; nothing is imported.")] = None,
    cookie: Annotated[Path | None, typer.Option(help="With --node: the node's cookie file.")] = None,
    esplora: Annotated[str | None, typer.Option(metavar="URL", help="An Esplora API; nothing is imported.")] = None,
    network: Annotated[Network, typer.Option(help="With --node or --esplora: which chain that is.")] = Network.MAIN,
    method: Annotated[Asked, typer.Option(help="How taint passes through a transaction.")] = Asked.ALL,
    backward: Annotated[bool, typer.Option("--backward", help="Where it came from, not where it went.")] = False,
    mix: Annotated[Mix, typer.Option(help="At CoinJoins: follow by convention, or stop.")] = Mix.FOLLOW,
    until: Annotated[int | None, typer.Option(min=0, metavar="HEIGHT", help="The last height to look at.")] = None,
    stop: _Stop = None,
    follow_fees: Annotated[
        FollowFees | None, typer.Option(help="Follow fees into coinbases, which take them in this order.")
    ] = None,
    min_sats: Annotated[int, typer.Option(min=0, help="Do not follow outputs with less taint.")] = 0,
    engine: Annotated[
        Engine, typer.Option(help="Spark sweeps the store's Parquet files (`make spark`).")
    ] = Engine.EMBEDDED,
    master: Annotated[str, typer.Option(metavar="URL", help="With --engine spark: the cluster.")] = "local[*]",
    form: Annotated[ReportFormat | None, typer.Option("--format", help="A text for the terminal if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write it; standard output if not given.")] = None,
) -> None:
    """Follow stolen coins. Ends with status 1 where taint met an input that nobody told the value of."""
    if sum(each is not None for each in (store, node, esplora)) != 1:
        fail("name one of --store, --node and --esplora")
    if form is ReportFormat.GRAPHML and method is Asked.ALL:
        fail("GraphML holds one trace: name a --method")
    if engine is Engine.SPARK and (store is None or form in {ReportFormat.GRAPHML, ReportFormat.HTML}):
        fail("Spark traces a --store, and tells ends, not hops: take --format json or csv, or none")
    opened = None if store is None else open_store(store)
    first = TOLD if method is Asked.ALL else Method(method)
    parameters = Parameters(first, backward, mix, until, follow_fees, sats(min_sats))
    asked = _methods(parameters) if method is Asked.ALL else (first,)
    question = Question(
        tuple(seed),
        parameters,
        _methods(parameters) if form is ReportFormat.HTML else asked,  # a page compares with every method
        _lists(stop or [], network if opened is None else opened.network),
        form in {ReportFormat.GRAPHML, ReportFormat.HTML},
    )
    if opened is None:
        if any(service.cluster for each in question.lists for service in each.services):
            fail(
                "a stop list with `cluster` needs the whole chain: owners are told by all they ever spent; use --store"
            )
        server = Remote(Kind.ESPLORA, esplora) if esplora is not None else Remote(Kind.NODE, node or "", cookie)
        opened = remote_chain(server, network, seed, question.traces, note)
    if engine is Engine.SPARK and store is not None:
        traces = question.traces_on_spark(opened, store, master)
    else:
        traces = question.traces(opened)
    write(_written(traces, bench_of(opened, question.lists), form), out)
    if any(end.status is Status.UNKNOWN for each in traces for end in each.ends if each.parameters.method in asked):
        raise typer.Exit(REFUSED)


def verify_report(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="The JSON or the page that `trace run` wrote.")],
    store: Annotated[Path, typer.Option(help="The store that `trace import` made.")],
    stop: _Stop = None,
) -> None:
    """Trace again what a report tells, and compare every end. Status 1 where something differs, 2 if nobody can say."""
    recorded = parse_recorded(read_file(report, MAX_REPORT))
    chain = open_store(store)
    bench = bench_of(chain, _lists(stop or [], chain.network), recorded.traces[0].tip.height)
    found = verify(recorded, Again(chain, bench.used, bench.seeds, bench.trace, bench.services))
    if found:
        more = f" (and {len(found) - 1:,} more)" if len(found) > 1 else ""
        typer.echo(f"differs: {found[0]}{more}")
        raise typer.Exit(REFUSED)
    ends = sum(len(each.ends) for each in recorded.traces)
    typer.echo(f"the same: {ends:,} ends by {', '.join(each.parameters.method for each in recorded.traces)}")


def _written(traces: tuple[Trace, ...], bench: Bench, form: ReportFormat | None) -> bytes:
    """The traces in the form that was asked for."""
    first, *others = traces
    order = list(Method)
    told = [tell(each) for each in sorted(traces, key=lambda each: order.index(each.parameters.method))]
    match form:
        case ReportFormat.JSON:
            return show_report(told)
        case ReportFormat.CSV:
            return show_table(told)
        case ReportFormat.GRAPHML:
            return show_graph(first)
        case ReportFormat.HTML:
            services = {each.script: each for each in bench.services(traces)}
            return show_page(Dossier(first, tuple(others), services))
        case None:
            return show_terminal(told).encode()


def _methods(parameters: Parameters) -> tuple[Method, ...]:
    """All methods that can answer: TIHO does not say where a satoshi came from."""
    return tuple(each for each in Method if not (parameters.backward and each is Method.TIHO))


def _lists(paths: Sequence[Path], network: Network) -> tuple[StopList, ...]:
    """Read the stop lists, and say which entries are of no use on this network."""
    lists = []
    for path in paths:
        found = parse_stop_list(path.name, read_file(path, MAX_LIST_BYTES), network)
        for passed in found.passed_over:
            note(f"{path.name}: passed over {passed.name!a} {passed.address[:90]!a}: {passed.why}")
        lists.append(found.stop_list)
    return tuple(lists)

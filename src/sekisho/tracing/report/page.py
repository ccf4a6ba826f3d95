"""The report as one page that loads nothing: to read, to print, and with the whole trace in it as data.

The page says when the chain stood where, never when it was written: the same case always gives the same bytes, so that
`verify` can write it again and compare. Scripts and styles are allowed by hash alone, and every value is escaped.
"""

import json
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sekisho.bitcoin.outpoint import show_txid
from sekisho.errors import SekishoError
from sekisho.tracing.case import End, Status
from sekisho.tracing.report.arithmetic import Worked, work
from sekisho.tracing.report.chained import last_link, links
from sekisho.tracing.report.document import VERSION, trace_object
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.fields import Json
from sekisho.tracing.report.flow import Edge, Flow, Node, flow_of
from sekisho.tracing.report.freeze import FreezeRequest, freeze_requests
from sekisho.tracing.report.mixing import Mixed, mixes
from sekisho.tracing.report.places import MEANINGS, TITLES, Place, Spread, places, spreads
from sekisho.tracing.report.recount import check
from sekisho.tracing.report.rules import METHODS, RULES, parameters_in_words
from sekisho.tracing.report.summary import Summary, summary
from sekisho.tracing.report.timeline import Stretch, timeline
from sekisho.tracing.report.told import tell
from sekisho.tracing.report.words import coins, counted, money, newest, share, shown, when

MAX_HOPS = 20_000
"""Transactions in one page. No court reads more; JSON, CSV and GraphML hold any number."""

DOCUMENT_OPENS = b'<script type="application/json" id="document">'
DOCUMENT_CLOSES = b"</script>"
"""Between these stands the trace as data. Neither can occur in it."""


class TooMuchForAPage(SekishoError):
    """A trace through more transactions than a page can show."""

    def __init__(self, hops: int) -> None:
        super().__init__(
            f"the trace went through {hops:,} transactions, a page shows at most {MAX_HOPS:,}: "
            "take --format json, csv or graphml, or trace less (--min-sats, --until, --stop)"
        )
        self.hops = hops


@dataclass(frozen=True, slots=True)
class View:
    """Everything the templates see."""

    dossier: Dossier
    summary: Summary
    unspent: tuple[Place, ...]
    exits: tuple[tuple[str, str, tuple[Place, ...]], ...]
    """Title, meaning and places of each way out of sight."""
    mixes: tuple[Mixed, ...]
    timeline: tuple[Stretch, ...]
    edges: tuple[tuple[Edge, Node, Node], ...]
    spreads: tuple[Spread, ...]
    hops: tuple[Worked, ...]
    recounted: int
    letters: tuple[FreezeRequest, ...]
    last_link: str


def show_page(dossier: Dossier) -> bytes:
    """The page. The told trace must have its hops. Raises TooMuchForAPage, HopDisagrees."""
    if len(dossier.told.hops) > MAX_HOPS:
        raise TooMuchForAPage(len(dossier.told.hops))
    flow = flow_of(dossier.told)
    method = dossier.told.parameters.method
    chain = links(method, dossier.told.hops)
    view = View(
        dossier,
        summary(dossier),
        places(dossier, _resting(dossier)),
        tuple((TITLES[each], MEANINGS[each], found) for each in MEANINGS if (found := _exits(dossier, each))),
        mixes(dossier),
        timeline(dossier),
        tuple((edge, flow.nodes[edge.source], flow.nodes[edge.target]) for edge in flow.edges),
        spreads(dossier),
        work(dossier, chain),
        check(dossier.told),
        freeze_requests(dossier),
        last_link(method, dossier.told.hops).hex(),
    )
    style, script = _part("page.css"), _part("page.js")
    html = (
        _templates()
        .get_template("page.html")
        .render(
            view=view,
            rules=RULES,
            methods=METHODS,
            parameters=parameters_in_words(dossier.told.parameters),
            style=Markup(style),  # noqa: S704  # our own files, allowed by their hash
            script=Markup(script),  # noqa: S704
            policy=_policy(style, script),
            document=_data(page_document(dossier, chain)),
            flow=_data(_flow(dossier, flow)),
            program=version("sekisho"),
        )
    )
    return html.encode()


def page_document(dossier: Dossier, chain: tuple[bytes, ...]) -> Json:
    """The data in the page: every trace, and of the told one each hop's link in the hash chain."""
    hops: list[Json] = [
        {"txid": show_txid(hop.txid), "link": link.hex()} for hop, link in zip(dossier.told.hops, chain, strict=True)
    ]
    return {
        "version": VERSION,
        "program": version("sekisho"),
        "told": str(dossier.told.parameters.method),
        "traces": [trace_object(tell(trace)) for trace in dossier.traces],
        "hops": hops,
    }


def _resting(dossier: Dossier) -> Status:
    return Status.MINED if dossier.told.parameters.backward else Status.UNSPENT


def _exits(dossier: Dossier, status: Status) -> tuple[Place, ...]:
    return () if status is _resting(dossier) else places(dossier, status)


def _flow(dossier: Dossier, flow: Flow) -> Json:
    """The picture's data: nodes as [kind, name, height, time, what it says], edges as [from, to, sats, convention]."""
    nodes: list[Json] = [_node(dossier, node) for node in flow.nodes]
    edges: list[Json] = [
        [edge.source, edge.target, str(edge.sats), all(taint.convention_only for taint in edge.taints), _coin(edge)]
        for edge in flow.edges
    ]
    return {"nodes": nodes, "edges": edges}


def _coin(edge: Edge) -> str:
    return "" if edge.outpoint is None else str(edge.outpoint)


def _node(dossier: Dossier, node: Node) -> Json:
    said = ""
    if node.end is not None:
        said = f"{TITLES[node.end.status].lower()}: {dossier.place(node.end)}"
    elif node.hop is not None and node.hop.mix:
        said = f"CoinJoin ({shown(node.hop.mix)})"
    status = "" if node.end is None else str(node.end.status)
    return [str(node.kind), node.name, node.height, when(node.time)[:16], said, status]


def _data(value: Json) -> Markup:
    """JSON that can stand in a script element: no character in it can end the element or open a comment."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # nothing in it is markup any more


def _policy(style: str, script: str) -> str:
    """A content security policy that allows this style and this script and nothing else."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _part(name: str) -> str:
    return files("sekisho.tracing.report").joinpath("templates", name).read_text("utf-8")


def _title(end: End) -> str:
    return TITLES[end.status]


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("sekisho.tracing.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "coins": coins,
        "counted": counted,
        "money": money,
        "newest": newest,
        "share": share,
        "shown": shown,
        "title": _title,
        "txid": show_txid,
        "when": when,
    }
    return environment

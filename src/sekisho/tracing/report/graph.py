"""The flow as GraphML, for Gephi, yEd, networkx and the like."""

import re
from xml.etree import ElementTree as Xml

from sekisho.bitcoin.outpoint import OutPoint, show_txid
from sekisho.tracing.case import End
from sekisho.tracing.report.flow import is_fee
from sekisho.tracing.report.told import address_of
from sekisho.tracing.report.words import when
from sekisho.tracing.trace import Hop, Portion, Taint, Trace

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_KEYS = (
    ("node", "kind", "string"),
    ("node", "height", "int"),
    ("node", "time", "string"),
    ("node", "sats", "long"),
    ("node", "address", "string"),
    ("node", "status", "string"),
    ("node", "mix", "string"),
    ("edge", "sats", "long"),
    ("edge", "label", "string"),
    ("edge", "convention_only", "boolean"),
)


def show_graph(trace: Trace) -> bytes:
    """Transactions and tainted coins as nodes; an edge for each label's taint into a coin and out of it.

    A coin's `status` says where its taint ended; coins without one were spent by a transaction that is there too. Needs
    a trace that recorded its hops. Backward, edges still point the way the money went.
    """
    root = Xml.Element("graphml", xmlns=_NAMESPACE)
    for place, name, kind in _KEYS:
        attributes = {"id": f"{place}-{name}", "for": place, "attr.name": name, "attr.type": kind}
        Xml.SubElement(root, "key", attributes)
    graph = Xml.SubElement(root, "graph", id=str(trace.parameters.method), edgedefault="directed")
    _Drawing(trace, graph).draw()
    Xml.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode").encode() + b"\n"


class _Drawing:
    """The graph while it grows: every coin becomes a node once."""

    def __init__(self, trace: Trace, graph: Xml.Element) -> None:
        self._trace, self._graph = trace, graph
        self._coins: set[OutPoint] = set()
        self._status = {end.outpoint: end for end in trace.ends if end.outpoint is not None}

    def draw(self) -> None:
        for hop in self._trace.hops:
            self._transaction(hop)
            name = f"tx:{show_txid(hop.txid)}"
            for portion in hop.inputs:
                source = f"fee:{show_txid(portion.outpoint.txid)}" if is_fee(portion.outpoint) else self._coin(portion)
                self._flow(source, name, portion.taints)
            for portion in hop.outputs:
                self._flow(name, self._coin(portion), portion.taints)
            if hop.fee_taints:
                followed = self._trace.parameters.follow_fees is not None
                fee = f"fee:{show_txid(hop.txid)}"
                self._node(fee, kind="fee", sats=str(hop.fee), status="" if followed else "fees")
                self._flow(name, fee, hop.fee_taints)
        for end in self._trace.ends:
            self._unmoved(end)

    def _transaction(self, hop: Hop) -> None:
        height = "" if hop.height is None else str(hop.height)
        name = f"tx:{show_txid(hop.txid)}"
        self._node(name, kind="transaction", height=height, time=when(hop.time), mix=hop.mix or "")

    def _coin(self, portion: Portion) -> str:
        name = f"coin:{portion.outpoint}"
        if portion.taints and portion.outpoint not in self._coins:
            self._coins.add(portion.outpoint)
            end = self._status.get(portion.outpoint)
            self._node(
                name,
                kind="coin",
                sats=str(portion.sats),
                address=address_of(portion.script, self._trace.network) or "",
                status="" if end is None else str(end.status),
            )
        return name

    def _unmoved(self, end: End) -> None:
        """A seed that went nowhere is a coin that no hop knows."""
        if end.outpoint is not None and end.outpoint not in self._coins:
            self._coins.add(end.outpoint)
            address = address_of(end.script, self._trace.network) or ""
            self._node(f"coin:{end.outpoint}", kind="coin", sats=str(end.sats), address=address, status=str(end.status))

    def _node(self, name: str, **values: str) -> None:
        node = Xml.SubElement(self._graph, "node", id=name)
        for key, value in values.items():
            if value:
                Xml.SubElement(node, "data", key=f"node-{key}").text = _plain(value)

    def _flow(self, source: str, target: str, taints: tuple[Taint, ...]) -> None:
        for taint in taints:
            edge = Xml.SubElement(self._graph, "edge", source=source, target=target)
            Xml.SubElement(edge, "data", key="edge-sats").text = str(taint.sats)
            Xml.SubElement(edge, "data", key="edge-label").text = _plain(taint.label)
            convention = "true" if taint.convention_only else "false"
            Xml.SubElement(edge, "data", key="edge-convention_only").text = convention


def _plain(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)

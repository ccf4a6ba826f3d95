"""The GraphML: valid XML whatever labels say, every edge between nodes that are there, all amounts in it."""

from collections import Counter
from xml.etree import ElementTree as Xml

import pytest

from sekisho.tracing.case import Method
from sekisho.tracing.report.graph import show_graph
from support.cases import laundering, small_case

_G = "{http://graphml.graphdrawing.org/xmlns}"


def _graph(raw: bytes) -> tuple[dict[str, dict[str, str]], list[tuple[str, str, dict[str, str]]]]:
    root = Xml.fromstring(raw)
    keys = {key.get("id"): key.get("attr.name") for key in root.iter(f"{_G}key")}
    graph = root.find(f"{_G}graph")
    assert graph is not None

    def data(element: Xml.Element) -> dict[str, str]:
        return {str(keys[each.get("key")]): each.text or "" for each in element}

    nodes = {str(node.get("id")): data(node) for node in graph.iter(f"{_G}node")}
    edges = [(str(edge.get("source")), str(edge.get("target")), data(edge)) for edge in graph.iter(f"{_G}edge")]
    return nodes, edges


@pytest.mark.parametrize("method", Method)
def test_every_edge_joins_a_coin_and_a_transaction_that_are_there(method: Method):
    nodes, edges = _graph(show_graph(laundering(300).trace(method)))
    for source, target, _ in edges:
        kinds = {nodes[source]["kind"], nodes[target]["kind"]}
        assert kinds in ({"coin", "transaction"}, {"fee", "transaction"})


def test_what_flows_into_a_transaction_flows_out_of_it():
    _, edges = _graph(show_graph(laundering(300).trace(Method.HAIRCUT)))
    balance: Counter[str] = Counter()
    for source, target, data in edges:
        balance[target] += int(data["sats"])
        balance[source] -= int(data["sats"])
    assert {name for name, rest in balance.items() if rest and name.startswith("tx:")} == set()


def test_coins_say_where_taint_ended():
    nodes, _ = _graph(show_graph(small_case().trace(Method.FIFO)))
    assert Counter(data.get("status") for data in nodes.values() if data["kind"] == "coin") == {
        "unspent": 7,
        "service": 1,
        None: 4,
    }


@pytest.mark.parametrize("label", ["</data><node id='x'/>", "]]>&amp;", "\x00\x08\ufffe\ud83d", "\N{SNOWMAN}"])
def test_a_hostile_label_stays_text(label: str):
    raw = show_graph(small_case(label=label).trace(Method.FIFO))
    plain, edges = _graph(show_graph(small_case().trace(Method.FIFO)))
    nodes, hostile = _graph(raw)
    assert nodes == plain
    assert len(hostile) == len(edges)

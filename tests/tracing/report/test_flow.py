"""The flow: every coin leads from whoever made it to whoever spent it, and every end hangs on something."""

from dataclasses import replace

import pytest

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.tracing.case import End, FollowFees, Method, Status
from sekisho.tracing.report.flow import FEE_VOUT, NodeKind, flow_of
from sekisho.tracing.report.graph import show_graph
from sekisho.tracing.trace import Hop, Portion, Taint
from support.cases import laundering, small_case


@pytest.mark.parametrize("method", Method)
def test_edges_lead_onward_and_every_end_is_reached(method: Method):
    trace = laundering(250).trace(method)
    flow = flow_of(trace)
    assert all(edge.source < edge.target for edge in flow.edges)
    reached = {edge.target for edge in flow.edges}
    beginnings = [node.kind for place, node in enumerate(flow.nodes) if place not in reached]
    assert beginnings == [NodeKind.SEED]
    assert sum(node.end is not None for node in flow.nodes) == len(trace.ends)


def test_a_seed_that_never_moved_leads_straight_to_its_end():
    case = small_case()
    still = next(end.outpoint for end in case.trace(Method.FIFO).ends if end.status is Status.UNSPENT)
    assert still is not None
    flow = flow_of(replace(case, seeds=(("theft", still),)).trace(Method.FIFO))
    assert [node.kind for node in flow.nodes] == [NodeKind.SEED, NodeKind.END]
    assert [(edge.source, edge.target) for edge in flow.edges] == [(0, 1)]


def test_a_coinbase_that_takes_a_tainted_fee_comes_behind_the_transaction_that_paid_it():
    trace = small_case().trace(Method.FIFO)
    paid = trace.hops[0]
    fee, made = OutPoint(paid.txid, FEE_VOUT), Txid(b"\x07" * 32)
    taint = Taint("theft", False, Sats(1000), Sats(0))
    taken = Portion(fee, Sats(1000), Script(b""), (taint,))
    minted = Portion(OutPoint(made, 0), Sats(1000), Script(b"\x51"), (taint,))
    coinbase = Hop(made, paid.height, paid.time, (taken,), (minted,), Sats(0), (), None)
    end = End(made, minted.outpoint, b"\x51", Sats(1000), Status.UNSPENT, False, paid.height, paid.time, "theft")
    others = tuple(each for each in trace.ends if each.status is not Status.FEES)
    parameters = replace(trace.parameters, follow_fees=FollowFees.FEES_FIRST)
    followed = replace(trace, parameters=parameters, hops=(coinbase, *trace.hops), ends=(*others, end))
    flow = flow_of(followed)
    assert all(edge.source < edge.target for edge in flow.edges)
    assert [flow.nodes[edge.source].hop for edge in flow.edges if edge.outpoint == fee] == [paid]
    assert b'source="fee:' in show_graph(followed)

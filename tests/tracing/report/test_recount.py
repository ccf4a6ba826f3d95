"""Every hop is worked a second time: the second opinion agrees with honest hops, and objects to any other."""

from dataclasses import replace

import pytest

from sekisho.bitcoin.sats import Sats
from sekisho.tracing.case import Method
from sekisho.tracing.report.chained import last_link, links
from sekisho.tracing.report.recount import HopDisagrees, check
from sekisho.tracing.trace import Hop, Portion, Taint
from support.cases import laundering, small_case


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("seed", range(3))
def test_honest_hops_agree(method: Method, seed: int):
    trace = laundering(150, seed).trace(method)
    assert check(trace) == len(trace.hops) > 20


@pytest.mark.parametrize("method", Method)
def test_one_satoshi_moved_between_outputs_is_seen(method: Method):
    trace = small_case().trace(method)
    hop = trace.hops[0]
    outputs = (_with(hop.outputs[0], -1), _with(hop.outputs[1], 1), *hop.outputs[2:])
    with pytest.raises(HopDisagrees):
        check(replace(trace, hops=(replace(hop, outputs=outputs), *trace.hops[1:])))


@pytest.mark.parametrize("method", [each for each in Method if each is not Method.TIHO])
def test_one_satoshi_moved_into_the_fee_is_seen(method: Method):
    trace = small_case().trace(method)
    hop = trace.hops[0]
    more = (Taint("theft", False, Sats(sum(each.sats for each in hop.fee_taints) + 1), Sats(0)),)
    with pytest.raises(HopDisagrees):
        check(replace(trace, hops=(replace(hop, fee_taints=more), *trace.hops[1:])))


def test_the_hash_chain_has_a_link_for_each_hop_and_the_last_names_all():
    trace = small_case().trace(Method.FIFO)
    made = links(Method.FIFO, trace.hops)
    assert len(set(made)) == len(trace.hops)
    assert last_link(Method.FIFO, trace.hops) == made[-1]


CHANGES = {
    "an amount": lambda hop: replace(hop, outputs=(_with(hop.outputs[0], -1), *hop.outputs[1:])),
    "the fee": lambda hop: replace(hop, fee=Sats(hop.fee + 1)),
    "the order of the inputs": lambda hop: replace(hop, inputs=hop.inputs[::-1]),
    "convention": lambda hop: replace(hop, outputs=(_certain(hop.outputs[0]), *hop.outputs[1:])),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_in_a_hop_changes_its_link_and_all_after_it(change) -> None:  # type: ignore[no-untyped-def]
    hops = small_case().trace(Method.FIFO).hops
    before = links(Method.FIFO, hops)
    after = links(Method.FIFO, (hops[0], change(hops[1]), *hops[2:]))
    assert [ours == theirs for ours, theirs in zip(before, after, strict=True)] == [True, False, False, False]


def test_the_method_is_in_every_link():
    hops: tuple[Hop, ...] = small_case().trace(Method.FIFO).hops
    assert links(Method.FIFO, hops)[0] != links(Method.LIFO, hops)[0]


def _with(portion: Portion, more: int) -> Portion:
    first = portion.taints[0]
    return replace(portion, taints=(replace(first, sats=Sats(first.sats + more)), *portion.taints[1:]))


def _certain(portion: Portion) -> Portion:
    return replace(portion, taints=tuple(replace(each, convention_only=False) for each in portion.taints))

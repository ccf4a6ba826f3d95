"""Each hop worked again by hand: plain Python integers, written apart from the engines, so that a reader can follow.

What a hop brings in (backward: what its outputs hold) is carried through by the method's rule, and the result is
compared with what the engine says it put out. Both must agree before a page is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sekisho.bitcoin.outpoint import OutPoint, show_txid
from sekisho.errors import SekishoError
from sekisho.tracing.case import Method
from sekisho.tracing.trace import Hop, Portion, Taint, Trace

PLACED = frozenset({Method.FIFO, Method.LIFO, Method.LIFO_MIRROR})
"""Methods that give every satoshi a place."""

Amounts = tuple[int, ...]


class HopDisagrees(SekishoError):
    """A hop whose amounts are not what the method's rule gives: a fault of the engine, or of this."""

    def __init__(self, hop: Hop) -> None:
        super().__init__(f"worked again by hand, transaction {show_txid(hop.txid)} carries other amounts")
        self.hop = hop


@dataclass(frozen=True, slots=True)
class Row:
    """The satoshis of a transaction laid end to end, from its first input's first on: where each part lies in it."""

    inputs: tuple[tuple[int, int], ...]
    """First satoshi, and the one after the last."""
    outputs: tuple[tuple[int, int], ...]
    fee: tuple[int, int]
    reversed_outputs: bool
    """LIFO takes the satoshis of the row from its end: an output's first satoshi is the last of its stretch."""

    def place(self, stretch: tuple[int, int], taint: Taint, *, output: bool) -> tuple[int, int]:
        """Where in the row some placed taint of the coin on `stretch` lies."""
        start = taint.start or 0
        if output and self.reversed_outputs:
            return stretch[1] - start - taint.sats, stretch[1] - start
        return stretch[0] + start, stretch[0] + start + taint.sats


@dataclass(frozen=True, slots=True)
class Division:
    """One label's taint over the parts of a transaction, pro rata: the terms of each part, the fee's (if any) last."""

    label: str
    taint: int
    whole: int
    """What all parts together can still hold."""
    parts: Amounts
    """What each can still hold."""
    floors: Amounts
    remainders: Amounts
    extra: Amounts
    """1 for parts that got a left-over satoshi."""

    @property
    def given(self) -> Amounts:
        """What each part gets."""
        return tuple(floor + one for floor, one in zip(self.floors, self.extra, strict=True))


def row_of(method: Method, hop: Hop) -> Row:
    """Where every input, every output and the fee of a hop lies in its row of satoshis."""
    total = sum(portion.sats for portion in hop.inputs)
    inputs = tuple(_laid([portion.sats for portion in hop.inputs]))
    amounts = [portion.sats for portion in hop.outputs]
    mirrored = method is Method.LIFO_MIRROR
    outputs = tuple(_laid(amounts[::-1]))[::-1] if mirrored else tuple(_laid(amounts))
    paid = sum(amounts)
    if method is not Method.LIFO:
        return Row(inputs, outputs, (paid, total), reversed_outputs=False)
    turned = tuple((total - end, total - start) for start, end in outputs)
    return Row(inputs, turned, (0, total - paid), reversed_outputs=True)


def _laid(amounts: Sequence[int]) -> Iterator[tuple[int, int]]:
    at = 0
    for amount in amounts:
        yield at, at + amount
        at += amount


def arriving(hop: Hop, *, backward: bool) -> tuple[Portion, ...]:
    """The side of a hop that taint comes in by."""
    return hop.outputs if backward else hop.inputs


def divisions(hop: Hop, labels: Sequence[str], *, backward: bool) -> tuple[Division, ...]:
    """Haircut: every label's taint over the parts, in order of theft, each over what earlier ones left."""
    room = _parts(hop, backward=backward)
    whole = sum(room)
    made = []
    for label, taint in _brought(hop, labels, backward=backward):
        floors = [taint * part // whole for part in room]
        remainders = [taint * part % whole for part in room]
        left = taint - sum(floors)
        ranked = sorted(range(len(room)), key=lambda part: (-remainders[part], part))  # used at once
        extra = [int(part in ranked[:left]) for part in range(len(room))]
        made.append(Division(label, taint, whole, tuple(room), tuple(floors), tuple(remainders), tuple(extra)))
        room = [part - given for part, given in zip(room, made[-1].given, strict=True)]
        whole -= taint
    return tuple(made)


def pouring_order(hop: Hop) -> tuple[int, ...]:
    """TIHO: outputs from the largest to the smallest, the lower number first among equals."""
    return tuple(sorted(range(len(hop.outputs)), key=lambda vout: (-hop.outputs[vout].sats, vout)))


def check(trace: Trace) -> int:
    """Work every hop again. Returns how many there were; raises HopDisagrees at the first that differs."""
    labels = label_order(trace)
    seeds = {seed.outpoint for seed in trace.seeds}
    for hop in trace.hops:
        if not _agrees(trace, hop, labels, seeds):
            raise HopDisagrees(hop)
    return len(trace.hops)


def label_order(trace: Trace) -> tuple[str, ...]:
    """The labels of a trace, in order of theft."""
    return tuple(dict.fromkeys(seed.label for seed in trace.seeds))


def _agrees(trace: Trace, hop: Hop, labels: Sequence[str], seeds: set[OutPoint]) -> bool:
    backward = trace.parameters.backward
    expected = _carried(trace.parameters.method, hop, labels, backward=backward)
    leaving = hop.inputs if backward else hop.outputs
    for number, portion in enumerate(leaving):
        for label in labels:
            found, due = _of(portion.taints, label), expected[label][number]
            if found != due and not (portion.outpoint in seeds and found > due):  # a seed adds to what came
                return False
    return backward or all(_of(hop.fee_taints, label) == expected[label][-1] for label in labels)


def _carried(method: Method, hop: Hop, labels: Sequence[str], *, backward: bool) -> dict[str, Amounts]:
    nothing = (0,) * len(_parts(hop, backward=backward))
    carried = dict.fromkeys(labels, nothing)
    if method is Method.HAIRCUT:
        return carried | {each.label: each.given for each in divisions(hop, labels, backward=backward)}
    if method in PLACED:
        return carried | {label: _overlaps(method, hop, label, backward=backward) for label in labels}
    brought = _brought(hop, labels, backward=backward)
    if method is Method.POISON:
        return carried | dict.fromkeys((label for label, _ in brought), tuple(_parts(hop, backward=backward)))
    return carried | _poured(hop, brought)


def _overlaps(method: Method, hop: Hop, label: str, *, backward: bool) -> Amounts:
    row = row_of(method, hop)
    stretches = row.outputs if backward else row.inputs
    pieces = [
        row.place(stretch, taint, output=backward)
        for stretch, portion in zip(stretches, arriving(hop, backward=backward), strict=True)
        for taint in portion.taints
        if taint.label == label
    ]
    parts = row.inputs if backward else (*row.outputs, row.fee)
    return tuple(sum(max(0, min(end, until) - max(start, since)) for start, end in pieces) for since, until in parts)


def _poured(hop: Hop, brought: Sequence[tuple[str, int]]) -> dict[str, Amounts]:
    room: list[int] = [portion.sats for portion in hop.outputs]
    poured = {}
    for label, taint in brought:
        left, given = taint, [0] * (len(room) + 1)
        for vout in pouring_order(hop):
            given[vout] = min(left, room[vout])
            left -= given[vout]
        given[-1] = left
        room = [have - took for have, took in zip(room, given[:-1], strict=True)]
        poured[label] = tuple(given)
    return poured


def _parts(hop: Hop, *, backward: bool) -> list[int]:
    if backward:
        return [portion.sats for portion in hop.inputs]
    return [*(portion.sats for portion in hop.outputs), hop.fee]


def _brought(hop: Hop, labels: Sequence[str], *, backward: bool) -> list[tuple[str, int]]:
    sides = arriving(hop, backward=backward)
    sums = [(label, sum(_of(portion.taints, label) for portion in sides)) for label in labels]
    return [(label, taint) for label, taint in sums if taint]


def _of(taints: tuple[Taint, ...], label: str) -> int:
    return sum(taint.sats for taint in taints if taint.label == label)

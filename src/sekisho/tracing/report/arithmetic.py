"""The arithmetic of each hop, line by line, as a reader with paper would do it."""

from dataclasses import dataclass

from sekisho.bitcoin.outpoint import OutPoint, show_txid
from sekisho.tracing.case import Method
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.report.flow import is_fee
from sekisho.tracing.report.recount import PLACED, Division, Row, divisions, label_order, pouring_order, row_of
from sekisho.tracing.report.rules import rules_of
from sekisho.tracing.report.told import address_of
from sekisho.tracing.report.words import shown, when
from sekisho.tracing.trace import Hop, Portion, Taint


@dataclass(frozen=True, slots=True)
class Line:
    """An input, an output or the fee."""

    name: str
    """`input 0`, `output 3`, `fee`."""
    coin: str
    address: str
    sats: int
    stolen: int
    convention: int
    how: tuple[str, ...]
    """How the stolen amount was reckoned."""


@dataclass(frozen=True, slots=True)
class Worked:
    """One hop, worked."""

    number: int
    txid: str
    height: int | None
    time: str
    mix: str
    whole: int
    """The satoshis of all inputs."""
    stolen: int
    """Of these, stolen."""
    rules: tuple[str, ...]
    inputs: tuple[Line, ...]
    outputs: tuple[Line, ...]
    """With the fee last."""
    link: str
    """Of the hash chain."""


def work(dossier: Dossier, links: tuple[bytes, ...]) -> tuple[Worked, ...]:
    """Every hop of the told trace; `links` are those of its hash chain."""
    pairs = enumerate(zip(dossier.told.hops, links, strict=True), 1)
    return tuple(_worked(dossier, number, hop, link) for number, (hop, link) in pairs)


def _worked(dossier: Dossier, number: int, hop: Hop, link: bytes) -> Worked:
    trace = dossier.told
    parameters, explain = trace.parameters, _Explainer(dossier, hop)
    source = hop.outputs if parameters.backward else hop.inputs
    return Worked(
        number,
        show_txid(hop.txid),
        hop.height,
        when(hop.time),
        hop.mix or "",
        sum(each.sats for each in hop.inputs),
        sum(taint.sats for each in source for taint in each.taints),
        rules_of(parameters, hop),
        tuple(explain.line(f"input {at}", each, at, output=False) for at, each in enumerate(hop.inputs)),
        (
            *(explain.line(f"output {at}", each, at, output=True) for at, each in enumerate(hop.outputs)),
            explain.fee_line(),
        ),
        link.hex(),
    )


class _Explainer:
    """Says of each line of one hop how its stolen amount came about."""

    def __init__(self, dossier: Dossier, hop: Hop) -> None:
        trace = dossier.told
        self._hop, self._method, self._network = hop, trace.parameters.method, trace.network
        self._backward = trace.parameters.backward
        self._labels = label_order(trace)
        self._several = len(self._labels) > 1
        self._row: Row | None = row_of(self._method, hop) if self._method in PLACED and hop.inputs else None
        self._rank = {vout: rank for rank, vout in enumerate(pouring_order(hop), 1)}
        self._divisions: tuple[Division, ...] = ()
        if self._method is Method.HAIRCUT and hop.inputs:
            self._divisions = divisions(hop, self._labels, backward=self._backward)

    def line(self, name: str, portion: Portion, at: int, *, output: bool) -> Line:
        how = self._how(portion.taints, at, output=output)
        address = address_of(portion.script, self._network) or f"script {portion.script.hex()[:40]}"
        return Line(
            name,
            _coin(portion.outpoint),
            address,
            portion.sats,
            sum(taint.sats for taint in portion.taints),
            sum(taint.sats for taint in portion.taints if taint.convention_only),
            tuple(how),
        )

    def fee_line(self) -> Line:
        hop, how = self._hop, list[str]()
        if self._row is not None and hop.fee:
            how.append(f"row {_span(self._row.fee)}")
        if not self._backward:
            how += self._divided(len(hop.outputs))
        stolen = sum(taint.sats for taint in hop.fee_taints)
        convention = sum(taint.sats for taint in hop.fee_taints if taint.convention_only)
        return Line("fee", "", "the miner", hop.fee, stolen, convention, tuple(how))

    def _how(self, taints: tuple[Taint, ...], at: int, *, output: bool) -> list[str]:
        if self._row is not None:
            stretch = (self._row.outputs if output else self._row.inputs)[at]
            row = self._row
            return [
                f"row {_span(stretch)}",
                *(f"stolen {_span(row.place(stretch, taint, output=output))}{self._label(taint)}" for taint in taints),
            ]
        if self._method is Method.HAIRCUT and output is not self._backward:
            return self._divided(at)
        if self._method is Method.TIHO and output:
            return [f"filled as number {self._rank[at]}"]
        return [f"{taint.sats:,}{self._label(taint)}" for taint in taints] if self._several else []

    def _divided(self, part: int) -> list[str]:
        return [
            f"{each.taint:,} \u00d7 {each.parts[part]:,} \u00f7 {each.whole:,} = {each.floors[part]:,} "
            f"remainder {each.remainders[part]:,}{', and 1 left over' if each.extra[part] else ''}"
            f"{f' ({shown(each.label)})' if self._several else ''}"
            for each in self._divisions
        ]

    def _label(self, taint: Taint) -> str:
        return f" ({shown(taint.label)})" if self._several else ""


def _coin(outpoint: OutPoint) -> str:
    if not is_fee(outpoint):
        return str(outpoint)
    return f"fee of {show_txid(outpoint.txid)}" if any(outpoint.txid) else "the block's subsidy"


def _span(stretch: tuple[int, int]) -> str:
    start, end = stretch
    return f"{start:,} to {end - 1:,}" if end > start else "empty"

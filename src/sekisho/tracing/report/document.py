"""The report as JSON: what `sekisho trace run --format json` writes, and reading it back (docs/trace-report.md).

One trace is one object; several (`--method all`) are `{"version": 1, "traces": [...]}`. Amounts are decimal strings,
hashes and txids as explorers print them, heights and times whole numbers.
"""

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import MalformedOutPoint, OutPoint, Txid, parse_outpoint, show_txid
from sekisho.bitcoin.sats import AmountOutOfRange, MalformedAmount, Sats, parse_sats
from sekisho.chain.chain import NO_TIP, Tip
from sekisho.tracing.case import End, FollowFees, Method, Mix, Parameters, Status
from sekisho.tracing.report.fields import Fields, Json, MalformedReport, parse_object
from sekisho.tracing.report.told import Told, ToldEnd, ToldSeed
from sekisho.tracing.trace import ListUsed

VERSION = 1
"""Of the document. Readers refuse any other."""

_Kind = TypeVar("_Kind", bound=StrEnum)

_MOST_TEXT = 22
"""Digits of a total: poison's can exceed all bitcoin there is, so they are no `Sats` in range."""


def show_report(traces: Sequence[Told]) -> bytes:
    """One trace as its object, several as a list of them. The same traces always give the same bytes."""
    objects = [trace_object(trace) for trace in traces]
    whole: Json = objects[0] if len(objects) == 1 else {"version": VERSION, "traces": [*objects]}
    return json.dumps(whole, indent=2).encode() + b"\n"


def parse_report(raw: bytes) -> tuple[Told, ...]:
    """Read what `show_report` writes. Raises MalformedReport."""
    fields = parse_object(raw)
    return read_traces(fields) if "traces" in fields.members else (read_trace(fields),)


def trace_object(told: Told) -> dict[str, Json]:
    """One trace as a JSON object."""
    parameters = told.parameters
    return {
        "version": VERSION,
        "network": str(told.network),
        "method": str(parameters.method),
        "parameters": {
            "backward": parameters.backward,
            "mix": str(parameters.mix),
            "until": parameters.until,
            "follow_fees": None if parameters.follow_fees is None else str(parameters.follow_fees),
            "min_sats": str(parameters.min_sats),
        },
        "lists": [{"name": each.name, "sha256": each.sha256.hex()} for each in told.lists],
        "tip": None if told.tip == NO_TIP else {"height": told.tip.height, "hash": told.tip.hash[::-1].hex()},
        "seeds": [{"label": seed.label, "outpoint": str(seed.outpoint), "sats": str(seed.sats)} for seed in told.seeds],
        "ends": [_end_object(each) for each in told.ends],
        "totals": {str(status): str(amount) for status, amount in told.totals},
        "conserved": told.conserved,
        "transactions": told.transactions,
    }


def read_traces(fields: Fields) -> tuple[Told, ...]:
    """Read an object with a list of traces. Raises MalformedReport."""
    fields.only("version", "traces")
    _check_version(fields)
    traces = tuple(read_trace(each) for each in fields.objects("traces"))
    if not traces:
        raise MalformedReport("it holds no trace")
    return traces


def read_trace(fields: Fields) -> Told:
    """Read one trace. Raises MalformedReport."""
    fields.only(
        *("version", "network", "method", "parameters", "lists", "tip", "seeds", "ends", "totals", "conserved"),
        "transactions",
    )
    _check_version(fields)
    return Told(
        _choice(Network, fields, "network"),
        _read_parameters(fields.object("parameters"), _choice(Method, fields, "method")),
        tuple(_read_list(each) for each in fields.objects("lists")),
        NO_TIP if fields.absent("tip") else _read_tip(fields.object("tip")),
        tuple(_read_seed(each) for each in fields.objects("seeds")),
        tuple(_read_end(each) for each in fields.objects("ends")),
        _read_totals(fields.object("totals")),
        None if fields.absent("conserved") else fields.flag("conserved"),
        fields.number("transactions"),
    )


def _read_tip(fields: Fields) -> Tip:
    fields.only("height", "hash")
    return Tip(fields.number("height"), fields.hex("hash", 32)[::-1])


def _end_object(told: ToldEnd) -> dict[str, Json]:
    end = told.end
    return {
        "txid": show_txid(Txid(end.txid)),
        "outpoint": None if end.outpoint is None else str(end.outpoint),
        "address": told.address,
        "script": None if end.script is None else end.script.hex(),
        "sats": str(end.sats),
        "status": str(end.status),
        "convention_only": end.convention_only,
        "height": end.height,
        "time": end.time,
        "label": end.label,
    }


def _read_end(fields: Fields) -> ToldEnd:
    fields.only(
        *("txid", "outpoint", "address", "script", "sats", "status", "convention_only", "height", "time", "label")
    )
    end = End(
        fields.hex("txid", 32)[::-1],
        None if fields.absent("outpoint") else _outpoint(fields, "outpoint"),
        None if fields.absent("script") else fields.hex("script"),
        _sats(fields, "sats"),
        _choice(Status, fields, "status"),
        fields.flag("convention_only"),
        None if fields.absent("height") else fields.number("height"),
        None if fields.absent("time") else fields.number("time"),
        fields.text("label"),
    )
    return ToldEnd(end, None if fields.absent("address") else fields.text("address"))


def _read_parameters(fields: Fields, method: Method) -> Parameters:
    fields.only("backward", "mix", "until", "follow_fees", "min_sats")
    return Parameters(
        method,
        fields.flag("backward"),
        _choice(Mix, fields, "mix"),
        None if fields.absent("until") else fields.number("until"),
        None if fields.absent("follow_fees") else _choice(FollowFees, fields, "follow_fees"),
        _sats(fields, "min_sats"),
    )


def _read_list(fields: Fields) -> ListUsed:
    fields.only("name", "sha256")
    return ListUsed(fields.text("name"), fields.hex("sha256", 32))


def _read_seed(fields: Fields) -> ToldSeed:
    fields.only("label", "outpoint", "sats")
    return ToldSeed(fields.text("label"), _outpoint(fields, "outpoint"), _sats(fields, "sats"))


def _read_totals(fields: Fields) -> tuple[tuple[Status, Sats], ...]:
    fields.only(*Status)
    return tuple((status, _total(fields, status)) for status in Status)


def _total(fields: Fields, name: str) -> Sats:
    told = fields.text(name)
    if len(told) > _MOST_TEXT or not told.isascii() or not told.isdigit() or str(int(told)) != told:
        raise MalformedReport(f"{fields.place}.{name} is not a whole number of satoshis")
    return Sats(int(told))


def _sats(fields: Fields, name: str) -> Sats:
    try:
        return parse_sats(fields.text(name))
    except (MalformedAmount, AmountOutOfRange) as why:
        raise MalformedReport(f"{fields.place}.{name}: {why}") from why


def _outpoint(fields: Fields, name: str) -> OutPoint:
    try:
        return parse_outpoint(fields.text(name))
    except MalformedOutPoint as why:
        raise MalformedReport(f"{fields.place}.{name}: {why}") from why


def _choice(kinds: type[_Kind], fields: Fields, name: str) -> _Kind:
    try:
        return kinds(fields.text(name))
    except ValueError as why:
        raise MalformedReport(f"{fields.place}.{name} is none of {', '.join(kinds)}") from why


def _check_version(fields: Fields) -> None:
    if fields.number("version") != VERSION:
        raise MalformedReport(f"it is of version {fields.number('version')}, this reads version {VERSION}")

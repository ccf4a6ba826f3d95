"""A report given back to us: the JSON, or the page with the JSON in it."""

from dataclasses import dataclass

from sekisho.tracing.case import Method
from sekisho.tracing.report.document import VERSION, parse_report, read_trace
from sekisho.tracing.report.fields import Fields, MalformedReport, parse_object
from sekisho.tracing.report.page import DOCUMENT_CLOSES, DOCUMENT_OPENS
from sekisho.tracing.report.told import Told

MAX_REPORT = 256_000_000
"""Bytes. A page of `MAX_HOPS` transactions is a fraction of it."""


@dataclass(frozen=True, slots=True)
class Link:
    """One hop by name, and its link of the hash chain."""

    txid: bytes
    """32 bytes in hashing order."""
    link: bytes


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What a page holds beside its traces."""

    raw: bytes
    program: str
    """The version that wrote it."""
    told: Method
    hops: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A report."""

    traces: tuple[Told, ...]
    page: PageRecord | None


def parse_recorded(raw: bytes) -> Recorded:
    """Read a report, whichever of the two it is. Raises MalformedReport."""
    if len(raw) > MAX_REPORT:
        raise MalformedReport(f"it is longer than {MAX_REPORT:,} bytes")
    if not raw.lstrip()[:9].lower().startswith(b"<!doctype"):
        return Recorded(parse_report(raw), None)
    _, opens, rest = raw.partition(DOCUMENT_OPENS)
    document, closes, after = rest.partition(DOCUMENT_CLOSES)
    if not opens or not closes or DOCUMENT_OPENS in after:
        raise MalformedReport("the page does not hold one document")
    return _page(raw, parse_object(document))


def _page(raw: bytes, fields: Fields) -> Recorded:
    fields.only("version", "program", "told", "traces", "hops")
    if fields.number("version") != VERSION:
        raise MalformedReport(f"it is of version {fields.number('version')}, this reads version {VERSION}")
    traces = tuple(read_trace(each) for each in fields.objects("traces"))
    told = fields.text("told")
    if told not in [trace.parameters.method for trace in traces]:
        raise MalformedReport("the method it tells is not among its traces")
    hops = tuple(_link(each) for each in fields.objects("hops"))
    return Recorded(traces, PageRecord(raw, fields.text("program"), Method(told), hops))


def _link(fields: Fields) -> Link:
    fields.only("txid", "link")
    return Link(fields.hex("txid", 32)[::-1], fields.hex("link", 32))

"""The ends of a trace as CSV (RFC 4180), safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Sequence

from sekisho.bitcoin.outpoint import Txid, show_txid
from sekisho.tracing.report.told import Told, ToldEnd
from sekisho.tracing.report.words import when

_HEAD = (
    *("method", "label", "status", "sats", "convention_only", "address", "script", "txid", "outpoint"),
    *("height", "time"),
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection")."""


def show_table(traces: Sequence[Told]) -> bytes:
    """One row for each end of each trace. Text that a spreadsheet would run gets an apostrophe before it."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(_HEAD)
    for told in traces:
        for each in told.ends:
            rows.writerow(_row(str(told.parameters.method), each))
    return text.getvalue().encode()


def _row(method: str, told: ToldEnd) -> tuple[str, ...]:
    end = told.end
    cells = (
        method,
        end.label,
        str(end.status),
        str(end.sats),
        "yes" if end.convention_only else "no",
        told.address or "",
        "" if end.script is None else end.script.hex(),
        show_txid(Txid(end.txid)),
        "" if end.outpoint is None else str(end.outpoint),
        "" if end.height is None else str(end.height),
        when(end.time),
    )
    return tuple(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)

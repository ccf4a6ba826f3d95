"""The CSV: one row an end, and nothing in it that a spreadsheet runs."""

import csv
import io

import pytest

from sekisho.tracing.case import Method
from sekisho.tracing.report.table import show_table
from sekisho.tracing.report.told import tell
from support.cases import small_case


def test_every_end_is_a_row_whose_amounts_add_up():
    trace = small_case().trace(Method.HAIRCUT)
    rows = list(csv.DictReader(io.StringIO(show_table([tell(trace)]).decode(), newline="")))
    assert len(rows) == len(trace.ends)
    assert sum(int(row["sats"]) for row in rows) == 10**9
    assert {row["convention_only"] for row in rows} == {"yes", "no"}


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=HYPERLINK(1)\r\n=2"])
def test_a_label_that_looks_like_a_formula_is_made_text(label: str):
    table = show_table([tell(small_case(label=label).trace(Method.FIFO))]).decode()
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for row in rows for cell in row)
    assert {row[1] for row in rows[1:]} == {f"'{label}"}


def test_several_traces_follow_each_other_under_one_head():
    case = small_case()
    told = [tell(case.trace(method)) for method in Method]
    rows = list(csv.reader(io.StringIO(show_table(told).decode(), newline="")))
    assert len(rows) == 1 + sum(len(each.ends) for each in told)
    assert list(dict.fromkeys(row[0] for row in rows[1:])) == list(Method)

"""Whatever stands under the header of a report, reading ends with rows or with a sentence."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fscdesk.services.errors import Problem
from fscdesk.services.importing.readers.reports import read_report
from fscdesk.services.importing.recognising import explain_unknown, recognise
from tests.support.appointment_files import source, workbook, written
from tests.support.report_files import LINES, ZONE, heading, line

REPORTS = st.sampled_from(sorted(LINES))
CELLS = st.text(max_size=12) | st.sampled_from(
    ["", "--", "Total", "Totals", "03/02/2026", "31/03/2026", "-1.00", "(2.00)", "$1,234.50",
     "1e5", "46084.5", "Show", "12 clients", "3 appointments", "charge", "2026-03-02T10:00Z"]
)  # fmt: skip


def taken(data: bytes) -> None:
    """Read the bytes; anything but rows that add up or a Problem is a failure."""
    refused: Problem | None = None
    try:
        file = source(data)
        recognised = recognise(file)
        if recognised is None:
            raise explain_unknown(file)
        read = read_report(file, recognised, ZONE)
    except Problem as problem:
        refused = problem
    if refused is not None:
        assert refused.message.endswith(".")
        assert refused.hint
        return
    assert read.read == len(read.rows) + len(read.skipped)
    lines = [row.line for row in read.rows] + [row.line for row in read.skipped]
    assert len(lines) == len(set(lines))
    faults = {found.where for found in read.findings if found.severity == "error"}
    assert faults <= {f"line {row.line}" for row in read.skipped}
    for row in read.rows:
        row.raw.encode()
        assert "\x00" not in row.raw


@given(REPORTS, st.binary(max_size=200))
def test_any_bytes_under_the_header(report: str, data: bytes) -> None:
    taken(written([heading(report)]).encode() + data)


@given(REPORTS, st.lists(st.lists(CELLS, max_size=19), max_size=5), st.sampled_from(",;\t"))
def test_any_cells_under_the_header(report: str, rows: list[list[str]], delimiter: str) -> None:
    taken(written([heading(report), *rows], delimiter).encode("utf-8", "surrogatepass"))


@given(REPORTS, st.integers(0, 17), CELLS, st.sampled_from(",;\t"))
@settings(max_examples=300)
def test_any_text_in_one_cell(report: str, place: int, cell: str, delimiter: str) -> None:
    row = line(report)
    row[place % len(row)] = cell
    table = [heading(report), row, line(report)]
    taken(written(table, delimiter).encode("utf-8", "surrogatepass"))


@given(REPORTS, st.integers(0, 17), st.none() | st.booleans() | st.integers() | st.floats()
       | st.dates() | st.times() | st.timedeltas() | st.datetimes())  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_any_value_in_one_cell_of_a_workbook(report: str, place: int, cell: object) -> None:
    row: list[object] = [*line(report)]
    row[place % len(row)] = cell
    try:
        data = workbook([heading(report), row])
    except (ValueError, OverflowError):  # openpyxl has no way to write it
        return
    taken(data)


@given(REPORTS, st.lists(st.integers(0, 17), max_size=6, unique=True))
def test_any_columns_gone(report: str, gone: list[int]) -> None:
    kept = [place for place in range(len(heading(report))) if place not in gone]
    if kept:
        table = [heading(report), line(report), line(report)]
        taken(written([[row[place] for place in kept] for row in table]).encode())

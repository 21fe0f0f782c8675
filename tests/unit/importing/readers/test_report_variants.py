"""The same reports written in other ways: what a person, Excel or another export makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from fscdesk.services.errors import Severity
from fscdesk.services.spreadsheets.tables import heading_key
from tests.support.appointment_files import Table, changed, workbook, written
from tests.support.report_files import SAMPLES, bare, read_bytes, report_sample, told

DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?: (\d{2}):(\d{2}))?")
AMOUNT = re.compile(r"-?\d+\.\d{2}")
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's calendar has no zone


def each(change: Callable[[str], object]) -> Callable[[Table], list[list[Any]]]:
    """A change of every cell under the header."""
    return lambda table: [table[0], *([change(cell) for cell in row] for row in table[1:])]


def when(cell: str) -> datetime | None:
    found = DATE.fullmatch(cell)
    if found is None:
        return None
    month, day, year, hour, minute = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - a wall clock


def excel_saved(cell: str) -> str:
    """What Excel writes into a CSV for a date that it understood."""
    moment = when(cell)
    if moment is None:
        return cell
    clock = f" {moment.hour}:{moment.minute:02d}" if ":" in cell else ""
    return f"{moment.month}/{moment.day}/{moment:%y}{clock}"


def iso(cell: str) -> str:
    moment = when(cell)
    return cell if moment is None else moment.isoformat(sep=" ")[: 16 if ":" in cell else 10]


def serial(cell: str) -> str:
    moment = when(cell)
    if moment is None:
        return cell
    return f"{(moment - EPOCH).total_seconds() / 86400:.8f}".rstrip("0").rstrip(".")


def dollars(cell: str) -> str:
    if not AMOUNT.fullmatch(cell):
        return cell
    value = float(cell)
    return f"(${-value:,.2f})" if value < 0 else f"${value:,.2f}"


def comma_decimal(cell: str) -> str:
    if not AMOUNT.fullmatch(cell):
        return cell
    return f"{float(cell):,.2f}".translate(str.maketrans(",.", ".,"))


def padded(cell: str) -> str:
    return f"\u00a0{cell}  "


def typed(cell: str) -> object:
    """The cell as a workbook would hold it."""
    if AMOUNT.fullmatch(cell):
        return float(cell)
    return when(cell) or cell


def upper_header(table: Table) -> Table:
    return [[name.upper() for name in table[0]], *table[1:]]


def mirrored(table: Table) -> Table:
    return [row[::-1] for row in table]


def wider(table: Table) -> Table:
    return [[*table[0], "A column of ours"], *([*row, "x"] for row in table[1:])]


def encoded(how: str) -> Callable[[Table], bytes]:
    """Encode the table; the one letter that Windows-1252 lacks is not in the samples."""
    return lambda table: written(table, end="\r\n").encode(how)


WAYS: dict[str, Callable[[Table], bytes | str]] = {
    "bom": encoded("utf-8-sig"),
    "windows": encoded("cp1252"),
    "utf-16": encoded("utf-16"),
    "tab": lambda table: written(table, "\t"),
    "semicolon": lambda table: written(table, ";"),
    "semicolon-commas": lambda table: written(each(comma_decimal)(table), ";"),
    "excel-saved": lambda table: written(each(excel_saved)(table)),
    "iso": lambda table: written(each(iso)(table)),
    "serials": lambda table: written(each(serial)(table)),
    "dollars": lambda table: written(each(dollars)(table)),
    "padded": lambda table: written(each(padded)(table)),
    "upper-header": lambda table: written(upper_header(table)),
    "mirrored": lambda table: written(mirrored(table)),
    "wider": lambda table: written(wider(table)),
    "preamble": lambda table: written([["Fictional Springs"], ["From", "March"], [], *table]),
    "blank-lines": lambda table: written([table[0], [], *table[1:], [], []]),
    "workbook-of-text": workbook,
    "workbook": lambda table: workbook(each(typed)(table)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("report", SAMPLES)
def test_however_it_is_written_the_rows_are_the_same(report: str, way: str) -> None:
    table = report_sample(report)
    plain, file = read_bytes(written(table)), read_bytes(WAYS[way](table))
    assert bare(file) == bare(plain)
    assert (file.totals, file.first_day, file.last_day) == (
        plain.totals, plain.first_day, plain.last_day,
    )  # fmt: skip
    assert file.read == len(file.rows) + len(file.skipped)
    assert [found for found in file.findings if found.severity is not Severity.INFO] == []
    assert len(file.preamble) == (2 if way == "preamble" else 0)


def totals_row(table: Table) -> list[str]:
    """The row that a person or the screen's own totals would add."""
    sums: list[str] = []
    for place in range(len(table[0])):
        cells = [row[place] for row in table[1:] if AMOUNT.fullmatch(row[place])]
        sums.append(f"{sum(map(float, cells)):.2f}" if cells else "")
    return sums


@pytest.mark.parametrize("first", ["Totals", "TOTAL:", "Grand total", ""])
@pytest.mark.parametrize("at", [1, 9_999])
@pytest.mark.parametrize("report", [name for name in SAMPLES if "claims" not in name])
def test_totals_are_shown_and_not_counted(report: str, at: int, first: str) -> None:
    table = report_sample(report)
    sums = totals_row(table)
    if not first and sum(map(bool, sums)) < 2:
        return
    sums[0] = first
    plain = read_bytes(written(table))
    file = read_bytes(written([*table[:at], sums, *table[at:]]))
    assert bare(file) == bare(plain)
    assert file.totals == plain.totals
    codes = {row.reason_code for row in file.skipped} - {"summary"}
    assert codes <= {"totals", "note"}
    assert len(file.skipped) == len(plain.skipped) + 1
    assert file.findings == []


@pytest.mark.parametrize("report", SAMPLES)
def test_a_header_in_the_middle_a_note_and_a_blank_line_are_no_rows(report: str) -> None:
    table = report_sample(report)
    plain = read_bytes(written(table))
    file = read_bytes(written([*table[:3], table[0], ["", ""], *table[3:], ["Exported by Mo"]]))
    assert bare(file) == bare(plain)
    codes = [row.reason_code for row in file.skipped if row.reason_code != "summary"]
    assert codes == ["header", "empty", "note"]
    assert file.findings == []


@pytest.mark.parametrize("report", SAMPLES)
def test_without_any_optional_column_the_rows_still_read(report: str) -> None:
    from fscdesk.services.importing.report_signatures import READABLE_REPORTS

    known = next(each for each in READABLE_REPORTS if each.profile == report)
    needed = {key for column in known.columns if column.required for key in column.headings}
    table = report_sample(report)
    kept = [place for place, name in enumerate(table[0]) if heading_key(name) in needed]
    file = read_bytes(written([[row[place] for place in kept] for row in table]))
    plain = read_bytes(written(table))
    assert len(file.rows) == len(plain.rows)
    for name in ("amount", "client", "insurance", "insurance_balance", "client_balance", "balance"):
        assert file.totals.get(name) == plain.totals.get(name)
    assert file.columns < plain.columns or len(kept) == len(table[0])


@pytest.mark.parametrize("report", SAMPLES)
def test_an_amount_or_a_day_that_is_none_leaves_its_row_out_with_a_word(report: str) -> None:
    table = report_sample(report)
    at = 5 if len(table) > 6 else 2
    for place, cell in enumerate(table[at]):
        kind = "amount" if AMOUNT.fullmatch(cell) else "date" if DATE.fullmatch(cell) else ""
        if not kind:
            continue
        for junk in ("n/a", "12.345" if kind == "amount" else "02/30/2026", "12a", "١٢"):
            rows = changed(table, list)
            rows[at][place] = junk
            file = read_bytes(written(rows))
            left = [row for row in file.skipped if row.reason_code != "summary"]
            assert [(row.line, row.reason_code) for row in left] == [(at + 1, kind)], junk
            assert (kind, f"line {at + 1}") in told(file)
            fault = next(found for found in file.findings if found.code == kind)
            assert fault.severity is Severity.ERROR
            assert fault.message.endswith("The row was skipped.")


def test_days_that_can_only_be_day_first_make_the_others_unsure() -> None:
    table = report_sample("sp_payment_export")
    turned = [table[0], *([row[0], *turn(row[1]), *row[2:]] for row in table[1:])]
    file = read_bytes(written(turned))
    sure = [row for row in file.rows if row.paid_on.day != row.paid_on.month]
    assert sure == []
    assert {row.reason_code for row in file.skipped} == {"day-first", "date-unsure"}
    assert all(row.paid_on == date(2026, 3, 3) for row in file.rows)


def turn(cell: str) -> list[str]:
    month, day, year = cell.split("/")
    return [f"{day}/{month}/{year}"]

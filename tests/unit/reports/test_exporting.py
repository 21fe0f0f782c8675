"""Files for other programs: what is read back is what was written, and nothing runs in them."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fscdesk.models.values import Money
from fscdesk.services.reports.exporting import (
    Format,
    ReportColumn,
    TableReport,
    csv_bytes,
    report_bytes,
    report_json,
    summed,
    write_report,
    xlsx_bytes,
)
from tests.support.reports import COLUMNS, ROWS, a_report

TEXT = (ReportColumn("t", "Text"),)
DANGEROUS = [
    "=1+1",
    '=HYPERLINK("http://springs.example.invalid","x")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠x",
    "-",
    "=cmd|' /C calc'!A0",
    "\x01=1+1",
]
HARMLESS = ["-12.50", "-7", "Quill", "O’Sample", "1=1", "a@springs.example.invalid", "#N/A", ""]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def read_csv(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def read_xlsx(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_csv_is_titles_and_rows() -> None:
    assert read_csv(csv_bytes(a_report())) == [
        ["Day", "Client", "Owed", "Share", "Visits"],
        ["2026-03-04", "Quill Fakerson", "1234.50", "5.1", "7"],
        ["2026-03-05", "José “Pepe” Ficción", "-10.00", "12.5", "0"],
        ["", "Minna, Placeholder", "", "", ""],
    ]
    assert csv_bytes(a_report()).count(b"\r\n") == 4


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text: str) -> None:
    report = a_report([(text,)], TEXT)
    (_, (cell,)) = read_csv(csv_bytes(report))
    assert cell.startswith("'")
    sheet = read_xlsx(xlsx_bytes(report)).worksheets[0]
    assert sheet["A2"].data_type == "s"
    seen = "".join(letter for letter in text if letter.isprintable())
    assert "".join(sheet["A2"].value.split()) == "".join(seen.split())
    with ZipFile(io.BytesIO(xlsx_bytes(report))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_left_alone(text: str) -> None:
    report = a_report([(text, "end")], (*TEXT, ReportColumn("e", "End")))
    assert read_csv(csv_bytes(report))[1] == [text, "end"]
    cell = read_xlsx(xlsx_bytes(report)).worksheets[0]["A2"]
    assert (cell.value or "") == text
    assert not text or cell.data_type == "s"


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_titles_are_guarded_too(make: Any) -> None:
    report = a_report([("x",)], (ReportColumn("t", "=1+1"),), title="=1+1")
    if make is csv_bytes:
        assert read_csv(make(report))[0] == ["'=1+1"]
    else:
        book = read_xlsx(make(report))
        assert book.worksheets[0]["A1"].data_type == "s"
        assert book.worksheets[1]["B1"].data_type == "s"


def test_negative_amounts_stay_numbers_everywhere() -> None:
    report = a_report([(Money(-123_450),)], (ReportColumn("m", "Owed", "money"),))
    assert read_csv(csv_bytes(report))[1] == ["-1234.50"]
    cell = read_xlsx(xlsx_bytes(report)).worksheets[0]["A2"]
    assert (cell.data_type, cell.value, cell.number_format) == ("n", -1234.5, "#,##0.00")


def test_workbook_holds_numbers_days_and_totals() -> None:
    book = read_xlsx(xlsx_bytes(a_report()))
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["Day", "Client", "Owed", "Share", "Visits"],
        [datetime(2026, 3, 4), "Quill Fakerson", 1234.5, 0.051, 7],  # noqa: DTZ001 - as read
        [datetime(2026, 3, 5), "José “Pepe” Ficción", -10, 0.125, 0],  # noqa: DTZ001
        [None, "Minna, Placeholder", None, None, None],
        ["Total", None, 1224.5, None, 7],
    ]
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    assert all(cell.font.bold for cell in sheet[5])
    assert sheet["A2"].number_format == "mm/dd/yyyy"
    assert sheet["D2"].number_format == "0.0%"
    assert sheet.column_dimensions["B"].width > len("José “Pepe” Ficción")
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows() if row[0].value}
    assert about["Report"] == "Open balances"
    assert about["As of"] == datetime(2026, 3, 31)  # noqa: DTZ001
    assert about["Filters"] == "Payer: FICTA"
    assert about["Made by"] == "Dana Kestrel"
    assert about["Made at"] == "04/01/2026 08:15"


def test_amounts_in_a_workbook_are_exact() -> None:
    column = (ReportColumn("m", "Owed", "money"),)
    data = xlsx_bytes(a_report([(Money(10**12 - 1),), (Money(29),)], column))
    with ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>9999999999.99</v>" in text
    assert "<v>0.29</v>" in text


def test_long_text_is_cut_visibly_and_unseen_letters_go() -> None:
    rows = [("x" * 40_000,), ("😀" * 20_000,), ("a\x00b\x0bc\ud800d\uffff",), ("y" * 32_767,)]
    sheet = read_xlsx(xlsx_bytes(a_report(rows, TEXT))).worksheets[0]
    assert sheet["A2"].value == "x" * 32_766 + "…"
    assert sheet["A3"].value == "😀" * 16_383 + "…"
    assert sheet["A4"].value == "abcd"
    assert sheet["A5"].value == "y" * 32_767
    assert read_csv(csv_bytes(a_report(rows[2:3], TEXT)))[1] == ["abcd"]


def test_days_that_excel_does_not_know_are_text() -> None:
    rows = [(date(1899, 12, 31),), (date(1900, 2, 1),), (date(1955, 7, 4),)]
    sheet = read_xlsx(xlsx_bytes(a_report(rows, (ReportColumn("d", "Born", "date"),)))).worksheets[
        0
    ]
    values = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert values == ["1899-12-31", "1900-02-01", datetime(1955, 7, 4)]  # noqa: DTZ001


@pytest.mark.parametrize("title", ["a/b:c*d?[e]\\f", "x" * 80, "'quoted'", "[]", "History"])
def test_any_title_makes_a_sheet(title: str) -> None:
    book = read_xlsx(xlsx_bytes(a_report(title=title)))
    assert 1 <= len(book.sheetnames[0]) <= 31
    assert book.sheetnames[0].lower() != "history"  # Excel keeps that name for itself


def test_two_sheets_never_have_one_name() -> None:
    book = read_xlsx(xlsx_bytes(a_report(title="About this report")))
    assert len(set(book.sheetnames)) == 2


@pytest.mark.parametrize("wanted", list(Format))
def test_nothing_is_left_in_the_shared_folder(
    wanted: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    made: list[str] = []
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    real = tempfile.NamedTemporaryFile

    def seen(*args: Any, **named: Any) -> Any:
        made.append(str(named))
        return real(*args, **named)

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", seen)
    monkeypatch.setattr("openpyxl.worksheet._writer.NamedTemporaryFile", seen)
    report_bytes(a_report(), wanted)
    assert made == []
    assert names(shared) == []


def test_json_has_amounts_as_strings() -> None:
    whole = json.loads(report_bytes(a_report(), Format.JSON))
    assert whole == report_json(a_report())
    assert whole["rows"][0] == {
        "day": "2026-03-04",
        "client": "Quill Fakerson",
        "owed": "1234.50",
        "share": "5.1",
        "visits": 7,
    }
    assert whole["totals"]["owed"] == "1224.50"
    assert whole["as_of"] == "2026-03-31"
    assert whole["columns"][2] == {"key": "owed", "title": "Owed", "kind": "money", "total": True}


def test_written_file_is_what_was_made(tmp_path: Path) -> None:
    path = tmp_path / "open balances.csv"
    write_report(a_report(), path, Format.CSV)
    assert path.read_bytes() == csv_bytes(a_report())
    assert names(tmp_path) == ["open balances.csv"]


def test_report_refuses_rows_of_another_shape() -> None:
    with pytest.raises(ValueError, match="needs 5 cells"):
        replace(a_report(), rows=[("too", "short")])
    with pytest.raises(ValueError, match="needs 5 cells"):
        replace(a_report(), totals=("too", "short"))
    with pytest.raises(ValueError, match="naive"):
        TableReport("t", COLUMNS, ROWS, "Dana", datetime(2026, 4, 1))  # noqa: DTZ001 - refused


@given(
    st.lists(
        st.tuples(
            st.text(max_size=30),
            st.integers(-(10**12), 10**12).map(Money),
            st.dates(date(1901, 1, 1)),
        ),
        max_size=8,
    )
)
def test_what_is_read_back_is_what_was_written(rows: list[tuple[str, Money, date]]) -> None:
    columns = (
        *TEXT,
        ReportColumn("m", "Owed", "money", total=True),
        ReportColumn("d", "Day", "date"),
    )
    report = a_report(rows, columns)
    for read, (_, money, day) in zip(read_csv(csv_bytes(report))[1:], rows, strict=True):
        assert Money.parse(read[1]) == money
        assert date.fromisoformat(read[2]) == day
    sheet = read_xlsx(xlsx_bytes(report)).worksheets[0]
    for number, (_, money, day) in enumerate(rows, 2):
        assert Decimal(str(sheet.cell(number, 2).value)) == Decimal(money.cents) / 100
        assert sheet.cell(number, 3).value.date() == day
        assert sheet.cell(number, 1).data_type in {"s", "n"}
    assert summed(columns, rows)[1] == Money(sum(money.cents for _, money, _ in rows))

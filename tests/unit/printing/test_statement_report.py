"""Statements on paper: whose they are, what is set in, what is bold; in a workbook too."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from fscdesk.models.values import Money
from fscdesk.services.printing.report import INDENT, report_pdf
from fscdesk.services.reports.exporting import xlsx_bytes
from fscdesk.services.table_report import ReportColumn, RowLook
from tests.support.pdf import letters, page_texts
from tests.support.reports import a_report

COLUMNS = (
    ReportColumn("account", "Account"),
    ReportColumn("name", "Name"),
    ReportColumn("amount", "Amount", "money"),
)
ROWS = [("", "Qash", None), ("1000", "Zank", Money(-1_00)), ("", "Xotal", Money(-1_00))]
LOOKS = (RowLook(strong=True), RowLook(1), RowLook(strong=True))
STATEMENT = replace(a_report(ROWS, COLUMNS, "Balance sheet"), looks=LOOKS, practice="Fictional")


def test_whose_it_is_and_what_is_set_in() -> None:
    pdf = report_pdf(STATEMENT)
    assert page_texts(pdf)[0].replace("\n", " ").startswith("Balance sheet")
    assert "Fictional" in page_texts(pdf)[0]
    left = {each.letter: each.left for each in letters(pdf) if each.letter in "QZX"}
    assert left["Z"] - left["Q"] == pytest.approx(INDENT, abs=1.5)
    assert left["X"] - left["Q"] == pytest.approx(0, abs=1.5)


def test_totals_are_bold_in_a_workbook() -> None:
    book = load_workbook(BytesIO(xlsx_bytes(STATEMENT)))
    bold = [row[1].font.bold for row in book.worksheets[0].iter_rows(min_row=2)]
    assert bold == [True, False, True]
    facts = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert facts["Practice"] == "Fictional"


def test_each_row_has_a_look_or_none_has() -> None:
    with pytest.raises(ValueError, match="needs a look"):
        replace(STATEMENT, looks=LOOKS[:1])
